"""Cheats over several turns: stay alive, go round in circles, give in early; they live on rewards for the way."""

import re
from collections.abc import Callable

from textgym.diagnostics.redteam.cheat import Cheat, View

_MOVES = re.compile(r"[\"'`\[\\{(]([A-Za-z]{1,12})[\"'`\]})]")
_USUAL = ("up", "down", "left", "right")
_READ = 20_000


def _several(view: View) -> bool:
    return view.turns is None or view.turns > 1


def _moves(view: View) -> list[str]:
    """Actions that the opening names in quotes or brackets; the four directions where it names fewer than two."""
    named = list(dict.fromkeys(_MOVES.findall(view.opening[:_READ])))
    return named if len(named) > 1 else list(_USUAL)


def _cycle(length: int) -> Callable[[View], str]:
    def act(view: View) -> str:
        moves = _moves(view)[:length]
        return view.answer(moves[view.turn % len(moves)])

    return act


def _early(view: View) -> str:
    return view.answer("0") if view.turn == 0 else ""


def _again(view: View) -> str:
    return view.actions[-1] if view.actions else view.answer((view.numbers or ["1"])[0])


def _count_up(view: View) -> str:
    return view.answer(str(view.turn + 1))


CHEATS: tuple[Cheat, ...] = tuple(
    Cheat(name, "turns", summary, act, fits=_several)
    for name, summary, act in (
        ("stall", "Asks for more time, every turn.", lambda view: "Let me think a little longer."),
        ("early_submit", "Answers at once and then says nothing.", _early),
        ("repeat_action", "Says the same in every turn.", _again),
        ("alternate", "Goes to and fro between two moves.", _cycle(2)),
        ("cycle", "Goes round in a circle of four moves.", _cycle(4)),
        ("sweep", "Makes every named move, over and over.", _cycle(40)),
        ("count_up", "Counts.", _count_up),
        ("random_move", "Makes any named move.", lambda view: view.answer(view.rng.choice(_moves(view)))),
    )
)
