"""Sums, means and products of graders, and the operators that make them."""

import math
from collections.abc import Sequence
from typing import Literal

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader
from textgym.graders.combining import Finite, Fold, ask, check_weights, combined, failed, first_failure, hull
from textgym.graders.errors import GraderSpecError
from textgym.graders.sample import Item, Sample


class Sum(Fold):
    """`bias` plus the weighted values of its parts; the weights are 1 by default, and may be negative."""

    type: Literal["sum"] = "sum"
    weights: tuple[Finite, ...] = ()
    bias: Finite = 0.0

    def _check(self) -> None:
        check_weights(self.weights, self.graders)

    @property
    def _shares(self) -> tuple[float, ...]:
        return self.weights or (1.0,) * len(self.graders)

    def _value(self, values: Sequence[float]) -> float:
        return self.bias + math.fsum(weight * value for weight, value in zip(self._shares, values, strict=True))

    def _extent(self, bounds: Sequence[Bounds]) -> Bounds:
        pairs = zip(self._shares, bounds, strict=True)
        ends = [(low, high) if weight >= 0 else (high, low) for weight, (low, high) in pairs]
        return self._value([least for least, _ in ends]), self._value([most for _, most in ends])


class WeightedMean(Fold):
    """The mean of its parts, by weights that are not negative; 1 each by default.

    With `optional`, parts without a value are left out and the weights of the others raised, which the score's reason
    records; it has no value only where no part with a weight has one.
    """

    type: Literal["weighted_mean"] = "weighted_mean"
    weights: tuple[Finite, ...] = ()
    optional: bool = False

    def _check(self) -> None:
        check_weights(self.weights, self.graders)
        if min(self._raw) < 0 or sum(self._raw) <= 0:
            raise GraderSpecError("weighted_mean.weights: at least one must be above 0, and none below")

    @property
    def _raw(self) -> tuple[float, ...]:
        return self.weights or (1.0,) * len(self.graders)

    @property
    def _shares(self) -> tuple[float, ...]:
        return _normalised(self._raw)

    def _value(self, values: Sequence[float]) -> float:
        return math.fsum(share * value for share, value in zip(self._shares, values, strict=True))

    def _extent(self, bounds: Sequence[Bounds]) -> Bounds:
        if self.optional:  # any of the parts may be all that is left
            return hull(bounds)
        return super()._extent(bounds)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        if not self.optional:
            return await super()._agrade(item, sample)
        children = await ask(self.graders, item, sample)
        left = [weight if child.value is not None else 0.0 for weight, child in zip(self._raw, children, strict=True)]
        if sum(left) <= 0:
            return failed(self._op, children, first_failure(children), self._shares)
        shares = _normalised(left)
        value = math.fsum(share * (child.value or 0.0) for share, child in zip(shares, children, strict=True))
        gone = ", ".join(f"{child.name} ({child.status})" for child in children if child.value is None)
        return combined(value, self._op, children, shares, f"left out: {gone}" if gone else "")


class Product(Fold):
    """The product of its parts."""

    type: Literal["product"] = "product"

    def _value(self, values: Sequence[float]) -> float:
        return math.prod(values)

    def _extent(self, bounds: Sequence[Bounds]) -> Bounds:
        low, high = 1.0, 1.0
        for least, most in bounds:
            corners = (low * least, low * most, high * least, high * most)
            low, high = min(corners), max(corners)
        return low, high


class GeometricMean(Fold):
    """The weighted geometric mean, `prod(value ** (weight / sum of weights))`, of parts that are never negative."""

    type: Literal["geometric"] = "geometric"
    weights: tuple[Finite, ...] = ()

    def _check(self) -> None:
        check_weights(self.weights, self.graders)
        if self.weights and min(self.weights) <= 0:
            raise GraderSpecError("geometric.weights: each must be above 0")
        for part in self.graders:
            if part.bounds[0] < 0:
                raise GraderSpecError(f"geometric: {part.label} can be negative, with bounds {list(part.bounds)}")

    @property
    def _shares(self) -> tuple[float, ...]:
        return _normalised(self.weights or (1.0,) * len(self.graders))

    def _value(self, values: Sequence[float]) -> float:
        if min(values) <= 0:
            return 0.0
        return math.exp(math.fsum(share * math.log(value) for share, value in zip(self._shares, values, strict=True)))


def add(left: Grader, right: Grader | float) -> Sum:
    """The sum as one node: sums without a name are taken apart, numbers go into the bias."""
    graders, weights, bias = _terms(left)
    more_graders, more_weights, more_bias = _terms(right)
    return Sum(graders=graders + more_graders, weights=weights + more_weights, bias=bias + more_bias)


def multiply(left: Grader, right: Grader | float) -> Grader:
    """A multiple as a sum of one node, or the product of graders; products without a name are taken apart."""
    if isinstance(right, Grader):
        return Product(graders=_factors(left) + _factors(right))
    graders, weights, bias = _terms(left)
    return Sum(graders=graders, weights=tuple(right * weight for weight in weights), bias=right * bias)


def _terms(given: Grader | float) -> tuple[tuple[Grader, ...], tuple[float, ...], float]:
    if not isinstance(given, Grader):
        return (), (), given
    if isinstance(given, Sum) and given.name is None:
        return given.graders, given._shares, given.bias
    return (given,), (1.0,), 0.0


def _factors(given: Grader) -> tuple[Grader, ...]:
    return given.graders if isinstance(given, Product) and given.name is None else (given,)


def _normalised(weights: Sequence[float]) -> tuple[float, ...]:
    whole = math.fsum(weights)
    return tuple(weight / whole for weight in weights)
