"""One pool of sandboxes for a whole process, opened when it is first needed."""

import asyncio
import os
import threading
from collections.abc import Callable

from textgym.sandbox.pool import Sandbox


class SharedSandbox:
    """A pool that all who run code in a process use; a forked process opens its own.

    It is for a module to keep: the process remembers it to its end.

    Args:
        open_pool: opens the pool; called once a process, and again after `close`. What it raises, its callers get.
    """

    def __init__(self, open_pool: Callable[[], Sandbox]) -> None:
        self._open_pool = open_pool
        self._lock = threading.Lock()
        self._opened: tuple[int, Sandbox] | None = None
        os.register_at_fork(after_in_child=self._forget_lock)

    def get(self) -> Sandbox:
        """The pool; blocks while it is opened, at the first call."""
        with self._lock:
            if self._opened is None or self._opened[0] != os.getpid():
                self._opened = os.getpid(), self._open_pool()
            return self._opened[1]

    async def aget(self) -> Sandbox:
        """`get`, awaited; costs nothing once the pool is open."""
        if self._opened is not None and self._opened[0] == os.getpid():
            return self._opened[1]
        return await asyncio.to_thread(self.get)

    def close(self) -> None:
        """Close this process's pool, if it is open. At exit it is closed by itself."""
        with self._lock:
            if self._opened is not None and self._opened[0] == os.getpid():
                self._opened[1].close()
            self._opened = None

    def _forget_lock(self) -> None:
        """A lock that another thread held when this process was forked would never be released here."""
        self._lock = threading.Lock()
