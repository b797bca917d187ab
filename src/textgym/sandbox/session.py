"""`Session`: a slot of a pool that keeps its files and a program over many turns, for one user alone.

Two kinds: a `Shell` runs commands one after the other, a `Process` is a program that is written to and read from. What is
common to both is here: the files, the life, the end.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from textgym.sandbox.calls import MAX_BODY, Call
from textgym.sandbox.errors import SandboxClosedError, SandboxLostError, SessionEndedError, SessionFileError
from textgym.sandbox.file_names import check_name
from textgym.sandbox.limits import Limits
from textgym.sandbox.session_messages import (
    Changes,
    FileMap,
    Turn,
    put_head,
    read_changes,
    read_errors,
    read_files,
    read_start,
    read_turn,
    start_head,
)
from textgym.sandbox.supervisor import Supervisor
from textgym.sandbox.trees import FileTree, digests

T = TypeVar("T")
_START_SECONDS = 20.0
_FILE_SECONDS = 10.0
"""A sandbox that has not read or written a session's files in so long is lost; what it has not found by then is left out."""


class Seat(Protocol):
    """What a session holds of its pool."""

    @property
    def supervisor(self) -> Supervisor:
        """The sandbox's."""

    @property
    def closed(self) -> bool:
        """Whether the pool is closed."""

    @property
    def threads(self) -> Executor:
        """Where awaited work is done."""

    def leave(self) -> None:
        """Give the place back."""


class Session:
    """What a shell and a process have in common; made by `Sandbox.session`.

    Any thread may use it; what it is asked for is done one after the other. Close it, or use it as a context manager: until
    then its slot serves nobody else.

    Args:
        seat: its place in the pool.
        opened_with: the call that it begins with: program, files, environment, limits.
        life_s: how long it may last, in seconds of wall-clock time.
        stdin, channel, announced: as in `start_head`.
    """

    def __init__(
        self, seat: Seat, opened_with: Call, life_s: float, *, stdin: bool, channel: bool, announced: bool = False
    ) -> None:
        if not 0 < life_s <= 86400:
            raise ValueError(f"life_s is {life_s}; a session lives for more than 0 and at most 86400 seconds")
        self._seat = seat
        self._call = opened_with
        self._lock = threading.Lock()
        self._closed = False
        self._over = ""
        self._turns = 0
        head, body = start_head(opened_with, stdin=stdin, channel=channel, announced=announced)
        seat.supervisor.calls += 1
        opening = {**head, "op": "open", "life_s": life_s}
        end = read_start(self._exchange(opening, body, wait_s=_START_SECONDS, tree=opened_with.tree)[0])
        if end is not None:
            self.close()
            raise SessionEndedError(f"the session could not be begun: {end.detail or end.status}")

    @property
    def limits(self) -> Limits:
        """Its limits. The wall limit is that of a command which names none."""
        return self._call.limits

    @property
    def alive(self) -> bool:
        """Whether it can still be used, as far as is known: its life may have ended since the last turn."""
        return not self._closed and not self._over

    def write_files(self, files: Mapping[str, bytes]) -> None:
        """Write files into the working directory, with the rights of the programs; missing directories are made.

        Raises:
            ValueError: a name leaves the working directory.
            SessionFileError: some could not be written; its `errors` say which, and why. The others are.
            SessionEndedError: the session is over.
            SandboxLostError: the sandbox is lost.
        """
        head, body = put_head(files)
        with self._using():
            errors = read_errors(self._exchange(head, body, wait_s=_FILE_SECONDS)[0])
        if errors:
            raise SessionFileError("files could not be written: " + "; ".join(errors.values()), errors)

    def read_files(self, names: Sequence[str]) -> FileMap:
        """The regular files of these names, at most `limits.files_out_kb` in all; `errors` says why others are missing.

        Raises:
            ValueError: a name leaves the working directory.
            SessionEndedError: the session is over.
            SandboxLostError: the sandbox is lost.
        """
        wanted = [check_name(name) for name in names]
        most = self.limits.files_out_kb * 1024
        with self._using():
            return read_files(
                *self._exchange({"op": "fetch", "names": wanted, "most": most}, wait_s=_FILE_SECONDS, most=most)
            )

    def files(self) -> FileMap:
        """A snapshot: all regular files of the working directory, at most `limits.files_out_kb` in all.

        `session(files=...)` of it begins where this one is, but for modes, links, empty directories, and all that is not in a
        file. Links, devices and files too large are in `errors`.

        Raises:
            SessionEndedError: the session is over.
            SandboxLostError: the sandbox is lost.
        """
        with self._using():
            return read_files(*self._gather({}))

    def changes(self) -> Changes:
        """Which files differ from those that the session was opened with, by content; the others are not sent.

        Raises:
            SessionEndedError: the session is over.
            SandboxLostError: the sandbox is lost.
        """
        tree = self._call.tree
        known = {**(tree.digests if tree is not None else {}), **digests(self._call.files)}
        with self._using():
            return read_changes(*self._gather(known), known)

    def close(self) -> None:
        """End the session and everything in it; safe to call again, and from another thread.

        Where a turn is in progress the sandbox is ended under it, and that turn raises `SessionEndedError`.
        """
        free = self._lock.acquire(blocking=False)
        if not free:
            if self._closed:
                return
            self._over = self._over or "it was closed"
            self._seat.supervisor.kill()
            self._lock.acquire()
        try:
            if self._closed:
                return
            self._closed = True
            if not self._seat.supervisor.discard:
                try:
                    head, _ = self._seat.supervisor.exchange({"op": "close"}, wait_s=0.0)
                    self._seat.supervisor.discard = head.get("discard") is not False
                except SandboxLostError:
                    pass
            self._seat.leave()
        finally:
            self._lock.release()

    async def awrite_files(self, files: Mapping[str, bytes]) -> None:
        """`write_files`, awaited."""
        await self._awaited(lambda: self.write_files(files))

    async def aread_files(self, names: Sequence[str]) -> FileMap:
        """`read_files`, awaited."""
        return await self._awaited(lambda: self.read_files(names))

    async def afiles(self) -> FileMap:
        """`files`, awaited."""
        return await self._awaited(self.files)

    async def achanges(self) -> Changes:
        """`changes`, awaited."""
        return await self._awaited(self.changes)

    async def aclose(self) -> None:
        """`close`, awaited."""
        await asyncio.shield(self._awaited(self.close))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @contextmanager
    def _using(self) -> Iterator[None]:
        """Have the session to oneself for a turn."""
        with self._lock:
            if self._closed or self._over:
                raise SessionEndedError(f"the session is over: {self._over or 'it was closed'}", *self._unread())
            yield

    def _start(self, call: Call, *, stdin: bool, channel: bool) -> None:
        """Start another program in place of one that has ended."""
        head, body = start_head(call, stdin=stdin, channel=channel)
        self._exchange(head, body, wait_s=_START_SECONDS)

    def _talk(
        self, until: str, wait_s: float, *, stdin: bytes = b"", channel: bytes = b"", ends: bool, eof: bool = False
    ) -> Turn:
        """Write, and wait for what is described in the server's `Kept.talk`."""
        head = {
            "op": "talk",
            "stdin": len(stdin),
            "channel": len(channel),
            "until": until,
            "ends": ends,
            "eof": eof,
            "wall_s": wait_s,
        }
        most = 1024 * (2 * self.limits.output_kb + self.limits.result_kb)
        turn = read_turn(*self._exchange(head, stdin + channel, wait_s=wait_s, most=most))
        self._turns += 1
        if turn.left_s <= 0:
            self._over = "its life is"
        return turn

    def _gather(self, known: Mapping[str, str]) -> tuple[dict[str, Any], bytes]:
        most = self.limits.files_out_kb * 1024
        head = {"op": "gather", "known": dict(known), "most": most, "wall_s": _FILE_SECONDS}
        return self._exchange(head, wait_s=_FILE_SECONDS, most=most)

    def _exchange(
        self, head: Mapping[str, Any], body: bytes = b"", *, wait_s: float, most: int = 0, tree: FileTree | None = None
    ) -> tuple[dict[str, Any], bytes]:
        try:
            return self._seat.supervisor.exchange(head, body, wait_s=wait_s, most=min(most, MAX_BODY), tree=tree)
        except SandboxLostError as error:
            if self._seat.closed:
                raise SandboxClosedError("the sandbox was closed during the session") from None
            if self._over:
                raise SessionEndedError(f"the session is over: {self._over}") from None
            self._over = "its sandbox is lost"
            seen = self._unread()
            raise SandboxLostError(
                f"the sandbox of a session was lost after {self._turns} turns: {error}", *seen
            ) from None

    def _unread(self) -> tuple[bytes, bytes]:
        """What came of stdout and stderr, and was not handed out yet."""
        return b"", b""

    async def _awaited(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._seat.threads, work)
