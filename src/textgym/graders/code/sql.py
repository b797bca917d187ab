"""`sql_result`: does a query give the rows that the reference gives, on a database and on perturbed copies of it?"""

import json
from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from textgym.core.errors import InfraError
from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Grader, passed
from textgym.graders.code.box import box
from textgym.graders.code.sql_text import is_ordered, with_ties_broken
from textgym.graders.code.written import filled_text, written_code
from textgym.graders.errors import Invalid
from textgym.graders.sample import Item, Sample
from textgym.sandbox import Call, Limits, RunResult, SandboxError
from textgym.sandbox.starvation import acall_fairly

MOST_ROWS = 10_000
LONGEST_QUERY = 20_000
_MOST_CHARS = 1_000_000
_STEPS = 20_000_000
_LARGEST_SCRIPT = 16 << 20
_LIMITS = Limits(wall_s=60, cpu_s=20, memory_mb=512, processes=4, file_mb=64, result_kb=32_768, output_kb=16)
_TOO_MUCH = "it takes too much time or memory"
_TRAILING = "; \t\r\n"
_REMEMBERED = 16

Cells = tuple[tuple[str, str], ...]
"""A row in a form in which equal rows are equal: a kind and a text for each cell."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a query gives on one copy, read in one direction."""

    rows: tuple[Cells, ...] = ()
    columns: int = 0
    error: str | None = None


_Results = list[tuple[_Read, _Read]]
_known: OrderedDict[tuple[str, ...], _Results] = OrderedDict()


class SqlResult(Grader):
    """1 where a query gives the rows of the reference on the database and on every perturbed copy, else 0.

    A copy drops rows and, with `shuffle`, deals the values of columns outside of keys out anew; keys, foreign keys, unique
    and check constraints hold afterwards. So a query that is right by coincidence of the data is found out. Every copy is
    read twice, the second time with unordered scans reversed, so that nothing rests on the order in which rows happen to
    lie. Rows are compared as multisets, and in order where the reference has an ORDER BY; rows that tie under it may come
    in any order. Numbers are compared to twelve digits, and 2 is 2.0; names of columns do not matter, their order does.

    Reference and query run in separate calls of the sandbox, on files that they can only read.

    Attributes:
        input: the query: all of the text, or the one fenced block in it.
        reference: the query that is right. It is secret.
        database: a script of SQL that makes the database.
        copies: how many perturbed copies there are beside the database itself.
        shuffle: whether values are dealt out anew. Leave it out where columns outside of keys depend on each other.
        order: whether the order of rows counts: `auto` where the reference has an ORDER BY, `yes` or `no`.
        seed: of the perturbations.
    """

    waits_itself = True
    templated = ("input", "reference", "database")

    type: Literal["sql_result"] = "sql_result"
    input: str = "{{ sample.output_text }}"
    reference: str
    database: str
    copies: int = Field(2, ge=1, le=16)
    shuffle: bool = True
    order: Literal["auto", "yes", "no"] = "auto"
    seed: int = 0

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        script, gold, text = (
            filled_text(self.fill(getattr(self, field), item, sample), field)
            for field in ("database", "reference", "input")
        )
        if len(script) > _LARGEST_SCRIPT:
            raise Invalid("error", f"the database's script has {len(script):,} characters; at most {_LARGEST_SCRIPT:,}")
        gold = gold.rstrip(_TRAILING)
        query = (written_code(text, ("", "sql", "sqlite")) or "").rstrip(_TRAILING)
        if not query or len(query) > LONGEST_QUERY or "\0" in query:
            return passed(0.0, "the output commits to no one query that can be read")
        wanted = await self._wanted(script, gold)
        found = await self._results(script, query, query)
        ordered = self._counts_order(gold)
        secret = Evidence(label="reference", text=gold, secret=True)
        judged = 0
        for number, (want, got) in enumerate(zip(wanted, found, strict=True)):
            groups = _groups(want[0].rows, want[1].rows, ordered)
            if groups is None:
                continue
            judged += 1
            problem = _difference(got, groups, want[0].columns)
            if problem:
                where = "the database" if number == 0 else f"perturbed copy {number}"
                return passed(0.0, f"on {where}: {problem}", secret)
        if not judged:
            raise Invalid("error", "the reference's rows depend on the order in which the rows of tables happen to lie")
        return passed(1.0, f"the same rows on {judged} of {len(wanted)} copies", secret)

    async def _wanted(self, script: str, gold: str) -> _Results:
        """The reference's results, remembered for the other samples of the same item."""
        key = (script, gold, str(self.copies), str(self.shuffle), str(self.seed), self.order)
        if key not in _known:
            results = await self._results(script, gold, gold)
            if (problem := _problem(results)) is not None:
                raise Invalid("error", f"the reference query fails: {problem}")
            if not any(read.rows for pair in results for read in pair):
                raise Invalid("error", "the reference query gives no row on any copy: so would a wrong one")
            if self._counts_order(gold):
                columns = results[0][0].columns
                both = (with_ties_broken(gold, columns, "ASC"), with_ties_broken(gold, columns, "DESC"))
                untied = await self._results(script, *both)
                results = results if _problem(untied) else untied
            _known[key] = results
            while len(_known) > _REMEMBERED:
                _known.popitem(last=False)
        return _known[key]

    def _counts_order(self, gold: str) -> bool:
        return is_ordered(gold) if self.order == "auto" else self.order == "yes"

    async def _results(self, script: str, *queries: str) -> _Results:
        """The results of two queries on each copy, of which the second is read with unordered scans reversed.

        Raises:
            Invalid: no sandbox could run it, or the script makes no database.
        """
        asked = {
            "script": script,
            "queries": queries,
            "seed": self.seed,
            "copies": self.copies + 1,
            "shuffle": self.shuffle,
            "rows": MOST_ROWS,
            "chars": _MOST_CHARS,
            "steps": _STEPS,
        }
        try:
            call = Call(source=_guest(), stdin=json.dumps(asked).encode(), limits=_LIMITS, result=True)
            ended = await acall_fairly(await box(), call)
        except (InfraError, SandboxError) as error:
            raise Invalid("error", str(error)) from None
        return _read(ended, self.copies + 1)


def _problem(results: _Results) -> str | None:
    """What went wrong first; None where every reading gave rows."""
    return next((read.error for pair in results for read in pair if read.error is not None), None)


@cache
def _guest() -> bytes:
    return Path(__file__).with_name("sql_guest.py").read_bytes()


def _read(ended: RunResult, copies: int) -> _Results:
    """What the program in the sandbox told; believed only where it has the form that it should.

    Raises:
        Invalid: nothing was found out about the query.
    """
    if ended.status in ("lost", "setup_error"):
        raise Invalid("error", f"the sandbox could not run the query: {ended.detail}")
    if ended.status == "timeout" and ended.cpu_s < _LIMITS.cpu_s / 2:
        raise Invalid("timeout", "the machine is too busy: the query had no time to run")
    told: Any = None
    if ended.status == "exit":
        try:
            told = json.loads(ended.result or b"null")
        except (ValueError, RecursionError):
            told = None
    if isinstance(told, dict) and "fault" in told:
        raise Invalid("error", f"the script makes no database that can be queried: {str(told['fault'])[:300]}")
    try:
        results = [(_one(first), _one(second)) for first, second in told]
    except (TypeError, ValueError, KeyError):
        results = []
    return results if len(results) == copies else [(_Read(error=_TOO_MUCH), _Read(error=_TOO_MUCH))] * copies


def _one(told: dict[str, Any]) -> _Read:
    if "error" in told:
        return _Read(error=str(told["error"]))
    if told["more"]:
        return _Read(error=f"it gives more than {MOST_ROWS:,} rows")
    return _Read(tuple(tuple(map(_cell, row)) for row in told["rows"]), int(told["columns"]))


def _cell(value: Any) -> tuple[str, str]:
    """A value of SQL in a form in which equal values are equal; numbers to twelve digits."""
    if value is None:
        return ("null", "")
    if isinstance(value, str):
        return ("text", value)
    if isinstance(value, dict):
        return ("blob", str(value["blob"]))
    if isinstance(value, float):
        value = float(f"{value:.12g}")
        if not value.is_integer():
            return ("number", repr(value))
    if isinstance(value, int | float):
        return ("number", str(int(value)))
    raise ValueError("a cell is no value of SQL")


def _groups(forward: Sequence[Cells], backward: Sequence[Cells], ordered: bool) -> list[Counter[Cells]] | None:
    """The reference's rows in groups, each in any order, one after the other; None where the rows are not determined.

    Two readings of an ordered result differ where rows tie. A group ends where both have read the same rows so far.
    """
    if Counter(forward) != Counter(backward):
        return None
    if not ordered:
        return [Counter(forward)]
    groups: list[Counter[Cells]] = []
    group: Counter[Cells] = Counter()
    balance: Counter[Cells] = Counter()
    for one, other in zip(forward, backward, strict=True):
        group[one] += 1
        for row, step in ((one, 1), (other, -1)):
            balance[row] += step
            if not balance[row]:
                del balance[row]
        if not balance:
            groups.append(group)
            group = Counter()
    return groups


def _difference(got: tuple[_Read, _Read], groups: list[Counter[Cells]], columns: int) -> str | None:
    """How a query's results differ from the reference's, without telling what those are; None where they do not."""
    count = sum(map(Counter.total, groups))
    for read in got:
        if read.error is not None:
            return read.error
        if len(read.rows) != count or (read.rows and read.columns != columns):
            return "another number of rows or columns"
        at = 0
        for group in groups:
            size = group.total()
            if Counter(read.rows[at : at + size]) != group:
                return "other rows" if len(groups) == 1 else "other rows, or another order"
            at += size
    return None
