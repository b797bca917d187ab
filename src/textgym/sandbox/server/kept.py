"""A program that is kept: its pipes, what goes in, what came out, and its end."""

from __future__ import annotations

import os
import select
import socket
import time
from typing import TYPE_CHECKING, Any

from . import wire
from .outcome import OUTCOME
from .streams import Stream, memory_file, read_report

if TYPE_CHECKING:
    from .main import Slot

BEGIN_SECONDS = 20.0
"""A program that has not even been begun after so long is ended."""

END_SECONDS = 3.0
"""After so long a program that cannot be ended is left to the host, which ends the whole sandbox."""

_FRAME = 4


class Kept:
    """A program between its start and its end.

    Its channel, if it has one, is a socket on the descriptor that a call's result channel would have: both ends write on it.

    Attributes:
        ended: how it ended, as `Slot.judge` says it, and with `reason` why it was; None while it runs.
    """

    def __init__(self, slot: Slot, head: dict[str, Any], payload: int) -> None:
        """Start it. `payload` is a memory file as a call has it."""
        self.ended: dict[str, Any] | None = None
        self._complaint: list[str] = []
        self._slot = slot
        self._limits: dict[str, Any] = head["limits"]
        caps = [self._limits[name] * 1024 for name in ("output_kb", "output_kb", "result_kb")]
        theirs = []
        stdin = memory_file("stdin")
        self._stdin = -1
        if head["stdin"]:
            os.close(stdin)
            stdin, self._stdin = os.pipe()
            os.set_blocking(self._stdin, False)
        theirs.append(stdin)
        self._streams = []
        for name, cap in zip(("stdout", "stderr"), caps):  # noqa: B905 (Python 3.9 has no strict)
            reading, writing = os.pipe()
            os.set_blocking(reading, False)
            self._streams.append(Stream(name, reading, cap))
            theirs.append(writing)
        self._report, saying = os.pipe()
        os.set_blocking(self._report, False)
        theirs.append(saying)
        self._channel: Stream | None = None
        if head["channel"]:
            ours, other = socket.socketpair()
            ours.setblocking(False)
            self._channel = Stream("channel", ours.detach(), caps[2])
            self._streams.append(self._channel)
            theirs.append(other.detach())
        self._given: list[list[int]] = []
        slot.ahead = 0
        socket.send_fds(slot.channel, [b"fork"], [payload, *theirs])
        for fd in theirs:
            os.close(fd)

    def await_beginning(self, until: float) -> None:
        """Return when the program itself runs, or could not be begun and has ended: its report closes then."""
        poll = select.poll()
        poll.register(self._report, select.POLLIN)
        left = min(BEGIN_SECONDS, until - time.monotonic())
        if not poll.poll(max(0.0, left) * 1000):
            self.end("timeout")
            return
        self._complaint = read_report(self._report)
        if self._complaint:
            self.end("refused")

    def give(self, given: int, stdin: int, channel: int) -> None:
        """Have the first bytes of a memory file written to stdin, and those after them to the channel."""
        if (stdin and self._stdin < 0) or (channel and self._channel is None):
            raise wire.BadFrameError("the program does not read there")
        self._given = [[self._stdin, given, 0, stdin]] if stdin else []
        if channel and self._channel is not None:
            self._given.append([self._channel.fd, given, stdin, channel])

    def talk(self, until: str, ends: bool, deadline: float) -> str:
        """Write what is given, and read, until there is what is waited for.

        Args:
            until: `line` or `frame`, whole on the channel; `any`, some bytes on any stream; `sent`, all is written.
            ends: whether the program is ended where it exceeds the deadline or the cap of a stream. Otherwise what exceeds a
                cap stays in its pipe for the next time.
            deadline: by the monotonic clock.

        Returns:
            Why it returned: empty for what was waited for, `ended`, `timeout`, or `output_limit` with the name of a stream.
        """
        if self.ended is not None:
            return "ended"
        reason = self._exchange(until, ends, deadline)
        if reason == "ended":
            self.end("")
        elif reason and ends:
            self.end(reason)
        elif not reason and until in ("line", "frame"):
            for stream in self._streams:  # whoever wrote on the channel has written the rest before
                if stream is not self._channel:
                    stream.drain()
        return reason

    def _exchange(self, until: str, ends: bool, deadline: float) -> str:
        poll = select.poll()
        by_fd = {stream.fd: stream for stream in self._streams}
        for stream in self._streams:
            poll.register(stream.fd, select.POLLIN)
        for fd, *_ in self._given:
            poll.register(fd, select.POLLOUT | (select.POLLIN if fd in by_fd else 0))
        channel = self._slot.channel.fileno()
        poll.register(channel, select.POLLIN)
        poll.register(0, 0)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "timeout"
            over = False
            for fd, event in poll.poll(left * 1000 + 1):
                if fd == channel:
                    over = True  # the streams that are ready as well are read first
                elif fd == 0:
                    if event & wire.ENDED:
                        raise wire.HostGoneError
                else:
                    if fd in by_fd and event & ~select.POLLOUT:
                        stream = by_fd[fd]
                        open_still = stream.read() if ends else stream.read_within()
                        if stream.truncated:
                            return f"output_limit: {stream.name}"
                        if not open_still or (not ends and len(stream.data) == stream.cap):
                            self._given = [part for part in self._given if part[0] != fd]
                            poll.unregister(fd)
                            continue
                    if event & select.POLLOUT:
                        self._write(poll, fd, fd in by_fd)
                    elif fd not in by_fd:
                        self._forget(poll, fd, False)
            if self._has(until):
                return ""
            if over:
                return "ended"

    def _write(self, poll: select.poll, fd: int, reads: bool) -> None:
        part = next(part for part in self._given if part[0] == fd)
        try:
            moved = os.sendfile(fd, part[1], part[2], part[3])
        except BlockingIOError:
            return
        except OSError:  # nobody reads there any more, which is for the program to decide
            moved = part[3]
        part[2] += moved
        part[3] -= moved
        if not part[3]:
            self._forget(poll, fd, reads)

    def _forget(self, poll: select.poll, fd: int, reads: bool) -> None:
        """Nothing more is to be written to a descriptor."""
        self._given = [part for part in self._given if part[0] != fd]
        if reads:
            poll.modify(fd, select.POLLIN)
        else:
            poll.unregister(fd)

    def _has(self, until: str) -> bool:
        if until == "any":
            return any(stream.data for stream in self._streams)
        if until == "sent":
            return not self._given
        data = self._channel.data if self._channel is not None else b""
        if until == "line":
            return b"\n" in data
        return len(data) >= _FRAME and len(data) >= _FRAME + int.from_bytes(data[:_FRAME], "big")

    def told(self, reason: str) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to a talk that returned for `reason`: what was read since it began, and the end if there was one."""
        answer: dict[str, Any] = {"op": "turn", "reason": reason, "ended": self.ended}
        blobs = []
        for stream in self._streams:
            answer[stream.name] = len(stream.data)
            answer[f"{stream.name}_truncated"] = stream.truncated
            blobs.append(bytes(stream.data))
            stream.data.clear()
            stream.truncated = False
        return answer, blobs

    def leave(self, eof: bool) -> int:
        """Give up what could not be written yet, and close stdin if it is to end there; how many bytes were given up."""
        unsent = sum(part[3] for part in self._given)
        self._given = []
        if eof and self.ended is None and self._stdin >= 0:
            os.close(self._stdin)
            self._stdin = -1
        return unsent

    def signal(self, number: int) -> None:
        """Send a signal to the program and to all that it started."""
        if self.ended is None:
            self._slot.signal(number)

    def end(self, reason: str) -> bool:
        """End it and everything it started, and read what they left in the pipes; whether all are gone."""
        if self.ended is not None:
            return True
        deadline = time.monotonic() + END_SECONDS
        poll = select.poll()
        poll.register(self._slot.channel.fileno(), select.POLLIN)
        gone = True if not reason else self._slot.kill()
        # Killed before it had its identity, it would be missed: it is tried again.
        while not poll.poll(0 if not reason else 50):
            gone = self._slot.kill()
            reason = reason or "ended"
            if time.monotonic() > deadline:
                raise RuntimeError("a program could not be ended")
        status, cpu, self._slot.ahead, maxrss = OUTCOME.unpack(self._slot.channel.recv(64))
        gone = self._slot.kill() and gone
        for stream in self._streams:
            stream.drain()
        why = "timeout" if reason in ("timeout", "life") else ""
        self.ended = self._slot.judge(why, (status, cpu), self._complaint, self._streams, self._limits)
        if self.ended["status"] == "signal" and reason == "closed":
            self.ended["detail"] = "it was ended with its session"
        self.ended.update(reason=reason, maxrss_mb=maxrss / 1024)
        for fd in (self._report, self._stdin, *[stream.fd for stream in self._streams]):
            if fd >= 0:
                os.close(fd)
        return gone
