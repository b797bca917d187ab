"""Derivatives, integrals, limits and series."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
