"""Ctrl-C that never falls between finishing an episode and storing it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Turns SIGINT and SIGTERM into a `KeyboardInterrupt` that is raised only inside `allowed`.

    A signal that comes at another time is kept until `allowed` is entered next. A third one ends the process at once,
    as a way out of clean-up that hangs.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._allowed = False

    @classmethod
    @contextmanager
    def caught(cls) -> Iterator["Interrupts"]:
        """Handle both signals until the end of the block. Only in the main thread."""
        interrupts = cls()
        before = {number: signal.signal(number, interrupts._take) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield interrupts
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """The stretch in which an interrupt may strike.

        Raises:
            KeyboardInterrupt: a signal came, now or since the last stretch.
        """
        if self._asked:
            raise KeyboardInterrupt
        self._allowed = True
        try:
            yield
        finally:
            self._allowed = False

    def _take(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1
        if self._asked > 2:
            os._exit(130)
        if self._allowed:
            self._allowed = False
            raise KeyboardInterrupt
