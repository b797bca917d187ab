"""Frames on stdin and stdout of the supervisor; the form is described in `textgym.sandbox.calls`."""

from __future__ import annotations

import io
import json
import os
import select
import struct
from typing import Any

HEADER = struct.Struct("!II")
_SIZE = struct.Struct("!I")
MAX_HEAD = 1 << 20
MAX_BODY = 1 << 30
CHUNK = 1 << 16


ENDED = select.POLLHUP | select.POLLERR | select.POLLNVAL
"""Events that say that the other end is gone."""


class HostGoneError(Exception):
    """Nobody is left to answer to."""


class BadFrameError(Exception):
    """A frame that cannot be served. It was read to its end: the next one can be."""


class Reader:
    """Frames from a file descriptor. Bodies are moved on, never kept: the heap of S holds no payload."""

    def __init__(self, fd: int) -> None:
        self._file = io.BufferedReader(io.FileIO(fd, "rb", closefd=False), CHUNK)
        self._left = 0

    def head(self) -> dict[str, Any] | None:
        """The head of the next frame; None at the end of the stream.

        Raises:
            BadFrameError: it is too long, or holds no JSON object.
        """
        self.skip()
        header = self._file.read(HEADER.size)
        if len(header) < HEADER.size:
            return None
        size, self._left = HEADER.unpack(header)
        if size > MAX_HEAD or self._left > MAX_BODY:
            sizes = f"{size} + {self._left} bytes"
            self._left += size
            self.skip()
            raise BadFrameError(f"a frame of {sizes} is too long")
        text = self._file.read(size)
        if len(text) < size:
            return None
        try:
            head = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadFrameError(f"the head is no JSON: {error}") from None
        if not isinstance(head, dict):
            raise BadFrameError("the head is no JSON object")
        return head

    def move(self, count: int, to: int) -> None:
        """Write the next `count` bytes of the body to the file descriptor `to`."""
        if not 0 <= count <= self._left:
            raise BadFrameError("the body is shorter than its head says")
        while count:
            chunk = self._file.read1(min(count, CHUNK))
            if not chunk:
                raise EOFError("the stream ended within a frame")
            count -= len(chunk)
            self._left -= len(chunk)
            write_all(to, chunk)

    def skip(self) -> None:
        """Read and drop what is left of the body."""
        while self._left:
            chunk = self._file.read1(min(self._left, CHUNK))
            if not chunk:
                return
            self._left -= len(chunk)


def sized(head: dict[str, Any]) -> bytes:
    """JSON after its length, as a child reads the head of its call."""
    text = json.dumps(head).encode()
    return _SIZE.pack(len(text)) + text


def wait_for_input(fd: int, seconds: float) -> bool:
    """Whether there is something to read, or the end of it, within so long."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    return bool(poll.poll(max(0.0, seconds) * 1000))


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def send(fd: int, head: dict[str, Any], *blobs: bytes) -> None:
    """Send a frame."""
    text = json.dumps(head).encode()
    body = b"".join(blobs)
    write_all(fd, HEADER.pack(len(text), len(body)) + text + body)
