"""The checks, by theme. Importing this package registers them in the order in which they run."""

from textgym.diagnostics.checks import api, tasks, rewards, attacks, limits, secrets, determinism, state  # noqa: I001

__all__ = ["api", "attacks", "determinism", "limits", "rewards", "secrets", "state", "tasks"]
