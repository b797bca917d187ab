"""Run as an ordinary program in an ordinary call: tries what must be refused, and says on the result channel what was.

The last line of `main` reads this file's own globals only; nothing of the server is imported here.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

_NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": {"unshare": 272, "mount": 165, "ptrace": 101, "shmget": 29, "keyctl": 250, "bpf": 321, "io_uring": 425},
    "aarch64": {"unshare": 97, "mount": 40, "ptrace": 117, "shmget": 194, "keyctl": 219, "bpf": 280, "io_uring": 425},
}
_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _refused(step: Callable[[], Any]) -> str:
    """Empty where `step` is refused, else what happened."""
    try:
        answer = step()
    except OSError:
        return ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"allowed ({answer!r:.60})"


def _system_call(number: int, *arguments: int) -> int:
    answer: int = _libc.syscall(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in arguments])
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer


def _connect() -> None:
    with socket.socket() as outside:
        outside.settimeout(0.2)
        outside.connect(("169.254.169.254", 80))


def _datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside:
        outside.sendto(b"x", ("192.0.2.1", 53))


def _raise_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard == resource.RLIM_INFINITY:
        return
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (hard + 1, hard + 1))
    except ValueError as error:  # how the module says EPERM
        raise PermissionError(str(error)) from None


def _spare_oneself() -> None:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("-1000")


def _capabilities() -> str:
    with open("/proc/self/status") as file:
        fields = {name: value.strip() for name, _, value in (line.partition(":") for line in file)}
    held = [name for name in ("CapInh", "CapPrm", "CapEff", "CapAmb") if int(fields.get(name, "0"), 16)]
    wanted = {"NoNewPrivs": "1", "Seccomp": "2"}
    wrong = [name for name, value in wanted.items() if fields.get(name) != value]
    return ", ".join(held + wrong)


def _leftover_places(wiped: list[str], mounts: list[str]) -> str:
    """Directories or files outside `wiped` that this identity may write to, on the other writable mounts."""
    for mount in mounts:
        device = os.lstat(mount).st_dev
        pending, seen = [mount], 0
        while pending and seen < 5000:
            place = pending.pop()
            seen += 1
            try:
                facts = os.lstat(place)
            except OSError:
                continue
            if facts.st_dev != device or place in wiped or (facts.st_mode & 0o170000) in (0o120000, 0o020000):
                continue
            if os.access(place, os.W_OK):
                return place
            if (facts.st_mode & 0o170000) == 0o040000:
                try:
                    pending += [os.path.join(place, name) for name in os.listdir(place)]
                except OSError:
                    continue
    return ""


def main(machine: str, zygote: int, wiped: list[str], mounts: list[str]) -> dict[str, str]:
    """What went wrong, by the name of the check; an empty string where all is well."""
    numbers = _NUMBERS.get(machine, {})
    checks = {
        "rights": _capabilities(),
        "root": _refused(lambda: os.setresuid(0, 0, 0)) if os.getuid() else "runs as uid 0",
        "namespaces": _refused(lambda: _system_call(numbers["unshare"], 0x10000000)),
        "mount": _refused(lambda: _system_call(numbers["mount"], 0, 0, 0, 0, 0)),
        "ptrace": _refused(lambda: _system_call(numbers["ptrace"], 16, zygote, 0, 0)),
        "sysvipc": _refused(lambda: _system_call(numbers["shmget"], 0, 4096, 0o1600)),
        "keyring": _refused(lambda: _system_call(numbers["keyctl"], 0, -3, 0)),
        "bpf": _refused(lambda: _system_call(numbers["bpf"], 0, 0, 0)),
        "io_uring": _refused(lambda: _system_call(numbers["io_uring"], 1, 0)),
        "vsock": _refused(lambda: socket.socket(40, socket.SOCK_STREAM)),
        "tcp": _refused(_connect),
        "udp": _refused(_datagram),
        "signals": _refused(lambda: os.kill(zygote, signal.SIGCONT)),
        "memory_of_others": _refused(lambda: os.open(f"/proc/{zygote}/mem", os.O_RDONLY))
        or _refused(lambda: os.open(f"/proc/{zygote}/environ", os.O_RDONLY))
        or _refused(lambda: os.listdir(f"/proc/{zygote}/fd")),
        "limits": _refused(_raise_limit),
        "oom_score": _refused(_spare_oneself),
        "writable": _leftover_places(wiped, mounts),
    }
    if errno.EPERM != 1:
        checks["rights"] = "errno is not that of Linux"
    return checks


def report(machine: str, zygote: int, wiped: list[str], mounts: list[str]) -> None:
    """Send `main`'s answer to the result channel."""
    with os.fdopen(int(os.environ["RESULT_FD"]), "w") as channel:
        json.dump(main(machine, zygote, wiped, mounts), channel)
    sys.stdout.write("probed\n")
