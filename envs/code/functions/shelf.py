"""Which tasks there are, by number: every bug of a split under every naming and wording, each exactly once."""

import functools
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from textgym.core import Split, split_of
from textgym.envs.code.functions.bank import LEVELS, Bug, stored_bugs, stored_families
from textgym.envs.code.functions.naming import STYLES
from textgym.envs.code.functions.themes import families

MIXED = "mixed"
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class Place:
    """One task: which bug, under which names, in which words.

    Attributes:
        family, variant: the problem.
        bug: the bug; None for a task without one.
        style: one of `STYLES`.
        wording: number of the docstring.
    """

    family: str
    variant: int
    bug: Bug | None
    style: str
    wording: int


class Shelf:
    """Tasks in a fixed order in which neighbours come from different families.

    Args:
        groups: families' variants, each with its bugs; `(None,)` where tasks have none.
        style: one of `STYLES`, or `MIXED` for all.
    """

    def __init__(self, groups: list[tuple[str, int, tuple[Bug | None, ...]]], style: str) -> None:
        self._styles = STYLES if style == MIXED else (style,)
        self._groups = [group for group in groups if group[2]]
        known = families()
        self._wordings = [len(known[name].says) for name, _, _ in self._groups]
        sizes = [
            len(bugs) * len(self._styles) * wordings
            for (_, _, bugs), wordings in zip(self._groups, self._wordings, strict=True)
        ]
        self._ends = list(accumulate(sizes))
        self._size = self._ends[-1] if sizes else 0
        step = max(1, round(self._size * _GOLDEN))
        while math.gcd(step, self._size or 1) != 1:
            step += 1
        self._step = step

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> Place:
        if not 0 <= index < self._size:
            raise IndexError(index)
        place = index * self._step % self._size  # a permutation, since the step shares no factor with the size
        number = bisect_right(self._ends, place)
        name, variant, bugs = self._groups[number]
        place -= self._ends[number - 1] if number else 0
        place, wording = divmod(place, self._wordings[number])
        place, style = divmod(place, len(self._styles))
        return Place(name, variant, bugs[place], self._styles[style], wording)


class Turns:
    """Several shelves as one, from which places are taken by turns; whoever is used up is left out from then on."""

    def __init__(self, shelves: Sequence[Shelf]) -> None:
        self._shelves = sorted(shelves, key=len)

    def __len__(self) -> int:
        return sum(map(len, self._shelves))

    def __getitem__(self, index: int) -> Place:
        if not 0 <= index < len(self):
            raise IndexError(index)
        left, used = index, 0
        for number, shelf in enumerate(self._shelves):
            others = len(self._shelves) - number
            rounds = len(shelf) - used
            if left < rounds * others:
                turn, which = divmod(left, others)
                return self._shelves[number + which][used + turn]
            left -= rounds * others
            used = len(shelf)
        raise AssertionError("every index is on a shelf")


@functools.lru_cache(maxsize=64)
def bug_shelf(split: Split, level: str, style: str) -> Shelf | Turns:
    """All bugs of a split, of one of the `LEVELS`, or by turns of all for `MIXED`."""
    if level == MIXED:
        return Turns([_level_shelf(split, name, style) for name, _, _ in LEVELS])
    return _level_shelf(split, level, style)


@functools.lru_cache(maxsize=64)
def _level_shelf(split: Split, level: str, style: str) -> Shelf:
    return Shelf(
        [
            (name, variant, tuple(bug for bug in stored_bugs(name, variant) if bug.level == level))
            for name, variant in variants(split)
        ],
        style,
    )


@functools.lru_cache(maxsize=16)
def problem_shelf(split: Split, style: str) -> Shelf:
    """All problems of a split, without a bug."""
    return Shelf([(name, variant, (None,)) for name, variant in variants(split)], style)


def variants(split: Split) -> list[tuple[str, int]]:
    """The variants of the families of a split."""
    known = families()
    return [
        (name, variant)
        for name in stored_families()
        if split_of(family_id(name)) == split
        for variant in range(len(known[name].variants))
    ]


def family_id(name: str) -> str:
    """What `Task.family` is for tasks of this family, in every environment, so that all split alike."""
    return f"function {name}"
