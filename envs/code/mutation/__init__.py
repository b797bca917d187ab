"""Mutations of Python functions as replacements in their text, so that comments and format stay as they are.

`sites` lists the mutants of a function, `find` finds one again from its names and number, `combine` puts several into one
text. An operator is a function from a place to splices; `OPERATORS` lists them all.
"""

from textgym.envs.code.mutation.functions import Function, functions
from textgym.envs.code.mutation.mutant import (
    BUGS,
    OPERATORS,
    REMOVALS,
    Mutant,
    MutationError,
    combine,
    find,
    parse,
    sites,
)

__all__ = [
    "BUGS",
    "OPERATORS",
    "REMOVALS",
    "Function",
    "Mutant",
    "MutationError",
    "combine",
    "find",
    "functions",
    "parse",
    "sites",
]
