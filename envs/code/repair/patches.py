"""Patches as models write them: `*** Begin Patch`, then files to add, delete or update, then `*** End Patch`.

    *** Begin Patch
    *** Update File: pkg/a.py
    @@ def area(w, h):
         check(w, h)
    -    return w + h
    +    return w * h
    *** Add File: notes.txt
    +one line
    *** Delete File: old.py
    *** End Patch

A hunk's context and removed lines must occur in the file, behind the hunk before; no line numbers are needed. A patch
applies as a whole or not at all, in time and memory in proportion to its length and to the files that it names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from textgym.envs.code.repair.tree import Files

_FILE = re.compile(r"\*\*\* (Add|Delete|Update) File: (.+)")
_MOVE = "*** Move to: "
_BEGIN, _END, _END_OF_FILE = "*** Begin Patch", "*** End Patch", "*** End of File"
_MOST_HUNKS = 200
_SHOWN = 120


class PatchError(ValueError):
    """The patch cannot be read, or does not apply; the message says where."""


@dataclass
class Hunk:
    """A stretch of lines and what takes its place, below a line that reads `anchor` if there is one."""

    anchor: str
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass
class FilePatch:
    """What a patch does to one file."""

    kind: Literal["Add", "Delete", "Update"]
    path: str
    move_to: str | None = None
    added: list[str] = field(default_factory=list)
    hunks: list[Hunk] = field(default_factory=list)


def parse_patch(text: str) -> list[FilePatch]:
    """The parts of a patch, one a file.

    Raises:
        PatchError: a line is none of the grammar's.
    """
    lines = text.strip("\n").split("\n")
    if lines and lines[0].strip() == _BEGIN:
        lines = lines[1:]
    else:
        raise PatchError(f"a patch begins with the line {_BEGIN!r}")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines or lines.pop().strip() != _END:
        raise PatchError(f"a patch ends with the line {_END!r}")
    parts: list[FilePatch] = []
    hunks = 0
    for number, line in enumerate(lines, 2):
        opening = _FILE.fullmatch(line.rstrip())
        if opening is not None:
            kind: Literal["Add", "Delete", "Update"] = opening[1]  # type: ignore[assignment]
            parts.append(FilePatch(kind, opening[2].strip()))
            continue
        if not parts:
            raise PatchError(f"line {number}: expected '*** Update File: PATH', got {line[:_SHOWN]!r}")
        part = parts[-1]
        if part.kind == "Update":
            hunks += _read_update_line(part, line, number)
            if hunks > _MOST_HUNKS:
                raise PatchError(f"line {number}: more than {_MOST_HUNKS} hunks; write smaller patches")
        elif part.kind == "Add" and line.startswith("+"):
            part.added.append(line[1:])
        elif line.strip():
            raise PatchError(f"line {number}: a line of a {part.kind.lower()}ed file cannot be {line[:_SHOWN]!r}")
    if not parts:
        raise PatchError("the patch names no file")
    if len({part.path for part in parts}) < len(parts):
        raise PatchError("the patch names a file twice; put its hunks under one heading")
    return parts


def _read_update_line(part: FilePatch, line: str, number: int) -> int:
    """Take in one line below an update's heading; how many hunks it begins."""
    if line.startswith(_MOVE) and not part.hunks:
        part.move_to = line[len(_MOVE) :].strip()
        return 0
    if line.rstrip() == _END_OF_FILE:
        return 0
    if line.startswith("@@"):
        part.hunks.append(Hunk(line[2:].strip().removesuffix("@@").strip()))
        return 1
    begun = 0
    if not part.hunks:
        part.hunks.append(Hunk(""))
        begun = 1
    hunk = part.hunks[-1]
    if line.startswith("-"):
        hunk.old.append(line[1:])
    elif line.startswith("+"):
        hunk.new.append(line[1:])
    elif line.startswith(" ") or not line:
        hunk.old.append(line[1:])
        hunk.new.append(line[1:])
    else:
        raise PatchError(f"line {number}: a line of a hunk begins with ' ', '-' or '+', not as {line[:_SHOWN]!r}")
    return begun


def apply_patch(tree: Files, text: str) -> dict[str, bytes | None]:
    """What a patch changes in a tree: the new contents by path, None for a deleted file.

    Raises:
        PatchError: it cannot be read, or does not apply.
    """
    changed: dict[str, bytes | None] = {}
    for part in parse_patch(text):
        here = tree.get(part.path)
        if part.kind == "Add":
            if here is not None:
                raise PatchError(f"{part.path} is there already; update it, or delete it first")
            changed[part.path] = "".join(f"{line}\n" for line in part.added).encode()
            continue
        if here is None:
            raise PatchError(f"there is no file {part.path[:_SHOWN]}")
        if part.kind == "Delete":
            changed[part.path] = None
            continue
        changed[part.path] = _updated(part, here)
        if part.move_to is not None:
            if part.move_to in tree or part.move_to in changed:
                raise PatchError(f"{part.move_to[:_SHOWN]} is there already")
            changed[part.move_to], changed[part.path] = changed[part.path], None
    return changed


def _updated(part: FilePatch, data: bytes) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise PatchError(f"{part.path} is no text") from None
    if not part.hunks and part.move_to is None:
        raise PatchError(f"nothing is to be changed in {part.path}")
    crlf = "\r\n" in text
    if crlf:
        text = text.replace("\r\n", "\n")
    # Every line stands between two line breaks, so that a stretch of whole lines can be searched for as text.
    rest, done = f"\n{text}" if text.endswith("\n") or not text else f"\n{text}\n", []
    for number, hunk in enumerate(part.hunks, 1):
        start = 0
        if hunk.anchor:
            start = _anchor(rest, hunk.anchor)
            if start < 0:
                raise PatchError(f"{part.path}, hunk {number}: no line reads {hunk.anchor[:_SHOWN]!r} from here on")
        if not hunk.old:
            at = end = start if hunk.anchor else len(rest) - 1
        else:
            block = "\n" + "\n".join(hunk.old) + "\n"
            at = rest.find(block, start)
            if at < 0:
                raise PatchError(
                    f"{part.path}, hunk {number}: its context and removed lines are not in the file"
                    f"{' below ' + repr(hunk.anchor[:_SHOWN]) if hunk.anchor else ''}; the first is {hunk.old[0][:_SHOWN]!r}"
                )
            end = at + len(block) - 1
        done.append(rest[:at] + "".join(f"\n{line}" for line in hunk.new))
        rest = rest[end:]
    result = ("".join(done) + rest)[1:]
    if text and not text.endswith("\n"):
        result = result.removesuffix("\n")
    return (result.replace("\n", "\r\n") if crlf else result).encode()


def _anchor(text: str, anchor: str) -> int:
    """Where the line break after the first line that reads `anchor`, indentation aside, is; -1 where none does."""
    at = 0
    while True:
        end = text.find("\n", at + 1)
        if end < 0:
            return -1
        if text[at:end].strip() == anchor:
            return end
        at = end


def describe_changes(changed: Mapping[str, bytes | None], tree: Files) -> str:
    """What a patch did, in a line for each file."""
    words = []
    for path, data in changed.items():
        verb = "Deleted" if data is None else "Updated" if path in tree else "Added"
        words.append(f"{verb} {path}.")
    return "\n".join(words)
