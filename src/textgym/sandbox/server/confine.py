"""What takes the rights from a process for good: identity, capabilities, limits. Every step that fails raises."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Any

_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 36, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.restype = ctypes.c_int
_libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_void_p] * 4
_libc.capset.restype = ctypes.c_int
_libc.capset.argtypes = [ctypes.c_void_p, ctypes.c_void_p]

# Made before the fork: a child would pay for each of them anew.
_CAPABILITIES_OF_SELF = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_NO_CAPABILITY = (ctypes.c_uint32 * 6)()


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
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def set_limits(limits: dict[str, Any]) -> None:
    """Set the resource limits of this process and of all that it will start; they cannot be raised again."""
    megabyte = 1 << 20
    cpu = max(1, -int(-limits["cpu_s"] // 1))
    memory = limits["memory_mb"] * megabyte
    for what, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, limits["file_mb"] * megabyte, limits["file_mb"] * megabyte),
        (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
        (resource.RLIMIT_NPROC, limits["processes"], limits["processes"]),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_AS, memory, memory),
    ):
        top = resource.getrlimit(what)[1]
        if top != resource.RLIM_INFINITY:
            soft, hard = min(soft, top), min(hard, top)
        resource.setrlimit(what, (soft, hard))


def first_to_go() -> None:
    """When memory runs out, the kernel is to end this process before S and Z."""
    file = os.open("/proc/self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
    os.write(file, b"1000")
    os.close(file)


def restore_signals() -> None:
    """Give the signals that Python ignores their default action, as `subprocess` does before it starts a program."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
