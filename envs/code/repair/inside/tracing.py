"""Runs tests of a tree from which what they expect was cut out, and writes down what one function gave in each of them.

For functions whose calls cannot be made again without the tests, and for those that give away functions of their making: these
are followed too, whoever calls them. What is written down is the word of the candidate's own process. Some of what the tests
expect is still there (the values of their parameters, say), so what is seen here can only speak against a candidate.

What comes out, on the result channel: a line of JSON for each test in the order of its end, `[number, hash, hash]`; the first
hash leaves out the fine print (`structure`).
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
import threading
import time
from types import CodeType, FrameType, FunctionType, GeneratorType, MethodType
from typing import Any

import pytest
from textgym_entering import enter  # type: ignore[import-not-found]  # the sandbox has it loaded
from textgym_structure import Structure, digests  # type: ignore[import-not-found]  # the sandbox has it loaded

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
ROOT = os.path.join(HOME, ORDER["root"])
MOST_LOOKED_AT = 200
RESUMED = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


class Tracer:
    """Follows the function through the named tests; a plugin that also lets only those run."""

    def __init__(self, order: dict[str, Any], channel: int) -> None:
        self.path = os.path.join(ROOT, order["path"])
        self.qualname = order["qualname"]
        self.name = order["name"]
        self.numbers: dict[str, int] = {test: number for number, test in enumerate(order["tests"])}
        self.order, self.channel = order, channel
        self.write, self.dumps = os.write, json.dumps
        self.deadline = time.process_time() + order["seconds"]
        self.tests = tuple(os.path.join(ROOT, path) for path in order["test_files"])
        self.known = frozenset(order["known"])
        self.arity: int | None = order["arity"]
        self.parts: list[str] = []
        self.depth = 0
        self.given: dict[int, CodeType] = {}
        self.entered: dict[int, tuple[FrameType, list[Any]]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave only what is named, in the order in which it is."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.numbers), key=lambda item: self.numbers[item.nodeid]
        )

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins."""
        self.parts, self.depth, self.entered, self.given = [], 0, {}, {}
        if time.process_time() > self.deadline:
            item.session.shouldstop = "enough"  # after this test, in which nothing is followed
            return
        threading.setprofile(self)
        sys.setprofile(self)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test is over: what was seen is written down, unless it was nothing."""
        if report.when != "call":
            return
        sys.setprofile(None)
        if self.parts:
            words = [self.numbers.get(report.nodeid, -1), *digests("\n".join(self.parts))]
            line = self.dumps(words).encode() + b"\n"
            while line:
                line = line[self.write(self.channel, line) :]

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """Python's profiler calls this at every call and return."""
        code = frame.f_code
        if event not in ("call", "return"):
            return
        given = id(code) in self.given
        if not given and not (code.co_filename == self.path and self.is_meant(code)):
            return
        if len(self.parts) >= self.order["most"]:
            sys.setprofile(None)
            return
        resumed = code.co_flags & RESUMED
        if event == "call":
            self.depth += 1
            if not resumed:
                # Those that the original has; a repair may have more, with defaults.
                values, count = frame.f_locals, code.co_argcount
                names = code.co_varnames[: count if given or self.arity is None else min(count, self.arity)]
                self.entered[id(frame)] = frame, [values[name] for name in names]
        else:
            self.depth -= 1
            _, arguments = self.entered.pop(id(frame), (frame, []))
            # A function that calls itself may do so in other ways than the original; so only the outermost call counts.
            if self.depth <= 0:
                self.depth = 0
                self.follow(argument)
                if not resumed and type(argument) is GeneratorType:
                    return  # what it yields is told, be it the function's own or that of a helper
                structure = Structure(self.order["nodes"], self.order["deep"], self.known, self.order["anew"])
                self.parts.append(structure.text([argument, [] if resumed else arguments]))

    def follow(self, value: Any) -> None:
        """From now on, follow what a result holds that was made within a function of the package."""
        waiting, looked_at = [value], 0
        while waiting and looked_at < MOST_LOOKED_AT:
            one = waiting.pop()
            looked_at += 1
            kind = type(one)
            if kind in (list, tuple, set, frozenset):
                waiting.extend(list(one)[:MOST_LOOKED_AT])
            elif kind is dict:
                waiting.extend(list(one.values())[:MOST_LOOKED_AT])
            elif kind is MethodType:
                waiting.append(one.__func__)
            elif kind is functools.partial:
                waiting.extend([one.func, *one.args, *one.keywords.values()])
            elif isinstance(one, type):
                if "<" in one.__qualname__:
                    waiting.extend(member for member in vars(one).values() if type(member) is FunctionType)
            elif kind is FunctionType:
                self.follow_code(one.__code__)
            elif kind is GeneratorType:
                self.follow_code(one.gi_code)
            elif "<" in kind.__qualname__:
                waiting.append(kind)

    def follow_code(self, code: CodeType) -> None:
        """From now on, follow this code, unless it is that of a test, or has a name that anyone may call it by."""
        local = "<" in getattr(code, "co_qualname", "<") or bool(code.co_flags & RESUMED)
        if local and code.co_filename.startswith(ROOT) and code.co_filename not in self.tests:
            self.given[id(code)] = code

    def is_meant(self, code: CodeType) -> bool:
        """Whether it is the function's own code."""
        name: str | None = getattr(code, "co_qualname", None)
        if name is None:  # before Python 3.11
            return bool(code.co_name == self.name)
        return bool(name == self.qualname)


def main() -> None:
    """Run the tests."""
    channel = enter(ORDER["root"], ORDER["search_path"], ORDER["apart"])
    tracer, arguments, leave = Tracer(dict(ORDER), channel), ORDER["arguments"], os._exit
    ORDER.clear()
    pytest.main(arguments, plugins=[tracer])
    leave(0)


main()
