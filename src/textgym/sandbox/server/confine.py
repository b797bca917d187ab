"""What takes the rights from a process for good: identity, capabilities, limits. Every step that fails raises."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Sequence
from typing import Any

_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 36, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446  # on every machine
_LANDLOCK_RULE_NET_PORT, _LANDLOCK_CONNECT_TCP = 2, 2

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.restype = ctypes.c_int
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_void_p] * 4
_libc.capset.restype = ctypes.c_int
_libc.capset.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
_libc.syscall.restype = ctypes.c_long

# Made before the fork: a child would pay for each of them anew.
_CAPABILITIES_OF_SELF = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_NO_CAPABILITY = (ctypes.c_uint32 * 6)()

_LIMITED = (
    resource.RLIMIT_CORE,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_NPROC,
    resource.RLIMIT_MEMLOCK,
    resource.RLIMIT_MSGQUEUE,
    resource.RLIMIT_CPU,
    resource.RLIMIT_AS,
)
_UNLIMITED = 1 << 62
NO_LIMITS = dict.fromkeys(("cpu_s", "memory_mb", "file_mb", "open_files", "processes"), 1 << 32)
"""Limits for `set_limits` that leave everything as it is."""

_tops: dict[int, int] = {}


def prctl(option: int, second: Any = None, third: Any = None) -> int:
    """`prctl(2)`, with arguments as wide as the kernel reads them. Raises `OSError`."""
    answer: int = _libc.prctl(option, second, third, None, None)
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")
    return answer


def hide() -> None:
    """Close this process's memory, environment and file descriptors in /proc to others."""
    prctl(_PR_SET_DUMPABLE, 0)


def show() -> None:
    """Let a process read its own /proc entries again."""
    prctl(_PR_SET_DUMPABLE, 1)


def adopt_orphans() -> None:
    """Become the parent of every orphan below."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def become(uid: int | None, gid: int) -> None:
    """Take on the slot's identity (none without `uid`) and lose every capability and the way back."""
    if uid is not None:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    if _libc.capset(ctypes.addressof(_CAPABILITIES_OF_SELF), ctypes.addressof(_NO_CAPABILITY)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"capset: {os.strerror(code)}")


def renounce() -> None:
    """Never gain a right by starting a program, neither this process nor what it will start."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def connect_only_to(ports: Sequence[int]) -> None:
    """Connect to no TCP port but these, neither this process nor what it will start; after `renounce`.

    Raises:
        OSError: the kernel has no Landlock that knows ports (Linux 6.7).
    """
    ruleset = struct.pack("=QQ", 0, _LANDLOCK_CONNECT_TCP)
    made = _landlock(_LANDLOCK_CREATE_RULESET, ruleset, len(ruleset), 0)
    try:
        for port in ports:
            rule = struct.pack("=QQ", _LANDLOCK_CONNECT_TCP, port)
            _landlock(_LANDLOCK_ADD_RULE, made, _LANDLOCK_RULE_NET_PORT, rule, 0)
        _landlock(_LANDLOCK_RESTRICT_SELF, made, 0)
    finally:
        os.close(made)


def _landlock(number: int, *arguments: Any) -> int:
    wide = [ctypes.c_long(each) if isinstance(each, int) else ctypes.c_char_p(each) for each in arguments]
    answer: int = _libc.syscall(ctypes.c_long(number), *wide)
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return answer


def remember_limits() -> None:
    """Note this process's hard limits, which its children start with."""
    for what in _LIMITED:
        top = resource.getrlimit(what)[1]
        _tops[what] = top if top != resource.RLIM_INFINITY else _UNLIMITED


def set_limits(limits: dict[str, Any]) -> None:
    """Set the resource limits of this process and of all that it will start; they cannot be raised again.

    `remember_limits` was called, here or in a process that this one was forked from.
    """
    megabyte = 1 << 20
    cpu = max(1, -int(-limits["cpu_s"] // 1))
    memory = limits["memory_mb"] * megabyte
    file = limits["file_mb"] * megabyte
    open_files, processes = limits["open_files"], limits["processes"]
    soft = (0, file, open_files, processes, 0, 0, cpu, memory)
    hard = (0, file, open_files, processes, 0, 0, cpu + 1, memory)
    for what, least, most in zip(_LIMITED, soft, hard):  # noqa: B905 (Python 3.9 has no strict)
        top = _tops[what]
        resource.setrlimit(what, (min(least, top), min(most, top)))


def first_to_go() -> None:
    """When memory runs out, the kernel is to end this process before S and Z."""
    file = os.open("/proc/self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
    os.write(file, b"1000")
    os.close(file)


def restore_signals() -> None:
    """Give the signals that Python ignores their default action, as `subprocess` does before it starts a program."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
