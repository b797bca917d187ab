"""Tables in a text: CSV, Markdown, or a JSON list of objects."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from textgym.actions.bounded_json import JsonError
from textgym.graders.primitives.form import read_json
from textgym.graders.primitives.normal import normalise
from textgym.graders.template import as_text

Format = Literal["auto", "csv", "tsv", "markdown", "json"]
MOST_CELLS = 50_000
_BLOCK = re.compile(r"\s*```[a-z]{0,20}[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL | re.IGNORECASE)
_RULE = re.compile(r"\s*:?-+:?\s*")


class TableError(ValueError):
    """The text is no table; the message says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        columns: the names in the header.
        rows: the cells, as many in each row as there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column_forms(self) -> list[str]:
        """The columns' names in the form in which they are compared."""
        return [normalise(name) for name in self.columns]


def read_table(given: Any, form: Format = "auto") -> Table:
    """A table from a text, or from a list of objects or of rows, the first of which is the header.

    Args:
        given: a text, which may be a Markdown code block, or JSON values.
        form: how the text is written; `auto` tries JSON, then Markdown, then CSV.

    Raises:
        TableError: it is no table: no header, a row with more or fewer cells, a name twice, or more than 50,000 cells.
    """
    if not isinstance(given, str):
        return _from_json(given)
    block = _BLOCK.fullmatch(given)
    text = (block[1] if block else given).strip()
    if form == "auto":
        form = "json" if text.startswith(("[", "{")) else "markdown" if text.startswith("|") else "csv"
    if form == "json":
        try:
            return _from_json(read_json(text))
        except JsonError as error:
            raise TableError(f"no JSON: {error}") from None
    return _markdown(text) if form == "markdown" else _separated(text, "\t" if form == "tsv" else ",")


def _table(header: list[str], rows: list[list[str]]) -> Table:
    columns = tuple(name.strip() for name in header)
    if not columns or not any(columns):
        raise TableError("there is no header")
    if len({normalise(name) for name in columns}) < len(columns):
        raise TableError("two columns have the same name")
    if len(columns) * (len(rows) + 1) > MOST_CELLS:
        raise TableError(f"more than {MOST_CELLS:,} cells")
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            raise TableError(f"row {number} has {len(row)} cells, the header {len(columns)}")
    return Table(columns, tuple(tuple(cell.strip() for cell in row) for row in rows))


def _from_json(value: Any) -> Table:
    if not isinstance(value, list | tuple) or not value or len(value) > MOST_CELLS:
        raise TableError("no list of objects or rows")
    if all(isinstance(row, Mapping) for row in value):
        names = list(dict.fromkeys(str(key) for row in value for key in row))
        if len(names) * len(value) > MOST_CELLS:
            raise TableError(f"more than {MOST_CELLS:,} cells")
        return _table(names, [[_cell(row.get(name)) for name in names] for row in value])
    if all(isinstance(row, list | tuple) for row in value):
        return _table([_cell(name) for name in value[0]], [[_cell(cell) for cell in row] for row in value[1:]])
    raise TableError("no list of objects or rows")


def _cell(value: Any) -> str:
    return "" if value is None else as_text(value)


def _separated(text: str, separator: str) -> Table:
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            cells += len(row)
            if cells > MOST_CELLS:
                raise TableError(f"more than {MOST_CELLS:,} cells")
            if row:
                rows.append(row)
    except csv.Error as error:
        raise TableError(f"no CSV: {error}") from None
    if not rows:
        raise TableError("there is nothing in it")
    return _table(rows[0], rows[1:])


def _markdown(text: str) -> Table:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or len(lines) > MOST_CELLS:
        raise TableError("a Markdown table has a header and a line of dashes")
    rows = [_markdown_cells(line) for line in lines]
    if not all(_RULE.fullmatch(cell) for cell in rows[1]) or len(rows[1]) != len(rows[0]):
        raise TableError("the line below the header is not one of dashes")
    return _table(rows[0], rows[2:])


def _markdown_cells(line: str) -> list[str]:
    line = line.strip()
    if not line.startswith("|") or not line.endswith("|") or len(line) < 2 or line.endswith("\\|"):
        raise TableError("a row of a Markdown table begins and ends with |")
    return [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line[1:-1])]
