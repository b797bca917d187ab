"""The sandbox that graders and environments share: one pool a process, opened when it is first needed.

Whoever runs code awaits `box()` and calls what it returns. So a thousand episodes of ten environments, and their graders, run
on as many sandboxes as the machine has processors, and whoever never runs code starts none.
"""

from textgym.core.errors import InfraError
from textgym.sandbox import ImageError, Sandbox, SandboxUnavailableError, open_sandbox
from textgym.sandbox.shared import SharedSandbox


def _open_pool() -> Sandbox:
    try:
        return open_sandbox("auto")
    except (SandboxUnavailableError, ImageError) as error:
        raise InfraError(str(error)) from error


_shared = SharedSandbox(_open_pool)


def open_box() -> Sandbox:
    """The process's pool of sandboxes; blocks while it is opened, at the first call. A forked process opens its own.

    Raises:
        InfraError: no sandbox can be used here; the message says what to install. Nothing is run without one.
    """
    return _shared.get()


async def box() -> Sandbox:
    """`open_box`, awaited; costs nothing once the pool is open."""
    return await _shared.aget()


def close_box() -> None:
    """Close the process's pool, if it is open; the next call of `box` opens another. At exit it is closed by itself."""
    _shared.close()
