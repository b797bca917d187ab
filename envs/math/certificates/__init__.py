"""Proofs as certificates: witnesses, counter-examples and factorisations that a program verifies."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
