"""Verdicts that hostile code cannot forge: inputs go in, data comes out, and the host compares.

Nothing expected ever enters a sandbox. What comes out of one are bytes that the tested code may have written itself, with
or without our driver: either they are the right values for the inputs, in the form asked for, or they are no pass. Code
that writes the right answers has solved the task.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, Self

from pydantic import ValidationError

from textgym.core import Random, derive_key
from textgym.sandbox.calls import Call
from textgym.sandbox.cases import Case, CaseVerdict, Graded
from textgym.sandbox.compare import EXACT, Comparison, same, same_text
from textgym.sandbox.driver import DRIVER, encode
from textgym.sandbox.limits import Limits
from textgym.sandbox.records import Record, read_records
from textgym.sandbox.results import RunResult
from textgym.sandbox.results import Status as RunStatus

Cases = Iterable[Case | Mapping[str, Any]]
_MAX_SHOWN = 300
_DRIVE = f"import {DRIVER}\n{DRIVER}.main()\n"


class Runner(Protocol):
    """What runs calls, as a `Sandbox` does."""

    def call(self, call: Call) -> RunResult:
        """The result of one call."""

    def run_many(self, calls: Sequence[Call]) -> Sequence[RunResult]:
        """The results of several calls, in their order."""


def grade_cases(
    sandbox: Runner, source: str | bytes, entry: str | None = None, cases: Cases = (), **options: Any
) -> Graded:
    """Run `source` on the inputs of the cases, and compare what comes back with what is expected.

    Args:
        sandbox: what runs it.
        source, entry, cases: see `Grading.of`.
        options: the rest of what `Grading.of` takes.

    Raises:
        ValueError: there are no cases, one is malformed, or no function is named for it.
    """
    grading = Grading.of(source, entry, cases, **options)
    calls = grading.calls
    return grading.verdict([sandbox.call(calls[0])] if len(calls) == 1 else sandbox.run_many(calls))


@dataclass(frozen=True, slots=True)
class Grading:
    """What is to be run for a verdict, and the way from its results to the verdict.

    Attributes:
        cases: the cases.
        parts: the runs, each with the numbers of its cases.
    """

    cases: Sequence[Case]
    parts: Sequence["_Functions | _Program"]

    @classmethod
    def of(
        cls,
        source: str | bytes,
        entry: str | None = None,
        cases: Cases = (),
        *,
        limits: Limits | None = None,
        compare: Comparison = EXACT,
        files: Mapping[str, bytes] | None = None,
        isolate: bool = False,
        seed: int = 0,
    ) -> Self:
        """Lay out the runs of a source.

        Args:
            source: Python source of the candidate. For calls it is loaded as the module `solution`, once for all of them.
            entry: function to call; `Solution.add` is a method of a fresh `Solution()`. Not needed for programs.
            cases: at least one, each a `Case` or a dict of its fields.
            limits: of each run: of all function calls together unless `isolate` is set, and of each program.
            compare: how values are compared where a case does not say.
            files: files beside the source, by relative name.
            isolate: whether each function call has a fresh process. Without, a source knows of earlier calls in later ones.
            seed: of the order in which the calls are made, so that nobody can go by the order of the cases.

        Raises:
            ValueError: there are no cases, one is malformed, or no function is named for it.
        """
        listed = [_case(number, case, entry) for number, case in enumerate(cases)]
        if not listed:
            raise ValueError("there are no cases, and no code could fail them")
        # Half a surrogate pair is no Python, and that is for the interpreter inside to say.
        body = source.encode(errors="surrogatepass") if isinstance(source, str) else source
        candidate = _Candidate(body, entry or "", dict(files or {}), limits or Limits(), compare)
        functions = [number for number, case in enumerate(listed) if not case.is_program]
        Random(derive_key("order of the cases", seed)).shuffle(functions)
        batches = [[number] for number in functions] if isolate else [functions] if functions else []
        parts: list[_Functions | _Program] = [
            _Functions(candidate, batch, [listed[number] for number in batch]) for batch in batches
        ]
        parts += [_Program(candidate, [number], case) for number, case in enumerate(listed) if case.is_program]
        return cls(listed, parts)

    @property
    def calls(self) -> list[Call]:
        """The calls to be made; nothing in them tells what is expected."""
        return [part.call() for part in self.parts]

    def verdict(self, runs: Sequence[RunResult]) -> Graded:
        """The verdict, given the results of `calls` in their order."""
        found: dict[int, CaseVerdict] = {}
        status: Literal["ok"] | RunStatus = "ok"
        for part, run in zip(self.parts, runs, strict=True):
            part_status, verdicts = part.judge(run)
            found.update(zip(part.numbers, verdicts, strict=True))
            status = max(status, part_status, key=_gravity)
        per_case = tuple(found[number] for number in range(len(self.cases)))
        return Graded(status == "ok" and all(one.passed for one in per_case), status, per_case, tuple(runs))


def _case(number: int, given: Case | Mapping[str, Any], entry: str | None) -> Case:
    try:
        case = given if isinstance(given, Case) else Case.model_validate(dict(given))
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))} {one['msg']}".strip() for one in error.errors())
        raise ValueError(f"case {number} is malformed: {problems}") from None
    if entry is None and case.call is None and not case.is_program:
        raise ValueError(f"case {number} calls a function, and none is named: give entry")
    return case


def _gravity(status: Literal["ok"] | RunStatus) -> int:
    """What outweighs what when runs differ: a failure of ours hides all else, then whatever came first."""
    return {"ok": 0, "setup_error": 2, "lost": 3}.get(status, 1)


@dataclass(frozen=True, slots=True)
class _Candidate:
    source: bytes
    entry: str
    files: Mapping[str, bytes]
    limits: Limits
    compare: Comparison


@dataclass(frozen=True, slots=True)
class _Functions:
    """Calls of functions, in one process under the driver."""

    candidate: _Candidate
    numbers: Sequence[int]
    cases: Sequence[Case]

    def call(self) -> Call:
        candidate = self.candidate
        inputs = [encode([case.call or candidate.entry, list(case.args), case.kwargs]) for case in self.cases]
        return Call(
            source=_DRIVE,
            stdin=json.dumps(inputs).encode() + b"\n" + candidate.source,
            files=candidate.files,
            limits=candidate.limits,
            result=True,
        )

    def judge(self, run: RunResult) -> tuple[Literal["ok"] | RunStatus, list[CaseVerdict]]:
        """The status of the whole, and the verdict on each case.

        A run that went its way to the end leaves exactly one record a case, and anything else is no result at all. One that
        ran into a limit leaves those of the cases before.
        """
        records = read_records(run.result or b"", len(self.cases))
        if run.status == "exit":
            problem = records.problem or (f"exit code {run.exit_code}" if run.exit_code else "")
            if problem:
                return "malformed_result", [CaseVerdict(False, "malformed_result", problem)] * len(self.cases)
            return "ok", self._verdicts(records.read)
        done = self._verdicts(records.read)
        left = CaseVerdict(False, run.status, run.detail[:_MAX_SHOWN])
        return run.status, done + [left] * (len(self.cases) - len(done))

    def _verdicts(self, records: Sequence[Record]) -> list[CaseVerdict]:
        return [
            _verdict(case, record, case.compare or self.candidate.compare)
            for case, record in zip(self.cases, records, strict=False)
        ]


def _verdict(case: Case, record: Record, rules: Comparison) -> CaseVerdict:
    if record.kind == "value":
        right = not case.exceptions and same(case.expected, record.value, rules)
        return CaseVerdict(right, "right" if right else "wrong", f"returned {record.words}")
    if record.kind == "raised":
        right = record.exception in case.exceptions
        status = "right" if right else "wrong" if case.exceptions else "raised"
        return CaseVerdict(right, status, f"raised {record.words}")  # type: ignore[arg-type]
    return CaseVerdict(False, record.kind, record.words)


@dataclass(frozen=True, slots=True)
class _Program:
    """One program on stdin, in a process of its own without a driver."""

    candidate: _Candidate
    numbers: Sequence[int]
    case: Case

    def call(self) -> Call:
        stdin = self.case.stdin
        return Call(
            source=self.candidate.source,
            stdin=stdin.encode() if isinstance(stdin, str) else stdin,
            files=self.candidate.files,
            limits=self.candidate.limits,
        )

    def judge(self, run: RunResult) -> tuple[Literal["ok"] | RunStatus, list[CaseVerdict]]:
        """The status of the whole, and the verdict on the one case."""
        if run.status != "exit":
            return run.status, [CaseVerdict(False, run.status, run.detail[:_MAX_SHOWN])]
        if run.exit_code != 0:
            return "ok", [CaseVerdict(False, "exit", f"exited with code {run.exit_code}")]
        expected = self.case.expected_stdout
        wanted = expected.encode() if isinstance(expected, str) else expected
        rules = self.case.compare or self.candidate.compare
        right = not run.stdout_truncated and same_text(wanted, run.stdout, rules)
        shown = run.stdout[:_MAX_SHOWN].decode(errors="replace")
        return "ok", [CaseVerdict(right, "right" if right else "wrong", f"wrote {shown!r}")]
