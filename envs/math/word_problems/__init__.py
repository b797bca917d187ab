"""Quantities and units in words, from typed templates."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
