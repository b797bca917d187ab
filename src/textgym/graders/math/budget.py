"""How much work a comparison may do before it is given up."""

import time

from textgym.graders.math.options import CPU_SECONDS


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
    """The processor time of this thread that one comparison may use.

    Args:
        seconds: how long, from now on.
    """

    __slots__ = ("_end", "_steps")

    def __init__(self, seconds: float = CPU_SECONDS) -> None:
        self._end = time.thread_time() + seconds
        self._steps = 0

    def spend(self, steps: int = 1) -> None:
        """Note work; now and then look at the clock.

        Raises:
            TooHard: the time is over.
        """
        self._steps += steps
        if self._steps >= 50:
            self._steps = 0
            if time.thread_time() > self._end:
                raise TooHard("the comparison took longer than it may", timed=True)
