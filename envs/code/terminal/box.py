"""`run_command`: one shell command in a tree of files, in a sandbox. Tree in, tree out; nothing stays in between.

One call of the sandbox unpacks the tree, runs the command, and reports the tree as it is then (`guest.py`). What comes
back is data written by whoever ran there; it is checked before it is believed, and can say nothing but which files there
are. Processes end with the call, and so do `/tmp` and everything else outside the tree.
"""

import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from textgym.core import InfraError
from textgym.envs.code.terminal.tree import KINDS, Node, Tree, TreeError, check_tree, in_order
from textgym.sandbox import Call, Limits, RunResult, Sandbox, SandboxError
from textgym.sandbox.starvation import acall_fairly

HOME = "home"
"""Name of the tree's top in the sandbox's working directory, `/box`."""
PLACE = f"/box/{HOME}"

_SIZE = struct.Struct("!I")
_MAX_MTIME = 2**33
_FOLDER_TIME = 1_704_067_200
"""Directories are given this time of modification: no task asks for it, and the true one would differ every time."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one command may use and leave.

    Attributes:
        seconds: wall-clock time of the command.
        entries, bytes, path: most files and directories, bytes of all files, characters of a path that are kept.
        output: bytes written to the terminal after which the command is ended.
    """

    seconds: float = 20.0
    entries: int = 1500
    bytes: int = 2_000_000
    path: int = 400
    output: int = 8_000_000

    @property
    def limits(self) -> Limits:
        """The limits of the sandbox call around it."""
        return Limits(
            wall_s=self.seconds + 15,
            cpu_s=max(1.0, self.seconds / 2),
            memory_mb=512,
            processes=64,
            result_kb=2 * self.bytes // 1024 + 2048,
        )


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did.

    Attributes:
        tree: the files afterwards; None where they cannot be kept, and stay as they were.
        why: why they cannot.
        cwd: the directory in which the command ended, relative to the tree; None where it is not in the tree.
        exit_code: the shell's; 128 + the signal's number where one ended it; None where nothing is known.
        head, tail: the beginning and the end of what was written, at most 64 kB each.
        written: bytes written in all.
        stopped: `time` or `output` where that limit ended the command.
    """

    tree: Tree | None
    why: str = ""
    cwd: str | None = ""
    exit_code: int | None = None
    head: bytes = b""
    tail: bytes = b""
    written: int = 0
    stopped: str | None = None


async def run_command(box: Sandbox, tree: Tree, command: str, *, cwd: str, now: int, bounds: Bounds) -> Ran:
    """Run `command` with bash in the directory `cwd` of `tree`.

    Args:
        box: the pool of sandboxes.
        tree: the files.
        command: any text without a NUL character.
        cwd: a directory of the tree, relative; empty for its top.
        now: the modification time that files get which the command writes: the true one would be different every time.
        bounds: what it may use.

    Raises:
        InfraError: the sandbox failed, or the machine was too busy; nothing is known about the command.
    """
    order, blobs = _order(tree, command, cwd, bounds)
    files = {"order": _SIZE.pack(len(order)) + order + blobs}
    try:
        result = await acall_fairly(box, Call(source=_guest(), files=files, result=True, limits=bounds.limits))
    except SandboxError as error:
        raise InfraError(str(error)) from error
    if result.status in ("lost", "setup_error"):
        raise InfraError(f"the sandbox failed: {result.status}: {result.detail}")
    return read_report(result, now, bounds)


@cache
def _guest() -> bytes:
    return Path(__file__).with_name("guest.py").read_bytes()


def _order(tree: Tree, command: str, cwd: str, bounds: Bounds) -> tuple[bytes, bytes]:
    entries: list[list[Any]] = []
    blobs = []
    for path in in_order(tree):
        node = tree[path]
        more: int | str | None = None
        if node.kind == "file":
            blobs.append(node.data)
            more = len(node.data)
        elif node.kind == "link":
            more = node.target
        mtime = _FOLDER_TIME if node.kind == "dir" else node.mtime
        entries.append([node.kind, path, node.mode, mtime, more])
    order = {
        "home": HOME,
        "entries": entries,
        "command": command,
        "cwd": cwd,
        "seconds": bounds.seconds,
        "most_entries": bounds.entries,
        "most_bytes": bounds.bytes,
        "most_path": bounds.path,
        "most_output": bounds.output,
    }
    return json.dumps(order).encode("ascii"), b"".join(blobs)


def read_report(result: RunResult, now: int, bounds: Bounds) -> Ran:
    """What a report says, from a call that ended in whatever way.

    A report that is none is the doing of the command, which ran beside its writer: the files then stay as they were.
    """
    data = result.result or b""
    try:
        (size,) = _SIZE.unpack_from(data)
        head = json.loads(data[_SIZE.size : _SIZE.size + size])
        blobs = data[_SIZE.size + size :]
        if not isinstance(head, dict):
            raise TypeError
        why = head.get("unkeepable")
        tree = _tree(head["entries"], blobs, now, bounds) if why is None else None
        return Ran(
            tree=tree,
            why=str(why or "")[:200],
            cwd=_inside(head["cwd"], tree),
            exit_code=int(head["exit_code"]) & 0xFF,
            head=str(head["head"]).encode("latin-1"),
            tail=str(head["tail"]).encode("latin-1"),
            written=max(0, int(head["written"])),
            stopped=head["stopped"] if head["stopped"] in ("time", "output") else None,
        )
    except (struct.error, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return Ran(None, "the shell was ended from inside" if result.status != "cpu" else "it used too much CPU time")


def _tree(entries: Any, blobs: bytes, now: int, bounds: Bounds) -> Tree:
    if not isinstance(entries, list) or len(entries) > bounds.entries:
        raise TreeError("too many entries")
    tree: Tree = {}
    start = 0
    for kind, path, mode, mtime, more in entries:
        if kind not in KINDS or type(path) is not str or type(mode) is not int or len(path) > bounds.path:
            raise TreeError("no entry")
        path.encode()  # a lone surrogate raises
        data, target, written = b"", "", 0
        if kind == "file":
            if type(more) is not int or more < 0 or start + more > len(blobs):
                raise TreeError("no length")
            data, start = blobs[start : start + more], start + more
            written = now if mtime is None else min(max(int(mtime), 0), _MAX_MTIME)
        elif kind == "link":
            if type(more) is not str or not 0 < len(more.encode()) < 4096 or "\0" in more:
                raise TreeError("no target")
            target = more
        if path in tree:
            raise TreeError("a path twice")
        tree[path] = Node(kind, mode & 0o7777 if kind != "link" else 0o777, written, data, target)
    if start != len(blobs) or start > bounds.bytes:
        raise TreeError("lengths do not add up")
    check_tree(tree)
    return tree


def _inside(place: Any, tree: Tree | None) -> str | None:
    """The path in the tree of a directory inside the sandbox; None where it is not there."""
    if not isinstance(place, str) or tree is None:
        return None
    if place == PLACE:
        return ""
    path = place.removeprefix(f"{PLACE}/")
    return path if path != place and path in tree and tree[path].kind == "dir" else None
