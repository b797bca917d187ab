"""Tables: rows of text with a header line, read out of hostile output and compared."""

import csv
import io
import re
from decimal import Decimal

Table = list[list[str]]

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?")


def money(hundredths: int) -> str:
    """Hundredths as a number with two decimal places."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def shown(table: Table) -> str:
    """A table as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    return text.getvalue()


def read_table(output: bytes, most: int) -> Table | str:
    """The table in a program's output, or what is wrong with it.

    Args:
        output: what the program printed.
        most: rows beyond which the output is not read.
    """
    try:
        text = output.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "the output is not UTF-8"
    rows: Table = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            if row:
                rows.append([cell.strip() for cell in row])
            if len(rows) > most:
                return f"the output has more than the {most} lines that the table has"
    except csv.Error as error:
        return f"the output is not CSV: {error}"
    return rows


def difference(table: Table, wanted: Table) -> str | None:
    """The first place where a table is not the wanted one; None if it is. Numbers are compared as numbers."""
    for number, (row, right) in enumerate(zip(table, wanted, strict=False), start=1):
        if len(row) != len(right):
            return f"line {number} has {len(row)} fields instead of {len(right)}"
        for place, (cell, value) in enumerate(zip(row, right, strict=True), start=1):
            if not same(cell, value):
                return f"line {number}, field {place}"
    if len(table) != len(wanted):
        return f"{len(table)} lines instead of {len(wanted)}"
    return None


def same(cell: str, value: str) -> bool:
    """Whether two fields say the same: equal text, or numbers of equal value."""
    if cell == value:
        return True
    return (
        _NUMBER.fullmatch(cell) is not None
        and _NUMBER.fullmatch(value) is not None
        and cell.isascii()
        and Decimal(cell) == Decimal(value)
    )
