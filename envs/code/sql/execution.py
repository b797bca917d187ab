"""Running a policy's query: in the sandbox, on files of databases that it can only read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from textgym.core import InfraError
from textgym.envs.code.sql.answers import Row
from textgym.graders.code.box import box
from textgym.sandbox import Call, Limits, RunResult
from textgym.sandbox.starvation import acall_fairly

MOST_ROWS = 1_000
LONGEST_QUERY = 10_000
_MOST_CHARS = 200_000
_STEPS = 5_000_000
_LIMITS = Limits(wall_s=60, cpu_s=4, memory_mb=512, processes=4, file_mb=1, result_kb=4096, output_kb=16)
TOO_MUCH = "the query takes too much time or memory"


@dataclass(frozen=True)
class Result:
    """What a query gives on one database.

    Attributes:
        columns: names of the columns.
        rows: at most `MOST_ROWS` rows.
        more: whether there are more.
        error: why there is no result; None where there is one.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    more: bool = False
    error: str | None = None


def refusal(sql: str) -> str | None:
    """Why a text is no query at all; None if it may be one. What it does is judged in the sandbox."""
    if not sql.strip(" \t\r\n;"):
        return "the query is empty"
    if len(sql) > LONGEST_QUERY:
        return f"the query has {len(sql):,} characters; at most {LONGEST_QUERY:,} are read"
    if "\0" in sql:
        return "the query holds a NUL character"
    return None


async def run_query(sql: str, databases: Sequence[bytes]) -> list[Result]:
    """The results of one query on each of some databases, in a single call of the sandbox.

    Args:
        sql: the query; hostile, and not refused by `refusal`.
        databases: files of SQLite.

    Returns:
        A result for each database. A query that ends the whole call (too much time, too much memory) gives none on any.

    Raises:
        InfraError: no sandbox can be used, one was lost, or it cannot query at all. It says nothing about the query.
    """
    asked = {"sql": sql, "databases": len(databases), "rows": MOST_ROWS, "chars": _MOST_CHARS, "steps": _STEPS}
    call = Call(
        source=_program(),
        stdin=json.dumps(asked).encode(),
        files={f"{number}.db": data for number, data in enumerate(databases)},
        limits=_LIMITS,
        result=True,
    )
    return read_results(await acall_fairly(await box(), call), len(databases))


@cache
def _program() -> bytes:
    return Path(__file__).with_name("guest.py").read_bytes()


def read_results(ended: RunResult, count: int) -> list[Result]:
    """What the program in the sandbox told about so many databases; believed only where it has the form that it should.

    Raises:
        InfraError: the program did not get to run, or not enough of the machine.
    """
    if ended.status in ("lost", "setup_error"):
        raise InfraError(f"the sandbox could not run the query: {ended.detail}")
    if ended.status == "timeout" and ended.cpu_s < _LIMITS.cpu_s / 2:
        raise InfraError("the machine is too busy: the query had no time to run")
    told: Any = None
    if ended.ok and ended.result is not None:
        try:
            told = json.loads(ended.result)
        except (ValueError, RecursionError):
            told = None
    if isinstance(told, dict) and "fault" in told:
        raise InfraError(f"the sandbox cannot query databases: {str(told['fault'])[:300]}")
    try:
        results = [_result(part) for part in told]
    except (TypeError, ValueError, KeyError, AttributeError):
        results = []
    return results if len(results) == count else [Result(error=TOO_MUCH)] * count


def _result(part: dict[str, Any]) -> Result:
    if "error" in part:
        return Result(error=str(part["error"]))
    rows = tuple(tuple(row) for row in part["rows"])
    columns = tuple(map(str, part["columns"]))
    cells = (cell for row in rows for cell in row)
    if not all(map(_is_cell, cells)) or len(rows) > MOST_ROWS:
        raise ValueError("a cell is no value of SQL")
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("a row has more or fewer values than there are columns")
    return Result(columns, rows, bool(part["more"]))


def _is_cell(value: object) -> bool:
    """Whether it is what SQLite can give: a number of 64 bits, a text, or nothing."""
    return type(value) in (float, str, type(None)) or (type(value) is int and -(2**63) <= value < 2**63)
