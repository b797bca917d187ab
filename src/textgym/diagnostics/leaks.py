"""The search for a task's secret in what a policy, or a log that a policy may read, is shown.

**What is searched.** Every number and text in `Task.secret` is a *needle*, and so is every list of at least four values,
in the usual ways of writing a list. Every surface (observations, infos, `repr`, error texts, what a policy is given) is
turned into text and searched for the needles of its own task.

**How chance is told from a leak.** A needle may occur by chance: the answer 7 in a prompt that contains a 7. So the same
surfaces are searched for the needles of *another* task as well. A leak shows as a difference between the two rates, and
how large it must be depends on how long the needle is: one hit of a long needle is enough, a needle of up to three
characters must be there in nearly every task. Needles that are the same in all tasks are no secret and are left out.

**What this cannot see.** A short secret that is shown in some tasks only; a secret that is rephrased, encoded, or shown
in parts; a leak through timing, or through which task comes next. The paired test of `textgym check` sees more where two
tasks share a prompt.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

_SEQUENCE = 4
"""Fewest values of a list that make it a needle as a whole."""
_LONG, _MEDIUM = 8, 4
_MOST_PATHS = 200


@dataclass(frozen=True)
class Leak:
    """A needle that is shown more often than chance allows.

    Attributes:
        path: where in `Task.secret` it is.
        surface: where it was found.
        hits: tasks in which it was found.
        chance: tasks in which the needle of another task was found.
        tasks: tasks that were searched.
        example: one needle that was found, with what surrounds it.
    """

    path: str
    surface: str
    hits: int
    chance: int
    tasks: int
    example: str

    def __str__(self) -> str:
        return (
            f"secret{self.path} is in the {self.surface} of {self.hits} of {self.tasks} tasks "
            f"(another task's in {self.chance}): {self.example}"
        )


Needles = dict[str, tuple[str, ...]]
"""Ways of writing each part of a secret, by its path."""


def needles(secret: Any) -> Needles:
    """The needles of one secret, at most 200 paths."""
    found: Needles = {}
    for path, forms in _needles("", secret, inside_list=False):
        if len(found) >= _MOST_PATHS:
            break
        found.setdefault(path, forms)
    return found


def _needles(path: str, value: Any, *, inside_list: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _needles(f"{path}[{key!r}]", item, inside_list=inside_list)
    elif isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=repr) if isinstance(value, set | frozenset) else list(value)
        if not inside_list and len(leaves := list(_leaves(items))) >= _SEQUENCE:
            yield path, _written(items, leaves)
        for number, item in enumerate(items):
            yield from _needles(f"{path}[{number}]", item, inside_list=True)
    elif isinstance(value, str):
        text = value.strip()
        if text and (not inside_list or len(text) >= _MEDIUM):
            yield path, (text,)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = repr(value)
        if not inside_list or len(text) >= _MEDIUM:
            yield path, (text, f"{value:,}") if isinstance(value, int) and abs(value) >= 1000 else (text,)


def _leaves(value: Any) -> Iterator[str]:
    for item in value:
        if isinstance(item, list | tuple):
            yield from _leaves(item)
        else:
            yield str(item)


def _written(items: list[Any], leaves: list[str]) -> tuple[str, ...]:
    rows = [item for item in items if isinstance(item, list | tuple)]
    forms = [str(items), " ".join(leaves), ", ".join(leaves), ",".join(leaves), "".join(leaves), "\n".join(leaves)]
    if rows and len(rows) == len(items):
        forms += ["\n".join(separator.join(map(str, row)) for row in rows) for separator in (" ", "", ", ")]
    with contextlib.suppress(TypeError, ValueError):
        forms.append(json.dumps(items, separators=(",", ":")))
    return tuple(dict.fromkeys(form for form in forms if len(form) >= _MEDIUM))


@lru_cache(maxsize=4096)
def _pattern(needle: str) -> re.Pattern[str]:
    """The needle as a word: no letter or digit goes on where it begins or ends with one."""
    before = r"(?<![\w.])" if needle[0].isalnum() else ""
    after = r"(?!\w|\.\d)" if needle[-1].isalnum() else ""
    return re.compile(before + re.escape(needle) + after, re.IGNORECASE)


def found_in(forms: Sequence[str], text: str) -> str | None:
    """The first of the forms that occurs in `text` as a word, with what surrounds it; None if none does."""
    for form in forms:
        match = _pattern(form).search(text)
        if match:
            start, end = max(0, match.start() - 30), match.end() + 30
            return f"{form[:60]!r} in …{text[start:end][:160]!r}…"
    return None


def find_leaks(secrets: Sequence[Any], surfaces: Sequence[Mapping[str, str]]) -> list[Leak]:
    """Search the surfaces of each task for its own needles and for those of the next task.

    Args:
        secrets: the secret of each task.
        surfaces: for each task, text by the surface's name.

    Returns:
        The leaks, at most one for each path and surface.
    """
    own = [needles(secret) for secret in secrets]
    leaks = []
    for path in dict.fromkeys(path for item in own for path in item):
        having = [number for number, item in enumerate(own) if path in item]
        values = {own[number][path] for number in having}
        if len(values) < 2 and len(having) > 1:
            continue  # the same in all tasks: nothing to give away
        for surface in dict.fromkeys(name for number in having for name in surfaces[number]):
            leak = _rates(path, surface, having, own, surfaces)
            if leak is not None:
                leaks.append(leak)
    return leaks


def _rates(
    path: str, surface: str, having: list[int], own: list[Needles], surfaces: Sequence[Mapping[str, str]]
) -> Leak | None:
    hits = chance = 0
    example, shortest = "", _LONG
    for place, number in enumerate(having):
        text = surfaces[number].get(surface, "")
        forms = own[number][path]
        found = found_in(forms, text)
        if found is not None:
            hits += 1
            example = example or found
            shortest = min(shortest, *map(len, forms))
        others = _another(place, having, own, path)
        if others is not None and found_in(others, text) is not None:
            chance += 1
    leak = Leak(path, surface, hits, chance, len(having), example)
    return leak if hits and _beyond_chance(leak, shortest) else None


def _another(place: int, having: list[int], own: list[Needles], path: str) -> tuple[str, ...] | None:
    """The needle of the next task that has a different one."""
    forms = own[having[place]][path]
    for step in range(1, len(having)):
        others = own[having[(place + step) % len(having)]][path]
        if others != forms:
            return others
    return None


def _beyond_chance(leak: Leak, shortest: int) -> bool:
    if shortest >= _LONG:
        return leak.hits > 3 * leak.chance
    if shortest >= _MEDIUM:
        return leak.hits > 3 * leak.chance and leak.hits >= max(1, leak.tasks / 10)
    return leak.tasks >= 5 and leak.hits >= 0.9 * leak.tasks and leak.hits - leak.chance >= 0.3 * leak.tasks
