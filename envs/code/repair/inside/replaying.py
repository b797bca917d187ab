"""Calls one function of a package with recorded arguments, and writes down a hash of all that came of each call.

No test is near, and nothing that is expected: a candidate has a process of its own and can do to it whatever it likes, and
what is written down is only ever its own answer. It is given the arguments of one call at a time, since those of the next may
show what this one does to an object. What came of a call is told by the structure of the result and of the arguments
after it, read past every method of their classes, so that no object can say what it is equal to.

What comes out, on the result channel: a line of JSON for each call in order, `["value", hash, hash, note]`,
`["raised", hash, hash, ""]`, or `["unusable"]` where the arguments could not be loaded or the call took too long. The first
hash leaves out the fine print (`structure`); a call was blind after which there is a function of which nothing can be told.
"""

from __future__ import annotations

import asyncio
import ctypes
import inspect
import json
import os
import pickle
import signal
import socket
import struct
from functools import cached_property
from importlib import import_module
from typing import Any

from textgym_entering import enter  # type: ignore[import-not-found]  # the sandbox has it loaded
from textgym_structure import Structure, digest, digests, named  # type: ignore[import-not-found]  # the sandbox has it loaded

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
SIZE = struct.Struct("!I")
LONGEST = 1 << 12
NOT_DUMPABLE = 4, 0


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
    bounds = ORDER["nodes"], ORDER["deep"], frozenset(ORDER["known"]), ORDER["anew"]
    before = Structure(*bounds)
    structure = Structure(*bounds, before.nameless)
    try:
        before.text([arguments, keywords])
        value = call(found, arguments, keywords)
        text = structure.text(value, ORDER["most"]) + "\n" + structure.text([arguments, keywords])
        return ["value", *digests(text), "blind" if structure.blind else "callable" if structure.callable else ""]
    except TooSlowError:
        return ["unusable"]
    except BaseException as error:
        return ["raised", digest(named(type(error))), digest(structure.text(error)), ""]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def serve(asked: socket.socket) -> None:
    """Answer one call after another, each with arguments of its own, until there are no more."""
    lines, send = asked.makefile("rb"), asked.sendall
    dumps, unpack = json.dumps, SIZE.unpack
    signal.signal(signal.SIGPROF, stop)
    head = lines.read(SIZE.size)
    try:
        found = find(ORDER["module"], ORDER["qualname"])
    except BaseException:
        found = None
    while head:
        data = lines.read(*unpack(head))
        line = ["unusable"] if found is None else answer(found, data)
        send(dumps(line).encode() + b"\n")
        head = lines.read(SIZE.size)


def main() -> None:
    """Hand the calls on, one after another, to a process that has seen none before; then write down its answers."""
    channel = enter(ORDER["root"], ORDER["search_path"], ORDER["apart"])
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        leave = os._exit
        os.close(channel)
        ours.close()
        try:
            serve(theirs)
        finally:
            leave(0)
    theirs.close()
    ctypes.CDLL(None).prctl(*NOT_DUMPABLE)  # so that no other process can read what this one has yet to hand on
    calls = []
    for number in range(ORDER["calls"]):
        path = os.path.join(HOME, "calls", str(number))
        with open(path, "rb") as file:
            calls.append(file.read())
        os.unlink(path)
    answers = ours.makefile("rb")
    try:
        for data in calls:
            ours.sendall(SIZE.pack(len(data)) + data)
            line = answers.readline(LONGEST)
            if not line.endswith(b"\n"):
                break
            while line:
                line = line[os.write(channel, line) :]
    except OSError:
        pass  # it is gone
    os._exit(0)


main()
