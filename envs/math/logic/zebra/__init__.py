"""Zebra puzzles: `clues` (what can be said, and its words), `solver`, `generator` and the environment itself, `env`."""

from textgym.envs.math.logic.zebra.env import Zebra, ZebraConfig

__all__ = ["Zebra", "ZebraConfig"]
