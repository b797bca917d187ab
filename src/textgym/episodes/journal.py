"""`Journal`: the growing file of a run, to which whole lines are appended so that no crash loses one."""

import errno
import os
import threading
import time
from pathlib import Path
from typing import Literal

from textgym.episodes.errors import StoreError, StoreFullError

Fsync = Literal["never", "batch", "always"]

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BATCH_SECONDS = 1.0

_sync_data = getattr(os, "fdatasync", os.fsync)


class Journal:
    """An append-only file.

    A line is handed to the operating system in one write before `append` returns: from then on it survives the death
    of the process in any form. Against the death of the machine only a sync helps; `fsync` says how often.

    Args:
        path: the file; made if it does not exist.
        size: bytes that hold whole lines; whatever follows them is cut off.
        fsync: "never"; "batch", at most once a second and at the end; or "always", after every line.

    Raises:
        StoreError: the file cannot be opened.

    Attributes:
        path: the file.
        appended: lines appended so far through this object.
    """

    def __init__(self, path: Path, size: int, fsync: Fsync = "batch") -> None:
        if fsync not in ("never", "batch", "always"):
            raise ValueError(f"fsync must be 'never', 'batch' or 'always', not {fsync!r}")
        self.path = path
        self.appended = 0
        self._fsync = fsync
        self._lock = threading.Lock()
        self._torn_at: int | None = None
        self._synced = time.monotonic()
        try:
            self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            if os.fstat(self._fd).st_size > size:
                os.ftruncate(self._fd, size)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror}") from error

    def append(self, line: bytes) -> None:
        """Write a line. It is in the file as a whole when this returns.

        When this raises, it is not in the file at all, unless what failed was a sync after the line had been written.

        Raises:
            StoreFullError: there is no room.
            StoreError: the file cannot be written.
        """
        with self._lock:
            try:
                if self._torn_at is not None:
                    self._cut(self._torn_at)
                # Asked for anew each time: an interrupt between a write and a counter could make the counter lie.
                start = os.fstat(self._fd).st_size
                try:
                    written = os.write(self._fd, line)
                    while written < len(line):  # a disk that fills up takes a part first
                        written += os.write(self._fd, memoryview(line)[written:])
                    if self._fsync == "always":
                        _sync_data(self._fd)
                except BaseException:
                    self._torn_at = start
                    self._cut(start)
                    raise
                self.appended += 1
                if self._fsync == "batch" and time.monotonic() - self._synced >= _BATCH_SECONDS:
                    _sync_data(self._fd)
                    self._synced = time.monotonic()
            except OSError as error:
                raise self._explained(error) from error

    def _cut(self, size: int) -> None:
        os.ftruncate(self._fd, size)
        self._torn_at = None

    def _explained(self, error: OSError) -> StoreError:
        if error.errno in NO_ROOM:
            return StoreFullError(
                f"no room to store the next episode in {self.path} ({error.strerror}). Every episode stored before it is "
                "safe: make room, then resume the run."
            )
        return StoreError(f"cannot write {self.path}: {error.strerror}. Every episode stored before is safe.")

    def close(self) -> None:
        """Sync unless told never to, and close. Safe to call again.

        Raises:
            StoreError: the system could not write what it had taken.
        """
        with self._lock:
            if self._fd < 0:
                return
            try:
                if self._torn_at is not None:
                    self._cut(self._torn_at)
                if self._fsync != "never":
                    _sync_data(self._fd)
            except OSError as error:
                raise self._explained(error) from error
            finally:
                self.drop()

    def drop(self) -> None:
        """Let go of the file as it is; in a forked child, where the parent goes on writing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
