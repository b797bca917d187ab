"""What goes wrong with an endpoint."""

from textgym.core.errors import TextgymError


class EndpointError(TextgymError, RuntimeError):
    """A call got no answer: the server refused, or retries or time are used up.

    Attributes:
        silent: the last request was given up because no answer came in time.
    """

    def __init__(self, message: str, *, silent: bool = False) -> None:
        super().__init__(message)
        self.silent = silent


class EndpointSettingError(TextgymError, ValueError):
    """A setting of an endpoint or of its calls cannot be used; the message names it."""
