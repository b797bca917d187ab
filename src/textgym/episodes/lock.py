"""`RunLock`: one writer at a time in a run directory."""

import fcntl
import os
import socket
from pathlib import Path

from textgym.episodes.errors import StoreError, StoreLockedError


class RunLock:
    """An advisory lock on a file, held until `release` or the end of the process, however that ends.

    Raises:
        StoreLockedError: somebody else holds it; names the process.
        StoreError: the lock file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(f"cannot write in {path.parent}: {error.strerror}") from error
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(self._fd, 200, 0).decode(errors="replace").strip()
            os.close(self._fd)
            if isinstance(error, BlockingIOError):
                raise StoreLockedError(
                    f"{path.parent} is being written by {holder or 'another process'}; wait for it or stop it, or choose "
                    "another directory"
                ) from None
            raise StoreError(f"cannot lock {path}: {error.strerror}") from error
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, f"process {os.getpid()} on {socket.gethostname()}".encode(), 0)
        except OSError:
            pass  # a full disk: the lock holds, only its holder's name is missing

    def release(self) -> None:
        """Give the lock back; safe to call again. In a forked child this leaves the parent's lock alone."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
