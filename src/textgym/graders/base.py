"""`Grader`: one node of a reward, in Python and in JSON at once.

A grader is pure: its score is a function of item and sample, and nothing is kept on the node. It declares its bounds.
Its own failure is a status of the score, and never a 0: what a failure is worth is decided once, at the root.
"""

import asyncio
import hashlib
import json
import math
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, ValidatorFunctionWrapHandler, model_validator

from textgym.core.blocking import run_blocking
from textgym.core.errors import GraderError
from textgym.core.outcome import Evidence, Score
from textgym.graders.errors import GraderSpecError, Invalid
from textgym.graders.sample import Item, Sample, SampleNames
from textgym.graders.template import paths, resolve

if TYPE_CHECKING:
    from textgym.graders.combinators import Max, Min, Not, Sum, Threshold

_T = TypeVar("_T")
Bounds = tuple[float, float]
OnInvalid = Literal["drop", "zero", "raise", "min"]
"""What a failed grading is worth at the root: `drop` None, `zero` 0, `min` the lower bound; `raise` a `GraderError`."""

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

    @property
    def waits(self) -> bool:
        """Whether grading waits anywhere in this tree."""
        return self.waits_itself or any(part.waits for part in self.parts)

    def walk(self) -> Iterator["Grader"]:
        """This node and all below it, each before its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
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
        bounds = self.bounds
        try:
            score = await self._agrade(item, Sample.of(sample))
        except Invalid as failure:
            score = Score(status=failure.status, reason=failure.reason, code=failure.code)
        except (KeyboardInterrupt, SystemExit, asyncio.CancelledError):
            raise
        except Exception as error:
            score = Score(status="error", reason=f"{type(error).__name__}: {str(error)[:300]}", code="other_error")
        value = score.value
        if value is not None:
            low, high = bounds
            slack = _TOLERANCE * max(1.0, abs(low), abs(high))
            if not low - slack <= value <= high + slack:  # also where it is no number
                reason = f"the value {value!r} is outside the declared bounds {list(bounds)}"
                return Score(name=self.label, status="error", reason=reason, bounds=bounds, children=score.children)
            value = min(max(value, low), high)
        return score.model_copy(update={"name": self.label, "bounds": bounds, "value": value})

    def grade_group(self, item: Item, samples: Sequence[Sample | str | Mapping[str, Any]]) -> list[Score]:
        """The scores of samples of one item, in their order; graders of groups compare them with one another."""
        coroutine = self.agrade_group(item, samples)
        return run_blocking(coroutine) if self.waits else _drive(coroutine)

    async def agrade_group(self, item: Item, samples: Sequence[Sample | str | Mapping[str, Any]]) -> list[Score]:
        """`grade_group` for callers with an event loop."""
        if not self.waits:
            return [await self.agrade(item, sample) for sample in samples]
        return list(await asyncio.gather(*(self.agrade(item, sample) for sample in samples)))

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
        return given if isinstance(given, Score) else Score(value=float(given))

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
    def _dispatch(cls, data: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        """`Grader.model_validate` of a mapping makes the class that its `type` names."""
        if cls is Grader and isinstance(data, Mapping):
            from textgym.graders.catalogue import load

            return load(data)
        return handler(data)

    @model_validator(mode="after")
    def _sound(self) -> "Grader":
        for field in self.templated:
            try:
                list(paths(getattr(self, field)))
            except ValueError as error:
                raise GraderSpecError(f"{self.type}.{field}: {error}") from None
        if _depth(self) > _DEEPEST:
            raise GraderSpecError(f"graders are nested deeper than {_DEEPEST}")
        for part in self.parts:
            if part.type == "root":
                raise GraderSpecError("a root decides what failures are worth, so it cannot be a part of a grader")
        return self

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
        from textgym.graders.combinators import add

        return add(self, other)

    def __radd__(self, other: float) -> "Sum":
        """The sum with a number on the left."""
        return self + other

    def __sub__(self, other: "Grader | float") -> "Sum":
        """The difference."""
        return self + (-other if isinstance(other, int | float) else -1.0 * other)

    def __rsub__(self, other: float) -> "Sum":
        """A number less this grader."""
        return -1.0 * self + other

    def __mul__(self, other: "Grader | float") -> "Grader":
        """A multiple, or the product of two graders."""
        from textgym.graders.combinators import multiply

        return multiply(self, other)

    def __rmul__(self, other: float) -> "Sum":
        """A multiple."""
        return cast("Sum", self * other)

    def __and__(self, other: "Grader") -> "Min":
        """Both: the lesser value."""
        from textgym.graders.combinators import both

        return both(self, other)

    def __or__(self, other: "Grader") -> "Max":
        """Either: the greater value."""
        from textgym.graders.combinators import either

        return either(self, other)

    def __invert__(self) -> "Not":
        """The opposite: low + high - value."""
        from textgym.graders.combinators import Not

        return Not(grader=self)

    def __ge__(self, threshold: float) -> "Threshold":
        """1 where the value reaches `threshold`, else 0."""
        from textgym.graders.combinators import Threshold

        return Threshold(grader=self, at_least=threshold)


Node = SerializeAsAny[Grader]
"""The type of a field that holds a grader: any kind is accepted, and written out whole."""


def settle(score: Score, on_invalid: OnInvalid = "drop") -> float | None:
    """What a score is worth as a reward.

    Raises:
        GraderError: it has no value, and `on_invalid` is `raise`.
    """
    if score.value is not None:
        return score.value
    if on_invalid == "raise":
        raise GraderError(f"{score.name}: {score.status}: {score.reason}")
    return {"drop": None, "zero": 0.0, "min": score.bounds[0]}[on_invalid]


def passed(value: float, reason: str = "", *evidence: Evidence) -> Score:
    """A score of this value with what led to it; the framework fills in name and bounds."""
    if not math.isfinite(value):
        raise Invalid("error", f"the value is {value}, which is no finite number", code="unresponsive_reward_error")
    return Score(value=value, reason=reason, evidence=evidence)


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
