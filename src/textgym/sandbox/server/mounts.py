"""Which mounts a slot could leave something in."""

from __future__ import annotations

from collections.abc import Collection

_KERNEL = frozenset(
    ["proc", "sysfs", "devpts", "cgroup", "cgroup2", "securityfs", "debugfs", "tracefs", "bpf", "pstore", "configfs"]
)
"""File systems in which no one can create files that stay (the devices of devpts belong to a terminal that is gone)."""


def writable() -> list[str]:
    """Mount points that are writable, in which files can be created."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            left, _, right = line.partition(" - ")
            fields, kind = left.split(), right.split()
            if "rw" in fields[5].split(",") and "ro" not in kind[2].split(",") and kind[0] not in _KERNEL:
                found.append(fields[4].encode().decode("unicode_escape"))
    return found


def unexpected(expected: Collection[str]) -> list[str]:
    """Writable mount points that are not in `expected`; whether the slot may write there is for the probe to find."""
    return [place for place in writable() if place not in expected]
