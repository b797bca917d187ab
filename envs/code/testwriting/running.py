"""Runs the reference and its mutants on a policy's tests.

All code that runs is ours; the policy's part is arguments and expected values, and these may be chosen to exhaust. So it all
runs in a sandbox, each call with a budget of traced events, which ends an endless loop at the same place every time.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from textgym.core import GraderError, InfraError
from textgym.envs.code.testwriting.suites import WrittenTest
from textgym.graders.code.box import box
from textgym.sandbox import Call, Limits
from textgym.sandbox.driver import DRIVER, encode
from textgym.sandbox.starvation import acall_fairly

LIMITS = Limits(wall_s=30, cpu_s=2, memory_mb=256, processes=4, output_kb=16, result_kb=64)
_STARVED_CPU_S = 1.0
EVENTS = 20_000
"""Calls, lines and returns that the reference may take for one test."""

_RUNNER = f"""
import json, os, sys
import {DRIVER} as driver

class Exhausted(BaseException):
    pass

left = 0

def trace(frame, event, arg):
    global left
    left -= 1
    if left < 0:
        raise Exhausted
    return trace

def outcome(function, args, budget):
    global left
    values = driver.decode(args)
    left = budget
    sys.settrace(trace)
    try:
        value = function(*values)
    except BaseException:
        value = Exhausted
    finally:
        sys.settrace(None)
    try:
        return driver.encode(value, True), budget - left
    except driver.NotPlainError:
        return None, budget - left

def load(source):
    names = {{"__name__": "program"}}
    exec(compile(source, "program", "exec", dont_inherit=True), names)
    return names[entry]

entry, events, programs, tests = json.loads(sys.stdin.buffer.read())
reference = load(programs[0])
runs = [outcome(reference, args, events) for args, _ in tests]
passes = [text == expected for (text, _), (_, expected) in zip(runs, tests)]
caught = []
if all(passes):
    budget = 1000 + 10 * max(used for _, used in runs)
    for source in programs[1:]:
        mutant = load(source)
        caught.append(any(outcome(mutant, args, budget)[0] != expected for args, expected in tests))
    for order in (tests[::-1], tests):
        passes = [outcome(reference, args, events)[0] == expected for args, expected in order]
        if not all(passes):
            caught = None
            break
os.write(int(os.environ["RESULT_FD"]), json.dumps([passes, caught]).encode())
"""


class ExhaustingError(Exception):
    """The tests need more time or memory than there is; the message may be shown."""


@dataclass(frozen=True, slots=True)
class Caught:
    """What became of a suite.

    Attributes:
        passes: for each test, whether the reference passes it.
        mutants: for each mutant, whether it fails a test; empty where the reference does not pass all.
    """

    passes: tuple[bool, ...]
    mutants: tuple[bool, ...]


async def run_suite(entry: str, reference: str, mutants: Sequence[str], tests: Sequence[WrittenTest]) -> Caught:
    """Run the reference three times, in three orders, and each mutant until it fails.

    Raises:
        ExhaustingError: time or memory ran out.
        GraderError: the reference changed its mind.
        InfraError: there is no sandbox, it was lost, or the machine was too busy.
    """
    lines = [(encode(list(test.args)), encode(test.expected, canonical=True)) for test in tests]
    stdin = json.dumps([entry, EVENTS, [reference, *mutants], lines]).encode()
    ended = await acall_fairly(await box(), Call(source=_RUNNER, stdin=stdin, limits=LIMITS, result=True))
    if ended.status in {"lost", "setup_error"}:
        raise InfraError(f"the sandbox did not run the tests: {ended.detail}")
    if ended.status == "timeout" and ended.cpu_s < _STARVED_CPU_S:
        raise InfraError("the machine was too busy to run the tests")
    if not ended.ok or not ended.result:
        raise ExhaustingError("they take too much time or memory")
    passes, caught = json.loads(ended.result)
    if caught is None:
        raise GraderError("the reference passed the tests at first and then did not")
    return Caught(tuple(passes), tuple(caught))
