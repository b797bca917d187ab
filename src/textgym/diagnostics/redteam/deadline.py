"""`Deadline`: the time that a red team has. What it did not get to is reported as not played, and never as holding."""

import time
from collections.abc import Callable
from typing import TypeVar

from textgym.diagnostics.patience import OutOfPatience, patience

_T = TypeVar("_T")

GRACE = 2.0
"""Seconds that an event loop gets to cancel what runs in it, before nobody waits for it any more."""


class Deadline:
    """When the time is up: asked between steps, and able to interrupt one that does not return.

    Attributes:
        seconds: how long it was from the start; None where there is no limit.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self.seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds that are left, 0 if none; None where there is no limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.left == 0.0

    def within(self, play: Callable[[], _T], grace: float = 0.0) -> _T | None:
        """What `play` gives; None if the time was up before, or ran out in the middle of it (in the main thread; see `patience`)."""
        left = self.left
        if left is None:
            return play()
        if left == 0.0:
            return None
        try:
            with patience(left + grace):
                return play()
        except OutOfPatience:
            return None
