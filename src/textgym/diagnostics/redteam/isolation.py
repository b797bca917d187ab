"""Cheats against other people's environments, in a process that can be killed.

What is said here makes parsers backtrack and numbers explode. An environment that was not written for that may hang in the
middle of a C function, which no signal interrupts, or take all memory.
"""

import multiprocessing
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from multiprocessing.connection import Connection

from textgym.diagnostics.redteam.arena import Arena
from textgym.diagnostics.redteam.cheat import Cheat
from textgym.diagnostics.redteam.deadline import Deadline
from textgym.diagnostics.redteam.playing import CRASHED, HUNG, Plan, Played, Series, drive, play_cheat

_MEMORY = 8 << 30
"""Bytes of address space that an isolated environment may take."""
_LAST_WISH = 5.0


def play_apart(arena: Arena, cheat: Cheat, plan: Plan, patience: float, deadline: Deadline) -> Series:
    """`play_cheat` in a process of its own, which is killed after `patience` seconds, or when the time is up.

    Raises:
        RuntimeError: it could not be played, for a reason that is not the cheat's doing.
    """
    left = deadline.left
    if left == 0.0:
        return Series()
    context = multiprocessing.get_context("fork")  # the arena is inherited: other people's objects need not pickle
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_play, args=(theirs, arena, cheat, plan), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(patience if left is None else min(patience, left)):
            if left is not None and left < patience:
                return Series(begun=True)
            return _ended(HUNG, cheat, f"no answer within {patience:g} s")
        answer: list[Played] | str = ours.recv()
        if isinstance(answer, str):
            raise RuntimeError(f"{arena.name}, {cheat.name}: {answer}")
        return Series(answer, complete=True)
    except EOFError:
        process.join(_LAST_WISH)
        return _ended(CRASHED, cheat, f"the process died ({process.exitcode})")
    finally:
        ours.close()
        process.kill()
        process.join()


def _ended(status: str, cheat: Cheat, error: str) -> Series:
    return Series([Played(status=status, history=["", cheat.name, ""], error=error)], complete=True)


@contextmanager
def quiet(arena: Arena) -> Iterator[None]:
    """What an isolated environment prints goes nowhere: stdout is for the report."""
    if not arena.isolated:
        yield
        return
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield


def _play(channel: Connection, arena: Arena, cheat: Cheat, plan: Plan) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    bound = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (bound, most))
    try:
        with quiet(arena):
            series = Series()
            drive(arena, play_cheat(arena, cheat, plan, series, Deadline()))
        channel.send(series.episodes)
    except Exception as error:  # not the environment's: what that raises in a step is part of what was played
        channel.send(f"{type(error).__name__}: {error}")
    channel.close()
