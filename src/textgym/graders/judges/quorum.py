"""`quorum`: one judge, asked until an interval says that it was asked often enough."""

import asyncio
import math
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

from pydantic import Field

from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import combined, failed, first_failure, reaches
from textgym.graders.errors import GraderSpecError
from textgym.graders.grading_call import CURRENT, GradingCall, current
from textgym.graders.judges.draws import draw
from textgym.graders.judges.intervals import Interval, deviation
from textgym.graders.judges.stopping import Method, Plan
from textgym.graders.sample import Item, Sample

_DRAWN_AGAIN = ("unparseable", "refused")
"""What a judge may do in one draw and not in the next; other failures are not its own, and end the quorum."""


class Quorum(Grader):
    """A judge's verdict from several draws of it.

    It draws `n_min` times at once and then one by one, and looks at the interval after each draw. It stops when half the
    interval's width is at most `target_halfwidth`, when the interval does not hold the `threshold`, and after `n_max` draws
    in any case; the score is then `ok` all the same, with its `stderr` and `n`, and the interval as evidence. The interval
    keeps its level in spite of the looks: `textgym.graders.judges.stopping` says how.

    A draw without a verdict (`unparseable`, `refused`) counts among the `n_max`, and not in the value. With fewer than
    `n_min` verdicts the quorum has the status of the first failed draw. Any other failure ends it at once.

    Attributes:
        judge: what is drawn; a judge, or a grader with judges in it.
        n_min: draws at least.
        n_max: draws at most.
        target_halfwidth: as a share of the judge's range.
        method: how the interval of a mean is made. `wilson` is for verdicts that are yes or no, and safe for others;
            `clt` is narrow, for verdicts on a scale that scatter roughly like a normal distribution; `bootstrap` is for
            verdicts on a scale that may scatter in any way. Medians and majorities have intervals of their own.
        agg: `mean`; `median`, with an interval of ranks; `majority`: 1 where more than half of the verdicts reach the
            `threshold`, 0 where fewer do, with an interval of their share.
        threshold: in the judge's units. Without it, the width alone decides; of a majority it is then the middle of the
            judge's range.
        confidence: level of the interval.
    """

    type: Literal["quorum"] = "quorum"

    judge: Node
    n_min: int = Field(3, ge=1, le=50)
    n_max: int = Field(9, ge=1, le=50)
    target_halfwidth: float = Field(0.1, ge=0, le=1)
    method: Method = "wilson"
    agg: Literal["mean", "median", "majority"] = "mean"
    threshold: float | None = Field(None, allow_inf_nan=False)
    confidence: float = Field(0.95, ge=0.5, le=0.999)

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.judge,)

    @property
    def bounds(self) -> Bounds:
        return (0.0, 1.0) if self.agg == "majority" else self.judge.bounds

    def _check(self) -> None:
        if self.n_min > self.n_max:
            raise GraderSpecError(f"quorum.n_min: {self.n_min} is more than n_max, {self.n_max}")
        if self.method == "clt" and self.n_min < 2:
            raise GraderSpecError("quorum.n_min: the method clt needs 2 draws before it can say anything")
        if any(node.compares for node in self.judge.walk()):
            raise GraderSpecError("quorum.judge: it grades one sample, so it cannot itself compare a group")
        low, high = self.judge.bounds
        if low == high:
            raise GraderSpecError("quorum.judge: it can only have one value")
        if self.threshold is not None and not low <= self.threshold <= high:
            raise GraderSpecError(f"quorum.threshold: {self.threshold:g} is outside of the judge's {low:g} to {high:g}")

    @cached_property
    def plan(self) -> Plan:
        """When it stops, in shares of the judge's range."""
        threshold = None if self.threshold is None else self._share(self.threshold)
        if self.agg == "majority":
            threshold = 0.5
        return Plan(self.n_min, self.n_max, self.target_halfwidth, threshold, self.confidence, self.method)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        numbers = range(self.n_min)
        if self.waits:
            children = list(await asyncio.gather(*(self._draw(number, item, sample) for number in numbers)))
        else:
            children = [await self._draw(number, item, sample) for number in numbers]
        while not self._ends(children):
            children.append(await self._draw(len(children), item, sample))
        values = _values(children)
        if _broken(children) is not None or len(values) < self.n_min:
            return failed(self.type, children, _broken(children) or first_failure(children))
        return self._concluded(children, values)

    async def _draw(self, number: int, item: Item, sample: Sample) -> Score:
        """One draw. What a `cache` node keeps of a call would make all draws the same, so each is a call of its own."""
        token = CURRENT.set(GradingCall(compared=current().compared))
        try:
            with draw(number):
                score = await self.judge.agrade(item, sample)
        finally:
            CURRENT.reset(token)
        return score.model_copy(update={"name": f"{score.name}, draw {number + 1}"})

    def _ends(self, children: Sequence[Score]) -> bool:
        if len(children) >= self.n_max or _broken(children) is not None:
            return True
        values = _values(children)
        return len(values) >= self.n_min and self.plan.ends(len(values), self._interval(values))

    def _interval(self, values: Sequence[float]) -> Interval:
        """The interval after these draws, in shares of the judge's range."""
        if self.agg == "majority":
            return self.plan.of_share(self._votes(values))
        shares = [self._share(value) for value in values]
        return self.plan.of_median(shares) if self.agg == "median" else self.plan.of_mean(shares)

    def _concluded(self, children: Sequence[Score], values: Sequence[float]) -> Score:
        low, high = self.judge.bounds
        interval = self._interval(values)
        if self.agg == "majority":
            votes = self._votes(values)
            share = math.fsum(votes) / len(votes)
            value = 0.5 if share == 0.5 else float(share > 0.5)
            spread = math.sqrt(share * (1.0 - share) / len(votes))
            found = f"{math.fsum(votes):g} of {len(votes)} verdicts are yes"
        else:
            interval = (low + interval[0] * (high - low), low + interval[1] * (high - low))
            value = _median(values) if self.agg == "median" else math.fsum(values) / len(values)
            spread = deviation(values) / math.sqrt(len(values))
            if self.agg == "median":  # of a median the interval is what there is: the error that would make it so wide
                spread = (interval[1] - interval[0]) / (2.0 * 1.959963984540054)
            found = f"{self.agg} of {len(values)} verdicts"
        missing = len(children) - len(values)
        reason = f"{found}{f', {missing} draws without one' if missing else ''}"
        level = f"{100 * self.confidence:g} %"
        evidence = Evidence(label="interval", text=f"{interval[0]:.4f} to {interval[1]:.4f} ({level})")
        score = combined(value, self.agg, children, reason=reason)
        stderr = spread if len(values) > 1 else None
        return score.model_copy(update={"stderr": stderr, "n": len(values), "evidence": (evidence,)})

    def _votes(self, values: Sequence[float]) -> list[float]:
        low, high = self.judge.bounds
        threshold = (low + high) / 2.0 if self.threshold is None else self.threshold
        return [float(reaches(value, threshold)) for value in values]

    def _share(self, value: float) -> float:
        low, high = self.judge.bounds
        return min(1.0, max(0.0, (value - low) / (high - low)))


def _values(children: Sequence[Score]) -> list[float]:
    return [child.value for child in children if child.value is not None]


def _broken(children: Sequence[Score]) -> Score | None:
    """The first draw that failed through no doing of the judge's; None without one."""
    return next((child for child in children if child.value is None and child.status not in _DRAWN_AGAIN), None)


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2.0
