"""What a grader raises where it has no value to give, and the score that is made of it."""

from typing import Literal

from textgym.core.errors import TextgymError
from textgym.core.outcome import Evidence, Score

Unscored = Literal["skipped", "unparseable", "refused", "timeout", "error", "over_budget"]
"""The statuses of a score without a value."""


class Invalid(Exception):  # noqa: N818 (a verdict about a grading, and never shown as a crash)
    """Raised inside a grader that cannot give a value; `Grader.grade` turns it into a score of this status.

    Args:
        status: what kind of failure.
        reason: what failed, for a person; no secrets.
        code: the failure's name in the vocabulary of OpenAI's `graders.run`, such as `invalid_variable_error`.
        evidence: what was seen; secrets marked as such.
        cost: what was spent before it failed, in US dollars.
        tokens: tokens spent before it failed.
    """

    def __init__(
        self,
        status: Unscored,
        reason: str,
        *,
        code: str = "other_error",
        evidence: tuple[Evidence, ...] = (),
        cost: float = 0.0,
        tokens: int = 0,
    ) -> None:
        super().__init__(reason)
        self.status: Unscored = status
        self.reason = reason
        self.code = code
        self.evidence = evidence
        self.cost = cost
        self.tokens = tokens


class GraderSpecError(TextgymError, ValueError):
    """A grader's JSON or settings are wrong; the message names the field and the way out."""


def failure(error: Exception) -> Score:
    """The score of a grader that raised. What an unexpected error says may quote a reference, so it is secret."""
    if isinstance(error, Invalid):
        return Score(
            status=error.status,
            reason=error.reason,
            code=error.code,
            evidence=error.evidence,
            cost=error.cost,
            tokens=error.tokens,
        )
    said = (Evidence(label="exception", text=str(error)[:300], secret=True),)
    return Score(status="error", reason=type(error).__name__, code="other_error", evidence=said)
