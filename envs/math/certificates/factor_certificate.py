"""The FactorCertificate environment: split a number with the help of two squares that agree modulo it."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_number
from textgym.envs.math.certificates.primes import draw_prime
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class FactorCertificateConfig(LevelledConfig):
    """Knobs of FactorCertificate."""

    levels: ClassVar[Levels] = {"easy": {"largest": 300}, "medium": {"largest": 5_000}, "hard": {"largest": 1_000_000}}

    largest: int = Field(
        5_000, ge=100, le=10**9, description="bound on the two prime factors; 300, 5000 or 1000000 by difficulty"
    )


class FactorCertificate(SingleAnswer[FactorCertificateConfig]):
    """Split a number n, given two numbers whose squares agree modulo n though they do not: a divisor proves itself.

    Observation: n, and x and y such that n divides x^2 - y^2 but neither x - y nor x + y.
    Action: a divisor of n other than 1 and n, in one <answer></answer>. Text outside the tags is not read; an action without
        exactly one such pair, or with anything but one whole number in it, is invalid.
    Reward: 1 if it is a divisor of n between 1 and n, else 0. Any such divisor is right.
    Ends: after the answer.
    Splits: by n.
    Oracle: gives the greatest common divisor of x - y and n.

    n is the product of two primes, and neither x - y nor x + y is a divisor by itself. The difficulty of a task is the number
    of digits of n.
    """

    answer_form = "one whole number"
    thousands = True

    def generate(self, rng: Random) -> Task:
        low, high = self.config.largest // 10, self.config.largest
        one = draw_prime(low, high, rng)
        two = one
        while two == one:
            two = draw_prime(low, high, rng)
        number = one * two
        family = rng.claim(f"factor {number}")
        y = rng.randrange(2, number - 1)
        # The number that is `y` modulo one prime and `-y` modulo the other.
        x = (y - 2 * y * pow(one, -1, two) * one) % number
        if x in (y, number - y) or abs(x - y) in (one, two) or x + y in (one, two):
            raise RedrawError("x and y tell nothing, or everything")
        return Task(
            prompt=self.ask(
                f"Let n = {number}, x = {x} and y = {y}. Then n divides x^2 - y^2, but neither x - y nor x + y. Find a divisor of "
                "n other than 1 and n."
            ),
            secret={"answer": str(one)},
            data={"number": number, "x": x, "y": y},
            family=family,
            difficulty=len(str(number)),
        )

    def judge(self, task: Task, answer: str) -> bool:
        divisor = whole_number(answer)
        if divisor is None:
            raise Unreadable("That is not a whole number.")
        number: int = task.data["number"]
        return 1 < divisor < number and number % divisor == 0

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randrange(3, self.config.largest, 2)))

    def candidates(self, task: Task) -> list[str]:
        return [committed(str(number)) for number in range(2, 200)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        number, x, y = task.data["number"], task.data["x"], task.data["y"]
        return super().cheats(task) | {
            "one, or the number itself": [committed(text) for text in ("1", str(number), f"-{number}", "-1", "0")],
            "a negative divisor": [committed(f"-{task.secret['answer']}")],
            "what is given": [committed(str(text)) for text in (x, y, x + y, abs(x - y))],
            "both divisors as a product": [
                committed(f"{task.secret['answer']} * {number // int(task.secret['answer'])}")
            ],
        }
