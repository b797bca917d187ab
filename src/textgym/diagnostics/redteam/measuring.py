"""The red team: every cheat against one environment, and what each was paid."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from textgym.diagnostics.intervals import mean_reward
from textgym.diagnostics.patience import DEFAULT_PATIENCE
from textgym.diagnostics.redteam.arena import Arena, Reference
from textgym.diagnostics.redteam.cheat import Cheat
from textgym.diagnostics.redteam.isolation import play_apart, quiet
from textgym.diagnostics.redteam.playing import (
    BROKEN,
    MASKED,
    Plan,
    Played,
    drive,
    play_cheat,
    play_reference,
    play_script,
    side_by_side,
)
from textgym.diagnostics.report import CheatRow, MeanReward, RedTeamReport

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
        progress: told before each cheat.
    """
    started = time.perf_counter()
    with quiet(arena):
        oracle = oracle or _reference(arena, "oracle", tasks, seed)
        random = random or _reference(arena, "random", tasks * 10, seed)
    base = max(arena.random_ceiling, (0.0 if random is None else random.mean) + MARGIN)
    plan = Plan(tasks=tasks, allowed=base, seed=seed, common=_common(arena, tasks))
    rows = [row.model_copy(update={"paid": row.low > base}) for row in beside]
    for cheat, episodes in _play_all(arena, cheats, plan, patience, progress):
        if episodes:
            rows.append(_row(cheat.name, cheat.family, cheat.summary, episodes, base))
    if own:
        rows += own_rows(arena, range(tasks), base)
    return judge(arena, rows, oracle, random, base, seed=seed, seconds=time.perf_counter() - started)


def _common(arena: Arena, tasks: int) -> str | None:
    return arena.common(min(_COMMON_TASKS, tasks * 4))


def _play_all(
    arena: Arena, cheats: Sequence[Cheat], plan: Plan, patience: float, progress: Progress | None
) -> Iterator[tuple[Cheat, list[Played]]]:
    tell = progress or (lambda name, done, total: None)
    if arena.waits and not arena.isolated:
        done = 0

        async def told(cheat: Cheat) -> list[Played]:
            nonlocal done
            tell(cheat.name, done, len(cheats))
            episodes = await play_cheat(arena, cheat, plan)
            done += 1
            return episodes

        played = drive(arena, side_by_side([told(cheat) for cheat in cheats], CONCURRENCY))
        yield from zip(cheats, played, strict=True)
        return
    for number, cheat in enumerate(cheats):
        tell(cheat.name, number, len(cheats))
        if arena.isolated:
            yield cheat, play_apart(arena, cheat, plan, patience)
        else:
            yield cheat, drive(arena, play_cheat(arena, cheat, plan))


def own_rows(arena: Arena, places: Sequence[int], allowed: float) -> list[CheatRow]:
    """Rows of the cheats that the environment brings itself, each played on all tasks for which it exists."""
    found: dict[str, list[Played]] = {}
    scripts = [(place, name, script) for place in places for name, script in arena.own(place).items()]
    if arena.waits:
        jobs = [play_script(arena, place, script) for place, _, script in scripts]
        played = drive(arena, side_by_side(jobs, CONCURRENCY)) if jobs else []
    else:
        played = [drive(arena, play_script(arena, place, script)) for place, _, script in scripts]
    for (_, name, _), one in zip(scripts, played, strict=True):
        found.setdefault(name, []).append(one)
    return [_row(name, "own", "", episodes, allowed) for name, episodes in found.items()]


def _reference(arena: Arena, who: Reference, tasks: int, seed: int) -> MeanReward | None:
    if arena.waits:
        jobs = [play_reference(arena, who, place, seed) for place in range(tasks)]
        played = drive(arena, side_by_side(jobs, CONCURRENCY))
    else:
        played = [drive(arena, play_reference(arena, who, place, seed)) for place in range(tasks)]
    totals = [one.total for one in played if one is not None and one.status not in MASKED]
    return mean_reward(totals) if totals else None


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


def judge(
    arena: Arena,
    rows: Sequence[CheatRow],
    oracle: MeanReward | None,
    random: MeanReward | None,
    allowed: float,
    *,
    seed: int,
    seconds: float,
) -> RedTeamReport:
    """The verdict on a table: no cheat is paid or breaks anything, and the oracle earns its score."""
    reasons = [f"the cheat {row.name!r} is paid: {_interval(row)}, above {allowed:.4g}" for row in rows if row.paid]
    reasons += [
        f"the cheat {row.name!r} ends in {', '.join(sorted(BROKEN & row.statuses.keys()))}"
        for row in rows
        if row.broken
    ]
    if oracle is not None and oracle.mean < ENOUGH * arena.oracle_score:
        reasons.append(f"the oracle earns {oracle}, less than {ENOUGH} of {arena.oracle_score:g}")
    most = max((row.mean for row in rows), default=None)
    verdict: Literal["pass", "fail"] = "fail" if reasons else "pass"
    return RedTeamReport(
        id=arena.name,
        verdict=verdict,
        reasons=reasons,
        allowed=allowed,
        oracle=oracle,
        random=random,
        exploit_gap=None if most is None or random is None else most - random.mean,
        headroom=None if most is None or oracle is None else oracle.mean - most,
        cheats=list(rows),
        seed=seed,
        episodes=sum(row.episodes for row in rows),
        seconds=round(seconds, 3),
    )


def _interval(row: CheatRow) -> str:
    return str(MeanReward(mean=row.mean, low=row.low, high=row.high, episodes=row.episodes))
