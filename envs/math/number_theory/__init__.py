"""Whole numbers: divisibility, primes, remainders, digits."""

from textgym.registry import Entry

ENVIRONMENTS: tuple[Entry, ...] = ()
