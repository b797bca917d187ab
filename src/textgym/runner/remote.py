"""Calls to a worker process from an event loop: many in flight, answered in order."""

import asyncio
import pickle
import struct
from collections import deque
from typing import Any

from textgym.runner.clock import Ticket
from textgym.runner.threads import settable
from textgym.runner.worker import EnvRecipe, Worker, WorkerLostError, unpack

_HEADER = struct.Struct("!i")  # as multiprocessing.connection frames its messages


class RemoteCalls:
    """A worker process whose answers are awaited.

    Args:
        recipe: the environment.
        role: see `Worker`.
        arguments: see `Worker`.
    """

    def __init__(self, recipe: EnvRecipe, role: str, *arguments: Any) -> None:
        self._worker = Worker(recipe, role, *arguments)
        self._open: deque[tuple[asyncio.Future[Any], Ticket]] = deque()
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None
        self.lost = False
        """Whether the worker is gone."""

    async def start(self) -> None:
        """Wait until the worker has made its environment; any number of callers may wait."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
        ready: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open.append((ready, Ticket()))
        self._worker.connection.close()
        reader, self._writer = await asyncio.open_connection(sock=self._worker.socket, limit=2**20)
        self._reading = asyncio.create_task(self._read(reader))
        await ready

    def call(self, name: str, *arguments: Any, ticket: Ticket | None = None) -> asyncio.Future[Any]:
        """Ask for something; `ticket` is told when the worker takes it up."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.lost or self._writer is None:
            future.set_exception(self._loss(bystander=True))
            return future
        self._open.append((future, ticket or Ticket()))
        if len(self._open) == 1:
            self._open[0][1].begin()
        message = pickle.dumps((name, *arguments), pickle.HIGHEST_PROTOCOL)
        self._writer.write(_HEADER.pack(len(message)) + message)
        return future

    def tell(self, name: str, *arguments: Any) -> None:
        """Ask for something without waiting for the answer, or caring for a failure."""
        self.call(name, *arguments).add_done_callback(lambda answer: answer.cancelled() or answer.exception())

    def is_at(self, answer: asyncio.Future[Any]) -> bool:
        """Whether the worker is at this call, or was when it ended."""
        return bool(self._open) and self._open[0][0] is answer

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                (size,) = _HEADER.unpack(await reader.readexactly(_HEADER.size))
                answer = await reader.readexactly(size)
                future, _ = self._open.popleft()
                if self._open:
                    self._open[0][1].begin()
                if future.done():
                    continue
                try:
                    future.set_result(unpack(answer))
                except Exception as error:
                    future.set_exception(settable(error))
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            self._lose()

    def _lose(self) -> None:
        self.lost = True
        for position, (future, _) in enumerate(self._open):
            if not future.done():
                future.set_exception(self._loss(bystander=position > 0))  # answered in order: it was at the first

    def _loss(self, bystander: bool) -> WorkerLostError:
        loss = WorkerLostError("the episode's worker process ended unexpectedly")
        loss.bystander = bystander
        return loss

    def kill(self) -> None:
        """Kill the worker; every open call fails."""
        self._worker.process.kill()
        self._lose()

    async def aclose(self) -> None:
        """End the worker."""
        self.lost = True
        if self._reading is not None:
            self._reading.cancel()
        if self._writer is not None:
            self._writer.close()
        await asyncio.to_thread(self._worker.close)
