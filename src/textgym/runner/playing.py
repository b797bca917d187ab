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
        deadline: wall-clock limit of a whole episode (start, policy, steps, clean-up), in seconds.
        retries: how often an episode whose machinery failed is begun anew.
        sandboxes: counts sandboxes in use, where the environment uses any and there is a limit.
        versions: goes into every record.
    """

    env: TextEnv[Any, Any]
    place: Place
    asker: Asker
    deadline: float | None = None
    retries: int = 0
    sandboxes: asyncio.Semaphore | None = None
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

    def step_sandbox(self) -> AbstractAsyncContextManager[Any] | None:
        """Around a step that takes a sandbox."""
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
        self.turns: list[TurnRecord] = []
        self.total = 0.0
        self.outcome: Outcome | None = None
        self.reset_seconds = 0.0
        self.bystander = False

    async def run(self) -> Episode:
        began = perf_counter()
        try:
            if self.stage.deadline is None:
                await self._play()
            else:
                async with asyncio.timeout(self.stage.deadline) as timer:
                    await self._play()
        except TimeoutError as error:
            if self.stage.deadline is not None and timer.expired() and self.seat is not None and self.seat.blocked:
                self.bystander = True
                self._cut(
                    Status.INFRA_ERROR, StopReason.EPISODE_TIMEOUT, "another episode kept the worker process busy"
                )
            elif self.stage.deadline is not None and timer.expired():
                # Before the first observation it is the machinery that was late, not the policy.
                status = Status.INFRA_ERROR if self.seat is None else Status.LIMIT
                self._cut(status, StopReason.EPISODE_TIMEOUT, f"the episode took more than {self.stage.deadline} s")
            else:
                self._cut(Status.INFRA_ERROR, StopReason.EXCEPTION, _describe(error))
        except (TaskError, ResetError):
            raise
        except PolicyError as error:
            self._cut(Status.INFRA_ERROR, StopReason.POLICY_FAILED, str(error))
        except InfraError as error:
            self.bystander = isinstance(error.__cause__, WorkerLostError) and error.__cause__.bystander
            self._cut(Status.INFRA_ERROR, StopReason.INFRA_ERROR, str(error))
        except GraderError as error:
            self._cut(Status.GRADER_ERROR, StopReason.GRADER_ERROR, str(error))
        except Exception as error:
            self._cut(Status.INFRA_ERROR, StopReason.EXCEPTION, _describe(error))
        finally:
            if self.seat is not None:
                self.stage.asker.left()
                await self._close(self.seat)
        return self._record(perf_counter() - began)

    async def _close(self, seat: Seat) -> None:
        try:
            await asyncio.wait_for(seat.close(), self.stage.deadline) if self.stage.deadline else await seat.close()
        except Exception as error:
            if self.outcome is not None and self.outcome.error is None:
                self.outcome = self.outcome.model_copy(update={"error": f"clean-up failed: {_describe(error)}"})

    async def _play(self) -> None:
        stage, job, turns = self.stage, self.job, self.turns
        began = perf_counter()
        seat = self.seat = await stage.place.seat(job)
        stage.asker.entered()
        asked = perf_counter()
        self.reset_seconds = asked - began
        history = [seat.observation]
        sandbox = stage.step_sandbox()
        while self.outcome is None:
            turn = Turn(history[-1], job.episode_id, seat.task_id, len(turns), job.key, stage.tools, tuple(history))
            answer = await stage.asker.ask(seat, turn)
            answered = perf_counter()
            if answer is None:
                self._cut(Status.POLICY_ERROR, StopReason.POLICY_STOPPED)
                return
            completion = answer if isinstance(answer, Completion) else None
            action = answer if completion is None else completion.text
            if not isinstance(action, str):
                raise PolicyError(f"a policy answers with a str, a Completion or None, not {type(action).__name__}")
            if sandbox is None:
                record, self.outcome = await seat.step(action)
            else:
                async with sandbox:
                    record, self.outcome = await seat.step(action)
            stepped = perf_counter()
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
