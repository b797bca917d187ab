"""Counting and probability, in exact fractions."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
