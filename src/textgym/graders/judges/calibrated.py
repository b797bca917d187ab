"""`calibrated`: a judge's values mapped to what they turned out to be worth."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import Finite, combined, failed
from textgym.graders.errors import GraderSpecError
from textgym.graders.judges.agreement import isotonic
from textgym.graders.sample import Item, Sample

Point = tuple[Finite, Finite]


class Calibrated(Grader):
    """A judge's value on a curve that never goes down: straight lines between points, level beyond the first and last.

    Attributes:
        judge: the grader whose value is mapped.
        points: pairs of a value of the judge and what it is worth; the first ones increase, the second ones never decrease.
            `Calibrated.fit` finds them.
    """

    type: Literal["calibrated"] = "calibrated"

    judge: Node
    points: tuple[Point, ...] = Field(min_length=1, max_length=10_000)

    @classmethod
    def fit(cls, judge: Grader, values: Sequence[float], labels: Sequence[float]) -> "Calibrated":
        """The curve through a judge's values on examples whose labels are known, by isotonic regression.

        Args:
            judge: the judge.
            values: its values.
            labels: what each of them should have been.
        """
        return cls(judge=judge, points=tuple(isotonic(values, labels)))

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.judge,)

    @cached_property
    def bounds(self) -> Bounds:
        return (self.points[0][1], self.points[-1][1])

    def _check(self) -> None:
        for (x, y), (next_x, next_y) in pairwise(self.points):
            if next_x <= x:
                raise GraderSpecError(
                    f"calibrated.points: {next_x:g} comes after {x:g}; the judge's values must increase"
                )
            if next_y < y:
                raise GraderSpecError(
                    f"calibrated.points: {next_y:g} comes after {y:g}; what they are worth must not fall"
                )

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        child = await self.judge.agrade(item, sample)
        if child.value is None:
            return failed(self.type, [child], child)
        value = self._worth(child.value)
        return combined(value, self.type, [child], reason=f"{child.value:g} is worth {value:g}")

    def _worth(self, value: float) -> float:
        place = bisect_right(self.points, value, key=lambda point: point[0])
        if place == 0:
            return self.points[0][1]
        if place == len(self.points):
            return self.points[-1][1]
        (x, y), (next_x, next_y) = self.points[place - 1], self.points[place]
        return min(next_y, y + (next_y - y) * (value - x) / (next_x - x))
