"""Plugins for pytest: what is run, in which order, and what is told of it."""

from __future__ import annotations

import os
import random
import sys
import threading
import types
from typing import Any

from .reporting import Tell
from .tree import REPO, code_of, labelled, text_of


class Reports:
    """Tells how each test ended: passed in all its phases, skipped, or failed."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._phases: dict[str, list[tuple[str, str]]] = {}

    def pytest_collectreport(self, report: Any) -> None:
        """A file was collected, or not."""
        if report.failed:
            self._tell(["broken", report.nodeid, str(report.longrepr)[-1500:]])

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """A test begins."""
        self._phases[nodeid] = []
        self._tell(["start", nodeid])

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One phase of a test is over."""
        expected = getattr(report, "wasxfail", None) is not None
        self._phases.setdefault(report.nodeid, []).append((report.when, "skipped" if expected else report.outcome))

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        """A test is over."""
        phases = self._phases.pop(nodeid, [])
        outcomes = [outcome for _, outcome in phases]
        if "failed" in outcomes:
            word = "failed"
        elif "skipped" in outcomes:
            word = "skipped"
        else:
            word = "passed" if [when for when, _ in phases] == ["setup", "call", "teardown"] else "failed"
        self._tell(["end", nodeid, word])


class Selection:
    """Leaves the named tests in a drawn order, in which modules stay together; order 0 is that of the files."""

    def __init__(self, wanted: list[str] | None, order: int) -> None:
        self._wanted = None if wanted is None else set(wanted)
        self._order = order

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Choose and order."""
        if self._wanted is not None:
            items[:] = [item for item in items if item.nodeid in self._wanted]
        if not self._order:
            return
        drawn = random.Random(self._order)
        groups: dict[str, list[Any]] = {}
        for item in items:
            groups.setdefault(item.nodeid.partition("::")[0], []).append(item)
        modules = sorted(groups)
        drawn.shuffle(modules)
        for module in modules:
            drawn.shuffle(groups[module])
        items[:] = [item for module in modules for item in groups[module]]


class Count:
    """Counts failing tests, up to where there are too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._failing: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether more tests fail than are wanted."""
        return len(self._failing) > self._most

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One phase of a test is over."""
        if report.outcome != "passed":
            self._failing.add(report.nodeid)


class Trace:
    """Takes down which functions of the package run in each test, and which run outside any."""

    def __init__(self, sources: list[str], tell: Tell) -> None:
        self._tell = tell
        self._roots = tuple(os.path.join(REPO, source) for source in sources)
        self._entered: set[types.CodeType] = set()
        self._outside: set[str] = set()
        self._names: dict[types.CodeType, str] = {}
        self._files: dict[str, dict[tuple[str, int], str]] = {}

    def _enter(self, frame: types.FrameType, event: str, argument: Any) -> None:
        if event == "call":
            self._entered.add(frame.f_code)

    def begin(self) -> None:
        """Start to listen."""
        threading.setprofile(self._enter)
        sys.setprofile(self._enter)

    def pytest_runtest_logstart(self, nodeid: str, location: Any) -> None:
        """What ran since the last test belongs to none."""
        self._outside |= self._since()

    def pytest_runtest_logfinish(self, nodeid: str, location: Any) -> None:
        """A test is over; it may have ended the listening."""
        self._tell(["trace", nodeid, sorted(self._since())])
        sys.setprofile(self._enter)

    def finish(self) -> None:
        """Everything is over."""
        sys.setprofile(None)
        threading.setprofile(None)
        self._tell(["collected", sorted(self._outside | self._since())])

    def _since(self) -> set[str]:
        """The functions entered since this was last asked, as `path:label`."""
        entered, self._entered = self._entered, set()
        found = set()
        for code in entered:
            name = self._names.get(code)
            if name is None:
                name = self._names[code] = self._name(code)
            if name:
                found.add(name)
        return found

    def _name(self, code: types.CodeType) -> str:
        """`path:label` of a code object; nothing for what is no function of the package."""
        path = os.path.abspath(code.co_filename)
        if not path.startswith(self._roots) or code.co_name.startswith("<"):
            return ""
        path = os.path.relpath(path, REPO)
        if path not in self._files:
            try:
                functions = labelled(code_of(text_of(path), path))
            except (OSError, SyntaxError, ValueError):
                functions = []
            self._files[path] = {(each.code.co_name, each.line): each.label for each in functions}
        label = self._files[path].get((code.co_name, code.co_firstlineno))
        return f"{path}:{label}" if label else ""
