"""The calls of `textgym.endpoints` as policies make them: what fails is a policy's error."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from textgym import endpoints
from textgym.core import Random
from textgym.policies.base import PolicyError, PolicySettingError

T = TypeVar("T")


@contextmanager
def settings_of_a_policy() -> Iterator[None]:
    """Settings of an endpoint are read inside; an unusable one is raised as `PolicySettingError`."""
    try:
        yield
    except endpoints.EndpointSettingError as error:
        raise PolicySettingError(str(error)) from None


@dataclass(frozen=True)
class CallLimits(endpoints.CallLimits):
    """How hard one call tries.

    Attributes:
        max_in_flight: calls at the same time, for each event loop.
        timeout: seconds that one request may take, from connecting to the last byte.
        deadline: seconds that a call may take in all, from the moment it has its slot.
        retries: requests after the first one.
        first_delay: upper end of the first pause in seconds; it doubles with each retry. A pause is drawn evenly between
            0 and that end, and is never shorter than a `Retry-After` of the server.
        max_delay: upper end of all pauses in seconds.
        max_bytes: size of a response, decompressed.

    Raises:
        PolicySettingError: a number is out of range.
    """

    def __post_init__(self) -> None:
        with settings_of_a_policy():
            super().__post_init__()


class HttpCaller(endpoints.HttpCaller):
    """Posts JSON to one URL and reads the answer; see `textgym.endpoints.HttpCaller`."""

    async def post(
        self, body: bytes, read: Callable[[bytes], T], rng: Random, headers: Mapping[str, str] | None = None
    ) -> endpoints.Answered[T]:
        """Post `body` until there is an answer that `read` can read, or no more hope.

        Raises:
            PolicyError: the server refused, or requests or time are used up.
        """
        try:
            return await super().post(body, read, rng, headers)
        except endpoints.EndpointError as error:
            raise PolicyError(str(error)) from error
