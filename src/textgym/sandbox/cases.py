"""A case of a test, and the verdicts on cases, as data."""

from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from textgym.core import InfraError
from textgym.sandbox.compare import Comparison
from textgym.sandbox.driver import NotPlainError, encode
from textgym.sandbox.errors import SandboxLostError
from textgym.sandbox.results import RunResult
from textgym.sandbox.results import Status as RunStatus

CaseStatus = Literal["right", "wrong", "raised", "refused", "unloadable"] | RunStatus
"""What became of a case.

`right`: the expected value, output or exception. `wrong`: another value or output, or none of the expected exceptions.
`raised`: an exception where a value was expected. `refused`: a value that is not plain data. `unloadable`: the source
itself could not be executed. The others are those of a run that ended before this case had an answer; `exit` is a program
that exited with another code than 0.
"""


class Case(BaseModel):
    """One case: what is asked, and what is expected. Exactly one of the three expectations is given.

    A call of a function takes `args` and `kwargs` and expects a value or an exception; a program takes `stdin` and expects
    what it writes to stdout, and that it exits with code 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    args: tuple[Any, ...] = Field((), description="positional arguments, plain data as of `driver.encode`")
    kwargs: dict[str, Any] = Field({}, description="keyword arguments, plain data")
    call: str | None = Field(None, description="function to call instead of the entry of all cases")
    expected: Any = Field(None, description="the value, plain data")
    raises: tuple[str, ...] | str = Field((), description="exact name of the exception's type, or several that will do")
    stdin: bytes | str = Field(b"", description="what the program reads")
    expected_stdout: bytes | str = Field(b"", description="what the program writes")
    compare: Comparison | None = Field(None, description="instead of the comparison of all cases")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = {"expected", "raises", "expected_stdout"} & self.model_fields_set
        if len(given) != 1:
            raise ValueError(f"a case has one of expected, raises and expected_stdout, and this one has {len(given)}")
        if "raises" in given and not self.exceptions:
            raise ValueError("raises names no exception")
        strange = ({"args", "kwargs", "call"} if self.is_program else {"stdin"}) & self.model_fields_set
        if strange:
            raise ValueError(f"{', '.join(sorted(strange))} cannot go with {', '.join(given)}")
        try:
            encode([list(self.args), self.kwargs, self.expected])
        except NotPlainError as error:
            raise ValueError(f"arguments and expected values are plain data: {error}") from None
        return self

    @property
    def is_program(self) -> bool:
        """Whether the source is run as a program on stdin, instead of a function of it called."""
        return "expected_stdout" in self.model_fields_set

    @property
    def exceptions(self) -> tuple[str, ...]:
        """The names of the exceptions of which one is expected; none where a value is."""
        return (self.raises,) if isinstance(self.raises, str) else self.raises


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """The verdict on one case.

    Attributes:
        passed: whether it is right.
        status: what became of it.
        detail: what the code did, in words and cut short; never anything of what was expected.
    """

    passed: bool
    status: CaseStatus
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """The verdict on a source.

    Attributes:
        passed: whether every case is right.
        status: `ok` where every case has its verdict, else the status of the run that prevented one: a limit that the code
            ran into, a crash, a forged or incomplete result, or `lost`, which says nothing about the code.
        per_case: a verdict for each case, in the order given.
        runs: the runs behind it.
    """

    passed: bool
    status: Literal["ok"] | RunStatus
    per_case: tuple[CaseVerdict, ...]
    runs: tuple[RunResult, ...]

    @property
    def share(self) -> float:
        """Share of the cases that are right, from 0 to 1."""
        return sum(verdict.passed for verdict in self.per_case) / len(self.per_case)

    def raise_for_infra(self) -> Self:
        """Itself, where the verdict is about the code.

        Raises:
            InfraError: the sandbox was lost (`SandboxLostError`), or the run could not be set up: no reward follows.
        """
        if self.status not in ("lost", "setup_error"):
            return self
        detail = next((run.detail for run in self.runs if run.status == self.status), "")
        problem = f"the code could not be graded ({self.status}): {detail}"
        raise SandboxLostError(problem) if self.status == "lost" else InfraError(problem)
