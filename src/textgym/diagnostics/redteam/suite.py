"""The red team as a pytest class: one test for each cheat, and one for the verdict.

class TestCheats(RedTeamSuite):
    env_id = "mine/Env-v0"
"""

import unittest
from collections.abc import Callable
from typing import Any, ClassVar

from textgym.core import TextEnv
from textgym.diagnostics.redteam.library import CHEATS
from textgym.diagnostics.redteam.running import red_team
from textgym.diagnostics.report import RedTeamReport


class RedTeamSuite:
    """Derive from this class, name the environment, and pytest collects every cheat as `test_<cheat>`.

    All cheats are played once, before the first test. Those that do not fit the environment are skipped.

    Attributes:
        env_id: the id; also `module:namespace/Name-v0`, `gem:ID`, `rg:DATASET` and `vf:MODULE`.
        env_class: the class, for an environment without an id; it must be importable from its module.
        settings: keyword arguments to make it with.
        tasks: tasks for each cheat; None for what suits the environment.
        seed: seed of the cheats' randomness.
        seconds: seconds for all cheats together; None for as long as it takes. Those that were not played are skipped, and
            the verdict fails.
    """

    env_id: ClassVar[str] = ""
    env_class: ClassVar[type[TextEnv[Any, Any]] | None] = None
    settings: ClassVar[dict[str, Any]] = {}
    tasks: ClassVar[int | None] = None
    seed: ClassVar[int] = 0
    seconds: ClassVar[float | None] = None

    _report: ClassVar[RedTeamReport]

    @classmethod
    def setup_class(cls) -> None:
        """Play all cheats; pytest calls it."""
        cls._report = red_team(
            cls.env_class or cls.env_id, cls.settings, tasks=cls.tasks, seed=cls.seed, seconds=cls.seconds
        )

    def test_verdict(self) -> None:
        """No cheat is paid, nothing breaks, and the oracle earns its score."""
        if not self._report.passed:
            raise AssertionError("; ".join(self._report.reasons))


def _test_of(name: str) -> Callable[[RedTeamSuite], None]:
    def test(self: RedTeamSuite) -> None:
        row = next((row for row in self._report.cheats if row.name == name and row.family != "own"), None)
        if row is None and name in self._report.not_played:
            raise unittest.SkipTest("not played: the time was over")
        if row is None:
            raise unittest.SkipTest("this cheat does not fit the environment")
        if row.paid or row.broken:
            raise AssertionError(
                f"{name} earned {row.mean:.4g} ({row.low:.4g} to {row.high:.4g}) where {self._report.allowed:.4g} is "
                f"allowed; episodes ended {row.statuses}; {row.example}"
            )

    test.__name__ = f"test_{name}"
    test.__doc__ = CHEATS[name].summary
    return test


for _name in CHEATS:
    setattr(RedTeamSuite, f"test_{_name}", _test_of(_name))
