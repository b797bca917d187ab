"""Plain functions as graders: written in Python, named in JSON by module, name and a hash of the source."""

import hashlib
import importlib
import inspect
import math
import re
import textwrap
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, overload

from pydantic import Field, ValidationInfo, model_validator

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, passed
from textgym.graders.errors import GraderSpecError
from textgym.graders.sample import Item, Sample

Function = Callable[[Item, Sample], Score | float] | Callable[[Item, Sample], Awaitable[Score | float]]
"""What may become a grader: item and sample come in, a number or a score goes out, at once or awaited."""


@dataclass(frozen=True, slots=True)
class _Declared:
    function: Function
    bounds: Bounds


_DECLARED: dict[tuple[str, str], _Declared] = {}
"""The functions that were declared in this process, by target and hash; only these can be called."""
_NEWEST: dict[str, str] = {}
"""The hash of each target's last declaration."""

_TARGET = r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.<>]*$"


class Ref(Grader):
    """A function that was declared with `@grader`.

    Attributes:
        target: `package.module:name`; reading the grader from JSON imports the module.
        sha: SHA-256 of the function's source. A grader whose function has changed is refused; one without it takes the
            function as it is.
    """

    type: Literal["ref"] = "ref"
    target: str = Field(max_length=1000, pattern=_TARGET)
    sha: str = Field(pattern=r"^[0-9a-f]{64}$")

    @property
    def label(self) -> str:
        """The name, by default the function's."""
        return self.name or self.target.rpartition(":")[2].rpartition(".")[2]

    @cached_property
    def bounds(self) -> Bounds:
        return self._declared.bounds

    @cached_property
    def waits(self) -> bool:
        """Whether the function is asynchronous."""
        return inspect.iscoroutinefunction(self._declared.function)

    @property
    def _declared(self) -> _Declared:
        return _find(self.target, self.sha)

    def __call__(self, item: Item, sample: Sample | str | Mapping[str, Any]) -> Any:
        """What the function itself gives."""
        return self._declared.function(item, Sample.of(sample))

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        given = self._declared.function(item, sample)
        if inspect.isawaitable(given):
            given = await given
        return given if isinstance(given, Score) else passed(float(given))

    @model_validator(mode="before")
    @classmethod
    def _found(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping) or not isinstance(target := data.get("target"), str):
            return data
        if info.context is not None and not info.context.get("refs", True):
            raise GraderSpecError(f"ref: it would run {target}, and functions are not allowed here (refs=False)")
        if "sha" in data or not re.fullmatch(_TARGET, target):
            return data
        return {**data, "sha": _newest(target)}

    def _check(self) -> None:
        _find(self.target, self.sha)


@overload
def grader(function: Function, /) -> Ref: ...


@overload
def grader(*, bounds: Bounds = (0.0, 1.0), name: str | None = None) -> Callable[[Function], Ref]: ...


def grader(
    function: Function | None = None, /, *, bounds: Bounds = (0.0, 1.0), name: str | None = None
) -> Ref | Callable[[Function], Ref]:
    """Make a function of item and sample a grader: `@grader`, or `@grader(bounds=(-1, 1))`.

    The function gives a number within the bounds or a `Score`, and raises `Invalid` where it has none; it may be
    asynchronous. It must be a function of its arguments alone: what else it reads is no part of the hash.

    Raises:
        GraderSpecError: the bounds are no interval, or the function has no source to hash.
    """
    if function is None:
        return lambda function: _declare(function, bounds, name)
    return _declare(function, bounds, name)


def _declare(function: Function, bounds: Bounds, name: str | None) -> Ref:
    low, high = map(float, bounds)
    if not -math.inf < low <= high < math.inf:
        raise GraderSpecError(f"grader: the bounds {low:g} to {high:g} are not two finite numbers in order")
    target = f"{function.__module__}:{function.__qualname__}"
    if function.__name__ == "<lambda>":
        raise GraderSpecError("grader: a lambda has no name to find it by; write a def")
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        raise GraderSpecError(f"grader: the source of {target} cannot be read; put it into a module") from None
    sha = hashlib.sha256(source.encode()).hexdigest()
    _DECLARED[target, sha] = _Declared(function, (low, high))
    _NEWEST[target] = sha
    return Ref(target=target, sha=sha, name=name)


def _find(target: str, sha: str) -> _Declared:
    """The declared function; its module is imported where it was not.

    Raises:
        GraderSpecError: there is none, or its source is another.
    """
    if (target, sha) not in _DECLARED and (newest := _newest(target)) != sha:
        raise GraderSpecError(
            f"ref: the source of {target} has changed: the grader was written for {sha[:12]}, and it is {newest[:12]} "
            "now; take back the code, or leave `sha` out to take the function as it is"
        )
    return _DECLARED[target, sha]


def _newest(target: str) -> str:
    if target not in _NEWEST:
        _import(target)
    if target not in _NEWEST:
        raise GraderSpecError(f"ref: {target} is no function declared with @grader")
    return _NEWEST[target]


def _import(target: str) -> None:
    module = target.partition(":")[0]
    try:
        importlib.import_module(module)
    except Exception as error:
        raise GraderSpecError(f"ref: {module} cannot be imported: {type(error).__name__}: {error}") from None
