"""Playing cheats: one episode, or all episodes of one cheat."""

import asyncio
import functools
import math
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from textgym.core import Random, derive_key
from textgym.core.blocking import run_blocking
from textgym.diagnostics.patience import OutOfPatience
from textgym.diagnostics.redteam.arena import Arena, Reference, Seat
from textgym.diagnostics.redteam.cheat import Cheat, View
from textgym.diagnostics.redteam.deadline import Deadline

_T = TypeVar("_T")

MOST_STEPS = 40
"""Actions after which an episode is given up; a cheat that was not paid by then goes round in circles."""
STEP_SECONDS = 5.0
"""CPU time that the answer to one action may take, in seconds; a parser bounded by the action's length needs a fraction."""

CRASHED, HUNG, UNFINISHED = "crashed", "hung", "unfinished"
REFUSED = "refused"
"""A grader's end by design: what there is to go by does not decide it, and so nothing is paid and nothing is counted."""
MASKED = frozenset({"infra_error", "grader_error", REFUSED})
"""Ends that say nothing about the policy; the rewards of such episodes are in no mean."""
BROKEN = MASKED - {REFUSED} | {CRASHED, HUNG}
"""Ends that no action of a policy may lead to."""


@dataclass
class Played:
    """One episode by one cheat.

    Attributes:
        total: the sum of its rewards.
        status: how it ended: a status of an outcome, or `refused`, `crashed`, `hung` or `unfinished`.
        history: observations and actions, alternating.
        error: what was raised, or what the machinery or the grader said; None if nothing was.
    """

    total: float = 0.0
    status: str = UNFINISHED
    history: list[str] = field(default_factory=list)
    error: str | None = None


@dataclass
class Series:
    """The episodes of one cheat.

    Attributes:
        episodes: those that were played to their end.
        begun: whether the first of them was begun.
        complete: whether they are all; false while they are played, and for good where the time ran out.
    """

    episodes: list[Played] = field(default_factory=list)
    begun: bool = False
    complete: bool = False


@dataclass(frozen=True)
class Plan:
    """How many episodes of a cheat are played.

    Attributes:
        tasks: tasks at first.
        more: how many times as many are played where the mean is above `allowed`, until it is clear.
        allowed: the mean reward that is not yet a finding.
        seed: seed of the cheats' randomness.
        steps: actions after which an episode is given up.
        common: the action that is right most often, for the cheat that has learnt it.
    """

    tasks: int
    allowed: float
    more: int = 10
    seed: int = 0
    steps: int = MOST_STEPS
    common: str | None = None


def drive(arena: Arena, coroutine: Coroutine[Any, Any, _T]) -> _T:
    """The result of a coroutine: in an event loop where the arena waits, and right here where it does not."""
    if arena.waits:
        return run_blocking(coroutine)
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: _T = done.value
        return result
    coroutine.close()
    raise RuntimeError(f"{arena.name} waits, and was not expected to")


async def first_view(arena: Arena, common: str | None = None) -> View:
    """What every cheat sees first on the first task; whether it fits is decided by that."""
    seat = await arena.begin(0)
    try:
        rng = Random(derive_key("cheat", "fits"))
        return View([seat.observation], arena.tools, seat.task_id, arena.turns, rng, common=common)
    finally:
        await _leave(seat, Played())  # what is wrong with the end of an episode shows when cheats are played


async def play_cheat(arena: Arena, cheat: Cheat, plan: Plan, series: Series, deadline: Deadline) -> None:
    """Play the episodes of one cheat, as many as planned, and more where it seems to be paid."""
    episodes = series.episodes
    earlier: list[Sequence[str]] = []
    first = min(plan.tasks, cheat.tasks or plan.tasks)
    for place in range(first * plan.more):
        if place >= first and sum(one.total for one in episodes) <= plan.allowed * len(episodes):
            break
        for replay in range(2 if cheat.replays else 1):
            series.begun = series.begun or not deadline.over
            play = functools.partial(_play_once, arena, cheat, place, plan, earlier)
            played = await in_time(arena, play, deadline)
            if played is None:
                return
            earlier = [*earlier[-3:], played.history]
            if replay or not cheat.replays:
                episodes.append(played)
        if episodes[-1].status in (HUNG, CRASHED):
            break  # that is a finding already, and may take as long again
    series.complete = True


async def in_time(arena: Arena, play: Callable[[], Coroutine[Any, Any, _T]], deadline: Deadline) -> _T | None:
    """What is played; None if the time is up, or runs out while it waits."""
    left = deadline.left
    if left is None:
        return await play()
    if left == 0.0:
        return None
    if not arena.waits:
        return await play()  # whoever drives this interrupts it
    try:
        async with asyncio.timeout(left) as timeout:
            return await play()
    except TimeoutError:
        if not timeout.expired():
            raise
        return None


async def _play_once(arena: Arena, cheat: Cheat, place: int, plan: Plan, earlier: Sequence[Sequence[str]]) -> Played:
    seat = await arena.begin(place)
    played = Played(history=[seat.observation])
    try:
        for turn in range(min(plan.steps, arena.turns or plan.steps)):
            view = View(
                history=tuple(played.history),
                tools=arena.tools,
                task_id=seat.task_id,
                turns=arena.turns,
                rng=Random(derive_key("cheat", plan.seed, cheat.name, place, turn)),
                earlier=tuple(earlier),
                common=plan.common,
                around=seat.around(played.history) if cheat.family == "leak" else {},
            )
            if not await _step(seat, played, cheat.act(view), measured=not arena.waits):
                break
        _note_end(seat, played)
    finally:
        await _leave(seat, played)
    return played


async def play_script(arena: Arena, place: int, actions: Sequence[str], steps: int = MOST_STEPS) -> Played:
    """One episode of fixed actions; given up when they have run out."""
    seat = await arena.begin(place)
    played = Played(history=[seat.observation])
    try:
        for action in actions[:steps]:
            if not await _step(seat, played, action, measured=not arena.waits):
                break
        _note_end(seat, played)
    finally:
        await _leave(seat, played)
    return played


async def play_reference(arena: Arena, who: Reference, place: int, seed: int) -> Played | None:
    """One episode of the oracle, or of one who guesses; None where the arena has no such policy.

    What such a policy raises itself ends its episode as `crashed`, as what the environment raises does.
    """
    seat = await arena.begin(place)
    played = Played(history=[seat.observation])
    try:
        for turn in range(arena.turns or MOST_STEPS):
            try:
                action = seat.reference(who, Random(derive_key("reference", who, seed, place, turn)))
            except Exception as error:
                played.status, played.error = CRASHED, _said(error)
                break
            if action is None:
                return None
            if not await _step(seat, played, action, measured=False):
                break
        _note_end(seat, played)
    finally:
        await _leave(seat, played)
    return played


async def _step(seat: Seat, played: Played, action: str, *, measured: bool) -> bool:
    """Take one action; whether the episode goes on."""
    played.history.append(action)
    started = time.thread_time()
    try:
        observation, reward, ended = await seat.step(action)
    except Exception as error:
        played.status, played.error = CRASHED, _said(error)
        played.history.append("")
        return False
    except OutOfPatience:
        if not measured or time.thread_time() - started <= STEP_SECONDS:
            raise
        played.status = HUNG  # it is not only that the time was up: this step had taken too much of it
        played.history.append("")
        return False
    played.history.append(observation)
    if not math.isfinite(reward):
        played.status, played.error = CRASHED, f"the reward is not a finite number: {reward}"
        return False
    played.total += reward
    if measured and time.thread_time() - started > STEP_SECONDS:
        played.status = HUNG
        return False
    return not ended


def _note_end(seat: Seat, played: Played) -> None:
    if played.status == UNFINISHED:
        played.status = seat.status
        if played.status in MASKED:
            played.error = seat.trouble


async def _leave(seat: Seat, played: Played) -> None:
    try:
        await seat.close()
    except Exception as error:
        if played.status not in BROKEN:
            played.status, played.error = CRASHED, _said(error)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


async def side_by_side(jobs: Sequence[Coroutine[Any, Any, _T]], concurrency: int) -> list[_T]:
    """The results of jobs, so many of which run at a time, in their order. One that raises ends the others."""
    places = asyncio.Semaphore(concurrency)

    async def one(job: Coroutine[Any, Any, _T]) -> _T:
        async with places:
            return await job

    running = [asyncio.ensure_future(one(job)) for job in jobs]
    try:
        return list(await asyncio.gather(*running))
    finally:
        for future in running:
            future.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for job in jobs:
            job.close()  # one that was never started would complain of it
