"""Exact mathematics and logic: every task has an answer that a program verifies without doubt."""

from textgym.registry import Entry

ENVIRONMENTS = (
    Entry(
        id="textgym/GuessNumber-v0",
        entry_point="textgym.envs.math.guess_number:GuessNumber",
        summary='Find a hidden number from the answers "higher" and "lower".',
        domain="math",
        tags=("multi-turn", "game", "search"),
    ),
)
