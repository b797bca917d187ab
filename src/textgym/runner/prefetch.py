"""Tasks made ahead in worker processes, so that a slow generator stays off the path of an episode.

A task is a function of its split and index alone, so a task made ahead is the task that would have been made in time.
"""

import asyncio
import os
import threading
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

import gymnasium as gym

from textgym.core import Task, TextEnv
from textgym.runner.worker import EnvRecipe, Worker, WorkerLostError

Place = tuple[str, int]


class Prefetcher:
    """Makes wanted tasks in worker processes.

    It can be set as an environment's `supply`: `reset` then takes the tasks that were wanted, and waits for one that is
    being made.

    Args:
        env: the environment; its class must be importable by another process.
        workers: number of worker processes.
    """

    def __init__(self, env: TextEnv[Any, Any], workers: int = 1) -> None:
        if workers < 1:
            raise ValueError(f"workers must be at least 1, not {workers}")
        self._wanted: dict[Place, tuple[Future[Task], int]] = {}
        self._workers = [_TaskWorker(env) for _ in range(workers)]

    def want(self, split: str, index: int) -> None:
        """Have this task made; wanted n times, it is made once and can be taken n times."""
        future, count = self._wanted.get((split, index), (None, 0))
        if future is None:
            future = min(self._workers, key=lambda one: len(one.open)).submit(split, index)
        self._wanted[split, index] = (future, count + 1)

    def _take(self, split: str, index: int) -> Future[Task] | None:
        future, count = self._wanted.pop((split, index), (None, 0))
        if future is not None and count > 1:
            self._wanted[split, index] = (future, count - 1)
        return future

    def __call__(self, split: str, index: int) -> Task | None:
        """The task if it was wanted, waiting until it is made; None if nobody wanted it."""
        future = self._take(split, index)
        return None if future is None else future.result()

    async def atask(self, split: str, index: int) -> Task | None:
        """`__call__` for callers with an event loop."""
        future = self._take(split, index)
        if future is None or future.done():
            return None if future is None else future.result()
        return await asyncio.wrap_future(future)

    def forget(self) -> None:
        """Drop what was wanted and not taken."""
        self._wanted.clear()

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.close()


class _TaskWorker:
    def __init__(self, env: TextEnv[Any, Any]) -> None:
        self._worker = Worker(EnvRecipe.of(env), "tasks")
        self.open: deque[Future[Task]] = deque()
        self._lost: Exception | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._receive, name="textgym-prefetch", daemon=True)
        self._thread.start()

    def submit(self, split: str, index: int) -> Future[Task]:
        future: Future[Task] = Future()
        with self._lock:
            if self._lost is None:
                self.open.append(future)
                self._worker.send("make", split, index)
            else:
                future.set_exception(self._lost)
        return future

    def _receive(self) -> None:
        try:
            self._worker.receive()
            while True:
                try:
                    task, error = self._worker.receive(), None
                except WorkerLostError:
                    raise
                except Exception as problem:
                    task, error = None, problem
                future = self.open.popleft()
                if error is not None:
                    future.set_exception(error)
                elif not future.cancelled():
                    future.set_result(task)
        except Exception as lost:
            with self._lock:
                self._lost = lost
                for future in self.open:
                    future.set_exception(lost)

    def close(self) -> None:
        self._worker.close()
        self._thread.join(5)


class TaskMaker:
    """The worker's end of a `Prefetcher`."""

    def __init__(self, env: TextEnv[Any, Any]) -> None:
        self._env = env
        if hasattr(os, "SCHED_BATCH"):  # so that waking up for a task never takes the processor from who asked
            with suppress(OSError):
                os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))

    def make(self, split: str, index: int) -> Task:
        """Make one task."""
        return self._env.task(split, index)


class PrefetchResets(gym.Wrapper[str, str, str, str]):
    """A wrapper whose `reset()` finds its next tasks made already.

    Which tasks the coming unseeded resets draw is known from the last seed, so they are made ahead in worker processes.

    Args:
        env: a made environment.
        ahead: how many coming tasks to keep in the making.
        workers: number of worker processes.
    """

    def __init__(self, env: gym.Env[str, str], ahead: int = 8, workers: int = 1) -> None:
        super().__init__(env)
        if not isinstance(env.unwrapped, TextEnv):
            raise TypeError(f"PrefetchResets needs a TextEnv, not {type(env.unwrapped).__name__}")
        self._text_env: TextEnv[Any, Any] = env.unwrapped
        self._ahead = ahead
        self._primed = False
        self._prefetcher = Prefetcher(self._text_env, workers)
        self._text_env.supply = self._prefetcher

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start the next episode; see `TextEnv.reset`."""
        if seed is not None:
            self._prefetcher.forget()
            self._primed = False
        result = self.env.reset(seed=seed, options=options if options is None else dict(options))
        split = self._text_env.config.split
        fresh = self._text_env.stream.ahead(self._ahead)[-1 if self._primed else 0 :]
        self._primed = True
        for draw in fresh:
            self._prefetcher.want(split, self._text_env.index_for(draw, split))
        return result

    def close(self) -> None:
        """Close the environment and end the workers."""
        self._text_env.supply = None
        self._prefetcher.close()
        super().close()
