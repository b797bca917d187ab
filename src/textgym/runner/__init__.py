"""Many episodes at once: `rollout`, `EpisodePool` and `TextVectorEnv`, three faces of one machinery."""

from textgym.runner.vector import TextVectorEnv

__all__ = ["TextVectorEnv"]
