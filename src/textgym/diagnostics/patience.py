"""Checks do not wait for ever: a step that never returns is a finding, not the end of the battery's patience with it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

DEFAULT_PATIENCE = 300.0
"""Seconds that a check may take."""

SANDBOX_PATIENCE = 1200.0
"""The same where episodes are played in sandboxes."""

_AGAIN = 1.0


class OutOfPatience(BaseException):
    """A check took too long; raised in the middle of whatever it was doing."""


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """Raise `OutOfPatience` in the body once it has taken so many seconds, and again every second until it is left.

    It interrupts Python code and system calls in the main thread. In any other thread, and where there is no SIGALRM, it
    does nothing.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfPatience(f"took more than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
