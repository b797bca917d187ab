"""The CompositenessWitness environment: prove that a number is not prime, without factors."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, State, Task
from textgym.envs.math.answer_parts import whole_number
from textgym.envs.math.certificates.primes import draw_prime
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class CompositenessWitnessConfig(LevelledConfig):
    """Knobs of CompositenessWitness."""

    levels: ClassVar[Levels] = {"easy": {"largest": 50}, "medium": {"largest": 500}, "hard": {"largest": 5_000}}

    largest: int = Field(
        500, ge=30, le=10**6, description="bound on the two prime factors; 50, 500 or 5000 by difficulty"
    )


class CompositenessWitness(SingleAnswer[CompositenessWitnessConfig]):
    """Prove that n is composite: find a second square root of a^2 modulo n, which a prime would not allow.

    Observation: n and a.
    Action: a whole number x in one <answer></answer>. Text outside the tags is not read; an action without exactly one such
        pair, or with anything but one whole number in it, is invalid.
    Reward: 1 if n divides x^2 - a^2 and divides neither x - a nor x + a, else 0. Any such x is right.
    Ends: after the answer.
    Splits: by n.
    Oracle: gives such an x, from the factors of n and the Chinese remainder theorem.

    n is the product of two different odd primes, so that two of its remainders are right. The difficulty of a task is the
    number of digits of n.
    """

    answer_form = "one whole number"
    thousands = True

    def generate(self, rng: Random) -> Task:
        low, high = max(11, self.config.largest // 10), self.config.largest
        one = draw_prime(low, high, rng)
        two = one
        while two == one:
            two = draw_prime(low, high, rng)
        number = one * two
        family = rng.claim(f"composite {number}")
        root = 0
        while not root % one or not root % two:
            root = rng.randrange(2, number - 1)
        # The number that is `root` modulo one prime and `-root` modulo the other.
        other = (root - 2 * root * pow(one, -1, two) * one) % number
        return Task(
            prompt=self.ask(
                f"Let n = {number} and a = {root}. Modulo a prime, a^2 has no square roots but a and -a. Prove that n is not "
                "prime: find a whole number x such that n divides x^2 - a^2, but divides neither x - a nor x + a."
            ),
            secret={"answer": str(other)},
            data={"number": number, "root": root},
            family=family,
            difficulty=len(str(number)),
        )

    def unknown(self, task: Task) -> str:
        return "x"

    def judge(self, task: Task, answer: str) -> bool:
        x = whole_number(answer)
        if x is None:
            raise Unreadable("That is not a whole number.")
        number: int = task.data["number"]
        root: int = task.data["root"]
        return (x * x - root * root) % number == 0 and (x - root) % number != 0 and (x + root) % number != 0

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randint(2, task.data["number"])))

    def candidates(self, task: Task) -> list[str]:
        return [committed(str(number)) for number in range(200)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        number, root = task.data["number"], task.data["root"]
        return super().cheats(task) | {
            "a itself, or its negative": [
                committed(str(x)) for x in (root, -root, number - root, number + root, root - 5 * number)
            ],
            "n itself": [committed(str(number))],
            "its square": [committed(str(root * root % number))],
        }
