"""Sequences and their laws."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
