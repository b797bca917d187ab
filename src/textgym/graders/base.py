"""`Grader`: one node of a reward, in Python and in JSON at once.

A grader is pure: its score is a function of item and sample, and nothing is kept on the node. It declares its bounds.
Its own failure is a status of the score, and never a 0: what a failure is worth is decided once, at the root.
"""

import asyncio
import hashlib
import json
import math
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeVar, cast

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializeAsAny,
    ValidationInfo,
    model_validator,
)

from textgym.core.blocking import run_blocking
from textgym.core.errors import GraderError
from textgym.core.outcome import Evidence, Score
from textgym.graders.errors import GraderSpecError, Invalid, failure
from textgym.graders.grading_call import CURRENT, GradingCall
from textgym.graders.json_setting import json_setting
from textgym.graders.sample import Item, Sample, SampleNames
from textgym.graders.template import paths, resolve

if TYPE_CHECKING:
    from textgym.graders.order import Max, Min
    from textgym.graders.shaping import Not, Threshold
    from textgym.graders.sums import Sum

_T = TypeVar("_T")
Bounds = tuple[float, float]
OnInvalid = Literal["drop", "zero", "raise", "min"]
"""What a failed grading is worth at the root: `drop` None, `zero` 0, `min` the lower bound; `raise` a `GraderError`.

An output in which a grader finds nothing to look at (no JSON where a template looks into it) is no failure of the grading:
with `drop` it is worth the lower bound, or a policy could have its bad outputs taken out of training."""

_TOLERANCE = 1e-9
_DEEPEST = 64


class Grader(BaseModel):
    """One node of a grader.

    A subclass gives its `type` as a literal, declares its settings as fields, its `bounds` where they are not 0 and 1,
    and what it does as `_grade` (or `_agrade`, where it waits or asks other graders). Settings of type `Any` or `str`
    may hold templates, filled in by `fill`.

    Attributes:
        type: the node's kind; it picks the class when JSON is read.
        name: what the node is called in the score tree; by default its type.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: ClassVar[int] = 1
    """Part of the digest; raised whenever the same settings give another score."""
    waits_itself: ClassVar[bool] = False
    """Whether this node waits for something outside (a judge, a sandbox), its children apart."""
    compares: ClassVar[bool] = False
    """Whether this node compares the samples of a group with one another, so that one alone has no value."""
    templated: ClassVar[tuple[str, ...]] = ()
    """Fields whose templates are checked when the grader is made."""

    type: str
    name: str | None = Field(None, max_length=200)

    # -- what a grader is ----------------------------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """The node's name in the score tree."""
        return self.name or self.type

    @property
    def bounds(self) -> Bounds:
        """The least and the greatest value that this node can have; finite, and known before anything is graded."""
        return (0.0, 1.0)

    @property
    def parts(self) -> tuple["Grader", ...]:
        """The graders that this one asks, in the order of the score tree."""
        return ()

    @cached_property
    def waits(self) -> bool:
        """Whether grading waits anywhere in this tree."""
        return self.waits_itself or any(part.waits for part in self.parts)

    @property
    def compares_somewhere(self) -> bool:
        """Whether some node of this tree compares the samples of a group, so that `grade_group` must be called."""
        return bool(self._comparing)

    def walk(self) -> Iterator["Grader"]:
        """This node and all below it, each before its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @cached_property
    def digest(self) -> str:
        """Sixty-four hexadecimal digits of settings and code versions: equal digests grade alike."""
        versions = sorted({(node.type, node.version) for node in self.walk()})
        whole = json.dumps([self.model_dump(mode="json"), versions], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    # -- grading -------------------------------------------------------------------------------------------------------

    def grade(self, item: Item, sample: Sample | str | Mapping[str, Any]) -> Score:
        """The score tree of one sample. It blocks where a node waits; failures are statuses, and are not raised."""
        coroutine = self.agrade(item, sample)
        return run_blocking(coroutine) if self.waits else _drive(coroutine)

    async def agrade(self, item: Item, sample: Sample | str | Mapping[str, Any]) -> Score:
        """`grade` for callers with an event loop."""
        token = CURRENT.set(GradingCall()) if CURRENT.get() is None else None
        try:
            score = await self._agrade(item, _sample(sample))
        except Exception as error:
            if self.type == "root" and isinstance(error, GraderError):
                raise  # asked for by its `on_invalid`
            score = failure(error)
        finally:
            if token is not None:
                CURRENT.reset(token)
        return self._within_bounds(score)

    def _within_bounds(self, score: Score) -> Score:
        """The score under this node's name and bounds; a value that breaks them is a fault of the grader."""
        bounds, value = self.bounds, score.value
        if value is None:
            return score.model_copy(update={"name": self.label, "bounds": bounds})
        low, high = bounds
        slack = _TOLERANCE * max(1.0, abs(low), abs(high))
        if low - slack <= value <= high + slack:
            return score.model_copy(update={"name": self.label, "bounds": bounds, "value": min(max(value, low), high)})
        reason = f"the value {value!r} is outside the declared bounds {list(bounds)}"
        failure = {"value": None, "status": "error", "reason": reason, "code": "unresponsive_reward_error"}
        return score.model_copy(update={"name": self.label, "bounds": bounds, **failure})

    def grade_group(self, item: Item, samples: Sequence[Sample | str | Mapping[str, Any]]) -> list[Score]:
        """The scores of samples of one item, in their order.

        Nodes that compare samples (`rank_in_group`, `tournament`, ...) look at the whole group, wherever in the tree
        they stand; all others grade each sample as `grade` does.
        """
        coroutine = self.agrade_group(item, samples)
        return run_blocking(coroutine) if self.waits else _drive(coroutine)

    async def agrade_group(self, item: Item, samples: Sequence[Sample | str | Mapping[str, Any]]) -> list[Score]:
        """`grade_group` for callers with an event loop."""
        read = [_sample_or_failure(sample) for sample in samples]
        scores = iter(await self._grade_whole(item, [one for one in read if isinstance(one, Sample)]))
        return [next(scores) if isinstance(one, Sample) else self._within_bounds(one) for one in read]

    async def _grade_whole(self, item: Item, samples: Sequence[Sample]) -> list[Score]:
        outer = CURRENT.get()
        call = GradingCall() if outer is None else GradingCall(outer.memo, dict(outer.compared))
        token = CURRENT.set(call)
        try:
            for node in self._comparing:
                for sample, score in zip(samples, await node._compared(item, samples), strict=True):
                    call.compared[id(node), id(sample)] = score
            if not self.waits:
                return [await self.agrade(item, sample) for sample in samples]
            return list(await asyncio.gather(*(self.agrade(item, sample) for sample in samples)))
        finally:
            CURRENT.reset(token)

    @cached_property
    def _comparing(self) -> tuple["Grader", ...]:
        """The topmost nodes of this tree that compare samples; what is below them is their own affair."""
        return (self,) if self.compares else tuple(node for part in self.parts for node in part._comparing)

    async def _compared(self, item: Item, samples: Sequence[Sample]) -> Sequence[Score]:
        try:
            return await self._agrade_group(item, samples)
        except Exception as error:
            return [failure(error)] * len(samples)

    async def _agrade_group(self, item: Item, samples: Sequence[Sample]) -> Sequence[Score]:
        """What a node that compares says of each sample of a group."""
        raise NotImplementedError(f"{type(self).__name__} must define _agrade_group()")

    def reward(
        self, item: Item, sample: Sample | str | Mapping[str, Any], on_invalid: OnInvalid = "drop"
    ) -> float | None:
        """The number that is paid; None where the grading failed and nothing may be trained on.

        Raises:
            GraderError: it failed, and `on_invalid` is `raise`.
        """
        return settle(self.grade(item, sample), on_invalid)

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        given = self._grade(item, sample)
        return given if isinstance(given, Score) else passed(float(given))

    def _grade(self, item: Item, sample: Sample) -> Score | float:
        """What this node says; raises `Invalid` where it cannot say anything."""
        raise NotImplementedError(f"{type(self).__name__} must define _grade() or _agrade()")

    def fill(self, value: Any, item: Item, sample: Sample) -> Any:
        """A setting with its templates filled in.

        Raises:
            Invalid: a template leads nowhere.
        """
        return resolve(value, {"item": item, "sample": SampleNames(sample)})

    # -- checking and reading ------------------------------------------------------------------------------------------

    @model_validator(mode="wrap")
    @classmethod
    def _dispatch(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """Where any grader is accepted, a mapping makes the class that its `type` names, and a number a constant."""
        if cls is not Grader:
            return handler(cls._with_json_settings(data) if isinstance(data, Mapping) else data)
        from textgym.graders.catalogue import grader_class

        if isinstance(data, int | float) and not isinstance(data, bool):
            data = {"type": "constant", "value": data}
        if not isinstance(data, Mapping):
            return handler(data)
        return cast(Self, grader_class(data.get("type")).model_validate(dict(data), context=info.context))

    @classmethod
    def _with_json_settings(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        """The settings, free ones made what JSON makes of them, so that a grader equals what is read back."""
        free = {name for name, field in cls.model_fields.items() if field.annotation is Any}
        return {
            name: json_setting(f"{cls.model_fields['type'].default}.{name}", value) if name in free else value
            for name, value in data.items()
        }

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for field in self.templated:
            try:
                list(paths(getattr(self, field)))
            except ValueError as error:
                raise GraderSpecError(f"{self.type}.{field}: {error}") from None
        if _depth(self) > _DEEPEST:
            raise GraderSpecError(f"graders are nested deeper than {_DEEPEST}")
        if any(part.type == "root" for part in self.parts):
            raise GraderSpecError("a root decides what failures are worth, so it cannot be a part of a grader")
        self._check()
        try:
            low, high = self.bounds
        except ArithmeticError:
            low = high = math.nan
        if not -math.inf < low <= high < math.inf:
            raise GraderSpecError(f"{self.type}: its bounds, {low:g} to {high:g}, are not two finite numbers in order")
        return self

    def _check(self) -> None:
        """Refuse settings that do not go together; called before the bounds are asked for.

        Raises:
            GraderSpecError: they do not.
        """

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A grader with other settings, which are checked like those of a new one."""
        return type(self)(**{name: getattr(self, name) for name in type(self).model_fields} | dict(update or {}))

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        kind = cls.model_fields["type"].default
        if isinstance(kind, str):
            from textgym.graders.registration import register

            register(kind, cls)

    # -- algebra -------------------------------------------------------------------------------------------------------

    def __add__(self, other: "Grader | float") -> "Sum":
        """The sum; `0.8 * a + 0.2 * b` is one node with two weights."""
        if not isinstance(other, Grader | int | float):
            return NotImplemented
        from textgym.graders.sums import add

        return add(self, other)

    def __radd__(self, other: float) -> "Sum":
        """The sum with a number on the left."""
        return self + other

    def __sub__(self, other: "Grader | float") -> "Sum":
        """The difference."""
        if not isinstance(other, Grader | int | float):
            return NotImplemented
        return self + -other

    def __rsub__(self, other: float) -> "Sum":
        """A number less this grader."""
        return -self + other

    def __neg__(self) -> "Sum":
        """The value with the other sign."""
        return -1.0 * self

    def __mul__(self, other: "Grader | float") -> "Grader":
        """A multiple, or the product of two graders."""
        if not isinstance(other, Grader | int | float):
            return NotImplemented
        from textgym.graders.sums import multiply

        return multiply(self, other)

    def __rmul__(self, other: float) -> "Sum":
        """A multiple."""
        return cast("Sum", self * other)

    def __truediv__(self, other: float) -> "Sum":
        """A fraction."""
        if not isinstance(other, int | float):
            return NotImplemented
        return (1.0 / other) * self

    def __and__(self, other: "Grader") -> "Min":
        """Both: the lesser value."""
        if not isinstance(other, Grader):
            return NotImplemented
        from textgym.graders.order import both

        return both(self, other)

    def __or__(self, other: "Grader") -> "Max":
        """Either: the greater value."""
        if not isinstance(other, Grader):
            return NotImplemented
        from textgym.graders.order import either

        return either(self, other)

    def __invert__(self) -> "Not":
        """The opposite: low + high - value."""
        from textgym.graders.shaping import Not

        return Not(grader=self)

    def __ge__(self, threshold: float) -> "Threshold":
        """1 where the value reaches `threshold`, else 0."""
        if not isinstance(threshold, int | float):
            return NotImplemented
        from textgym.graders.shaping import Threshold

        return Threshold(grader=self, at_least=threshold)


Node = SerializeAsAny[Grader]
"""The type of a field that holds a grader: any kind is accepted, and written out whole."""


def settle(score: Score, on_invalid: OnInvalid = "drop") -> float | None:
    """What a score is worth as a reward; see `OnInvalid`.

    Raises:
        GraderError: it has no value, and `on_invalid` is `raise`.
    """
    if score.value is not None:
        return score.value
    if on_invalid == "drop" and (score.status, score.code) == ("unparseable", "sample_parse_error"):
        return score.bounds[0]
    if on_invalid == "raise":
        raise GraderError(f"{score.name}: {score.status}: {score.reason}")
    return {"drop": None, "zero": 0.0, "min": score.bounds[0]}[on_invalid]


def passed(value: float, reason: str = "", *evidence: Evidence) -> Score:
    """A score of this value with what led to it; the framework fills in name and bounds."""
    if not math.isfinite(value):
        raise Invalid("error", f"the value is {value}, which is no finite number", code="unresponsive_reward_error")
    return Score(value=value, reason=reason, evidence=evidence)


def _sample(given: Sample | str | Mapping[str, Any]) -> Sample:
    try:
        return Sample.of(given)
    except (ValueError, AttributeError) as error:
        raise Invalid("error", f"this is no sample: {error}", code="sample_parse_error") from None


def _sample_or_failure(given: Sample | str | Mapping[str, Any]) -> Sample | Score:
    try:
        return _sample(given).model_copy()  # a copy, so that one that is given twice can be told apart
    except Invalid as error:
        return failure(error)


def _depth(grader: Grader) -> int:
    """Levels of a tree; its parts were checked when they were made, so the recursion is bounded."""
    return 1 + max(map(_depth, grader.parts), default=0)


def _drive(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine that never waits to its end."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return cast(_T, end.value)
    coroutine.close()
    raise RuntimeError("a grader waited that does not declare it: set `waits_itself = True` on its class")
