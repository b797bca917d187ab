"""Calls to an HTTP server that may be overloaded, broken or gone: slots, deadlines, retries, bounded bodies.

A call holds one of `max_in_flight` slots until it is settled, its pauses between requests included: an overloaded server
then gets less to do, not more. What is retried is what may pass by itself: 408, 429, 5xx, lost connections, silence, and
bodies that hold no answer. An answer that was read is never asked for again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textgym.core import Random
from textgym.endpoints.chat_format import UnreadableBodyError, error_text, one_line
from textgym.endpoints.errors import EndpointError, EndpointSettingError
from textgym.endpoints.per_loop import PerLoop

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")

_MAX_ERROR_BYTES = 65_536
_MAX_SHOWN = 300
# A header's value that is shorter is no secret, and to cut it out would only garble the text.
_SHORTEST_SECRET = 8
# Below the five seconds after which common servers close an idle connection, so that we seldom write into a closed one.
_KEEPALIVE_SECONDS = 4.0

_ADVICE = {
    400: "check the model's name, its context length and the sampling settings",
    401: "check the API key",
    403: "the API key may not use this model",
    404: "check that the base URL ends where the API begins, such as /v1, and that the server has this model",
    413: "the conversation is too long for the server",
    422: "check the sampling settings and extra_body",
}


@dataclass(frozen=True)
class CallLimits:
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
    """

    max_in_flight: int = 64
    timeout: float = 300.0
    deadline: float = 900.0
    retries: int = 5
    first_delay: float = 0.5
    max_delay: float = 30.0
    max_bytes: int = 32 * 2**20

    def __post_init__(self) -> None:
        for name, least in (("max_in_flight", 1), ("retries", 0), ("max_bytes", 1)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise EndpointSettingError(f"{name} must be a whole number of at least {least}, not {value!r}")
        for name in ("timeout", "deadline", "first_delay", "max_delay"):
            value = getattr(self, name)
            if type(value) not in (int, float) or not value >= 0:
                raise EndpointSettingError(f"{name} must be a number of seconds, not {value!r}")


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """A settled call.

    Attributes:
        value: what was read from the response.
        seconds: how long the request that succeeded took.
        retries: one entry for each request that failed before it: `reason`, and the pause in seconds as `waited`.
    """

    value: T
    seconds: float
    retries: list[dict[str, Any]]


class _Clients:
    """What belongs to one event loop: a client for each call that may be in flight, made when it is first needed.

    httpx walks through all connections of a pool several times in every request, so that one pool of hundreds costs more
    than everything else that a call does. Clients of one connection each cost the same at any number.

    Args:
        make: makes a client.
        count: the most that are taken at a time.
    """

    def __init__(self, make: Callable[[], "httpx.AsyncClient"], count: int) -> None:
        self._make = make
        self._slots = asyncio.Semaphore(count)
        self._idle: list[httpx.AsyncClient] = []
        self._made: list[httpx.AsyncClient] = []

    @asynccontextmanager
    async def take(self) -> AsyncIterator["httpx.AsyncClient"]:
        """A client for one call; the one that was given back last, since its connection is likeliest to be open."""
        async with self._slots:
            if not self._idle:
                self._made.append(self._make())
                self._idle.append(self._made[-1])
            client = self._idle.pop()
            try:
                yield client
            finally:
                self._idle.append(client)

    async def aclose(self) -> None:
        for client in self._made:
            await client.aclose()


class _PassingError(Exception):
    """A request failed in a way that may pass by itself.

    Attributes:
        retry_after: seconds that the server asks to wait.
        silent: the server did not answer in time.
        unreachable: no connection came about.
    """

    def __init__(
        self, reason: str, retry_after: float = 0.0, *, silent: bool = False, unreachable: bool = False
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.silent = silent
        self.unreachable = unreachable


class HttpCaller:
    """Posts JSON to one URL and reads the answer. Connections are kept open and shared by all calls of an event loop.

    Args:
        url: where to post.
        limits: how hard a call tries.
        api_key: sent as a bearer token.
        headers: sent with every request. Neither their values nor the key appear in an error text.
    """

    def __init__(
        self, url: str, limits: CallLimits, api_key: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self._url = url
        self._shown_url = url.partition("?")[0]
        self._limits = limits
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._headers |= headers or {}
        self._hidden = [api_key] if api_key else []
        self._hidden += [value for value in (headers or {}).values() if len(value) >= _SHORTEST_SECRET]
        self._clients = PerLoop(self._for_this_loop)

    def _for_this_loop(self) -> _Clients:
        from http.cookiejar import CookieJar, DefaultCookiePolicy

        import httpx

        def make() -> httpx.AsyncClient:
            return httpx.AsyncClient(
                headers=self._headers,
                verify=_certificates(),
                timeout=None,  # noqa: S113  -- each request has a limit of its own as a whole, see _request
                limits=httpx.Limits(max_connections=1, keepalive_expiry=_KEEPALIVE_SECONDS),
                # A router's cookie would send all episodes to the server that the first one came to.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            )

        return _Clients(make, self._limits.max_in_flight)

    async def post(
        self, body: bytes, read: Callable[[bytes], T], rng: Random, headers: Mapping[str, str] | None = None
    ) -> Answered[T]:
        """Post `body` until there is an answer that `read` can read, or no more hope.

        Args:
            body: JSON.
            read: makes a value of the body of a response, or raises `UnreadableBodyError`.
            rng: draws the pauses.
            headers: sent beside the caller's own.

        Raises:
            EndpointError: the server refused, or requests or time are used up.
        """
        limits = self._limits
        async with self._clients.get().take() as client:
            ends = time.monotonic() + limits.deadline
            retries: list[dict[str, Any]] = []
            while True:
                began = time.monotonic()
                try:
                    answer = await self._request(client, body, headers, min(limits.timeout, ends - began))
                    return Answered(_readable(read, answer), time.monotonic() - began, retries)
                except _PassingError as error:
                    failure = error
                reason = self._shown(str(failure))
                if len(retries) >= limits.retries:
                    raise EndpointError(
                        f"{self._shown_url}: gave up after {len(retries) + 1} requests: {reason}",
                        silent=failure.silent,
                        unreachable=failure.unreachable,
                    )
                ceiling = min(limits.max_delay, limits.first_delay * 2.0 ** min(len(retries), 60))
                pause = max(rng.random() * ceiling, failure.retry_after)
                if time.monotonic() + pause >= ends:
                    raise EndpointError(
                        f"{self._shown_url}: gave up after {len(retries) + 1} requests, because another one after a pause "
                        f"of {pause:.3g} s would not fit into the deadline of {limits.deadline:g} s: {reason}",
                        silent=failure.silent,
                        unreachable=failure.unreachable,
                    )
                retries.append({"reason": reason, "waited": pause})
                await asyncio.sleep(pause)

    async def _request(
        self, client: "httpx.AsyncClient", body: bytes, headers: Mapping[str, str] | None, seconds: float
    ) -> bytes:
        """One request: the body of a success.

        Raises:
            _PassingError: it may succeed another time.
            EndpointError: it will not.
        """
        import httpx

        try:
            async with (
                asyncio.timeout(seconds),
                client.stream("POST", self._url, content=body, headers=headers) as response,
            ):
                if response.is_success:
                    return await self._body(response)
                said = error_text(await _head(response, _MAX_ERROR_BYTES))
        except TimeoutError:
            raise _PassingError(f"no complete answer within {seconds:.3g} s", silent=True) from None
        except (httpx.NetworkError, httpx.RemoteProtocolError, httpx.DecodingError) as error:
            unreachable = isinstance(error, httpx.ConnectError)
            kind = "cannot connect" if unreachable else "connection lost"
            said = str(error) or type(error).__name__
            raise _PassingError(f"{kind} ({said})", unreachable=unreachable) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            text = self._shown(str(error) or type(error).__name__)
            raise EndpointError(f"{self._shown_url}: the request cannot be sent: {text}") from None
        status = response.status_code
        reason = f"HTTP {status}" + (f": {said}" if said else "")
        if status in (408, 429) or status >= 500:
            raise _PassingError(reason, retry_after_seconds(response.headers.get("retry-after")))
        if response.is_redirect:
            target = self._shown(response.headers.get("location", ""))
            raise EndpointError(
                f"{self._shown_url}: the server redirects to {target!r}; give that as the base URL", status=status
            )
        advice = f" ({_ADVICE[status]})" if status in _ADVICE else ""
        raise EndpointError(f"{self._shown_url}: {self._shown(reason)}{advice}", status=status)

    async def _body(self, response: "httpx.Response") -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self._limits.max_bytes:
                raise EndpointError(
                    f"{self._shown_url}: the response is larger than {self._limits.max_bytes:,} bytes (max_bytes)"
                )
        return bytes(body)

    def _shown(self, text: str) -> str:
        """A text from elsewhere as part of an error's: short, harmless, and without the secrets that servers quote."""
        for secret in self._hidden:
            text = text.replace(secret, "[hidden]")
        return one_line(text, _MAX_SHOWN)

    async def aclose(self) -> None:
        """Close all connections. The caller can be used again and then opens new ones."""
        here = asyncio.get_running_loop()
        for loop, clients in self._clients.take_all():
            if loop is here:
                await clients.aclose()
            elif loop.is_running():
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(clients.aclose(), loop))


@cache
def _certificates() -> "ssl.SSLContext":
    """The certificates that servers are checked against: thirty milliseconds to load, and good for any client."""
    import httpx

    return httpx.create_ssl_context()


def retry_after_seconds(header: str | None) -> float:
    """The seconds that a `Retry-After` header asks for, given as a number or as an HTTP date; 0 where it asks nothing."""
    if header is None:
        return 0.0
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except (ValueError, OverflowError, OSError):
            return 0.0
    return seconds if seconds > 0 else 0.0  # also for nan


def _readable(read: Callable[[bytes], T], body: bytes) -> T:
    try:
        return read(body)
    except UnreadableBodyError as error:
        raise _PassingError(f"unreadable response: {error}") from error


async def _head(response: "httpx.Response", count: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) >= count:
            break
    return bytes(body[:count])
