"""Changes recorded arguments of calls a little: what a function does then is asked by no test, and cannot be read off any.

Runs on a package as it was published. What is changed is one plain value: the next whole number, twice a number, a text, list or
other collection with one item less. Whether the function takes that is for the original to say.

What comes out, on the result channel: pickles like those of `recording`, each after its length.
"""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

import cloudpickle  # type: ignore[import-untyped]
from textgym_entering import enter  # type: ignore[import-not-found]  # the sandbox has it loaded

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
DEEPEST = 5
MOST = 40


def variants(value: Any, deep: int = 0) -> Iterator[Any]:
    """The values that differ from a plain one in one place."""
    kind = type(value)
    if kind is int and value > 0:
        yield value + 1
    elif kind is float and value and value - value == 0:
        yield value * 2
    elif kind in (str, bytes) and len(value) > 1:
        yield value[:-1]
    elif kind in (set, frozenset) and len(value) > 1:
        yield kind(sorted(value, key=repr)[:-1])
    elif kind in (list, tuple) and deep < DEEPEST:
        if deep > 1 and len(value) > 1:  # outside of that are the arguments themselves
            yield value[:-1]
        for place, item in enumerate(value):
            for other in variants(item, deep + 1):
                yield kind([*value[:place], other, *value[place + 1 :]])
    elif kind is dict and deep < DEEPEST:
        if deep > 1 and len(value) > 1:
            yield dict(list(value.items())[:-1])
        for key, item in value.items():
            for other in variants(item, deep + 1):
                yield {**value, key: other}


def varied(data: bytes, count: int) -> Iterator[bytes]:
    """So many variants of a call's arguments, from all over them."""
    places = sum(1 for _ in islice(variants(list(pickle.loads(data))), MOST))  # noqa: S301 (in a sandbox, made in one)
    for number in range(min(count, places)):
        place = number * places // count
        arguments, keywords = next(islice(variants(list(pickle.loads(data))), place, None))  # noqa: S301
        yield cloudpickle.dumps((arguments, keywords), protocol=4)


def all_of(data: bytes, count: int) -> list[bytes]:
    """The same; none where the arguments cannot be loaded, or not be pickled again."""
    try:
        return list(varied(data, count))
    except Exception:
        return []


def main() -> None:
    """Vary every call; what cannot be is left out."""
    order = dict(ORDER)
    channel, room = enter(order["root"], order["search_path"]), order["room"]
    for number in range(order["calls"]):
        with open(os.path.join(HOME, "calls", str(number)), "rb") as file:
            found = all_of(file.read(), order["variants"])
        for data in found:
            room -= len(data)
            if len(data) <= order["largest"] and room > 0:
                framed = struct.pack("!I", len(data)) + data
                while framed:
                    framed = framed[os.write(channel, framed) :]
    os._exit(0)


main()
