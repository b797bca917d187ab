"""LongSum: work out a sum of several terms, some of them taken away."""

from functools import lru_cache
from operator import itemgetter, mul
from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, State, Task, of_split
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_Shape = tuple[str, str, list[int]]
_FEW_TERMS = 10


class LongSumConfig(LevelledConfig):
    """Knobs of LongSum."""

    min_terms: int = Field(4, ge=4, le=100, description="fewest terms")
    max_terms: int = Field(7, ge=5, le=100, description="most terms")
    smallest: int = Field(2, ge=1, description="smallest term")
    largest: int = Field(999, ge=99, le=10**18, description="largest term")

    levels: ClassVar[Levels] = {
        "easy": {"min_terms": 4, "max_terms": 5, "largest": 99},
        "hard": {"min_terms": 8, "max_terms": 16, "largest": 99_999},
    }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_terms > self.max_terms:
            raise ValueError(f"min_terms ({self.min_terms}) must not be above max_terms ({self.max_terms})")
        if self.smallest > self.largest // 2:
            raise ValueError(f"smallest ({self.smallest}) must not be above half of largest ({self.largest})")
        return self


class LongSum(WholeNumberAnswer[LongSumConfig]):
    """Work out a sum of several terms, some of them taken away.

    Observation: the terms in a row, with + and - between them.
    Action: the value inside one <answer></answer>, as one whole number. Text outside the tags is not read; anything else is
        invalid.
    Reward: 1 if the number is the value, else 0.
    Ends: after the answer.
    Splits: by the signs, from left to right.
    Oracle: gives the value.

    At least one term is taken away. The difficulty of a task is its number of terms.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        terms = rng.randint(config.min_terms, config.max_terms)
        if terms <= _FEW_TERMS:
            shape = rng.choice(_shapes(terms, rng.split))
        else:
            shape = _shape(terms, rng.getrandbits(terms - 1) or 1)
        family, form, weights = shape
        rng.claim(family)
        numbers = rng.choices(range(config.smallest, config.largest + 1), k=terms)
        expression = form % (*numbers,)
        return Task(
            prompt=self.ask(f"What is {expression}?"),
            secret={"answer": sum(map(mul, weights, numbers))},
            data={"expression": expression},
            family=family,
            difficulty=terms,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        most = self.config.largest
        return committed(str(rng.randint(-most, 2 * most)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        expression, answer = task.data["expression"], task.secret["answer"]
        terms = [int(part) for part in expression.replace("-", "+").split(" + ")]
        return super().cheats(task) | {
            "the expression itself": [committed(expression)],
            "all terms added up": [committed(str(sum(terms)))],
            "the largest term": [committed(str(max(terms)))],
            "the value without its sign": [
                committed(f"+/-{abs(answer)}"),
                committed(f"{abs(answer)} or {-abs(answer)}"),
            ],
        }


@lru_cache
def _shapes(terms: int, split: str | None) -> list[_Shape]:
    """The shapes of a number of terms that belong to a split."""
    return of_split([_shape(terms, signs) for signs in range(1, 1 << (terms - 1))], split, itemgetter(0))


@lru_cache
def _shape(terms: int, signs: int) -> _Shape:
    """The family of a sum, its form with a place for each term, and by what each is multiplied."""
    taken = [signs >> place & 1 for place in range(terms - 1)]
    form = "%d" + "".join([" - %d" if minus else " + %d" for minus in taken])
    return f"sum {signs:0{terms - 1}b}", form, [1] + [-1 if minus else 1 for minus in taken]
