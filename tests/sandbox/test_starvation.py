"""A run that the machine starved is made again and never counts; a program that sleeps has no such excuse."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence

import pytest

from support.sandboxes import BOTH
from textgym.core import InfraError
from textgym.sandbox import Call, Limits, RunResult, open_sandbox
from textgym.sandbox.starvation import _PROBE, arun_fairly

LIMITS = Limits(wall_s=20, cpu_s=5)
CALLS = [Call(source=f"print({number})", limits=LIMITS) for number in range(3)]
RIGHT = RunResult("exit", 0, stdout=b"right", wall_s=0.1, cpu_s=0.1)


def late(cpu_s: float) -> RunResult:
    return RunResult("timeout", wall_s=20, cpu_s=cpu_s)


class Machine:
    """Gives what it is told to, and a share of a processor to whoever asks how much there is."""

    def __init__(self, *given: Sequence[RunResult], shares: Sequence[float] = (1.0, 1.0)) -> None:
        self.given = list(given)
        self.shares = list(shares)
        self.asked: list[list[Call]] = []

    async def arun_many(self, calls: Sequence[Call]) -> list[RunResult]:
        if list(calls) == [_PROBE]:
            share = self.shares.pop(0)
            return [RunResult("exit" if share > 0.02 else "timeout", wall_s=0.2 / max(share, 0.001), cpu_s=0.2)]
        self.asked.append(list(calls))
        results = self.given.pop(0)
        assert len(results) == len(calls)
        return list(results)


def test_what_ended_in_time_is_run_once() -> None:
    for result in (RIGHT, RunResult("cpu", cpu_s=5), RunResult("lost"), RunResult("timeout", wall_s=20, cpu_s=10)):
        machine = Machine([RIGHT, result, RIGHT], shares=())
        assert asyncio.run(arun_fairly(machine, CALLS)) == [RIGHT, result, RIGHT]
        assert machine.asked == [CALLS]


def test_only_what_was_late_is_run_again_and_the_second_result_counts() -> None:
    again = RunResult("exit", 3)
    machine = Machine([RIGHT, late(0.01), RIGHT], [again], shares=[0.001])
    assert asyncio.run(arun_fairly(machine, CALLS)) == [RIGHT, again, RIGHT]
    assert [[call.source for call in calls] for calls in machine.asked] == [
        ["print(0)", "print(1)", "print(2)"],
        ["print(1)"],
    ]


@pytest.mark.parametrize(("share", "wall_s"), [(1.0, 20.0), (0.9, 20.0), (0.5, 60.0), (0.25, 120.0), (0.01, 160.0)])
def test_on_a_busy_machine_the_second_run_has_more_time(share: float, wall_s: float) -> None:
    """So a program that computes all the while ends by its CPU time, or with what it came to."""
    machine = Machine([late(3.9)], [RIGHT], shares=[share])
    assert asyncio.run(arun_fairly(machine, CALLS[:1])) == [RIGHT]
    assert [calls[0].limits for calls in machine.asked] == [LIMITS, LIMITS.model_copy(update={"wall_s": wall_s})]


def test_no_run_has_more_than_an_hour() -> None:
    call = Call(source="pass", limits=Limits(wall_s=1800, cpu_s=1800))
    machine = Machine([late(0.1)], [RIGHT], shares=[0.2])
    assert asyncio.run(arun_fairly(machine, [call])) == [RIGHT]
    assert machine.asked[1][0].limits.wall_s == 3600


@pytest.mark.parametrize("provider", BOTH)
def test_a_program_that_needs_its_cpu_time_has_it_beside_others(provider: str) -> None:
    """A second of CPU time, which it may take a second and a half for."""
    burns = [sys.executable, "-c", "while True: pass"]
    neighbours = [subprocess.Popen(burns, start_new_session=True) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        with open_sandbox(provider, slots=1, spares=0) as box:
            source = "import time\nwhile time.process_time() < 1: pass\nprint('done')"
            call = Call(source=source, limits=Limits(wall_s=1.5, cpu_s=2))
            (result,) = asyncio.run(arun_fairly(box, [call]))
            assert (result.status, result.stdout) == ("exit", b"done\n")
    finally:
        for neighbour in neighbours:
            neighbour.kill()
            neighbour.wait()


@pytest.mark.parametrize(
    ("shares", "cpu_s", "starved"),
    [
        ((0.01, 0.01), 0.2, True),  # it got what there was
        ((0.01, 0.9), 0.2, True),  # the load went while it ran
        ((0.9, 0.01), 0.2, True),
        ((0.015, 0.015), 0.4, True),  # the load varies
        ((0.0001, 0.0001), 0.0, True),
        ((1.0, 1.0), 0.02, False),  # it slept
        ((1.0, 1.0), 3.9, False),  # it computed for a while and slept then
        ((0.2, 0.2), 0.02, False),  # a busy machine, on which it could have had half of its CPU time
        ((0.01, 0.01), 2.6, False),  # it had half of it
        ((0.1, 0.1), 2.0, False),  # a busier machine, on which it was given the time for all of it
        ((0.015, 0.015), 0.02, False),  # the busiest, of which it did not use what there was
        ((0.015, 0.015), 2.0, True),
    ],
)
def test_a_program_that_is_late_twice_is_starved_if_the_machine_was(
    shares: tuple[float, float], cpu_s: float, starved: bool
) -> None:
    machine = Machine([late(cpu_s)], [late(cpu_s)], shares=shares)
    if starved:
        with pytest.raises(InfraError, match="too busy"):
            asyncio.run(arun_fairly(machine, CALLS[:1]))
    else:
        assert asyncio.run(arun_fairly(machine, CALLS[:1])) == [late(cpu_s)]


def test_where_not_even_a_probe_can_be_run_nothing_is_known() -> None:
    class Broken(Machine):
        async def arun_many(self, calls: Sequence[Call]) -> list[RunResult]:
            return [RunResult("lost")] if list(calls) == [_PROBE] else await super().arun_many(calls)

    with pytest.raises(InfraError):
        asyncio.run(arun_fairly(Broken([late(0.01)], [late(0.01)]), CALLS[:1]))


@pytest.mark.parametrize("provider", BOTH)
def test_a_program_that_sleeps_or_keeps_others_busy_meanwhile_has_failed(provider: str) -> None:
    burns = "import os, time\nfor _ in range(15):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)"
    with open_sandbox(provider, slots=1, spares=0) as box:
        for source in ("import time\ntime.sleep(60)", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", burns):
            call = Call(source=source, limits=Limits(wall_s=2, cpu_s=0.4))
            (result,) = asyncio.run(arun_fairly(box, [call]))
            assert result.status == "timeout"
