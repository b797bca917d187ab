"""`Problem`: one short story with a number to find, and what its templates share."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from textgym.core import Random, RedrawError

NAMES = (
    "Ada", "Ben", "Chloe", "Dan", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Liam", "Mona", "Nadia", "Omar",
    "Priya", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Victor", "Wanda", "Xin", "Yusuf", "Zoe",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A story, its question with the unit of the answer, and the answer.

    Attributes:
        text: story and question.
        answer: what is asked for, exactly, in the unit that the question names.
        structure: template and question, without numbers and names.
    """

    text: str
    answer: Fraction
    structure: str


Template = Callable[[Random, int], Problem]
"""Makes a problem from a generator and a bound on the size of its numbers (at least 10); may raise `RedrawError`."""


def two_names(rng: Random) -> tuple[str, str]:
    """Two different people."""
    one, two = rng.sample(NAMES, 2)
    return one, two


def several(rng: Random, low: int, high: int, count: int) -> list[int]:
    """Different whole numbers from a range, in the order drawn."""
    return rng.sample(range(low, high + 1), count)


def demand(condition: bool) -> None:
    """Give up on a draw whose numbers make no sensible story.

    Raises:
        RedrawError: the condition does not hold.
    """
    if not condition:
        raise RedrawError("the numbers make no sensible story")
