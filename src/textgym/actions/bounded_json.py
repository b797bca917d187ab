"""JSON from a hostile text: bounded depth, bounded numbers, no duplicate keys, errors with their place."""

import json
import re
from typing import Any, NoReturn

MAX_DEPTH = 32
MAX_DIGITS = 300

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)|[\[{]|[\]}]', re.DOTALL)
_HALF_PAIR = re.compile(r"\\u[dD][89a-fA-F]")


class JsonError(ValueError):
    """The text is no JSON value that is accepted; the message says why, and where."""


def end_of_value(text: str, start: int) -> int | None:
    """The place after the JSON object or list that begins at `start`; None where the text ends before it is closed.

    Only brackets and strings are looked at, each character once.

    Raises:
        JsonError: it is nested deeper than `MAX_DEPTH`.
    """
    depth = 0
    for token in _TOKEN.finditer(text, start):
        char = text[token.start()]
        if char == '"':
            if not token[1]:
                return None
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonError(f"brackets are nested deeper than {MAX_DEPTH}")
        else:
            depth -= 1
            if depth <= 0:
                return token.end()
    return None


def load_json(text: str) -> Any:
    """Decode a JSON value. Line breaks inside strings are let through, as models write them.

    Raises:
        JsonError: the text is not JSON, has a key twice, is nested deeper than `MAX_DEPTH`, holds a number of more than
            `MAX_DIGITS` digits or beyond the range of a float, or half of a surrogate pair.
    """
    _check_depth(text)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg} at line {error.lineno}, column {error.colno}") from None
    if _HALF_PAIR.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise JsonError("a string holds half of a surrogate pair") from None
    return value


def _check_depth(text: str) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        char = text[token.start()]
        if char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonError(f"brackets are nested deeper than {MAX_DEPTH}")
        elif char in "]}":
            depth -= 1


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise JsonError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _real(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise JsonError("a number is too large")
    return value


def _constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise JsonError(f"the key {key[:60]!r} is given twice")
            seen.add(key)
    return made


_DECODER = json.JSONDecoder(
    parse_int=_whole, parse_float=_real, parse_constant=_constant, object_pairs_hook=_object, strict=False
)
