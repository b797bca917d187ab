"""What runs inside the sandbox for `sql_result`: a query on perturbed copies of a database.

Standard library of Python 3.9 and nothing else. The copies are a function of the script and the seed, so that two queries
in two sandboxes see the same ones. The query is hostile: it is executed on files that are opened read-only, under an
authorizer that admits reading and functions, and within a budget of steps.

stdin: JSON {"script", "queries", "seed", "copies", "shuffle", "rows", "chars", "steps"}. Result channel: JSON, a list with one
pair of results for each copy, one for each of the two queries; the second is read with unordered scans reversed. A result is
{"columns": number, "rows", "more"} or {"error"}; instead of the list {"fault": why nothing can be queried}.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
from typing import Any

_KEPT = 0.7  # the share of rows that a copy keeps
_TICK = 1000
_HEAP = 128 * 2**20
_LONGEST_ERROR = 300
_DENIED = frozenset({"load_extension", "random", "randomblob", "fts3_tokenizer", "writefile", "readfile", "edit"})


def main() -> None:
    """Answer what stands on stdin."""
    asked = json.loads(sys.stdin.buffer.read())
    try:
        for number in range(asked["copies"]):
            _build(f"{number}.db", number, asked)
        told: Any = [
            [_answer(f"{number}.db", query, asked, bool(place)) for place, query in enumerate(asked["queries"])]
            for number in range(asked["copies"])
        ]
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        told = {"fault": str(error)[:_LONGEST_ERROR]}
    except MemoryError:
        told = {"fault": "the database needs too much memory"}
    with os.fdopen(int(os.environ["RESULT_FD"]), "wb") as channel:
        channel.write(json.dumps(told).encode())


def _build(name: str, number: int, asked: dict[str, Any]) -> None:
    """Make a copy: the first is the database as it is, the others are perturbed."""
    connection = sqlite3.connect(name, isolation_level=None)
    try:
        connection.executescript(asked["script"])
        if connection.in_transaction:
            connection.execute("COMMIT")
        if number:
            _perturb(connection, random.Random(f"{asked['seed']}:{number}"), asked["shuffle"])
    finally:
        connection.close()


def _perturb(connection: sqlite3.Connection, rng: random.Random, shuffle: bool) -> None:
    """Drop rows, and mix the values of columns that no key holds: what holds by the schema holds afterwards."""
    connection.execute("PRAGMA foreign_keys=OFF")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {_quoted(trigger)}")
    tables = _tables(connection)
    held = _held_columns(connection, tables)
    whole = _whole_tables(connection, tables)
    connection.execute("BEGIN")
    for table in (name for name in tables if name.lower() not in whole):
        ids = [row[0] for row in connection.execute(f"SELECT rowid FROM {_quoted(table)} ORDER BY rowid")]  # noqa: S608
        dropped = [row for row in ids if rng.random() >= _KEPT]
        if len(dropped) == len(ids):
            dropped = dropped[1:]
        connection.executemany(f"DELETE FROM {_quoted(table)} WHERE rowid = ?", [(row,) for row in dropped])  # noqa: S608
    _drop_dangling(connection, tables)
    for table in tables if shuffle else ():
        for column in _columns(connection, table):
            if (table.lower(), column.lower()) not in held:
                _mix(connection, table, column, rng)
    connection.execute("COMMIT")


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Ordinary tables with a rowid, by name."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    found = []
    for name, sql in rows:
        if name.startswith("sqlite_") or str(sql).lstrip().lower().startswith("create virtual"):
            continue
        try:
            connection.execute(f"SELECT rowid FROM {_quoted(name)} LIMIT 0")  # noqa: S608
        except sqlite3.Error:
            continue
        found.append(name)
    return found


def _whole_tables(connection: sqlite3.Connection, tables: list[str]) -> set[str]:
    """Tables, in lower case, that keep their rows: those that a table without rowid refers to, at any remove."""
    parents: dict[str, set[str]] = {}
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        keys = connection.execute(f"PRAGMA foreign_key_list({_quoted(name)})").fetchall()
        parents[name.lower()] = {row[2].lower() for row in keys}
    perturbed = {name.lower() for name in tables}
    whole: set[str] = set()
    left = [parent for name, theirs in parents.items() if name not in perturbed for parent in theirs]
    while left:
        name = left.pop()
        if name not in whole:
            whole.add(name)
            left.extend(parents.get(name, ()))
    return whole


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    rows = connection.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
    return [row[1] for row in rows if row[6] == 0]  # neither generated nor hidden


def _held_columns(connection: sqlite3.Connection, tables: list[str]) -> set[tuple[str, str]]:
    """Columns, in lower case, that a primary key, a unique index or a foreign key holds on either side."""
    held: set[tuple[str, str]] = set()
    for table in tables:
        name = table.lower()
        for row in connection.execute(f"PRAGMA table_info({_quoted(table)})").fetchall():
            if row[5]:
                held.add((name, row[1].lower()))
        for index in connection.execute(f"PRAGMA index_list({_quoted(table)})").fetchall():
            if index[2]:
                columns = connection.execute(f"PRAGMA index_info({_quoted(index[1])})").fetchall()
                held.update((name, row[2].lower()) for row in columns if row[2] is not None)
        for row in connection.execute(f"PRAGMA foreign_key_list({_quoted(table)})").fetchall():
            held.add((name, row[3].lower()))
            if row[4] is not None:
                held.add((row[2].lower(), row[4].lower()))
    return held


def _drop_dangling(connection: sqlite3.Connection, tables: list[str]) -> None:
    """Drop the rows whose foreign keys lead nowhere, until there are none."""
    while True:
        dangling: set[tuple[str, int]] = set()
        for table in tables:
            try:
                rows = connection.execute(f"PRAGMA foreign_key_check({_quoted(table)})").fetchall()
            except sqlite3.OperationalError:  # a key that leads to no key: nothing is promised
                continue
            dangling.update((table, row[1]) for row in rows)
        if not dangling:
            return
        for table, row in sorted(dangling):
            connection.execute(f"DELETE FROM {_quoted(table)} WHERE rowid = ?", (row,))  # noqa: S608


def _mix(connection: sqlite3.Connection, table: str, column: str, rng: random.Random) -> None:
    """Deal the values of a column out anew among its rows; as it was where a constraint forbids it."""
    rows = connection.execute(f"SELECT rowid, {_quoted(column)} FROM {_quoted(table)} ORDER BY rowid").fetchall()  # noqa: S608
    values = [value for _, value in rows]
    rng.shuffle(values)
    connection.execute("SAVEPOINT mixing")
    try:
        connection.executemany(
            f"UPDATE {_quoted(table)} SET {_quoted(column)} = ? WHERE rowid = ?",  # noqa: S608
            [(value, row[0]) for value, row in zip(values, rows)],  # noqa: B905 (before Python 3.10)
        )
    except sqlite3.IntegrityError:
        connection.execute("ROLLBACK TO mixing")
    connection.execute("RELEASE mixing")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _answer(name: str, query: str, asked: dict[str, Any], reverse: bool) -> dict[str, Any]:
    connection = _opened(name, asked["steps"], reverse)
    try:
        cursor = connection.execute(query)
        if cursor.description is None:
            return {"error": "only a SELECT gives a result"}
        rows: list[list[Any]] = []
        chars = 0
        for row in cursor:
            if len(rows) == asked["rows"]:
                return {"columns": len(cursor.description), "rows": rows, "more": True}
            cells = [{"blob": value.hex()} if isinstance(value, bytes) else value for value in row]
            chars += sum(len(value) if isinstance(value, (str, bytes)) else 16 for value in row)
            if chars > asked["chars"]:
                return {"error": "the result is too large"}
            rows.append(cells)
        return {"columns": len(cursor.description), "rows": rows, "more": False}
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        return {"error": "it takes too many steps" if str(error) == "interrupted" else str(error)[:_LONGEST_ERROR]}
    except MemoryError:
        return {"error": "it needs too much memory"}
    finally:
        connection.close()


def _opened(name: str, steps: int, reverse: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.execute(f"PRAGMA hard_heap_limit={_HEAP}")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA reverse_unordered_selects={int(reverse)}")
    reading = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE)

    def allowed(action: int, _one: str | None, two: str | None, _database: str | None, _trigger: str | None) -> int:
        if action in reading or (action == sqlite3.SQLITE_FUNCTION and str(two).lower() not in _DENIED):
            return int(sqlite3.SQLITE_OK)
        return int(sqlite3.SQLITE_DENY)

    left = [steps // _TICK]

    def tick() -> bool:
        left[0] -= 1
        return left[0] < 0

    connection.set_authorizer(allowed)
    connection.set_progress_handler(tick, _TICK)
    return connection


if __name__ == "__main__":
    main()
