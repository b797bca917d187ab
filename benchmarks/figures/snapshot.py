"""Saving and restoring a small environment."""

import copy
import json
from collections.abc import Callable

import gymnasium as gym

from cores import MISS, PlainGame
from report import Report, Target
from rounds import interleave
from sizes import Size
from textgym.registry import find


def run(size: Size) -> Report:
    """A snapshot and its restoring, as the dict that it is and as text; a deep copy of a plain object beside it."""
    report = Report("snapshot", "snapshot and restore of textgym/GuessNumber-v0")
    env = gym.make(find("textgym/GuessNumber-v0").id).unwrapped
    env.reset(seed=1)
    env.step("50")
    game = PlainGame()
    game.start(1)
    game.step(MISS)
    ours = "snapshot() and restore()"
    contenders: dict[str, Callable[[], object]] = {
        ours: lambda: env.restore(env.snapshot()),
        "the same through JSON text": lambda: env.restore(json.dumps(env.snapshot())),
        "copy.deepcopy of a plain Python environment": lambda: copy.deepcopy(game),
    }
    count = size.pick(2000, 1000, 10)

    def times(once: Callable[[], object]) -> Callable[[], int]:
        def work() -> int:
            for _ in range(count):
                once()
            return count

        return work

    rates = interleave({name: times(one) for name, one in contenders.items()}, size.pick(40, 10, 2), workers=False)
    report.rows = [one.cost(name) for name, one in rates.items()]
    cost = report.rows[0]
    assert cost.cpu is not None
    report.targets.append(Target("microseconds of a snapshot and its restoring", cost.cpu, "<=", 50, "cpu", cost.wall))
    return report
