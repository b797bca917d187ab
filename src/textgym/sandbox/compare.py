"""Is a value what was expected? Decided in the host, between plain data, by rules that the author declares."""

import cmath
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from textgym.sandbox.driver import encode

_MAX_PAIRED = 128  # members of an unordered collection that are tried all with all; more are compared as sorted


class Comparison(BaseModel):
    """How a value is compared with the expected one. By default exactly: same types, same order, same digits.

    `bool` is never a number: `True` is not `1` under any rule. A NaN is equal to a NaN, and to nothing else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rel_tol: float = Field(0.0, ge=0, lt=1, description="largest difference of numbers, relative to the larger one")
    abs_tol: float = Field(
        0.0, ge=0, allow_inf_nan=False, description="largest difference of numbers; with either, 2 and 2.0 are the same"
    )
    order: Literal["all", "inner", "none"] = Field(
        "all", description="lists whose order counts: all, all but the outermost, or none; a list never becomes a set"
    )
    tuples: Literal["distinct", "lists"] = Field("distinct", description="whether a tuple is a list, as in JSON data")
    whitespace: Literal["exact", "ends", "words"] = Field(
        "ends",
        description="of text on stdout: every byte counts; not at ends of lines and text; only where it separates",
    )

    @property
    def tolerant(self) -> bool:
        """Whether numbers may differ at all."""
        return self.rel_tol > 0 or self.abs_tol > 0


EXACT = Comparison()


def same(expected: Any, actual: Any, rules: Comparison = EXACT) -> bool:
    """Whether two plain values are the same under `rules`; see `driver.encode` for what plain is."""
    loose = rules.order != "all"
    if rules.tolerant:
        return _close(expected, actual, rules, loose)
    return _text(expected, rules, loose) == _text(actual, rules, loose)


def same_text(expected: bytes, actual: bytes, rules: Comparison = EXACT) -> bool:
    """Whether a program's output is the expected one, under the rule for whitespace."""
    if rules.whitespace == "exact":
        return expected == actual
    if rules.whitespace == "words":
        return expected.split() == actual.split()
    return _lines(expected) == _lines(actual)


def _lines(text: bytes) -> list[bytes]:
    return [line.rstrip() for line in text.rstrip().split(b"\n")]


def _text(value: Any, rules: Comparison, loose: bool) -> str:
    """The canonical text, with lists sorted where their order does not count: one text for all orders.

    Tuples become lists where the rules say so; not inside sets and keys, where no list can be.
    """
    kind, inner = type(value), rules.order == "none"
    if kind is dict:
        pairs = [f"[{_canonical(key)},{_text(item, rules, inner)}]" for key, item in value.items()]
        return f'{{"dict":[{",".join(sorted(pairs))}]}}'
    if kind is not list and kind is not tuple:
        return _canonical(value)
    items = [_text(item, rules, inner) for item in value]
    body = f"[{','.join(sorted(items) if loose else items)}]"
    return body if kind is list or rules.tuples == "lists" else f'{{"tuple":{body}}}'


def _canonical(value: Any) -> str:
    return encode(value, canonical=True)


def _close(expected: Any, actual: Any, rules: Comparison, loose: bool) -> bool:
    kind, other = type(expected), type(actual)
    if rules.tuples == "lists":
        kind, other = (list if one is tuple else one for one in (kind, other))
    if kind in (int, float, complex) and other in (int, float, complex):
        return _near(expected, actual, rules)
    if kind is not other:
        return False
    inner = rules.order == "none"
    if kind is dict:
        theirs = {_canonical(key): value for key, value in actual.items()}
        return len(expected) == len(actual) and all(
            (name := _canonical(key)) in theirs and _close(value, theirs[name], rules, inner)
            for key, value in expected.items()
        )
    if kind in (list, tuple, set, frozenset):
        if len(expected) != len(actual):
            return False
        if loose or kind in (set, frozenset):
            return _paired(list(expected), list(actual), rules, inner)
        return all(_close(one, two, rules, inner) for one, two in zip(expected, actual, strict=True))
    return bool(expected == actual)


def _near(expected: Any, actual: Any, rules: Comparison) -> bool:
    if expected != expected or actual != actual:  # noqa: PLR0124 (a NaN)
        return _canonical(expected) == _canonical(actual)
    isclose: Callable[..., bool] = cmath.isclose if complex in (type(expected), type(actual)) else math.isclose
    try:
        return isclose(expected, actual, rel_tol=rules.rel_tol, abs_tol=rules.abs_tol)
    except OverflowError:  # a whole number beyond every float, and far from all of them
        if not type(expected) is type(actual) is int:
            return False
        largest = max(abs(expected), abs(actual))
        return abs(expected - actual) <= max(Fraction(rules.rel_tol) * largest, Fraction(rules.abs_tol))


def _paired(expected: list[Any], actual: list[Any], rules: Comparison, loose: bool) -> bool:
    """Whether the members, as many on both sides, can be paired off so that each pair is close."""
    if all(type(one) in (int, float) and one == one for one in (*expected, *actual)):  # noqa: PLR0124 (no NaN)
        pairs = zip(sorted(expected), sorted(actual), strict=True)
        return all(_near(one, two, rules) for one, two in pairs)
    if len(expected) > _MAX_PAIRED:
        pairs = zip(sorted(expected, key=_canonical), sorted(actual, key=_canonical), strict=True)
        return all(_close(one, two, rules, loose) for one, two in pairs)
    return _matching(
        [[place for place, two in enumerate(actual) if _close(one, two, rules, loose)] for one in expected]
    )


def _matching(choices: list[list[int]]) -> bool:
    """Whether each row can have a column of its own among its choices (Kuhn's augmenting paths)."""
    taken: dict[int, int] = {}

    def place(row: int, seen: set[int]) -> bool:
        for column in choices[row]:
            if column not in seen:
                seen.add(column)
                if column not in taken or place(taken[column], seen):
                    taken[column] = row
                    return True
        return False

    return all(place(row, set()) for row in range(len(choices)))
