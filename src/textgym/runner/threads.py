"""Blocking calls from an event loop, at a third of the cost of `run_in_executor`."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

_T = TypeVar("_T")
_Work = tuple[asyncio.Future[Any], Callable[..., Any], tuple[Any, ...]]


class ThreadCalls:
    """Threads that run calls for one event loop.

    Finished calls are handed over in batches: a thread wakes the loop only if no wake-up is on its way already, which is
    where `run_in_executor` spends most of its time. A call that is cancelled keeps its thread until it returns; another
    thread takes its place, so that stuck calls never use up the pool.

    Args:
        threads: how many calls may run at a time.
    """

    def __init__(self, threads: int) -> None:
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._finished: deque[tuple[asyncio.Future[Any], bool, Any]] = deque()
        self._woken = False
        self._limit = threads
        self._threads = 0
        self._open = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self.abandoned = 0
        """Calls that were given up while they ran."""

    async def call(self, function: Callable[..., _T], *arguments: Any) -> _T:
        """Run a blocking call in a thread."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        future: asyncio.Future[_T] = self._loop.create_future()
        self._open += 1
        if self._open > self._threads and self._threads < self._limit:
            self._start_thread()
        self._queue.put((future, function, arguments))
        try:
            return await future
        except asyncio.CancelledError:
            if future.cancelled():  # the thread is still at it: it no longer counts towards the limit
                self.abandoned += 1
                self._limit += 1
            raise

    def _start_thread(self) -> None:
        self._threads += 1
        threading.Thread(target=self._work, name="textgym-step", daemon=True).start()

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            future, function, arguments = work
            if future.cancelled():
                self._hand_over(future, True, None)
                continue
            try:
                self._hand_over(future, True, function(*arguments))
            except BaseException as error:
                self._hand_over(future, False, error)
            del work, future, function, arguments

    def _hand_over(self, future: asyncio.Future[Any], good: bool, value: Any) -> None:
        self._finished.append((future, good, value))
        if not self._woken:
            self._woken = True
            assert self._loop is not None
            try:
                self._loop.call_soon_threadsafe(self._collect)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

    def _collect(self) -> None:
        self._woken = False
        while self._finished:
            future, good, value = self._finished.popleft()
            self._open -= 1
            if future.cancelled():
                continue
            if good:
                future.set_result(value)
            else:
                future.set_exception(value)

    def close(self) -> None:
        """Let the threads end when they are done with what they run."""
        for _ in range(self._threads):
            self._queue.put(None)
