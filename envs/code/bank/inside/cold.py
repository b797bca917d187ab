"""Mode `cold`: writes each mutant into the tree and runs tests in a process that never saw the package."""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

import pytest

from .plugins import Reports, Selection
from .reporting import Tell, cpu_of, limited, say
from .suite import arguments
from .tree import changed


def run(order: dict[str, Any]) -> None:
    """Carry out the order. The first job is the untouched package, and leaves its compiled files to the others."""
    for job in order["jobs"]:
        with changed(job["changes"]):
            _attempt(order, job)


def _attempt(order: dict[str, Any], job: dict[str, Any]) -> None:
    selected = [order["ids"][number] for number in job["tests"]]
    outcomes: dict[str, str] = {}

    def tell(value: Any) -> None:
        if value[0] == "end":
            outcomes[value[1]] = value[2]

    def work(report: Tell) -> None:
        sys.dont_write_bytecode = bool(job["changes"])
        plugins = [Reports(report), Selection(selected, order["seed"])]
        pytest.main(arguments(order, job["files"]), plugins=plugins)

    began = time.monotonic()
    before = cpu_of(resource.RUSAGE_CHILDREN)
    how = limited(work, job["cpu_s"], tell)
    failing = [number for number, name in zip(job["tests"], selected) if outcomes.get(name) != "passed"]  # noqa: B905
    spent = cpu_of(resource.RUSAGE_CHILDREN) - before
    say(["job", job["id"], how, failing, spent, time.monotonic() - began])
