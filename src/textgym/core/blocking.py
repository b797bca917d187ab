"""The blocking face of asynchronous environments: one event loop in a thread of its own, a process."""

import asyncio
import os
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

_T = TypeVar("_T")
_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def run_blocking(coroutine: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine to its end from synchronous code, also from inside a running event loop.

    All calls share one loop, so connections that a coroutine leaves open stay usable in the next call.

    Raises:
        RuntimeError: it was called by code that this loop is running, which would then wait for itself.
    """
    loop = _shared_loop()
    if _is_running_here(loop):
        coroutine.close()
        raise RuntimeError(
            "a blocking call inside an asynchronous environment waits for itself: await `astep`, `areset`"
        )
    future = asyncio.run_coroutine_threadsafe(coroutine, loop)
    try:
        return future.result()
    except BaseException:
        future.cancel()  # nobody waits any more, as after Ctrl-C; without effect where the coroutine itself raised
        raise


def _is_running_here(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


def _shared_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_run, args=(_loop,), name="textgym-blocking", daemon=True).start()
        return _loop


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run the loop for good. Whoever waits for a task that asked Python to leave is told; the other tasks go on."""
    while True:
        with suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()


def _forget_loop() -> None:
    """After a fork the thread behind the loop is gone; the child starts its own."""
    global _loop, _lock
    _loop = None
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_loop)
