"""Sets of real numbers made of intervals with rational ends: compared exactly, written, and read within bounds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from textgym.envs.math.answer_parts import LONGEST, rational

_MOST = 100
_UNION = re.compile(r"∪|\bU\b|\bu\b|\bor\b|\bunion\b")
_PIECE = re.compile(r"([\[(])([^\[\](){},;]{1,200})[,;]([^\[\](){},;]{1,200})([\])])")
_POINTS = re.compile(r"\{([^\[\](){}]{1,2000})\}")
_INFINITE = frozenset({"inf", "oo", "infinity", "∞"})


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends, None for an infinite one; each end belongs to it or not."""

    low: Fraction | None
    high: Fraction | None
    with_low: bool = False
    with_high: bool = False

    def __str__(self) -> str:
        if self.low is not None and self.low == self.high:
            return f"{{{self.low}}}"
        low = "-inf" if self.low is None else str(self.low)
        high = "inf" if self.high is None else str(self.high)
        return f"{'[' if self.with_low else '('}{low}, {high}{']' if self.with_high else ')'}"


Region = tuple[Interval, ...]
"""Intervals from left to right, none of which meets the next: the one way to write a set."""


def region(intervals: Iterable[Interval]) -> Region:
    """The union of intervals. What is empty is left out, what overlaps or meets is joined."""
    found: list[Interval] = []
    for new in sorted((one for one in intervals if not _empty(one)), key=_left_end):
        if found and _meets(found[-1], new):
            last = found[-1]
            if _right_end(new) > _right_end(last):
                found[-1] = Interval(last.low, new.high, last.with_low, new.with_high)
        else:
            found.append(new)
    return tuple(found)


def _empty(one: Interval) -> bool:
    if one.low is None or one.high is None:
        return False
    return one.low > one.high or (one.low == one.high and not (one.with_low and one.with_high))


def _left_end(one: Interval) -> tuple[bool, Fraction, bool]:
    """Sorts by the left end, one that belongs to the interval before one that does not."""
    return one.low is not None, one.low or Fraction(0), not one.with_low


def _right_end(one: Interval) -> tuple[bool, Fraction, bool]:
    return one.high is None, one.high or Fraction(0), one.with_high


def _meets(left: Interval, right: Interval) -> bool:
    """Whether an interval reaches one that starts no earlier."""
    if left.high is None or right.low is None:
        return True
    return right.low < left.high or (right.low == left.high and (left.with_high or right.with_low))


def written_region(found: Region) -> str:
    """The set as text, such as `(-inf, -3) U [2, 5)`; `read_region` reads it back."""
    return " U ".join(map(str, found)) or "{}"


def read_region(text: str) -> Region | None:
    """The set that a text names as a union of intervals and finite sets, or None where it is in another form.

    `(-inf, -3) U [2, 5) U {7}`; `∪`, `or` and `union` join as well; `oo`, `infinity` and `∞` are read for `inf`; `{}` and
    `empty` are the empty set. An interval whose ends are in the wrong order, or that holds nothing, is not read.
    """
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if text in ("{}", "∅", "empty"):
        return ()
    found: list[Interval] = []
    for piece in _UNION.split(text, maxsplit=_MOST):
        read = _piece(piece.strip())
        if not read:
            return None
        found += read
    return region(found)


def _piece(text: str) -> list[Interval]:
    """One interval, or the points of a finite set; empty where it is neither."""
    if match := _POINTS.fullmatch(text):
        points = [rational(part) for part in match[1].split(",", _MOST)]
        return (
            [Interval(point, point, True, True) for point in points if point is not None] if None not in points else []
        )
    match = _PIECE.fullmatch(text)
    if match is None:
        return []
    (low, below), (high, above) = _end(match[2]), _end(match[3])
    with_low, with_high = match[1] == "[", match[4] == "]"
    if below not in (0, -1) or above not in (0, 1) or (below and with_low) or (above and with_high):
        return []
    one = Interval(low, high, with_low, with_high)
    return [] if _empty(one) else [one]


def _end(text: str) -> tuple[Fraction | None, int]:
    """An end: its number, or None with the sign of an infinite one; (None, 2) where it is neither."""
    text = text.strip()
    sign = -1 if text[:1] in ("-", "−") else 1
    if text.lstrip("+-−").strip() in _INFINITE and len(text) < 12:
        return None, sign
    number = rational(text)
    return number, 0 if number is not None else 2
