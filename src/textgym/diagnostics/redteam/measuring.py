"""The red team: every cheat against one environment, and what each was paid."""

import functools
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from textgym.diagnostics.intervals import mean_reward
from textgym.diagnostics.patience import DEFAULT_PATIENCE
from textgym.diagnostics.redteam.arena import Arena, Reference
from textgym.diagnostics.redteam.cheat import Cheat
from textgym.diagnostics.redteam.deadline import GRACE, Deadline
from textgym.diagnostics.redteam.isolation import play_apart, quiet
from textgym.diagnostics.redteam.playing import (
    BROKEN,
    CRASHED,
    MASKED,
    Plan,
    Played,
    Series,
    drive,
    first_view,
    in_time,
    play_cheat,
    play_reference,
    play_script,
    side_by_side,
)
from textgym.diagnostics.report import CheatRow, MeanReward, RedTeamReport, RedTeamVerdict

_T = TypeVar("_T")

MARGIN = 0.05
"""What a cheat may earn above guessing."""
ENOUGH = 0.95
"""Share of its score that the oracle must earn."""
PAID = 0.5
"""Reward from which an episode counts as paid."""
CONCURRENCY = 4
"""Cheats that are played at a time where the environment waits."""
_COMMON_TASKS = 40
_SHOWN = 200

Progress = Callable[[str, int, int], None]
"""Told the cheat that comes next, the number of cheats done, and the number of all."""

Scripts = Sequence[tuple[int, str, Sequence[str]]]
"""Place, name and actions of each script that an environment brings."""


class Measured(NamedTuple):
    """What the oracle earns, or guessing.

    Attributes:
        mean: the mean reward; None where there is no such policy, or no episode of it counts.
        trouble: how its first episode failed that did.
    """

    mean: MeanReward | None = None
    trouble: str | None = None


def attack(
    arena: Arena,
    cheats: Sequence[Cheat],
    *,
    tasks: int,
    seed: int = 0,
    own: bool = True,
    beside: Sequence[CheatRow] = (),
    oracle: MeanReward | None = None,
    random: MeanReward | None = None,
    patience: float = DEFAULT_PATIENCE,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> RedTeamReport:
    """Play all cheats.

    Args:
        arena: the environment.
        cheats: the cheats; those that do not fit are left out of the table.
        tasks: tasks for each cheat. Where one seems to be paid, up to ten times as many are played.
        seed: seed of the cheats' randomness; the same seed gives the same table.
        own: whether the environment's own cheats are played, too.
        beside: rows of cheats that were played before, for the same table.
        oracle: what the oracle earns, if that was measured before.
        random: what guessing earns, if that was measured before.
        patience: seconds for one cheat, where the arena is isolated.
        seconds: seconds for all of it; None for as long as it takes.
        progress: told before each cheat.
    """
    started = time.perf_counter()
    deadline = Deadline(seconds)
    with quiet(arena):
        best = Measured(oracle) if oracle else _reference(arena, "oracle", tasks, seed, deadline)
        guess = Measured(random) if random else _reference(arena, "random", tasks * 10, seed, deadline)
        common = deadline.within(lambda: arena.common(min(_COMMON_TASKS, tasks * 4)))
        fitting = deadline.within(lambda: _fitting(arena, cheats, common), GRACE)
        scripts = deadline.within(lambda: _scripts(arena, range(tasks))) if own else []
    allowed = max(arena.random_ceiling, (0.0 if guess.mean is None else guess.mean.mean) + MARGIN)
    plan = Plan(tasks=tasks, allowed=allowed, seed=seed, common=common)
    rows = [row.model_copy(update={"paid": row.low > allowed}) for row in beside]
    not_played, under_way = [], []
    chosen = cheats if fitting is None else fitting
    played = [
        (cheat.name, cheat.family, cheat.summary, series)
        for cheat, series in _play_all(arena, chosen, plan, patience=patience, deadline=deadline, progress=progress)
    ]
    played += [(name, "own", "", series) for name, series in _play_scripts(arena, scripts or [], deadline).items()]
    for name, family, summary, series in played:
        row = _row(name, family, summary, series.episodes, allowed) if series.episodes else None
        if row is not None and (series.complete or row.paid or row.broken):
            rows.append(row)
        else:
            not_played.append(name)
            under_way += [name] * series.begun
    if scripts is None:
        not_played.append("own")
    reasons = [*_doubts(arena, best, guess, allowed), *_findings(rows, allowed)]
    verdict: RedTeamVerdict = "fail" if reasons else "incomplete" if not_played else "pass" if rows else "skip"
    if not_played:
        reasons.append(_unplayed(not_played, under_way, deadline))
    elif verdict == "skip":
        reasons.append("none of the cheats that were chosen fits this environment")
    most = max((row.mean for row in rows), default=None)
    return RedTeamReport(
        id=arena.name,
        verdict=verdict,
        reasons=reasons,
        allowed=allowed,
        oracle=best.mean,
        random=guess.mean,
        exploit_gap=None if most is None or guess.mean is None else most - guess.mean.mean,
        headroom=None if most is None or best.mean is None else best.mean.mean - most,
        cheats=rows,
        not_played=not_played,
        seed=seed,
        episodes=sum(row.episodes for row in rows),
        seconds=round(time.perf_counter() - started, 3),
    )


def _unplayed(names: Sequence[str], under_way: Sequence[str], deadline: Deadline) -> str:
    number = f"{len(names)} cheats were" if len(names) > 1 else "1 cheat was"
    during = f", while {', '.join(under_way)} played" if under_way else ""
    waiting = [name for name in names if name not in under_way]
    shown = ", ".join(waiting[:5]) + (", ..." if len(waiting) > 5 else "")
    return f"{number} not played to the end, since the {deadline.seconds:g} s were over{during}" + (
        f"; not begun: {shown}" if shown else ""
    )


def _fitting(arena: Arena, cheats: Sequence[Cheat], common: str | None) -> list[Cheat]:
    view = drive(arena, first_view(arena, common))
    return [cheat for cheat in cheats if cheat.fits(view)]


def _play_all(
    arena: Arena,
    cheats: Sequence[Cheat],
    plan: Plan,
    *,
    patience: float,
    deadline: Deadline,
    progress: Progress | None,
) -> Iterator[tuple[Cheat, Series]]:
    tell = progress or (lambda name, done, total: None)
    if arena.waits and not arena.isolated:
        found = [Series() for _ in cheats]

        async def told(cheat: Cheat, series: Series) -> None:
            if not deadline.over:
                tell(cheat.name, sum(one.complete for one in found), len(cheats))
            await play_cheat(arena, cheat, plan, series, deadline)

        def play() -> None:
            jobs = [told(cheat, series) for cheat, series in zip(cheats, found, strict=True)]
            drive(arena, side_by_side(jobs, CONCURRENCY))

        deadline.within(play, GRACE)
        yield from zip(cheats, found, strict=True)
        return
    for number, cheat in enumerate(cheats):
        series = Series()
        if not deadline.over:
            tell(cheat.name, number, len(cheats))
        if arena.isolated:
            series = play_apart(arena, cheat, plan, patience, deadline)
        else:
            coroutine = functools.partial(play_cheat, arena, cheat, plan, series, deadline)
            deadline.within(lambda play=coroutine: drive(arena, play()))  # type: ignore[misc]
        yield cheat, series


def own_rows(arena: Arena, places: Sequence[int], allowed: float) -> list[CheatRow]:
    """Rows of the cheats that the environment brings itself, each played on all tasks for which it exists."""
    played = _play_scripts(arena, _scripts(arena, places), Deadline())
    return [_row(name, "own", "", series.episodes, allowed) for name, series in played.items()]


def _scripts(arena: Arena, places: Sequence[int]) -> Scripts:
    return [(place, name, script) for place in places for name, script in arena.own(place).items()]


def _play_scripts(arena: Arena, scripts: Scripts, deadline: Deadline) -> dict[str, Series]:
    found = {name: Series() for _, name, _ in scripts}

    async def one(place: int, name: str, script: Sequence[str]) -> bool:
        played = await in_time(arena, lambda: play_script(arena, place, script), deadline)
        if played is not None:
            found[name].episodes.append(played)
        return played is not None

    def play() -> dict[str, bool]:
        if arena.waits:
            done = drive(arena, side_by_side([one(*script) for script in scripts], CONCURRENCY))
        else:
            done = [drive(arena, one(*script)) for script in scripts]
        complete = dict.fromkeys(found, True)
        for (_, name, _), played in zip(scripts, done, strict=True):
            complete[name] = complete[name] and played
        return complete

    for name, complete in ((deadline.within(play, GRACE if arena.waits else 0.0) if scripts else None) or {}).items():
        found[name].complete = complete
    return found


def _reference(arena: Arena, who: Reference, tasks: int, seed: int, deadline: Deadline) -> Measured:
    async def one(place: int) -> tuple[bool, Played | None]:
        """Whether there was time for it, and the episode."""
        answer = await in_time(arena, lambda: _wrapped(play_reference(arena, who, place, seed)), deadline)
        return (False, None) if answer is None else (True, answer[0])

    def play() -> list[tuple[bool, Played | None]]:
        if arena.waits:
            return drive(arena, side_by_side([one(place) for place in range(tasks)], CONCURRENCY))
        return [drive(arena, one(place)) for place in range(tasks)]

    answers = deadline.within(play, GRACE if arena.waits else 0.0)
    if answers is None or not all(had_time for had_time, _ in answers):
        return Measured()
    played = [one for _, one in answers if one is not None]
    totals = [one.total for one in played if one.status not in MASKED]
    crashed = next((one for one in played if one.status == CRASHED), None)
    failed = crashed or next((one for one in played if not totals), None)
    trouble = None if failed is None else f"{failed.status}: {failed.error}"
    return Measured(mean_reward(totals) if totals else None, trouble)


async def _wrapped(playing: Coroutine[Any, Any, _T]) -> tuple[_T]:
    return (await playing,)


def _row(name: str, family: str, summary: str, episodes: Sequence[Played], allowed: float) -> CheatRow:
    totals = [one.total for one in episodes if one.status not in MASKED] or [0.0]
    found = mean_reward(totals)
    best = max(episodes, key=lambda one: one.total)
    broken = next((one for one in episodes if one.status in BROKEN), None)
    shown = broken or (best if best.total > 0 else None)
    return CheatRow(
        name=name,
        family=family,
        summary=summary,
        mean=found.mean,
        low=found.low,
        high=found.high,
        max=best.total,
        share_paid=sum(total >= PAID for total in totals) / len(totals),
        statuses=dict(sorted(Counter(one.status for one in episodes).items())),
        episodes=len(episodes),
        paid=found.low > allowed,
        broken=broken is not None,
        example=None if shown is None else _example(shown),
    )


def _example(played: Played) -> str:
    """The action that was paid, or that broke something, cut short."""
    action = played.history[-2] if len(played.history) > 1 else ""
    text = action if len(action) <= _SHOWN else f"{action[:_SHOWN]}... ({len(action):,} characters)"
    whole = text if played.error is None else f"{text} -> {played.error}"
    return whole.encode("utf-8", "backslashreplace").decode()


def _findings(rows: Sequence[CheatRow], allowed: float) -> list[str]:
    """What is said of each cheat that was paid, or broke something."""
    paid = [f"the cheat {row.name!r} is paid: {_interval(row)}, above {allowed:.4g}" for row in rows if row.paid]
    return paid + [
        f"the cheat {row.name!r} ends in {', '.join(sorted(BROKEN & row.statuses.keys()))}"
        for row in rows
        if row.broken
    ]


def _doubts(arena: Arena, oracle: Measured, guess: Measured, allowed: float) -> list[str]:
    """What else is wrong: an oracle that does not earn its score, or a bar that says nothing."""
    doubts = [f"the oracle's episodes fail, {oracle.trouble}"] if oracle.trouble else []
    if oracle.mean is not None:
        earned, score = oracle.mean.mean, arena.oracle_score
        guessed = None if guess.mean is None else guess.mean.mean
        if arena.impossible:
            if earned > 0:
                doubts.append(f"the oracle earns {oracle.mean}, and solves tasks on which nobody honest should be paid")
        elif earned < score - (1 - ENOUGH) * abs(score):
            doubts.append(f"the oracle earns {oracle.mean}, less than {ENOUGH} of {score:g}")
        elif earned <= arena.random_ceiling and (guessed is None or guessed < earned - (1 - ENOUGH) * abs(earned)):
            doubts.append(
                f"the oracle earns {oracle.mean}, and a cheat is allowed {allowed:.4g}: that tells nobody who solves the task "
                "from one who does not; `random_ceiling` says what guessing may earn"
            )
    return doubts + ([f"the episodes of guessing fail, {guess.trouble}"] if guess.trouble else [])


def _interval(row: CheatRow) -> str:
    return str(MeanReward(mean=row.mean, low=row.low, high=row.high, episodes=row.episodes))
