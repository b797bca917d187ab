"""The PrimalityCertificate environment: prove that a number is prime."""

from math import prod
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_number, whole_numbers
from textgym.envs.math.certificates.primes import is_prime
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_theory.primes import primes_up_to
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_TRIES = 200


class PrimalityCertificateConfig(LevelledConfig):
    """Knobs of PrimalityCertificate."""

    levels: ClassVar[Levels] = {
        "easy": {"factors": 3, "largest": 1_000},
        "medium": {"factors": 4, "largest": 3_000},
        "hard": {"factors": 6, "largest": 5_000},
    }

    factors: int = Field(
        4, ge=2, le=8, description="prime factors of the number less one, beside a 2; 3, 4 or 6 by difficulty"
    )
    largest: int = Field(
        3_000, ge=50, le=100_000, description="bound on those primes; 1000, 3000 or 5000 by difficulty"
    )


class PrimalityCertificate(SingleAnswer[PrimalityCertificateConfig]):
    """Prove that a number p is prime, by Lucas's criterion: some g has order p - 1 modulo p.

    Observation: the prime, and what makes a certificate.
    Action: `g: q1, q2, ...`, a number g and the different prime factors of p - 1, in one <answer></answer>. Text outside the
        tags is not read; an action without exactly one such pair, or in another form, is invalid.
    Reward: 1 if the q are exactly the primes that divide p - 1, g^(p - 1) leaves 1 and no g^((p - 1) / q) does; else 0. Any
        such g is right.
    Ends: after the answer.
    Splits: by the prime.
    Oracle: gives the smallest such g.

    The difficulty of a task is the number of digits of p.
    """

    answer_form = "g, a colon, and the different prime factors of p - 1 separated by commas, such as 3: 2, 5"

    def generate(self, rng: Random) -> Task:
        primes = primes_up_to(self.config.largest)
        for _ in range(_TRIES):
            factors = [2, *(rng.choice(primes) for _ in range(self.config.factors))]
            prime = prod(factors) + 1
            if is_prime(prime):
                break
        else:
            raise RedrawError("no product and one was prime")
        family = rng.claim(f"primality {prime}")
        different = sorted(set(factors))
        base = next(base for base in range(2, prime) if certifies(base, different, prime))
        return Task(
            prompt=self.ask(
                f"Prove that p = {prime} is prime. A proof is a number g, from 2 to p - 1, and the different prime factors q of "
                "p - 1, such that g^(p - 1) leaves the remainder 1 when divided by p, and g^((p - 1) / q) does not, for each q."
            ),
            secret={"answer": f"{base}: {', '.join(map(str, different))}"},
            data={"prime": prime},
            family=family,
            difficulty=len(str(prime)),
        )

    def judge(self, task: Task, answer: str) -> bool:
        first, colon, rest = answer.partition(":")
        base, factors = whole_number(first), whole_numbers(rest)
        if not colon or base is None or factors is None:
            raise Unreadable("That is not a number, a colon, and a list of numbers.")
        return certifies(base, factors, task.data["prime"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        primes = primes_up_to(self.config.largest)
        some = sorted({2, *(rng.choice(primes) for _ in range(self.config.factors))})
        return committed(f"{rng.randint(2, 20)}: {', '.join(map(str, some))}")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        prime = task.data["prime"]
        base, _, factors = task.secret["answer"].partition(": ")
        return super().cheats(task) | {
            "one as the base": [committed(f"1: {factors}")],
            "the prime as the base": [committed(f"{prime}: {factors}"), committed(f"0: {factors}")],
            "the base less one": [committed(f"{prime - 1}: {factors}")],
            "only one factor": [committed(f"{base}: 2")],
            "a factor that is not prime": [committed(f"{base}: {prime - 1}")],
            "factors that divide nothing": [committed(f"{base}: {factors}, 99991")],
        }


def certifies(base: int, factors: list[int], prime: int) -> bool:
    """Whether a base and the prime factors of `prime` - 1 prove it prime."""
    left = prime - 1
    if not 1 < base < prime or len(set(factors)) != len(factors):
        return False
    if not all(1 < factor < prime and left % factor == 0 and is_prime(factor) for factor in factors):
        return False
    for factor in factors:
        while left % factor == 0:
            left //= factor
    return (
        left == 1
        and pow(base, prime - 1, prime) == 1
        and all(pow(base, (prime - 1) // factor, prime) != 1 for factor in factors)
    )
