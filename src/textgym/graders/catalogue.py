"""Graders from JSON, and the modules in which the types are."""

import importlib
import json
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any, NoReturn

from pydantic import ValidationError

from textgym.core.errors import did_you_mean
from textgym.graders.base import Grader
from textgym.graders.errors import GraderSpecError
from textgym.graders.registration import TYPES

GROUP = "textgym.graders"
"""The entry-point group of third parties' graders: each entry point is a module, or a subclass of `Grader`."""

MODULES: tuple[str, ...] = (
    "sums",
    "order",
    "shaping",
    "flow",
    "limits",
    "calculation",
    "groups",
    "functions",
    "code.python",
    "code.sql",
    "code.tests",
    "judges.calibrated",
    "judges.label_model",
    "judges.pairwise",
    "judges.panel",
    "judges.quorum",
    "judges.rubric",
    "judges.score_model",
    "extraction",
    "math.graders",
    "openai.meteor",
    "primitives.changes",
    "primitives.choice",
    "primitives.citations",
    "primitives.collections",
    "primitives.form",
    "primitives.json_match",
    "primitives.language",
    "primitives.length",
    "primitives.ngrams",
    "primitives.numbers",
    "primitives.ranking",
    "primitives.similarity",
    "primitives.source",
    "primitives.table_match",
    "primitives.text",
    "primitives.tool_calls",
)
"""The modules of this package that define types."""

_LARGEST = 4 << 20
_DEEPEST = 200


def load(given: "str | bytes | Mapping[str, Any] | Grader", *, refs: bool = True) -> Grader:
    """A grader from its JSON, as text or as a mapping.

    Args:
        given: the JSON.
        refs: whether it may name Python functions (type `ref`), whose modules are then imported. Say False where the
            JSON comes from somebody who may not run code here.

    Raises:
        GraderSpecError: it is no JSON, its type is unknown, or a field is wrong; the message says which.
    """
    if isinstance(given, str | bytes):
        given = decoded(given)
    if isinstance(given, Grader):
        for node in given.walk() if not refs else ():
            if node.type == "ref":
                raise GraderSpecError(
                    f"ref: {node.label} is a function, and functions are not allowed here (refs=False)"
                )
        return given
    if not isinstance(given, Mapping):
        raise GraderSpecError(f"a grader is a JSON object, not {type(given).__name__}")
    _check_nesting(given)
    kind = grader_class(given.get("type"))
    try:
        return kind.model_validate(dict(given), context={"refs": refs})
    except ValidationError as error:
        raise GraderSpecError(_described(kind, error)) from None


def grader_class(kind: Any) -> type[Grader]:
    """The class of a type, ours or a third party's.

    Raises:
        GraderSpecError: there is none; the message names the closest.
    """
    if not isinstance(kind, str):
        raise GraderSpecError('a grader needs a `type`, such as "exact"')
    for module in MODULES:
        if kind in TYPES:
            break
        importlib.import_module(f"textgym.graders.{module}")
    if kind not in TYPES:
        _import_plugins()
    if kind not in TYPES:
        raise GraderSpecError(f"no grader has the type {kind[:100]!r}: {did_you_mean(kind[:100], TYPES)}")
    return TYPES[kind]


def _import_plugins() -> None:
    for point in entry_points(group=GROUP):
        try:
            point.load()
        except Exception as error:
            source = f"{point.name} of {point.dist.name}" if point.dist else point.name
            raise GraderSpecError(
                f"the plug-in {source} cannot be imported: {type(error).__name__}: {error}"
            ) from error


def decoded(text: str | bytes) -> Any:
    """The JSON value in a text that is given as a grader.

    Raises:
        GraderSpecError: it is too long or no JSON, or a key stands in an object twice, of which one would be lost.
    """
    if len(text) > _LARGEST:
        raise GraderSpecError(f"the grader has {len(text):,} characters; at most {_LARGEST:,} are read")
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise GraderSpecError(f"the grader is no JSON: {error}") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an object has a key twice")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _check_nesting(given: Mapping[str, Any]) -> None:
    """Refuse what is nested beyond all use, before anything descends into it."""
    level: list[Any] = [given]
    for _ in range(_DEEPEST):
        level = [
            inner
            for value in level
            if isinstance(value, Mapping | list | tuple)
            for inner in (value.values() if isinstance(value, Mapping) else value)
        ]
        if not level:
            return
    raise GraderSpecError("graders are nested too deeply")


def _described(kind: type[Grader], error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    own, message = kind.model_fields["type"].default, first["msg"].removeprefix("Value error, ")
    if not first["loc"]:
        return message if message.startswith(own) else f"{own}: {message}"
    *above, field = map(str, first["loc"])
    place = ".".join([own, *above])
    if first["type"] != "extra_forbidden":
        return f"{place}.{field}: {message}"
    fields = [name for name in kind.model_fields if name != "type"] if not above else []
    return f"{place}: there is no field {field!r}{': ' + did_you_mean(field, fields) if fields else ''}"
