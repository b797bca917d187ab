"""Stdout kept for one JSON value: whatever else is written there during a command goes to stderr."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TextIO

_REAL = 1
_kept: int | TextIO | None = None
"""Where the result goes: the real stdout, or the stream in its place; None where nothing was put aside."""

_ours = False
"""Whether this process has put its real stdout aside."""


@contextmanager
def kept_for_json() -> Iterator[None]:
    """Put stdout aside for `write_result`, for this process, what C code writes, and the processes that it starts.

    Where `sys.stdout` is not the real one, only that stream is put aside.
    """
    global _kept, _ours
    before = _kept
    if not _is_real(sys.stdout):
        _kept = sys.stdout
        try:
            with redirect_stdout(sys.stderr):
                yield
        finally:
            _kept = before
        return
    sys.stdout.flush()
    aside = os.dup(_REAL)
    _send_to_stderr()
    _kept, _ours = aside, True
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            sys.stdout.flush()  # to stderr, as it was meant
        _kept = before
        os.dup2(aside, _REAL)
        os.close(aside)


def write_result(text: str) -> None:
    """Write the result of a command to stdout, also where that was put aside.

    Raises:
        BrokenPipeError: nobody reads it any more.
    """
    if isinstance(_kept, int):
        rest = memoryview(text.encode("ascii"))
        while rest:
            rest = rest[os.write(_kept, rest) :]
    else:
        (_kept or sys.stdout).write(text)


def let_go() -> None:
    """Keep what is written while Python shuts down from following the result, if there was one."""
    if _ours:
        _send_to_stderr()


def _is_real(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.fileno() == _REAL
    except (OSError, ValueError, AttributeError):
        return False


def _send_to_stderr() -> None:
    try:
        os.dup2(2, _REAL)
    except OSError:  # there is no stderr
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, _REAL)
        os.close(nowhere)
