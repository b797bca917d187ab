"""JSON values: equality with tolerance, paths into them, and their leaves; all in time linear in their size."""

import json
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

Path = tuple[str | int, ...]
"""Keys and places in lists; in a pattern `*` stands for any of them."""

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,9}|\*)\]")
ANY = "*"


def read_path(text: str) -> Path:
    """A path such as `items[0].price`, `items[*].price` or `prices.*`.

    Raises:
        ValueError: it is none.
    """
    steps: list[str | int] = []
    at = 0
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or (found[0].startswith(".") and not steps):
            raise ValueError(f"{text!r} is no path, such as items[0].price or items[*].price")
        steps.append(found[1] if found[1] is not None else ANY if found[2] == ANY else int(found[2]))
        at = found.end()
    if not steps:
        raise ValueError("a path is empty")
    return tuple(steps)


def at_path(value: Any, path: Path, start: int = 0, above: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place that a path leads to, and what is there."""
    if start == len(path):
        yield above, value
        return
    step = path[start]
    if isinstance(value, dict):
        keys: list[Any] = list(value) if step == ANY else [step] if step in value else []
    elif isinstance(value, list):
        keys = list(range(len(value))) if step == ANY else [step] if isinstance(step, int) and step < len(value) else []
    else:
        keys = []
    for key in keys:
        yield from at_path(value[key], path, start + 1, (*above, key))


def without(value: Any, patterns: list[Path]) -> Any:
    """A copy without what the paths lead to; in lists the places of the rest stay as they are."""
    if any(not pattern for pattern in patterns):
        return None
    if not patterns or not isinstance(value, dict | list):
        return value
    pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
    kept = []
    for key, inner in pairs:
        below = [pattern[1:] for pattern in patterns if pattern[0] in (key, ANY)]
        if () in below and isinstance(value, dict):
            continue
        kept.append((key, without(inner, below)))
    return dict(kept) if isinstance(value, dict) else [inner for _, inner in kept]


def same(left: Any, right: Any, atol: Fraction, rtol: Fraction) -> bool:
    """Whether two JSON values are equal. Numbers are, within `max(atol, rtol * abs(right))`; 1 is 1.0, and true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right or near(left, right, atol, rtol)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key], atol, rtol) for key in right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b, atol, rtol) for a, b in zip(left, right, strict=True))
    return isinstance(left, str) and isinstance(right, str) and left == right


def near(left: float, right: float, atol: Fraction, rtol: Fraction) -> bool:
    """Whether two numbers are within the tolerance, exactly."""
    if not (atol or rtol) or not (math.isfinite(left) and math.isfinite(right)):
        return False
    return abs(Fraction(left) - Fraction(right)) <= max(atol, rtol * abs(Fraction(right)))


def leaves(value: Any, ordered: bool = True) -> Iterator[tuple[str, str]]:
    """Paths and values of everything that holds nothing else, each as a text; equal texts mean equal leaves.

    Args:
        value: a JSON value.
        ordered: whether the place in a list is part of the path.
    """
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting:
        path, inner = waiting.pop()
        if isinstance(inner, dict) and inner:
            waiting += [((*path, key), inner[key]) for key in inner]
        elif isinstance(inner, list) and inner:
            waiting += [((*path, place if ordered else -1), one) for place, one in enumerate(inner)]
        else:
            yield json.dumps(path), key_of(inner)


def key_of(value: Any) -> str:
    """A text that is the same for two JSON values if and only if they are equal."""
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
