"""A person at the terminal."""

import asyncio
import codecs
import os
import sys
from collections import deque
from typing import TYPE_CHECKING, TextIO

from textgym.core import Turn
from textgym.endpoints.per_loop import PerLoop
from textgym.policies.base import Policy

if TYPE_CHECKING:
    from rich.console import Console

QUIT = ":quit"
BLOCK = '"""'

_HOWTO = f"One line is one answer. Several lines: {BLOCK} alone, your lines, {BLOCK} alone. {QUIT} ends the episode."


class Human(Policy):
    """A person who reads observations on standard error and types answers on standard input.

    One line is one answer. An answer of several lines, or one that reads `:quit`, stands between two lines that hold
    nothing but three double quotes. `:quit` ends the episode, and so does the end of the input, also inside such a block.

    Several episodes may ask at once; they are shown one after the other.

    Args:
        source: where answers are read; standard input by default. It is read past Python's own buffer where it has a
            file descriptor, so nothing else should read it at the same time.
        console: where the observations are shown; standard error by default.
    """

    name = "human"

    def __init__(self, source: TextIO | None = None, console: "Console | None" = None) -> None:
        self._lines = _Lines(sys.stdin if source is None else source)
        self._console = console
        self._turns_to_speak = PerLoop(asyncio.Lock)
        self._explained = False

    async def answer(self, turn: Turn) -> str | None:
        async with self._turns_to_speak.get():
            self._show(turn)
            answer = await self._read()
            if answer is None:
                self._screen().print("The episode ends here.", style="dim")
            return answer

    def _show(self, turn: Turn) -> None:
        from rich.text import Text

        screen = self._screen()
        screen.print()
        screen.rule(Text(f"{turn.task_id} · turn {turn.index + 1}", style="bold"), align="left", style="dim")
        screen.print(Text(printable(turn.observation)), soft_wrap=True)
        if not self._explained:
            self._explained = True
            screen.print(Text(_HOWTO, style="dim"))
        screen.print("> ", end="", style="bold")

    async def _read(self) -> str | None:
        first = await self._lines.next()
        if first is None or first.strip() == QUIT:
            return None
        if first.strip() != BLOCK:
            return first
        block: list[str] = []
        while (line := await self._lines.next()) is not None:
            if line.strip() == BLOCK:
                return "\n".join(block)
            block.append(line)
        return None

    def _screen(self) -> "Console":
        if self._console is None:
            from rich.console import Console

            self._console = Console(stderr=True, highlight=False, markup=False)
        return self._console


class _Lines:
    """Lines of a stream, awaited without a thread.

    A thread that is blocked in `input()` cannot be cancelled and keeps the interpreter from exiting. Waiting for the
    file descriptor instead leaves Ctrl-C and deadlines to the event loop.
    """

    def __init__(self, source: TextIO) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ready: deque[str] = deque()
        self._partial = ""
        self._ended = False
        try:
            self._descriptor: int | None = source.fileno()
        except (OSError, ValueError, AttributeError):
            self._descriptor = None

    async def next(self) -> str | None:
        """The next line without its end; None at the end of the stream."""
        if self._descriptor is None:
            line = self._source.readline()
            return line.removesuffix("\n").removesuffix("\r") if line else None
        while not self._ready and not self._ended:
            await _readable(self._descriptor)
            self._take(os.read(self._descriptor, 65_536))
        return self._ready.popleft() if self._ready else None

    def _take(self, data: bytes) -> None:
        self._ended = not data
        *lines, self._partial = (self._partial + self._decoder.decode(data, final=self._ended)).split("\n")
        if self._ended and self._partial:
            lines.append(self._partial)
        self._ready.extend(line.removesuffix("\r") for line in lines)


async def _readable(descriptor: int) -> None:
    """Wait until the descriptor can be read without blocking."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    try:
        loop.add_reader(descriptor, wake)
    except PermissionError:  # a regular file cannot be waited for, and never needs to be
        return
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)


def printable(text: str) -> str:
    """`text` with control characters spelled out, so that it cannot steer the terminal it is shown on."""
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)
