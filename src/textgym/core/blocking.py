"""The blocking face of asynchronous environments: one event loop in a thread of its own, a process."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def run_blocking(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end from synchronous code, also from inside a running event loop.

    All calls share one loop, so connections that a coroutine leaves open stay usable in the next call.
    """
    return asyncio.run_coroutine_threadsafe(coroutine, _shared_loop()).result()


def _shared_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="textgym-blocking", daemon=True).start()
        return _loop


def _forget_loop() -> None:
    """After a fork the thread behind the loop is gone; the child starts its own."""
    global _loop, _lock
    _loop = None
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_loop)
