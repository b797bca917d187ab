"""Settings of graders as JSON gives them back, so that a grader equals what is read from its own JSON."""

import math
from collections.abc import Mapping
from typing import Any

from textgym.graders.errors import GraderSpecError

_DEEPEST = 32
_LARGEST = 10**300


def json_setting(place: str, value: Any, depth: int = 0) -> Any:
    """A setting with lists for tuples and dictionaries for mappings.

    Args:
        place: what the setting is called in an error.
        value: the setting.
        depth: how deep inside the setting it is.

    Raises:
        GraderSpecError: it holds what is no JSON value, a number of more than 300 digits, or half of a surrogate pair, or it is
            nested deeper than 32 levels.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(place, value)
    if isinstance(value, int):
        if abs(value) >= _LARGEST:
            raise GraderSpecError(f"{place}: a number has more than 300 digits")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise GraderSpecError(f"{place}: {value} is no JSON number")
        return value
    if depth >= _DEEPEST:
        raise GraderSpecError(f"{place}: it is nested deeper than {_DEEPEST}")
    if isinstance(value, list | tuple):
        return [json_setting(place, inner, depth + 1) for inner in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {_text(place, key): json_setting(place, inner, depth + 1) for key, inner in value.items()}
    raise GraderSpecError(f"{place}: a {type(value).__name__} is no JSON value; write it as a text or a number")


def _text(place: str, text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise GraderSpecError(f"{place}: a text holds half of a surrogate pair") from None
    return text
