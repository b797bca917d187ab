"""What all combinators share: asking parts, and making one score of their scores."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.errors import GraderSpecError, Invalid
from textgym.graders.sample import Item, Sample

Finite = Annotated[float, Field(allow_inf_nan=False)]

_SLACK = 1e-9


def reaches(value: float, threshold: float) -> bool:
    """Whether a value is at least `threshold`, rounding apart: 0.1 + 0.7 reaches 0.8."""
    return value >= threshold - _SLACK


async def ask(parts: Iterable[Grader], item: Item, sample: Sample) -> tuple[Score, ...]:
    """The scores of the parts in their order; those that wait are asked at the same time."""
    asked = tuple(parts)
    if sum(part.waits for part in asked) > 1:
        return tuple(await asyncio.gather(*(part.agrade(item, sample) for part in asked)))
    return tuple([await part.agrade(item, sample) for part in asked])


def combined(
    value: float, op: str, children: Sequence[Score], weights: Sequence[float] | None = None, reason: str = ""
) -> Score:
    """The score of a combinator: what its children cost is summed up.

    Args:
        value: the combinator's value.
        op: how the children were combined.
        children: their scores.
        weights: their weights in the value; 1 each by default.
        reason: what a person should know about it.
    """
    return Score(
        value=value,
        op=op,
        reason=reason,
        children=_weighted(children, weights),
        cost=sum(child.cost for child in children),
        tokens=sum(child.tokens for child in children),
    )


def failed(op: str, children: Sequence[Score], culprit: Score, weights: Sequence[float] | None = None) -> Score:
    """The score of a combinator that has no value because `culprit`, one of the children, has none."""
    return Score(
        status=culprit.status,
        code=culprit.code,
        reason=_said(culprit),
        op=op,
        children=_weighted(children, weights),
        cost=sum(child.cost for child in children),
        tokens=sum(child.tokens for child in children),
    )


def without_value(op: str, children: Sequence[Score], why: Invalid) -> Score:
    """The score of a combinator whose children all have values that cannot be combined."""
    return Score(
        status=why.status,
        code=why.code,
        reason=why.reason,
        op=op,
        children=tuple(children),
        cost=sum(child.cost for child in children),
        tokens=sum(child.tokens for child in children),
    )


def skipped(part: Grader, why: str) -> Score:
    """The score of a part that was not asked."""
    return Score(name=part.label, status="skipped", reason=why, bounds=part.bounds, weight=0.0)


def weighing(child: Score, weight: float) -> Score:
    """The same score with another weight in its parent's value."""
    return child if child.weight == weight else child.model_copy(update={"weight": weight})


def hull(bounds: Iterable[Bounds]) -> Bounds:
    """The least interval that holds all of these."""
    lows, highs = zip(*bounds, strict=True)
    return min(lows), max(highs)


def check_weights(weights: tuple[float, ...], graders: tuple[Grader, ...]) -> None:
    """Refuse weights that are neither left out nor one for each grader."""
    if weights and len(weights) != len(graders):
        raise GraderSpecError(f"there are {len(weights)} weights for {len(graders)} graders: give one each, or none")


class Fold(Grader):
    """A grader that asks all its parts, and has a value where all of them have one.

    A subclass says what becomes of the values in `_value`. Where that is not monotone in each of them, it says in
    `_extent` what becomes of their bounds.
    """

    graders: tuple[Node, ...] = Field(min_length=1)

    @property
    def parts(self) -> tuple[Grader, ...]:
        return self.graders

    @cached_property
    def bounds(self) -> Bounds:
        return self._extent([part.bounds for part in self.graders])

    @property
    def _op(self) -> str:
        return self.type

    @property
    def _shares(self) -> tuple[float, ...] | None:
        """The weights that the score tree shows; None for 1 each."""
        return None

    def _value(self, values: Sequence[float]) -> float:
        raise NotImplementedError

    def _extent(self, bounds: Sequence[Bounds]) -> Bounds:
        return self._value([low for low, _ in bounds]), self._value([high for _, high in bounds])

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        children = await ask(self.graders, item, sample)
        values = [child.value for child in children if child.value is not None]
        if len(values) < len(children):
            return failed(self._op, children, first_failure(children), self._shares)
        return combined(self._value(values), self._op, children, self._shares)


def first_failure(children: Iterable[Score]) -> Score:
    """The first child without a value."""
    return next(child for child in children if child.value is None)


def _weighted(children: Sequence[Score], weights: Sequence[float] | None) -> tuple[Score, ...]:
    if weights is None:
        return tuple(children)
    return tuple(weighing(child, weight) for child, weight in zip(children, weights, strict=True))


def _said(culprit: Score) -> str:
    """The child's name and what it said; beside secret evidence the reason may hold a secret, and stays where it is."""
    said = "" if any(item.secret for item in culprit.evidence) else culprit.reason
    return f"{culprit.name}: {said or culprit.status}"
