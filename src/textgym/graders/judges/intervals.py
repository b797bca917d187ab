"""Confidence intervals from few draws that lie between 0 and 1. Bounds only; when to stop drawing is `stopping`'s affair.

Three kinds, each with its own idea of what a draw may be:

- `wilson`: draws are yes or no;
- `bootstrap`: draws are anything between 0 and 1, and the interval takes into account that the rest of the range may hold
  values that have not been seen yet;
- `student`: draws scatter about their mean roughly like a normal distribution.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist

Interval = tuple[float, float]

LEAST_SPREAD = 0.05
"""The least standard deviation that `student` believes in: a few equal draws do not prove that all draws are equal."""

_HALVINGS = 40


def normal_quantile(level: float) -> float:
    """z of a two-sided normal interval at this confidence level, such as 1.96 for 0.95."""
    return NormalDist().inv_cdf((1.0 + level) / 2.0)


def wilson(total: float, n: int, z: float) -> Interval:
    """Wilson's score interval with continuity correction, of `total` successes in `n` trials.

    R. G. Newcombe, Statistics in Medicine 17 (1998), method 4. Without the correction the interval misses proportions
    near 0 and 1 far too often at the sizes that matter here.
    """
    share = total / n
    middle, scale = 2.0 * total + z * z, 2.0 * (n + z * z)
    below = z * z - 2.0 - 1.0 / n + 4.0 * share * (n - total + 1.0)
    above = z * z + 2.0 - 1.0 / n + 4.0 * share * (n - total - 1.0)
    low = 0.0 if total <= 0.0 else (middle - 1.0 - z * math.sqrt(max(0.0, below))) / scale
    high = 1.0 if total >= n else (middle + 1.0 + z * math.sqrt(max(0.0, above))) / scale
    return max(0.0, min(low, share)), min(1.0, max(high, share))


def bootstrap(values: Sequence[float], alpha: float) -> Interval:
    """The mean of a distribution on [0, 1], by the Bayesian bootstrap with the end of the range as one more draw.

    The upper bound is the 1 - alpha/2 quantile of the mean of the draws and 1 under weights that are uniform on the
    simplex; the lower bound is its mirror image with 0. N. Gaffke, "Three test statistics for a nonparametric one-sided
    hypothesis on the mean of a nonnegative variable", Math. Methods of Statistics 14 (2005); the bootstrap itself is D. B.
    Rubin's (Annals of Statistics 9, 1981). For yes-or-no draws it is the exact interval of Clopper and Pearson. That it
    holds its level for every other distribution is a conjecture without a known counter-example.
    """
    down = tuple(sorted(round(1.0 - value, 12) for value in values))
    up = tuple(sorted(round(value, 12) for value in values))
    return 1.0 - _upper_bound(down, alpha / 2.0), _upper_bound(up, alpha / 2.0)


@lru_cache(maxsize=65_536)
def _upper_bound(values: tuple[float, ...], alpha: float) -> float:
    if values[0] >= 1.0:
        return 1.0
    low, high = values[0], 1.0
    points = (*values, 1.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if _mean_below(points, middle) < 1.0 - alpha:
            low = middle
        else:
            high = middle
    return high


def _mean_below(points: Sequence[float], level: float) -> float:
    """Probability that the mean of `points` under weights uniform on the simplex is at most `level`.

    The part of a simplex on one side of a plane: G. Varsi, "The multidimensional content of the frustum of the simplex",
    Pacific J. Math. 46 (1973). All terms are positive, so nothing cancels.
    """
    above = [point - level for point in points if point > level]
    content = [1.0] + [0.0] * len(above)
    for point in points:
        if point <= level:
            for place, over in enumerate(above, 1):
                under = point - level
                content[place] = (over * content[place] - under * content[place - 1]) / (over - under)
    return content[-1]


def student(values: Sequence[float], alpha: float) -> Interval:
    """Student's interval of a mean, cut to [0, 1], with a spread of at least `LEAST_SPREAD`."""
    n = len(values)
    mean = math.fsum(values) / n
    half = student_quantile(1.0 - alpha / 2.0, n - 1) * max(deviation(values), LEAST_SPREAD) / math.sqrt(n)
    return max(0.0, mean - half), min(1.0, mean + half)


def deviation(values: Sequence[float]) -> float:
    """The sample's standard deviation, with n - 1; 0 for a single value."""
    n = len(values)
    if n < 2:
        return 0.0
    mean = math.fsum(values) / n
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1))


def ranks(values: Sequence[float], z: float) -> Interval:
    """The median, by the draws between which Wilson's interval still allows half of all draws to lie below it."""
    ordered = sorted(values)
    n = len(ordered)
    cut = 0  # draws that may be left out on either side
    while cut < n and wilson(cut, n, z)[1] < 0.5:
        cut += 1
    return (ordered[cut - 1], ordered[n - cut]) if cut else (0.0, 1.0)


@lru_cache(maxsize=4_096)
def student_quantile(level: float, freedom: int) -> float:
    """The quantile of Student's t at `level` > 0.5 with a whole number of degrees of freedom."""
    low, high = 0.0, math.pi / 2.0  # of the angle whose tangent is t over the root of the degrees of freedom
    for _ in range(60):
        middle = (low + high) / 2.0
        if (1.0 + _central(middle, freedom)) / 2.0 < level:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan(high)


def _central(angle: float, freedom: int) -> float:
    """P(|t| <= sqrt(freedom) tan(angle)): Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for power in range(1 + odd, freedom, 2):
        total += term
        term *= square * power / (power + 1.0)
    if not odd:
        return sine * total
    return 2.0 / math.pi * (angle + sine * total)
