"""What a grader raises where it has no value to give."""

from typing import Literal

Unscored = Literal["skipped", "unparseable", "refused", "timeout", "error", "over_budget"]
"""The statuses of a score without a value."""


class Invalid(Exception):  # noqa: N818 (a verdict about a grading, and never shown as a crash)
    """Raised inside a grader that cannot give a value; `Grader.grade` turns it into a score of this status.

    Args:
        status: what kind of failure.
        reason: what failed, for a person; no secrets.
        code: the failure's name in the vocabulary of OpenAI's `graders.run`, such as `invalid_variable_error`.
    """

    def __init__(self, status: Unscored, reason: str, *, code: str = "other_error") -> None:
        super().__init__(reason)
        self.status: Unscored = status
        self.reason = reason
        self.code = code


class GraderSpecError(ValueError):
    """A grader's JSON or settings are wrong; the message names the field and the way out."""
