"""Where episodes live: in this process (inline, on the event loop, in threads) or in worker processes.

A *place* starts episodes; a *seat* is one of them. The scheduler sees no difference between the places.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from textgym.core import Execution, InfraError, Live, Outcome, StepResult, Task, TextEnv, Turn
from textgym.core.blocking import run_blocking
from textgym.episodes import TurnRecord
from textgym.policies import ReferencePolicy
from textgym.runner.clock import Clock
from textgym.runner.plan import Job
from textgym.runner.prefetch import Prefetcher
from textgym.runner.remote import RemoteCalls
from textgym.runner.threads import ThreadCalls
from textgym.runner.worker import EnvRecipe, WorkerLostError

_T = TypeVar("_T")
_P = ParamSpec("_P")


SeatStep = tuple[TurnRecord, Outcome | None]
"""One step as the scheduler sees it: its record, and the outcome where the episode ended."""


class Seat(Protocol):
    """One episode in progress, wherever it lives."""

    task_id: str
    observation: str

    @property
    def ended(self) -> bool:
        """Whether the environment has ended the episode: what may still run is its clean-up."""

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

    async def seat(self, job: Job, clock: Clock) -> Seat:
        """Start the job's episode; the clock stands still while it, and later its steps, queue for a worker."""

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

    def __init__(self, live: Live, hashed: bool) -> None:
        self.live = live
        self.hashed = hashed
        self.task_id = live.task.id
        self.observation = live.observation

    @property
    def ended(self) -> bool:
        return self.live.ended

    async def step(self, action: str) -> SeatStep:
        live = self.live
        waits = live.env.waits or live.env.finish_waits
        result = await live.astep(action) if waits else live.step(action)
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

    async def seat(self, job: Job, clock: Clock) -> Seat:
        task = None if self.prefetcher is None else await self.prefetcher.atask(job.split, job.index)
        return LocalSeat(await self.env.astart(task or self.env.task(job.split, job.index)), self.hashed)

    async def aclose(self) -> None:
        """Nothing is held."""


class ThreadSeat(LocalSeat):
    """An episode in this process, stepped in a thread."""

    def __init__(self, live: Live, hashed: bool, threads: ThreadCalls, clock: Clock) -> None:
        super().__init__(live, hashed)
        self.threads = threads
        self.clock = clock

    async def step(self, action: str) -> SeatStep:
        result = await self.threads.call(_step, self.live, action, ticket=self.clock.ticket())
        return seat_step(self.live, action, result, self.hashed)

    async def close(self) -> None:
        await self.threads.call(_close, self.live, ticket=self.clock.ticket())


class ThreadPlace(LocalPlace):
    """Episodes in this process whose environment blocks: generation, start, steps and clean-up run in threads."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool, prefetcher: Prefetcher | None, threads: int) -> None:
        super().__init__(env, hashed, prefetcher)
        self.threads = ThreadCalls(threads)

    async def seat(self, job: Job, clock: Clock) -> Seat:
        def start() -> Live:
            return _start(self.env, self.env.task(job.split, job.index))

        live = await self.threads.call(start, ticket=clock.ticket())
        return ThreadSeat(live, self.hashed, self.threads, clock)

    async def aclose(self) -> None:
        self.threads.close()


def _start(env: TextEnv[Any, Any], task: Task) -> Live:
    return run_blocking(env.astart(task)) if env._begin_waits else env.start(task)


def _step(live: Live, action: str) -> StepResult:
    return run_blocking(live.astep(action)) if live.env.waits else live.step(action)


def _close(live: Live) -> None:
    if live.env.finish_waits:
        run_blocking(live.aclose())
    else:
        live.close()


@dataclass(frozen=True, slots=True)
class Raised:
    """Something raised in a worker that is no `Exception`, and would have ended it: the answer to that call."""

    error: BaseException


class RemoteSeat:
    """An episode in a worker process."""

    def __init__(
        self,
        calls: RemoteCalls,
        clock: Clock,
        started: tuple[int, str, str],
        tidies: bool,
        done: Callable[[], None],
    ) -> None:
        self._id, self.task_id, self.observation = started
        self.ended = False
        self._calls = calls
        self._tidies = tidies
        self._clock = clock
        self._done: Callable[[], None] | None = done

    async def _call(self, name: str, *arguments: Any) -> Any:
        return await _answered(self._calls, self._clock, name, self._id, *arguments)

    async def step(self, action: str) -> SeatStep:
        step: SeatStep = await self._call("step", action)
        if self._tidies and step[1] is not None:
            self.ended = True
            await self._call("tidy")
        return step

    async def ask(self, policy: ReferencePolicy, turn: Turn) -> str | None:
        answer: str | None = await self._call("ask", policy, turn)
        return answer

    async def close(self) -> None:
        if self._done is None:
            return
        self._done()
        self._done = None
        if not self._calls.lost:
            await self._call("drop")


async def _answered(calls: RemoteCalls, clock: Clock, name: str, *arguments: Any) -> Any:
    """The answer to a call. A worker that is still at one that is given up is killed: all else there waits behind it."""
    answer = calls.call(name, *arguments, ticket=clock.ticket())
    try:
        value = await answer
    except asyncio.CancelledError:
        if calls.is_at(answer):
            calls.kill()
        raise
    except WorkerLostError as error:
        raise InfraError(str(error)) from error
    if isinstance(value, Raised):
        raise value.error
    return value


class ProcessPlace:
    """Episodes in worker processes; each new one goes where the fewest are. A dead worker is replaced."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool, processes: int) -> None:
        self._recipe = EnvRecipe.of(env)
        self._tidies = env.tidies
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

    async def seat(self, job: Job, clock: Clock) -> Seat:
        number = min(range(len(self._seats)), key=self._seats.__getitem__)
        self._seats[number] += 1
        calls = self._workers[number]
        assert calls is not None, "ready() comes first"
        self._started += 1
        seat_id = self._started
        try:
            task_id, observation = await _answered(calls, clock, "start", seat_id, job.split, job.index)
        except BaseException as error:
            self._leave(number)
            if isinstance(error, asyncio.CancelledError):
                calls.tell("drop", seat_id)
            raise
        return RemoteSeat(calls, clock, (seat_id, task_id, observation), self._tidies, lambda: self._leave(number))

    def _leave(self, number: int) -> None:
        self._seats[number] -= 1

    async def aclose(self) -> None:
        for calls in self._workers:
            if calls is not None:
                await calls.aclose()


_Seats = TypeVar("_Seats")


def _survives(method: Callable[Concatenate[_Seats, _P], _T]) -> Callable[Concatenate[_Seats, _P], _T | Raised]:
    """A method that SystemExit and its like do not lead out of, and so out of the worker."""

    def call(seats: _Seats, /, *arguments: _P.args, **named: _P.kwargs) -> _T | Raised:
        try:
            return method(seats, *arguments, **named)
        except (Exception, KeyboardInterrupt):
            raise
        except BaseException as error:
            return Raised(error)

    return call


class RemoteSeats:
    """The worker's end of a `ProcessPlace`."""

    def __init__(self, env: TextEnv[Any, Any], hashed: bool) -> None:
        self._env = env
        self._hashed = hashed
        self._lives: dict[int, Live] = {}

    @_survives
    def start(self, seat_id: int, split: str, index: int) -> tuple[str, str]:
        """Start an episode; returns its task's id and the first observation."""
        live = _start(self._env, self._env.task(split, index))
        self._lives[seat_id] = live
        return live.task.id, live.observation

    @_survives
    def step(self, seat_id: int, action: str) -> SeatStep:
        """Take one action; where that ends the episode, its clean-up is left to `tidy`."""
        live = self._lives[seat_id]
        live._tidied = True
        try:
            return seat_step(live, action, _step(live, action), self._hashed)
        finally:
            live._tidied = not self._env.tidies

    @_survives
    def tidy(self, seat_id: int) -> None:
        """Release what an ended episode holds."""
        _close(self._lives[seat_id])

    @_survives
    def ask(self, seat_id: int, policy: ReferencePolicy, turn: Turn) -> str | None:
        """The action of a policy that looks at the live episode."""
        return policy.answer_live(self._lives[seat_id], turn)

    @_survives
    def drop(self, seat_id: int) -> None:
        """Forget an episode, releasing what it holds."""
        _close(self._lives.pop(seat_id))


def make_place(
    env: TextEnv[Any, Any], execution: Execution, hashed: bool, workers: int, prefetcher: Prefetcher | None
) -> Place:
    """The place for an execution; `workers` threads or processes where it has them."""
    if execution == "process":
        return ProcessPlace(env, hashed, workers)
    if execution == "thread":
        return ThreadPlace(env, hashed, prefetcher, workers)
    return LocalPlace(env, hashed, prefetcher)
