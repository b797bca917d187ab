"""Exact mathematics and logic: every task has an answer that a program verifies without doubt."""

from textgym.envs.math import (
    algebra,
    calculus,
    certificates,
    combinatorics,
    geometry,
    graph_puzzles,
    linear_algebra,
    logic,
    number_theory,
    sequences,
    tool,
    word_problems,
)
from textgym.registry import Entry

ENVIRONMENTS = (
    Entry(
        id="textgym/GuessNumber-v0",
        entry_point="textgym.envs.math.guess_number:GuessNumber",
        summary='Find a hidden number from the answers "higher" and "lower".',
        domain="math",
        tags=("multi-turn", "game", "search"),
    ),
    Entry(
        id="textgym/Arithmetic-v0",
        entry_point="textgym.envs.math.arithmetic:Arithmetic",
        summary="Evaluate a nested arithmetic expression exactly.",
        domain="math",
        tags=("single-turn", "arithmetic"),
    ),
    Entry(
        id="textgym/Countdown-v0",
        entry_point="textgym.envs.math.countdown:Countdown",
        summary="Combine given numbers into an expression that hits a target.",
        domain="math",
        tags=("single-turn", "arithmetic", "search"),
    ),
    Entry(
        id="textgym/Sudoku-v0",
        entry_point="textgym.envs.math.sudoku:Sudoku",
        summary="Fill a Sudoku board, in one answer or move by move.",
        domain="math",
        tags=("single-turn", "multi-turn", "logic", "puzzle"),
    ),
    Entry(
        id="textgym/Mastermind-v0",
        entry_point="textgym.envs.math.mastermind:Mastermind",
        summary="Find a hidden code from the number of right and of misplaced letters.",
        domain="math",
        tags=("multi-turn", "game", "search", "logic"),
    ),
    Entry(
        id="textgym/Calculator-v0",
        entry_point="textgym.envs.math.calculator:Calculator",
        summary="Follow a chain of quantities with a calculator and a scratchpad.",
        domain="math",
        tags=("multi-turn", "tools", "arithmetic", "memory"),
    ),
    *number_theory.ENVIRONMENTS,
    *algebra.ENVIRONMENTS,
    *linear_algebra.ENVIRONMENTS,
    *calculus.ENVIRONMENTS,
    *sequences.ENVIRONMENTS,
    *combinatorics.ENVIRONMENTS,
    *geometry.ENVIRONMENTS,
    *word_problems.ENVIRONMENTS,
    *logic.ENVIRONMENTS,
    *graph_puzzles.ENVIRONMENTS,
    *certificates.ENVIRONMENTS,
    *tool.ENVIRONMENTS,
)
