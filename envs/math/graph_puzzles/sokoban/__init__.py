"""Sokoban: `room` (geometry, moves, text), `generator` and the environment itself, `env`."""

from textgym.envs.math.graph_puzzles.sokoban.env import Sokoban, SokobanConfig

__all__ = ["Sokoban", "SokobanConfig"]
