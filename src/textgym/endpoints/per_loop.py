"""One value for each event loop: connections and locks belong to the loop that made them."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """Makes a value when a loop first asks for one, and keeps a separate value for every loop.

    What holds it outlives loops (`asyncio.run` makes one for each call), and asyncio's connections and locks must not be
    carried from one to the next.

    Args:
        make: makes the value; called inside the running loop.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[asyncio.AbstractEventLoop, T] = {}

    def get(self) -> T:
        """The value of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._values:
            for other in list(self._values):
                if other.is_closed():
                    del self._values[other]
            self._values[loop] = self._make()
        return self._values[loop]

    def take_all(self) -> list[tuple[asyncio.AbstractEventLoop, T]]:
        """All values with their loops, which are forgotten here; a later `get` makes a new one."""
        values, self._values = self._values, {}
        return list(values.items())
