"""The messages of a session: what is asked of a supervisor, and its answers, which are read as those of calls are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from textgym.sandbox.calls import Call
from textgym.sandbox.errors import SandboxLostError
from textgym.sandbox.file_names import check_name
from textgym.sandbox.results import Status

_STREAMS = ("stdout", "stderr", "channel")
_STATUSES = frozenset(get_args(Status))


@dataclass(frozen=True, slots=True)
class End:
    """How a kept program ended.

    Attributes:
        status, exit_code, signal, cpu_s, maxrss_mb, detail: as in `RunResult`.
    """

    status: Status
    exit_code: int | None = None
    signal: int | None = None
    cpu_s: float = 0.0
    maxrss_mb: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one exchange with a kept program gave.

    Attributes:
        reason: why it ended: empty where what was waited for came, else `ended`, `timeout`, or a limit in words.
        stdout, stderr, channel: what the program wrote since the last exchange.
        stdout_truncated, stderr_truncated: whether there was more.
        end: how the program ended, if it did.
        wall_s: how long the exchange took, in seconds.
        left_s: how much of the session's life is left, in seconds.
        unsent: how many bytes the program did not take.
    """

    reason: str
    stdout: bytes
    stderr: bytes
    channel: bytes
    stdout_truncated: bool
    stderr_truncated: bool
    end: End | None
    wall_s: float
    left_s: float
    unsent: int


class FileMap(dict[str, bytes]):
    """Files by name, and what could not be among them.

    Attributes:
        errors: why other files are not here, by name.
        whole: whether everything was looked at. It is not where there was more than the limit, or too much to look at.
    """

    def __init__(self, files: Mapping[str, bytes] = {}, errors: Mapping[str, str] = {}, whole: bool = True) -> None:
        super().__init__(files)
        self.errors = dict(errors)
        self.whole = whole


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the files that a session was opened with.

    Attributes:
        written: the new and the changed ones.
        removed: names of those that are gone, or that are no regular files any more, sorted.
    """

    written: FileMap
    removed: tuple[str, ...]


def start_head(call: Call, *, stdin: bool, channel: bool, announced: bool = False) -> tuple[dict[str, Any], bytes]:
    """Head and body of the message that starts a program.

    Args:
        call: program, files, environment and limits.
        stdin: whether it reads what is sent; otherwise its stdin is empty.
        channel: whether it has a socket to us on the descriptor of a result channel.
        announced: whether RESULT_FD tells it so.
    """
    source = call.source.encode() if isinstance(call.source, str) else call.source
    head = {
        "op": "start",
        "argv": None if call.argv is None else list(call.argv),
        "source": None if source is None else len(source),
        "files": [[name, len(data)] for name, data in call.files.items()],
        "env": dict(call.env),
        "limits": call.limits.model_dump(),
        "stdin": stdin,
        "channel": channel,
        "announced": announced,
    }
    return head, b"".join([source or b"", *call.files.values()])


def put_head(files: Mapping[str, bytes]) -> tuple[dict[str, Any], bytes]:
    """Head and body of the message that writes files. Raises `ValueError` for a name that leaves the working directory."""
    listed = [[check_name(name), len(data)] for name, data in files.items()]
    return {"op": "put", "files": listed}, b"".join(files.values())


def read_start(head: Mapping[str, Any]) -> End | None:
    """How a program ended that could not even be begun; None for one that runs. Raises `SandboxLostError` as `read_turn`."""
    try:
        return None if head["ended"] is None else _end(head["ended"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _malformed(error) from None


def read_turn(head: Mapping[str, Any], body: bytes) -> Turn:
    """The turn that an answer describes.

    Raises:
        SandboxLostError: it describes none.
    """
    try:
        blobs = _cut(body, [head.get(name, 0) for name in _STREAMS])
        return Turn(
            reason=str(head["reason"]),
            stdout=blobs[0],
            stderr=blobs[1],
            channel=blobs[2],
            stdout_truncated=bool(head["stdout_truncated"]),
            stderr_truncated=bool(head["stderr_truncated"]),
            end=None if head["ended"] is None else _end(head["ended"]),
            wall_s=float(head["wall_s"]),
            left_s=float(head["left_s"]),
            unsent=int(head["unsent"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _malformed(error) from None


def read_files(head: Mapping[str, Any], body: bytes) -> FileMap:
    """The files that an answer holds.

    Raises:
        SandboxLostError: it is of another form.
    """
    try:
        blobs = _cut(body, [size for _, size in head["files"]])
        files = {check_name(str(name)): blob for (name, _), blob in zip(head["files"], blobs, strict=True)}
        return FileMap(files, read_errors(head), bool(head.get("whole", True)))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _malformed(error) from None


def read_errors(head: Mapping[str, Any]) -> dict[str, str]:
    """Why files could not be read or written, by name. Raises `SandboxLostError` as `read_files`."""
    try:
        return {str(name): str(why) for name, why in head["errors"].items()}
    except (KeyError, AttributeError) as error:
        raise _malformed(error) from None


def read_changes(head: Mapping[str, Any], body: bytes, before: Collection[str]) -> Changes:
    """The changes that an answer describes, given the names of the files before. Raises `SandboxLostError` as `read_files`."""
    written = read_files(head, body)
    same = head.get("same")
    if not isinstance(same, list):
        raise _malformed(TypeError("no list of what is the same"))
    there = {name for name in same if isinstance(name, str)}
    return Changes(written, tuple(sorted(set(before) - there - set(written))) if written.whole else ())


def _end(found: Mapping[str, Any]) -> End:
    if found["status"] not in _STATUSES:
        raise ValueError("an unknown status")
    codes = [found["exit_code"], found["signal"]]
    if any(code is not None and type(code) is not int for code in codes):
        raise TypeError("an exit code is a whole number")
    return End(
        status=cast(Status, found["status"]),
        exit_code=codes[0],
        signal=codes[1],
        cpu_s=float(found["cpu_s"]),
        maxrss_mb=float(found["maxrss_mb"]),
        detail=str(found["detail"]),
    )


def _cut(body: bytes, sizes: list[Any]) -> list[bytes]:
    if any(type(size) is not int or size < 0 for size in sizes) or sum(sizes) != len(body):
        raise ValueError("the lengths do not add up")
    blobs, start = [], 0
    for size in sizes:
        blobs.append(body[start : start + size])
        start += size
    return blobs


def _malformed(error: Exception) -> SandboxLostError:
    return SandboxLostError(f"the supervisor's answer is malformed: {type(error).__name__}: {error}")
