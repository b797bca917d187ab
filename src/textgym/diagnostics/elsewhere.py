"""Our end of the other process: start it early, ask it later, and never wait for it longer than it deserves."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from textgym.diagnostics.target import Target

PATIENCE = 300.0
"""Seconds after which an answer is given up."""


class WorkerError(RuntimeError):
    """The other process raised, died or did not answer."""


class Worker:
    """A fresh interpreter with a given `PYTHONHASHSEED`, in which the target can be played.

    Requests are answered in order; each returns a future, so that the two processes work side by side.
    """

    def __init__(self, target: Target, hash_seed: str) -> None:
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "textgym.diagnostics.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths},
            encoding="ascii",
        )
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="textgym-worker")
        self._thread.submit(self._write, target.as_json())  # a process that died is noticed by the first request

    def ask(self, what: str, **request: Any) -> "Future[list[list[str]]]":
        """Send a request of `textgym.diagnostics.worker`; the future holds the answer or a `WorkerError`."""
        return self._thread.submit(self._exchange, {"ask": what, **request})

    def _write(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _exchange(self, request: dict[str, Any]) -> list[list[str]]:
        assert self._process.stdout is not None
        try:
            self._write(request)
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise WorkerError(f"the other process died: {self._last_words()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerError(f"in the other process: {answer['error']}")
        found: list[list[str]] = answer["answer"]
        return found

    def _last_words(self) -> str:
        self._process.wait()
        self._errors.seek(0)
        return self._errors.read().decode(errors="replace")[-2000:].strip() or f"exit code {self._process.returncode}"

    def close(self) -> None:
        """End the process, also in the middle of an answer."""
        self._process.kill()
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # unsent bytes for a process that is gone
                    continue


def other_hash_seeds() -> tuple[str, ...]:
    """Three values of `PYTHONHASHSEED` that this process does not run under.

    Several, because a set of few words has few orders, and two seeds often agree about one.
    """
    mine = os.environ.get("PYTHONHASHSEED")
    return tuple(seed for seed in ("1", "2", "3", "4") if seed != mine)[:3]
