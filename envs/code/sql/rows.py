"""The rows of generated databases: a pure function of theme, key and number."""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from textgym.core import Random
from textgym.core.randomness import derive_key
from textgym.envs.code.sql.schema import Column, Table, Theme

Value = int | float | str | None
Rows = dict[str, list[tuple[Value, ...]]]

_DAYS = (1, 8, 15, 22)
"""Most dates fall on these, so that rows share dates and the order among them matters."""


@lru_cache(maxsize=64)
def rows_of(theme: Theme, key: str) -> Rows:
    """The rows of the database with this key; not to be changed."""
    return draw_rows(theme, Random(derive_key("sql rows", theme.name, key)))


def draw_rows(theme: Theme, rng: Random) -> Rows:
    """The rows of a database of this theme. Every database has missing values, equal names and rows nobody points to."""
    rows: Rows = {}
    for table in theme.tables:
        count = rng.randint(table.rows - table.rows // 5, table.rows + table.rows // 4)
        drawn = [_column(table, column, count, rows, rng) for column in table.columns]
        for first, second in table.later:
            _make_later(table, first, second, drawn, rng)
        rows[table.name] = list(zip(*drawn, strict=True))
    return rows


def _column(table: Table, column: Column, count: int, rows: Rows, rng: Random) -> list[Value]:
    if column.kind == "id":
        return list(range(1, count + 1))
    values: list[Value]
    if column.kind == "date":
        values = [_date(column, rng) for _ in range(count)]
    elif column.kind == "ref":
        # Some rows are pointed to often, some never.
        weights = [rng.choice((0, 1, 1, 2, 3, 5)) for _ in rows[column.target]]
        if not any(weights):
            weights[0] = 1
        values = _weighted(range(1, len(weights) + 1), weights, count, rng)
    elif column.kind == "category":
        values = _weighted(column.values, [rng.randint(1, 3) for _ in column.values], count, rng)
    elif column.kind == "text":
        # Fewer names than rows: names are no keys.
        pool = rng.sample(column.values, max(2, min(len(column.values), count * 3 // 4)))
        values = [rng.choice(pool) for _ in range(count)]
    elif column.kind == "flag":
        values = [int(rng.random() < 0.6) for _ in range(count)]
    else:
        steps = int((column.high - column.low) / column.step)
        values = [column.low + rng.randint(0, steps) * column.step for _ in range(count)]
        if column.kind == "real":
            values = [float(value) for value in values if value is not None and not isinstance(value, str)]
    if column.null:
        values = [None if rng.random() < column.null else value for value in values]
    return values


def _weighted(values: Sequence[Value], weights: list[int], count: int, rng: Random) -> list[Value]:
    ends = list(accumulate(weights))
    drawn: list[Value] = []
    for _ in range(count):
        point = rng.randint(1, ends[-1])
        drawn.append(next(value for value, end in zip(values, ends, strict=True) if point <= end))
    return drawn


def _date(column: Column, rng: Random) -> str:
    day = rng.choice(_DAYS) if rng.random() < 0.8 else rng.randint(1, 28)
    return f"{rng.randint(column.low, column.high)}-{rng.randint(1, 12):02}-{day:02}"


def _make_later(table: Table, first: str, second: str, drawn: list[list[Value]], rng: Random) -> None:
    """Let the second date of a pair follow the first, on the same day now and then. Numbers are left as they are."""
    names = [column.name for column in table.columns]
    if table.by_name[first].kind != "date":
        return
    earlier, later = drawn[names.index(first)], drawn[names.index(second)]
    for i, (start, end) in enumerate(zip(earlier, later, strict=True)):
        if isinstance(start, str) and end is not None:
            year, month, day = map(int, start.split("-"))
            shift = rng.choice((0, 0, 7, 14, 21, 30, 60, 120))
            day += shift % 30
            month += shift // 30 + (day > 28)
            day = day - 28 if day > 28 else day
            later[i] = f"{year + (month > 12)}-{month - 12 if month > 12 else month:02}-{day:02}"


def load(theme: Theme, rows: Rows) -> sqlite3.Connection:
    """A database in memory that holds these rows. It may be used from any thread, by one at a time."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(f"PRAGMA page_size=1024; BEGIN; {theme.ddl()}")
    for table in theme.tables:
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(f"INSERT INTO {table.name} VALUES ({marks})", rows[table.name])  # noqa: S608 (our names)
    connection.execute("COMMIT")
    return connection


@lru_cache(maxsize=512)
def database(theme: Theme, key: str) -> bytes:
    """The file of the database with this key."""
    connection = load(theme, rows_of(theme, key))
    try:
        return connection.serialize()
    finally:
        connection.close()


def opened(file: bytes) -> sqlite3.Connection:
    """A database in memory that is a copy of a file's. It may be used from any thread, by one at a time."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.deserialize(file)
    return connection
