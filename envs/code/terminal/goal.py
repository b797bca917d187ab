"""`Goal`: what the files must be at the end, and `Goal.unmet`: what of it they are not. Files are read as data only.

A goal is the tree at the start with what the task changes: every path that it does not name must be exactly as it was,
and no further path may exist. So collateral damage, forgotten files and left-over scratch are misses like any other.
"""

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from textgym.actions.bounded_json import JsonError, load_json
from textgym.envs.code.terminal.archives import ArchiveError, gunzip, read_tar
from textgym.envs.code.terminal.tree import Node, Tree, parents

How = Literal["text", "exact", "lines", "json", "csv", "number", "tar", "gzip"]
"""How the contents of a file are compared.

`text`: as text, but for newlines at the end. `exact`: byte for byte. `lines`: as lines in any order. `json`: as JSON values.
`csv`: as rows of cells. `number`: as one number, within the tolerance given. `tar`: as the members of an archive, plain or
gzipped. `gzip`: as what unpacks to the text.
"""

_LONGEST = 1_000_000
_VALUES = ("json", "csv", "number", "tar")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One path of a goal.

    Attributes:
        kind: file, directory or link.
        how: how a file's contents are compared.
        content: what they are compared with: text, a JSON value, rows, a number, or members as {path: text}.
        like: the path at the start whose bytes the file has, instead of `content`.
        mode: permission bits, or None for any.
        mtime: time of modification in seconds, or None for any.
        target: where a link points, as written.
        tolerance: how far a number may be off.
    """

    kind: Literal["file", "dir", "link"] = "file"
    how: How = "text"
    content: Any = None
    like: str | None = None
    mode: int | None = None
    mtime: int | None = None
    target: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Goal:
    """The files that a task asks for: changes to those at the start.

    Attributes:
        wanted: the paths that are new, or not what they were.
        gone: the paths that may no longer exist.
    """

    wanted: Mapping[str, Wanted] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def unmet(self, before: Tree, after: Tree) -> list[str]:
        """What is not as it should be, a sentence for each path, in the order of paths; empty where the goal is met."""
        made = {parent for path in self.wanted for parent in parents(path)}
        problems = []
        for path in sorted({*before, *after, *self.wanted, *made}):
            node = after.get(path)
            want = self.wanted.get(path)
            if want is not None:
                problem = _miss(want, node, before)
            elif path in self.gone:
                problem = None if node is None else "should be gone"
            elif path in before:
                problem = None if _same(before[path], node) else "should be as it was"
            elif path in made:
                problem = None if node is not None and node.kind == "dir" else "should be a directory"
            else:
                problem = "should not be there"
            if problem is not None:
                problems.append(f"{path}: {problem}")
        return problems

    def dump(self) -> tuple[str, dict[str, str]]:
        """The goal as JSON text, and apart from it the contents that it asks for, each as a text."""
        contents = {
            path: want.content if isinstance(want.content, str) else json.dumps(want.content)
            for path, want in sorted(self.wanted.items())
            if want.kind == "file" and want.like is None
        }
        rest = {
            path: [want.kind, want.how, want.like, want.mode, want.mtime, want.target, want.tolerance]
            for path, want in sorted(self.wanted.items())
        }
        return json.dumps([rest, sorted(self.gone)], ensure_ascii=False), contents

    @classmethod
    def load(cls, text: str, contents: Mapping[str, str]) -> "Goal":
        """The goal that `dump` wrote."""
        rest, gone = json.loads(text)
        wanted = {}
        for path, (kind, how, like, mode, mtime, target, tolerance) in rest.items():
            content = contents.get(path)
            if content is not None and how in _VALUES:
                content = json.loads(content)
            wanted[path] = Wanted(kind, how, content, like, mode, mtime, target, tolerance)
        return cls(wanted, frozenset(gone))


def _same(before: Node, after: Node | None) -> bool:
    """Whether a node is untouched; when a file was last written says nothing of what is in it."""
    return after is not None and (before.kind, before.mode, before.data, before.target) == (
        after.kind,
        after.mode,
        after.data,
        after.target,
    )


def _miss(want: Wanted, node: Node | None, before: Tree) -> str | None:
    if node is None:
        return "is missing"
    if node.kind != want.kind:
        return f"should be a {want.kind}, not a {node.kind}"
    if want.kind == "link":
        return None if node.target == want.target else "points elsewhere"
    if want.mode is not None and node.mode != want.mode:
        return f"has mode {node.mode:o} instead of {want.mode:o}"
    if want.mtime is not None and node.mtime != want.mtime:
        return "has another time of modification"
    if want.kind == "file":
        if want.like is not None:
            return None if node.data == before[want.like].data else "has other contents"
        if len(node.data) > _LONGEST:
            return "is far too long"
        if not _matches(want, node.data):
            return "has other contents"
    return None


def _matches(want: Wanted, data: bytes) -> bool:
    if want.how == "tar":
        return _same_members(want.content, data)
    try:
        if want.how == "gzip":
            data = gunzip(data)
        text = data.decode("utf-8")
    except (UnicodeDecodeError, ArchiveError):
        return False
    match want.how:
        case "exact":
            return bool(text == want.content)
        case "lines":
            return sorted(text.rstrip("\n").split("\n")) == sorted(want.content.rstrip("\n").split("\n"))
        case "json":
            return _same_json(want.content, text)
        case "csv":
            return _same_rows(want.content, text)
        case "number":
            return _near(want.content, text, want.tolerance)
        case _:
            return bool(text.rstrip("\n") == want.content.rstrip("\n"))


def _same_members(content: dict[str, str], data: bytes) -> bool:
    """Whether an archive holds these files and no others; directories may be members or not."""
    try:
        members = read_tar(data)
    except ArchiveError:
        return False
    files = {path: member for path, member in members.items() if member.kind != "dir"}
    folders = {parent for path in content for parent in parents(path)}
    if files.keys() != content.keys() or not {path for path in members if path not in files} <= folders:
        return False
    return all(member.kind == "file" and member.data == content[path].encode() for path, member in files.items())


def _same_json(content: Any, text: str) -> bool:
    try:
        return _equal(load_json(text), content)
    except JsonError:
        return False


def _equal(found: Any, wanted: Any) -> bool:
    """Equality of JSON values in which True is not 1; 2.0 is 2, as in JSON."""
    if isinstance(wanted, bool) or wanted is None or isinstance(wanted, str):
        return type(found) is type(wanted) and bool(found == wanted)
    if isinstance(wanted, int | float):
        if isinstance(found, bool) or not isinstance(found, int | float):
            return False
        return found == wanted or (isinstance(wanted, float) and math.isclose(found, wanted))
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_equal(one, other) for one, other in zip(found, wanted, strict=True))
        )
    return (
        isinstance(found, dict)
        and found.keys() == wanted.keys()
        and all(_equal(found[key], value) for key, value in wanted.items())
    )


def _same_rows(content: list[list[str]], text: str) -> bool:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return False
    return [row for row in rows if row] == content


def _near(content: float, text: str, tolerance: float) -> bool:
    word = text.strip()
    if not word or len(word) > 40 or not set(word) <= set("0123456789.-") or not word.isascii():
        return False
    try:
        return abs(float(word) - content) <= tolerance + 1e-9
    except ValueError:
        return False
