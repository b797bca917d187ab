"""A vector environment over two processes."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import gymnasium as gym

from cores import ENDLESS, GUESS, TURNS, GymnasiumGame, gem_game
from figures.vector import GEM, Work, gem_sync
from peers import GEM_MISSING, has_gem
from report import Report, Spread, Target
from rounds import Rates, interleave
from sizes import Size
from textgym import TextVectorEnv

_SHARDS = "TextVectorEnv, 2 processes"
_INLINE = "TextVectorEnv, in this process"
_MODE = "NextStep"


def run(size: Size) -> Report:
    """64 environments beside Gymnasium's process each; 1024 beside GEM's loop. Ten turns, then without an end."""
    report = Report("shards", "a vector environment over two processes, a trivial environment")
    few, many = size.pick(64, 64, 4), size.pick(1024, 1024, 16)
    rounds = size.pick(11, 3, 1)
    for turns in (TURNS, ENDLESS):
        length = f"{TURNS} turns" if turns == TURNS else "no resets"
        label = f"n={few}, {length}"
        rates = _measure(few, turns, size.pick(30, 20, 1), rounds, _gymnasium(few, turns))
        report.rows += [one.row(f"{label}: {name}") for name, one in rates.items()]
        theirs = [one for name, one in rates.items() if name.startswith("Gymnasium")]
        wall, cpu = (_over_faster(rates[_SHARDS], theirs, clock) for clock in ("wall", "cpu"))
        report.targets.append(
            Target(f"{label}: times Gymnasium AsyncVectorEnv, the faster of its settings", wall, ">=", 10, "wall", cpu)
        )
        label = f"n={many}, {length}"
        rates = _measure(
            many,
            turns,
            size.pick(4, 2, 1),
            rounds,
            {GEM: gem_sync(gem_game(), many, turns, 0, _MODE)} if has_gem() else {},
        )
        report.rows += [one.row(f"{label}: {name}") for name, one in rates.items()]
        if GEM in rates:
            ours = rates[_SHARDS]
            report.targets.append(
                Target(f"{label}: times {GEM}", ours.over(rates[GEM], "wall"), ">=", 2, "wall", ours.over(rates[GEM]))
            )
    if not has_gem():
        report.left_out.append(GEM_MISSING)
    report.notes.append(
        "Two processes win wall time and not CPU time, so wall time decides here; on a machine without two idle cores "
        "they have nothing to win."
    )
    return report


def _gymnasium(n: int, turns: int) -> dict[str, Any]:
    kind = gym.vector.AsyncVectorEnv
    return {
        f"Gymnasium AsyncVectorEnv, shared_memory={shared}": kind(
            [partial(GymnasiumGame, turns)] * n, shared_memory=shared
        )
        for shared in (True, False)
    }


def _measure(n: int, turns: int, episodes: int, rounds: int, peers: dict[str, Any]) -> dict[str, Rates]:
    work = Work(n, episodes)
    with ExitStack() as open_vectors:
        vectors: dict[str, Any] = {
            _SHARDS: TextVectorEnv(GUESS, n, processes=2, autoreset_mode=_MODE, max_turns=turns),
            _INLINE: TextVectorEnv(GUESS, n, autoreset_mode=_MODE, max_turns=turns),
            **peers,
        }
        for vector in vectors.values():
            if hasattr(vector, "close"):  # GEM's has none
                open_vectors.enter_context(closing(vector))
        contenders: dict[str, Callable[[], int]] = {
            name: work.of(vector, turns, _MODE) for name, vector in vectors.items()
        }
        return interleave(contenders, rounds)


def _over_faster(ours: Rates, theirs: list[Rates], clock: str) -> Spread:
    rounds = zip(getattr(ours, clock), *(getattr(one, clock) for one in theirs), strict=True)
    return Spread.of([mine / max(others) for mine, *others in rounds])
