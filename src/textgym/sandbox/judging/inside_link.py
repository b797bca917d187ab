"""Runs inside both sandboxes: messages to the other side, one at a time, and questions that wait for their answer.

A message is a frame on the channel: 4 bytes length (big-endian) and plain data as text, see `driver.encode`. Either side may
ask, and while it waits for the answer it may itself be asked: questions nest, and the last one is answered first.

    ["ask", number, what, ...]      ["answer", number, outcome]

The text of this file is sent to a sandbox: standard library and driver only, Python 3.9 or newer.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from typing import Any

from textgym.sandbox.driver import decode, encode

_SIZE = struct.Struct("!I")


class Link:
    """The channel to the other side.

    Args:
        answer: gives the outcome for what the other side asks.
    """

    def __init__(self, answer: Callable[[list[Any]], list[Any]]) -> None:
        self._channel = int(os.environ["RESULT_FD"])
        self._answer = answer
        self._asked = 0

    def ask(self, *what: Any) -> Any:
        """The outcome that the other side gives, which may ask in its turn before it does."""
        self._asked += 1
        number = self._asked
        self.send(["ask", number, *what])
        while True:
            message = self.receive()
            if message[0] == "answer":
                return message[2]
            self.reply(message)

    def reply(self, message: list[Any]) -> None:
        """Answer a question."""
        self.send(["answer", message[1], self._answer(message[2:])])

    def send(self, message: list[Any]) -> None:
        """Send a message of plain data."""
        text = encode(message).encode()
        data = memoryview(_SIZE.pack(len(text)) + text)
        while data:
            data = data[os.write(self._channel, data) :]

    def receive(self) -> list[Any]:
        """The next message; the process ends where there is none."""
        (size,) = _SIZE.unpack(self._read(_SIZE.size))
        message: list[Any] = decode(self._read(size).decode())
        return message

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            piece = os.read(self._channel, count - len(data))
            if not piece:
                os._exit(0)
            data += piece
        return data
