"""Connections to judges' endpoints: shared by all judges of an event loop, and closed when it ends."""

from collections.abc import AsyncGenerator

from textgym.core.blocking import run_blocking
from textgym.endpoints import CallLimits, HttpCaller, PerLoop

_Address = tuple[str, str | None, CallLimits]


class _Connections:
    """The callers of one event loop, by endpoint."""

    def __init__(self) -> None:
        self._callers: dict[_Address, HttpCaller] = {}
        self._closer: AsyncGenerator[None, None] | None = None

    async def caller(self, address: _Address) -> HttpCaller:
        if self._closer is None:
            # A grader has no end of its own at which it could close connections. A loop closes generators that are still
            # under way when it shuts down, as `asyncio.run` makes it do.
            self._closer = self._closing()
            await anext(self._closer)
        if address not in self._callers:
            url, key, limits = address
            self._callers[address] = HttpCaller(url, limits, key)
        return self._callers[address]

    async def _closing(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        callers, self._callers = self._callers, {}
        for caller in callers.values():
            await caller.aclose()


_CONNECTIONS: PerLoop[_Connections] = PerLoop(_Connections)


async def caller_of(url: str, key: str | None, limits: CallLimits) -> HttpCaller:
    """The caller of the running event loop for this endpoint."""
    return await _CONNECTIONS.get().caller((url, key, limits))


def close_connections() -> None:
    """Close what calls of `grade` and `grade_group` left open; later calls open connections anew."""
    run_blocking(_close_here())


async def _close_here() -> None:
    await _CONNECTIONS.get().aclose()
