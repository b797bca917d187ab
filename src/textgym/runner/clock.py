"""The clock of one episode: its deadline stands still while the episode queues for something that the run limits."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Coroutine
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

GRACE_SECONDS = 2.0
"""How long work that was told to stop may take to do so."""

_POLL_SECONDS = 0.01
_left_behind: set[asyncio.Task[Any]] = set()
_cleaning_up: set[asyncio.Task[Any]] = set()


class Ticket:
    """A place in a queue for a thread, a worker process, a sandbox or a call.

    Attributes:
        asked: when the wait began.
        begun: when it ended; None while it lasts.
    """

    __slots__ = ("asked", "begun")

    def __init__(self) -> None:
        self.asked = perf_counter()
        self.begun: float | None = None

    def begin(self) -> None:
        """The wait is over."""
        self.begun = perf_counter()


class Clock:
    """Runs the work of one episode, and stops it after `limit` seconds; for that it gets a task of its own.

    Who cancels the run cancels the task in which `run` is awaited. So a cancellation that comes up in the work without
    `expired` or `stopping` is a fault of the environment or of the policy.

    Args:
        limit: seconds, without those spent in queues; None for no limit.
    """

    def __init__(self, limit: float | None) -> None:
        self.limit = limit
        self.expired = False
        """Whether the time is up."""
        self._stopping = False
        self._here: asyncio.Task[Any] | None = None
        self._cleaning = False
        self._over: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._waited = 0.0
        self._ticket: Ticket | None = None
        self._held: list[asyncio.Semaphore] = []

    @property
    def stopping(self) -> bool:
        """Whether the whole run ends."""
        return self._stopping or (self._here is not None and self._here.cancelling() > 0)

    async def run(self, work: Coroutine[Any, Any, None]) -> bool:
        """Run the work; False where it would not be stopped and was left behind."""
        here = self._here = asyncio.current_task()
        try:
            if self.limit is not None:
                return await self._run_apart(work)
            await work
            if self.stopping:  # nothing but the end of the run asks this task to stop
                raise asyncio.CancelledError
            return True
        finally:
            if here is not None:
                _cleaning_up.discard(here)

    async def _run_apart(self, work: Coroutine[Any, Any, None]) -> bool:
        over = self._over = asyncio.Event()
        task = self._task = asyncio.get_running_loop().create_task(work)
        task.add_done_callback(lambda _: over.set())
        self._start()
        try:
            await over.wait()
        except asyncio.CancelledError:
            self._stopping = True
            if not self._cleaning:
                self._interrupt()
            await over.wait()
            raise
        finally:
            self._disarm()
            if not task.done():
                for held in self._held:
                    held.release()
                self._held.clear()
                _leave(task)
            elif self._stopping:
                _retrieve(task)
        if task.done():
            task.result()
        return task.done()

    def clean_up(self) -> None:
        """The work has come to its clean-up, which has the whole time once more, and is not given up with the run."""
        self.expired = False
        self._cleaning = True
        if self._here is not None:
            _cleaning_up.add(self._here)
        self._start()

    def uncancel(self) -> None:
        """A cancellation of the work has been dealt with."""
        while self._task is not None and self._task.cancelling():
            self._task.uncancel()

    # -- queues --------------------------------------------------------------------------------------------------------

    def ticket(self) -> Ticket:
        """Queue: the clock stands still until the ticket's turn. One wait at a time."""
        self._waited = self._waits(perf_counter())
        self._ticket = Ticket()
        return self._ticket

    @asynccontextmanager
    async def holding(self, limit: asyncio.Semaphore) -> AsyncGenerator[None]:
        """Hold one of what `limit` counts; work that is left behind holds it no longer."""
        ticket = self.ticket()
        await limit.acquire()
        ticket.begin()
        self._held.append(limit)
        try:
            yield
        finally:
            if limit in self._held:
                self._held.remove(limit)
                limit.release()

    def _waits(self, now: float) -> float:
        """Seconds spent in queues so far."""
        ticket = self._ticket
        if ticket is None:
            return self._waited
        return self._waited + (now if ticket.begun is None else ticket.begun) - ticket.asked

    # -- time ----------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._disarm()
        self._ticket = None
        self._waited = 0.0
        if self.limit is not None and self._task is not None:
            self._began = perf_counter()
            self._arm(self.limit)

    def _arm(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        assert self.limit is not None
        now = perf_counter()
        left = self.limit - (now - self._began - self._waits(now))
        if left > 0:
            self._arm(max(left, _POLL_SECONDS))
        else:
            self.expired = True
            self._interrupt()

    def _interrupt(self) -> None:
        assert self._task is not None
        assert self._over is not None
        self._disarm()
        self._task.cancel()
        self._timer = asyncio.get_running_loop().call_later(GRACE_SECONDS, self._over.set)


async def all_stopped(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Wait for tasks that were cancelled. Those that do not stop are left behind, but for those that clean up."""
    left = set(tasks)
    while left:
        _, left = await asyncio.wait(left, timeout=1.5 * GRACE_SECONDS)
        if not left & _cleaning_up:
            for task in left:
                _leave(task)
            return


def _leave(task: asyncio.Task[Any]) -> None:
    """Let a task be that would not stop; it is kept until it ends, since a lost one is reported as an error."""
    _left_behind.add(task)
    task.add_done_callback(_left_behind.discard)
    task.add_done_callback(_retrieve)


def _retrieve(task: asyncio.Task[Any]) -> None:
    """Look at a task's exception, so that it is not reported as never looked at."""
    if not task.cancelled():
        task.exception()
