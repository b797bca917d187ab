"""Where episodes live: in this process (inline, on the event loop, in threads) or in worker processes.

A *place* starts episodes; a *seat* is one of them. The scheduler sees no difference between the places.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from textgym.core import Execution, InfraError, Live, Outcome, StepResult, TextEnv, Turn
from textgym.episodes import TurnRecord
from textgym.policies import ReferencePolicy
from textgym.runner.plan import Job
from textgym.runner.prefetch import Prefetcher
from textgym.runner.remote import RemoteCalls
from textgym.runner.threads import ThreadCalls
from textgym.runner.worker import EnvRecipe, WorkerLostError

_T = TypeVar("_T")


SeatStep = tuple[TurnRecord, Outcome | None]
"""One step as the scheduler sees it: its record, and the outcome where the episode ended."""


class Seat(Protocol):
    """One episode in progress, wherever it lives."""

    task_id: str
    observation: str
    blocked: bool
    """Whether a call that was given up had not even begun, because a neighbour's kept its worker busy."""

    async def step(self, action: str) -> SeatStep:
        """Take one action."""

    async def ask(self, policy: ReferencePolicy, turn: Turn) -> str | None:
        """The action of a policy that looks at the live episode."""

    async def close(self) -> None:
        """Give the episode up, or release what is left of it; safe to call again."""


class Place(Protocol):
    """Starts episodes."""

    async def ready(self) -> None:
        """Wait until episodes can start here. Counts towards no episode's deadline."""

    async def seat(self, job: Job) -> Seat:
        """Start the job's episode."""

    async def aclose(self) -> None:
        """End threads and processes."""


def seat_step(live: Live, action: str, result: StepResult, hashed: bool) -> SeatStep:
    """The record of a step, with the outcome taken out of its info."""
    observation, reward, _, _, info = result
    outcome = live.outcome
    if outcome is not None:
        info = {key: value for key, value in info.items() if key != "outcome"}
    return TurnRecord(action, observation, reward, info, live.state_hash() if hashed else None), outcome


class LocalSeat:
    """An episode in this process, stepped inline or awaited."""

    blocked = False

    def __init__(self, live: Live, hashed: bool) -> None:
        self.live = live
        self.hashed = hashed
        self.task_id = live.task.id
        self.observation = live.observation

    async def step(self, action: str) -> SeatStep:
        live = self.live
        result = await live.astep(action) if live.env.waits else live.step(action)
        return seat_step(live, action, result, self.hashed)

    async def ask(self, policy: ReferencePolicy, turn: Turn) -> str | None:
        return policy.answer_live(self.live, turn)

    async def close(self) -> None:
        await self.live.aclose()


class LocalPlace:
    """Episodes in this process."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool, prefetcher: Prefetcher | None) -> None:
        self.env = env
        self.hashed = hashed
        self.prefetcher = prefetcher

    async def ready(self) -> None:
        """Nothing has to start."""

    async def seat(self, job: Job) -> Seat:
        task = None if self.prefetcher is None else await self.prefetcher.atask(job.split, job.index)
        return LocalSeat(await self.env.astart(task or self.env.task(job.split, job.index)), self.hashed)

    async def aclose(self) -> None:
        """Nothing is held."""


class ThreadSeat(LocalSeat):
    """An episode in this process, stepped in a thread."""

    def __init__(self, live: Live, hashed: bool, threads: ThreadCalls) -> None:
        super().__init__(live, hashed)
        self.threads = threads

    async def step(self, action: str) -> SeatStep:
        return seat_step(self.live, action, await self.threads.call(self.live.step, action), self.hashed)

    async def close(self) -> None:
        await self.threads.call(self.live.close)


class ThreadPlace(LocalPlace):
    """Episodes in this process whose environment blocks: generation, start, steps and clean-up run in threads."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool, prefetcher: Prefetcher | None, threads: int) -> None:
        super().__init__(env, hashed, prefetcher)
        self.threads = ThreadCalls(threads)

    async def seat(self, job: Job) -> Seat:
        def start() -> Live:
            return self.env.start(self.env.task(job.split, job.index))

        return ThreadSeat(await self.threads.call(start), self.hashed, self.threads)

    async def aclose(self) -> None:
        self.threads.close()


class RemoteSeat:
    """An episode in a worker process."""

    def __init__(
        self, calls: RemoteCalls, seat_id: int, task_id: str, observation: str, done: Callable[[], None]
    ) -> None:
        self.task_id = task_id
        self.observation = observation
        self._calls = calls
        self._id = seat_id
        self._done: Callable[[], None] | None = done
        self._given_up = False
        self.blocked = False

    async def _call(self, name: str, *arguments: Any) -> Any:
        answer = self._calls.call(name, self._id, *arguments)
        try:
            return await _infra(answer)
        except asyncio.CancelledError:
            self.blocked = self._calls.waits_behind(answer)
            self._given_up = not self.blocked
            raise

    async def step(self, action: str) -> SeatStep:
        step: SeatStep = await self._call("step", action)
        return step

    async def ask(self, policy: ReferencePolicy, turn: Turn) -> str | None:
        answer: str | None = await self._call("ask", policy, turn)
        return answer

    async def close(self) -> None:
        if self._done is None:
            return
        self._done()
        self._done = None
        if self._given_up:  # the worker is still at that call, and everything else there waits behind it
            self._calls.kill()
        elif self.blocked:
            self._calls.tell("drop", self._id)
        else:
            await _infra(self._calls.call("drop", self._id))


async def _infra(answer: asyncio.Future[_T]) -> _T:
    try:
        return await answer
    except WorkerLostError as error:
        raise InfraError(str(error)) from error


class ProcessPlace:
    """Episodes in worker processes; each new one goes where the fewest are. A dead worker is replaced."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool, processes: int) -> None:
        self._recipe = EnvRecipe.of(env)
        self._hashed = hashed
        self._workers: list[RemoteCalls | None] = [None] * processes
        self._seats = [0] * processes
        self._started = 0

    async def ready(self) -> None:
        """Start the workers that are not there, and wait for all."""
        for number, calls in enumerate(self._workers):
            if calls is None or calls.lost:
                self._workers[number] = RemoteCalls(self._recipe, "seats", self._hashed)
                if calls is not None:
                    await calls.aclose()
        for calls in self._workers:
            if calls is not None:
                await calls.start()

    async def seat(self, job: Job) -> Seat:
        number = min(range(len(self._seats)), key=self._seats.__getitem__)
        self._seats[number] += 1
        seated = False
        try:
            calls = self._workers[number]
            assert calls is not None, "ready() comes first"
            self._started += 1
            seat_id = self._started
            task_id, observation = await _infra(calls.call("start", seat_id, job.split, job.index))
            seated = True
        finally:
            if not seated:
                self._leave(number)
        return RemoteSeat(calls, seat_id, task_id, observation, lambda: self._leave(number))

    def _leave(self, number: int) -> None:
        self._seats[number] -= 1

    async def aclose(self) -> None:
        for calls in self._workers:
            if calls is not None:
                await calls.aclose()


class RemoteSeats:
    """The worker's end of a `ProcessPlace`."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool) -> None:
        self._env = env
        self._hashed = hashed
        self._lives: dict[int, Live] = {}

    def start(self, seat_id: int, split: str, index: int) -> tuple[str, str]:
        """Start an episode; returns its task's id and the first observation."""
        live = self._env.start(self._env.task(split, index))
        self._lives[seat_id] = live
        return live.task.id, live.observation

    def step(self, seat_id: int, action: str) -> SeatStep:
        """Take one action."""
        live = self._lives[seat_id]
        return seat_step(live, action, live.step(action), self._hashed)

    def ask(self, seat_id: int, policy: ReferencePolicy, turn: Turn) -> str | None:
        """The action of a policy that looks at the live episode."""
        return policy.answer_live(self._lives[seat_id], turn)

    def drop(self, seat_id: int) -> None:
        """Forget an episode, releasing what it holds."""
        self._lives.pop(seat_id).close()


def make_place(
    env: TextEnv[Any, Any], execution: Execution, hashed: bool, workers: int, prefetcher: Prefetcher | None
) -> Place:
    """The place for an execution; `workers` threads or processes where it has them."""
    if execution == "process":
        return ProcessPlace(env, hashed, workers)
    if execution == "thread":
        return ThreadPlace(env, hashed, prefetcher, workers)
    return LocalPlace(env, hashed, prefetcher)
