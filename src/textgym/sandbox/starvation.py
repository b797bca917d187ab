"""Telling a program that waited from one that the machine kept waiting.

Both run out of wall-clock time with hardly any CPU time used. The first has failed, and must not be able to have its verdict
put off; of the second nothing is known. A call that ended so is made once more, and a small program of ours that only
computes, run before and after that, tells what a program gets of the machine. On a busy one the second run has as much
longer as it gets less, so that its CPU time decides. No program of the call is there any more while ours runs, so that none
can make the machine look busy.
"""

from collections.abc import Sequence
from dataclasses import replace
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

_QUIET = 0.8
"""What a program gets, at the least, of a machine that is not busy: the clocks of a run that computes all the time differ."""

_LONGEST = 8
"""How many times longer a second run may take than a first, within the hour that any limit may be."""
_MOST_S = 3600.0

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

    A call that ran out of wall-clock time before it had used up its CPU time is made once more, with more wall-clock time if
    the machine is busy, and what comes of that stands: a program that sleeps has its `timeout`.

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
    longer = [_stretched(calls[number], share) for number in late]
    again = await sandbox.arun_many(longer)
    for number, result in zip(late, again, strict=True):
        results[number] = result
    waited = [(call, result) for call, result in zip(longer, again, strict=True) if _waited(call, result)]
    if waited:
        share = min(share, await _share(sandbox))
    if any(_was_starved(call.limits, result, share) for call, result in waited):
        raise InfraError("the machine is too busy: a program had no time to run, twice")
    return results


def _waited(call: Call, result: RunResult) -> bool:
    """Whether it ran out of wall-clock time and might have used more CPU time."""
    return result.status == "timeout" and result.cpu_s < _QUIET * min(call.limits.cpu_s, call.limits.wall_s)


def _stretched(call: Call, share: float) -> Call:
    """The call with as much longer as a program gets less of the machine, and half of that on top: its load varies."""
    if share >= _QUIET:
        return call
    wall_s = min(_MOST_S, call.limits.wall_s * min(_LONGEST, 1.5 / max(share, 0.01)))
    return replace(call, limits=call.limits.model_copy(update={"wall_s": max(call.limits.wall_s, wall_s)}))


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
