"""What goes wrong with an endpoint."""

from textgym.core.errors import TextgymError

_LASTING = frozenset({401, 403, 404, 405})


class EndpointError(TextgymError, RuntimeError):
    """A call got no answer: the server refused, or retries or time are used up.

    Attributes:
        silent: the last request was given up because no answer came in time.
        unreachable: nobody listens at the address.
        status: the HTTP status with which the server refused; None where it was something else.
    """

    def __init__(
        self, message: str, *, silent: bool = False, unreachable: bool = False, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.silent = silent
        self.unreachable = unreachable
        self.status = status

    @property
    def lasting(self) -> bool:
        """Whether every other call will end so too, until somebody changes the address or the key, or starts the server."""
        return self.unreachable or (self.status is not None and (self.status in _LASTING or 300 <= self.status < 400))


class EndpointSettingError(TextgymError, ValueError):
    """A setting of an endpoint or of its calls cannot be used; the message names it."""
