"""How often the interval of a quorum holds the truth, in simulated judges of several kinds; beside intervals without care."""

import math
from collections.abc import Callable

from report import Report, Row, Spread, Target
from sizes import Size
from textgym.core.randomness import Random, derive_key
from textgym.graders.judges.intervals import Interval, deviation, normal_quantile
from textgym.graders.judges.stopping import Method, Plan

CONFIDENCE = 0.95
ROUNDS = 5

Draw = Callable[[Random], float]


def tenths(mean: float, spread: float) -> Draw:
    """A judge on a scale of tenths whose scores scatter like a normal distribution."""
    return lambda rng: min(1.0, max(0.0, round(rng.gauss(mean, spread), 1)))


def share(chance: float) -> Draw:
    """A judge that says yes in this share of draws."""
    return lambda rng: float(rng.random() < chance)


JUDGES: dict[str, tuple[Draw, float]] = {
    "yes 50 %": (share(0.5), 0.5),
    "yes 70 %": (share(0.7), 0.7),
    "yes 90 %": (share(0.9), 0.9),
    "yes 97 %": (share(0.97), 0.97),
    "tenths, deviation 0.05": (tenths(0.5, 0.05), 0.5),
    "tenths, deviation 0.2": (tenths(0.5, 0.2), 0.5),
    "any score, all alike likely": (lambda rng: rng.random(), 0.5),
    "0.7, in a tenth of draws 0.2": (lambda rng: 0.7 if rng.random() < 0.9 else 0.2, 0.65),
}
PLANS = ((3, 9, 0.1, None), (3, 9, 0.1, 0.6), (5, 20, 0.15, 0.6))
"""Least and most draws, half-width, threshold."""
METHODS: tuple[Method, ...] = ("wilson", "clt", "bootstrap")
CARELESS = "normal interval, looks not counted"


def run(size: Size) -> Report:
    """Every method meets every kind of judge under every plan; a round is a fresh set of runs.

    A coverage is that of the plan in which it is least; draws are the mean over the plans.
    """
    runs = size.pick(1_000, 300, 10)
    report = Report("quorum", f"coverage of {100 * CONFIDENCE:g} % intervals that draws were stopped by")
    for name in (*METHODS, CARELESS):
        least = 1.0
        for judge, (draw, truth) in JUDGES.items():
            found = [
                _coverage(name, Plan(*limits, CONFIDENCE, "clt" if name == CARELESS else name), draw, truth, runs)
                for limits in PLANS
            ]
            worst = min((shares for shares, _ in found), key=math.fsum)
            drawn = [math.fsum(counts) / len(PLANS) for counts in zip(*(counts for _, counts in found), strict=True)]
            least = min(least, math.fsum(worst) / ROUNDS)
            report.rows.append(Row(f"{name}; {judge}: coverage", "share", Spread.of(worst)))
            report.rows.append(Row(f"{name}; {judge}: draws", "mean", Spread.of(drawn)))
        if name == CARELESS:
            report.notes.append(f"{name}: the least coverage is {least:.3f}")
        else:
            claim = f"{name}: least coverage of all judges and plans"
            report.targets.append(Target(claim, Spread.of([least]), ">=", CONFIDENCE - 0.01, "count"))
    report.notes.append(f"{ROUNDS} rounds of {runs:,} runs; one standard error of a coverage is {_error(runs):.4f}")
    return report


def _coverage(name: str, plan: Plan, draw: Draw, truth: float, runs: int) -> tuple[list[float], list[float]]:
    """Coverage and mean number of draws of each round."""
    interval: Callable[[list[float]], Interval] = _careless if name == CARELESS else plan.of_mean
    shares: list[float] = []
    counts: list[float] = []
    for number in range(ROUNDS):
        rng = Random(derive_key("quorum", name, plan.n_max, str(plan.threshold), str(truth), number))
        covered = drawn = 0
        for _ in range(runs):
            values = [draw(rng) for _ in range(plan.n_min)]
            while not plan.ends(len(values), found := interval(values)):
                values.append(draw(rng))
            covered += found[0] - 1e-9 <= truth <= found[1] + 1e-9
            drawn += len(values)
        shares.append(covered / runs)
        counts.append(drawn / runs)
    return shares, counts


def _careless(values: list[float]) -> Interval:
    """What is done without thinking of the looks: mean and 1.96 standard errors."""
    mean = math.fsum(values) / len(values)
    half = normal_quantile(CONFIDENCE) * deviation(values) / math.sqrt(len(values))
    return mean - half, mean + half


def _error(runs: int) -> float:
    return math.sqrt(CONFIDENCE * (1.0 - CONFIDENCE) / (runs * ROUNDS))
