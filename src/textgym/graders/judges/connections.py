"""Connections to judges' endpoints: shared by all judges of an event loop, and closed when it ends."""

from collections.abc import AsyncGenerator
from functools import lru_cache

from textgym.endpoints import CallLimits, HttpCaller, PerLoop


class _Connections:
    """The caller of one event loop."""

    def __init__(self, url: str, key: str | None, limits: CallLimits) -> None:
        self.caller = HttpCaller(url, limits, key)
        self.closer: AsyncGenerator[None, None] | None = None

    async def close_with_the_loop(self) -> None:
        """Have the connections closed when the loop shuts down its generators, as `asyncio.run` does at its end.

        A grader has no end of its own at which it could do that.
        """
        if self.closer is None:
            self.closer = self._closing()
            await anext(self.closer)

    async def _closing(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self.caller.aclose()


async def caller_of(url: str, key: str | None, limits: CallLimits) -> HttpCaller:
    """The caller of the running event loop for this endpoint."""
    connections = _per_loop(url, key, limits).get()
    await connections.close_with_the_loop()
    return connections.caller


@lru_cache(maxsize=256)
def _per_loop(url: str, key: str | None, limits: CallLimits) -> PerLoop[_Connections]:
    return PerLoop(lambda: _Connections(url, key, limits))
