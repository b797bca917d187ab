"""What a pool offers for longer than a call: sessions, and verdicts that need two of its sandboxes at a time."""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, overload

from textgym.sandbox.calls import Call
from textgym.sandbox.errors import SandboxLostError
from textgym.sandbox.judging.relay import judge_objects
from textgym.sandbox.judging.verdict import Judged, test_names
from textgym.sandbox.limits import Limits
from textgym.sandbox.process import Process
from textgym.sandbox.session import Seat
from textgym.sandbox.shell import SHELL, Shell
from textgym.sandbox.trees import FileTree


class PooledSeat(Seat, ABC):
    """A seat whose sandbox can be replaced."""

    @abstractmethod
    def renew(self) -> None:
        """Put another sandbox in the place of a lost one."""


class Seats(ABC):
    """A pool in which one can take a seat."""

    limits: Limits
    slots: int

    def __init__(self) -> None:
        # Whoever needs two seats takes both before anyone else who does: with one each, they would wait for each other.
        self._taking_two = threading.Lock()

    @abstractmethod
    def _take_seat(self) -> PooledSeat:
        """A free seat, with a sandbox that is up; waits for one."""

    @abstractmethod
    def _executor(self, purpose: str) -> Executor:
        """Threads for one purpose."""

    @overload
    def session(
        self,
        argv: None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        tree: FileTree | None = None,
        life_s: float = 3600.0,
    ) -> Shell: ...
    @overload
    def session(
        self,
        argv: Sequence[str],
        *,
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        tree: FileTree | None = None,
        life_s: float = 3600.0,
    ) -> Process: ...
    def session(
        self,
        argv: Sequence[str] | None = None,
        *,
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        tree: FileTree | None = None,
        life_s: float = 3600.0,
    ) -> Shell | Process:
        """Open a session: a shell, or a program of one's own, that keeps a slot until it is closed; waits for a free one.

        Args:
            argv: the program and its arguments; a shell unless given.
            files, env, tree: as in `Call`.
            limits: of each process as in `Call`; `wall_s` is that of a shell's command which names none.
            life_s: how long the session may last, in seconds of wall-clock time by the supervisor's clock.

        Raises:
            ValueError: a file name leaves the working directory, argv is empty, or `life_s` is out of range.
            SessionEndedError: it could not be begun as asked.
            SandboxLostError: the sandbox was lost, and so was a second one.
            SandboxClosedError: the pool is closed.
            SandboxUnavailableError, ImageError: no sandbox can be started here any more.
        """
        call = Call(
            argv=SHELL if argv is None else list(argv),
            files=files or {},
            env=env or {},
            limits=limits or self.limits,
            tree=tree,
        )
        kind = Shell if argv is None else Process
        seat = self._take_seat()
        try:
            try:
                return kind(seat, call, life_s)
            except SandboxLostError:
                seat.renew()
                return kind(seat, call, life_s)
        except BaseException:
            seat.leave()
            raise

    @overload
    async def asession(self, argv: None = None, **options: Any) -> Shell: ...
    @overload
    async def asession(self, argv: Sequence[str], **options: Any) -> Process: ...
    async def asession(self, argv: Sequence[str] | None = None, **options: Any) -> Shell | Process:
        """`session`, awaited; its own waiting methods have twins as well, and it is an asynchronous context manager."""
        opening = _Opening(lambda: self.session(argv, **options))
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor("open"), opening.open)
        except asyncio.CancelledError:
            opening.give_up()
            raise

    def grade_objects(self, source: str, tests: str, *, limits: Limits | None = None) -> Judged:
        """Run tests on objects of `source`: the tests in one sandbox, the source in another, so that neither meets the other.

        Args:
            source: Python source of the candidate, loaded as the module `solution`.
            tests: Python source of trusted tests: functions `test_...`, with the module as their argument if they take one.
            limits: of both programs; `wall_s` is that of all tests together.

        Raises:
            ValueError: the tests are no Python or there are none, or the pool has only one slot.
            SandboxClosedError, SandboxUnavailableError, ImageError: as for `session`.
        """
        if self.slots < 2:
            raise ValueError("tests and what they test need a sandbox each: open a pool of at least 2 slots")
        return judge_objects(self._take_two_seats, source, tests, test_names(tests), limits or self.limits)

    async def agrade_objects(self, source: str, tests: str, *, limits: Limits | None = None) -> Judged:
        """`grade_objects`, awaited. Cancelled, it still comes to its end, and then frees its slots."""
        return await asyncio.get_running_loop().run_in_executor(
            self._executor("judge"), lambda: self.grade_objects(source, tests, limits=limits)
        )

    def _take_two_seats(self) -> tuple[Seat, Seat]:
        with self._taking_two:
            first = self._take_seat()
            try:
                return first, self._take_seat()
            except BaseException:
                first.leave()
                raise


class _Opening:
    """A session that is opened in a thread, for somebody who may not want it any more when it is."""

    def __init__(self, make: Callable[[], Shell | Process]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._wanted = True
        self._opened: Shell | Process | None = None

    def open(self) -> Shell | Process:
        session = self._make()
        with self._lock:
            self._opened = session
            wanted = self._wanted
        if not wanted:
            session.close()
        return session

    def give_up(self) -> None:
        with self._lock:
            self._wanted = False
            opened = self._opened
        if opened is not None:
            threading.Thread(target=opened.close, daemon=True).start()
