"""The red team as checks: the environment's own cheats, and the library of cheats that fit any environment."""

from textgym.diagnostics.battery import NotApplicable, demand, proof
from textgym.diagnostics.redteam.library import CHEATS
from textgym.diagnostics.redteam.measuring import attack, own_rows
from textgym.diagnostics.redteam.running import TASKS
from textgym.diagnostics.redteam.textgym_arena import TextgymArena
from textgym.diagnostics.subject import Subject


@proof
def cheats(subject: Subject) -> str:
    """The environment's own cheats (`TextEnv.cheats`) earn no more than guessing."""
    ceiling = subject.env.random_ceiling
    rows = own_rows(TextgymArena(subject), range(len(subject.all_tasks())), ceiling)
    subject.own_cheats = rows
    if not rows:
        raise NotApplicable("cheats() lists none for this environment")
    for row in rows:
        demand(
            not row.paid,
            f"the cheat {row.name!r} earned {row.mean:.4g} (95 % interval {row.low:.4g} to {row.high:.4g}, {row.episodes} "
            f"episodes), above random_ceiling = {ceiling}",
        )
        demand(not row.broken, f"the cheat {row.name!r} broke the environment: {row.example}")
    return "; ".join(f"{row.name} earned {row.mean:.4g} on {row.episodes} tasks" for row in rows)


@proof
def red_team(subject: Subject) -> str:
    """No policy of the library of cheats earns more than guessing, breaks anything, or comes near the oracle."""
    count = min(subject.count, TASKS[subject.env.sandbox] if subject.cheat_tasks is None else subject.cheat_tasks)
    report = attack(
        TextgymArena(subject),
        list(CHEATS.values()),
        tasks=count,
        seed=subject.seed,
        own=subject.own_cheats is None,
        beside=subject.own_cheats or (),
        oracle=subject.figures.get("oracle"),
        random=subject.figures.get("random"),
    )
    subject.red_team = report
    demand(report.passed, "; ".join(report.reasons[:6]) + (" ..." if len(report.reasons) > 6 else ""))
    worst = report.worst(1)[0]
    return (
        f"{len(report.cheats)} cheats, {report.episodes:,} episodes: the best of them, {worst.name}, earned {worst.mean:.4g}; "
        f"{report.allowed:.4g} is allowed"
    )
