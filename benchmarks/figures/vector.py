"""A vector environment in one process: `TextVectorEnv`, and the peers' loops over the same game."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gymnasium as gym

from cores import (
    ECHO,
    ENDLESS,
    GUESS,
    MADE,
    MADE_ECHO,
    MISS,
    TURNS,
    EchoBench,
    GuessBench,
    GymnasiumEcho,
    GymnasiumGame,
    gem_echo,
    gem_game,
)
from peers import GEM_MISSING, has_gem
from report import Report, Target
from rounds import Rates, interleave
from sizes import Size
from textgym import TextVectorEnv

OURS = "TextVectorEnv"
GYMNASIUM = "Gymnasium SyncVectorEnv, plain environments of gym.make"
GYMNASIUM_BARE = "Gymnasium SyncVectorEnv, plain environments without gym.make"
GYMNASIUM_OURS = "Gymnasium SyncVectorEnv, textgym environments"
GEM = "GEM SyncVectorEnv"


def run(size: Size) -> Report:
    """A core that does nothing, then a game: without an end, with a word in each info, as in GEM, and of ten turns."""
    report = Report("vector", "a vector environment in one process")
    n = size.pick(1024, 1024, 16)
    work = Work(n, size.pick(2, 2, 1))
    rounds = size.pick(15, 5, 1)
    for label, cores, turns, fields, mode in (
        (f"n={n}, an echo, no resets", ECHOES, ENDLESS, 0, "NextStep"),
        (f"n={n}, a game, no resets", GAMES, ENDLESS, 0, "NextStep"),
        (f"n={n}, a game, no resets, one info field", GAMES, ENDLESS, 1, "NextStep"),
        (f"n={n}, an echo, {TURNS} turns, NextStep", ECHOES, TURNS, 0, "NextStep"),
        (f"n={n}, a game, {TURNS} turns, NextStep", GAMES, TURNS, 0, "NextStep"),
        (f"n={n}, a game, {TURNS} turns, SameStep", GAMES, TURNS, 0, "SameStep"),
    ):
        rates = interleave(contenders(work, cores, turns, fields, mode), rounds, workers=False)
        report.rows += [one.row(f"{label}: {name}") for name, one in rates.items()]
        add_targets(report, rates, label, 2.0, 1.7)
    if not has_gem():
        report.left_out.append(GEM_MISSING)
    report.notes.append("A step is one turn of one environment; a reset counts for nothing, and its time is included.")
    return report


class Work:
    """How much a contender does in a round: `episodes` of ten turns in each of `n` environments."""

    def __init__(self, n: int, episodes: int) -> None:
        self.n = n
        self.episodes = episodes

    def of(self, vector: Any, turns: int, mode: str) -> Callable[[], int]:
        """A round's work on this vector environment, which is reset here and goes on from round to round."""
        vector.reset(seed=0)
        actions = [MISS] * self.n
        resets = self.episodes if turns == TURNS and mode == "NextStep" else 0
        calls = self.episodes * TURNS + resets

        def work() -> int:
            step = vector.step
            for _ in range(calls):
                step(actions)
            return self.n * TURNS * self.episodes

        return work


@dataclass(frozen=True, slots=True)
class Cores:
    """The same environment under each framework.

    Attributes:
        ours: its id.
        made: the id of the plain one in Gymnasium's registry.
        plain: the plain one's class.
        textgym: ours, as a class.
        gem: gives GEM's.
    """

    ours: str
    made: str
    plain: type[Any]
    textgym: type[Any]
    gem: Callable[[], type[Any]]


GAMES = Cores(GUESS, MADE, GymnasiumGame, GuessBench, gem_game)
ECHOES = Cores(ECHO, MADE_ECHO, GymnasiumEcho, EchoBench, gem_echo)


def contenders(work: Work, cores: Cores, turns: int, fields: int, mode: str) -> dict[str, Callable[[], int]]:
    """The work of every contender that is installed."""
    n = work.n
    sync = gym.vector.SyncVectorEnv
    made: dict[str, Any] = {
        OURS: TextVectorEnv(cores.ours, n, autoreset_mode=mode, max_turns=turns, fields=fields),
        GYMNASIUM: sync([lambda: gym.make(cores.made, turns=turns, fields=fields)] * n, autoreset_mode=mode),
        GYMNASIUM_BARE: sync([lambda: cores.plain(turns, fields)] * n, autoreset_mode=mode),
        GYMNASIUM_OURS: sync([lambda: cores.textgym(max_turns=turns, fields=fields)] * n, autoreset_mode=mode),
    }
    if has_gem():
        made[GEM] = gem_sync(cores.gem(), n, turns, fields, mode)
    return {name: work.of(vector, turns, mode) for name, vector in made.items()}


def gem_sync(kind: type[Any], n: int, turns: int, fields: int, mode: str) -> Any:
    """GEM's vector environment in one process."""
    from gem.vector.sync_vector_env import SyncVectorEnv
    from gem.vector.vector_env import AutoresetMode

    return SyncVectorEnv(["bench"] * n, [lambda: kind(turns, fields)] * n, AutoresetMode(mode))


def add_targets(report: Report, rates: dict[str, Rates], label: str, gymnasium: float, gem: float | None) -> None:
    """Our rate over each peer's, round by round."""
    ours = rates[OURS]
    bounds = {GYMNASIUM: gymnasium, GYMNASIUM_BARE: gymnasium, GYMNASIUM_OURS: gymnasium, GEM: gem}
    for name, bound in bounds.items():
        if name in rates and bound is not None:
            over = ours.over(rates[name])
            report.targets.append(
                Target(f"{label}: times {name}", over, ">=", bound, "cpu", ours.over(rates[name], "wall"))
            )
