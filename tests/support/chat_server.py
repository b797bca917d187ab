"""A real HTTP server that speaks OpenAI's chat API as a script tells it to, with all the ways in which one fails."""

import json
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    Attributes:
        body: JSON value, or bytes as they are.
        status: HTTP status.
        headers: further headers.
        close: close the connection instead of answering.
        hang: answer only when the server is closed, so never.
        short: announce more bytes than are sent, then close.
    """

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False
    hang: bool = False
    short: bool = False


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    path: str
    headers: dict[str, str]
    json: dict[str, Any]


def completion(text: str | None = "42", **message_or_choice: Any) -> dict[str, Any]:
    """The body of a chat completion. Keywords that belong to the choice or to the body go there, others to the message."""
    fields = dict(message_or_choice)
    choice = {name: fields.pop(name) for name in ("finish_reason", "logprobs", "token_ids", "index") if name in fields}
    body = {name: fields.pop(name) for name in ("prompt_token_ids", "usage", "model") if name in fields}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "stub-1",
        "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
        "choices": [
            {"index": 0, "finish_reason": "stop", **choice, "message": {"role": "assistant", "content": text, **fields}}
        ],
        **body,
    }


class ChatServer:
    """Use it as a context manager: `with ChatServer(Reply(status=500), Reply(completion("ok"))) as server: ...`.

    Scripted replies are used up in order; every further request is answered by
    `answer`, a function from the request's JSON to a text, to the whole body of a completion, or to a `Reply`.

    Attributes:
        url: the base URL, ending in `/v1`.
        requests: all requests so far.
        connections_opened: how many connections clients have opened.
        peak_in_flight: the most requests that were being answered at the same time.
        seconds_per_answer: how long each answer takes; gives concurrent requests time to meet.
    """

    def __init__(
        self, *script: Reply, answer: Callable[[dict[str, Any]], Any] | None = None, seconds_per_answer: float = 0.0
    ) -> None:
        self.requests: list[Request] = []
        self.connections_opened = 0
        self.peak_in_flight = 0
        self.seconds_per_answer = seconds_per_answer
        self._script = deque(script)
        self._answer = answer or (lambda request: "42")
        self._in_flight = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop, and end every connection."""
        self._closing.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self._server.server_close()
        self._thread.join()

    def handle(self, request: Request) -> Reply:
        """Count a request, and decide what is done with it."""
        with self._lock:
            self.requests.append(request)
            self._in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self._in_flight)
            reply = self._script.popleft() if self._script else None
        if reply is None:
            answer = self._answer(request.json)
            given = completion(answer) if isinstance(answer, str) else answer
            reply = given if isinstance(given, Reply) else Reply(given)
        if reply.hang:
            self._closing.wait(30)
        elif self.seconds_per_answer:
            self._closing.wait(self.seconds_per_answer)
        return reply

    def answered(self) -> None:
        """Count a request as done."""
        with self._lock:
            self._in_flight -= 1

    def connected(self, connection: socket.socket, now: bool) -> None:
        """Remember an open connection, or forget a closed one."""
        with self._lock:
            self.connections_opened += now
            (self._connections.add if now else self._connections.discard)(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 256

    def __init__(self, owner: ChatServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.owner.connected(self.connection, True)

    def finish(self) -> None:
        self.server.owner.connected(self.connection, False)
        super().finish()

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.handle(Request(self.path, headers, json.loads(content)))
        # Counted as done before the answer leaves: the client's next request may be here before this thread goes on.
        self.server.owner.answered()
        if reply.close or reply.hang:
            self.close_connection = True
            return
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + (100 if reply.short else 0)))
        self.end_headers()
        self.wfile.write(body)
        if reply.short:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read `requests` instead."""
