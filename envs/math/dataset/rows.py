"""Rows: what a file of data gives, one at a time. Files are looked into, and never held in memory whole."""

import hashlib
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from textgym.core import TaskError

Row = dict[str, Any]


class BadRowError(ValueError):
    """A row that cannot be used; the message begins with its place."""


class BadFileError(BadRowError):
    """A file of which no row can be used."""


class Place(NamedTuple):
    """One row on the way through a file.

    Attributes:
        key: what `Rows.read` takes.
        name: where it is, for a person, such as `line 12`.
        row: its fields.
    """

    key: int
    name: str
    row: Row


class Rows(Protocol):
    """Rows that can be gone through, and then read one by one by their keys."""

    def scan(self, fields: Collection[str]) -> Iterator[Place]:
        """All rows in order; of each at least these fields, where it has them.

        Raises:
            BadRowError: a row cannot be read.
        """

    def read(self, key: int) -> Row:
        """One row, whole.

        Raises:
            TaskError: the file is another one than it was.
        """


class Stamp(NamedTuple):
    """A file as it is now: with another size or time of change it is another file."""

    path: str
    size: int
    changed_ns: int

    @classmethod
    def of(cls, path: str) -> "Stamp":
        """The stamp of a file.

        Raises:
            OSError: there is none that can be looked at.
        """
        found = Path(path).stat()
        if not Path(path).is_file():
            raise IsADirectoryError("it is no file")
        return cls(path, found.st_size, found.st_mtime_ns)

    def check(self) -> None:
        """Refuse a file that was changed behind our back: its tasks are others.

        Raises:
            TaskError: it was changed, or is gone.
        """
        try:
            same = Stamp.of(self.path) == self
        except OSError as error:
            raise TaskError(f"{self.path} cannot be read any more: {error}") from None
        if not same:
            raise TaskError(f"{self.path} was changed: make the environment anew, its tasks are others now")


@lru_cache(maxsize=32)
def file_digest(stamp: Stamp) -> str:
    """SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with open(stamp.path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Memory:
    """Rows that are there already; keys are their places."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows

    def scan(self, fields: Collection[str]) -> Iterator[Place]:
        """All rows."""
        return (Place(number, f"row {number + 1}", row) for number, row in enumerate(self._rows))

    def read(self, key: int) -> Row:
        """One row."""
        return dict(self._rows[key])
