"""Calls one function of a package with recorded arguments, and writes down a hash of all that came of each call.

No test is near, and nothing that is expected: a candidate shares this process and can do to it whatever it likes, and what
is written down is only ever its own answer. What came of a call is told by the structure of the result and of the arguments
after it, read past every method of their classes, so that no object can say what it is equal to.

What comes out, on the result channel: a line of JSON for each call in order, `["value", hash, hash, "blind" or ""]`,
`["raised", hash, hash, ""]`, or `["unusable"]` where the arguments could not be loaded or the call took too long. The first
hash leaves out the fine print (`structure`); a call was blind after which there is a function of which nothing can be told.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import pickle
import signal
from functools import cached_property
from importlib import import_module
from typing import Any

from textgym_entering import enter  # type: ignore[import-not-found]  # the sandbox has it loaded
from textgym_structure import Structure, digest, digests, named  # type: ignore[import-not-found]  # the sandbox has it loaded

ORDER: dict[str, Any] = {}

HOME = os.getcwd()


class TooSlowError(BaseException):
    """A call took longer than it may."""


def stop(*_: Any) -> None:
    """The timer of a call ran out."""
    raise TooSlowError


def find(module: str, qualname: str) -> Any:
    """The function of that name, as what its calls' arguments are for."""
    found: Any = import_module(module)
    for part in qualname.split("."):
        if part.startswith("__") and not part.endswith("__") and isinstance(found, type):
            part = f"_{found.__name__.lstrip('_')}{part}"
        found = inspect.getattr_static(found, part)
    return found


def call(found: Any, arguments: list[Any], keywords: dict[str, Any]) -> Any:
    """Call it past the descriptor that it is in its class."""
    if isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    elif isinstance(found, property):
        found = (None, found.fget, found.fset)[len(arguments)]
    elif isinstance(found, cached_property):
        found = found.func
    value = found(*arguments, **keywords)
    return asyncio.run(value) if inspect.iscoroutine(value) else value


def answer(found: Any, data: bytes) -> list[str]:
    """What came of one call."""
    try:
        arguments, keywords = pickle.loads(data)  # noqa: S301 (in a sandbox, made in a sandbox)
    except BaseException:
        return ["unusable"]
    # In seconds of CPU time, and again and again: a candidate may swallow the first.
    signal.setitimer(signal.ITIMER_PROF, ORDER["seconds"], 0.1)
    before, structure = (
        Structure(ORDER["nodes"], ORDER["deep"], frozenset(ORDER["known"]), ORDER["anew"]) for _ in range(2)
    )
    try:
        before.text([arguments, keywords])
        value = call(found, arguments, keywords)
        text = structure.text(value, ORDER["most"]) + "\n" + structure.text([arguments, keywords])
        return ["value", *digests(text), "blind" if structure.blind > before.blind else ""]
    except TooSlowError:
        return ["unusable"]
    except BaseException as error:
        return ["raised", digest(named(type(error))), digest(structure.text(error)), ""]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> None:
    """Make all calls; each begins with arguments of its own."""
    write, dumps, leave, order = os.write, json.dumps, os._exit, dict(ORDER)
    channel = enter(order["root"], order["search_path"], order["apart"])
    calls = []
    for number in range(order["calls"]):
        with open(os.path.join(HOME, "calls", str(number)), "rb") as file:
            calls.append(file.read())
    signal.signal(signal.SIGPROF, stop)
    try:
        found = find(order["module"], order["qualname"])
        lines = [answer(found, data) for data in calls]
    except BaseException:
        lines = [["unusable"]] * len(calls)
    data = b"".join(dumps(line).encode() + b"\n" for line in lines)
    while data:
        data = data[write(channel, data) :]
    leave(0)


main()
