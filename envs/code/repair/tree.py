"""A tree of files as data: what was changed in it, within bounds, in a form that fits into a state.

Whatever these bounds let through, a sandbox can make: below a folder of any of our programs, beside all that a package has.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from textgym.envs.code.repair.lines import unified
from textgym.sandbox.file_names import MOST_PARTS, check_name

MOST_FILES = 500
"""Files that may be new, and files that one command may change."""

MOST_FOLDERS = 500
"""Folders that may be new."""

MOST_BYTES = 4 << 20
"""Bytes of all changed files together."""

MOST_PATH_BYTES = 1000
"""Bytes of a path."""

MOST_NAME_BYTES = 1 << 16
"""Bytes of the paths of all new files together: they travel in the head of a message, which is bounded too."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Files = Mapping[str, bytes]


class TreeError(ValueError):
    """A change that a tree does not take; the message says why, to the one who asked for it."""


class Content(BaseModel):
    """What a changed file holds: text, or bytes that are no text as base64, or nothing where it was deleted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str | None = None
    base64: str | None = None

    @classmethod
    def of(cls, data: bytes | None) -> Self:
        """The content of a file; None stands for a deleted one."""
        if data is None:
            return cls()
        try:
            return cls(text=data.decode())
        except UnicodeDecodeError:
            return cls(base64=base64.b64encode(data).decode())

    @property
    def data(self) -> bytes | None:
        """The bytes, or None for a deleted file."""
        if self.text is not None:
            return self.text.encode()
        try:
            return None if self.base64 is None else base64.b64decode(self.base64)
        except binascii.Error:
            return b""


class Changes(BaseModel):
    """How a tree differs from the one that it started as, by path; never more than `MOST_FILES` and `MOST_BYTES`."""

    model_config = ConfigDict(extra="forbid")

    files: dict[str, Content] = Field(default_factory=dict)

    def tree(self, start: Files) -> dict[str, bytes]:
        """The tree that these changes make of `start`."""
        tree = dict(start)
        for path, content in self.files.items():
            data = content.data
            if data is None:
                tree.pop(path, None)
            else:
                tree[path] = data
        return tree

    def update(self, start: Files, changed: Mapping[str, bytes | None]) -> None:
        """Take over changes, all of them or none.

        Args:
            start: the tree that the episode started with.
            changed: new contents by path; None deletes.

        Raises:
            TreeError: a path cannot be used, or there would be too many or too large changes.
        """
        files = dict(self.files)
        for path, data in changed.items():
            if problem := path_problem(path):
                raise TreeError(problem)
            if data == start.get(path):
                files.pop(path, None)
            else:
                files[path] = Content.of(data)
        there = {path for path, content in files.items() if content.data is not None}
        _check_size(files, there - start.keys(), folders_of(there) - folders_of(start))
        whole = there | (start.keys() - files.keys())
        both = whole & folders_of(whole)
        if both:
            raise TreeError(f"{min(both)} would be both a file and a folder")
        self.files = files


def _check_size(files: Mapping[str, Content], new: set[str], new_folders: set[str]) -> None:
    """Raise `TreeError` for changes that are too many or too large."""
    if len(new) > MOST_FILES:
        raise TreeError(f"more than {MOST_FILES} files would be new")
    if len(new_folders) > MOST_FOLDERS:
        raise TreeError(f"more than {MOST_FOLDERS} folders would be new")
    if sum(len(content.text or content.base64 or "") for content in files.values()) > MOST_BYTES:
        raise TreeError(f"the changed files would hold more than {MOST_BYTES >> 20} MB")
    if sum(len(path.encode()) for path in new) > MOST_NAME_BYTES:
        raise TreeError(f"the names of the new files would hold more than {MOST_NAME_BYTES >> 10} kB")


def path_problem(path: str) -> str:
    """Why no file of a tree can have this path, in words; empty if one can.

    It leaves room for a folder in front of the path, since that is how trees are put into a sandbox.
    """
    try:
        check_name(path)
        size = len(path.encode())
    except UnicodeEncodeError:
        return f"file name {path!r:.100} is not UTF-8"
    except ValueError as error:
        return str(error)
    if path.count("/") + 2 > MOST_PARTS:
        return f"file name {path!r:.100} has {MOST_PARTS} parts; at most {MOST_PARTS - 1} are taken"
    if size > MOST_PATH_BYTES:
        return f"file name {path!r:.100} has {size:,} bytes; at most {MOST_PATH_BYTES:,} are taken"
    return f"file name {path!r:.100} holds a control character" if _CONTROL.search(path) else ""


def folders_of(paths: Iterable[str]) -> set[str]:
    """Every folder that one of the paths lies in."""
    return {path[:place] for path in paths for place, letter in enumerate(path) if letter == "/"}


def unified_diff(start: Files, tree: Files) -> str:
    """The difference between two trees as a unified diff; of files that are no text it says only that they differ."""
    parts = []
    for path in sorted(start.keys() | tree.keys()):
        before, after = start.get(path), tree.get(path)
        if before == after:
            continue
        try:
            old, new = ("" if before is None else before.decode()), ("" if after is None else after.decode())
        except UnicodeDecodeError:
            parts.append(f"Binary file {path} differs\n")
            continue
        names = ("/dev/null" if before is None else f"a/{path}", "/dev/null" if after is None else f"b/{path}")
        lines = unified(old.splitlines(keepends=True), new.splitlines(keepends=True), *names)
        parts += [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
    return "".join(parts)


def outline(tree: Files, most: int = 60) -> str:
    """The tree, two levels deep: each folder with how many files are below it."""
    top: dict[str, dict[str, int]] = {}
    plain = []
    for path in sorted(tree):
        first, _, rest = path.partition("/")
        if not rest:
            plain.append(first)
            continue
        second, _, deeper = rest.partition("/")
        name = f"{second}/" if deeper else second
        top.setdefault(first, {}).setdefault(name, 0)
        top[first][name] += 1
    lines = []
    for folder, names in top.items():
        lines.append(f"{folder}/")
        lines += [f"  {name} ({count} files)" if name.endswith("/") else f"  {name}" for name, count in names.items()]
    lines += plain
    if len(lines) > most:
        lines = [*lines[:most], f"[... {len(lines) - most} more]"]
    return "\n".join(lines)
