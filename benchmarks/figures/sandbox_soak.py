"""Mixed episodes from eight threads, attacks among them: whether a sandbox grows slower while it serves."""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from clocks import open_files, resident_mb
from executions import LIMITS, PRINT, UNITTEST
from report import Report, Row, Spread, Target
from sizes import Size
from textgym.sandbox import SandboxError, open_sandbox
from textgym.sandbox.conformance import ATTACKS
from textgym.sandbox.pool import Sandbox

_THREADS = 8
_PARTS = 5
_KEPT = 25
# Connections that Docker's SDK keeps open at most, one for each address that it has asked last.
_CASES = [{"args": [1, 2], "expected": 3}, {"args": [10, 20], "expected": 30}]
_WAITING = (26, 32)
# `su` answers a wrong password after two seconds, and a network that is not there takes its time to say so.
_ATTACKS = [attack for attack in ATTACKS if attack.statuses == ("exit",) and attack.number not in _WAITING]
# Those that neither run into a limit of time nor wait: a slot that sleeps would hide what the others take.


def run(size: Size) -> Report:
    """Every provider in turn: programs, files, verdicts and attacks, shuffled, and how long the plain programs took."""
    total = size.pick(1000, 400, 16)
    report = Report("sandbox_soak", f"{total:,} mixed episodes from {_THREADS} threads, attacks among them")
    report.notes.append(
        "the machine is busy all the time: the figures compare the end with the start, and nothing else"
    )
    for name in ("docker", "bwrap"):
        try:
            with open_sandbox(name, slots=len(os.sched_getaffinity(0)), limits=LIMITS) as box:
                _soak(report, name, box, total)
        except SandboxError as error:
            report.left_out.append(f"{name}: left out, {error}")
    return report


def _soak(report: Report, name: str, box: Sandbox, total: int) -> None:
    kinds = [("print", "unittest", "grading", "attack")[number % 4] for number in range(total)]
    random.Random(0).shuffle(kinds)
    seen: Counter[str] = Counter()

    def episode(place: tuple[int, str]) -> float:
        began = time.perf_counter()
        if place[1] == "attack":
            seen["breaches"] += bool(_ATTACKS[place[0] % len(_ATTACKS)].run(box))
        elif place[1] == "grading":
            graded = box.grade_cases("def add(a, b):\n    return a + b\n", "add", _CASES, limits=LIMITS)
            seen["wrong"] += not graded.passed
        else:
            result = box.run_python(PRINT if place[1] == "print" else UNITTEST, limits=LIMITS)
            seen["wrong"] += not result.ok
            seen["lost"] += result.status == "lost" or result.retried
        return time.perf_counter() - began

    box.warm_up()
    with ThreadPoolExecutor(_THREADS) as threads:
        list(threads.map(episode, [(number, "print") for number in range(min(total, 100))]))
        memory, files = resident_mb(), open_files()
        took = list(threads.map(episode, enumerate(kinds)))
    plain = [1e3 * seconds for seconds, kind in zip(took, kinds, strict=True) if kind == "print"]
    part = max(len(plain) // _PARTS, 2)
    start, end = plain[:part], plain[-part:]
    report.rows += [
        Row(f"{name}, median at the start", "ms", Spread.of([median(start)])),
        Row(f"{name}, median at the end", "ms", Spread.of([median(end)])),
        Row(f"{name}, 95th percentile at the start", "ms", Spread.of([_p95(start)])),
        Row(f"{name}, 95th percentile at the end", "ms", Spread.of([_p95(end)])),
        Row(f"{name}, growth of memory", "MB", Spread.of([resident_mb() - memory])),
    ]
    report.targets += [
        Target(
            f"95th percentile of a call of {name} at the end over that at the start",
            Spread.of([_p95(end) / _p95(start)]),
            "<=",
            1.5,
            "wall",
        ),
        Target(f"growth of open files, {name}", Spread.of([open_files() - files]), "<=", _KEPT, "count"),
        Target(
            f"breaches, wrong results and lost sandboxes, {name}", Spread.of([sum(seen.values())]), "<=", 0, "count"
        ),
    ]


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]
