"""The verdict of tests on objects, as data; and which tests there are."""

import ast
from dataclasses import dataclass
from typing import Literal, Self

from textgym.core import GraderError
from textgym.sandbox.errors import SandboxLostError
from textgym.sandbox.results import Status as RunStatus

TestStatus = Literal["passed", "failed", "raised", "unloadable"] | RunStatus
"""What became of a test.

`passed`. `failed`: what it asserts does not hold. `raised`: an exception, of the code or of the test. `unloadable`: the code
itself could not be executed. The others say how the code ended before this test had an end.
"""


@dataclass(frozen=True, slots=True)
class TestVerdict:
    """The verdict of one test.

    Attributes:
        name: the test's.
        passed: whether it passed.
        status: what became of it.
        detail: for the author of the tests, in words and cut short. It may tell what is expected: not for the policy.
    """

    __test__ = False  # no test for pytest to collect

    name: str
    passed: bool
    status: TestStatus
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict of tests on a source.

    Attributes:
        passed: whether every test passed.
        status: `ok` where every test came to its end; else how the code prevented that: a limit, its own exit, a message that
            is none (`malformed_result`). `judge_error`: the tests themselves failed. `lost` says nothing about the code.
        per_test: a verdict for each test, in their order.
        detail: what prevented the rest, in words.
    """

    passed: bool
    status: Literal["ok", "judge_error"] | RunStatus
    per_test: tuple[TestVerdict, ...]
    detail: str = ""

    @property
    def share(self) -> float:
        """Share of the tests that passed, from 0 to 1."""
        return sum(test.passed for test in self.per_test) / len(self.per_test)

    def raise_for_infra(self) -> Self:
        """Itself, where the verdict is about the code.

        Raises:
            SandboxLostError: a sandbox was lost: no reward follows.
            GraderError: the tests themselves failed.
        """
        if self.status == "lost":
            raise SandboxLostError(f"the code could not be judged: {self.detail}")
        if self.status == "judge_error":
            raise GraderError(f"the tests themselves failed: {self.detail}")
        return self


def test_names(source: str) -> list[str]:
    """The names of the tests in a source: its functions that begin with `test_`, in their order.

    Raises:
        ValueError: it is no Python, has none, or has two of one name.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"the tests are no Python: {error}") from None
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    if not names:
        raise ValueError("there are no tests, and no code could fail them")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"several tests have one name: {', '.join(twice)}")
    return names
