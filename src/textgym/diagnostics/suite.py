"""The battery as a pytest class: one test for each check.

class TestMine(EnvironmentSuite):
    env_id = "mine/Env-v0"
"""

import unittest
from collections.abc import Callable
from typing import Any, ClassVar

from textgym.core import TextEnv
from textgym.diagnostics.battery import CHECKS, Check, run_check
from textgym.diagnostics.subject import Subject
from textgym.diagnostics.target import resolve


class EnvironmentSuite:
    """Derive from this class, name the environment, and pytest collects every check as `test_<check>`.

    Attributes:
        env_id: the id, also `module:namespace/Name-v0`.
        env_class: the class, for an environment without an id; it must be importable from its module.
        settings: keyword arguments to make it with.
        tasks: tasks per split for the checks that count; by default 100, with sandboxes 34.
        seed: seed of the policies' randomness.
    """

    env_id: ClassVar[str] = ""
    env_class: ClassVar[type[TextEnv[Any, Any]] | None] = None
    settings: ClassVar[dict[str, Any]] = {}
    tasks: ClassVar[int | None] = None
    seed: ClassVar[int] = 0

    _subject: ClassVar[Subject]

    @classmethod
    def setup_class(cls) -> None:
        """Make what the tests of the class share; pytest calls it."""
        cls._subject = Subject(resolve(cls.env_class or cls.env_id, cls.settings), tasks=cls.tasks, seed=cls.seed)

    @classmethod
    def teardown_class(cls) -> None:
        """Release it; pytest calls it."""
        cls._subject.close()


def _test_of(check: Check) -> Callable[[EnvironmentSuite], None]:
    def test(self: EnvironmentSuite) -> None:
        result = run_check(check, self._subject)
        if result.verdict == "skip":
            raise unittest.SkipTest(result.evidence)
        if result.verdict == "fail":
            raise AssertionError(f"{check.name}: {result.evidence}")

    test.__name__ = f"test_{check.name}"
    test.__doc__ = check.proves
    return test


for _check in CHECKS.values():
    setattr(EnvironmentSuite, f"test_{_check.name}", _test_of(_check))
