"""The zygote: an interpreter with the standard library loaded that forks a child for each call.

It takes five file descriptors for a call (payload, stdin, stdout, stderr, report; six with a result channel) and no data:
what a call holds never enters its heap, so no later child can find it there.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import io
import os
import socket
import struct
import sys
import types
from typing import Any

from . import confine, program, syscalls

OUTCOME = struct.Struct("!iddQ")
"""Wait status, CPU seconds, wall seconds since the fork, and largest resident set in kB."""

REFUSED = -1
"""Wait status when no child could be forked."""


def main(message: dict[str, Any]) -> None:
    """Serve forks on file descriptor 3 until it closes."""
    config = message["config"]
    confine.hide()
    channel = socket.socket(fileno=3)
    for name in message["preload"]:
        with contextlib.suppress(Exception):  # a package that this image lacks, or that cannot be loaded here
            importlib.import_module(name)
    for name, source in message["library"]:
        module = sys.modules[name] = types.ModuleType(name)
        exec(compile(source, f"<{name}>", "exec"), module.__dict__)  # noqa: S102 (the host's own)
    rules = syscalls.Filter(syscalls.build(syscalls.machine(), message["protected"]))
    _open_streams()
    sys.dont_write_bytecode = True
    del message
    gc.collect()
    gc.freeze()
    gc.enable()
    channel.send(b"ready")
    while True:
        order, fds, _, _ = socket.recv_fds(channel, 16, 8)
        if not order:
            os._exit(0)
        try:
            pid = os.fork()
        except OSError:
            pid = REFUSED
        if pid == 0:
            _become_child(channel, fds, config, rules)
        for fd in fds:
            os.close(fd)
        if pid == REFUSED:
            channel.send(OUTCOME.pack(REFUSED, 0.0, 0.0, 0))
            continue
        _, status, usage = os.wait4(pid, 0)
        channel.send(OUTCOME.pack(status, usage.ru_utime + usage.ru_stime, 0.0, usage.ru_maxrss))


def _open_streams() -> None:
    """Text streams on 0, 1, 2 as the interpreter opens them for pipes; every child inherits them unused."""
    reading, writing = os.pipe()
    os.dup2(reading, 0)
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    os.close(reading)
    os.close(writing)
    for name, fd, mode, errors in (
        ("stdin", 0, "rb", "surrogateescape"),
        ("stdout", 1, "wb", "surrogateescape"),
        ("stderr", 2, "wb", "backslashreplace"),
    ):
        stream = io.TextIOWrapper(
            open(fd, mode, closefd=False),  # noqa: SIM115 - open as long as the process
            encoding="utf-8",
            errors=errors,
            line_buffering=fd == 2,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _become_child(channel: socket.socket, fds: list[int], config: dict[str, Any], rules: syscalls.Filter) -> None:
    payload, stdin, stdout, stderr, report = fds[:5]
    # All come from SCM_RIGHTS, so all are above 3 and none is overwritten before it is copied.
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    channel.detach()
    os.close(3)
    first = 3
    if len(fds) > 5:
        os.dup2(fds[5], program.RESULT_FD)
        first = 4
    top = max(fds) + 1
    payload_high, report_high = _above(payload, top), _above(report, top + 1)
    os.closerange(first, top)
    program.start(config, payload_high, report_high, rules)


def _above(fd: int, lowest: int) -> int:
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
