"""Divisors: the sum of the divisors of a number, of all or of some kind, their count, and Euler's totient."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer
from textgym.envs.math.number_theory.primes import number_of, primes_up_to, written_factors

_ASKED = {
    "count": "How many positive divisors does {n} have?",
    "sum": "What is the sum of all positive divisors of {n}, {n} itself included?",
    "totient": "How many of the numbers from 1 to {n} have no common divisor with {n} but 1?",
    "multiples": "What is the sum of those positive divisors of {n} that are multiples of {d}?",
    "others": "What is the sum of those positive divisors of {n} that are not multiples of {d}?",
    "squares": "What is the sum of those positive divisors of {n} that are perfect squares?",
    "reciprocals": "Write the sum of 1/t over all positive divisors t of {n} as a fraction with denominator {n}. What is its numerator?",
}
# Counts are small and often the same: more questions of that kind could be answered by what is often right.
_SMALLEST = 7


class DivisorsConfig(LevelledConfig):
    """Knobs of Divisors."""

    min_primes: int = Field(3, ge=2, le=8, description="fewest different primes that divide the number")
    max_primes: int = Field(5, ge=2, le=8, description="most different primes that divide the number")
    largest_prime: int = Field(400, ge=19, le=1_000, description="largest of these primes")
    largest_exponent: int = Field(5, ge=1, le=20, description="largest exponent of a prime")
    largest_number: int = Field(10**10, ge=10**4, le=10**15, description="bound on the number")

    levels: ClassVar[Levels] = {
        "easy": {"min_primes": 2, "max_primes": 3, "largest_number": 10**6},
        "hard": {"min_primes": 4, "max_primes": 6, "largest_number": 10**13},
    }


class Divisors(WholeNumberAnswer[DivisorsConfig]):
    """Add up the divisors of a number, or those of some kind; or count them, or what shares none with it.

    Observation: a number, and a question about its divisors.
    Action: one whole number inside one <answer></answer>. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the right number, else 0.
    Ends: after the answer.
    Splits: by the question and the exponents in the number's factorisation, whatever the primes are.
    Oracle: gives the number, by the product formulas over the factorisation that the number was made from.

    The difficulty of a task is the number of different primes that divide the number.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        count = rng.randint(min(config.min_primes, config.max_primes), config.max_primes)
        exponents = dict.fromkeys(rng.sample(primes_up_to(config.largest_prime), count), 1)
        number = number_of(exponents)
        for prime in rng.sample(sorted(exponents) * config.largest_exponent, count * config.largest_exponent):
            if (
                number * prime <= config.largest_number
                and exponents[prime] < config.largest_exponent
                and rng.getrandbits(1)
            ):
                exponents[prime] += 1
                number *= prime
        if number > config.largest_number:
            raise RedrawError("the number is too large")
        asked = rng.choice(list(_ASKED))
        family = rng.claim(f"{asked} of {sorted(exponents.values())}")
        divisor = {p: rng.randint(0, min(e, 2)) for p, e in exponents.items()}
        if asked in ("multiples", "others") and number_of(divisor) in (1, number):
            raise RedrawError("all or few divisors")
        answer = _answer(asked, exponents, divisor)
        if answer < _SMALLEST:
            raise RedrawError("too easy to guess")
        return Task(
            prompt=self.ask(_ASKED[asked].format(n=number, d=number_of(divisor))),
            secret={"answer": answer, "factorisation": written_factors(exponents)},
            data={"number": number, "asked": asked},
            family=family,
            difficulty=count,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randint(1, 200)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        return super().cheats(task) | {"the number itself": [committed(str(task.data["number"]))]}


def _answer(asked: str, exponents: dict[int, int], divisor: dict[int, int]) -> int:
    """The answer, as a product over the primes p^e, with d^f the part of the divisor."""
    count = total = multiples = squares = totient = 1
    for p, e in exponents.items():
        count *= e + 1
        total *= _powers(p, 0, e)
        multiples *= _powers(p, divisor[p], e)
        squares *= _powers(p * p, 0, e // 2)
        totient *= p ** (e - 1) * (p - 1)
    return {
        "count": count,
        "sum": total,
        "totient": totient,
        "multiples": multiples,
        "others": total - multiples,
        "squares": squares,
        "reciprocals": total,  # n / t runs over the divisors, as t does
    }[asked]


def _powers(base: int, first: int, last: int) -> int:
    """base^first + ... + base^last."""
    return sum(base**exponent for exponent in range(first, last + 1))
