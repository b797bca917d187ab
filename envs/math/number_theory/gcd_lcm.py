"""GcdLcm: the greatest common divisor or the least common multiple of several numbers."""

from functools import lru_cache
from math import gcd, lcm, prod
from operator import itemgetter
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task, of_split
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_SMALLEST = 12
_FEW = 10_000
_TRIES = 10
_NAMES = {"gcd": "greatest common divisor", "lcm": "least common multiple"}


class GcdLcmConfig(LevelledConfig):
    """Knobs of GcdLcm."""

    count: int = Field(3, ge=2, le=8, description="how many numbers are given")
    largest: int = Field(20_000, ge=1_000, le=10**9, description="bound on the numbers")
    largest_cofactor: int = Field(60, ge=10, le=500, description="largest number divided by the common divisor")
    asked: Literal["gcd", "lcm", "either"] = Field("either", description="what is asked for; either: by chance")

    levels: ClassVar[Levels] = {
        "easy": {"count": 2, "largest": 2_000, "largest_cofactor": 20},
        "hard": {"count": 4, "largest": 10**6, "largest_cofactor": 200},
    }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.largest < _SMALLEST * self.largest_cofactor:
            raise ValueError(
                f"largest ({self.largest}) must be at least {_SMALLEST} times largest_cofactor ({self.largest_cofactor})"
            )
        return self


class GcdLcm(WholeNumberAnswer[GcdLcmConfig]):
    """Find the greatest common divisor or the least common multiple of some numbers.

    Observation: the numbers, and which of the two is asked for.
    Action: one whole number inside one <answer></answer>. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the right number, else 0.
    Ends: after the answer.
    Splits: by what is asked and the greatest common divisor: it is another one in each split.
    Oracle: gives the number.

    The greatest common divisor is at least 12 and none of the numbers. The least common multiple is none of the numbers,
    nor their product. The difficulty of a task is the number of digits of what is given.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        asked = config.asked
        if asked == "either":
            asked = rng.choice(("gcd", "lcm"))
        count, kinds, most = config.count, config.largest_cofactor - 1, config.largest // config.largest_cofactor
        families = _families(asked, most, rng.split) if most <= _FEW else ()
        bounds = [len(families) or most + 1 - _SMALLEST] + [kinds] * count
        for _ in range(_TRIES):
            place, *numbers = rng.each_below(bounds)
            cofactors = [2 + number for number in numbers]
            shared = gcd(*cofactors)
            if shared > 1:
                cofactors = [cofactor // shared for cofactor in cofactors]
            least = lcm(*cofactors)
            if not (1 in cofactors or least in cofactors or len(set(cofactors)) < count):
                break
        else:
            raise RedrawError("too easy to guess")
        if families:
            family, common = families[place]
        else:
            common = _SMALLEST + place
            family = rng.claim(f"{asked} {common}")
        numbers = [common * cofactor for cofactor in cofactors]
        listed = ", ".join(map(str, numbers))
        return Task(
            prompt=self.ask(f"What is the {_NAMES[asked]} of {listed}?"),
            secret={"answer": common if asked == "gcd" else common * least},
            data={"numbers": numbers, "asked": asked},
            family=family,
            difficulty=len(listed) - 2 * (count - 1),
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        numbers = task.data["numbers"]
        return super().cheats(task) | {
            "one of the numbers": [committed(str(numbers[0]))],
            "the product": [committed(str(prod(numbers)))],
            "a formula": [committed(f"{task.data['asked']}({', '.join(map(str, numbers))})")],
        }


@lru_cache
def _families(asked: str, most: int, split: str | None) -> list[tuple[str, int]]:
    """The families that belong to a split, and the greatest common divisor of each."""
    families = [(f"{asked} {common}", common) for common in range(_SMALLEST, most + 1)]
    return of_split(families, split, itemgetter(0))
