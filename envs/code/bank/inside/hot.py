"""Mode `hot`: collects once, then forks for each mutant, exchanges its function's code, and runs the tests that enter it."""

from __future__ import annotations

import ast
import gc
import os
import resource
import time
import types
from typing import Any

import pytest

from .plugins import Count, Reports, Selection
from .reporting import Tell, limited, say
from .suite import arguments
from .tree import REPO, code_of, labelled, spliced, text_of

_ROOM = 256 << 20

Live = dict[tuple[str, str], list[types.FunctionType]]


def run(order: dict[str, Any]) -> None:
    """Carry out the order."""
    plugins = [Selection(order["ids"], 0), _Mining(order)]
    code = pytest.main(arguments(order, order["tests"]), plugins=plugins)
    say(["over", int(code)])


class _Mining:
    """Tries mutants one after the other, in the place of pytest's own loop over tests."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._jobs = order["jobs"]
        self._ids = order["ids"]

    def pytest_runtestloop(self, session: Any) -> bool:
        """Everything is collected: find the package's functions, and try each mutant in a fork."""
        items = {item.nodeid: item for item in session.items}
        live = self._functions()
        gc.collect()
        gc.freeze()
        for job in self._jobs:
            self._attempt(job, items, live)
        return True

    def _functions(self) -> Live:
        """The functions of the mutated files that exist, by path and label."""
        places = {}
        for path in {job["path"] for job in self._jobs}:
            for each in labelled(code_of(text_of(path), path)):
                places[os.path.join(REPO, path), each.code.co_name, each.line] = (path, each.label)
        live: Live = {}
        for thing in gc.get_objects():
            if isinstance(thing, types.FunctionType):
                code = thing.__code__
                place = places.get((os.path.abspath(code.co_filename), code.co_name, code.co_firstlineno))
                if place:
                    live.setdefault(place, []).append(thing)
        return live

    def _attempt(self, job: dict[str, Any], items: dict[str, Any], live: Live) -> None:
        outcomes: dict[str, str] = {}
        running: list[str] = []
        words: list[str] = []

        def tell(value: Any) -> None:
            if value[0] == "start":
                running[:] = [value[1]]
            elif value[0] == "end":
                running.clear()
                outcomes[value[1]] = value[2]
            else:
                words.append(value[0])

        began = time.monotonic()
        how = limited(lambda report: self._work(job, items, live, report), job["cpu_s"], tell)
        names = {number: self._ids[number] for number in job["tests"]}
        failing = [
            number for number, name in names.items() if outcomes.get(name, "passed") != "passed" or name in running
        ]
        say(["job", job["id"], words[0] if words else how, failing, time.monotonic() - began])

    def _work(self, job: dict[str, Any], items: dict[str, Any], live: Live, report: Tell) -> None:
        """In the fork."""
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + _ROOM if hard < 0 else min(used + _ROOM, hard), hard))
        problem = _exchange(job, live)
        if problem:
            report([problem])
            return
        chosen = [items[self._ids[number]] for number in job["tests"] if self._ids[number] in items]
        count = Count(job["most"])
        for plugin in (Reports(report), count):
            chosen[0].config.pluginmanager.register(plugin)
        for position, item in enumerate(chosen):
            following = chosen[position + 1] if position + 1 < len(chosen) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if count.full:
                report(["many"])
                return


def _exchange(job: dict[str, Any], live: Live) -> str:
    """Put the mutant in the place of its function; a word for why that cannot be done, empty if it is done."""
    path, label = job["path"], job["label"]
    try:
        module = code_of(spliced(text_of(path), job["splices"]), path)
    except (SyntaxError, ValueError, RecursionError):
        return "no code"
    mutated = {each.label: each for each in labelled(module)}
    if label not in mutated:
        return "no code"
    done = 0
    # The code of an inner function is part of the outer one's.
    for name in (label, *mutated[label].around):
        for function in live.get((path, name), ()):
            try:
                function.__code__ = mutated[name].code
            except ValueError:  # it closes over other variables than before
                return "not live"
            done += 1
    for name, literal in job["defaults"]:
        for function in live.get((path, label), ()):
            _set_default(function, name, ast.literal_eval(literal))
    return "" if done else "not live"


def _set_default(function: types.FunctionType, name: str, value: Any) -> None:
    if function.__kwdefaults__ and name in function.__kwdefaults__:
        function.__kwdefaults__[name] = value
        return
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = list(function.__defaults__ or ())
    defaults[names.index(name) - (len(names) - len(defaults))] = value
    function.__defaults__ = tuple(defaults)
