"""Graphs, grids and moves."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
