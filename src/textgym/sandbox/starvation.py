"""Telling a program that waited from one that the machine kept waiting.

Both run out of wall-clock time with hardly any CPU time used. The first has failed, and must not be able to have its verdict
put off; of the second nothing is known. A call that ended so is made once more, and a small program of ours that only
computes, run before and after that, tells what a program gets of the machine. No program of the call is there any more
while ours runs, so that none can make the machine look busy.
"""

from collections.abc import Sequence
from typing import Protocol

from textgym.core import InfraError
from textgym.sandbox.calls import Call
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult

_PROBE = Call(
    source="import time\nwhile time.process_time() < 0.2:\n    pass\n", limits=Limits(wall_s=10, cpu_s=2, output_kb=1)
)
_SWING = 8
"""How many times less than our program a starved one may have got: the load of a machine goes up and down."""

_HARDLY_ANY_S = 0.25
"""CPU seconds within which no program can be expected to do anything."""


class ManyRunner(Protocol):
    """What runs calls, as a `Sandbox` does."""

    async def arun_many(self, calls: Sequence[Call]) -> list[RunResult]:
        """The results of several calls, in their order."""


async def acall_fairly(sandbox: ManyRunner, call: Call) -> RunResult:
    """The result of one call, as `arun_fairly` gives it."""
    (result,) = await arun_fairly(sandbox, [call])
    return result


async def arun_fairly(sandbox: ManyRunner, calls: Sequence[Call]) -> list[RunResult]:
    """The results of calls, in their order, none of which ran out of time for want of a processor.

    A call that ran out of wall-clock time while it used less than half of it is made once more, and what comes of that
    stands: a program that sleeps has its `timeout`.

    Args:
        sandbox: what runs them.
        calls: the calls. Each is one that may be made twice.

    Raises:
        InfraError: one ran out of time twice and used about what there was of a processor, which was not enough for half of
            the CPU time that it may use.
    """
    results = list(await sandbox.arun_many(calls))
    late = [number for number, call in enumerate(calls) if _waited(call, results[number])]
    if not late:
        return results
    share = await _share(sandbox)
    again = await sandbox.arun_many([calls[number] for number in late])
    for number, result in zip(late, again, strict=True):
        results[number] = result
    late = [number for number in late if _waited(calls[number], results[number])]
    if late:
        share = min(share, await _share(sandbox))
    if any(_was_starved(calls[number].limits, results[number], share) for number in late):
        raise InfraError("the machine is too busy: a program had no time to run, twice")
    return results


def _waited(call: Call, result: RunResult) -> bool:
    """Whether it ran out of wall-clock time and used less than half of it."""
    return result.status == "timeout" and result.cpu_s < call.limits.wall_s / 2


async def _share(sandbox: ManyRunner) -> float:
    """Share of a processor that a program gets, from 0 to 1; 0 where none can be run."""
    (probe,) = await sandbox.arun_many([_PROBE])
    if probe.status not in ("exit", "timeout") or probe.wall_s <= 0:
        return 0.0
    return min(1.0, probe.cpu_s / probe.wall_s)


def _was_starved(limits: Limits, result: RunResult, share: float) -> bool:
    """Whether a program that got this share could not have had half of its CPU time, and did not leave most of it unused."""
    half = min(limits.cpu_s, limits.wall_s / 2) / 2
    there_was = share * limits.wall_s
    if there_was >= half or result.cpu_s >= half:
        return False
    return there_was < _HARDLY_ANY_S or result.cpu_s >= there_was / _SWING
