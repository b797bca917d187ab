"""Playing one episode from its start to its record: the way of every episode, whatever runs it."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from textgym.core import (
    Completion,
    GraderError,
    InfraError,
    Outcome,
    ResetError,
    Status,
    StopReason,
    TaskError,
    TextEnv,
    Turn,
    cut_short,
)
from textgym.episodes import Episode, TurnRecord
from textgym.policies import PolicyError
from textgym.runner.asking import Asker
from textgym.runner.clock import Clock
from textgym.runner.places import Place, Seat
from textgym.runner.plan import Job
from textgym.runner.worker import WorkerLostError

_FREE_RESTARTS = 3
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Stage:
    """What all episodes of a run share.

    Attributes:
        env: the environment.
        place: where episodes live.
        asker: the way to the policy.
        deadline: wall-clock limit of a whole episode (start, policy, steps), in seconds, and of its clean-up; waits for
            the run's own limits are not counted.
        retries: how often an episode whose machinery failed is begun anew.
        sandboxes: counts sandboxes in use, where the environment uses any and there is a limit.
        inline: whether nothing in the run ever waits, so that there is no event loop.
        versions: goes into every record.
    """

    env: TextEnv[Any, Any]
    place: Place
    asker: Asker
    deadline: float | None = None
    retries: int = 0
    sandboxes: asyncio.Semaphore | None = None
    inline: bool = False
    versions: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(init=False)
    policy: dict[str, Any] = field(init=False)
    tools: list[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.config = self.env.config.model_dump(mode="json", exclude_defaults=True)
        self.policy = self.asker.policy.describe()
        self.tools = self.env.tool_schemas()

    def held_sandbox(self) -> AbstractAsyncContextManager[Any]:
        """Around an episode that keeps a sandbox."""
        return self.sandboxes if self.sandboxes and self.env.sandbox == "episode" else nullcontext()

    def step_sandbox(self) -> asyncio.Semaphore | None:
        """Counts the sandbox that a step takes, where there is a limit."""
        return self.sandboxes if self.env.sandbox == "step" else None


async def play(stage: Stage, job: Job) -> Episode:
    """Play the job's episode, again after failures of the machinery as often as `retries` allows.

    Raises:
        TaskError: the environment cannot make the task; every other failure becomes the episode's outcome.
    """
    attempts = 0
    free = _FREE_RESTARTS
    while True:
        attempts += 1
        await _until_ready(stage.place)
        async with stage.held_sandbox():
            attempt = _Attempt(stage, job)
            episode = await attempt.run()
        if attempt.bystander and free:  # its worker process died of a neighbour
            free -= 1
            attempts -= 1
            continue
        if episode.outcome.status is not Status.INFRA_ERROR or attempts > stage.retries:
            episode.attempts = attempts
            return episode


async def _until_ready(place: Place) -> None:
    with suppress(WorkerLostError):  # lost again while it started: the attempt says so in its outcome
        await place.ready()


class _Attempt:
    """One attempt at an episode; what it has recorded so far survives any way of ending it."""

    def __init__(self, stage: Stage, job: Job) -> None:
        self.stage = stage
        self.job = job
        self.seat: Seat | None = None
        self.seat_open: Seat | None = None
        self.turns: list[TurnRecord] = []
        self.total = 0.0
        self.outcome: Outcome | None = None
        self.reset_seconds = 0.0
        self.bystander = False
        self.clock = Clock(stage.deadline)
        self.left_behind = False

    async def run(self) -> Episode:
        began = perf_counter()
        if self.stage.inline:
            await self._whole()
        elif not await self.clock.run(self._whole()):
            await self._leave()
        return self._record(perf_counter() - began)

    async def _whole(self) -> None:
        try:
            await self._play()
        except asyncio.CancelledError as error:
            if self.left_behind:
                return
            self.clock.uncancel()
            if self.clock.expired or self.clock.stopping:
                self._late()
            else:  # nobody here asked for it
                self._cut(Status.INFRA_ERROR, StopReason.EXCEPTION, _describe(error))
        except (TaskError, ResetError, KeyboardInterrupt, GeneratorExit):
            raise
        except PolicyError as error:
            self._cut(Status.INFRA_ERROR, StopReason.POLICY_FAILED, str(error))
        except InfraError as error:
            self.bystander = isinstance(error.__cause__, WorkerLostError) and error.__cause__.bystander
            self._cut(Status.INFRA_ERROR, StopReason.INFRA_ERROR, str(error))
        except GraderError as error:
            self._cut(Status.GRADER_ERROR, StopReason.GRADER_ERROR, str(error))
        except BaseException as error:  # SystemExit too: it is one episode that ends
            self._cut(Status.INFRA_ERROR, StopReason.EXCEPTION, _describe(error))
        finally:
            if not self.left_behind:
                await self._end()

    async def _end(self) -> None:
        """Release what the episode holds, once."""
        seat, self.seat_open = self.seat_open, None
        if seat is None:
            return
        self.clock.clean_up()
        self.stage.asker.left()
        try:
            await seat.close()
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:
            self.clock.uncancel()
            late = self.clock.expired and isinstance(error, asyncio.CancelledError)
            self._unclean(f"it took more than {self.stage.deadline} s" if late else _describe(error))

    async def _leave(self) -> None:
        """The work on the episode does not stop when it is told to: go on without it."""
        self.left_behind = True
        if self.outcome is not None:
            self._unclean(f"it took more than {self.stage.deadline} s and does not stop")
            return
        self._late()
        if not await self.clock.run(self._end()):
            self._unclean(f"it took more than {self.stage.deadline} s and does not stop")

    def _is_left(self) -> bool:
        """Whether the record was made without waiting for this work."""
        return self.left_behind

    def _unclean(self, problem: str) -> None:
        if self.outcome is not None and self.outcome.error is None:
            self.outcome = self.outcome.model_copy(update={"error": f"clean-up failed: {problem}"})

    def _late(self) -> None:
        """Cut the episode, whose time is up."""
        if self.seat is None:  # before the first observation it is the machinery that was late, not the policy
            status, what = Status.INFRA_ERROR, "the episode"
        elif self.seat.ended:  # masked, as where the clean-up raises: the grade is not the policy's to lose
            status, what = Status.INFRA_ERROR, "the clean-up of the episode"
        else:
            status, what = Status.LIMIT, "the episode"
        self._cut(status, StopReason.EPISODE_TIMEOUT, f"{what} took more than {self.stage.deadline} s")

    async def _play(self) -> None:
        stage, job, turns = self.stage, self.job, self.turns
        began = perf_counter()
        seat = await stage.place.seat(job, self.clock)
        if self._is_left():
            await seat.close()
            return
        self.seat = self.seat_open = seat
        stage.asker.entered()
        asked = perf_counter()
        self.reset_seconds = asked - began
        history = [seat.observation]
        sandbox = stage.step_sandbox()
        while self.outcome is None:
            if self.clock.expired or self.clock.stopping:  # the environment or the policy swallowed it
                self._late()
                return
            turn = Turn(history[-1], job.episode_id, seat.task_id, len(turns), job.key, stage.tools, tuple(history))
            answer = await stage.asker.ask(seat, turn, self.clock)
            answered = perf_counter()
            if self._is_left():
                return
            if answer is None:
                self._cut(Status.POLICY_ERROR, StopReason.POLICY_STOPPED)
                return
            completion = answer if isinstance(answer, Completion) else None
            action = answer if completion is None else completion.text
            if not isinstance(action, str):
                raise PolicyError(f"a policy answers with a str, a Completion or None, not {type(action).__name__}")
            if sandbox is None:
                record, outcome = await seat.step(action)
            else:
                async with self.clock.holding(sandbox):
                    record, outcome = await seat.step(action)
            stepped = perf_counter()
            if self._is_left():
                return
            self.outcome = outcome
            record.policy_seconds, record.step_seconds = answered - asked, stepped - answered
            record.completion = completion
            turns.append(record)
            self.total += record.reward
            history += (action, record.observation)
            asked = stepped

    def _cut(self, status: Status, reason: StopReason, error: str | None = None) -> None:
        if self.outcome is None:
            self.outcome = cut_short(status, reason, self.total, error)

    def _record(self, seconds: float) -> Episode:
        stage, job, seat = self.stage, self.job, self.seat
        assert self.outcome is not None
        return Episode(
            episode_id=job.episode_id,
            env_id=stage.env.env_id,
            config=stage.config,
            task_id=stage.env.task_id(job.split, job.index) if seat is None else seat.task_id,
            seed=job.seed,
            group=job.group,
            sibling=job.sibling,
            observation="" if seat is None else seat.observation,
            turns=self.turns,
            reward=None if self.outcome.mask else self.total,
            outcome=self.outcome,
            policy=stage.policy,
            timings={
                "reset": self.reset_seconds,
                "policy": sum(turn.policy_seconds for turn in self.turns),
                "step": sum(turn.step_seconds for turn in self.turns),
                "total": seconds,
            },
            versions=stage.versions,
        )


def _describe(error: BaseException) -> str:
    """The error in one line, the same wherever the environment runs; the traceback goes to the log."""
    _log.info("an episode ended in an exception", exc_info=error)
    return f"{type(error).__name__}: {error}"
