"""The report of a battery: plain data that is written to JSON as it is."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["pass", "fail", "skip"]


class CheckResult(BaseModel):
    """What one check found.

    Attributes:
        name: the check's name, stable between versions.
        verdict: `skip` where the environment gives the check nothing to look at; the evidence says why.
        evidence: what was looked at and what was found, in a line or a few.
        seconds: wall time.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    verdict: Verdict
    evidence: str
    seconds: float


class MeanReward(BaseModel):
    """The mean reward of a policy, with an interval of 95 %.

    Attributes:
        mean: mean total reward of an episode.
        low: lower end of the interval.
        high: upper end of the interval.
        episodes: number of episodes.
    """

    model_config = ConfigDict(frozen=True)

    mean: float
    low: float
    high: float
    episodes: int

    def __str__(self) -> str:
        return f"{self.mean:.4g} (95 % interval {self.low:.4g} to {self.high:.4g}, {self.episodes} episodes)"


class CheckReport(BaseModel):
    """What the battery found in one environment.

    Attributes:
        id: the environment's id.
        passed: whether no check failed.
        failed: names of the checks that failed.
        checks: every check, in the order of running.
        settings: the settings the environment was made with, defaults left out.
        tasks: tasks per split that the counting checks used.
        seed: seed of the policies' randomness.
        hung: the check that took so long that it was given up and the rest skipped; None if none did.
        oracle: mean reward of the oracle; None if not measured. So `noop` and `random`.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    passed: bool
    failed: list[str]
    checks: list[CheckResult]
    settings: dict[str, object] = Field(default_factory=dict)
    tasks: int = 0
    seed: int = 0
    seconds: float = 0.0
    hung: str | None = None
    oracle: MeanReward | None = None
    noop: MeanReward | None = None
    random: MeanReward | None = None

    def check(self, name: str) -> CheckResult:
        """The result of one check.

        Raises:
            KeyError: it was not run.
        """
        for result in self.checks:
            if result.name == name:
                return result
        raise KeyError(name)
