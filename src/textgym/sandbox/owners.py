"""Who a sandbox belongs to, so that what a dead run left behind can be told from what a live one uses.

A process is named by its id, its start time, and its machine (boot and pid namespace): a process id alone is used again.
"""

import functools
import hashlib
import os
import platform
from collections.abc import Mapping
from pathlib import Path

from textgym.sandbox.engine import LABEL

OWNER = f"{LABEL}.owner"
MACHINE = f"{LABEL}.machine"
BOOT = f"{LABEL}.boot"


def owner_labels() -> dict[str, str]:
    """The labels that name this process as an owner."""
    pid = os.getpid()
    return {OWNER: f"{pid}:{start_time(pid) or 0}", MACHINE: machine_name(), BOOT: _boot()}


def is_abandoned(labels: Mapping[str, str]) -> bool:
    """Whether the owner that the labels name is certainly gone: it lived on this machine, and lives no more.

    What another machine started on an engine that we share is never ours to judge.
    """
    if labels.get(MACHINE) != machine_name():
        return False
    if labels.get(BOOT) != _boot():
        return True
    pid, _, started = labels.get(OWNER, "").partition(":")
    if not pid.isdecimal():
        return False
    found = start_time(int(pid))
    return found is None or (found != 0 and str(found) != started)


def start_time(pid: int) -> int | None:
    """When a process was started, in clock ticks since boot (0 where the system does not tell); None if it is gone."""
    try:
        # The second field is the program's name in parentheses and may itself hold parentheses and spaces.
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return int(fields[19])
    except ProcessLookupError:
        return None
    except OSError:
        pass  # not there, or hidden: a system without /proc, or one that hides other users' processes (hidepid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return 0


@functools.cache
def machine_name() -> str:
    """A name of this machine and pid namespace; processes that cannot see each other must not judge each other."""
    parts = [platform.node()]
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            parts.append(Path(path).read_text(encoding="ascii").strip())
            break
        except (OSError, ValueError):
            continue
    try:
        parts.append(os.readlink("/proc/self/ns/pid"))
    except OSError:
        parts.append("-")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@functools.cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return "-"
