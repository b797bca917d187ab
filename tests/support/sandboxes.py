"""Sandboxes that a test can count and end, and waiting for what happens beside it."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from textgym.graders.code.box import box
from textgym.sandbox import Call, RunResult, SandboxLostError
from textgym.sandbox.calls import Transport
from textgym.sandbox.opening import make_provider
from textgym.sandbox.starvation import _PROBE
from textgym.sandbox.supervisor import SlotConfig

BOTH = [
    pytest.param("docker", marks=pytest.mark.docker),
    pytest.param("bwrap", marks=pytest.mark.sandbox),
]


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds; fail if it never does."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)


class StarvedBox:
    """The process's sandboxes on a machine on which the first runs end late, without having got hardly anything of it.

    Args:
        late: how many runs end so.
        share: what share of a processor a program gets, as whoever asks is told.
    """

    def __init__(self, late: int, share: float) -> None:
        self.late, self.share = late, share

    async def arun_many(self, calls: Sequence[Call]) -> list[RunResult]:
        if list(calls) == [_PROBE]:
            return [RunResult("exit", 0, wall_s=0.2 / self.share, cpu_s=0.2)]
        if self.late:
            self.late -= 1
            return [RunResult("timeout", wall_s=call.limits.wall_s, cpu_s=0.1) for call in calls]
        return await (await box()).arun_many(calls)

    async def get(self) -> "StarvedBox":
        """Stands in for `box`."""
        return self


class Watched:
    """A provider of ours whose sandboxes a test can count and end.

    Attributes:
        started: the ends to all that were started, in order, and under `numbers` their numbers.
        alive, most: how many there are now, those on their way up and down included, and how many there ever were.
        failing: whether none can be started.
    """

    def __init__(self, name: str) -> None:
        self._inner = make_provider(name)
        self._counting = threading.Lock()
        self.name = name
        self.max_calls = self._inner.max_calls
        self.started: list[Transport] = []
        self.numbers: list[int] = []
        self.alive = self.most = 0
        self.failing = False

    def available(self) -> str | None:
        return self._inner.available()

    def describe(self) -> dict[str, Any]:
        return self._inner.describe()

    def config(self, slot: int) -> SlotConfig:
        return self._inner.config(slot)

    def start(self, slot: int) -> Transport:
        if self.failing:
            raise SandboxLostError("no sandbox today")
        self._count(1)
        try:
            transport = _Counted(self._inner.start(slot), self._count)
        except BaseException:
            self._count(-1)
            raise
        self.started.append(transport)
        self.numbers.append(slot)
        return transport

    def close(self) -> None:
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()

    def _count(self, change: int) -> None:
        with self._counting:
            self.alive += change
            self.most = max(self.most, self.alive)


class _Counted:
    """A transport whose end is counted, once."""

    def __init__(self, inner: Transport, count: Callable[[int], None]) -> None:
        self._inner = inner
        self._count = count
        self._ending = threading.Lock()
        self._ended = False

    def send(self, data: bytes) -> None:
        self._inner.send(data)

    def receive(self, count: int, timeout: float) -> bytes:
        return self._inner.receive(count, timeout)

    def kill(self) -> None:
        self._inner.kill()
        with self._ending:
            ended, self._ended = self._ended, True
        if not ended:
            self._count(-1)
