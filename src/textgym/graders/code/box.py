"""The sandbox that graders and environments share: one pool a process, opened when it is first needed.

Whoever runs code awaits `box()` and calls what it returns. So a thousand episodes of ten environments, and their graders, run
on as many sandboxes as the machine has processors, and whoever never runs code starts none.
"""

import asyncio
import os
import threading

from textgym.core.errors import InfraError
from textgym.sandbox import ImageError, Sandbox, SandboxUnavailableError, open_sandbox

_lock = threading.Lock()
_open: tuple[int, Sandbox] | None = None


def open_box() -> Sandbox:
    """The process's pool of sandboxes; blocks while it is opened, at the first call. A forked process opens its own.

    Raises:
        InfraError: no sandbox can be used here; the message says what to install. Nothing is run without one.
    """
    global _open
    with _lock:
        if _open is None or _open[0] != os.getpid():
            try:
                _open = os.getpid(), open_sandbox("auto")
            except (SandboxUnavailableError, ImageError) as error:
                raise InfraError(str(error)) from error
        return _open[1]


async def box() -> Sandbox:
    """`open_box`, awaited; costs nothing once the pool is open."""
    if _open is not None and _open[0] == os.getpid():
        return _open[1]
    return await asyncio.to_thread(open_box)


def close_box() -> None:
    """Close the process's pool, if it is open; the next call of `box` opens another. At exit it is closed by itself."""
    global _open
    with _lock:
        if _open is not None and _open[0] == os.getpid():
            _open[1].close()
        _open = None


def _forget_lock() -> None:
    """A lock that another thread held when this process was forked would never be released here."""
    global _lock
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_forget_lock)
