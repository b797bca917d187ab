"""Which wrong programs a suite has to catch: proven bugs of the function, all of which few tests are known to catch."""

import functools
from dataclasses import dataclass

from textgym.core import Random, Split, derive_key
from textgym.envs.code.functions.bank import Bug, problem, stored_bugs
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.functions.pool import LIMIT, read_budget
from textgym.envs.code.functions.shelf import Shelf, variants

FEWEST = 20
"""Mutants of a task at least."""
_SPARE = 4  # stored bugs beyond these, since few tests may miss some
MOST = 30
"""Mutants of a task at most."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the tests of one problem must catch.

    Attributes:
        bugs: the bugs of the mutants.
        cases: numbers of the problem's hidden cases that together catch all of them.
    """

    bugs: tuple[Bug, ...]
    cases: tuple[int, ...]


@functools.lru_cache(maxsize=16)
def challenges(split: Split, style: str) -> Shelf:
    """All problems of a split with bugs enough, under every naming and in every wording."""
    return Shelf(
        [
            (name, variant, (None,))
            for name, variant in variants(split)
            if len(stored_bugs(name, variant)) >= FEWEST + _SPARE
        ],
        style,
    )


@functools.lru_cache(maxsize=1024)
def challenge(name: str, variant: int, tests: int) -> Challenge:
    """The mutants of one problem, by turns of each level, as far as `tests` of its hidden cases catch them."""
    found = problem(name, variant)
    rng = Random(derive_key("mutants for tests", name, variant))
    levels: dict[str, list[Bug]] = {}
    for bug in rng.sample(found.bugs, len(found.bugs)):
        levels.setdefault(bug.level, []).append(bug)
    turns = sorted(
        ((turn, level, bug) for level, bugs in levels.items() for turn, bug in enumerate(bugs)), key=lambda one: one[:2]
    )
    bugs = [bug for _, _, bug in turns[: MOST + _SPARE]]
    inputs = [list(case.args) for case in found.hidden]
    reference = Program(found.source, found.entry)
    budget = read_budget(reference, inputs)
    right = [reference.run(args, LIMIT)[0] for args in inputs]
    catches = [
        [program.run(args, budget)[0] != value for args, value in zip(inputs, right, strict=True)]
        for program in (Program(bug.apply(found.source), found.entry) for bug in bugs)
    ]
    cases: list[int] = []
    left = set(range(len(bugs)))
    while left and len(cases) < tests:
        best = max(range(len(inputs)), key=lambda place: (sum(catches[number][place] for number in left), -place))
        if not any(catches[number][best] for number in left):
            break
        cases.append(best)
        left = {number for number in left if not catches[number][best]}
    return Challenge(tuple(bug for number, bug in enumerate(bugs) if number not in left)[:MOST], tuple(cases))
