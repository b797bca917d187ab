"""Errors of the sandbox; each carries what was seen so far."""

from collections.abc import Iterable, Mapping

from textgym.core import InfraError, TextgymError


class SandboxError(TextgymError, RuntimeError):
    """Base of the sandbox's errors."""


class SandboxUnavailableError(SandboxError):
    """No provider can be used here; the message names the commands that install one."""


class SandboxLostError(SandboxError, InfraError):
    """A sandbox is gone (container killed, engine stopped, supervisor dead). Nothing is known about the program in it.

    Attributes:
        stdout, stderr: what was seen of the streams before.
    """

    def __init__(self, message: str, stdout: bytes = b"", stderr: bytes = b"") -> None:
        super().__init__(message)
        self.stdout = stdout
        self.stderr = stderr


class SlotTakenError(SandboxError):
    """A sandbox that this machine's locks say nothing of has the number already: another user's, or another machine's.

    Attributes:
        taken: numbers that are known to be taken.
    """

    def __init__(self, message: str, taken: Iterable[int] = ()) -> None:
        super().__init__(message)
        self.taken = frozenset(taken)


class SandboxClosedError(SandboxError):
    """The sandbox was used after it was closed."""


class ImageError(SandboxError):
    """The sandbox's image is missing or could not be built; the message says how to build it."""


class SessionEndedError(SandboxError):
    """The session is over: it was closed, its life was at its end, or its program has ended.

    Attributes:
        stdout, stderr: what was seen of the streams and not handed out before.
    """

    def __init__(self, message: str, stdout: bytes = b"", stderr: bytes = b"") -> None:
        super().__init__(message)
        self.stdout = stdout
        self.stderr = stderr


class SessionTimeoutError(SandboxError):
    """What was waited for did not come in time, or not within the limit of the output; the session goes on.

    Attributes:
        stdout, stderr: what came instead. It can still be read.
    """

    def __init__(self, message: str, stdout: bytes = b"", stderr: bytes = b"") -> None:
        super().__init__(message)
        self.stdout = stdout
        self.stderr = stderr


class SessionFileError(SandboxError):
    """Files could not be written.

    Attributes:
        errors: why, by name.
    """

    def __init__(self, message: str, errors: Mapping[str, str]) -> None:
        super().__init__(message)
        self.errors = dict(errors)
