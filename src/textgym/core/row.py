"""`step_row`: one action in each of many environments, for environments whose steps neither wait nor read a clock.

It is `Live.step` for a whole row, and `TextEnv.reset` where an episode is over, spelled out, because the calls for each
environment cost more than what they do. What twins have in common is read off the first of them: the others are seldom at hand
in the processor's caches.
"""

import math
from asyncio import CancelledError
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from msgspec import Struct

from textgym.core.env import TextEnv
from textgym.core.errors import EpisodeEndedError, GraderError, InfraError, NotResetError
from textgym.core.live import Live
from textgym.core.outcome import Status, StopReason, cut_short
from textgym.core.reply import Reply, StepResult


@dataclass(slots=True)
class Row:
    """What a row of environments says to one step. Only what is not nought is listed, by place and in order.

    Attributes:
        texts: one observation for each environment.
        rewards: places and rewards.
        ends: places, terminated and truncated of the episodes that ended.
        said: the places with an info.
        infos: their infos.
    """

    texts: list[str] = field(default_factory=list)
    rewards: list[tuple[int, float]] = field(default_factory=list)
    ends: list[tuple[int, bool, bool]] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    infos: list[dict[str, Any]] = field(default_factory=list)

    def add(self, result: StepResult) -> None:
        """Append what the next environment said."""
        text, reward, terminated, truncated, info = result
        place = len(self.texts)
        self.texts.append(text)
        if reward:
            self.rewards.append((place, reward))
        if terminated or truncated:
            self.ends.append((place, terminated, truncated))
        if info:
            self.said.append(place)
            self.infos.append(info)


_SPELLED_OUT = ("reset", "next_task", "start", "begin", "opening", "size")
"""The methods that `restarter` stands in for, where a class has none of its own."""
Opened = tuple[str, dict[str, Any]]
"""First observation and info of an episode."""
FAULTS = (Exception, CancelledError, SystemExit)
"""What an environment may raise at the cost of its own episode alone."""


def step_row(
    envs: Sequence[TextEnv[Any, Any]],
    actions: Sequence[str],
    restart: Callable[[TextEnv[Any, Any]], Opened] | None = None,
) -> Row:
    """Take one action in each of `envs`, which are twins of one another.

    An environment that raises ends its own episode, and the others go on.

    Args:
        envs: environments with `plain` steps.
        actions: one `str` each.
        restart: stands in for the step of an environment whose episode is over; None where it may not be.

    Raises:
        NotResetError: an environment was never reset; nothing was stepped.
    """
    lives = cast("list[Live]", [env._episode for env in envs])
    if not all(lives):  # some are None
        raise NotResetError("call reset() before step()")
    replies = _replies(envs, lives, actions)
    max_turns, room = envs[0].max_turns, envs[0].max_observation
    row = Row()
    texts = row.texts
    append, say, tell = texts.append, row.said.append, row.infos.append
    for live, reply in zip(lives, replies, strict=True):
        try:
            if type(reply) is Reply and reply.score is None and not reply.invalid:
                counts = live.state.__dict__
                turn = counts["turn"] + 1
                text, info = reply.text, reply.info
                if info and type(info) is not dict and not isinstance(info, dict):
                    raise live.odd_info(info)
                if turn < max_turns and len(text) <= room:
                    counts["turn"] = turn
                    live.observation = text
                    reward = reply.reward
                    if reward:
                        live.total += reward
                        row.rewards.append((len(texts), reward))
                    if info:
                        say(len(texts))
                        tell(info)
                    append(text)
                    continue
                total = live.total + reply.reward
                if len(text) <= room and math.isfinite(total):
                    counts["turn"] = turn
                    live.total = total
                    _run_out(row, live, reply)
                    continue
            if live._end is not None:
                if restart is None:
                    row.add(live.step(actions[len(texts)]))
                    continue
                _restarted(row, envs[len(texts)], live, restart)
            elif type(reply) is _Raised:
                raise reply.error
            else:
                row.add(live.settle(cast(Reply, reply)))
        except FAULTS as error:
            row.add(_failed(live, error))
    return row


def _run_out(row: Row, live: Live, reply: Reply) -> None:
    """The last of an episode's turns, without a score."""
    info = live.conclude(Status.LIMIT, StopReason.MAX_TURNS, False, live.total, reply.info)
    place, live.observation = len(row.texts), reply.text
    if reply.reward:
        row.rewards.append((place, reply.reward))
    row.ends.append((place, False, True))
    row.said.append(place)
    row.infos.append(info)
    row.texts.append(reply.text)


def _restarted(row: Row, env: TextEnv[Any, Any], before: Live, restart: Callable[[TextEnv[Any, Any]], Opened]) -> None:
    """The step of an environment whose episode is over."""
    try:
        text, info = restart(env)
    except FAULTS as error:
        row.add(not_begun(env, before, error))
        return
    row.said.append(len(row.texts))
    row.infos.append(info)
    row.texts.append(text)


def _failed(live: Live, error: BaseException) -> StepResult:
    """The end of an episode by an error, unless it was over and whoever calls steps it once more."""
    if isinstance(error, EpisodeEndedError) and live.ended:
        raise error
    return broken(live, error)


def restarter(first: TextEnv[Any, Any]) -> Callable[[TextEnv[Any, Any]], Opened]:
    """How the next episode of a twin of `first` begins: `reset()`, for environments with `plain` steps."""
    own = any(getattr(type(first), name) is not getattr(TextEnv, name) for name in _SPELLED_OUT)
    if own or first.supply is not None or not first.plain:
        return lambda env: env.reset()
    split, room = first.config.split, first.max_observation
    place_task, state = first._place_task, first.State

    def restart(env: TextEnv[Any, Any]) -> Opened:
        task = place_task(split, env.stream.draw())
        live = Live(first, task, state(), task.prompt)
        live.env = env
        if len(task.prompt) > room:
            live.open()
        env._episode = live
        return live.observation, {"task_id": task.id}

    return restart


class _Raised(Struct):
    """Stands where a reply would, had the environment not raised."""

    error: BaseException


def _replies(
    envs: Sequence[TextEnv[Any, Any]], lives: "Sequence[Live]", actions: Sequence[str]
) -> list[Reply | _Raised | None]:
    """What each environment replies; None where the episode is over. Nothing is counted yet."""
    replies: list[Any] = []
    append = replies.append
    usual = all(map(str.isascii, actions)) and max(map(len, actions)) <= envs[0].max_action
    while len(replies) < len(lives):  # once, and once more for each environment that raises
        begun = len(replies)
        try:
            for env, live, action in zip(envs[begun:], lives[begun:], actions[begun:], strict=True):
                if live._end is not None:
                    append(None)
                elif usual:
                    append(env.act(live.task, live.state, action))
                else:
                    admitted, reply = live.admit(action)
                    append(env.act(live.task, live.state, admitted) if reply is None else reply)
        except FAULTS as error:
            append(_Raised(error))
    return replies


def _cause(error: BaseException) -> tuple[Status, StopReason, str]:
    """What an outcome says of an error; `rollout` says the same."""
    if isinstance(error, InfraError):
        return Status.INFRA_ERROR, StopReason.INFRA_ERROR, str(error)
    if isinstance(error, GraderError):
        return Status.GRADER_ERROR, StopReason.GRADER_ERROR, str(error)
    return Status.INFRA_ERROR, StopReason.EXCEPTION, f"{type(error).__name__}: {error}"


def broken(live: Live, error: BaseException) -> StepResult:
    """The end of an episode whose environment raised: this one ends, its neighbours go on. A grade it had is masked."""
    live._end = None  # what is raised while an ended episode is cleaned up comes after its grade
    live.abandon(*_cause(error))
    assert live.outcome is not None
    return live.observation, 0.0, False, True, {"outcome": live.outcome.as_info()}


def not_begun(env: TextEnv[Any, Any], before: Live, error: BaseException) -> StepResult:
    """The end of an episode that did not come to its first observation; the next reset of `env` tries another.

    Args:
        env: the environment that could not be reset.
        before: its episode before that.
        error: what was raised.
    """
    env._episode = before
    status, reason, words = _cause(error)
    return "", 0.0, False, True, {"outcome": cut_short(status, reason, 0.0, words).as_info()}
