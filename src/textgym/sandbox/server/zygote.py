"""The zygote: an interpreter with the standard library loaded that forks a child for each call.

A child is forked while the one before it works, and itself takes the file descriptors of its call from the supervisor (payload, stdin,
stdout, stderr, report, and the result channel if there is one): no call waits for a fork, and nothing that a call holds ever
comes near the zygote, so no later child can find it there. Until it has an order a child is as trusted as the zygote, and
has seen nothing else. The system call filter is the zygote's own, and so every child's.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import importlib
import io
import os
import select
import socket
import struct
import sys
import time
import types
from typing import Any, NoReturn

from . import confine, program, syscalls
from .outcome import OUTCOME, REFUSED

_NO_ORDER = 1
_SPENT = struct.Struct("!d")
# CPU seconds that a child had used when it took its order; that it is told at all says that it took one.


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
    network = bool(config.get("hosts"))
    filter_of_all = syscalls.Filter(syscalls.build(syscalls.machine(), message["protected"], network))
    _open_streams()
    sys.dont_write_bytecode = True
    message.clear()
    _leave_no_module()
    confine.remember_limits()
    confine.renounce()
    if config.get("ports"):
        with contextlib.suppress(OSError):  # the self-test finds out that nothing holds there
            confine.connect_only_to(config["ports"])
    filter_of_all.install()
    gc.collect()
    gc.freeze()
    gc.enable()
    channel.send(b"ready")
    _serve(channel, config)


def _serve(channel: socket.socket, config: dict[str, Any]) -> NoReturn:
    """A child after the other, until the supervisor is gone."""
    # Without a uid of its own a child that waits could not be told from what a program left behind.
    ahead = config["uid"] is not None
    child = _fork(channel, config) if ahead else None
    while True:
        if child is None:
            select.select([channel], [], [])  # whatever prevents a fork may be gone when there is an order
            child = _fork(channel, config)
            if child is None:
                _refuse(channel)
                continue
        pid, taken = child
        order = os.read(taken, _SPENT.size)
        os.close(taken)
        child = _fork(channel, config) if order and ahead else None
        _, status, usage = os.wait4(pid, 0)
        if order:
            cpu = usage.ru_utime + usage.ru_stime - _SPENT.unpack(order)[0]
            channel.send(OUTCOME.pack(status, cpu, child[0] if child else 0, usage.ru_maxrss))
        elif os.WIFEXITED(status):  # nobody is left to give an order; killed before it had one, it is no call's outcome
            os._exit(0)


def _fork(channel: socket.socket, config: dict[str, Any]) -> tuple[int, int] | None:
    """A new child: its process, and a descriptor that tells when it has taken an order, or ends with it before that."""
    taken, taking = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(taken)
        os.close(taking)
        return None
    if pid == 0:
        try:
            _become_child(channel, taking, config)
        finally:
            os._exit(_NO_ORDER)
    os.close(taking)
    return pid, taken


def _refuse(channel: socket.socket) -> None:
    order, fds, _, _ = socket.recv_fds(channel, 16, 8)
    if not order:
        os._exit(0)
    for fd in fds:
        os.close(fd)
    channel.send(OUTCOME.pack(REFUSED, 0.0, 0, 0))


def _leave_no_module() -> None:
    """Take the server's modules off the table: no program is to find them, and nothing imports them any more."""
    for name in [name for name in sys.modules if name == "server" or name.startswith("server.")]:
        del sys.modules[name]


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


def _become_child(channel: socket.socket, taking: int, config: dict[str, Any]) -> None:
    """Get ready, wait for an order, and carry it out; returns if there is none."""
    main = program.get_ready(config)
    order, fds, _, _ = socket.recv_fds(channel, 16, 8)
    if not order:
        return
    os.write(taking, _SPENT.pack(time.process_time()))
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
    program.start(config, payload_high, report_high, main)


def _above(fd: int, lowest: int) -> int:
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, lowest)
