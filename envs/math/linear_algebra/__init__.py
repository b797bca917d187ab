"""Matrices, vectors and the spaces that they span."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
