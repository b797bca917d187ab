"""JSON lines as rows."""

import itertools
import json
from collections.abc import Collection, Iterator
from typing import Any, NoReturn

from textgym.envs.math.dataset.rows import BadRowError, Place, Row, Stamp

LONGEST_LINE = 16 << 20
"""Bytes of a line that are read."""


class JsonLines:
    """One JSON object a line; keys are the places of lines in bytes, and blank lines are passed over."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp

    def scan(self, fields: Collection[str]) -> Iterator[Place]:
        """All rows, one line in memory at a time."""
        at = 0
        with open(self._stamp.path, "rb") as file:
            for number in itertools.count(1):
                line = file.readline(LONGEST_LINE + 1)
                if not line:
                    return
                if len(line) > LONGEST_LINE:
                    raise BadRowError(f"line {number}: it is longer than {LONGEST_LINE:,} bytes")
                if line.strip():
                    try:
                        yield Place(at, f"line {number}", _object(line))
                    except ValueError as error:
                        raise BadRowError(f"line {number}: {error}") from None
                at += len(line)

    def read(self, key: int) -> Row:
        """The row of the line that begins at a byte."""
        self._stamp.check()
        with open(self._stamp.path, "rb") as file:
            file.seek(key)
            return _object(file.readline())


def _object(line: bytes) -> Row:
    try:
        row = json.loads(line.rstrip(), parse_constant=_no_constant, object_pairs_hook=_without_repeats)
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError(f"a row is a JSON object, not {type(row).__name__}")
    return row


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"it is no JSON: {name} is no number there")


def _without_repeats(pairs: list[tuple[str, Any]]) -> Row:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it has the field {twice!r} twice")
    return made
