"""`Sandbox`: a pool of sandboxes that any thread or coroutine may call.

A slot of the pool is one sandbox and serves one call at a time, so a program never meets another one. Slots are started when
they are first needed, replaced by a spare when they are worn or lost, and gone when the pool is closed or its process dies.
"""

import asyncio
import atexit
import contextlib
import dataclasses
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self, TypeVar

from textgym.sandbox.calls import Call
from textgym.sandbox.cases import Graded
from textgym.sandbox.errors import SandboxClosedError, SandboxLostError
from textgym.sandbox.grading import Cases, Grading, grade_cases
from textgym.sandbox.limits import Limits
from textgym.sandbox.provider import Provider
from textgym.sandbox.results import RunResult
from textgym.sandbox.seats import PooledSeat, Seats
from textgym.sandbox.spares import Spares
from textgym.sandbox.started import StartedSandbox, start_sandbox
from textgym.sandbox.starvation import arun_fairly
from textgym.sandbox.supervisor import Supervisor
from textgym.sandbox.trees import FileTree
from textgym.sandbox.turns import Turns, TurnsClosedError

T = TypeVar("T")


@dataclasses.dataclass(slots=True)
class _Slot:
    """A place for one sandbox; only the thread that checked it out touches it."""

    sandbox: StartedSandbox | None = None


class _Seat(PooledSeat):
    """A slot while a session has it."""

    def __init__(self, pool: "Sandbox", slot: _Slot) -> None:
        self._pool = pool
        self._slot: _Slot | None = slot
        self._sandbox = pool._started(slot)

    @property
    def supervisor(self) -> Supervisor:
        return self._sandbox.supervisor

    @property
    def closed(self) -> bool:
        return self._pool._closed

    @property
    def threads(self) -> ThreadPoolExecutor:
        return self._pool._executor("session")

    def renew(self) -> None:
        assert self._slot is not None
        self._pool._replace(self._slot)
        self._sandbox = self._pool._started(self._slot)

    def leave(self) -> None:
        slot, self._slot = self._slot, None
        if slot is not None:
            self._pool._leave(slot)


class Sandbox(Seats):
    """A pool of sandboxes of one provider; made by `open_sandbox`.

    Args:
        provider: starts the sandboxes.
        slots: how many there are at most, and so how many calls run at a time.
        limits: the limits of calls that name none.
        spares: how many further sandboxes are kept started, so that none is waited for when one is replaced.
    """

    def __init__(self, provider: Provider, slots: int, limits: Limits, spares: int = 0) -> None:
        if slots < 1:
            raise ValueError(f"slots is {slots}; a pool has at least one")
        if spares < 0:
            raise ValueError(f"spares is {spares}; there can be none, but not fewer")
        super().__init__()
        self.provider = provider
        self.slots = slots
        self.spares = spares
        self.limits = limits
        self._pid = os.getpid()
        self._closed = False
        self._changing = threading.Lock()
        self._all = [_Slot() for _ in range(slots)]
        # The slot used last is used next: it is started, and its memory is warm.
        self._turns = Turns(reversed(self._all))
        self._spares = Spares(lambda: start_sandbox(provider), spares)
        self._threads: dict[str, ThreadPoolExecutor] = {}
        atexit.register(self.close)

    def run(
        self,
        argv: Sequence[str],
        *,
        stdin: bytes = b"",
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        result: bool = False,
        files_out: Sequence[str] = (),
        tree: FileTree | None = None,
    ) -> RunResult:
        """Run a program of the sandbox's own system, or one of `files`.

        Args:
            argv: the program and its arguments; no shell sees them.
            stdin, files, env, limits, result, files_out, tree: as in `Call`.

        Returns:
            What happened. A program that fails, in whatever way, is a result and no exception.

        Raises:
            ValueError: the call is malformed (a file name that leaves the working directory, an empty argv).
            SandboxClosedError: the pool is closed.
            SandboxUnavailableError, ImageError: no sandbox can be started here any more.
        """
        return self.call(
            Call(
                argv=list(argv),
                stdin=stdin,
                files=files or {},
                env=env or {},
                limits=limits or self.limits,
                result=result,
                files_out=files_out,
                tree=tree,
            )
        )

    def run_python(
        self,
        source: str | bytes,
        *,
        stdin: bytes = b"",
        files: Mapping[str, bytes] | None = None,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        result: bool = False,
        files_out: Sequence[str] = (),
        tree: FileTree | None = None,
    ) -> RunResult:
        """Run Python source as a script, in a fresh fork of an interpreter that is up already.

        Args:
            source: the script.
            stdin, files, env, limits, result, files_out, tree: as in `Call`.

        Returns:
            What happened, as for `run`, which also tells what is raised.
        """
        return self.call(
            Call(
                source=source,
                stdin=stdin,
                files=files or {},
                env=env or {},
                limits=limits or self.limits,
                result=result,
                files_out=files_out,
                tree=tree,
            )
        )

    def call(self, call: Call) -> RunResult:
        """Run a call; waits for a free slot.

        A sandbox that is lost under a call is replaced and the call made once more; if that one is lost too, the result's
        status is `lost`. It must not be counted against the program: see `RunResult.status`.
        """
        slot = self._check_out()
        try:
            try:
                return self._attempt(slot, call)
            except SandboxLostError:
                self._replace(slot)
            try:
                return dataclasses.replace(self._attempt(slot, call), retried=True)
            except SandboxLostError as error:
                self._replace(slot)
                return RunResult("lost", stdout=error.stdout, stderr=error.stderr, detail=str(error), retried=True)
        finally:
            self._check_in(slot)

    def run_many(self, calls: Sequence[Call]) -> list[RunResult]:
        """Run calls, as many at a time as there are slots; their results in the same order."""
        if len(calls) == 1:
            return [self.call(calls[0])]
        return list(self._executor("run").map(self.call, calls))

    def grade_cases(
        self,
        source: str | bytes,
        entry: str | None = None,
        cases: Cases = (),
        *,
        limits: Limits | None = None,
        **options: Any,
    ) -> Graded:
        """Run `source` on the inputs of the cases, and compare what comes back, here, with what is expected.

        Args:
            source, entry, cases, limits, options: as in `Grading.of`.

        Raises:
            ValueError: there are no cases, one is malformed, or no function is named for it.
        """
        return grade_cases(self, source, entry, cases, limits=limits or self.limits, **options)

    async def arun(self, argv: Sequence[str], **options: Any) -> RunResult:
        """`run`, awaited. A cancelled call still runs to its end or its limit, and then frees its slot."""
        return await self._awaited(lambda: self.run(argv, **options))

    async def arun_python(self, source: str | bytes, **options: Any) -> RunResult:
        """`run_python`, awaited; cancelled as `arun`."""
        return await self._awaited(lambda: self.run_python(source, **options))

    async def acall(self, call: Call) -> RunResult:
        """`call`, awaited; cancelled as `arun`."""
        return await self._awaited(lambda: self.call(call))

    async def arun_many(self, calls: Sequence[Call]) -> list[RunResult]:
        """`run_many`, awaited; cancelled as `arun`."""
        return list(await asyncio.gather(*(self.acall(call) for call in calls)))

    async def agrade_cases(
        self,
        source: str | bytes,
        entry: str | None = None,
        cases: Cases = (),
        *,
        limits: Limits | None = None,
        **options: Any,
    ) -> Graded:
        """`grade_cases`, awaited; cancelled as `arun`. A run that the machine may have starved is made again.

        Raises:
            ValueError: as `grade_cases`.
            InfraError: the machine is too busy (`arun_fairly`).
        """
        grading = Grading.of(source, entry, cases, limits=limits or self.limits, **options)
        runs = await arun_fairly(self, grading.calls)
        return await asyncio.to_thread(grading.verdict, runs)  # a large hostile value takes a second to compare

    def warm_up(self) -> None:
        """Start every slot now, so that no call waits for that; the spares follow in the background.

        Raises:
            SandboxError: one could not be started.
        """
        held = self._turns.take_all_free()  # those in use are up already
        try:
            list(self._executor("run").map(self._started, held))
        finally:
            for slot in held:
                self._check_in(slot)

    def describe(self) -> dict[str, Any]:
        """Provider, slots, spares and limits, as plain data."""
        return {
            **self.provider.describe(),
            "slots": self.slots,
            "spares": self.spares,
            "limits": self.limits.model_dump(),
        }

    def close(self) -> None:
        """End every sandbox, whatever runs in it; safe to call again. In a forked child it does nothing."""
        if os.getpid() != self._pid:
            return
        with self._changing:
            if self._closed:
                return
            self._closed = True
        self._turns.close()
        atexit.unregister(self.close)
        # A slot in use is ended under its call, which sees it lost and then, that the pool is closed.
        ending = [threading.Thread(target=self._end, args=(slot,)) for slot in self._all]
        for thread in ending:
            thread.start()
        self._spares.close()
        for thread in ending:
            thread.join()
        for threads in self._threads.values():
            threads.shutdown(wait=False)
        release = getattr(self.provider, "close", None)
        if release is not None:
            release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_out(self) -> _Slot:
        if self._pid != os.getpid():
            raise SandboxClosedError("a sandbox does not outlive a fork: open one in each process")
        try:
            return self._turns.take()
        except TurnsClosedError:
            raise SandboxClosedError("the sandbox is closed") from None

    def _check_in(self, slot: _Slot) -> None:
        self._turns.give_back(slot)

    def _take_seat(self) -> PooledSeat:
        slot = self._check_out()
        try:
            return _Seat(self, slot)
        except BaseException:
            self._leave(slot)
            raise

    def _leave(self, slot: _Slot) -> None:
        if slot.sandbox is not None and slot.sandbox.worn(self.provider.max_calls):
            self._replace(slot)
        self._check_in(slot)

    def _attempt(self, slot: _Slot, call: Call) -> RunResult:
        try:
            sandbox = self._started(slot)
            result = sandbox.supervisor.run(call)
        except SandboxLostError:
            if self._closed:
                raise SandboxClosedError("the sandbox was closed during the call") from None
            raise
        if sandbox.worn(self.provider.max_calls):
            self._replace(slot)
        return result

    def _started(self, slot: _Slot) -> StartedSandbox:
        if slot.sandbox is not None and slot.sandbox.worn(self.provider.max_calls):
            self._replace(slot)
        if slot.sandbox is not None:
            return slot.sandbox
        return self._place(slot, self._spares.take() or start_sandbox(self.provider))

    def _replace(self, slot: _Slot) -> None:
        """Put a spare in the place of a slot's sandbox, nothing where none is ready, and end that one beside the calls."""
        spare = self._spares.take(self._emptied(slot))
        if spare is not None:
            with contextlib.suppress(SandboxClosedError):  # what came of the call before is no less true
                self._place(slot, spare)

    def _place(self, slot: _Slot, sandbox: StartedSandbox) -> StartedSandbox:
        with self._changing:
            if not self._closed:
                slot.sandbox = sandbox
                if all(each.sandbox is not None for each in self._all):
                    self._spares.fill()
                return sandbox
        sandbox.end()
        raise SandboxClosedError("the sandbox is closed")

    def _emptied(self, slot: _Slot) -> StartedSandbox | None:
        with self._changing:
            sandbox, slot.sandbox = slot.sandbox, None
            return sandbox

    def _end(self, slot: _Slot) -> None:
        sandbox = self._emptied(slot)
        if sandbox is not None:
            sandbox.end()

    def _executor(self, purpose: str) -> ThreadPoolExecutor:
        """Threads for one purpose. What awaits may itself run many calls: of one pool of threads, it could hold the last."""
        with self._changing:
            if self._closed:
                raise SandboxClosedError("the sandbox is closed")
            if purpose not in self._threads:
                self._threads[purpose] = ThreadPoolExecutor(self.slots, f"textgym-sandbox-{purpose}")
            return self._threads[purpose]

    async def _awaited(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor("await"), work)
