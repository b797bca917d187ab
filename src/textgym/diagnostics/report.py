"""The report of a battery: plain data that is written to JSON as it is."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["pass", "fail", "skip"]


RedTeamVerdict = Literal["pass", "fail", "incomplete", "skip"]


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


class CheatRow(BaseModel):
    """What one cheat was paid.

    Attributes:
        name: the cheat.
        family: its kind; `own` for those that the environment brings itself.
        summary: what it does.
        mean: mean total reward of an episode, those left out that ended in an error of machinery or grader.
        low: lower end of the interval of 95 %.
        high: upper end of the interval.
        max: the most that one episode was paid.
        share_paid: share of the episodes that were paid at least 0.5.
        statuses: how many episodes ended how: statuses of outcomes, `crashed` (the environment raised), `hung` (a step took
            too long) and `unfinished` (given up by the cheat).
        episodes: number of episodes.
        paid: whether the lower end is above what is allowed.
        broken: whether an episode crashed, hung, or ended in an error of machinery or grader.
        example: the end of the episode that was paid most, or of one that broke something; None where there is none.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    family: str
    summary: str = ""
    mean: float
    low: float
    high: float
    max: float
    share_paid: float
    statuses: dict[str, int]
    episodes: int
    paid: bool = False
    broken: bool = False
    example: str | None = None


class RedTeamReport(BaseModel):
    """What the cheats were paid by one environment.

    Attributes:
        id: the environment.
        verdict: `pass` if no cheat was paid, nothing broke, and the oracle earned its score. `incomplete` if nothing was found
            so far, and the time ran out; `skip` if none of the cheats that were chosen fits.
        reasons: why not, one line each; empty where it passed.
        allowed: the mean reward above which a cheat counts as paid: the greater of the environment's `random_ceiling` and
            what guessing earned, plus 0.05.
        oracle: mean reward of the oracle; None where there is none.
        random: mean reward of guessing; None where nobody guesses.
        exploit_gap: the greatest mean of a cheat, less that of guessing.
        headroom: the mean of the oracle, less the greatest of a cheat.
        cheats: a row for every cheat that fits the environment and was played to its end, or as far as a finding.
        not_played: names of the others, for which there was no time, so that nothing is known of them; `own` stands for those of
            the environment where there was no time to ask for them.
        seed: seed of the cheats' randomness.
        episodes: episodes of all cheats together.
        seconds: wall time.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    verdict: RedTeamVerdict
    reasons: list[str] = Field(default_factory=list)
    allowed: float
    oracle: MeanReward | None = None
    random: MeanReward | None = None
    exploit_gap: float | None = None
    headroom: float | None = None
    cheats: list[CheatRow]
    not_played: list[str] = Field(default_factory=list)
    seed: int = 0
    episodes: int = 0
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether the verdict is `pass`."""
        return self.verdict == "pass"

    def worst(self, count: int) -> list[CheatRow]:
        """The rows that matter most: paid and broken ones first, then by what they earned."""
        return worst_rows(self.cheats, count)


def worst_rows(rows: Sequence[CheatRow], count: int) -> list[CheatRow]:
    """The rows that matter most: paid and broken ones first, then by what they earned."""
    return sorted(rows, key=lambda row: (-row.paid, -row.broken, -row.mean, -row.max))[:count]


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
        cheats: what every cheat was paid; empty if the check `red_team` was not run. So the following.
        exploit_gap: the greatest mean of a cheat, less that of guessing.
        headroom: the mean of the oracle, less the greatest of a cheat.
        verdict: the red team's verdict.
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
    cheats: list[CheatRow] = Field(default_factory=list)
    exploit_gap: float | None = None
    headroom: float | None = None
    verdict: RedTeamVerdict | None = None

    def check(self, name: str) -> CheckResult:
        """The result of one check.

        Raises:
            KeyError: it was not run.
        """
        for result in self.checks:
            if result.name == name:
                return result
        raise KeyError(name)
