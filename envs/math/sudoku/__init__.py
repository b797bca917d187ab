"""Sudoku: `board` (geometry and text), `solver`, `generator` and the environment itself, `env`."""

from textgym.envs.math.sudoku.env import Sudoku, SudokuConfig, SudokuState

__all__ = ["Sudoku", "SudokuConfig", "SudokuState"]
