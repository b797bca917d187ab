"""Run as an ordinary program in an ordinary call: tries what must be refused, and says on the result channel what was.

The last line of `main` reads this file's own globals only; nothing of the server is imported here.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

_NUMBERS: dict[str, dict[str, int]] = {
    "x86_64": {"unshare": 272, "mount": 165, "ptrace": 101, "shmget": 29, "keyctl": 250, "bpf": 321, "io_uring": 425},
    "aarch64": {"unshare": 97, "mount": 40, "ptrace": 117, "shmget": 194, "keyctl": 219, "bpf": 280, "io_uring": 425},
}
_ANSWER_SECONDS = 0.3
"""Somebody on the same wire answers within a millisecond; nobody is waited for so long."""

_LARGEST_NETWORK = 64
_RESOLVED = 0x2
_GET_ADDRESS, _GET_MASK = 0x8915, 0x891B
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


def _lines(path: str, heading: int = 0) -> list[list[str]]:
    with open(path) as file:
        return [line.split() for line in file][heading:]


def _choosing(option: int, value: Any, level: int = socket.SOL_SOCKET) -> Callable[[], Any]:
    """A step that sets an option of a socket by which it names an interface, or passes by the routes."""

    def step() -> None:
        with socket.socket() as tcp:
            tcp.setsockopt(level, option, value)

    return step


def _opening(family: int, kind: int) -> Callable[[], Any]:
    """A step that opens a socket."""
    return lambda: socket.socket(family, kind).close()


def _strangers(hosts: list[str], port: int) -> str:
    """Who answers in the one network beside the loopback and is none of `hosts`, and what else leads out of here."""
    leading = sorted({line[0] for line in _lines("/proc/net/route", 1)})
    if len(leading) != 1:
        return f"routes lead over {len(leading)} interfaces and not over one"
    if os.path.exists("/proc/net/if_inet6") and any(line[-1] != "lo" for line in _lines("/proc/net/if_inet6")):
        return "an interface has an IPv6 address"
    own, there = _addresses(leading[0])
    if len(there) > _LARGEST_NETWORK:
        return f"the network has more than {_LARGEST_NETWORK} addresses"
    expected = {own, *map(socket.gethostbyname, hosts)}
    answering = _answering([address for address in there if address not in expected], port) - expected
    return f"somebody answers at {', '.join(sorted(answering))}" if answering else ""


def _addresses(interface: str) -> tuple[str, list[str]]:
    """An interface's own address, and all that a host in its network can have."""
    with socket.socket() as asking:
        own, mask = (
            int.from_bytes(fcntl.ioctl(asking.fileno(), request, struct.pack("256s", interface.encode()))[20:24], "big")
            for request in (_GET_ADDRESS, _GET_MASK)
        )
    first, last = (own & mask) + 1, (own | mask ^ 0xFFFFFFFF) - 1
    there = range(first, min(last, first + _LARGEST_NETWORK) + 1)
    return socket.inet_ntoa(own.to_bytes(4, "big")), [socket.inet_ntoa(each.to_bytes(4, "big")) for each in there]


def _answering(addresses: list[str], port: int) -> set[str]:
    """Who takes or refuses a connection, or does neither and yet says that an address is its own."""
    calls = {}
    for address in addresses:
        call = calls[address] = socket.socket()
        call.setblocking(False)
        call.connect_ex((address, port))
    time.sleep(_ANSWER_SECONDS)
    answering = {line[0] for line in _lines("/proc/net/arp", 1) if int(line[2], 16) & _RESOLVED}
    for address, call in calls.items():
        with call:
            settled = select.select([], [call], [], 0)[1]
            if settled and call.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) in (0, errno.ECONNREFUSED):
                answering.add(address)
    return answering


def _unbounded(ports: list[int]) -> str:
    """Empty where no port but these can be connected to."""
    other = next(port for port in range(1, 65536) if port not in ports)
    with socket.socket() as client:
        try:
            client.connect(("127.0.0.1", other))
        except PermissionError:
            return ""
        except OSError:
            pass
    return "other ports can be connected to: this needs Linux 6.7 with Landlock where the engine is"


def _network_checks(hosts: list[str], ports: list[int]) -> dict[str, str]:
    """What is checked where there is a network: that it leads to `hosts`, and nowhere else."""
    kinds = [(socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_INET, socket.SOCK_RAW), (16, socket.SOCK_RAW)]
    kinds += [(socket.AF_INET6, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_DGRAM)]
    choices = [(25, b"eth0\0", socket.SOL_SOCKET), (62, 1, socket.SOL_SOCKET), (5, 1, socket.SOL_SOCKET)]
    choices += [(8, 1, socket.IPPROTO_IP), (50, socket.htonl(1), socket.IPPROTO_IP)]  # IP_PKTINFO, IP_UNICAST_IF
    allowed = [kind for kind in kinds if _refused(_opening(*kind))]
    choosing = [option for option, value, level in choices if _refused(_choosing(option, value, level))]
    return {
        "sockets": f"allowed: {allowed}" if allowed else "",
        "interfaces": f"options allowed: {choosing}" if choosing else "",
        "neighbours": _strangers(hosts, ports[0] if ports else 9),
        **({"ports": _unbounded(ports)} if ports else {}),
    }


def main(machine: str, zygote: int, wiped: list[str], mounts: list[str], grant: dict[str, Any]) -> dict[str, str]:
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
    if grant["hosts"]:
        checks.update(_network_checks(grant["hosts"], grant["ports"]))
    return checks


def report(machine: str, zygote: int, wiped: list[str], mounts: list[str], grant: dict[str, Any]) -> None:
    """Send `main`'s answer to the result channel."""
    with os.fdopen(int(os.environ["RESULT_FD"]), "w") as channel:
        json.dump(main(machine, zygote, wiped, mounts, grant), channel)
    sys.stdout.write("probed\n")
