"""What tells an author whether an environment is solvable, free of leaks, hard to cheat and exact: `textgym check`."""

from textgym.diagnostics import checks as _checks  # registers the checks  # noqa: F401
from textgym.diagnostics.battery import CHECKS, Check, Progress, check
from textgym.diagnostics.report import CheckReport, CheckResult, MeanReward, Verdict
from textgym.diagnostics.suite import EnvironmentSuite

__all__ = [
    "CHECKS",
    "Check",
    "CheckReport",
    "CheckResult",
    "EnvironmentSuite",
    "MeanReward",
    "Progress",
    "Verdict",
    "check",
]
