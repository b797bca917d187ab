"""Equations, inequalities and systems."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
