"""Combinators of one part, which bend its value: thresholds, lines, curves, penalties; and a number as a grader."""

import math
from functools import cached_property
from typing import Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import Finite, ask, combined, failed, first_failure, reaches
from textgym.graders.errors import GraderSpecError
from textgym.graders.sample import Item, Sample


class Constant(Grader):
    """The same number for everything. A number where a grader is expected becomes one of these."""

    type: Literal["constant"] = "constant"
    value: Finite

    @property
    def bounds(self) -> Bounds:
        return (self.value, self.value)

    def _grade(self, item: Item, sample: Sample) -> float:
        return self.value


class Shaped(Grader):
    """A monotone function of one grader's value; a subclass gives it as `_value`."""

    grader: Node

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.grader,)

    @cached_property
    def bounds(self) -> Bounds:
        one, other = map(self._value, self.grader.bounds)
        return min(one, other), max(one, other)

    @property
    def _op(self) -> str:
        return self.type

    @property
    def _weight(self) -> float:
        """The child's weight in the score tree, where the value is a multiple of it and a constant; else 1."""
        return 1.0

    def _value(self, value: float) -> float:
        raise NotImplementedError

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        child = await self.grader.agrade(item, sample)
        if child.value is None:
            return failed(self._op, [child], child, [self._weight])
        return combined(self._value(child.value), self._op, [child], [self._weight])


class Not(Shaped):
    """The opposite, `low + high - value`: 1 - value where the bounds are 0 and 1. `~a` in Python."""

    type: Literal["not"] = "not"

    @property
    def _weight(self) -> float:
        return -1.0

    def _value(self, value: float) -> float:
        low, high = self.grader.bounds
        return low + high - value


class Invert(Shaped):
    """`total - value`, whatever the bounds; `not` turns a value around within its own bounds instead."""

    type: Literal["invert"] = "invert"
    total: Finite = 1.0

    @property
    def _weight(self) -> float:
        return -1.0

    def _value(self, value: float) -> float:
        return self.total - value


class Threshold(Shaped):
    """1 where the value reaches `at_least`, else 0. `a >= 0.5` in Python."""

    type: Literal["threshold"] = "threshold"
    at_least: Finite = 0.5

    @property
    def _op(self) -> str:
        return f"threshold>={self.at_least:g}"

    def _value(self, value: float) -> float:
        return float(reaches(value, self.at_least))


class Affine(Shaped):
    """`scale * value + offset`."""

    type: Literal["affine"] = "affine"
    scale: Finite = 1.0
    offset: Finite = 0.0

    @property
    def _weight(self) -> float:
        return self.scale

    def _value(self, value: float) -> float:
        return self.scale * value + self.offset


class Clip(Shaped):
    """The value, no less than `low` and no more than `high`."""

    type: Literal["clip"] = "clip"
    low: Finite = 0.0
    high: Finite = 1.0

    def _check(self) -> None:
        if self.low > self.high:
            raise GraderSpecError(f"clip: low ({self.low:g}) must not be above high ({self.high:g})")

    def _value(self, value: float) -> float:
        return min(max(value, self.low), self.high)


class Power(Shaped):
    """`value ** exponent` of a value that is never negative: above 1 it asks for more, below 1 it forgives."""

    type: Literal["power"] = "power"
    exponent: float = Field(gt=0, allow_inf_nan=False)

    def _check(self) -> None:
        if self.grader.bounds[0] < 0:
            raise GraderSpecError(f"power: {self.grader.label} can be negative, with bounds {list(self.grader.bounds)}")

    def _value(self, value: float) -> float:
        return math.pow(value, self.exponent)


class Sigmoid(Shaped):
    """`1 / (1 + exp(-steepness * (value - midpoint)))`: soft where `threshold` is hard."""

    type: Literal["sigmoid"] = "sigmoid"
    midpoint: Finite = 0.5
    steepness: Finite = 10.0

    def _value(self, value: float) -> float:
        # As a hyperbolic tangent, which cannot overflow.
        return 0.5 * (1.0 + math.tanh(0.5 * self.steepness * (value - self.midpoint)))


class Penalty(Grader):
    """`base - weight * penalty`, but no less than `floor`; the penalty is never negative."""

    type: Literal["penalty"] = "penalty"
    base: Node
    penalty: Node
    weight: float = Field(1.0, ge=0, allow_inf_nan=False)
    floor: Finite = 0.0

    def _check(self) -> None:
        if self.penalty.bounds[0] < 0:
            bounds = list(self.penalty.bounds)
            raise GraderSpecError(
                f"penalty: {self.penalty.label} can be negative, with bounds {bounds}: where it is a deduction already, "
                "add it to the base; else shift it"
            )

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.base, self.penalty)

    @cached_property
    def bounds(self) -> Bounds:
        (low, high), (least, most) = self.base.bounds, self.penalty.bounds
        return self._value(low, most), self._value(high, least)

    def _value(self, base: float, penalty: float) -> float:
        return max(self.floor, base - self.weight * penalty)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        children, weights = await ask(self.parts, item, sample), (1.0, -self.weight)
        base, penalty = (child.value for child in children)
        if base is None or penalty is None:
            return failed(self.type, children, first_failure(children), weights)
        return combined(self._value(base, penalty), self.type, children, weights)
