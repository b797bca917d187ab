"""What is sent to a supervisor, and what comes back: plain data, and its bytes on the wire.

A message is a frame: 4 bytes length of the head (big-endian), 4 bytes length of the body, the head (JSON), the body (the
blobs that the head lists, one after the other). Both ends bound both lengths before they read. What comes from a sandbox
is hostile: it is parsed, never unpickled, and no length in it is believed beyond the bounds.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from textgym.sandbox.errors import SandboxLostError
from textgym.sandbox.file_names import check_name
from textgym.sandbox.limits import Limits
from textgym.sandbox.results import RunResult
from textgym.sandbox.trees import FileTree

HEADER = struct.Struct("!II")
MAX_HEAD = 1 << 20
MAX_BODY = 1 << 30


@dataclass(frozen=True, slots=True)
class Call:
    """One call: a program, what it is given, and what is to be fetched afterwards.

    Attributes:
        argv: the program and its arguments; exclusive with `source`.
        source: Python source, run as `__main__` in a child of the zygote; exclusive with `argv`.
        stdin: what the program reads.
        files: files put into its working directory first, by relative name.
        tree: files put there before those: what many calls have in common, so that it is sent to a sandbox only once.
        env: environment variables beside the few of the sandbox itself.
        limits: its limits.
        result: whether it gets a result channel. Its file descriptor is in the environment variable RESULT_FD.
        files_out: names of files to fetch afterwards, relative to the working directory.
    """

    argv: Sequence[str] | None = None
    source: str | bytes | None = None
    stdin: bytes = b""
    files: Mapping[str, bytes] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    result: bool = False
    files_out: Sequence[str] = ()
    tree: FileTree | None = None

    def __post_init__(self) -> None:
        if (self.argv is None) == (self.source is None):
            raise ValueError("a call needs either argv or source")
        if self.argv is not None and (not self.argv or any("\0" in part for part in self.argv)):
            raise ValueError("argv must name a program, and no part may hold a NUL character")
        for name in (*self.files, *self.files_out):
            check_name(name)


class Transport(Protocol):
    """A byte stream to a supervisor, and the means to end what is behind it."""

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises `SandboxLostError`."""

    def receive(self, count: int, timeout: float) -> bytes:
        """Receive exactly `count` bytes within `timeout` seconds. Raises `SandboxLostError`."""

    def kill(self) -> None:
        """End the sandbox behind the stream, whatever state it is in; safe to call again."""


def encode_call(call: Call, *, send_tree: bool = True) -> bytes:
    """The frame of a call, with its tree or with no more than the tree's digest."""
    source = call.source.encode() if isinstance(call.source, str) else call.source
    head = {
        "op": "run",
        "argv": None if call.argv is None else list(call.argv),
        "source": None if source is None else len(source),
        "stdin": len(call.stdin),
        "tree": name_tree(call.tree, send_tree),
        "files": [[name, len(data)] for name, data in call.files.items()],
        "env": dict(call.env),
        "limits": call.limits.model_dump(),
        "result": call.result,
        "files_out": list(call.files_out),
    }
    tree = call.tree.blob if call.tree is not None and send_tree else b""
    return frame(head, b"".join([tree, source or b"", call.stdin, *call.files.values()]))


def name_tree(tree: FileTree | None, sent: bool) -> dict[str, Any] | None:
    """What a head says about a tree; one that is sent is the beginning of the body."""
    return None if tree is None else {"digest": tree.digest, "files": tree.listing if sent else None}


def frame(head: Mapping[str, Any], body: bytes = b"") -> bytes:
    """The bytes of a message."""
    text = json.dumps(head).encode()
    if len(text) > MAX_HEAD or len(body) > MAX_BODY:
        raise ValueError(f"a message of {len(text)} + {len(body)} bytes is larger than a sandbox takes")
    return HEADER.pack(len(text), len(body)) + text + body


def read_message(transport: Transport, timeout: float, max_body: int) -> tuple[dict[str, Any], bytes]:
    """The next message from a supervisor.

    Raises:
        SandboxLostError: the stream ended, was late, or holds something else than a message.
    """
    head_size, body_size = HEADER.unpack(transport.receive(HEADER.size, timeout))
    if head_size > MAX_HEAD or body_size > max_body:
        raise SandboxLostError(f"the supervisor announced a message of {head_size} + {body_size} bytes")
    try:
        head = json.loads(transport.receive(head_size, timeout))
    except (ValueError, RecursionError) as error:
        raise SandboxLostError(f"the supervisor sent something that is no message: {error}") from None
    if not isinstance(head, dict):
        raise SandboxLostError("the supervisor sent something that is no message")
    return head, transport.receive(body_size, timeout)


def decode_result(head: Mapping[str, Any], body: bytes) -> RunResult:
    """The result that a supervisor's answer describes.

    The head has `status`, `exit_code`, `signal`, `wall_s`, `cpu_s`, `maxrss_mb`, `detail`, `stdout` and `stderr` (lengths),
    `stdout_truncated`, `stderr_truncated`, `result` (length or null), `files` ([name, length] pairs), `file_errors`.

    Raises:
        SandboxLostError: it is not of that form.
    """
    try:
        sizes = [head["stdout"], head["stderr"], head["result"] or 0, *(size for _, size in head["files"])]
        if any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(body):
            raise ValueError("the lengths do not add up")
        blobs, start = [], 0
        for size in sizes:
            blobs.append(body[start : start + size])
            start += size
        return RunResult(
            status=head["status"],
            exit_code=head["exit_code"],
            signal=head["signal"],
            stdout=blobs[0],
            stderr=blobs[1],
            stdout_truncated=bool(head["stdout_truncated"]),
            stderr_truncated=bool(head["stderr_truncated"]),
            result=None if head["result"] is None else blobs[2],
            files={str(name): blob for (name, _), blob in zip(head["files"], blobs[3:], strict=True)},
            file_errors={str(name): str(why) for name, why in head["file_errors"].items()},
            wall_s=float(head["wall_s"]),
            cpu_s=float(head["cpu_s"]),
            maxrss_mb=float(head["maxrss_mb"]),
            detail=str(head["detail"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SandboxLostError(f"the supervisor's answer is malformed: {type(error).__name__}: {error}") from None
