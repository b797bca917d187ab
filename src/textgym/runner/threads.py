"""Blocking calls from an event loop, at a third of the cost of `run_in_executor`."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from textgym.runner.clock import Ticket

_T = TypeVar("_T")
_Work = tuple[asyncio.Future[Any], Ticket, Callable[..., Any], tuple[Any, ...]]


class ThreadCalls:
    """Threads that run calls for one event loop.

    Finished calls are handed over in batches: a thread wakes the loop only if no wake-up is on its way already, which is
    where `run_in_executor` spends most of its time. A call that is cancelled while it runs keeps its thread until it
    returns; another thread takes its place, so that stuck calls never use up the pool.

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

    async def call(self, function: Callable[..., _T], *arguments: Any, ticket: Ticket | None = None) -> _T:
        """Run a blocking call in a thread; `ticket` is told when a thread takes it up."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        future: asyncio.Future[_T] = self._loop.create_future()
        ticket = ticket or Ticket()
        self._open += 1
        self._start_thread()
        self._queue.put((future, ticket, function, arguments))
        try:
            return await future
        except asyncio.CancelledError:
            if future.cancelled() and ticket.begun is not None:
                # The thread is still at it: it no longer counts towards the limit, and calls may wait for another.
                self.abandoned += 1
                self._limit += 1
                self._start_thread()
            raise

    def _start_thread(self) -> None:
        """Start a thread where calls wait for one and there may be another."""
        if self._open > self._threads and self._threads < self._limit:
            self._threads += 1
            threading.Thread(target=self._work, name="textgym-step", daemon=True).start()

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            future, ticket, function, arguments = work
            ticket.begin()
            if future.cancelled():
                self._hand_over(future, True, None)
                continue
            try:
                self._hand_over(future, True, function(*arguments))
            except BaseException as error:
                self._hand_over(future, False, error)
            del work, future, ticket, function, arguments

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
                future.set_exception(settable(value))

    def close(self) -> None:
        """Let the threads end when they are done with what they run."""
        for _ in range(self._threads):
            self._queue.put(None)


def settable(error: BaseException) -> BaseException:
    """The error as a future takes it: all but StopIteration, which leaves a coroutine as the same RuntimeError."""
    if not isinstance(error, StopIteration):
        return error
    wrapped = RuntimeError("coroutine raised StopIteration")
    wrapped.__cause__ = error
    return wrapped
