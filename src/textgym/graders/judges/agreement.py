"""How well two raters agree, how honest probabilities are, and how sure one can be of either.

Everything here is a function of plain numbers; what is not defined (agreement where nothing varies) is None.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal, TypeVar

from textgym.core.randomness import Random, derive_key

Row = TypeVar("Row")
Value = TypeVar("Value", bound=object)
Interval = tuple[float, float]


def accuracy(one: Sequence[object], other: Sequence[object]) -> float | None:
    """The share of places at which two sequences of equal length are equal; None where they are empty."""
    _check_lengths(one, other)
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one) if one else None


def cohen_kappa(one: Sequence[object], other: Sequence[object]) -> float | None:
    """Agreement of two raters beyond chance: (p_o - p_e) / (1 - p_e), where p_e follows from each rater's own shares.

    J. Cohen, Educational and Psychological Measurement 20 (1960). None where p_e is 1: both always say the same one thing.
    """
    _check_lengths(one, other)
    n = len(one)
    if not n:
        return None
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    shares, others = Counter(one), Counter(other)
    expected = sum(count * others[value] for value, count in shares.items()) / (n * n)
    return None if expected >= 1.0 else (observed - expected) / (1.0 - expected)


def krippendorff_alpha(
    units: Sequence[Sequence[Value | None]], metric: Literal["nominal", "interval"] = "nominal"
) -> float | None:
    """Agreement of any number of raters beyond chance: 1 - D_o / D_e, with missing ratings allowed.

    K. Krippendorff, Content Analysis (4th ed., 2018), chapter 12. D_o is the mean difference of two ratings of one unit,
    D_e that of any two ratings; `nominal` differences are 0 or 1, `interval` ones squared distances.

    Args:
        units: the ratings of each unit, None for a missing one. Units with fewer than two ratings are left out.
        metric: what a difference is.

    Returns:
        alpha, at most 1; None where all ratings are equal or no unit has two.
    """
    rated = [[rating for rating in unit if rating is not None] for unit in units]
    rated = [unit for unit in rated if len(unit) >= 2]
    n = sum(map(len, rated))
    if n < 2:
        return None
    pairs = _nominal_pairs if metric == "nominal" else _interval_pairs
    expected = pairs([rating for unit in rated for rating in unit]) / (n * (n - 1))
    if expected <= 0.0:
        return None
    observed = math.fsum(pairs(unit) / (len(unit) - 1) for unit in rated) / n
    return 1.0 - observed / expected


def _nominal_pairs(ratings: Sequence[object]) -> float:
    """Ordered pairs of different ratings."""
    return float(len(ratings) ** 2 - sum(count * count for count in Counter(ratings).values()))


def _interval_pairs(ratings: Sequence[object]) -> float:
    """The sum of the squared distances of all ordered pairs; taken about the mean, so that nothing large cancels."""
    numbers = [float(rating) for rating in ratings]  # type: ignore[arg-type]
    mean = math.fsum(numbers) / len(numbers)
    return 2.0 * len(numbers) * math.fsum((number - mean) ** 2 for number in numbers)


def calibration_error(probabilities: Sequence[float], outcomes: Sequence[float], bins: int = 15) -> float | None:
    """Expected calibration error: the mean, over examples, of how far a bin's mean probability is from its mean outcome.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI (2015), with bins of equal mass as in J. Nixon et al., "Measuring
    Calibration in Deep Learning", CVPR workshops (2019). Examples of equal probability go into one bin, that of their
    middle, so that the order of the data decides nothing.

    Args:
        probabilities: of the outcome 1, from 0 to 1.
        outcomes: 0 or 1, or shares of 1.
        bins: how many; fewer where there are fewer examples.
    """
    _check_lengths(probabilities, outcomes)
    n = len(probabilities)
    if not n:
        return None
    count = min(bins, n)
    gaps = [0.0] * count
    start = 0
    for probability, group in groupby(sorted(zip(probabilities, outcomes, strict=True)), key=lambda pair: pair[0]):
        tied = [outcome for _, outcome in group]
        gaps[(2 * start + len(tied)) * count // (2 * n)] += math.fsum(probability - outcome for outcome in tied)
        start += len(tied)
    return math.fsum(map(abs, gaps)) / n


def isotonic(values: Sequence[float], labels: Sequence[float]) -> list[tuple[float, float]]:
    """The curve that never goes down and has the least squared distance to the labels, as points to draw lines between.

    Pool adjacent violators: M. Ayer et al., Annals of Mathematical Statistics 26 (1955).

    Args:
        values: where; equal ones are taken together.
        labels: what is there.

    Returns:
        Points in increasing order of the first coordinate: both ends of every level stretch.

    Raises:
        ValueError: there are none, or not as many values as labels.
    """
    _check_lengths(values, labels)
    if not values:
        raise ValueError("a curve needs at least one pair of value and label")
    blocks: list[tuple[float, float, float, int]] = []  # from, to, sum of labels, how many
    for value, group in groupby(sorted(zip(values, labels, strict=True)), key=lambda pair: pair[0]):
        tied = [label for _, label in group]
        block = (value, value, math.fsum(tied), len(tied))
        while blocks and blocks[-1][2] * block[3] >= block[2] * blocks[-1][3]:
            before = blocks.pop()
            block = (before[0], block[1], before[2] + block[2], before[3] + block[3])
        blocks.append(block)
    points: list[tuple[float, float]] = []
    for start, end, total, count in blocks:
        level = total / count
        points += [(start, level)] if start == end else [(start, level), (end, level)]
    return points


def bootstrap_intervals(
    rows: Sequence[Row],
    statistics: Mapping[str, Callable[[Sequence[Row]], float | None]],
    *,
    resamples: int = 1_000,
    confidence: float = 0.95,
    seed: int = 0,
) -> dict[str, Interval | None]:
    """Percentile intervals of statistics of rows, from rows drawn anew with replacement.

    B. Efron, Annals of Statistics 7 (1979). All statistics see the same resamples. Those in which a statistic is not
    defined are left out of its interval; where that is more than half of them, it has none.

    Args:
        rows: what is drawn; rows must be independent of one another.
        statistics: functions of rows, by name; None where they are not defined.
        resamples: how often rows are drawn.
        confidence: level of the intervals.
        seed: the same seed gives the same intervals.
    """
    if not rows:
        return dict.fromkeys(statistics)
    rng = Random(derive_key("bootstrap", seed, len(rows)))
    found: dict[str, list[float]] = {name: [] for name in statistics}
    last = len(rows) - 1
    for _ in range(resamples):
        drawn = [rows[rng.randint(0, last)] for _ in rows]
        for name, statistic in statistics.items():
            value = statistic(drawn)
            if value is not None:
                found[name].append(value)
    return {
        name: _percentiles(values, confidence) if 2 * len(values) > resamples else None
        for name, values in found.items()
    }


def _percentiles(values: list[float], confidence: float) -> Interval:
    values.sort()
    tail = (1.0 - confidence) / 2.0 * (len(values) - 1)
    return values[math.floor(tail)], values[math.ceil(len(values) - 1 - tail)]


def _check_lengths(one: Sequence[object], other: Sequence[object]) -> None:
    if len(one) != len(other):
        raise ValueError(f"{len(one)} values cannot be compared with {len(other)}")
