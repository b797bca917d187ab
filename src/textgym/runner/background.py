"""A scheduler in a thread of its own: its episodes go on while the caller is busy with something else."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import aclosing, suppress
from typing import Any

from textgym.episodes import Episode
from textgym.runner.scheduler import Scheduler

_FAR_BEHIND_SECONDS = 0.005
_LAST_SECONDS = 0.2


class Background:
    """Runs a scheduler in a thread.

    Args:
        scheduler: what to run.
        deliver: called in that thread with each episode.
        end: called in that thread once, with the exception that ended the run, or None.
        room: how many delivered episodes may wait for the caller to say `taken`.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        deliver: Callable[[Episode], None],
        end: Callable[[BaseException | None], None],
        room: int,
    ) -> None:
        self._scheduler = scheduler
        self._deliver = deliver
        self._end = end
        self._room = threading.Semaphore(room)
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="textgym-rollout", daemon=True)
        self._thread.start()

    def taken(self) -> None:
        """The caller has taken one delivered episode."""
        self._room.release()

    def call_soon(self, function: Callable[..., object], *arguments: Any) -> None:
        """Call something in the scheduler's thread; nothing happens once the run has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def stop(self) -> None:
        """Give up what is in progress, release it, and wait until that is done."""
        if self._thread.is_alive():
            self.call_soon(self._cancel)
            self._thread.join()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._deliver_all())
        problem: BaseException | None = None
        try:
            self._go_on()
        except BaseException as error:
            problem = error
        finally:
            try:
                self._wind_up()
            finally:
                self._loop.close()
                self._end(problem)

    def _go_on(self) -> None:
        assert self._task is not None
        while True:
            try:
                return self._loop.run_until_complete(self._task)
            except SystemExit:  # of a task that an environment or a policy started: it stops the loop on its way
                if self._task.done():
                    raise

    def _wind_up(self) -> None:
        """Release what is held, and end what is left."""
        assert self._task is not None
        self._task.cancel()
        with suppress(BaseException):
            self._loop.run_until_complete(self._task)
        rest = asyncio.all_tasks(self._loop)
        for task in rest:
            task.cancel()
        if rest:
            self._loop.run_until_complete(asyncio.wait(rest, timeout=_LAST_SECONDS))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())

    async def _deliver_all(self) -> None:
        async with aclosing(self._scheduler.run()) as episodes:
            async for episode in episodes:
                while not self._room.acquire(blocking=False):
                    await asyncio.sleep(_FAR_BEHIND_SECONDS)
                self._deliver(episode)
