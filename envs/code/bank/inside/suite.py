"""Mode `run`: the suite once, in a drawn order; reports each test and, with `trace`, the functions that each enters."""

from __future__ import annotations

import resource
from typing import Any

import pytest

from .plugins import Reports, Selection, Trace
from .reporting import Tell, cpu_of, limited, say


def arguments(order: dict[str, Any], files: list[str]) -> list[str]:
    """Pytest's command line: no configuration but what the catalogue says that the suite needs, and no state."""
    fixed = ["-q", "--tb=native", "--no-header", "-W", "ignore"]
    return [*fixed, "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", ".", *order["pytest_args"], *files]


def run(order: dict[str, Any]) -> None:
    """Carry out the order."""
    running: list[str] = []

    def tell(value: Any) -> None:
        if value[0] == "start":
            running[:] = [value[1]]
            return
        if value[0] == "end":
            running.clear()
        say(value)

    def work(report: Tell) -> None:
        began = cpu_of(resource.RUSAGE_SELF)
        plugins: list[Any] = [Reports(report), Selection(order["wanted"], order["seed"])]
        trace = Trace(order["sources"], report) if order["trace"] else None
        if trace is not None:
            plugins.append(trace)
            trace.begin()
        code = pytest.main(arguments(order, order["tests"]), plugins=plugins)
        if trace is not None:
            trace.finish()
        report(["over", int(code), cpu_of(resource.RUSAGE_SELF) - began])

    how = limited(work, order["cpu_s"], tell)
    say(["ended", how, running[0] if running else None])
