"""All files below a directory, while programs may still change it, with the rights that the caller has taken on."""

from __future__ import annotations

import json
import os
import stat
import time
from _blake2 import blake2b  # hashlib loads a library for it that is larger than all of this process

from . import fetch

DEPTH = 16
NAME_BYTES = 255
DIGEST_BYTES = 16
_NAMES_BYTES = 1 << 18
# All names together in an answer, as JSON: what is longer would not fit into its head.


class Found:
    """What a directory holds.

    Attributes:
        files: names below it, sorted, and what they hold.
        errors: why other entries are not among them, by name.
        same: names whose content has the digest that was given for them.
        whole: whether everything was looked at, in the time and the room that there were.
    """

    def __init__(self) -> None:
        self.files: list[tuple[str, bytes]] = []
        self.errors: dict[str, str] = {}
        self.same: list[str] = []
        self.whole = True


def gather(work: str, most: int, known: dict[str, str], seconds: float) -> Found:
    """Look at everything below `work`, without following a link.

    Args:
        work: the directory.
        most: how many bytes all files that are given back may have together.
        known: hexadecimal BLAKE2b digests, of `DIGEST_BYTES`, by name; a file that has its own is only named.
        seconds: after so long the rest is left out.
    """
    return _Walk(most, known, time.monotonic() + seconds).look(work)


class _Walk:
    def __init__(self, most: int, known: dict[str, str], deadline: float) -> None:
        self._most = most
        self._known = known
        self._deadline = deadline
        self._names_left = _NAMES_BYTES
        self._found = Found()

    def look(self, work: str) -> Found:
        try:
            folder = os.open(work, fetch.FOLDER)
        except OSError as error:
            self._found.errors["."] = error.strerror or type(error).__name__
            self._found.whole = False
            return self._found
        try:
            self._enter(folder, "", DEPTH)
        finally:
            os.close(folder)
        return self._found

    def _enter(self, folder: int, path: str, depth: int) -> None:
        for entry in sorted(os.listdir(folder)):
            if not self._found.whole:
                return
            self._visit(folder, entry, path + entry, depth)

    def _visit(self, folder: int, entry: str, name: str, depth: int) -> None:
        try:
            shown = name.encode().decode()
        except UnicodeEncodeError:
            self._leave_out(name.encode(errors="surrogateescape").decode(errors="replace"), "its name is not UTF-8")
            return
        self._names_left -= len(json.dumps(shown)) + 16
        if self._names_left < 0 or time.monotonic() > self._deadline:
            self._found.whole = False
            return
        try:
            if stat.S_ISDIR(os.stat(entry, dir_fd=folder, follow_symlinks=False).st_mode):
                self._descend(folder, entry, name, depth)
            else:
                self._keep(name, fetch.read_at(folder, entry, self._most))
        except ValueError as error:
            self._leave_out(name, str(error))
        except FileNotFoundError:
            return
        except OSError as error:
            self._leave_out(name, error.strerror or type(error).__name__)

    def _descend(self, folder: int, entry: str, name: str, depth: int) -> None:
        if depth == 1:
            raise ValueError(f"it is a directory more than {DEPTH - 1} deep")
        inner = os.open(entry, fetch.FOLDER, dir_fd=folder)
        try:
            self._enter(inner, f"{name}/", depth - 1)
        finally:
            os.close(inner)

    def _keep(self, name: str, data: bytes) -> None:
        digest = self._known.get(name)
        if digest is not None and blake2b(data, digest_size=DIGEST_BYTES).hexdigest() == digest:
            self._found.same.append(name)
            return
        self._most -= len(data)
        self._found.files.append((name, data))

    def _leave_out(self, name: str, why: str) -> None:
        self._names_left -= len(json.dumps(name)) + len(why) + 16
        if self._names_left < 0:
            self._found.whole = False
        else:
            self._found.errors[name] = why
