"""Results of queries and rows of tables as text."""

from collections.abc import Sequence

from textgym.envs.code.sql.answers import Cell, Row
from textgym.envs.code.sql.execution import MOST_ROWS, Result
from textgym.envs.code.sql.rows import Rows
from textgym.envs.code.sql.schema import Theme

_ROWS = 30
_CELL = 60
_WIDTH = 400


def shown_result(result: Result) -> str:
    """The first rows of a result, and how many there are."""
    count = f"more than {MOST_ROWS}" if result.more else str(len(result.rows))
    head = f"{count} row{'' if count == '1' else 's'}"
    if len(result.rows) > _ROWS:
        head += f", the first {_ROWS} of them"
    return f"{head}:\n{_table(result.columns, result.rows[:_ROWS])}"


def shown_error(result: Result) -> str:
    """Why there is no result."""
    return f"Error: {result.error}."


def shown_rows(theme: Theme, rows: Rows, count: int) -> str:
    """The first rows of every table."""
    parts = []
    for table in theme.tables:
        names = [column.name for column in table.columns]
        parts.append(f"{table.name}, {len(rows[table.name])} rows:\n{_table(names, rows[table.name][:count])}")
    return "\n\n".join(parts)


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    return "\n".join([_line(columns), *map(_line, rows)])


def _line(cells: Sequence[Cell]) -> str:
    line = " | ".join(_text(cell) for cell in cells)
    return line if len(line) <= _WIDTH else f"{line[:_WIDTH]}... ({len(cells)} columns)"


def _text(cell: Cell) -> str:
    text = "NULL" if cell is None else f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    text = text if text.isprintable() else ascii(text)
    return text if len(text) <= _CELL else f"{text[:_CELL]}... ({len(text)} characters)"
