"""Logic and constraint puzzles with one solution, which is proven."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
