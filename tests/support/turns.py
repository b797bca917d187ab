"""Turns made by hand, for policies that are asked without a runner."""

from typing import Any

from textgym import Turn


def turn(*history: str, **fields: Any) -> Turn:
    """A turn whose history is given as observation, action, observation, ..."""
    history = history or ("What is 6 * 7?",)
    known: dict[str, Any] = {"episode_id": "run-1/0/0", "task_id": "Sum-v0/train/0", "key": b"key"}
    return Turn(observation=history[-1], index=len(history) // 2, history=history, **(known | fields))
