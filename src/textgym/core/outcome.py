"""How an episode ended: the score tree that explains the reward, and the outcome around it."""

import math
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ScoreStatus = Literal["ok", "skipped", "unparseable", "refused", "timeout", "error", "over_budget"]


class Evidence(BaseModel):
    """What a grader saw. `secret` marks what may be stored for a researcher but never shown to a policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    text: str
    secret: bool = False


class Score(BaseModel):
    """One node of a score tree: the value, where it came from, and the parts it was made of.

    A grader that fails says so in `status` and has no value; it never pays 0 for its own failure.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "reward"
    value: float | None = Field(None, description="None if and only if status is not `ok`", allow_inf_nan=False)
    status: ScoreStatus = "ok"
    op: str | None = Field(None, description="how the children were combined, such as `weighted_mean`")
    weight: float = 1.0
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    bounds: tuple[float, float] = (0.0, 1.0)
    code: str | None = Field(None, description="the failure's name, such as `invalid_variable_error`; None without one")
    stderr: float | None = Field(None, description="standard error of the value, where it was sampled")
    n: int | None = Field(None, description="how many samples the value was made of, where it was sampled")
    cost: float = Field(0.0, description="money spent on this node, in US dollars")
    tokens: int = Field(0, description="tokens spent on this node")
    children: tuple["Score", ...] = ()

    @model_validator(mode="after")
    def _value_iff_ok(self) -> Self:
        if (self.value is None) != (self.status != "ok"):
            raise ValueError(
                f"score {self.name!r}: a value goes with status 'ok' and with no other, not {self.status!r}"
            )
        return self

    def as_info(self) -> dict[str, Any]:
        """The tree as JSON values for an `info`: secrets left out, fields at their default left out."""
        info: dict[str, Any] = {"name": self.name, "value": self.value, "status": self.status}
        tree = self.redacted() if self.evidence or self.children else self
        return info | tree.model_dump(mode="json", exclude_defaults=True)

    def redacted(self) -> "Score":
        """The same tree without what a policy may not see: secret evidence, and reasons beside it."""
        secret = any(item.secret for item in self.evidence)
        return self.model_copy(
            update={
                "evidence": tuple(item for item in self.evidence if not item.secret),
                "reason": "" if secret else self.reason,
                "children": tuple(child.redacted() for child in self.children),
            }
        )


class Status(StrEnum):
    """What kind of end an episode had. Only `ok`, `limit` and `policy_error` carry a reward."""

    OK = "ok"
    """The environment graded the episode."""
    LIMIT = "limit"
    """A limit stopped it: turns, wall clock or CPU."""
    POLICY_ERROR = "policy_error"
    """The policy broke the protocol (too many invalid actions), or left before the end."""
    INFRA_ERROR = "infra_error"
    """The machinery failed, the policy's endpoint included: no reward, mask it."""
    GRADER_ERROR = "grader_error"
    """The grader failed: no reward, mask it."""


class StopReason(StrEnum):
    """Why an episode stopped, one level finer than `Status`. Listed in the order in which a step checks them."""

    INFRA_ERROR = "infra_error"
    """The environment reported that its machinery failed (sandbox lost, server gone)."""
    GRADER_ERROR = "grader_error"
    """The environment reported that it could not grade."""
    EXCEPTION = "exception"
    """The environment raised an unexpected exception; the runner ended this episode only."""
    COMPLETED = "completed"
    """The environment gave its score."""
    INVALID_ACTION = "invalid_action"
    """The only action of a single-turn episode could not be read."""
    MAX_INVALID = "max_invalid"
    """The policy used up `max_invalid`."""
    STEP_TIMEOUT = "step_timeout"
    """One step took longer than `step_seconds`."""
    STEP_CPU = "step_cpu"
    """One step used more CPU than `step_cpu_seconds`."""
    EPISODE_TIMEOUT = "episode_timeout"
    """The episode took longer than `episode_seconds`."""
    MAX_TURNS = "max_turns"
    """The policy used up `max_turns`."""
    POLICY_FAILED = "policy_failed"
    """The policy raised, or its endpoint did not answer within the retries."""
    POLICY_STOPPED = "policy_stopped"
    """The policy ended the episode itself (a script that ran out, a person who left)."""


_MASKED = frozenset({Status.INFRA_ERROR, Status.GRADER_ERROR})


class Outcome(BaseModel):
    """The end of an episode.

    Attributes:
        status: kind of end.
        stop_reason: why, more finely.
        success: whether the task was solved.
        score: the score tree behind the reward; its value is None where there is no reward.
        error: what failed, for a person; None if nothing did.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Status
    stop_reason: StopReason
    success: bool
    score: Score
    error: str | None = None

    @property
    def mask(self) -> bool:
        """True where the reward says nothing about the policy and must be left out of training."""
        return self.status in _MASKED

    def as_info(self) -> dict[str, Any]:
        """The form that goes into `info["outcome"]`: plain JSON values, secrets left out."""
        return {
            "status": self.status.value,
            "stop_reason": self.stop_reason.value,
            "success": self.success,
            "mask": self.mask,
            "score": self.score.as_info(),
        }

    def redacted(self) -> "Outcome":
        """The same end without what a policy may not see in the score tree."""
        score = self.score
        return self.model_copy(update={"score": score.redacted()}) if score.evidence or score.children else self


def cut_short(status: Status, reason: StopReason, total: float, error: str | None = None) -> Outcome:
    """The outcome of an episode that was ended from outside; `total` stands as its reward unless the status masks it."""
    if not math.isfinite(total):
        status, reason, error = (
            Status.GRADER_ERROR,
            StopReason.GRADER_ERROR,
            f"the reward is not a finite number: {total}",
        )
    score = Score(status="error", reason=error or "") if status in _MASKED else Score(value=total)
    return Outcome(status=status, stop_reason=reason, success=False, score=score, error=error)
