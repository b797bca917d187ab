"""JSON Schema on hostile documents: bounded steps, patterns in linear time, nothing fetched."""

import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from textgym.graders.errors import Invalid
from textgym.graders.primitives.json_values import key_of
from textgym.graders.primitives.patterns import compiled, searchable

MOST_STEPS = 100_000
_SHOWN = 200
_steps_left: ContextVar[int] = ContextVar("steps_left", default=MOST_STEPS)
_Keyword = Callable[[Any, Any, Any, Any], Iterator[Any]]


class _TooManyStepsError(Exception):
    """The document has cost `MOST_STEPS`."""


class Schema:
    """A schema that is ready to check documents."""

    def __init__(self, validator: Any) -> None:
        self._validator = validator

    @classmethod
    def of(cls, schema: Any) -> "Schema":
        """The schema of these JSON values.

        Raises:
            Invalid: they are no JSON Schema, or one that cannot be checked within bounds.
        """
        if not isinstance(schema, dict | bool):
            raise Invalid("error", "the schema is an object, true or false")
        return _made(json.dumps(schema, sort_keys=True))

    def problem(self, document: Any) -> str | None:
        """What is wrong with the document; None if it fits.

        Raises:
            Invalid: the schema refers to something that is not there.
        """
        from referencing.exceptions import Unresolvable

        token = _steps_left.set(MOST_STEPS)
        try:
            error = next(self._validator.iter_errors(document), None)
        except _TooManyStepsError:
            return f"the document takes more than {MOST_STEPS:,} steps to check"
        except Unresolvable as unresolved:
            raise Invalid("error", f"the schema refers to {unresolved}, which it does not hold") from None
        except RecursionError:
            raise Invalid("error", "the schema refers to itself without end") from None
        finally:
            _steps_left.reset(token)
        if error is None:
            return None
        place = "".join(f"[{step!r}]" for step in list(error.absolute_path)[:20])
        return f"{place or 'the document'}: {error.message[:_SHOWN]}".encode("utf-8", "replace").decode()


@lru_cache(maxsize=64)
def _made(text: str) -> Schema:
    import jsonschema
    from jsonschema import validators
    from referencing import Registry

    schema = json.loads(text)
    draft = validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        draft.check_schema(schema)
        _check_patterns(schema)
    except jsonschema.SchemaError as error:
        raise Invalid("error", f"the schema is wrong: {error.message[:_SHOWN]}") from None
    except (ValueError, RecursionError) as error:
        raise Invalid("error", f"the schema cannot be used: {error}") from None
    keywords = {name: _counted(_OURS.get(name, keyword)) for name, keyword in draft.VALIDATORS.items()}
    extend: Any = validators.extend
    return Schema(extend(draft, keywords)(schema, registry=Registry()))


def _check_patterns(schema: Any) -> None:
    """Refuse patterns that RE2 does not take, and what would match them by a regular expression that backtracks."""
    waiting = [schema]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, list):
            waiting += inner
        elif isinstance(inner, dict):
            waiting += inner.values()
            if isinstance(pattern := inner.get("pattern"), str):
                compiled(pattern)
            if isinstance(patterns := inner.get("patternProperties"), dict):
                for pattern in patterns:
                    compiled(pattern)
                if "unevaluatedProperties" in inner:
                    raise ValueError("patternProperties beside unevaluatedProperties is not supported")


def _counted(keyword: Any) -> _Keyword:
    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
        left = _steps_left.get() - 1
        _steps_left.set(left)
        if left < 0:
            raise _TooManyStepsError
        yield from keyword(validator, value, instance, schema) or ()

    return counted


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if isinstance(instance, str) and not compiled(pattern).search(searchable(instance)):
        yield ValidationError(f"{instance[:_SHOWN]!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, patterns: dict[str, Any], instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, dict):
        for pattern, inner in patterns.items():
            for key, value in instance.items():
                if compiled(pattern).search(searchable(key)):
                    yield from validator.descend(value, inner, path=key, schema_path=pattern)


def _unique_items(validator: Any, wanted: bool, instance: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if wanted and isinstance(instance, list) and len({key_of(one) for one in instance}) < len(instance):
        yield ValidationError("the items are not all different")


def _additional_properties(validator: Any, inner: Any, instance: Any, schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if not isinstance(instance, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for key, value in instance.items():
        if key in known or any(compiled(pattern).search(searchable(key)) for pattern in patterns):
            continue
        if inner is False:
            yield ValidationError(f"the property {key[:_SHOWN]!r} is not foreseen")
        else:
            yield from validator.descend(value, inner, path=key)


_OURS: dict[str, Any] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
}
