"""A clean environment, and servers that are closed again."""

from collections.abc import Callable, Iterator

import pytest

from support.chat_server import ChatServer, Reply


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def serve() -> Iterator[Callable[..., ChatServer]]:
    """Starts servers: `serve(Reply(...), ...)`."""
    servers: list[ChatServer] = []

    def start(*script: Reply, **settings: object) -> ChatServer:
        servers.append(ChatServer(*script, **settings).__enter__())
        return servers[-1]

    yield start
    for server in servers:
        server.close()
