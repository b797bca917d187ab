"""`Live`: one episode in progress. All that an episode is made of is here, and nothing of it on the environment."""

import asyncio
import math
import time
from collections.abc import Awaitable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypedDict, cast

from pydantic import ValidationError

from textgym.core.blocking import run_blocking
from textgym.core.config import Config
from textgym.core.cpu import CpuMeter
from textgym.core.errors import (
    ActionTypeError,
    EpisodeEndedError,
    GraderError,
    InfraError,
    ResetError,
    SnapshotError,
)
from textgym.core.outcome import Outcome, Score, Status, StopReason, cut_short
from textgym.core.reply import Reply, StepResult
from textgym.core.task import State, Task
from textgym.core.texts import elide, without_surrogates

if TYPE_CHECKING:
    from textgym.core.env import TextEnv

SNAPSHOT_FORMAT = 1

_OUT_OF_TURNS = (Status.LIMIT, StopReason.MAX_TURNS)
_PLAIN_FIELDS = (("observation", str), ("total", int | float), ("elapsed", int | float))


class Snapshot(TypedDict):
    """A saved episode as plain JSON. It names its task instead of containing it, so it holds no secret of the task.

    For the same reason the outcome of an ended episode is without its score tree's secret evidence.
    """

    format: int
    env_id: str
    config: str
    split: str
    index: int
    state: dict[str, Any]
    observation: str
    total: float
    elapsed: float
    outcome: dict[str, Any] | None


class Live:
    """One episode in progress: task, state, latest observation, reward so far, and the outcome once it has ended.

    Made by `TextEnv.start` or `TextEnv.astart`. `step` and `astep` are the same transition; `step` blocks where the
    environment waits. Of one Live only one step may run at a time; different Lives of one environment may run side by
    side.
    """

    __slots__ = ("_end", "_outcome", "_started", "_tidied", "env", "observation", "state", "task", "total")

    def __init__(self, env: "TextEnv[Any, Any]", task: Task, state: State, observation: str) -> None:
        self.env = env
        self.task = task
        self.state = state
        self.observation = observation
        self.total = 0.0
        self._end: tuple[Status, StopReason, bool, float | Score, str | None] | None = None
        self._outcome: Outcome | None = None
        self._started = time.monotonic() if env.timed else 0.0
        self._tidied = not env.tidies

    @property
    def ended(self) -> bool:
        """Whether the episode is over."""
        return self._end is not None

    @property
    def outcome(self) -> Outcome | None:
        """How the episode ended; None while it runs."""
        if self._outcome is None and self._end is not None:
            status, reason, success, score, error = self._end
            tree = score if isinstance(score, Score) else Score(value=score)
            self._outcome = Outcome(status=status, stop_reason=reason, success=success, score=tree, error=error)
        return self._outcome

    def open(self) -> None:
        """Ask the environment for the first observation."""
        self.observation = elide(self.env.opening(self.task, self.state), self.env.max_observation)

    # -- stepping ------------------------------------------------------------------------------------------------------

    def step(self, action: str) -> StepResult:
        """Take one action.

        Returns:
            Observation, reward, terminated, truncated and info; `info["outcome"]` where the episode ends.

        Raises:
            EpisodeEndedError: the episode is over.
            ActionTypeError: the action is not a `str`.
        """
        env = self.env
        if not env.plain:
            return self._step_slowly(action)
        reply: Any = None
        if self._end is not None or type(action) is not str or len(action) > env.max_action or not action.isascii():
            action, reply = self.admit(action)
        try:
            if reply is None:
                reply = env.act(self.task, self.state, action)
            if type(reply) is Reply and reply.score is None and not reply.invalid:
                # `settle` for the step that ends nothing, spelled out: most steps are of this kind.
                counts = self.state.__dict__
                turn = counts["turn"] + 1
                text, info = reply.text, reply.info
                if info is None:
                    info = {}
                elif type(info) is not dict and not isinstance(info, dict):
                    raise self.odd_info(info)
                if turn < env.max_turns and len(text) <= env.max_observation:
                    counts["turn"] = turn
                    self.observation = text
                    reward = reply.reward
                    self.total += reward
                    return text, reward, False, False, info
            return self.settle(reply)
        except (InfraError, GraderError) as error:
            return self.fail(error)

    def _step_slowly(self, action: str, *, tidy: bool = True) -> StepResult:
        """The same with clocks and clean-up; blocks where the environment waits."""
        if self.env.waits:
            return run_blocking(self.astep(action))
        action, reply = self.admit(action)
        wall, cpu = time.monotonic(), time.thread_time()
        try:
            if reply is None:
                reply = cast(Reply, self.env.act(self.task, self.state, action))
            result = self.settle(reply, self._overrun(time.monotonic() - wall, time.thread_time() - cpu))
        except (InfraError, GraderError) as error:
            result = self.fail(error)
        if tidy and self._end is not None:
            try:
                self.close()
            except BaseException as error:
                return self._take_back(error)
        return result

    async def astep(self, action: str) -> StepResult:
        """`step` for callers with an event loop; a step that waits past `step_seconds` is cancelled."""
        if not self.env.waits:
            result = self._step_slowly(action, tidy=False) if self.env.finish_waits else self.step(action)
            return result if self._end is None else await self._tidied_up(result)
        action, reply = self.admit(action)
        if not self.env.timed and not self.env.tidies:  # no clocks to read, nothing to release
            try:
                if reply is None:
                    reply = await cast(Awaitable[Reply], self.env.act(self.task, self.state, action))
                return self.settle(reply)
            except (InfraError, GraderError) as error:
                return self.fail(error)
        wall, cpu = time.monotonic(), 0.0
        limit = self._seconds_left()
        try:
            if reply is None:
                pending = cast(Awaitable[Reply], self.env.act(self.task, self.state, action))
                if self.env.config.step_cpu_seconds is not None:
                    pending = meter = CpuMeter(pending)
                if limit is None:
                    reply = await pending
                else:
                    async with asyncio.timeout(limit) as deadline:
                        reply = await pending
                if self.env.config.step_cpu_seconds is not None:
                    cpu = meter.seconds
            result = self.settle(reply, self._overrun(time.monotonic() - wall, cpu))
        except TimeoutError:
            if limit is None or not deadline.expired():
                raise
            result = self.settle(Reply("The step took too long and was stopped."), self._late())
        except (InfraError, GraderError) as error:
            result = self.fail(error)
        return result if self._end is None else await self._tidied_up(result)

    async def _tidied_up(self, result: StepResult) -> StepResult:
        try:
            await self.aclose()
        except BaseException as error:
            return self._take_back(error)
        return result

    def _take_back(self, error: BaseException) -> StepResult:
        """The last step of an episode whose clean-up raised: its grade is masked, since the fault may be older than it."""
        self._end = self._outcome = None
        if isinstance(error, InfraError | GraderError):
            return self.fail(error)
        self.abandon(Status.INFRA_ERROR, StopReason.EXCEPTION, f"{type(error).__name__}: {error}")
        raise error

    def admit(self, action: str) -> tuple[str, Reply | None]:
        """Check an action; the reply is the answer to one that is not even shown to the environment."""
        if self._end is not None:
            raise EpisodeEndedError(
                f"the episode of {self.task.id} has ended ({self._end[1].value}); call reset() for the next one"
            )
        if not isinstance(action, str):
            raise ActionTypeError(f"an action is a str, not {type(action).__name__}: {action!r:.80}")
        if len(action) > self.env.max_action:
            return action, Reply.malformed(
                f"Your answer has {len(action):,} characters; at most {self.env.max_action:,} are read. Write less."
            )
        if not action.isascii():  # lone surrogates cannot be stored or sent as UTF-8
            action = without_surrogates(action)
        return action, None

    def settle(self, reply: Reply, overrun: StopReason | None = None) -> StepResult:
        """Count the turn and decide whether the episode ends; the checks run in the order of `StopReason`."""
        env = self.env
        try:
            text = reply.text
        except AttributeError:
            name, given = type(env).__name__, type(reply).__name__
            raise TypeError(f"{name}.act() must return a Reply, not {given}") from None
        counts = self.state.__dict__  # the framework's own counters: past pydantic's attribute hooks, which cost more
        counts["turn"] = turn = counts["turn"] + 1
        if len(text) > env.max_observation:
            text = elide(text, env.max_observation)
        self.observation = text
        reward = reply.reward
        info = {} if reply.info is None else reply.info
        if not isinstance(info, dict):
            raise self.odd_info(info)
        if reply.score is None and not reply.invalid and overrun is None and turn < env.max_turns:
            self.total += reward
            return text, reward, False, False, info
        if reply.invalid:
            counts["invalid"] += 1
        # The usual end is found without asking further.
        usual = reply.score is None and not reply.invalid and overrun is None
        status, reason = _OUT_OF_TURNS if usual else self._verdict(reply, overrun, turn)
        if reason is None:
            self.total += reward
            return text, reward, False, False, info
        score = reply.score
        if isinstance(score, Score):
            if score.value is None:
                return self.fail(GraderError(score.reason or f"score status {score.status!r}"), score)
            value = score.value
        else:
            value = 0.0 if score is None else float(score)
        reward += value
        if not math.isfinite(self.total + reward):
            return self.fail(GraderError(f"the reward is not a finite number: {self.total + reward}"))
        self.total += reward
        success = reply.success
        if success is None:
            success = status is Status.OK and value >= 1.0 - 1e-9
        truncated = status is Status.LIMIT
        info = self.conclude(status, reason, success, score if isinstance(score, Score) else self.total, info)
        return text, reward, not truncated, truncated, info

    def odd_info(self, info: object) -> TypeError:
        """What is wrong with an info that is no dict."""
        return TypeError(f"{type(self.env).__name__}.act() must give its info as a dict, not {type(info).__name__}")

    def conclude(
        self, status: Status, reason: StopReason, success: bool, score: float | Score, info: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Note how the episode ended; returns the info of its last step, the outcome in it."""
        self._end = (status, reason, success, score, None)
        tree = score.as_info() if isinstance(score, Score) else {"name": "reward", "value": score, "status": "ok"}
        outcome = {
            "status": status._value_,  # `.value`, and a look-up by member, take several times as long
            "stop_reason": reason._value_,
            "success": success,
            "mask": False,
            "score": tree,
        }
        return {**info, "outcome": outcome} if info else {"outcome": outcome}

    def _verdict(self, reply: Reply, overrun: StopReason | None, turn: int) -> tuple[Status, StopReason | None]:
        config: Config = self.env.config
        if reply.score is not None:
            return Status.OK, StopReason.COMPLETED
        if reply.invalid:
            if config.max_turns == 1:
                return Status.POLICY_ERROR, StopReason.INVALID_ACTION
            if config.max_invalid is not None and self.state.invalid >= config.max_invalid:
                return Status.POLICY_ERROR, StopReason.MAX_INVALID
        if overrun is not None:
            return Status.LIMIT, overrun
        return Status.LIMIT, StopReason.MAX_TURNS if turn >= config.max_turns else None

    def fail(self, error: InfraError | GraderError, score: Score | None = None) -> StepResult:
        infra = isinstance(error, InfraError)
        self.abandon(
            Status.INFRA_ERROR if infra else Status.GRADER_ERROR,
            StopReason.INFRA_ERROR if infra else StopReason.GRADER_ERROR,
            str(error),
            score,
        )
        assert self.outcome is not None
        return self.observation, 0.0, False, True, {"outcome": self.outcome.as_info()}

    def abandon(self, status: Status, reason: StopReason, error: str | None = None, score: Score | None = None) -> None:
        """End the episode from outside (deadline, exception). The reward so far stands unless masked; an ended one stays."""
        if self._end is not None:
            return
        self._outcome = end = cut_short(status, reason, self.total, error)
        self._end = (status, reason, False, end.score if score is None else score, error)
        if score is not None:
            self._outcome = None

    # -- clocks --------------------------------------------------------------------------------------------------------

    def _seconds_left(self) -> float | None:
        """How long a step that starts now may wait."""
        config: Config = self.env.config
        if config.episode_seconds is None:
            return config.step_seconds
        left = max(0.0, self._started + config.episode_seconds - time.monotonic())
        return left if config.step_seconds is None else min(left, config.step_seconds)

    def _late(self) -> StopReason:
        limit = self.env.config.episode_seconds
        if limit is not None and time.monotonic() - self._started >= limit:
            return StopReason.EPISODE_TIMEOUT
        return StopReason.STEP_TIMEOUT

    def _overrun(self, wall: float, cpu: float) -> StopReason | None:
        config: Config = self.env.config
        if config.step_seconds is not None and wall > config.step_seconds:
            return StopReason.STEP_TIMEOUT
        if config.step_cpu_seconds is not None and cpu > config.step_cpu_seconds:
            return StopReason.STEP_CPU
        if config.episode_seconds is not None and time.monotonic() - self._started > config.episode_seconds:
            return StopReason.EPISODE_TIMEOUT
        return None

    # -- the end, and going back ---------------------------------------------------------------------------------------

    def close(self) -> None:
        """Release what the episode holds (`TextEnv.finish`), once; safe to call again."""
        if not self._tidied:
            if self.env.finish_waits:
                run_blocking(self.aclose())
            else:
                self._tidied = True
                self.env.finish(self.task, self.state)

    async def aclose(self) -> None:
        """`close` for callers with an event loop."""
        if not self._tidied:
            self._tidied = True
            pending = self.env.finish(self.task, self.state)
            if pending is not None:
                await pending

    def state_hash(self) -> str:
        """Sixteen hexadecimal digits of the state's JSON; equal JSON gives equal digits in any process."""
        return blake2b(self.state.__pydantic_serializer__.to_json(self.state), digest_size=8).hexdigest()

    def snapshot(self) -> Snapshot:
        """Save the episode; `TextEnv.restore` continues it exactly, in any process."""
        env, task = self.env, self.task
        env.remember(task)
        return {
            "format": SNAPSHOT_FORMAT,
            "env_id": env.env_id,
            "config": env.task_digest,
            "split": task.split,
            "index": task.index,
            "state": self.state.model_dump(mode="json"),
            "observation": self.observation,
            "total": self.total,
            "elapsed": time.monotonic() - self._started if env.timed else 0.0,
            "outcome": None if self.outcome is None else self.outcome.redacted().model_dump(mode="json"),
        }

    @classmethod
    def from_snapshot(cls, env: "TextEnv[Any, Any]", snapshot: Snapshot) -> "Live":
        """Continue a saved episode.

        Raises:
            SnapshotError: the snapshot is malformed or belongs to another environment, version or config.
        """
        try:
            if snapshot["format"] != SNAPSHOT_FORMAT:
                raise SnapshotError(f"snapshot format {snapshot['format']!r} is not {SNAPSHOT_FORMAT}: save it anew")
            if snapshot["env_id"] != env.env_id:
                raise SnapshotError(f"the snapshot is of {snapshot['env_id']}, this environment is {env.env_id}")
            if snapshot["config"] != env.task_digest:
                raise SnapshotError(
                    "the snapshot was taken under other settings: make the environment with the same "
                    f"{', '.join(sorted(env.config.task_settings())) or 'defaults'} as then"
                )
            for name, kind in _PLAIN_FIELDS:
                if not isinstance(snapshot[name], kind):  # type: ignore[literal-required]
                    raise SnapshotError(f"malformed snapshot: {name} = {snapshot[name]!r:.80}")  # type: ignore[literal-required]
            state = env.State.model_validate(snapshot["state"])
            live = cls(env, env.task(snapshot["split"], snapshot["index"]), state, snapshot["observation"])
            live.total = snapshot["total"]
            if env.timed:
                live._started -= snapshot["elapsed"]
            if snapshot["outcome"] is not None:
                end = Outcome.model_validate(snapshot["outcome"])
                live._end = (end.status, end.stop_reason, end.success, end.score, end.error)
                live._tidied = True  # what the episode held was released where it ended
        except ResetError as error:
            raise SnapshotError(f"the snapshot's task cannot be found: {error}") from error
        except (KeyError, TypeError, ValidationError) as error:
            raise SnapshotError(f"malformed snapshot: {type(error).__name__}: {error}") from error
        return live
