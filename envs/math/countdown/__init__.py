"""Countdown: `search` (the shortest solution, proven) and the environment itself, `env`."""

from textgym.envs.math.countdown.env import Countdown, CountdownConfig

__all__ = ["Countdown", "CountdownConfig"]
