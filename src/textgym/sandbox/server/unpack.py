"""Files into the working directory, under the identity of whoever calls; nothing leads out of it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Sequence
from typing import Any

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class SetupError(Exception):
    """The call cannot be begun as asked."""


class Unpacking:
    """Files made from a memory file, below the current directory; a context, because it keeps the last directory open."""

    def __init__(self, payload: int) -> None:
        self._payload = payload
        self._path: Sequence[str] = ()
        self._folder: int | None = None

    def __enter__(self) -> Unpacking:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    def write(self, files: Iterable[Sequence[Any]], position: int) -> None:
        """Make files, each a name and a length, from what stands one after the other. Raises `SetupError`."""
        for name, length in files:
            self._write(name, position, length)
            position += length

    def _write(self, name: str, position: int, length: int) -> None:
        try:
            file = self._create(name)
            try:
                while length:
                    moved = os.sendfile(file, self._payload, position, length)
                    position += moved
                    length -= moved
            finally:
                os.close(file)
        except (OSError, ValueError) as error:
            raise SetupError(f"cannot write file {name!r:.100}: {error}") from None

    def _create(self, name: str) -> int:
        """A descriptor of the new file `name`, whose directories are made as well. No link is followed on the way."""
        *path, last = name.split("/")
        if any(part in ("", ".", "..") for part in (*path, last)):
            raise SetupError(f"file name {name!r:.100} leaves the working directory")
        if path != self._path:
            self._enter(path)
        # In a session programs run meanwhile: a pipe or a lease of theirs would hold up whoever opens it and waits.
        file = os.open(last, _NEW, 0o644, dir_fd=self._folder)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise ValueError("something that is not a regular file stands there")
        return file

    def _enter(self, path: Sequence[str]) -> None:
        self._leave()
        for part in path:
            with contextlib.suppress(FileExistsError):
                os.mkdir(part, 0o755, dir_fd=self._folder)
            inner = os.open(part, _FOLDER, dir_fd=self._folder)
            self._leave()
            self._folder = inner
        self._path = path

    def _leave(self) -> None:
        if self._folder is not None:
            os.close(self._folder)
        self._folder = None
        self._path = ()
