"""Playing cheats: one episode, or all episodes of one cheat."""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from textgym.core import Random, derive_key
from textgym.core.blocking import run_blocking
from textgym.diagnostics.redteam.arena import Arena, Reference, Seat
from textgym.diagnostics.redteam.cheat import Cheat, View

_T = TypeVar("_T")

MOST_STEPS = 40
"""Actions after which an episode is given up; a cheat that was not paid by then goes round in circles."""
STEP_SECONDS = 5.0
"""CPU time that the answer to one action may take, in seconds; a parser bounded by the action's length needs a fraction."""

CRASHED, HUNG, UNFINISHED = "crashed", "hung", "unfinished"
MASKED = frozenset({"infra_error", "grader_error"})
"""Ends that say nothing about the policy; the rewards of such episodes are in no mean."""
BROKEN = MASKED | {CRASHED, HUNG}
"""Ends that no action of a policy may lead to."""


@dataclass
class Played:
    """One episode by one cheat.

    Attributes:
        total: the sum of its rewards.
        status: how it ended: a status of an outcome, or `crashed`, `hung` or `unfinished`.
        history: observations and actions, alternating.
        error: what was raised; None if nothing was.
    """

    total: float = 0.0
    status: str = UNFINISHED
    history: list[str] = field(default_factory=list)
    error: str | None = None


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


async def play_cheat(arena: Arena, cheat: Cheat, plan: Plan) -> list[Played]:
    """The episodes of one cheat: as many as planned, and more where it seems to be paid; none where it does not fit."""
    episodes: list[Played] = []
    earlier: list[Sequence[str]] = []
    first = min(plan.tasks, cheat.tasks or plan.tasks)
    for place in range(first * plan.more):
        if place >= first and sum(one.total for one in episodes) <= plan.allowed * len(episodes):
            break
        for replay in range(2 if cheat.replays else 1):
            played = await _play_once(arena, cheat, place, plan, earlier)
            if played is None:
                return []
            earlier = [*earlier[-3:], played.history]
            if replay or not cheat.replays:
                episodes.append(played)
        if episodes[-1].status in (HUNG, CRASHED):
            break  # that is a finding already, and may take as long again
    return episodes


async def _play_once(
    arena: Arena, cheat: Cheat, place: int, plan: Plan, earlier: Sequence[Sequence[str]]
) -> Played | None:
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
            if turn == 0 and not cheat.fits(view):
                return None
            if not await _step(seat, played, cheat.act(view), measured=not arena.waits):
                break
        if played.error is None and played.status != HUNG:
            played.status = seat.status
    finally:
        await seat.close()
    return played


async def play_script(arena: Arena, place: int, actions: Sequence[str], steps: int = MOST_STEPS) -> Played:
    """One episode of fixed actions; given up when they have run out."""
    seat = await arena.begin(place)
    played = Played(history=[seat.observation])
    try:
        for action in actions[:steps]:
            if not await _step(seat, played, action, measured=not arena.waits):
                break
        if played.error is None and played.status != HUNG:
            played.status = seat.status
    finally:
        await seat.close()
    return played


async def play_reference(arena: Arena, who: Reference, place: int, seed: int) -> Played | None:
    """One episode of the oracle, or of one who guesses; None where the arena has no such policy."""
    seat = await arena.begin(place)
    played = Played(history=[seat.observation])
    try:
        for turn in range(arena.turns or MOST_STEPS):
            action = seat.reference(who, Random(derive_key("reference", who, seed, place, turn)))
            if action is None:
                return None
            if not await _step(seat, played, action, measured=False):
                break
        if played.error is None:
            played.status = seat.status
    finally:
        await seat.close()
    return played


async def _step(seat: Seat, played: Played, action: str, *, measured: bool) -> bool:
    """Take one action; whether the episode goes on."""
    played.history.append(action)
    started = time.thread_time()
    try:
        observation, reward, ended = await seat.step(action)
    except Exception as error:
        played.status, played.error = CRASHED, f"{type(error).__name__}: {error}"[:300]
        played.history.append("")
        return False
    played.history.append(observation)
    played.total += reward
    if measured and time.thread_time() - started > STEP_SECONDS:
        played.status = HUNG
        return False
    return not ended


async def side_by_side(jobs: Sequence[Coroutine[Any, Any, _T]], concurrency: int) -> list[_T]:
    """The results of jobs, so many of which run at a time, in their order."""
    places = asyncio.Semaphore(concurrency)

    async def one(job: Coroutine[Any, Any, _T]) -> _T:
        async with places:
            return await job

    return list(await asyncio.gather(*map(one, jobs)))
