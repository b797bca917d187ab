"""Combinators: small graders made into expressive ones, with bounds that follow from the parts."""

import math
from typing import Annotated, Any, Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.errors import Invalid
from textgym.graders.sample import Item, Sample

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Sum(Grader):
    """`bias` plus the weighted values of its terms."""

    type: Literal["sum"] = "sum"
    graders: tuple[Node, ...] = Field(min_length=1)
    weights: tuple[Finite, ...] = ()
    bias: Finite = 0.0

    @property
    def parts(self) -> tuple[Grader, ...]:
        return self.graders

    @property
    def bounds(self) -> Bounds:
        ends = [sorted((w * g.bounds[0], w * g.bounds[1])) for w, g in zip(self._weights, self.graders, strict=True)]
        return (self.bias + math.fsum(low for low, _ in ends), self.bias + math.fsum(high for _, high in ends))

    @property
    def _weights(self) -> tuple[float, ...]:
        return self.weights or (1.0,) * len(self.graders)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        children = [await part.agrade(item, sample) for part in self.graders]
        if any(child.value is None for child in children):
            raise Invalid("error", "a part has no value")
        value = self.bias + math.fsum(w * (c.value or 0.0) for w, c in zip(self._weights, children, strict=True))
        return Score(value=value, op="sum", children=tuple(children))


def add(left: Grader, right: "Grader | float") -> Sum:
    raise NotImplementedError


def multiply(left: Grader, right: "Grader | float") -> Grader:
    raise NotImplementedError
