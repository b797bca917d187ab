"""Combinators that decide which of their parts are asked at all, and what a failure is worth in the end."""

from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Bounds, Grader, Node, OnInvalid, settle
from textgym.graders.combining import Finite, combined, failed, first_failure, hull, reaches, skipped, weighing
from textgym.graders.errors import Invalid
from textgym.graders.sample import Item, Sample
from textgym.graders.shaping import Constant
from textgym.graders.template import as_text


class Gate(Grader):
    """`then` where the condition reaches `at_least`, and `else_` where it does not; only one of the two is asked.

    The other is recorded as skipped, so an expensive `then` costs nothing where a cheap condition fails.
    """

    type: Literal["gate"] = "gate"
    condition: Node
    at_least: Finite = 0.5
    then: Node
    else_: Node = Field(default_factory=lambda: Constant(value=0.0))

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.condition, self.then, self.else_)

    @cached_property
    def bounds(self) -> Bounds:
        low, high = self.condition.bounds
        if reaches(low, self.at_least):
            return self.then.bounds
        if not reaches(high, self.at_least):
            return self.else_.bounds
        return hull((self.then.bounds, self.else_.bounds))

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        op = f"gate>={self.at_least:g}"
        condition = weighing(await self.condition.agrade(item, sample), 0.0)
        if condition.value is None:
            why = "the condition has no value"
            return failed(op, [condition, skipped(self.then, why), skipped(self.else_, why)], condition)
        if reaches(condition.value, self.at_least):
            chosen = await self.then.agrade(item, sample)
            children = [condition, chosen, skipped(self.else_, "the condition holds")]
        else:
            chosen = await self.else_.agrade(item, sample)
            children = [condition, skipped(self.then, "the condition does not hold"), chosen]
        return failed(op, children, chosen) if chosen.value is None else combined(chosen.value, op, children)


class Case(Grader):
    """The grader that belongs to a value, such as `{{ item.kind }}`; only that one is asked.

    Attributes:
        on: the value; what is no text is compared as JSON.
        graders: the grader of each value.
        default: the grader of all other values; without it they are an error.
    """

    type: Literal["case"] = "case"
    templated = ("on",)
    on: Any
    graders: dict[str, Node] = Field(min_length=1)
    default: Node | None = None

    @property
    def parts(self) -> tuple[Grader, ...]:
        return tuple(self.graders.values()) + (() if self.default is None else (self.default,))

    @cached_property
    def bounds(self) -> Bounds:
        return hull(part.bounds for part in self.parts)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        value = as_text(self.fill(self.on, item, sample))
        chosen = self.graders.get(value, self.default)
        seen = (Evidence(label="case", text=value[:300], secret=True),)
        if chosen is None:
            raise Invalid("error", "there is no grader for this value, and no default", evidence=seen)
        child = await chosen.agrade(item, sample)
        score = failed("case", [child], child) if child.value is None else combined(child.value, "case", [child])
        return score.model_copy(update={"evidence": seen})


class FirstValid(Grader):
    """The first of its parts that has a value: put the cheap ones first. The rest is recorded as skipped."""

    type: Literal["first_valid"] = "first_valid"
    graders: tuple[Node, ...] = Field(min_length=1)

    @property
    def parts(self) -> tuple[Grader, ...]:
        return self.graders

    @cached_property
    def bounds(self) -> Bounds:
        return hull(part.bounds for part in self.graders)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        tried: list[Score] = []
        for place, part in enumerate(self.graders):
            score = await part.agrade(item, sample)
            if score.value is not None:
                rest = [skipped(later, f"{score.name} has a value") for later in self.graders[place + 1 :]]
                failures = [weighing(failure, 0.0) for failure in tried]
                return combined(score.value, self.type, [*failures, score, *rest])
            tried.append(score)
        return failed(self.type, tried, first_failure(tried))


class Root(Grader):
    """What a failed grading is worth: it can only stand at the root of a grader.

    Attributes:
        grader: what is graded.
        on_invalid: `drop` leaves the score without a value, so that it can be masked; `zero` makes it 0, `min` the lower
            bound, and `raise` raises `GraderError` out of `grade`.
    """

    type: Literal["root"] = "root"
    grader: Node
    on_invalid: OnInvalid = "drop"

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.grader,)

    @cached_property
    def bounds(self) -> Bounds:
        return hull((self.grader.bounds, (0.0, 0.0))) if self.on_invalid == "zero" else self.grader.bounds

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        child = await self.grader.agrade(item, sample)
        if child.value is not None:
            return combined(child.value, self.type, [child])
        worth = settle(child, self.on_invalid)
        if worth is None:
            return failed(self.type, [child], child)
        return combined(worth, self.type, [child], [0.0], f"no value ({child.status}), which counts as {worth:g}")
