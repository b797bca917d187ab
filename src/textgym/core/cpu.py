"""CPU: how many cores there are to use, and the time of one coroutine where many share a thread."""

import os
import time
from collections.abc import Awaitable, Generator
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")


class CpuMeter(Generic[_T]):
    """Awaits `work` and adds up the CPU time of its own turns: a neighbour in the same event loop is not counted.

    Attributes:
        seconds: CPU time so far, in seconds.
    """

    def __init__(self, work: Awaitable[_T]) -> None:
        self.seconds = 0.0
        self._work = work

    def __await__(self) -> Generator[Any, Any, _T]:
        turns = self._work.__await__()
        resume, sent = turns.__next__, ()  # type: tuple[Any, tuple[Any, ...]]
        while True:
            began = time.thread_time()
            try:
                awaited = resume(*sent)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            finally:
                self.seconds += time.thread_time() - began
            try:
                resume, sent = turns.send, ((yield awaited),)
            except BaseException as error:  # such as a cancellation: it goes on to the work
                resume, sent = turns.throw, (error,)


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
