"""A vector environment over two worker processes."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import Any

import gymnasium as gym

from cores import GUESS, TURNS, GymnasiumGame
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
    """64 environments beside Gymnasium's process each; 1024 beside GEM's loop."""
    report = Report("shards", "a vector environment over two worker processes, a trivial environment")
    few, many = size.pick(64, 64, 4), size.pick(1024, 1024, 16)
    rounds = size.pick(15, 3, 1)
    rates = _measure(few, size.pick(30, 20, 1), rounds, _gymnasium(few))
    report.rows += [one.row(f"n={few}: {name}") for name, one in rates.items()]
    names = [name for name in rates if name.startswith("Gymnasium")]
    fastest = {clock: _fastest([rates[name] for name in names], rates[_SHARDS], clock) for clock in ("wall", "cpu")}
    report.targets.append(
        Target(
            f"n={few}: times Gymnasium AsyncVectorEnv, the faster of its settings",
            fastest["wall"],
            ">=",
            10,
            "wall",
            fastest["cpu"],
        )
    )
    gem = {GEM: gem_sync(many, TURNS, False, _MODE)} if has_gem() else {}
    rates = _measure(many, size.pick(4, 2, 1), rounds, gem)
    report.rows += [one.row(f"n={many}: {name}") for name, one in rates.items()]
    if gem:
        ours = rates[_SHARDS]
        report.targets.append(
            Target(f"n={many}: times {GEM}", ours.over(rates[GEM], "wall"), ">=", 2, "wall", ours.over(rates[GEM]))
        )
    else:
        report.left_out.append(GEM_MISSING)
    report.notes.append(
        "Two processes win wall time and not CPU time, so wall time decides here; on a machine without two idle cores "
        "they have nothing to win."
    )
    return report


def _gymnasium(n: int) -> dict[str, Any]:
    kind = gym.vector.AsyncVectorEnv
    return {
        f"Gymnasium AsyncVectorEnv, shared_memory={shared}": kind([GymnasiumGame] * n, shared_memory=shared)
        for shared in (True, False)
    }


def _measure(n: int, episodes: int, rounds: int, peers: dict[str, Any]) -> dict[str, Rates]:
    work = Work(n, episodes)
    with ExitStack() as open_vectors:
        vectors: dict[str, Any] = {
            _SHARDS: TextVectorEnv(GUESS, n, processes=2, autoreset_mode=_MODE),
            _INLINE: TextVectorEnv(GUESS, n, autoreset_mode=_MODE),
            **peers,
        }
        for vector in vectors.values():
            if hasattr(vector, "close"):  # GEM's has none
                open_vectors.enter_context(closing(vector))
        contenders: dict[str, Callable[[], int]] = {
            name: work.of(vector, TURNS, _MODE) for name, vector in vectors.items()
        }
        return interleave(contenders, rounds)


def _fastest(theirs: list[Rates], ours: Rates, clock: str) -> Spread:
    rounds = zip(getattr(ours, clock), *(getattr(one, clock) for one in theirs), strict=True)
    return Spread.of([mine / max(others) for mine, *others in rounds])
