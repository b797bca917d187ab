"""The command line, as a user has it: called in this process where that is the same, as a process where it is not."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support.grading import CHECK
from textgym.cli import app


@dataclass(frozen=True)
class Ended:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout, all of it, as JSON."""
        return json.loads(self.out)


Command = Callable[..., Ended]


@pytest.fixture
def textgym(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in this process."""
    monkeypatch.delenv("TEXTGYM_DEBUG", raising=False)
    for name in ("FORCE_COLOR", "COLUMNS", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*args: object, typed: str | None = None) -> Ended:
        result = CliRunner().invoke(app, [str(arg) for arg in args], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def start() -> Callable[..., "subprocess.Popen[str]"]:
    """Starts a command as a process of its own."""

    def start(*args: object, **env: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "textgym", *map(str, args)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**{name: value for name, value in os.environ.items() if name != "TEXTGYM_DEBUG"}, **env},
        )

    return start


GUESS = "GuessNumber-v0"


@pytest.fixture
def run_directory(textgym: Command, tmp_path: Any) -> Any:
    """A finished run of 12 episodes in groups of 3, some solved and some not."""
    out = tmp_path / "run"
    ended = textgym("run", GUESS, "--policy", "random", "-n", 12, "--group-size", 3, "-s", "high=20", "--out", out)
    assert ended.code == 0
    return out


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., tuple[str, Path, Path]]:
    """Writes a grader and rows, given as JSON values or as text, and gives the paths as `grade` takes them."""

    def write(rows: list[Any], grader: dict[str, Any] = CHECK) -> tuple[str, Path, Path]:
        (tmp_path / "grader.json").write_text(json.dumps(grader))
        lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
        (tmp_path / "data.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
        return "--grader", tmp_path / "grader.json", tmp_path / "data.jsonl"

    return write
