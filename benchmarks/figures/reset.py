"""Reset of a slow generator, 9x9 Sudoku, with tasks made ahead by `PrefetchResets`."""

import time
from contextlib import closing
from statistics import quantiles
from typing import Any

import gymnasium as gym

from report import Report, Row, Spread, Target
from sizes import Size
from textgym.registry import find
from textgym.runner import PrefetchResets

_ID = "textgym/Sudoku-v0"
_PACE_SECONDS = 0.015


def run(size: Size) -> Report:
    """Resets as they come: made on the spot; made ahead while the consumer is busy; made ahead for one in a hurry."""
    report = Report("reset", f"reset of {_ID}, in microseconds")
    env_id, resets, rounds = find(_ID).id, size.pick(100, 40, 3), size.pick(9, 3, 1)
    figures: dict[str, list[list[float]]] = {}
    with closing(gym.make(env_id)) as plain, closing(PrefetchResets(gym.make(env_id))) as ahead:
        plain.reset(seed=0)
        ahead.reset(seed=0)
        time.sleep(size.pick(1.0, 1.0, 0.3))  # the worker process starts
        for _ in range(rounds):
            for name, env, pace in (
                ("made on the spot", plain, 0.0),
                (f"prefetched, {1000 * _PACE_SECONDS:g} ms between resets", ahead, _PACE_SECONDS),
                ("prefetched, back to back", ahead, 0.0),
            ):
                _resets(env, 10 if pace else 0, pace)  # the stock fills up again
                figures.setdefault(name, []).append(_resets(env, resets, pace))
    for name, taken in figures.items():
        cuts = [quantiles(one, n=20) for one in taken]
        report.rows.append(Row(f"{name}: median", "us", Spread.of([cut[9] for cut in cuts])))
        report.rows.append(Row(f"{name}: 95th percentile", "us", Spread.of([cut[18] for cut in cuts])))
    paced = [quantiles(one, n=2)[0] / 1000 for one in list(figures.values())[1]]
    report.targets.append(Target("milliseconds of a prefetched reset, median", Spread.of(paced), "<=", 1.0, "wall"))
    report.notes.append("Back to back, nobody is faster than the workers make tasks: 8 ahead, then one at a time.")
    return report


def _resets(env: gym.Env[Any, Any], count: int, pace: float) -> list[float]:
    """Microseconds of each reset."""
    taken = []
    for _ in range(count):
        if pace:
            time.sleep(pace)
        start = time.perf_counter()
        env.reset()
        taken.append(1e6 * (time.perf_counter() - start))
    return taken
