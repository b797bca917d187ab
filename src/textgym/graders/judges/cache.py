"""Answers of judges, kept in SQLite: a verdict is asked for once, by whichever process or thread comes first."""

import os
import sqlite3
import threading
from dataclasses import asdict, dataclass
from json import dumps, loads
from pathlib import Path

from textgym.graders.judges.service import cannot_be_asked

_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a judge answered.

    Attributes:
        text: the reply.
        nonce: the code under which it was asked.
        refusal: the text of a refusal, where the server keeps it apart.
        finish_reason: as the server gave it.
        model: the model that answered.
        tokens_in: tokens of the prompt.
        tokens_out: tokens of the answer.
    """

    text: str
    nonce: str
    refusal: str | None
    finish_reason: str
    model: str
    tokens_in: int
    tokens_out: int


class AnswerCache:
    """A file of answers, safe to use from many threads and processes. Any of its methods may wait for another writer.

    Args:
        path: the file; it and its folder are made where they are missing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None

    def get(self, key: str) -> KeptAnswer | None:
        """The answer to a question; None where nobody has asked it yet.

        Raises:
            Invalid: the file cannot be used.
        """
        with self._lock, _TroubleTold(self._path):
            row = self._connection().execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
            return None if row is None else KeptAnswer(**loads(row[0]))

    def put(self, key: str, answer: KeptAnswer) -> KeptAnswer:
        """Keep an answer, unless another process was faster; the one that is kept then counts for both.

        Raises:
            Invalid: the file cannot be used.
        """
        with self._lock, _TroubleTold(self._path):
            connection = self._connection()
            connection.execute("INSERT OR IGNORE INTO answers VALUES (?, ?)", (key, dumps(asdict(answer))))
            row = connection.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
            return KeptAnswer(**loads(row[0]))

    def close(self) -> None:
        """Close the file; a later use opens it again."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._opened = sqlite3.connect(
                self._path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            # Readers do not wait for a writer; a verdict that a power cut loses is asked for again.
            self._opened.execute("PRAGMA journal_mode = WAL")
            self._opened.execute("PRAGMA synchronous = NORMAL")
            self._opened.execute(
                "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL) WITHOUT ROWID"
            )
        return self._opened


class _TroubleTold:
    """Trouble with the file becomes a score's failure that says which file, and what to do."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, sqlite3.Error | OSError | ValueError | TypeError):
            raise cannot_be_asked(
                f"the judge's cache {self._path} cannot be used ({type(error).__name__}: {error}): "
                "remove it, or name another in TEXTGYM_JUDGE_CACHE"
            ) from None


_CACHES: dict[Path, AnswerCache] = {}
_INHERITED: list[dict[Path, AnswerCache]] = []


def cache_at(path: Path) -> AnswerCache:
    """The cache in this file; one object a process, so that threads share its connection."""
    return _CACHES.setdefault(path, AnswerCache(path))


def _leave_to_the_parent() -> None:
    """After a fork, connections and locks are the parent's: they are neither used nor closed in the child."""
    _INHERITED.append(dict(_CACHES))
    _CACHES.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_the_parent)
