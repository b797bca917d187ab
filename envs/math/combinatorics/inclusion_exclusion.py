"""InclusionExclusion: how many numbers, or solutions, escape several conditions."""

from itertools import combinations
from math import comb, lcm
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.phrases import listed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_SMALLEST = 25
_MODES = ("none", "at least one", "exactly one", "exactly two")


class InclusionExclusionConfig(LevelledConfig):
    """Knobs of InclusionExclusion."""

    conditions: int = Field(3, ge=2, le=5, description="how many conditions overlap")
    largest: int = Field(10_000, ge=1_000, le=10**9, description="largest end of the range that is counted")
    spread: int = Field(12, ge=5, le=40, description="largest bound on an unknown")

    levels: ClassVar[Levels] = {
        "easy": {"conditions": 2, "largest": 5_000, "spread": 20},
        "hard": {"conditions": 4, "largest": 100_000, "spread": 12},
    }


class InclusionExclusion(WholeNumberAnswer[InclusionExclusionConfig]):
    """Count by inclusion and exclusion.

    Observation: either divisors, and the question how many numbers of a range are divisible by none, at least one, exactly
        one or exactly two of them; or an equation x1 + x2 + ... = n with bounds, and the question how many whole
        solutions it has.
    Action: the number, inside one <answer></answer>, as a whole number. Text outside the tags is not read; anything else
        is invalid.
    Reward: 1 for that number, else 0.
    Ends: after the answer.
    Splits: by the divisors or by the widths of the bounds, whatever their order.
    Oracle: gives the number.

    The number is at least 25. The difficulty of a task is the number of conditions.
    """

    def generate(self, rng: Random) -> Task:
        return self._divisors(rng) if rng.getrandbits(1) else self._solutions(rng)

    def _divisors(self, rng: Random) -> Task:
        config = self.config
        divisors: list[int] = []
        while len(divisors) < config.conditions:
            new = rng.randint(2, 30)
            if any(new % old == 0 or old % new == 0 for old in divisors):
                raise RedrawError("one divisor divides another")
            divisors.append(new)
        family = rng.claim(f"divisors {sorted(divisors)}")
        low = rng.randint(1, config.largest // 2)
        high = rng.randint(low + config.largest // 4, config.largest)
        mode = rng.choice(_MODES)
        answer = count_divisible(high, divisors, mode) - count_divisible(low - 1, divisors, mode)
        if answer < _SMALLEST:
            raise RedrawError("too few numbers")
        which = f"none of {listed(divisors)}" if mode == "none" else f"{mode} of {listed(divisors)}"
        return Task(
            prompt=self.ask(f"How many whole numbers from {low} to {high}, both included, are divisible by {which}?"),
            secret={"answer": answer},
            data={"low": low, "high": high, "divisors": divisors, "mode": mode},
            family=family,
            difficulty=config.conditions,
        )

    def _solutions(self, rng: Random) -> Task:
        config = self.config
        widths = [rng.randint(3, config.spread) for _ in range(config.conditions + 1)]
        family = rng.claim(f"solutions {sorted(widths)}")
        lows = [rng.randint(-6, 6) for _ in widths]
        above = rng.randint(min(widths) + 1, sum(widths) - min(widths) - 1)
        answer = count_bounded(widths, above)
        if answer < _SMALLEST:
            raise RedrawError("too few solutions")
        names = [f"x{number}" for number in range(1, len(widths) + 1)]
        bounds = [f"{low} <= {x} <= {low + w}" for low, x, w in zip(lows, names, widths, strict=True)]
        return Task(
            prompt=self.ask(
                f"How many solutions in whole numbers does {' + '.join(names)} = {above + sum(lows)} have with "
                f"{listed(bounds)}?"
            ),
            secret={"answer": answer},
            data={"lows": lows, "widths": widths, "total": above + sum(lows)},
            family=family,
            difficulty=config.conditions,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        data = task.data
        if "low" in data:
            return committed(str(rng.randint(1, data["high"] - data["low"])))
        count = len(data["widths"])
        free = comb(data["total"] - sum(data["lows"]) + count - 1, count - 1)
        return committed(str(rng.randint(1, max(40, free))))


def count_divisible(end: int, divisors: list[int], mode: str) -> int:
    """How many numbers from 1 to `end` are divisible by none, at least one, exactly one or exactly two of the divisors."""
    sums = [sum(end // lcm(*some) for some in combinations(divisors, size)) for size in range(len(divisors) + 1)]
    if mode == "at least one":
        return end - _exactly(sums, 0)
    return _exactly(sums, {"none": 0, "exactly one": 1, "exactly two": 2}[mode])


def _exactly(sums: list[int], wanted: int) -> int:
    """Elements in exactly `wanted` sets, from the sums of the sizes of all intersections of 0, 1, 2, ... sets."""
    return sum((-1) ** (size - wanted) * comb(size, wanted) * sums[size] for size in range(wanted, len(sums)))


def count_bounded(widths: list[int], total: int) -> int:
    """How many ways there are to write `total` as a sum of whole numbers from 0 to each width."""
    count = len(widths)
    answer = 0
    for size in range(count + 1):
        for some in combinations(widths, size):
            left = total - sum(some) - size
            if left >= 0:
                answer += (-1) ** size * comb(left + count - 1, count - 1)
    return answer
