"""Calls of the sandbox, beside a bare fork, a process, bubblewrap a call, `docker exec` and a container a call."""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from clocks import machine_cpu
from executions import (
    LIMITS,
    PRINT,
    UNITTEST,
    Engine,
    Work,
    bare_python,
    bubblewrapped,
    forks,
    in_sandbox,
    repeated,
)
from report import Report, Row, Spread, Target
from rounds import Rates
from sizes import Size
from textgym.sandbox import Limits, SandboxError, open_sandbox
from textgym.sandbox.conformance.forgeries import FORGERIES
from textgym.sandbox.engine import LABEL
from textgym.sandbox.owners import owner_labels
from textgym.sandbox.pool import Sandbox

_FORK, _PROCESS, _BWRAP_CALL = "bare fork", "process a call", "bubblewrap a call"
_EXEC, _FRESH = "docker exec", "container a call"
_HANGING = {
    "sleeping": "import time\ntime.sleep(60)",
    "computing": "while True:\n    pass",
    "forking": "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass",
}
_CASES = [{"args": [1, 2], "expected": 3}, {"args": [3, 4], "expected": 7}, {"args": [10, 20], "expected": 30}]


@dataclass(slots=True)
class Measured:
    """What one contender did in each round, and how long single calls took.

    Attributes:
        rates: calls a second, by wall clock and by the machine's CPU time.
        latencies: wall seconds of the calls, a list a round.
    """

    rates: Rates = field(default_factory=Rates)
    latencies: list[list[float]] = field(default_factory=list)

    def p50(self) -> list[float]:
        """Median milliseconds of a call, one value a round."""
        return [1e3 * median(calls) for calls in self.latencies]


@dataclass(frozen=True, slots=True)
class Contender:
    """Work, the source it is to run, and how often in a round."""

    work: Work
    source: str
    count: int


def run(size: Size) -> Report:
    """Whatever providers are here, and whatever of the others is."""
    report = Report("sandbox", "one call of hostile Python code, its output read")
    report.notes += [
        "CPU is that of the whole machine: engine, helpers and containers included, and whatever else ran",
        "a bare fork isolates nothing: it is the limit",
        "the whole list of attacks, twenty times over, is `pytest -m slow tests/sandbox`",
    ]
    cores = len(os.sched_getaffinity(0))
    with ExitStack() as stack:
        boxes = _boxes(report, stack, cores)
        ours = next(iter(boxes), None)
        counts = {_EXEC: size.pick(8, 4, 1), _FRESH: size.pick(3, 2, 1)}
        contenders: dict[str, Contender] = {}

        def add(name: str, work: Work, source: str = PRINT, per_caller: int = 0) -> None:
            full = per_caller or counts.get(name.split(",", maxsplit=1)[0], size.pick(60, 30, 2))
            contenders[name] = Contender(work, source, full)

        bare = stack.enter_context(forks())
        add(_FORK, bare)
        add(_PROCESS, repeated(bare_python()))
        for name, box in boxes.items():
            add(name, repeated(in_sandbox(box)))
        wrapped = bubblewrapped()
        if wrapped is None:
            report.left_out.append(f"{_BWRAP_CALL}: left out, `bwrap` is not installed or not allowed here")
        else:
            add(_BWRAP_CALL, repeated(wrapped))
        add(f"{_FORK}, unittest", bare, UNITTEST)
        add(f"{_PROCESS}, unittest", repeated(bare_python()), UNITTEST)
        if ours is not None:
            call = in_sandbox(boxes[ours])
            add(f"{ours}, unittest", repeated(call), UNITTEST)
            add(f"{ours}, {cores} callers", repeated(call, cores), per_caller=size.pick(120, 60, 4))
            add(f"{ours}, grading", repeated(_grading(boxes[ours])))
        if "docker" in boxes:
            engine = Engine(boxes["docker"].describe()["image"], stack)
            add(_EXEC, repeated(engine.execute))
            add(_FRESH, repeated(engine.fresh))
            for callers in size.pick((8, 32), (8, 32), (8,)):
                add(
                    f"docker, {callers} callers", repeated(in_sandbox(boxes["docker"]), callers), per_caller=4 * callers
                )
                add(f"{_EXEC}, {callers} callers", repeated(engine.execute, callers), per_caller=callers)
        measured = _interleaved(contenders, size.pick(9, 4, 1))
        report.rows += [one.rates.row(name, "calls/s") for name, one in measured.items()]
        report.rows += [Row(f"{name}, median", "ms", Spread.of(one.p50())) for name, one in measured.items()]
        if ours is not None:
            _speed(report, measured, ours, cores)
            _harm(report, boxes, size)
        if "docker" in boxes:
            report.targets.append(_idle_memory(boxes["docker"], engine))
    return report


def _boxes(report: Report, stack: ExitStack, cores: int) -> dict[str, Sandbox]:
    """The pools of every provider that can be used here, started."""
    boxes = {}
    for name in ("docker", "bwrap"):
        try:
            box = stack.enter_context(open_sandbox(name, slots=cores, limits=LIMITS))
            box.warm_up()
            boxes[name] = box
        except SandboxError as error:
            report.left_out.append(f"{name}: left out, {error}")
    return boxes


def _grading(box: Sandbox) -> Callable[[str], object]:
    def once(source: str) -> None:
        graded = box.grade_cases("def add(a, b):\n    return a + b\n", "add", _CASES, limits=LIMITS)
        if not graded.passed:
            raise RuntimeError(f"a right solution failed: {graded}")

    return once


def _interleaved(contenders: dict[str, Contender], rounds: int) -> dict[str, Measured]:
    """Every contender once a round; a first round is not counted."""
    measured = {name: Measured() for name in contenders}
    for number in range(rounds + 1):
        for name, one in contenders.items():
            cpu, wall = machine_cpu(), time.perf_counter()
            latencies = one.work(one.source, one.count)
            wall, cpu = time.perf_counter() - wall, machine_cpu() - cpu
            if number:
                measured[name].rates.wall.append(one.count / wall)
                measured[name].rates.cpu.append(one.count / max(cpu, 1e-9))
                measured[name].latencies.append(latencies)
    return measured


def _speed(report: Report, measured: dict[str, Measured], ours: str, cores: int) -> None:
    """The targets of speed; those for which a contender is missing are left out with it."""
    own, fork = measured[ours].p50(), measured[_FORK].p50()
    many = measured[f"{ours}, {cores} callers"]
    report.targets += [
        Target(f"milliseconds of a call of {ours}, median", Spread.of(own), "<=", 4, "wall"),
        Target(
            f"milliseconds of a call of {ours} over those of a bare fork",
            Spread.of([mine / theirs for mine, theirs in zip(own, fork, strict=True)]),
            "<=",
            4,
            "wall",
        ),
        Target(f"calls a second, {cores} callers", Spread.of(many.rates.wall), ">=", 150 * cores, "wall"),
        Target(
            f"95th percentile of a call over the median, {cores} callers",
            Spread.of([_tail(calls) for calls in many.latencies]),
            "<=",
            2,
            "wall",
        ),
    ]
    promises = [
        (ours, _PROCESS, 1.5),
        (f"{ours}, unittest", f"{_PROCESS}, unittest", 5),
        (ours, _EXEC, 10),
        *((f"docker, {callers} callers", f"{_EXEC}, {callers} callers", 10) for callers in (8, 32)),
        (ours, _FRESH, 40),
    ]
    for mine, theirs, bound in promises:
        if mine in measured and theirs in measured:
            a, b = measured[mine].rates, measured[theirs].rates
            claim = f"calls a second of {mine} over {theirs}"
            report.targets.append(Target(claim, a.over(b), ">=", bound, "cpu", a.over(b, "wall")))
    if "docker" in measured and "bwrap" in measured:
        a, b = measured["docker"].rates, measured["bwrap"].rates
        claim = "cost of a call of bwrap over docker"
        report.targets.append(Target(claim, a.over(b), "<=", 1.5, "cpu", a.over(b, "wall")))


def _tail(calls: list[float]) -> float:
    return quantiles(calls, n=20, method="inclusive")[-1] / median(calls) if len(calls) > 1 else 1.0


def _harm(report: Report, boxes: dict[str, Sandbox], size: Size) -> None:
    """How far hostile programs get beyond their time, and how many forgeries pass, over all providers."""
    wall = 1.0
    over, forged, lost = [], 0, 0
    for box in boxes.values():
        for _ in range(size.pick(3, 1, 1)):
            for source in _HANGING.values():
                began = time.perf_counter()
                result = box.run_python(source, limits=Limits(wall_s=wall, cpu_s=60))
                over.append(time.perf_counter() - began - wall)
                lost += result.status == "lost" or result.retried
        for _ in range(size.pick(20, 3, 1)):
            for forgery in FORGERIES if size.name != "smoke" else FORGERIES[:3]:
                graded = box.grade_cases(forgery.source, "add", _CASES, limits=Limits(wall_s=0.5, cpu_s=1))
                forged += graded.passed
                lost += any(run.status == "lost" or run.retried for run in graded.runs)
    report.targets += [
        Target("seconds beyond the wall limit, fork bomb included, worst", Spread.of([max(over)]), "<=", 0.5, "wall"),
        Target("forged verdicts", Spread.of([forged]), "<=", 0, "count"),
        Target("sandboxes lost", Spread.of([lost]), "<=", 0, "count"),
    ]


def _idle_memory(box: Sandbox, engine: Engine) -> Target:
    """Megabytes of an idle slot: the processes of its container, and the engine's shim beside it."""
    labels = [*(f"{key}={value}" for key, value in owner_labels().items()), f"{LABEL}.slot"]
    found = []
    for container in engine.client.containers.list(filters={"label": labels}):
        pids = [int(row[1]) for row in container.top()["Processes"]]
        found.append(sum(map(_own_mb, [*pids, _parent(int(container.attrs["State"]["Pid"]))])))
    return Target("MB of an idle slot, shim included", Spread.of(found or [float("nan")]), "<=", 30, "memory")


def _parent(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rpartition(")")[2].split()[1])


def _own_mb(pid: int) -> float:
    """Memory of a process, pages that it shares counted by their share."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        fields: dict[str, Any] = dict(line.split()[:2] for line in file.readlines()[1:])
    return float(fields["Pss:"]) / 1e3
