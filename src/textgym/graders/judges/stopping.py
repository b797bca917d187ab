"""When enough has been drawn, and an interval that keeps its level although that was decided by looking at the draws.

Whoever looks after every draw and stops when the picture is clear stops too often on luck: a 95 % interval that is right
for a fixed number of draws covers the truth in fewer than 95 % of such runs. So the level of each look is stricter.

- Yes-or-no draws (`wilson`, and every majority): the z of all looks is the least one at which the interval that a run ends
  with covers every true share at the promised level. This is not simulated: all runs of a plan are counted by dynamic
  programming, and the coverage is computed at both sides of every end of an interval, where it is least.
- `bootstrap`: its alpha is found in the same way. Yes-or-no draws scatter the most among all draws with a given mean.
- `clt`: alpha is spent over the looks, half of it on the last one, the rest evenly (a union bound over the looks, as in
  S. J. Pocock's and P. C. O'Brien's designs of clinical trials; see D. L. DeMets and K. K. G. Lan, Statistics in Medicine
  13, 1994). Draws of which all lie at an end of the range are yes-or-no draws, whatever the method, and treated as such.
- Medians: z is such that no look at all misses half, whatever the reason to stop.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal

from textgym.graders.judges.intervals import Interval, bootstrap, normal_quantile, ranks, student, wilson

Method = Literal["wilson", "clt", "bootstrap"]

_STEP = 0.02
_LARGEST_Z = 12.0
_EDGE = 1e-9
_GRID = 201
_HALVINGS = 6


@dataclass(frozen=True)
class Plan:
    """How many draws are made, and what ends them before the last. Draws lie between 0 and 1.

    Attributes:
        n_min: draws before the first look.
        n_max: draws after which it ends in any case.
        halfwidth: it ends when half the interval's width is at most this.
        threshold: it ends when the interval does not hold this; None for no such end.
        confidence: how often the interval that it ends with holds the truth.
        method: how the interval of a mean is made.
    """

    n_min: int
    n_max: int
    halfwidth: float
    threshold: float | None
    confidence: float
    method: Method

    def of_mean(self, values: Sequence[float]) -> Interval:
        """The interval of the mean after these draws."""
        n = len(values)
        if self.method == "bootstrap":
            return bootstrap(values, _alpha(self))
        if self.method == "wilson" or all(value in (0.0, 1.0) for value in values):
            return wilson(math.fsum(values), n, _z(self))
        return student(values, self._spent(n))

    def of_median(self, values: Sequence[float]) -> Interval:
        """The interval of the median after these draws, whatever the method."""
        return ranks(values, _median_z(self.n_min, self.n_max, self.confidence))

    def of_share(self, votes: Sequence[float]) -> Interval:
        """The interval of the share of ones among zeros and ones, whatever the method."""
        return wilson(math.fsum(votes), len(votes), _z(self))

    def ends(self, n: int, interval: Interval) -> bool:
        """Whether to stop after `n` draws with this interval."""
        low, high = interval
        if n >= self.n_max:
            return True
        decided = self.threshold is not None and not low <= self.threshold <= high
        return n >= self.n_min and (decided or (high - low) / 2.0 <= self.halfwidth)

    def _spent(self, n: int) -> float:
        """The alpha of the look after `n` draws."""
        alpha, looks_before = 1.0 - self.confidence, self.n_max - self.n_min
        if looks_before == 0:
            return alpha
        return alpha / 2.0 if n >= self.n_max else alpha / 2.0 / looks_before


def least_coverage(plan: Plan, interval_of: Callable[[int, int], Interval]) -> float:
    """How often the interval at the end holds the true share of yes, for the share where it does so least.

    Args:
        plan: when it ends.
        interval_of: the interval after `k` yes among `n` draws.
    """
    import numpy as np

    runs = _runs(plan, interval_of)
    n, hits = (np.array([run[place] for run in runs]) for place in (0, 1))
    low, high = (np.array([run[3][end] for run in runs]) for end in (0, 1))
    log_count = np.array([math.log(run[2]) for run in runs])
    ends = np.unique(np.concatenate([low, high]))
    grid = np.linspace(0.0, 1.0, _GRID)
    shares = np.unique(np.concatenate([grid, ends - _EDGE, ends + _EDGE]))
    shares = shares[(shares > 0.0) & (shares < 1.0)][:, None]
    chance = np.exp(log_count + hits * np.log(shares) + (n - hits) * np.log1p(-shares))
    return float((chance * ((low <= shares) & (shares <= high))).sum(axis=1).min())


def _runs(plan: Plan, interval_of: Callable[[int, int], Interval]) -> list[tuple[int, int, int, Interval]]:
    """All ways to end: draws, yes among them, how many orders of draws lead there, and the interval."""
    ended: list[tuple[int, int, int, Interval]] = []
    alive = {0: 1}
    for n in range(1, plan.n_max + 1):
        reached: dict[int, int] = {}
        for hits, count in alive.items():
            reached[hits] = reached.get(hits, 0) + count
            reached[hits + 1] = reached.get(hits + 1, 0) + count
        alive = {}
        for hits, count in reached.items():
            interval = interval_of(hits, n)
            if plan.ends(n, interval):
                ended.append((n, hits, count, interval))
            else:
                alive[hits] = count
    return ended


@lru_cache(maxsize=256)
def _z(plan: Plan) -> float:
    """The z of all looks at yes-or-no draws."""
    z = normal_quantile(plan.confidence)
    while z < _LARGEST_Z and least_coverage(plan, partial(wilson, z=z)) < plan.confidence:
        z += _STEP
    return z


@lru_cache(maxsize=256)
def _alpha(plan: Plan) -> float:
    """The alpha of all looks by the bootstrap: one that was found to do, near the greatest."""

    def does(alpha: float) -> bool:
        return least_coverage(plan, partial(_exact, alpha=alpha)) >= plan.confidence

    high = 1.0 - plan.confidence
    if does(high):
        return high
    low = high / (plan.n_max - plan.n_min + 1)  # by the union bound it always does
    for _ in range(_HALVINGS):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if does(middle) else (low, middle)
    return low


def _exact(hits: int, n: int, alpha: float) -> Interval:
    return bootstrap([1.0] * hits + [0.0] * (n - hits), alpha)


@lru_cache(maxsize=256)
def _median_z(n_min: int, n_max: int, confidence: float) -> float:
    """The z at which the chance that any look leaves out a half, where the truth is a half, is small enough."""
    z = normal_quantile(confidence)
    while z < _LARGEST_Z and _ever_missed(n_min, n_max, z) > 1.0 - confidence:
        z += _STEP
    return z


def _ever_missed(n_min: int, n_max: int, z: float) -> float:
    alive, missed = {0: 1.0}, 0.0
    for n in range(1, n_max + 1):
        reached: dict[int, float] = {}
        for hits, chance in alive.items():
            reached[hits] = reached.get(hits, 0.0) + chance / 2.0
            reached[hits + 1] = reached.get(hits + 1, 0.0) + chance / 2.0
        alive = {}
        for hits, chance in reached.items():
            low, high = wilson(hits, n, z)
            if n >= n_min and not low <= 0.5 <= high:
                missed += chance
            else:
                alive[hits] = chance
    return missed
