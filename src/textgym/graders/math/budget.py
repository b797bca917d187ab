"""How much work a comparison may do before it is given up."""

import time

from textgym.graders.math.options import CPU_SECONDS, WALL_SECONDS


class TooHard(Exception):  # noqa: N818 (a verdict about an answer, never shown to a user)
    """A step would take more time or memory than a comparison may use.

    Args:
        reason: what was too much.
        timed: whether it was the clock that said so, which another machine need not.
    """

    def __init__(self, reason: str, *, timed: bool = False) -> None:
        super().__init__(reason)
        self.timed = timed


class Budget:
    """The time that one comparison may use, from now on."""

    __slots__ = ("_cpu_end", "_steps", "_wall_end")

    def __init__(self) -> None:
        self._cpu_end = time.thread_time() + CPU_SECONDS
        self._wall_end = time.monotonic() + WALL_SECONDS
        self._steps = 0

    def spend(self, steps: int = 1) -> None:
        """Note work; now and then look at the clocks.

        Raises:
            TooHard: the time is over.
        """
        self._steps += steps
        if self._steps >= 50:
            self._steps = 0
            if time.thread_time() > self._cpu_end or self.left() <= 0:
                raise TooHard("the comparison took longer than it may", timed=True)

    def left(self) -> float:
        """Seconds of wall time that are left."""
        return self._wall_end - time.monotonic()
