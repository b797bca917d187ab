"""What runs inside the sandbox: one query of a policy on some databases. Standard library of Python 3.9 and nothing else.

The query is hostile. Around this process stands the sandbox: CPU, wall clock, memory, no network, no files but these. In it,
SQLite may only read: an authorizer admits SELECT, columns, and functions from a list, and nothing else (no ATTACH, PRAGMA,
write, extension, or table-valued PRAGMA). A budget of virtual machine steps ends long queries after the same number of
steps on every machine. Functions of date and time know no "now", so that a result does not depend on the day.

stdin: JSON {"sql", "databases": number of files `0.db`, `1.db`, ..., "rows", "chars", "steps"}: the most rows, characters and
steps of each database's result. Result channel: JSON, a list with one {"columns", "rows", "more"} or {"error"} for each
database, or {"fault": why nothing can be queried here}.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

_HEAP = 96 * 2**20
_LONGEST_ERROR = 300
_TICK = 1000
_DATES = ("date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff")
_NAMES = """
abs acos acosh asin asinh atan atan2 atanh avg ceil ceiling char coalesce concat concat_ws cos cosh count cume_dist degrees
dense_rank exp first_value floor format glob group_concat hex if ifnull iif instr lag last_value lead length like likelihood
likely ln log log10 log2 lower ltrim max min mod nth_value ntile nullif percent_rank pi pow power printf quote radians rank
replace round row_number rtrim sign sin sinh sqrt string_agg substr substring sum tan tanh total trim trunc typeof unicode
unlikely upper
"""
_FUNCTIONS = frozenset((*_NAMES.split(), *_DATES))


def main() -> None:
    """Answer what stands on stdin."""
    try:
        import sqlite3
    except ImportError as error:
        return _tell({"fault": f"the sandbox's Python has no sqlite3: {error}"})
    if sqlite3.sqlite_version_info < (3, 30):
        return _tell({"fault": f"the sandbox's SQLite is {sqlite3.sqlite_version}; 3.30 is needed"})
    asked = json.loads(sys.stdin.buffer.read())
    results = [_answer(sqlite3, f"{number}.db", asked) for number in range(asked["databases"])]
    return _tell(results)


def _tell(results: object) -> None:
    with os.fdopen(int(os.environ["RESULT_FD"]), "wb") as channel:
        channel.write(json.dumps(results).encode())


def _answer(sqlite3: Any, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    clock: list[str] = []
    connection = _opened(sqlite3, name, asked, clock)
    try:
        cursor = connection.execute(asked["sql"])
        if cursor.description is None:
            return {"error": "only a SELECT gives a result"}
        rows: list[list[Any]] = []
        chars = 0
        for row in cursor:
            if len(rows) == asked["rows"]:
                return {"columns": _columns(cursor), "rows": rows, "more": True}
            cells = [_cell(value) for value in row]
            chars += sum(len(value) if isinstance(value, str) else 8 for value in cells)
            if chars > asked["chars"]:
                return {"error": "the result is too large"}
            rows.append(cells)
        return {"columns": _columns(cursor), "rows": rows, "more": False}
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        if clock:
            return {"error": f"there is no current time here: {clock[0]} needs a date"}
        if str(error) == "interrupted":
            return {"error": "the query takes too many steps"}
        return {"error": str(error)[:_LONGEST_ERROR]}
    except MemoryError:
        return {"error": "out of memory"}
    finally:
        connection.close()


def _columns(cursor: Any) -> list[str]:
    return [str(column[0])[:100] for column in cursor.description]


def _cell(value: Any) -> Any:
    if isinstance(value, bytes):
        raise ValueError("a column of the result is a BLOB")
    return value


def _opened(sqlite3: Any, name: str, asked: dict[str, Any], clock: list[str]) -> Any:
    connection = sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True, isolation_level=None)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.execute(f"PRAGMA hard_heap_limit={_HEAP}")
    connection.execute("PRAGMA temp_store=MEMORY")
    text = asked["sql"].lower()
    if any(function in text for function in _DATES):
        _replace_dates(sqlite3, connection, clock)

    ok: int = sqlite3.SQLITE_OK
    denied: int = sqlite3.SQLITE_DENY

    def allowed(action: int, _one: str | None, two: str | None, database: str | None, _trigger: str | None) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return ok
        if action == sqlite3.SQLITE_READ:
            return ok if database in ("main", None) else denied
        if action == sqlite3.SQLITE_FUNCTION:
            return ok if str(two).lower() in _FUNCTIONS else denied
        return denied

    left: list[int] = [asked["steps"] // _TICK]

    def tick() -> bool:
        left[0] -= 1
        return left[0] < 0

    connection.set_authorizer(allowed)
    connection.set_progress_handler(tick, _TICK)
    return connection


def _replace_dates(sqlite3: Any, connection: Any, clock: list[str]) -> None:
    """Put functions of date and time in place of SQLite's that ask them, and note in `clock` what would read the clock."""
    plain = sqlite3.connect(":memory:")

    def replaced(function: str) -> Callable[..., Any]:
        first = 1 if function == "strftime" else 0
        times = (0, 1) if function == "timediff" else (first,)

        def call(*arguments: Any) -> Any:
            if any(len(arguments) <= at or _reads_clock(arguments[at]) for at in times):
                clock.append(function)
                raise ValueError
            marks = ", ".join("?" * len(arguments))
            return plain.execute(f"SELECT {function}({marks})", arguments).fetchone()[0]

        return call

    known = {name for (name,) in plain.execute("SELECT DISTINCT name FROM pragma_function_list")}
    for function in _DATES:
        if function in known:
            connection.create_function(function, -1, replaced(function), deterministic=True)


def _reads_clock(value: Any) -> bool:
    """Whether a time value may mean now: it is text that does not begin as a date, a time or a number does."""
    if isinstance(value, bytes):
        return True
    return isinstance(value, str) and value.strip()[:1] not in {"", *"0123456789+-."}


if __name__ == "__main__":
    main()
