"""A policy's tests, read as data: lines `assert f(literals) == literal`. Nothing of them is ever executed."""

import ast
import re
from dataclasses import dataclass
from typing import Any

from textgym.core import syntax
from textgym.sandbox.driver import NotPlainError, encode

LONGEST_LINE = 1_000
"""Characters of a line that is read."""
_DEEPEST = 30
_LARGEST = 10**18
_BRACKET = re.compile(r"[()\[\]{}]")
_SHOWN = 60


class SuiteError(ValueError):
    """The text is no suite of tests; the message says what is wrong, in words that may be shown."""


@dataclass(frozen=True, slots=True)
class WrittenTest:
    """One test: arguments, and the value that is expected of them.

    Attributes:
        line: number of its line in the answer, from 1.
        args: the arguments.
        expected: the value.
    """

    line: int
    args: tuple[Any, ...]
    expected: Any


def read_suite(text: str, entry: str, most: int) -> list[WrittenTest]:
    """The tests in `text`; empty lines and comments are skipped. Time is bounded by the length that is read.

    Args:
        text: lines `assert entry(arguments) == value`, all of literals of None, bool, int, str, list, tuple and dict.
        entry: name of the function under test.
        most: how many tests are allowed.

    Raises:
        SuiteError: a line is something else, a call is tested twice, there are no tests, or more than `most`.
    """
    found: dict[str, WrittenTest] = {}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith(("#", "```")):
            continue
        if len(found) == most:
            raise SuiteError(f"there are more than {most} tests")
        try:
            args, expected = _parts(line, entry)
        except SuiteError as error:
            raise SuiteError(f"line {number}, {_cut(line)!r}: {error}") from None
        test = WrittenTest(number, args, expected)
        if found.setdefault(encode(list(args), canonical=True), test) is not test:
            raise SuiteError(f"line {number} tests a call that is tested already")
    if not found:
        raise SuiteError("there are no tests")
    return list(found.values())


def written_suite(entry: str, tests: list[tuple[tuple[Any, ...], Any]]) -> str:
    """The text of a suite; `read_suite` reads it back."""
    return "\n".join(f"assert {entry}({', '.join(map(repr, args))}) == {expected!r}" for args, expected in tests)


def _parts(line: str, entry: str) -> tuple[tuple[Any, ...], Any]:
    if len(line) > LONGEST_LINE:
        raise SuiteError(f"it is longer than {LONGEST_LINE} characters")
    depth = deepest = 0
    for bracket in _BRACKET.findall(line):
        depth += 1 if bracket in "([{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise SuiteError(f"it is nested deeper than {_DEEPEST}")
    try:
        tree = syntax.parse(line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise SuiteError("it is no Python") from None
    match tree.body:
        case [
            ast.Assert(
                test=ast.Compare(
                    left=ast.Call(func=ast.Name(id=name), args=args, keywords=[]),
                    ops=[ast.Eq() | ast.Is()],
                    comparators=[expected],
                ),
                msg=None,
            )
        ] if name == entry:
            return tuple(_value(arg) for arg in args), _value(expected)
    raise SuiteError(f"it is not of the form assert {entry}(arguments) == value")


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value) if value is None or type(value) in (bool, str):
            return value
        case ast.Constant(value=value) if type(value) is int and value < _LARGEST:
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) is int and value < _LARGEST:
            return -value
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            try:
                made = {_value(key): _value(item) for key, item in zip(keys, values, strict=True) if key is not None}
                encode(made)
            except (TypeError, NotPlainError):
                raise SuiteError("a key of a dict cannot be one") from None
            return made
    raise SuiteError("a part of it is no literal of None, bool, int (below 10**18), str, list, tuple or dict")


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
