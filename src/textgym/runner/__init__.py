"""Many episodes at once: `rollout`, `EpisodePool` and `TextVectorEnv`, three faces of one machinery."""

from textgym.runner.pool import EpisodePool, Ready
from textgym.runner.prefetch import PrefetchResets
from textgym.runner.rollout import arollout, rollout
from textgym.runner.scheduler import RunOptions
from textgym.runner.vector import TextVectorEnv

__all__ = ["EpisodePool", "PrefetchResets", "Ready", "RunOptions", "TextVectorEnv", "arollout", "rollout"]
