"""The seccomp filter of a child: a list of what is refused, as a BPF program, for x86_64 and aarch64."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Sequence

from . import confine

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2
_KILL_PROCESS, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32_BIT = 0x40000000
_CLONE_FLAGS = 0x7E020000 | 0x8000  # CLONE_NEW* (but NEWTIME, which clone has not), and CLONE_PARENT: a child for Z
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_FAMILIES = (1, 2, 10)  # unix, inet, inet6; vsock (2**5 + 8) would reach past the network namespace
_UNIX, _INET = 1, 2
_STREAMS = (0x1, 0x801, 0x80001, 0x80801)  # SOCK_STREAM, with SOCK_NONBLOCK, SOCK_CLOEXEC, both
_TCP = (0, 6)

# number on x86_64, on aarch64; None where the architecture has no such call
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    # namespaces, mounts, roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # objects that outlive a process
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # large, rarely needed faces of the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "lookup_dcookie": (212, 18),
    "personality": (135, 92),
    # the machine
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "acct": (163, 89),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "vhangup": (153, 58),
}


# number on x86_64, on aarch64
_CLONE, _CLONE3 = (56, 220), (435, 435)
_SOCKETS = ((41, 198), (53, 199))  # socket, socketpair
_SETSOCKOPT = (54, 208)
_SENDS = (((44, 206), 3), ((46, 211), 2), ((307, 269), 3))  # sendto, sendmsg, sendmmsg; where each has its flags
_FAST_OPEN = 0x20000000
_OF_SOCKETS, _OF_IP, _OF_IPV6 = 1, 0, 41  # levels of options
_CHOOSES_AN_INTERFACE = (5, 25, 62)  # SO_DONTROUTE, SO_BINDTODEVICE, SO_BINDTOIFINDEX
_IP_TOS = 1
_PRLIMIT = (302, 261)
_FCNTL, _IOCTL = (72, 25), (16, 29)
_NAMES_A_PROCESS = (
    *((62, 129), (200, 130), (234, 131)),  # kill, tkill, tgkill
    *((129, 138), (297, 240), (434, 434)),  # rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_open
    *((203, 122), (144, 119), (142, 118), (314, 274)),  # sched_setaffinity, _setscheduler, _setparam, _setattr
)
_SETS_PRIORITIES = ((141, 140), (251, 30))  # setpriority, ioprio_set
_OWNER_COMMANDS = (8, 15)  # F_SETOWN, F_SETOWN_EX: the kernel signals whom they name
_OWNER_REQUESTS = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP: the same


def build(machine: str, protected: Sequence[int] = (), network: bool = False) -> bytes:
    """The BPF program for `machine`.

    Processes in `protected` cannot be signalled, slowed down or moved, even by a process of their own uid. Where there is a
    `network` beside the loopback, TCP over IPv4 is all that can be spoken, and only where the routes lead.

    Raises:
        OSError: no filter is known for this machine.
    """
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no seccomp filter is known for {machine!r}")
    column, architecture = _ARCHITECTURES[machine]
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":
        program += [_step(_JUMP_AT_LEAST, _X32_BIT, 0, 1), _step(_RETURN, _KILL_PROCESS)]
    # With no such call the C library falls back to clone, whose flags can be looked at.
    program += [_step(_JUMP_EQUAL, _CLONE3[column], 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS)]
    for numbers in _REFUSED.values():
        number = numbers[column]
        if number is not None:
            program += [_step(_JUMP_EQUAL, number, 0, 1), refuse]
    program += _on(_CLONE[column], [_argument(0), _step(_JUMP_ANY_BIT, _CLONE_FLAGS, 0, 1), refuse])
    for call in _SOCKETS:
        program += _on(call[column], _tcp_alone() if network else _only(0, _FAMILIES, errno.EAFNOSUPPORT))
    if network:
        program += _on(_SETSOCKOPT[column], _no_choice_of_interface())
        for call, flags in _SENDS:
            # A connection that begins with data passes by what bounds the ports of the others.
            program += _on(call[column], [_argument(flags), _step(_JUMP_ANY_BIT, _FAST_OPEN, 0, 1), refuse])
    program += _on(_PRLIMIT[column], [_argument(0), _step(_JUMP_EQUAL, 0, 1, 0), refuse])
    if protected:
        targets = [target & 0xFFFFFFFF for pid in protected for target in (pid, -pid)] + [0xFFFFFFFF]
        for call in _NAMES_A_PROCESS:
            program += _on(call[column], _refuse_values(0, targets))
        for call in _SETS_PRIORITIES:
            program += [_step(_JUMP_EQUAL, call[column], 0, 1), refuse]
        program += _on(_FCNTL[column], _refuse_values(1, _OWNER_COMMANDS))
        program += _on(_IOCTL[column], _refuse_values(1, _OWNER_REQUESTS))
    program.append(_step(_RETURN, _ALLOW))
    return b"".join(program)


class Filter:
    """A BPF program in the memory layout that the kernel reads, made once and installed in every child."""

    def __init__(self, program: bytes) -> None:
        self._code = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("@HP", len(program) // 8, ctypes.addressof(self._code))
        self._header = ctypes.create_string_buffer(header, len(header))

    def install(self) -> None:
        """Put the filter on this process and all that it will start. Raises `OSError`."""
        confine.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(self._header))


def machine() -> str:
    """The machine's name, as `build` takes it."""
    return os.uname().machine


def _step(code: int, constant: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, constant)


def _argument(index: int) -> bytes:
    """Load the low half of an argument of the call."""
    return _step(_LOAD, _ARGUMENTS + 8 * index)


def _only(index: int, values: Sequence[int], code: int) -> list[bytes]:
    """Refuse the call with an error unless its argument is one of `values`."""
    tests = [_step(_JUMP_EQUAL, value, len(values) - at, 0) for at, value in enumerate(values)]
    return [_argument(index), *tests, _step(_RETURN, _ERRNO | code)]


def _tcp_alone() -> list[bytes]:
    """Sockets of this machine, and TCP over IPv4.

    With datagrams a program could broadcast to the engine's machine, which is on the same wire; and with either of them and
    with IPv6 it could choose the interface, for which `_no_choice_of_interface` says what follows.
    """
    tcp = [*_only(1, _STREAMS, errno.EPROTONOSUPPORT), *_only(2, _TCP, errno.EPROTONOSUPPORT)]
    return [
        _argument(0),
        _step(_JUMP_EQUAL, _UNIX, len(tcp) + 2, 0),
        _step(_JUMP_EQUAL, _INET, 1, 0),
        _step(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
        *tcp,
    ]


def _no_choice_of_interface() -> list[bytes]:
    """Options of a socket but those by which it names an interface.

    For a socket that does, the kernel takes every address without a route to be on that interface's wire, where the engine's
    machine answers to all addresses that it has anywhere.
    """
    refuse = _step(_RETURN, _ERRNO | errno.EPERM)
    of_ip = [_argument(2), _step(_JUMP_EQUAL, _IP_TOS, 1, 0), refuse]
    of_sockets = _refuse_values(2, _CHOOSES_AN_INTERFACE)
    return [
        _argument(1),
        _step(_JUMP_EQUAL, _OF_IPV6, 0, 1),
        refuse,
        _step(_JUMP_EQUAL, _OF_IP, 0, len(of_ip) + 1),
        *of_ip,
        _step(_RETURN, _ALLOW),
        _step(_JUMP_EQUAL, _OF_SOCKETS, 0, len(of_sockets)),
        *of_sockets,
    ]


def _refuse_values(index: int, values: Sequence[int]) -> list[bytes]:
    """Refuse the call when its argument is one of `values`."""
    last = len(values) - 1
    tests = [_step(_JUMP_EQUAL, value, last - at, 1 if at == last else 0) for at, value in enumerate(values)]
    return [_argument(index), *tests, _step(_RETURN, _ERRNO | errno.EPERM)]


def _on(call: int, block: list[bytes]) -> list[bytes]:
    """`block` for the system call `call`; afterwards the call is allowed."""
    block = [*block, _step(_RETURN, _ALLOW)]
    return [_step(_JUMP_EQUAL, call, 0, len(block)), *block]
