"""PrimeFactorisation: write a number as a product of primes."""

import re
from collections import Counter
from functools import lru_cache
from math import prod
from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, State, Task, of_split
from textgym.envs.math.answer_parts import parts
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_theory.primes import primes_up_to, written_factors
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_FACTOR = re.compile(r"([0-9]{1,20})(?:\s*\^\s*([0-9]{1,3}))?", re.ASCII)
_SPELLED = str.maketrans({"×": "*", "·": "*", "⋅": "*"})


class PrimeFactorisationConfig(LevelledConfig):
    """Knobs of PrimeFactorisation."""

    min_small: int = Field(4, ge=1, le=20, description="fewest small prime factors, counted with multiplicity")
    max_small: int = Field(6, ge=1, le=20, description="most small prime factors, counted with multiplicity")
    largest_small: int = Field(37, ge=7, le=1_000, description="largest of the small primes")
    largest_prime: int = Field(20_000, ge=100, le=10**6, description="bound on the one prime that may be larger")

    levels: ClassVar[Levels] = {
        "easy": {"min_small": 2, "max_small": 4, "largest_small": 29, "largest_prime": 2_000},
        "hard": {"min_small": 5, "max_small": 8, "largest_small": 97, "largest_prime": 100_000},
    }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_small > self.max_small:
            raise ValueError(f"min_small ({self.min_small}) must not be above max_small ({self.max_small})")
        if self.largest_small >= self.largest_prime:
            raise ValueError(f"largest_small ({self.largest_small}) must be below largest_prime ({self.largest_prime})")
        return self


class PrimeFactorisation(SingleAnswer[PrimeFactorisationConfig]):
    """Write a number as a product of primes.

    Observation: the number.
    Action: its factorisation inside one <answer></answer>, such as `2^3 * 5 * 101`, in any order, with or without powers:
        `2 * 2 * 2 * 101 * 5` is the same. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if every factor is prime and the product is the number, else 0.
    Ends: after the answer.
    Splits: by the greatest prime that divides the number.
    Oracle: gives the factorisation.

    The number has several small prime factors, and one that may be large. The difficulty of a task is the number of its
    prime factors, counted with multiplicity.
    """

    answer_form = "a product of primes such as 2^3 * 5 * 101"

    def generate(self, rng: Random) -> Task:
        config = self.config
        small = primes_up_to(config.largest_small)
        number_of_small = rng.randint(config.min_small, config.max_small)
        drawn = [small[place] for place in rng.several_below(len(small), number_of_small)]
        drawn.append(rng.choice(_greatest(config.largest_prime, rng.split)))
        drawn.sort()
        family = rng.claim(_family(drawn[-1]))
        factors: dict[int, int] = {}
        for prime in drawn:
            factors[prime] = factors.get(prime, 0) + 1
        number = prod(drawn)
        return Task(
            prompt=self.ask(f"Write {number} as a product of primes."),
            secret={"answer": written_factors(factors)},
            data={"number": number},
            family=family,
            difficulty=len(drawn),
        )

    def judge(self, task: Task, answer: str) -> bool:
        # The factorisation is unique: a product of primes that comes to the number is this one.
        return read_factors(answer) == read_factors(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        small = primes_up_to(self.config.largest_small)
        return committed(" * ".join(str(rng.choice(small)) for _ in range(rng.randint(1, 6))))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        number = task.data["number"]
        answer = task.secret["answer"]
        smallest = min(read_factors(answer))
        return super().cheats(task) | {
            "the number itself": [committed(str(number)), committed(f"1 * {number}"), committed(f"{number}^1")],
            "a factor of 1": [committed(f"1 * {answer}")],
            "not all factors prime": [committed(f"{smallest} * {number // smallest}")],
            "a power of 0": [committed(f"{answer} * 7919^0")],
            "a tower": [committed("2^3^5"), committed("9" * 20 + "^999")],
        }


def _family(greatest: int) -> str:
    return f"greatest prime {greatest}"


@lru_cache
def _greatest(limit: int, split: str | None) -> list[int]:
    """The primes up to a limit which, as the greatest of a number, bring it into a split."""
    return of_split(primes_up_to(limit), split, _family)


def read_factors(text: str) -> Counter[int]:
    """The factors written in a text, each with its exponent, primes or not; nothing is multiplied out.

    Raises:
        Unreadable: the text is no product of whole numbers and powers of them.
    """
    found: Counter[int] = Counter()
    for part in parts(text.translate(_SPELLED).replace("**", "^"), "*") or ():
        match = _FACTOR.fullmatch(part)
        if match is None or (match[2] is not None and not int(match[2])):
            raise Unreadable("That is not a product of whole numbers and positive powers of them.")
        found[int(match[1])] += 1 if match[2] is None else int(match[2])
    if not found:
        raise Unreadable("That is not a product of whole numbers.")
    return found
