"""A clean environment, a cache of its own for every test, and judges that are closed again."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.chat_server import Reply
from support.judge_server import JudgeServer, Mode
from textgym.graders import load
from textgym.graders.judges.connections import close_connections


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("BASE_URL", "API_KEY", "MODEL", "OFFLINE"):
        monkeypatch.delenv(f"TEXTGYM_JUDGE_{name}", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("TEXTGYM_JUDGE_CACHE", str(tmp_path / "judge.sqlite"))


@pytest.fixture
def serve() -> Iterator[Callable[..., JudgeServer]]:
    """Starts judges: `serve(mode)`, `serve(mode, Reply(status=429), seconds=0.1)`."""
    servers: list[JudgeServer] = []

    def start(mode: Mode | None = None, *script: Reply, **settings: Any) -> JudgeServer:
        servers.append(JudgeServer(mode, *script, **settings))
        servers[-1].__enter__()
        return servers[-1]

    yield start
    close_connections()
    for server in servers:
        server.close()


INSTRUCTIONS = "Question: {{ item.question }}\nGrade this answer: {{ sample.output_text }}"


@pytest.fixture
def scorer() -> Callable[..., Any]:
    """A `score_model` at a server: `scorer(server, range=[1, 10], service={...})`."""

    def make(server: JudgeServer | None, kind: str = "score_model", **settings: Any) -> Any:
        service = {"first_delay": 0.001, **({"base_url": server.url} if server else {}), **settings.pop("service", {})}
        own: dict[str, Any] = {"input": INSTRUCTIONS} if kind in ("score_model", "label_model") else {}
        return load({"type": kind, "model": "judge-1", "service": service, **own, **settings})

    return make


@pytest.fixture
def item() -> dict[str, Any]:
    return {"question": "What is good?"}
