"""Runs named tests of a tree once, and reports each of their phases as it ends, over a channel of its own.

The package under test runs in this process and can forge what is reported here. So a report is evidence and no proof:
the host demands every test exactly once, tests that must fail among them, and compares values in another process.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest
from textgym_entering import enter  # type: ignore[import-not-found]  # the sandbox has it loaded

ORDER: dict[str, Any] = {}

HOME = os.getcwd()
ROOT = os.path.join(HOME, ORDER["root"])


class Reporter:
    """A plugin that lets the named tests run, and reports them."""

    def __init__(self, channel: int, order: dict[str, Any]) -> None:
        self._channel = channel
        self._nonce = order["nonce"]
        self._wanted = {name: number for number, name in enumerate(order["tests"])}
        self._sequence = 0
        self._dumps, self._write = json.dumps, os.write  # as they are before anybody else could change them

    def _say(self, *words: Any) -> None:
        line = self._dumps([self._nonce, self._sequence, *words]) + "\n"
        self._sequence += 1
        self._write(self._channel, line.encode())

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave only what is named, each once."""
        kept = [item for item in items if item.nodeid in self._wanted]
        dropped = [item for item in items if item.nodeid not in self._wanted]
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = kept

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test is over."""
        outcome: str = report.outcome
        if getattr(report, "wasxfail", None) is not None:
            outcome = "xfail" if outcome == "skipped" else "xpass"
        if hasattr(report, "context"):  # a part of a test: of those only a failure counts
            if outcome == "passed":
                return
            outcome = "failed"
        self._say(self._wanted.get(report.nodeid, -1), report.when, outcome)

    def finish(self, code: int) -> None:
        """All tests are over."""
        self._say("end", code, self._sequence)


def main() -> None:
    """Run them, and end without the package's exit handlers."""
    channel = enter(ORDER["root"], ORDER["search_path"])
    sys.argv[:] = ["pytest"]
    import _pytest.runner

    # No test is told its name.
    _pytest.runner._update_current_test_var = lambda item, when: None
    reporter = Reporter(channel, ORDER)
    arguments = ORDER["arguments"]
    ORDER.clear()
    code = int(pytest.main(arguments, plugins=[reporter]))
    reporter.finish(code)
    os._exit(0)


main()
