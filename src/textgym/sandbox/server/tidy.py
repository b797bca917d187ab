"""After a call: end every process of the slot, and empty every place that it could write to."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import time
from collections.abc import Collection, Sequence

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def kill_all(uid: int | None, spared: Collection[int], seconds: float) -> bool:
    """End the slot's processes; whether none is left after at most `seconds`.

    With a `uid` of its own the slot is killed by `kill(-1)` under that uid: one system call, atomic against a program that
    forks faster than anyone reads /proc. Without, every process but `spared` and this one is killed one by one.
    """
    deadline = time.monotonic() + seconds
    pause = 0.0
    while True:
        if uid is not None:
            _signal_uid(uid, signal.SIGKILL)
        _reap(spared)
        others = _others(uid, spared)
        if not others:
            return True
        if uid is None:
            for number in (signal.SIGSTOP, signal.SIGKILL):  # stopped first, a fork bomb cannot outrun the list
                for pid in others:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, number)
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause + 0.0005, 0.01)


def signal_all(uid: int | None, spared: Collection[int], number: int) -> None:
    """Send a signal to the slot's processes, as `kill_all` finds them, once."""
    if uid is not None:
        _signal_uid(uid, number)
        return
    for pid in _others(uid, spared):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _signal_uid(uid: int, number: int) -> None:
    os.setresuid(uid, uid, 0)
    try:
        os.kill(-1, number)
    except (ProcessLookupError, PermissionError):
        pass
    finally:
        os.setresuid(0, 0, 0)


def _reap(spared: Collection[int]) -> None:
    """Wait for orphans: they are children of this process, which adopts."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        if pid in spared:
            raise ChildProcessError(errno.ECHILD, "the zygote ended")


def _others(uid: int | None, spared: Collection[int]) -> list[int]:
    """Processes that are neither this one nor spared; with `uid`, only those of it."""
    own = os.getpid()
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    pids = [pid for pid in pids if pid != own and pid not in spared]
    return pids if uid is None else [pid for pid in pids if _uid_of(pid) == uid]


def _uid_of(pid: int) -> int:
    """Real uid; -1 when the process is gone. /proc/<pid> itself may show root as its owner, status does not."""
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            for line in file:
                if line.startswith(b"Uid:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return -1


def wipe(places: Sequence[str], seconds: float) -> bool:
    """Empty the directories `places`; whether all were empty after at most `seconds`. Follows nothing."""
    deadline = time.monotonic() + seconds
    try:
        emptied = [_empty(place, deadline) for place in places]
        return all(emptied)
    except OSError:
        return False


def _empty(place: str, deadline: float) -> bool:
    """Empty one directory, in time and descriptors linear in its entries however deep they lie.

    A directory inside is not descended into: its own directories are moved up to the top, then it is removed.
    """
    restore(place)
    if not os.listdir(place):  # a mount's root: nobody can have put something else in its place
        return True
    top = os.open(place, _FOLDER)
    moved = 0
    try:
        while True:
            names = os.listdir(top)
            if not names:
                return True
            for name in names:
                if time.monotonic() > deadline:
                    return False
                if _remove(name, top):
                    continue
                _claim(name, top)
                folder = os.open(name, _FOLDER, dir_fd=top)
                try:
                    for inner in os.listdir(folder):
                        if not _remove(inner, folder):
                            moved += 1
                            _claim(inner, folder)
                            os.rename(inner, f"{moved}-{os.urandom(8).hex()}", src_dir_fd=folder, dst_dir_fd=top)
                        if time.monotonic() > deadline:
                            return False
                finally:
                    os.close(folder)
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)


def _remove(name: str, folder: int) -> bool:
    """Remove a file or an empty directory; False where it is a directory with something in it."""
    try:
        os.unlink(name, dir_fd=folder)
        return True
    except OSError as error:
        if error.errno not in (errno.EISDIR, errno.EPERM):
            raise
    try:
        os.rmdir(name, dir_fd=folder)
        return True
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES):
            return False
        raise


def _claim(name: str, folder: int) -> None:
    """Take over a directory: in one that is sticky or closed, only its owner can remove."""
    if os.geteuid() == 0:
        os.chown(name, 0, 0, dir_fd=folder, follow_symlinks=False)
    os.chmod(name, 0o700, dir_fd=folder)


def restore(place: str) -> None:
    """Undo what an owner can do to the directory itself: its mode and its extended attributes carry messages.

    It is the root of a mount, so nobody can have put something else in its place.
    """
    facts = os.lstat(place)
    if stat.S_IMODE(facts.st_mode) != 0o1777:
        os.chmod(place, 0o1777)  # noqa: S103 - as it was mounted: in memory, wiped after each call
    if facts.st_uid == os.geteuid() != 0:
        for name in os.listxattr(place):
            os.removexattr(place, name)
