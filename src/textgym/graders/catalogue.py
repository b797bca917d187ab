"""Graders from JSON, and the modules in which the types are."""

import importlib
import json
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from pydantic import ValidationError

from textgym.core.errors import did_you_mean
from textgym.graders.base import Grader
from textgym.graders.errors import GraderSpecError
from textgym.graders.registration import TYPES

GROUP = "textgym.graders"
"""The entry-point group of third parties' graders: each entry point is a module, or a subclass of `Grader`."""

MODULES: tuple[str, ...] = ("combinators", "code.python", "code.sql", "code.tests")
"""The modules of this package that define types."""

_LARGEST = 4 << 20


def load(given: "str | bytes | Mapping[str, Any] | Grader") -> Grader:
    """A grader from its JSON, as text or as a mapping.

    Raises:
        GraderSpecError: it is no JSON, its type is unknown, or a field is wrong; the message says which.
    """
    if isinstance(given, Grader):
        return given
    if isinstance(given, str | bytes):
        if len(given) > _LARGEST:
            raise GraderSpecError(f"the grader has {len(given):,} characters; at most {_LARGEST:,} are read")
        try:
            given = json.loads(given)
        except (ValueError, RecursionError) as error:
            raise GraderSpecError(f"the grader is no JSON: {error}") from None
    if not isinstance(given, Mapping):
        raise GraderSpecError(f"a grader is a JSON object, not {type(given).__name__}")
    kind = given.get("type")
    if not isinstance(kind, str):
        raise GraderSpecError("a grader needs a `type`, such as \"exact\"")
    try:
        return grader_class(kind).model_validate(dict(given))
    except ValidationError as error:
        raise GraderSpecError(_described(kind, error)) from None
    except RecursionError:
        raise GraderSpecError("graders are nested too deeply") from None


def grader_class(kind: str) -> type[Grader]:
    """The class of a type, ours or a third party's.

    Raises:
        GraderSpecError: there is none; the message names the closest.
    """
    if kind not in TYPES:
        for module in MODULES:
            importlib.import_module(f"textgym.graders.{module}")
    if kind not in TYPES:
        for point in entry_points(group=GROUP):
            point.load()
    if kind not in TYPES:
        raise GraderSpecError(f"no grader has the type {kind!r}: {did_you_mean(kind, TYPES)}")
    return TYPES[kind]


def _described(kind: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    fields = [name for name in TYPES[kind].model_fields if name != "type"]
    if first["type"] == "extra_forbidden":
        return f"{kind}: it has no field {place!r}: {did_you_mean(str(first['loc'][-1]), fields)}"
    return f"{kind}{'.' + place if place else ''}: {first['msg'].removeprefix('Value error, ')}"
