"""What belongs to one call of `grade` or `grade_group`, and is gone with it."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field

from textgym.core.outcome import Score


@dataclass(slots=True)
class Remembered:
    """A place for one score; whoever finds it empty fills it, under its lock."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    score: Score | None = None


@dataclass(slots=True)
class GradingCall:
    """The scores that a grading call keeps until its end.

    Attributes:
        memo: what `cache` nodes have graded, by content.
        compared: what graders of groups said, by the identities of node and sample: both live as long as the call.
    """

    memo: dict[str, Remembered] = field(default_factory=dict)
    compared: dict[tuple[int, int], Score] = field(default_factory=dict)


CURRENT: ContextVar[GradingCall | None] = ContextVar("textgym_graders_call", default=None)


def current() -> GradingCall:
    """The grading call that is going on."""
    call = CURRENT.get()
    assert call is not None  # graders are asked through `agrade`, which opens one
    return call
