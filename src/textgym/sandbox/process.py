"""`Process`: a session with one program that is written to and read from while it runs."""

import time

from textgym.sandbox.calls import Call
from textgym.sandbox.errors import SessionEndedError, SessionTimeoutError
from textgym.sandbox.session import Seat, Session
from textgym.sandbox.session_messages import End, Turn


class Process(Session):
    """A session with a program of one's own. When it ends, everything that it started ends too; its files stay."""

    def __init__(self, seat: Seat, opened_with: Call, life_s: float) -> None:
        self._stdout = bytearray()
        self._stderr = bytearray()
        self._end: End | None = None
        super().__init__(seat, opened_with, life_s, stdin=True, channel=False)

    @property
    def end(self) -> End | None:
        """How the program ended; None while it runs, as far as is known: it may have ended since it was last asked for."""
        return self._end

    def write(self, data: bytes, *, wait_s: float = 10.0) -> None:
        """Write to the program's stdin; returns when its pipe has taken all.

        Raises:
            SessionTimeoutError: the program did not take it in `wait_s` seconds. What it did not take is dropped.
            SessionEndedError: the program has ended, or the session.
            SandboxLostError: the sandbox is lost.
        """
        with self._using():
            self._expect_program()
            if max(len(self._stdout), len(self._stderr)) >= self.limits.output_kb * 1024:
                raise SessionTimeoutError("what the program wrote has to be read first", *self._unread())
            turn = self._turn("sent", wait_s, stdin=data)
            if self._end is not None:
                self._expect_program()
            if turn.unsent:
                raise SessionTimeoutError(f"the program did not take {turn.unsent} of {len(data)} bytes in time")

    def close_stdin(self) -> None:
        """End the program's stdin. Raises as `write`."""
        with self._using():
            self._expect_program()
            self._turn("sent", 1.0, eof=True)

    def read(self, *, wait_s: float = 1.0) -> tuple[bytes, bytes]:
        """What the program wrote to stdout and stderr since the last time; waits at most `wait_s` seconds for a first byte.

        Raises:
            SessionEndedError: the session is over. The end of the program is none: then both are empty.
            SandboxLostError: the sandbox is lost.
        """
        with self._using():
            if not self._stdout and not self._stderr and self._end is None:
                self._turn("any", wait_s)
            return self._take(len(self._stdout)), self._take_stderr()

    def read_until(self, mark: bytes, *, wait_s: float = 10.0) -> bytes:
        """What the program writes to stdout, up to and including `mark`. Stderr is left to `read`.

        Raises:
            ValueError: `mark` is empty.
            SessionTimeoutError: it did not come in time, or not within the limit of the output. What came is still there.
            SessionEndedError: the program ended, or the session, before it wrote that.
            SandboxLostError: the sandbox is lost.
        """
        if not mark:
            raise ValueError("mark is empty")
        deadline = time.monotonic() + wait_s
        searched = 0
        with self._using():
            while (at := self._stdout.find(mark, max(0, searched - len(mark) + 1))) < 0:
                searched = len(self._stdout)
                self._expect_program()
                left = deadline - time.monotonic()
                if left <= 0 or max(searched, len(self._stderr)) >= self.limits.output_kb * 1024:
                    why = "in time" if left <= 0 else "within the limit of the output"
                    raise SessionTimeoutError(f"the program did not write {mark!r:.100} {why}", *self._unread())
                self._turn("any", left)
            return self._take(at + len(mark))

    def signal(self, number: int) -> None:
        """Send a signal to the program and to every process that it started.

        Raises:
            ValueError: there is no such signal.
            SessionEndedError: the program has ended, or the session.
            SandboxLostError: the sandbox is lost.
        """
        if not 1 <= number <= 64:
            raise ValueError(f"there is no signal {number}")
        with self._using():
            self._expect_program()
            self._exchange({"op": "signal", "signal": int(number)}, wait_s=1.0)

    def wait(self, *, wait_s: float) -> End | None:
        """How the program ended, or None if it runs on after `wait_s` seconds; meanwhile what it writes is kept for `read`.

        Raises:
            SessionEndedError: the session is over, and the program was not known to have ended before.
            SandboxLostError: the sandbox is lost.
        """
        deadline = time.monotonic() + wait_s
        while self._end is None:
            with self._using():
                full = max(len(self._stdout), len(self._stderr)) >= self.limits.output_kb * 1024
                left = deadline - time.monotonic()
                if left <= 0 or full:
                    return None
                self._turn("any", left)
        return self._end

    async def awrite(self, data: bytes, *, wait_s: float = 10.0) -> None:
        """`write`, awaited."""
        await self._awaited(lambda: self.write(data, wait_s=wait_s))

    async def aread(self, *, wait_s: float = 1.0) -> tuple[bytes, bytes]:
        """`read`, awaited."""
        return await self._awaited(lambda: self.read(wait_s=wait_s))

    async def aread_until(self, mark: bytes, *, wait_s: float = 10.0) -> bytes:
        """`read_until`, awaited."""
        return await self._awaited(lambda: self.read_until(mark, wait_s=wait_s))

    def _turn(self, until: str, wait_s: float, *, stdin: bytes = b"", eof: bool = False) -> Turn:
        turn = self._talk(until, max(0.0, wait_s), stdin=stdin, ends=False, eof=eof)
        self._stdout += turn.stdout
        self._stderr += turn.stderr
        self._end = turn.end
        return turn

    def _expect_program(self) -> None:
        if self._end is not None:
            raise SessionEndedError(f"the program has ended: {self._end.status}", *self._unread())

    def _take(self, count: int) -> bytes:
        taken = bytes(self._stdout[:count])
        del self._stdout[:count]
        return taken

    def _take_stderr(self) -> bytes:
        taken = bytes(self._stderr)
        self._stderr.clear()
        return taken

    def _unread(self) -> tuple[bytes, bytes]:
        return bytes(self._stdout), bytes(self._stderr)
