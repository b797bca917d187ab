"""200,000 episodes in one process: whether memory and open files grow."""

import time
from collections.abc import Callable
from typing import Any

from clocks import open_files, resident_mb
from cores import GUESS, MISS, TURNS, WAITING
from figures.waiting import at_once
from report import Report, Row, Spread, Target
from sizes import Size
from textgym import TextVectorEnv, rollout

_CHUNK = 2_000
_VECTOR = 200


def run(size: Size) -> Report:
    """Half of them GuessNumber with the oracle, a quarter waiting steps, a quarter a vector environment, in turns."""
    total = size.pick(200_000, 20_000, 800)
    chunk = size.pick(_CHUNK, 500, _VECTOR)
    report = Report(
        "soak", f"{total:,} episodes in one process: rollouts, waiting steps and a vector environment in turns"
    )
    vector = TextVectorEnv(GUESS, _VECTOR, autoreset_mode="SameStep")
    vector.reset(seed=0)
    kinds: list[Callable[[int], int]] = [
        lambda seed: _rollout("textgym/GuessNumber-v0", "oracle", seed, chunk, 256),
        lambda seed: _rollout(WAITING, at_once, seed, chunk, 512),
        lambda seed: _rollout("textgym/GuessNumber-v0", "oracle", seed, chunk, 256),
        lambda seed: _vector(vector, chunk),
    ]
    played = 0
    places: list[int] = []
    memory: list[float] = []
    files: list[int] = []
    began = time.perf_counter()
    while played < total:
        for kind in kinds:
            played += kind(played)
        places.append(played)
        memory.append(resident_mb())
        files.append(open_files())
    seconds = time.perf_counter() - began
    vector.close()
    warm = len(memory) // 4
    growth = memory[-1] - memory[warm]
    report.rows += [
        Row("memory after warm-up", "MB", Spread.of(memory[warm:])),
        Row("open files after warm-up", "count", Spread.of(files[warm:])),
        Row(
            "slope of memory after warm-up",
            "MB per 100,000 episodes",
            Spread.of([_slope(places[warm:], memory[warm:])]),
        ),
        Row("episodes", "episodes/s", Spread.of([played / seconds])),
    ]
    report.targets += [
        Target("growth of memory after warm-up, MB", Spread.of([growth]), "<=", 5, "memory"),
        Target("growth of open files after warm-up", Spread.of([files[-1] - files[warm]]), "<=", 0, "count"),
    ]
    report.notes.append(
        "Warm-up is the first quarter. Samples in MB: "
        + ", ".join(f"{one:.1f}" for one in memory[:: max(1, len(memory) // 12)])
    )
    return report


def _rollout(env_id: str, policy: Any, seed: int, episodes: int, concurrency: int) -> int:
    """A rollout of so many episodes."""
    stream = rollout(env_id, policy, episodes=episodes, seed=seed, concurrency=concurrency)
    return sum(1 for _ in stream)


def _vector(vector: TextVectorEnv, episodes: int) -> int:
    """About so many episodes of the vector environment."""
    actions = [MISS] * vector.num_envs
    rounds = max(1, episodes // vector.num_envs)
    for _ in range(rounds * TURNS):
        vector.step(actions)
    return rounds * vector.num_envs


def _slope(places: list[int], values: list[float]) -> float:
    """Least-squares slope of the values over the places, a hundred thousand places a unit; 0 for a single one."""
    middle, mean = sum(places) / len(places), sum(values) / len(values)
    spread = sum((x - middle) ** 2 for x in places)
    return 1e5 * sum((x - middle) * (y - mean) for x, y in zip(places, values, strict=True)) / spread if spread else 0.0
