"""Unified diffs: read, and applied to texts exactly."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_HUNK = re.compile(r"@@ -([0-9]{1,9})(?:,([0-9]{1,9}))? \+([0-9]{1,9})(?:,([0-9]{1,9}))? @@")
_NOTHING = "/dev/null"
_NO_NEWLINE = "\\ No newline at end of file"
_BETWEEN = re.compile(
    r"diff |index |old mode |new mode |new file mode |deleted file mode |similarity index |rename from |rename to "
)
_MOST_LINES_TRIED = 2_000_000


class DiffError(ValueError):
    """The text is no unified diff, or it does not apply; the message says why."""


@dataclass(slots=True)
class Hunk:
    """A change in one place.

    Attributes:
        start: the line at which it says it stands, from 1; 0 in a file that is not there yet.
        old: the lines that must be there, with their ends.
        new: the lines that take their place.
    """

    start: int
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FileChange:
    """The change of one file; a path is None where the file is not there before, or not after."""

    before: str | None
    after: str | None
    hunks: list[Hunk] = field(default_factory=list)


def read_diff(text: str) -> list[FileChange]:
    """The changes of a unified diff, with or without git's lines.

    Raises:
        DiffError: it is none, or has no change.
    """
    lines = text.split("\n")
    changes: list[FileChange] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            changes.append(FileChange(_path(line[4:], "a/"), _path(lines[at + 1][4:], "b/")))
            at += 2
        elif line.startswith("@@ ") and changes:
            hunk, at = _hunk(lines, at)
            changes[-1].hunks.append(hunk)
        elif not line.strip() or _BETWEEN.match(line):
            at += 1
        else:
            raise DiffError(f"line {at + 1} is no part of a unified diff")
    if not changes or not all(change.hunks for change in changes):
        raise DiffError("there is no change in it")
    return changes


def _path(written: str, side: str) -> str | None:
    path = written.split("\t", maxsplit=1)[0].strip()
    return None if path == _NOTHING else path.removeprefix(side)


def _hunk(lines: Sequence[str], at: int) -> tuple[Hunk, int]:
    head = _HUNK.match(lines[at])
    if head is None:
        raise DiffError(f"line {at + 1} is no head of a hunk")
    before, after = int(head[2] or 1), int(head[4] or 1)
    hunk = Hunk(int(head[1]))
    at += 1
    last: list[list[str]] = []
    while at < len(lines) and (before > 0 or after > 0 or lines[at].startswith("\\")):
        line = lines[at]
        sign, rest = line[:1], line[1:] + "\n"
        if line == _NO_NEWLINE and last:
            for side in last:
                side[-1] = side[-1].removesuffix("\n")
            at += 1
            continue
        sides = {" ": [hunk.old, hunk.new], "": [hunk.old, hunk.new], "-": [hunk.old], "+": [hunk.new]}.get(sign)
        if sides is None:
            raise DiffError(f"line {at + 1} belongs to no side of its hunk")
        for side in sides:
            side.append(rest)
        before -= sign != "+"
        after -= sign != "-"
        last = sides
        at += 1
    if before or after:
        raise DiffError(f"the hunk that ends at line {at} has other lines than its head says")
    return hunk, at


def applied(changes: Sequence[FileChange], files: Mapping[str, str]) -> dict[str, str]:
    """The files after the changes.

    Raises:
        DiffError: one of them does not apply.
    """
    after = dict(files)
    for change in changes:
        if change.before is not None and change.before not in after:
            raise DiffError(f"there is no file {change.before[:100]!r}")
        if change.before is None and change.after in after:
            raise DiffError("a file that it makes is there already")
        text = after.pop(change.before) if change.before is not None else ""
        text = _changed(text, change)
        if change.after is not None:
            after[change.after] = text
        elif text:
            raise DiffError("a file that it removes would not be empty")
    return after


def _changed(text: str, change: FileChange) -> str:
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]  # what stands after the last end of line has none itself
    if not lines[-1]:
        del lines[-1]
    made: list[str] = []
    used = 0
    tries = _MOST_LINES_TRIED
    for hunk in change.hunks:
        stated = hunk.start - 1 if hunk.old else hunk.start
        place, tries = _place(lines, hunk.old, used, stated, tries)
        made += lines[used:place] + hunk.new
        used = place + len(hunk.old)
    return "".join(made + lines[used:])


def _place(lines: list[str], old: list[str], first: int, stated: int, tries: int) -> tuple[int, int]:
    """Where the lines stand, nearest to where they are said to, at `first` or later; and how many lines may still be tried."""
    last = len(lines) - len(old)
    if not old:
        if not first <= stated <= len(lines):
            raise DiffError("a hunk adds lines beyond the end of its file")
        return stated, tries
    for distance in range(max(stated - first, last - stated, 0) + 1):
        for place in (stated - distance, stated + distance)[: 2 if distance else 1]:
            if first <= place <= last:
                tries -= 1
                if lines[place] == old[0]:
                    tries -= len(old)
                    if lines[place : place + len(old)] == old:
                        return place, tries
                if tries < 0:
                    raise DiffError("it takes too long to find the place of a hunk")
    raise DiffError("the lines of a hunk are not in the file")
