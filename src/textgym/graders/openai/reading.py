"""`from_openai`: a grader from the JSON of an RFT grader."""

import math
from collections.abc import Mapping
from typing import Any

from textgym.core.errors import did_you_mean
from textgym.graders.base import Bounds, Grader
from textgym.graders.catalogue import decoded, load
from textgym.graders.code.python import UNDECLARED
from textgym.graders.errors import GraderSpecError
from textgym.graders.formula import FormulaError, parse_formula
from textgym.graders.openai.vocabulary import FIELDS, METRICS

_MOST_GRADERS = 1000
_SAID_SEPARATELY = {
    "endpoint": "graders that call a service of yours are Azure's alone, and nothing here calls out for a grade: "
    "write the service's rule as a `python` grader",
    "pass_threshold": "it belongs to test criteria of Evals and does not change a reward: leave it out",
}


def from_openai(given: str | bytes | Mapping[str, Any]) -> Grader:
    """A grader from the JSON of an RFT grader, as text or as a mapping.

    All three shapes in which `multi` is written are read: a mapping of names to graders, a list of named graders, and a
    single named grader. `text_similarity` becomes the grader of its metric (`cosine` the one on words: the hosted one is
    on embeddings), `multi` a `formula`, and every other type the one of the same name.

    Raises:
        GraderSpecError: it is no such JSON; the message names the place. `FormulaError` where `calculate_output` cannot
            be read.
    """
    return _read(decoded(given) if isinstance(given, str | bytes) else given, "")


def is_openai(given: Mapping[str, Any]) -> bool:
    """Whether this is meant to be an RFT grader: its type is one of theirs, and it has no field that only ours have."""
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        return False
    required, optional = FIELDS[kind]
    return set(given) <= required | optional | {"type", "name", "pass_threshold"}


def _read(given: Any, where: str) -> Grader:
    data = _checked(given, where)
    kind, name = data["type"], data.get("name")
    try:
        if kind == "multi":
            return _multi(data, where)
        if kind == "text_similarity":
            return load({**METRICS[data["evaluation_metric"]], "name": name, **_texts(data)})
        return load({**data, **(_texts(data) if kind == "string_check" else {})})
    except FormulaError as error:
        raise FormulaError(f"{_at(where)}calculate_output: {error}") from None
    except GraderSpecError as error:
        raise GraderSpecError(f"{_at(where)}{error}") from None


def _checked(given: Any, where: str) -> Mapping[str, Any]:
    """The object, if its type and the names of its fields are right."""
    if not isinstance(given, Mapping):
        raise GraderSpecError(f"{_at(where)}a grader is a JSON object, not {type(given).__name__}")
    kind = given.get("type")
    if not isinstance(kind, str):
        raise GraderSpecError(f'{_at(where)}a grader needs a `type`, such as "string_check"')
    if kind not in FIELDS:
        why = _SAID_SEPARATELY.get(kind) or f"RFT has no grader of this type: {did_you_mean(kind, FIELDS)}"
        raise GraderSpecError(f"{_at(where)}type {kind!r}: {why}")
    required, optional = FIELDS[kind]
    for field in given:
        if field not in required | optional | {"type", "name"}:
            known = sorted(required | optional | {"name"})
            why = _SAID_SEPARATELY.get(str(field)) or f"{kind} has no such field: {did_you_mean(str(field), known)}"
            raise GraderSpecError(f"{_at(where)}{field}: {why}")
    for field in sorted(required):
        if field not in given:
            raise GraderSpecError(f"{_at(where)}{kind} needs the field {field!r}")
    metric = given.get("evaluation_metric")
    if kind == "text_similarity" and not (isinstance(metric, str) and metric in METRICS):
        wrong = str(metric)
        raise GraderSpecError(f"{_at(where)}evaluation_metric {wrong!r}: {did_you_mean(wrong, METRICS)}")
    name = given.get("name")
    if name is not None and not isinstance(name, str):
        raise GraderSpecError(f"{_at(where)}name is a text, not {type(name).__name__}")
    return {field: value for field, value in given.items() if value is not None or field in required}


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    """`input` and `reference`, which RFT has as texts."""
    for field in ("input", "reference"):
        if not isinstance(data[field], str):
            raise GraderSpecError(f"{field} is a text, not {type(data[field]).__name__}")
    return {"input": data["input"], "reference": data["reference"]}


def _multi(data: Mapping[str, Any], where: str) -> Grader:
    formula = data["calculate_output"]
    if not isinstance(formula, str):
        raise GraderSpecError(f"calculate_output is a text, not {type(formula).__name__}")
    graders = {
        name: _read(part, f"{where}.graders.{name}".lstrip(".")) for name, part in _named(data["graders"]).items()
    }
    within = _provable(formula, {name: part.bounds for name, part in graders.items()})
    return load({"type": "formula", "name": data.get("name"), "formula": formula, "graders": graders, "within": within})


def _named(given: Any) -> dict[str, Any]:
    """The graders of a `multi` by name, whatever shape they are written in."""
    if isinstance(given, Mapping) and not isinstance(given.get("type"), str):
        named = {str(name): part for name, part in given.items()}
    else:
        named = {}
        for place, part in enumerate(given if isinstance(given, list | tuple) else [given]):
            name = part.get("name") if isinstance(part, Mapping) else None
            if not isinstance(name, str):
                raise GraderSpecError(f"graders.{place}: calculate_output speaks of it by its `name`, and it has none")
            if name in named:
                raise GraderSpecError(f"graders.{place}: there are two graders called {name!r}")
            named[name] = part
    if not 1 <= len(named) <= _MOST_GRADERS:
        raise GraderSpecError(f"graders: there are {len(named):,}; one to {_MOST_GRADERS:,} are read")
    for name, part in named.items():
        if isinstance(part, Mapping) and part.get("type") == "multi":
            raise GraderSpecError(f"graders.{name}: a multi grader holds no other multi grader; write one formula")
    return named


def _provable(formula: str, bounds: Mapping[str, Bounds]) -> Bounds | None:
    """None where the formula's bounds follow from those of its parts, else bounds that are as good as none."""
    read = parse_formula(formula)
    if any(name not in bounds for name in read.names):
        return None  # refused by name later
    try:
        low, high = read.extent(bounds)
    except ArithmeticError:
        return UNDECLARED
    return None if -math.inf < low <= high < math.inf else UNDECLARED


def _at(where: str) -> str:
    return f"{where}: " if where else ""
