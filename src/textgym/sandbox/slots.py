"""Numbers of sandboxes, each held by one process of this machine at a time; a sandbox's uid follows from its number.

The kernel counts a uid's processes over the whole host (RLIMIT_NPROC), so two sandboxes with one uid could starve each
other. A number is held by a lock on a file: the kernel lets go of it when the holder dies, however it dies.

Users share no directory that could be trusted, and machines that share an engine none at all. Each counts from a place of
its own, so that they hardly ever meet; where they do, the engine decides (`DockerProvider.start`), which is shared by all.
"""

import fcntl
import functools
import hashlib
import os
import stat
from collections.abc import Collection
from pathlib import Path

from textgym.sandbox.errors import SandboxError
from textgym.sandbox.owners import machine_name

LOCKS = Path("/tmp")  # noqa: S108 - the directory below it is checked
"""Where each user has a directory of locks. No variable changes it: locks work only where all processes look for them."""

FIRST_UID = 20_000
SLOTS = 40_000
"""The uids stay below 60,000, where distributions begin to hand out their own, and below 65,536 for user namespaces."""


def slot_uid(slot: int) -> int:
    """The uid (and gid) of the programs in a slot."""
    return FIRST_UID + slot


class SlotLease:
    """A number that no other sandbox of this user on this machine has while the lease is held.

    Attributes:
        slot: the number, 0 <= slot < `SLOTS`.
    """

    def __init__(self, taken: Collection[int] = ()) -> None:
        """Take the first free number that is not one of `taken`.

        Raises:
            SandboxError: none is free, or the directory of the locks cannot be trusted.
        """
        directory = runtime_directory()
        start = _first_number(os.getuid())
        for offset in range(SLOTS):
            self.slot = (start + offset) % SLOTS
            if self.slot in taken:
                continue
            fd = os.open(directory / str(self.slot), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(fd)
                continue
            self._fd: int | None = fd
            self._pid = os.getpid()
            return
        raise SandboxError(f"all {SLOTS} sandbox numbers of this machine are in use")

    def release(self) -> None:
        """Let go of the number; safe to call again. In a forked child the lock stays with the parent."""
        if self._fd is not None:
            if os.getpid() == self._pid:
                fcntl.flock(self._fd, fcntl.LOCK_UN)
            os.close(self._fd)
            self._fd = None


@functools.cache
def _first_number(user: int) -> int:
    """Where a user of this machine begins to count."""
    name = f"{machine_name()}:{user}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % SLOTS


def runtime_directory() -> Path:
    """The directory of this user's locks, made if need be.

    Raises:
        SandboxError: what stands at its place belongs to somebody else.
    """
    uid = os.getuid()
    directory = LOCKS / f"textgym-slots-{uid}"
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o022:
        raise SandboxError(f"{directory} is not a directory of this user alone; remove it")
    return directory
