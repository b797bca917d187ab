"""The seccomp filter, executed: a small interpreter of the BPF that the kernel would run."""

import errno
import struct

import pytest

from textgym.sandbox.server import syscalls

ALLOWED, KILLED = 0x7FFF0000, 0x80000000
REFUSED, NO_CALL, NO_FAMILY, NO_PROTOCOL = (
    0x00050000 | code for code in (errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)
)
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {
        "read": 0,
        "unshare": 272,
        "clone": 56,
        "clone3": 435,
        "socket": 41,
        "kill": 62,
        "fcntl": 72,
        "prlimit": 302,
        "socketpair": 53,
        "setsockopt": 54,
        "sendto": 44,
        "sendmsg": 46,
        "sendmmsg": 307,
    },
    "aarch64": {
        "read": 63,
        "unshare": 97,
        "clone": 220,
        "clone3": 435,
        "socket": 198,
        "kill": 129,
        "fcntl": 25,
        "prlimit": 261,
        "socketpair": 199,
        "setsockopt": 208,
        "sendto": 206,
        "sendmsg": 211,
        "sendmmsg": 269,
    },
}


def execute(program: bytes, number: int, architecture: int, *arguments: int) -> int:
    """The verdict on one system call. A jump out of the program raises."""
    data = struct.pack("<IIQ6Q", number, architecture, 0, *(arguments + (0,) * (6 - len(arguments))))
    steps = list(struct.iter_unpack("=HBBI", program))
    at, loaded = 0, 0
    while True:
        code, when_true, when_false, constant = steps[at]
        at += 1
        if code == 0x06:
            return int(constant)
        if code == 0x20:
            (loaded,) = struct.unpack_from("<I", data, constant)
            continue
        holds = {0x15: loaded == constant, 0x35: loaded >= constant, 0x45: bool(loaded & constant)}[code]
        at += when_true if holds else when_false


@pytest.fixture(params=sorted(NUMBERS))
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("call", "arguments", "verdict"),
    [
        ("read", (0,), ALLOWED),
        ("unshare", (0x10000000,), REFUSED),
        ("clone", (17,), ALLOWED),
        ("clone", (0x003D0F00,), ALLOWED),  # a thread
        ("clone", (0x10000000 | 17,), REFUSED),  # CLONE_NEWUSER
        ("clone", (0x00020000 | 17,), REFUSED),  # CLONE_NEWNS
        ("clone", (0x8000 | 17,), REFUSED),  # CLONE_PARENT
        ("clone3", (0,), NO_CALL),
        ("socket", (1,), ALLOWED),
        ("socket", (2,), ALLOWED),
        ("socket", (10,), ALLOWED),
        ("socket", (16,), NO_FAMILY),  # netlink
        ("socket", (17,), NO_FAMILY),  # packet
        ("socket", (40,), NO_FAMILY),  # vsock
        ("prlimit", (0,), ALLOWED),
        ("prlimit", (7,), REFUSED),
        ("kill", (7, 9), ALLOWED),
        ("fcntl", (0, 8, 7), ALLOWED),
    ],
)
def test_verdicts(machine: str, call: str, arguments: tuple[int, ...], verdict: int) -> None:
    program = syscalls.build(machine)
    assert execute(program, NUMBERS[machine][call], ARCHITECTURE[machine], *arguments) == verdict


@pytest.mark.parametrize(
    ("call", "arguments", "without", "verdict"),
    [
        ("socket", (1, 1, 0), ALLOWED, ALLOWED),
        ("socket", (1, 5, 0), ALLOWED, ALLOWED),
        ("socketpair", (1, 2, 0), ALLOWED, ALLOWED),
        ("socket", (2, 1, 0), ALLOWED, ALLOWED),
        ("socket", (2, 0x80801, 6), ALLOWED, ALLOWED),  # SOCK_CLOEXEC | SOCK_NONBLOCK
        ("socket", (2, 1, 132), ALLOWED, NO_PROTOCOL),  # sctp
        ("socket", (2, 1, 262), ALLOWED, NO_PROTOCOL),  # mptcp
        ("socket", (2, 2, 0), ALLOWED, NO_PROTOCOL),
        ("socket", (2, 0x80003, 1), ALLOWED, NO_PROTOCOL),
        ("socket", (10, 1, 0), ALLOWED, NO_FAMILY),
        ("socket", (16, 3, 0), NO_FAMILY, NO_FAMILY),
        ("socketpair", (40, 1, 0), NO_FAMILY, NO_FAMILY),
        ("setsockopt", (3, 1, 25), ALLOWED, REFUSED),  # SO_BINDTODEVICE
        ("setsockopt", (3, 1, 62), ALLOWED, REFUSED),  # SO_BINDTOIFINDEX
        ("setsockopt", (3, 1, 5), ALLOWED, REFUSED),  # SO_DONTROUTE
        ("setsockopt", (3, 1, 2), ALLOWED, ALLOWED),  # SO_REUSEADDR
        ("setsockopt", (3, 0, 1), ALLOWED, ALLOWED),  # IP_TOS
        ("setsockopt", (3, 0, 4), ALLOWED, REFUSED),  # IP_OPTIONS
        ("setsockopt", (3, 0, 50), ALLOWED, REFUSED),  # IP_UNICAST_IF
        ("setsockopt", (3, 41, 26), ALLOWED, REFUSED),
        ("setsockopt", (3, 6, 1), ALLOWED, ALLOWED),  # TCP_NODELAY
        ("sendto", (3, 0, 1, 0x4000), ALLOWED, ALLOWED),
        ("sendto", (3, 0, 1, 0x20004000), ALLOWED, REFUSED),  # MSG_FASTOPEN
        ("sendmsg", (3, 0, 0x20000000), ALLOWED, REFUSED),
        ("sendmsg", (3, 0, 0, 0x20000000), ALLOWED, ALLOWED),
        ("sendmmsg", (3, 0, 1, 0x20000000), ALLOWED, REFUSED),
    ],
)
def test_verdicts_where_a_network_is_granted(
    machine: str, call: str, arguments: tuple[int, ...], without: int, verdict: int
) -> None:
    for network, expected in ((False, without), (True, verdict)):
        program = syscalls.build(machine, network=network)
        assert execute(program, NUMBERS[machine][call], ARCHITECTURE[machine], *arguments) == expected


@pytest.mark.parametrize("target", [1, 7, -1, -7])
def test_protected_processes_cannot_be_reached(machine: str, target: int) -> None:
    program, numbers = syscalls.build(machine, [1, 7]), NUMBERS[machine]
    bits = target & 0xFFFFFFFFFFFFFFFF
    assert execute(program, numbers["kill"], ARCHITECTURE[machine], bits, 9) == REFUSED
    assert execute(program, numbers["kill"], ARCHITECTURE[machine], 8, 9) == ALLOWED
    assert execute(program, numbers["kill"], ARCHITECTURE[machine], 0, 9) == ALLOWED
    assert execute(program, numbers["fcntl"], ARCHITECTURE[machine], 0, 8, bits) == REFUSED
    assert execute(program, numbers["fcntl"], ARCHITECTURE[machine], 0, 2, 1) == ALLOWED


def test_every_number_ends_in_a_verdict(machine: str) -> None:
    for protected, network in (([], False), ([1, 7], False), ([], True), ([1, 7], True)):
        program = syscalls.build(machine, protected, network)
        verdicts = {execute(program, number, ARCHITECTURE[machine]) for number in range(600)}
        assert verdicts <= {ALLOWED, REFUSED, NO_CALL, NO_FAMILY}


def test_other_architectures_and_x32_are_deadly(machine: str) -> None:
    program = syscalls.build(machine)
    for architecture in {0x40000003, *ARCHITECTURE.values()} - {ARCHITECTURE[machine]}:
        assert execute(program, 0, architecture) == KILLED
    if machine == "x86_64":
        assert execute(program, 0x40000000, ARCHITECTURE[machine]) == KILLED


def test_an_unknown_machine_gets_no_filter_and_so_no_program() -> None:
    with pytest.raises(OSError, match="riscv64"):
        syscalls.build("riscv64")
