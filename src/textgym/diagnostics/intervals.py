"""Confidence intervals of a mean reward."""

import math
from collections.abc import Sequence

from textgym.diagnostics.report import MeanReward

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the standard normal distribution."""


def wilson(hits: int, trials: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a proportion (E. B. Wilson, JASA 22, 1927); (0, 1) without trials."""
    if trials == 0:
        return 0.0, 1.0
    share = hits / trials
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    middle = share + z * z / (2 * trials)
    scale = 1 + z * z / trials
    # At the ends the formula gives 0 and 1 but for the last bits.
    low = 0.0 if hits == 0 else (middle - spread) / scale
    return low, 1.0 if hits == trials else (middle + spread) / scale


def mean_reward(rewards: Sequence[float]) -> MeanReward:
    """Mean and interval: Wilson's where every reward is 0 or 1, else the normal approximation.

    Raises:
        ValueError: there are no rewards.
    """
    if not rewards:
        raise ValueError("no rewards to average")
    count = len(rewards)
    mean = math.fsum(rewards) / count
    if all(reward in (0.0, 1.0) for reward in rewards):
        low, high = wilson(sum(reward == 1.0 for reward in rewards), count)
    else:
        variance = math.fsum((reward - mean) ** 2 for reward in rewards) / max(1, count - 1)
        half = Z95 * math.sqrt(variance / count)
        low, high = mean - half, mean + half
    return MeanReward(mean=mean, low=low, high=high, episodes=count)
