"""The stored bugs of all families, as `textgym.envs.code.functions.build` found and proved them.

A file a theme, `stored/<theme>.json`: for each family its digest and, for each variant, the places in the pool of inputs that
are hidden, those set aside for examples, and the bugs as replacements in the text of the reference. References, inputs and
expected values are made anew from the families; the digest says whether they are those of the build.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from textgym.envs.code.functions.family import Family, entry_of
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.functions.pool import LIMIT, draw_pool
from textgym.envs.code.functions.themes import THEMES, families, theme_families
from textgym.sandbox import Case
from textgym.sandbox.driver import decode, encode

SHOWN = 16
"""Inputs of each variant that are set aside for examples."""
FOLDER = Path(__file__).with_name("stored")
LEVELS: tuple[tuple[str, float, float], ...] = (("hard", 0.0, 0.2), ("medium", 0.2, 0.6), ("easy", 0.6, 0.9))
"""The levels by the share of inputs on which a bug shows: above the first number, up to the second."""


Splice = tuple[int, int, str]
"""Start and end of a replacement, and what comes in."""


def spliced(source: str, splices: Sequence[Splice]) -> str:
    """The text with replacements, given from left to right."""
    for start, end, replacement in reversed(splices):
        source = source[:start] + replacement + source[end:]
    return source


@dataclass(frozen=True, slots=True)
class Bug:
    """One proven bug of one variant of a family.

    Attributes:
        level: one of `LEVELS`.
        share: share of the pool's inputs on which it gives something wrong.
        wrong: places among the inputs for examples where it does.
        operators: of the mutations, in the order of `splices`.
        splices: start, end and replacement, from left to right.
    """

    level: str
    share: float
    wrong: tuple[int, ...]
    operators: tuple[str, ...]
    splices: tuple[Splice, ...]

    def apply(self, source: str) -> str:
        """The reference's source with the bug in it."""
        return spliced(source, self.splices)

    def as_json(self) -> list[Any]:
        """The bug as JSON values."""
        splices = [[name, *splice] for name, splice in zip(self.operators, self.splices, strict=True)]
        return [self.level, round(self.share, 3), list(self.wrong), splices]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> "Bug":
        """What `as_json` gave."""
        level, share, wrong, splices = stored
        return cls(
            level,
            share,
            tuple(wrong),
            tuple(name for name, *_ in splices),
            tuple((start, end, text) for _, start, end, text in splices),
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """One variant of a family with all that an environment needs of it.

    Attributes:
        family: the family.
        variant: number of the variant.
        source: the reference, without a docstring.
        entry: the function asked for.
        hidden: cases that decide; those of a policy's code.
        shown: cases from which examples are taken; none of them is hidden.
        bugs: the stored bugs.
    """

    family: Family
    variant: int
    source: str
    entry: str
    hidden: tuple[Case, ...]
    shown: tuple[Case, ...]
    bugs: tuple[Bug, ...]


@functools.cache
def _stored(theme: str) -> dict[str, Any]:
    path = FOLDER / f"{theme}.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return loaded


@functools.cache
def _themes() -> dict[str, str]:
    return {family.name: theme for theme in THEMES for family in theme_families(theme)}


@functools.cache
def stored_families() -> tuple[str, ...]:
    """Names of the families that the bank has, in the order of the themes."""
    return tuple(name for name, theme in _themes().items() if name in _stored(theme))


def stored_record(name: str, variant: int) -> dict[str, Any]:
    """What the bank's file holds of one variant, as JSON values."""
    record: dict[str, Any] = _stored(_themes()[name])[name]["variants"][variant]
    return record


@functools.lru_cache(maxsize=4096)
def stored_bugs(name: str, variant: int) -> tuple[Bug, ...]:
    """The bugs of one variant of a stored family."""
    return tuple(Bug.from_json(one) for one in stored_record(name, variant)["bugs"])


def stored_same(name: str, variant: int) -> tuple[Splice, ...]:
    """Mutations of one variant of a stored family that change nothing."""
    return tuple((start, end, text) for start, end, text in stored_record(name, variant)["same"])


@functools.lru_cache(maxsize=1024)
def problem(name: str, variant: int) -> Problem:
    """One variant of a stored family; made once a process, in some ten milliseconds."""
    family = families()[name]
    record = stored_record(name, variant)
    source = family.reference(variant)
    entry = entry_of(source)
    pool = draw_pool(family, variant)
    program = Program(source, entry)

    def cases(places: Sequence[int]) -> tuple[Case, ...]:
        return tuple(
            Case(args=tuple(pool[place]), expected=decode(program.run(pool[place], LIMIT)[0])) for place in places
        )

    return Problem(
        family, variant, source, entry, cases(record["hidden"]), cases(record["shown"]), stored_bugs(name, variant)
    )


def digest(family: Family) -> str:
    """A hash of all that stored places and replacements refer to: the references, and their pools of inputs."""
    state = blake2b(digest_size=8)
    for variant in range(len(family.variants)):
        state.update(family.reference(variant).encode())
        state.update(encode(draw_pool(family, variant), canonical=True).encode())
    return state.hexdigest()


def stored_digest(theme: str, name: str) -> str | None:
    """The digest of a family when the bank was built; None if the bank does not have it."""
    record = _stored(theme).get(name)
    return None if record is None else str(record["digest"])


def forget() -> None:
    """Read the bank's files anew when they are next needed."""
    for cached in (_stored, _themes, stored_families, stored_bugs, problem):
        cached.cache_clear()
