"""`Scene`: a task in the making. A template puts files into it, and then says what is to become of them."""

import io
import shlex
import struct
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from textgym.core import Random, RedrawError
from textgym.envs.code.terminal.goal import Goal, How, Wanted
from textgym.envs.code.terminal.tree import Node, Tree, in_order, parents

YEAR_BEGINS = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Job:
    """What a template asks for.

    Attributes:
        text: the instruction, in English.
        solution: commands that do it, one a turn.
        wrong: scripts that look right and are not, by what is wrong with them.
    """

    text: str
    solution: list[str]
    wrong: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of task.

    Attributes:
        name: its name; the family by which tasks are split.
        topic: what it is about.
        level: 1 (one idea), 2 (several), 3 (a plan).
        build: fills a scene, and says what is asked.
    """

    name: str
    topic: str
    level: int
    build: Callable[["Scene"], Job]


class Scene:
    """Files at the start, and what is to become of them.

    The first group of methods puts files there; the second, called after it, describes the end.
    """

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.tree: Tree = {}
        self._wanted: dict[str, Wanted] = {}
        self._gone: set[str] = set()

    # -- the start -----------------------------------------------------------------------------------------------------

    def file(self, path: str, content: str | bytes = "", mode: int = 0o644, mtime: int | None = None) -> str:
        """Put a file, and the directories above it; the path. Without `mtime`, it was written some time in 2024.

        Raises:
            RedrawError: something else has that name already, as happens with names that are drawn.
        """
        data = content.encode() if isinstance(content, str) else content
        written = self.moment() if mtime is None else mtime
        return self._put(path, Node("file", mode, written, data))

    def append(self, path: str, text: str) -> None:
        """Add text to a file that is there."""
        node = self.tree[path]
        self.tree[path] = replace(node, data=node.data + text.encode())

    def folder(self, path: str, mode: int = 0o755) -> str:
        """Put a directory, and those above it, or take the one that is there; the path."""
        if path in self.tree and self.tree[path].kind == "dir":
            del self.tree[path]
        return self._put(path, Node("dir", mode))

    def symlink(self, path: str, target: str) -> str:
        """Put a symbolic link; the path. Raises `RedrawError` as `file` does."""
        return self._put(path, Node("link", 0o777, 0, b"", target))

    def _put(self, path: str, node: Node) -> str:
        for parent in parents(path):
            if self.tree.setdefault(parent, Node("dir", 0o755)).kind != "dir":
                raise RedrawError
        if path in self.tree:
            raise RedrawError
        self.tree[path] = node
        return path

    def moment(self) -> int:
        """A second of the year 2024."""
        return YEAR_BEGINS + self.rng.randrange(365 * DAY)

    # -- the end -------------------------------------------------------------------------------------------------------

    def write(self, path: str, content: Any, how: How = "text", **more: Any) -> None:
        """At the end there is a file of this content, compared as `how` says."""
        self._gone.discard(path)
        self._wanted[path] = Wanted("file", how, content, **more)

    def make(self, path: str, mode: int | None = None) -> None:
        """At the end there is a directory of this path."""
        self._wanted[path] = Wanted("dir", mode=mode)

    def point(self, path: str, target: str) -> None:
        """At the end there is a link of this path with this target."""
        self._wanted[path] = Wanted("link", target=target)

    def copy(self, old: str, new: str, **more: Any) -> None:
        """At the end there is a file `new` with the bytes that `old` has at the start."""
        self._gone.discard(new)
        self._wanted[new] = Wanted("file", like=old, **more)

    def move(self, old: str, new: str, **more: Any) -> None:
        """At the end `old` is named `new`; where `old` is a directory, with all that is in it."""
        node = self.tree[old]
        self.remove(old)
        if node.kind == "file":
            self.copy(old, new, **more)
        elif node.kind == "link":
            self.point(new, node.target)
        else:
            self.make(new)
            for path in in_order(self.tree):
                if path.startswith(f"{old}/") and self.tree[path].kind == "file":
                    self.copy(path, new + path[len(old) :], **more)

    def remove(self, path: str) -> None:
        """At the end there is nothing of this path."""
        self._gone |= {each for each in self.tree if each == path or each.startswith(f"{path}/")} - self._wanted.keys()

    def chmod(self, path: str, mode: int) -> None:
        """At the end the file or directory is as it was, but for its mode."""
        node = self.tree[path]
        if node.kind == "dir":
            self._wanted[path] = Wanted("dir", mode=mode)
        else:
            self._wanted[path] = Wanted("file", like=path, mode=mode)

    def rewrite(self, path: str, content: Any, how: How = "exact") -> None:
        """At the end the file at `path` has this content, and the mode that it had."""
        self._wanted[path] = Wanted("file", how, content, mode=self.tree[path].mode)

    @property
    def goal(self) -> Goal:
        """What was described."""
        return Goal(dict(self._wanted), frozenset(self._gone))

    # -- looking around ------------------------------------------------------------------------------------------------

    def text(self, path: str) -> str:
        """The contents of a file at the start."""
        return self.tree[path].data.decode()

    def files(self, folder: str = "", ending: str = "") -> list[str]:
        """The files at the start below a directory, sorted, whose names end so."""
        below = f"{folder}/" if folder else ""
        return [
            path
            for path in in_order(self.tree)
            if path.startswith(below) and path.endswith(ending) and self.tree[path].kind == "file"
        ]


@dataclass(slots=True)
class Catalogue:
    """The templates, by name."""

    templates: dict[str, Template] = field(default_factory=dict)

    def add(self, name: str, topic: str, level: int) -> Callable[[Callable[[Scene], Job]], Callable[[Scene], Job]]:
        """A decorator that enters a template."""

        def enter(build: Callable[[Scene], Job]) -> Callable[[Scene], Job]:
            if name in self.templates:
                raise ValueError(f"two templates are named {name!r}")
            self.templates[name] = Template(name, topic, level, build)
            return build

        return enter


def q(*words: str) -> str:
    """Words as the shell reads them."""
    return " ".join(shlex.quote(word) for word in words)


def python(*lines: str) -> str:
    """A command that runs a Python program."""
    return "python3 - <<'END'\n" + "\n".join(lines) + "\nEND"


def gzipped(data: bytes) -> bytes:
    """Gzip, stored and without a time: the bytes do not depend on who compresses."""
    blocks = [data[start : start + 65_535] for start in range(0, len(data), 65_535)] or [b""]
    body = b"".join(
        struct.pack("<BHH", number == len(blocks) - 1, len(block), 65_535 - len(block)) + block
        for number, block in enumerate(blocks)
    )
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body + struct.pack("<II", zlib.crc32(data), len(data))


def tarred(files: Mapping[str, str | bytes], mtime: int = YEAR_BEGINS) -> bytes:
    """A tar archive of these files, the same on every machine."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(path)
            member.size, member.mtime, member.mode = len(data), mtime, 0o644
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def untouched(scene: Scene) -> bool:
    """Whether the goal of a scene is met by doing nothing, as that of no task may be."""
    return not scene.goal.unmet(scene.tree, {path: replace(node) for path, node in scene.tree.items()})
