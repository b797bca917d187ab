"""A byte stream to a container's first process, over the connection by which the engine attaches to it.

Nothing is mounted and no port is opened, so the engine may as well be on another machine. Without a terminal the engine
sends the container's output in frames: one byte for the stream (1 stdout, 2 stderr), three of padding, four of length.
"""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any

from textgym.sandbox.errors import SandboxLostError

_FRAME = struct.Struct("!BxxxI")
_STDOUT, _STDERR = 1, 2
_SEND_TIMEOUT_S = 60.0
_KEPT_OF_STDERR = 4096


class AttachTransport:
    """The `Transport` over an attached connection.

    Args:
        connection: what `APIClient.attach_socket` gave.
        end: ends the container; called once, by `kill`.
    """

    def __init__(self, connection: Any, end: Callable[[], None]) -> None:
        # Over a unix socket or plain TCP the SDK wraps the socket in a file object, over TLS it does not.
        self._connection = connection
        self._socket: socket.socket = getattr(connection, "_sock", connection)
        self._end: Callable[[], None] | None = end
        self._ending = threading.Lock()
        self._received = bytearray()
        self._frame: tuple[int, int] | None = None
        self._raw = bytearray()
        self._said = b""

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises `SandboxLostError`."""
        try:
            self._socket.settimeout(_SEND_TIMEOUT_S)
            self._socket.sendall(data)
        except (OSError, ValueError) as error:
            raise self._lost(f"the sandbox takes no input: {error}") from None

    def receive(self, count: int, timeout: float) -> bytes:
        """Receive exactly `count` bytes within `timeout` seconds. Raises `SandboxLostError`."""
        deadline = time.monotonic() + timeout
        while len(self._received) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._lost(f"the sandbox did not answer within {timeout:.1f} s")
            try:
                self._socket.settimeout(left)
                data = self._socket.recv(1 << 18)
            except TimeoutError:
                continue
            except (OSError, ValueError) as error:
                raise self._lost(f"the connection to the sandbox broke: {error}") from None
            if not data:
                raise self._lost("the sandbox ended")
            self._raw += data
            self._take_frames()
        answer = bytes(memoryview(self._received)[:count])
        del self._received[:count]
        return answer

    def kill(self) -> None:
        """End the container and close the connection; safe to call again, and from another thread."""
        with self._ending:
            end, self._end = self._end, None
        if end is None:
            return
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            end()
        finally:
            # The answer that the connection was taken from holds it too, and complains if it is dropped unclosed.
            for part in (getattr(self._connection, "_response", None), self._connection, self._socket):
                if part is not None:
                    with contextlib.suppress(OSError, ValueError):
                        part.close()

    def _take_frames(self) -> None:
        """Move what has come from the raw bytes to where it belongs; a frame may arrive in pieces."""
        start = 0
        raw = memoryview(self._raw)
        try:
            while True:
                if self._frame is None:
                    if len(raw) - start < _FRAME.size:
                        break
                    self._frame = _FRAME.unpack_from(raw, start)
                    start += _FRAME.size
                stream, left = self._frame
                part = raw[start : start + left]
                if stream == _STDOUT:
                    self._received += part
                elif stream == _STDERR:
                    self._said = (self._said + bytes(part))[-_KEPT_OF_STDERR:]
                else:
                    raise self._lost(f"the engine sent a frame for stream {stream}")
                start += len(part)
                taken = len(part)
                part.release()
                self._frame = (stream, left - taken) if taken < left else None
                if self._frame is not None:
                    break
        finally:
            raw.release()
        del self._raw[:start]

    def _lost(self, why: str) -> SandboxLostError:
        said = self._said.decode(errors="replace").strip()
        return SandboxLostError(f"{why}; its last words: {said[-500:]}" if said else why, stderr=self._said)
