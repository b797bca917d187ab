"""Whatever runs a policy's code runs it once more where the machine kept it waiting."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from support.sandboxes import StarvedBox
from textgym.core import InfraError
from textgym.envs.code.regex.matching import match_all
from textgym.envs.code.sql.execution import run_query
from textgym.envs.code.terminal.box import Bounds, run_command
from textgym.envs.code.testwriting.running import run_suite
from textgym.envs.code.testwriting.suites import WrittenTest
from textgym.envs.math.tool.running import run_python
from textgym.graders import PythonGrader, SqlResult

pytestmark = pytest.mark.docker

PACKAGES = {
    "pattern": "textgym.envs.code.regex.matching",
    "query": "textgym.envs.code.sql.execution",
    "suite": "textgym.envs.code.testwriting.running",
    "tool": "textgym.envs.math.tool.running",
    "python grader": "textgym.graders.code.python",
    "SQL grader": "textgym.graders.code.sql",
}
"""Where each caller takes its sandboxes from; the terminal is given its own."""


async def pattern(box: StarvedBox) -> object:
    return await match_all("a+", ["aa", "b"])


async def query(box: StarvedBox) -> object:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE t AS SELECT 1 AS x")
        file = database.serialize()
    return [result.rows for result in await run_query("SELECT x FROM t", [file])]


async def suite(box: StarvedBox) -> object:
    programs = ["def f(x):\n    return x + 1\n", "def f(x):\n    return x\n"]
    caught = await run_suite("f", programs[0], programs[1:], [WrittenTest(1, (1,), 2)])
    return caught.passes, caught.mutants


async def tool(box: StarvedBox) -> object:
    return (await run_python("print(6 * 7)", 5)).stdout


async def terminal(box: StarvedBox) -> object:
    return (await run_command(box, {}, "echo here", cwd="", now=1_735_689_600, bounds=Bounds())).head


async def python_grader(box: StarvedBox) -> object:
    score = await PythonGrader(source="def grade(sample, item):\n    return 0.5").agrade({}, "x")
    return score.value, score.status


async def sql_grader(box: StarvedBox) -> object:
    table = "CREATE TABLE t(x INTEGER PRIMARY KEY, y TEXT); INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');"
    score = await SqlResult(reference="SELECT y FROM t", database=table).agrade({}, "SELECT y FROM t")
    return score.value, score.status


CALLERS: dict[str, tuple[Callable[[StarvedBox], Awaitable[object]], Any]] = {
    "pattern": (pattern, [True, False]),
    "query": (query, [((1,),)]),
    "suite": (suite, ((True,), (True,))),
    "tool": (tool, b"42\n"),
    "terminal": (terminal, b"here\n"),
    "python grader": (python_grader, (0.5, "ok")),
    "SQL grader": (sql_grader, (1.0, "ok")),
}


def asked(name: str, box: StarvedBox, monkeypatch: pytest.MonkeyPatch) -> object:
    if name in PACKAGES:
        monkeypatch.setattr(f"{PACKAGES[name]}.box", box.get)
    return asyncio.run(CALLERS[name][0](box))


@pytest.mark.parametrize("name", CALLERS)
def test_a_run_that_came_late_is_made_once_more(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(name, StarvedBox(late=1, share=0.01), monkeypatch) == CALLERS[name][1]


@pytest.mark.parametrize("name", [name for name in CALLERS if not name.endswith("grader")])
def test_one_that_came_late_twice_says_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InfraError, match="too busy"):
        asked(name, StarvedBox(late=2, share=0.0001), monkeypatch)


@pytest.mark.parametrize("name", [name for name in CALLERS if name.endswith("grader")])
def test_a_grader_whose_run_came_late_twice_gives_no_value(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(name, StarvedBox(late=2, share=0.0001), monkeypatch) == (None, "error")
