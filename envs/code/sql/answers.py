"""Whether two results of queries are the same: rows as a multiset or in order, numbers within a tolerance."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

TOLERANCE = 1e-9
"""Two numbers are the same if they differ by at most this share of the larger one, or by at most this much near zero."""

Cell = int | float | str | None
Row = tuple[Cell, ...]


def same_rows(expected: Sequence[Row], given: Sequence[Row], *, ordered: bool) -> bool:
    """Whether `given` holds the expected rows, each as often, and in the same order where that is asked for.

    Column names do not matter; the order of columns does. NULL is the same as NULL and nothing else. Whole numbers are
    the same if they are equal; where either is a fraction, within `TOLERANCE`. Text is compared exactly, and is never the
    same as a number.
    """
    if len(expected) != len(given) or {len(row) for row in expected} != {len(row) for row in given}:
        return False
    if ordered:
        pairs = zip(expected, given, strict=True)
        return all(_same_cell(one, other) for rows in pairs for one, other in zip(*rows, strict=True))
    columns = [_known(column) for column in zip(*expected, strict=True)]
    return Counter(_snapped(row, columns) for row in given) == Counter(_snapped(row, columns) for row in expected)


def _known(column: Sequence[Cell]) -> list[int | float]:
    """The numbers that are expected in a column, in their order; of those that are the same, one."""
    kept: list[int | float] = []
    for value in sorted({value for value in column if isinstance(value, int | float)}):
        if not kept or not _same_number(kept[-1], value):
            kept.append(value)
    return kept


def _snapped(row: Row, columns: list[list[int | float]]) -> Row:
    """A row, each number in it replaced by the expected one that it is the same as."""
    cells = zip(row, columns, strict=True)
    return tuple(_nearest(cell, known) if isinstance(cell, int | float) else cell for cell, known in cells)


def _nearest(value: int | float, known: list[int | float]) -> int | float:
    if not math.isfinite(value):
        return value
    at = bisect_left(known, value)
    close = [other for other in known[max(0, at - 1) : at + 1] if _same_number(value, other)]
    return min(close, key=lambda other: abs(other - value)) if close else value


def _same_cell(one: Cell, other: Cell) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return _same_number(one, other)
    return type(one) is type(other) and one == other


def _same_number(one: int | float, other: int | float) -> bool:
    if (isinstance(one, int) and isinstance(other, int)) or not (math.isfinite(one) and math.isfinite(other)):
        return one == other
    return abs(one - other) <= TOLERANCE * max(1.0, abs(one), abs(other))
