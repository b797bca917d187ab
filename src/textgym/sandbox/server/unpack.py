"""Files into the working directory, under the identity of whoever calls; nothing leads out of it."""

from __future__ import annotations

import contextlib
import os
import stat

_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class SetupError(Exception):
    """The call cannot be begun as asked."""


def write(name: str, payload: int, position: int, length: int) -> None:
    """Make the file `name` below the current directory from a part of the memory file `payload`. Raises `SetupError`."""
    try:
        file = _create(name)
        while length:
            moved = os.sendfile(file, payload, position, length)
            position += moved
            length -= moved
        os.close(file)
    except (OSError, ValueError) as error:
        raise SetupError(f"cannot write file {name!r:.100}: {error}") from None


def _create(name: str) -> int:
    """A descriptor of the new file `name`, whose directories are made as well. No link is followed on the way."""
    *folders, last = name.split("/")
    if any(part in ("", ".", "..") for part in (*folders, last)):
        raise SetupError(f"file name {name!r:.100} leaves the working directory")
    if not folders:
        return _open(last)
    folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folders:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, 0o755, dir_fd=folder)
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = inner
        return _open(last, folder)
    finally:
        os.close(folder)


def _open(name: str, folder: int | None = None) -> int:
    # In a session programs run meanwhile: a pipe or a lease of theirs would hold up whoever opens it and waits.
    file = os.open(name, _NEW, 0o644, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise ValueError("something that is not a regular file stands there")
    return file
