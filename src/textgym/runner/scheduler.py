"""The scheduler: keeps `concurrency` episodes in progress, starts the next as soon as one ends, waits for nobody."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from textgym.core import Execution, TextEnv
from textgym.core.cpu import usable_cores
from textgym.episodes import Episode, provenance
from textgym.policies import AnyPolicy, ReferencePolicy
from textgym.runner.asking import Asker
from textgym.runner.clock import all_stopped
from textgym.runner.garbage import rare_collections
from textgym.runner.places import make_place
from textgym.runner.plan import Job, Plan
from textgym.runner.playing import Stage, play
from textgym.runner.prefetch import Prefetcher

_T = TypeVar("_T")

_THREADS = 64


@dataclass(frozen=True)
class RunOptions:
    """How a run is carried out. None of it changes what the episodes contain.

    Attributes:
        concurrency: episodes in progress at a time.
        execution: where environments are stepped; None for what the environment says of itself.
        workers: threads or worker processes; 0 for a default. There are never more than episodes in progress.
        max_calls: calls of the policy in flight at a time; None for no limit of its own.
        max_sandboxes: sandboxes in use at a time; None for no limit of its own.
        max_batch: most turns in one batch of a batch policy.
        max_wait: longest wait of a turn for its batch, in seconds.
        deadline: wall-clock limit of a whole episode, in seconds; waiting for `workers`, `max_calls` or `max_sandboxes` is
            not counted.
        retries: how often an episode whose machinery failed is begun anew; the record says how often it was.
        prefetch: tasks made ahead in a worker process; 0 makes each in time.
        ordered: yield episodes in the order of the plan instead of as they finish.
        state_hashes: record a hash of the state at every turn, for exact replay.
    """

    concurrency: int = 64
    execution: Execution | None = None
    workers: int = 0
    max_calls: int | None = None
    max_sandboxes: int | None = None
    max_batch: int | None = None
    max_wait: float = 0.02
    deadline: float | None = None
    retries: int = 0
    prefetch: int = 0
    ordered: bool = False
    state_hashes: bool = True

    def __post_init__(self) -> None:
        if self.execution is not None and self.execution not in get_args(Execution):
            raise ValueError(f"execution must be one of {', '.join(get_args(Execution))}, not {self.execution!r}")
        for name in ("concurrency", "max_calls", "max_sandboxes", "max_batch"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        for name in ("workers", "retries", "prefetch"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be at least 0, not {getattr(self, name)}")
        if self.deadline is not None and self.deadline <= 0:
            raise ValueError(f"deadline must be more than 0 seconds, not {self.deadline}")


class Scheduler:
    """Runs a plan with a policy."""

    def __init__(self, env: TextEnv[Any, Any], policy: AnyPolicy, plan: Plan, options: RunOptions) -> None:
        self.env = env
        self.policy = policy
        self.plan = plan
        self.options = options
        self.execution: Execution = options.execution or env.execution
        self.active = self.slots
        """Slots that play or will play an episode; fewer towards the end of a run."""
        self.on_slot_end: Callable[[], object] | None = None
        """Called when a slot finds no further job."""

    @property
    def never_waits(self) -> bool:
        """Whether nothing in this run ever waits, so that it needs no event loop."""
        waits = self.env.waits or self.env._begin_waits or self.env.finish_waits
        return (
            not waits
            and self.execution in ("inline", "async")
            and isinstance(self.policy, ReferencePolicy)
            and self.options.deadline is None
            and self.options.prefetch == 0
        )

    def run_inline(self) -> Generator[Episode, None, None]:
        """The episodes of a run that never waits, one after the other."""
        stage = self._stage(None, inline=True)
        for job in self.plan.jobs():
            yield _run_to_end(play(stage, job))

    def _stage(self, prefetcher: Prefetcher | None, *, inline: bool = False) -> Stage:
        options = self.options
        usual = usable_cores() if self.execution == "process" else _THREADS
        workers = min(options.workers or usual, self.slots)
        limited = options.max_sandboxes is not None and self.env.sandbox != "none"
        return Stage(
            env=self.env,
            place=make_place(self.env, self.execution, options.state_hashes, workers, prefetcher),
            asker=Asker(self.policy, options.max_calls, options.max_batch, options.max_wait),
            deadline=options.deadline,
            retries=options.retries,
            sandboxes=asyncio.Semaphore(options.max_sandboxes or 1) if limited else None,
            inline=inline,
            versions=provenance(),
        )

    async def run(self) -> AsyncGenerator[Episode, None]:
        """The episodes as they finish, or in the order of the plan.

        Leaving the iteration early gives up the episodes in progress and releases everything.
        """
        options = self.options
        prefetcher = Prefetcher(self.env) if options.prefetch else None
        stage = self._stage(prefetcher)
        jobs = enumerate(_ahead(self.plan.jobs(), prefetcher, options.prefetch))
        finished = _Finished(options.concurrency)

        async def slot() -> None:
            for number, job in jobs:
                await finished.put(number, await play(stage, job))
                await asyncio.sleep(0)  # an episode that never waited must not keep the others from starting
            self.active -= 1
            if self.on_slot_end is not None:
                self.on_slot_end()

        slots = [asyncio.create_task(slot()) for _ in range(self.slots)]
        for task in slots:
            task.add_done_callback(finished.end)
        try:
            with rare_collections():
                async for episode in _collect(finished, len(slots), options.ordered):
                    yield episode
        finally:
            for task in slots:
                task.cancel()
            await all_stopped(slots)
            await stage.place.aclose()
            await stage.asker.aclose()
            if prefetcher is not None:
                prefetcher.close()

    @property
    def slots(self) -> int:
        """How many episodes are in progress at a time."""
        episodes = self.plan.episodes
        return self.options.concurrency if episodes is None else max(1, min(self.options.concurrency, episodes))


class _Finished:
    """What the slots bring: episodes, of which `room` may wait, and for each slot an end, however it ends."""

    def __init__(self, room: int) -> None:
        self._room = asyncio.Semaphore(room)
        self._items: asyncio.Queue[tuple[int, Episode] | BaseException | None] = asyncio.Queue()

    async def put(self, number: int, episode: Episode) -> None:
        await self._room.acquire()
        self._items.put_nowait((number, episode))

    def end(self, slot: "asyncio.Task[None]") -> None:
        gone = RuntimeError("something cancelled the task that plays the episodes")
        self._items.put_nowait(gone if slot.cancelled() else slot.exception())

    async def get(self) -> tuple[int, Episode] | BaseException | None:
        item = await self._items.get()
        if isinstance(item, tuple):
            self._room.release()
        return item


async def _collect(finished: _Finished, slots: int, ordered: bool) -> AsyncIterator[Episode]:
    held: dict[int, Episode] = {}
    following = 0
    while slots:
        item = await finished.get()
        if item is None:
            slots -= 1
        elif isinstance(item, BaseException):
            raise item
        elif not ordered:
            yield item[1]
        else:
            held[item[0]] = item[1]
            while following in held:
                yield held.pop(following)
                following += 1


def _ahead(jobs: Iterator[Job], prefetcher: Prefetcher | None, count: int) -> Iterator[Job]:
    """The jobs, each wanted from the prefetcher `count` jobs before its turn."""
    if prefetcher is None:
        yield from jobs
        return
    coming: deque[Job] = deque()
    for job in jobs:
        prefetcher.want(job.split, job.index)
        coming.append(job)
        if len(coming) > count:
            yield coming.popleft()
    yield from coming


def _run_to_end(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: _T = stop.value
        return result
    coroutine.close()
    raise RuntimeError("a run that never waits has waited: make the environment's methods async where they wait")
