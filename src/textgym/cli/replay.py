"""`textgym replay`: does every stored episode happen again as it is recorded?"""

from typing import TYPE_CHECKING, Any

from textgym.cli.exits import ExitCode, leave
from textgym.cli.options import AsJson, RunDirectory
from textgym.cli.screen import busy, console, note, print_json, several, table, visible

if TYPE_CHECKING:
    from textgym.episodes import ReplayReport

_KEPT = 100
_SHOWN = 10
_SHOWN_CHARS = 300


def replay(directory: RunDirectory, as_json: AsJson = False) -> None:
    """Execute every stored episode anew, and report where the environment does something else than was recorded."""
    from textgym.episodes import replay_store

    episodes = turns = diverged = 0
    kept: list[ReplayReport] = []
    with busy(f"replaying {directory}") as say:
        for report in replay_store(directory):
            episodes += 1
            turns += report.turns
            say(f"replaying {directory}: {several(episodes, 'episode')}")
            if not report.same:
                diverged += 1
                if len(kept) < _KEPT:
                    kept.append(report)
    if as_json:
        print_json(
            {
                "passed": diverged == 0,
                "episodes": episodes,
                "turns": turns,
                "diverged": diverged,
                "divergences": [report.as_json() for report in kept],
            }
        )
    elif diverged:
        _show(kept[:_SHOWN])
        note(f"{diverged:,} of {several(episodes, 'episode')} went another way than recorded")
    else:
        note(f"{several(episodes, 'episode')}, {several(turns, 'turn')}: all as recorded")
    if diverged:
        leave(ExitCode.FAILED)


def _show(reports: "list[ReplayReport]") -> None:
    rows = table("episode", "task", "turn", "field", "recorded", "now", right=["turn"])
    for report in reports:
        where = report.divergence
        if where is not None:
            values = (visible(_short(where.expected)), visible(_short(where.got)))
            rows.add_row(report.episode_id, report.task_id, str(where.turn), where.field, *values)
    console().print(rows)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]} …"
