"""Reads values that a policy writes as Python literals. They are data: nothing is evaluated."""

import ast
import re
from typing import Any

from textgym.sandbox.driver import NotPlainError, encode

LONGEST = 4_000
"""Characters of a literal that is read."""
_DEEPEST = 40
_SIGNS = re.compile(r"[-+~]\s*[-+~]")
_BRACKET = re.compile(r"[()\[\]{}]")


class LiteralError(ValueError):
    """The text is no literal of plain data; the message says what is wrong with it."""


def read_literal(text: str) -> Any:
    """The value of a Python literal: None, bool, int, float, str, bytes, list, tuple, dict, set, nested.

    Time and memory are bounded by the length that is read. Plain data is what `driver.encode` takes.

    Raises:
        LiteralError: it is none, too long, or nested too deep.
    """
    if len(text) > LONGEST:
        raise LiteralError(f"it is longer than {LONGEST} characters")
    depth = deepest = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise LiteralError(f"it is nested deeper than {_DEEPEST}")
    if _SIGNS.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", text)):
        raise LiteralError("a number has one sign")
    try:
        value = ast.literal_eval(text.strip())
        encode(value)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError, NotPlainError):
        raise LiteralError("it is no Python literal") from None
    return value
