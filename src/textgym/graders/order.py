"""Combinators that look at the order of their parts' values: least, greatest, middle, how many."""

import math
import statistics
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from textgym.graders.base import Grader
from textgym.graders.combining import Finite, Fold, reaches
from textgym.graders.errors import GraderSpecError


class Min(Fold):
    """The least value: all parts must be good. `a & b` in Python."""

    type: Literal["min"] = "min"

    def _value(self, values: Sequence[float]) -> float:
        return min(values)


class Max(Fold):
    """The greatest value: one good part is enough. `a | b` in Python."""

    type: Literal["max"] = "max"

    def _value(self, values: Sequence[float]) -> float:
        return max(values)


class Median(Fold):
    """The middle value, or the mean of the two in the middle."""

    type: Literal["median"] = "median"

    def _value(self, values: Sequence[float]) -> float:
        return statistics.median(values)


class TrimmedMean(Fold):
    """The mean without the `trim` share of the values at each end, rounded down to whole values."""

    type: Literal["trimmed_mean"] = "trimmed_mean"
    trim: float = Field(0.2, ge=0, lt=0.5)

    def _value(self, values: Sequence[float]) -> float:
        cut = int(len(values) * self.trim)
        kept = sorted(values)[cut : len(values) - cut]
        return math.fsum(kept) / len(kept)


class Quantile(Fold):
    """The `q`-quantile of the values, interpolated between neighbours: 0 is the least, 1 the greatest."""

    type: Literal["quantile"] = "quantile"
    q: float = Field(ge=0, le=1)

    def _value(self, values: Sequence[float]) -> float:
        ranked = sorted(values)
        place = self.q * (len(ranked) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ranked) - 1)
        share = place - below
        return ranked[below] * (1 - share) + ranked[above] * share


class KOfN(Fold):
    """1 where at least `k` of the values reach `at_least`, else 0."""

    type: Literal["k_of_n"] = "k_of_n"
    k: int = Field(ge=1)
    at_least: Finite = 0.5

    def _check(self) -> None:
        if self.k > len(self.graders):
            raise GraderSpecError(f"k_of_n.k: {self.k} of {len(self.graders)} graders can never pass")

    @property
    def _op(self) -> str:
        return f"{self.k}_of_{len(self.graders)}>={self.at_least:g}"

    def _value(self, values: Sequence[float]) -> float:
        return float(sum(reaches(value, self.at_least) for value in values) >= self.k)


def both(left: Grader, right: Grader) -> Min:
    """The least of graders; nodes of this kind without a name are taken apart."""
    return Min(graders=_parts(left, Min) + _parts(right, Min))


def either(left: Grader, right: Grader) -> Max:
    """The greatest of graders; nodes of this kind without a name are taken apart."""
    return Max(graders=_parts(left, Max) + _parts(right, Max))


def _parts(given: Grader, kind: type[Fold]) -> tuple[Grader, ...]:
    return given.graders if isinstance(given, kind) and given.name is None else (given,)
