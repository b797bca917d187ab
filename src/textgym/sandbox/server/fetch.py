"""Files back from a finished call, read with the slot's rights and no more."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


def fetch(
    work: str, names: Sequence[str], most: int, uid: int | None, gid: int
) -> tuple[list[tuple[str, bytes]], dict[str, str]]:
    """The files that could be read, at most `most` bytes in all, and why the others could not, by name."""
    found: list[tuple[str, bytes]] = []
    errors: dict[str, str] = {}
    if not names:
        return found, errors
    with rights_of(uid, gid):
        for name in names:
            try:
                data = _read(work, name, most)
            except ValueError as error:
                errors[name] = str(error)
            except OSError as error:
                errors[name] = error.strerror or type(error).__name__
            else:
                most -= len(data)
                found.append((name, data))
    return found, errors


@contextlib.contextmanager
def rights_of(uid: int | None, gid: int) -> Iterator[None]:
    """The slot's effective identity, for as long as the context lasts: what a link points to is opened with its rights, even if a check failed."""
    if uid is None:
        yield
        return
    os.setegid(gid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextlib.contextmanager
def within(work: str) -> Iterator[None]:
    """The working directory `work`, for as long as the context lasts."""
    os.chdir(work)
    try:
        yield
    finally:
        os.chdir("/")


def _read(work: str, name: str, most: int) -> bytes:
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise ValueError("the name leaves the working directory")
    folder = os.open(work, FOLDER)
    try:
        for part in parts[:-1]:
            inner = os.open(part, FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        return read_at(folder, parts[-1], most)
    finally:
        os.close(folder)


def read_at(folder: int, name: str, most: int) -> bytes:
    """The regular file `name` in a directory. Raises `ValueError` for what is none or too large, and `OSError`."""
    # Looked at before it is opened: to open a device can have effects of its own.
    _check(os.stat(name, dir_fd=folder, follow_symlinks=False), most)
    file = os.open(name, _FILE, dir_fd=folder)
    try:
        size = _check(os.fstat(file), most)
        pieces = []
        while size:
            piece = os.read(file, min(size, 1 << 20))
            if not piece:
                break
            size -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)
    finally:
        os.close(file)


def _check(facts: os.stat_result, most: int) -> int:
    """The size of a file that may be read, or `ValueError`."""
    if stat.S_ISLNK(facts.st_mode):
        raise ValueError("it is a symbolic link")
    if not stat.S_ISREG(facts.st_mode):
        raise ValueError("it is not a regular file")
    if facts.st_size > most:
        raise ValueError(f"it has {facts.st_size} bytes, more than the {most} that may still be fetched")
    return facts.st_size
