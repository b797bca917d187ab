"""What a program writes, read as it comes and bounded, and what the supervisor hands to it in memory."""

from __future__ import annotations

import json
import os

from . import wire


class Stream:
    """What a program writes, up to a cap."""

    def __init__(self, name: str, fd: int, cap: int) -> None:
        self.name = name
        self.fd = fd
        self.cap = cap
        self.data = bytearray()
        self.truncated = False

    def read(self) -> bool:
        """Take what is there now; False at its end."""
        try:
            chunk = os.read(self.fd, wire.CHUNK)
        except BlockingIOError:
            return True
        except OSError:  # the other end of a socket was closed with something unread in it
            return False
        room = self.cap - len(self.data)
        self.truncated = self.truncated or len(chunk) > room
        self.data += chunk[:room]
        return bool(chunk)

    def read_within(self) -> bool:
        """As `read`, but what exceeds the cap stays in the pipe for later."""
        try:
            chunk = os.read(self.fd, min(self.cap - len(self.data), wire.CHUNK))
        except BlockingIOError:
            return True
        except OSError:  # the other end of a socket was closed with something unread in it
            return False
        self.data += chunk
        return bool(chunk)

    def drain(self) -> None:
        """Take what is left in the pipe of a program that is gone."""
        while not self.truncated:
            before = len(self.data)
            if not self.read() or len(self.data) == before:
                return


def memory_file(name: str, data: bytes = b"") -> int:
    """A descriptor of a new file in memory that holds `data`, positioned at its end."""
    fd = os.memfd_create(name)
    wire.write_all(fd, data)
    return fd


def read_report(fd: int) -> list[str]:
    """What the child said about its own start: nothing, or a kind and a reason."""
    try:
        text = os.read(fd, 4096)
    except BlockingIOError:
        return []
    return [str(part) for part in json.loads(text)] if text else []
