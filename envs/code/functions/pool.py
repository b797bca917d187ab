"""The inputs of a family: one pool a variant, the same in the bank's build and in every episode."""

from collections.abc import Sequence
from typing import Any

from textgym.core import Random, derive_key
from textgym.envs.code.functions.family import Family
from textgym.envs.code.functions.metering import Program
from textgym.sandbox.driver import encode

POOL = 300
"""Different inputs in a pool, if the family's generator has as many."""
_DRAWS = 900
LIMIT = 100_000
"""Ticks that a reference gets."""
_LEAST, _FACTOR = 1_000, 10


def draw_pool(family: Family, variant: int) -> list[list[Any]]:
    """The inputs of one variant, all different."""
    rng = Random(derive_key("inputs of a function", family.name, variant))
    found: dict[str, list[Any]] = {}
    for _ in range(_DRAWS):
        args = family.inputs(rng)
        found.setdefault(encode(args, canonical=True), args)
        if len(found) == POOL:
            break
    return list(found.values())


def read_budget(reference: Program, inputs: Sequence[list[Any]]) -> int:
    """Ticks that a mutant gets on each of these inputs: many times what the reference needs at most."""
    return _LEAST + _FACTOR * max(reference.run(args, LIMIT)[1] for args in inputs)
