"""`unit_tests` and `stdio_tests`: the policy's code, run in the sandbox and judged in the host.

Only inputs go into the sandbox. What the code returns or writes comes back as data and is compared here with what was
expected, so there is no exit code, test runner or expected value for the code to forge or to find.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationError

from textgym.core.errors import InfraError
from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Grader, passed
from textgym.graders.code.box import box
from textgym.graders.code.written import filled_text, written_code
from textgym.graders.errors import Invalid
from textgym.graders.sample import Item, Sample
from textgym.sandbox import Case, Comparison, Graded, Limits, SandboxError

MOST_CASES = 1000
_SHOWN = 5
_LANGUAGES = ("", "python", "py", "python3")
_PLAIN = Comparison(tuples="lists")


class _Tested(Grader):
    """What both kinds have in common: where the code and the cases are, what counts, and the limits."""

    waits_itself = True
    templated: ClassVar[tuple[str, ...]] = ("input", "cases")
    allowed: ClassVar[frozenset[str]] = frozenset()
    needed: ClassVar[str] = ""

    input: str = "{{ sample.output_text }}"
    cases: Any
    score: Literal["fraction", "all"] = "fraction"
    no_report: Literal["error", "fail"] = "error"
    wall_s: float = Field(10.0, gt=0, le=600)
    cpu_s: float = Field(10.0, gt=0, le=600)
    memory_mb: int = Field(256, ge=16, le=512)

    def _cases(self, item: Item, sample: Sample) -> list[Case]:
        """The cases, checked.

        Raises:
            Invalid: there are none, or one is malformed: a fault of the data, which says nothing about the code.
        """
        given = self.fill(self.cases, item, sample)
        if isinstance(given, str):
            try:
                given = json.loads(given)
            except (ValueError, RecursionError):
                raise Invalid("error", "cases are a list, or its JSON, and this text is neither") from None
        if not isinstance(given, Sequence) or not given:
            raise Invalid("error", "cases are a list of at least one case; without cases no code could fail")
        if len(given) > MOST_CASES:
            raise Invalid("error", f"there are {len(given):,} cases; at most {MOST_CASES:,} are run")
        return [self._case(number, case) for number, case in enumerate(given)]

    def _case(self, number: int, given: Any) -> Case:
        if not isinstance(given, Mapping):
            raise Invalid("error", f"case {number} is an object, not {type(given).__name__}")
        strange = sorted(set(map(str, given)) - self.allowed)
        if strange:
            known = ", ".join(sorted(self.allowed))
            raise Invalid("error", f"case {number} of {self.type} has no field {strange[0]!r}; there are {known}")
        try:
            return Case.model_validate(dict(given))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise Invalid("error", f"case {number}: {f'{where}: ' if where else ''}{first['msg']}") from None

    def _entry(self, item: Item, sample: Sample) -> str | None:
        return None

    def _how(self) -> dict[str, Any]:
        raise NotImplementedError

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        cases = self._cases(item, sample)
        entry = self._entry(item, sample)
        code = written_code(filled_text(self.fill(self.input, item, sample), "input"), _LANGUAGES)
        if code is None:
            return passed(0.0, "the output commits to no one program")
        limits = Limits(wall_s=self.wall_s, cpu_s=self.cpu_s, memory_mb=self.memory_mb)
        try:
            graded = await (await box()).agrade_cases(code, entry, cases, limits=limits, **self._how())
            graded.raise_for_infra()
        except (InfraError, SandboxError) as error:
            raise Invalid("error", str(error)) from None
        except ValueError as error:  # a case without a function to call, or too large to send
            raise Invalid("error", str(error)) from None
        return self._verdict(graded)

    def _verdict(self, graded: Graded) -> Score:
        unreported = sum(verdict.status == "malformed_result" for verdict in graded.per_case)
        if unreported and self.no_report == "error":
            detail = next(verdict.detail for verdict in graded.per_case if verdict.status == "malformed_result")
            raise Invalid("error", f"the code left no report, or a forged one: {detail}")
        right = sum(verdict.passed for verdict in graded.per_case)
        failed = [(number, verdict) for number, verdict in enumerate(graded.per_case) if not verdict.passed]
        evidence = [
            Evidence(label=f"case {number}", text=f"{verdict.status}: {verdict.detail}".removesuffix(": "))
            for number, verdict in failed[:_SHOWN]
        ]
        value = graded.share if self.score == "fraction" else float(graded.passed)
        return passed(value, f"{right} of {len(graded.per_case)} cases right", *evidence)


class UnitTests(_Tested):
    """The share of calls of the policy's function that return what is expected.

    A case is an object: `args`, `kwargs`, and `expected` or `raises` (the exact name of an exception's type); `call` names
    another function than `entry`. Values are compared exactly, tuples as lists, unless `compare` declares otherwise.

    Code that ends the process it runs in, or writes on the channel of its results, leaves no report. That is no value
    (`error`), and never a pass; `no_report="fail"` makes 0 of it, so that a policy cannot hide a failure behind it.

    Attributes:
        input: the code: all of the text, or the one fenced block in it.
        entry: the function that is called; `Solution.add` is a method of a fresh `Solution()`. It may be a template.
        cases: the list of cases, or a template for it; in the item it may be JSON text.
        score: `fraction` of the cases, or 1 only if `all` are right.
        compare: how values are compared.
        isolate: whether each call has a fresh process.
        no_report: what code without a report is worth: no value (`error`), or 0 (`fail`).
        wall_s, cpu_s, memory_mb: limits of all calls together, or of each if they are isolated.
    """

    type: Literal["unit_tests"] = "unit_tests"
    templated = ("input", "cases", "entry")
    allowed = frozenset({"args", "kwargs", "call", "expected", "raises", "compare"})

    entry: str | None = None
    compare: Comparison = _PLAIN
    isolate: bool = False

    def _entry(self, item: Item, sample: Sample) -> str | None:
        return None if self.entry is None else filled_text(self.fill(self.entry, item, sample), "entry")

    def _how(self) -> dict[str, Any]:
        return {"compare": self.compare, "isolate": self.isolate}


class StdioTests(_Tested):
    """The share of inputs for which the policy's program writes what is expected, and exits with code 0.

    A case is an object: `stdin` and `expected_stdout`. Each has a process of its own.

    Attributes:
        input: the program: all of the text, or the one fenced block in it.
        cases: the list of cases, or a template for it; in the item it may be JSON text.
        score: `fraction` of the cases, or 1 only if `all` are right.
        whitespace: `ends`: not at ends of lines and text; `words`: only where it separates; `exact`: every byte counts.
        no_report: without meaning here, where what is written is the report.
        wall_s, cpu_s, memory_mb: limits of each process.
    """

    type: Literal["stdio_tests"] = "stdio_tests"
    allowed = frozenset({"stdin", "expected_stdout"})

    whitespace: Literal["exact", "ends", "words"] = "ends"

    def _how(self) -> dict[str, Any]:
        return {"compare": Comparison(whitespace=self.whitespace)}
