"""Computer algebra in processes of its own, which are killed when they take too long; safe in threads.

A process is started when the first question needs one, kept for the next, and never given text: see
`symbolic_process.py`. There are at most as many as questions at the same time, and few.
"""

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from textgym.core.errors import GraderError
from textgym.graders.math.options import WORKER_BYTES
from textgym.graders.math.tree import Add, Big, Call, Const, Div, Mul, Neg, Node, Num, Pow, Sym, walk

Answer = Literal["equal", "unequal", "undecided", "timeout"]

_PROGRAM = Path(__file__).with_name("symbolic_process.py")
_START_SECONDS = 30.0
_MOST = 4
_EXPRESSIONS = (Num, Sym, Const, Add, Mul, Div, Neg, Pow, Call, Big)
_MOST_BITS = 6000


def worth_asking(left: Node, right: Node) -> bool:
    """Whether computer algebra understands both trees, and may know what points do not show: sums, limits, integrals."""
    nodes = [*walk(left), *walk(right)]
    return any(isinstance(at, Big) for at in nodes) and all(map(_expressible, nodes))


def _expressible(node: Node) -> bool:
    if isinstance(node, Num):
        return max(node.value.numerator.bit_length(), node.value.denominator.bit_length()) <= _MOST_BITS
    return isinstance(node, _EXPRESSIONS)


def ask(left: Node, right: Node, log: str, seconds: float) -> Answer:
    """Whether two expressions are equal, by computer algebra, within that time.

    Raises:
        GraderError: the process could not be started.
    """
    question = json.dumps({"left": _as_json(left), "right": _as_json(right), "log": log})
    return _pool.ask(question, time.monotonic() + seconds)


def _as_json(node: Node | None) -> Any:
    if node is None:
        return None
    if isinstance(node, Num):
        return ["num", str(node.value.numerator), str(node.value.denominator)]
    if isinstance(node, Sym | Const):
        return ["sym" if isinstance(node, Sym) else "const", node.name]
    if isinstance(node, Call):
        return ["call", node.name, [_as_json(arg) for arg in node.args]]
    if isinstance(node, Big):
        return ["big", node.kind, node.variable, _as_json(node.lower), _as_json(node.upper), _as_json(node.body)]
    if isinstance(node, Add):
        return ["add", [_as_json(term) for term in node.terms]]
    if isinstance(node, Mul):
        return ["mul", [_as_json(factor) for factor in node.factors]]
    if isinstance(node, Div):
        return ["div", [_as_json(node.top), _as_json(node.bottom)]]
    if isinstance(node, Neg):
        return ["neg", [_as_json(node.of)]]
    if isinstance(node, Pow):
        return ["pow", [_as_json(node.base), _as_json(node.exponent)]]
    raise TypeError(f"{type(node).__name__} is no expression")


class _Worker:
    """One process and the thread that reads what it says."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", str(_PROGRAM), str(WORKER_BYTES)]
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        except OSError as error:
            raise GraderError(f"the computer algebra process did not start: {error}") from None
        self.ready = False
        self.said: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="textgym-math-worker", daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError, OSError):
            for line in self.process.stdout:
                self.said.put(line.strip())
        self.said.put(None)

    def hear(self, seconds: float) -> str | None:
        """What it says next; None where it ended.

        Raises:
            queue.Empty: it says nothing for so long.
        """
        return self.said.get(timeout=max(seconds, 0.0))

    def tell(self, line: str) -> bool:
        """Send it a line; False where it has ended."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except (OSError, ValueError):
            return False
        return True

    def kill(self) -> None:
        """End it and wait for its end."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()


class _Pool:
    """Idle workers, and how many there may be."""

    def __init__(self) -> None:
        self.idle: list[_Worker] = []
        self.lock = threading.Lock()
        self.slots = threading.BoundedSemaphore(min(_MOST, os.cpu_count() or 1))
        self.started = False

    def ask(self, question: str, deadline: float) -> Answer:
        with self.slots:
            worker = self._worker()
            try:
                deadline = self._await(worker, deadline)
                if time.monotonic() >= deadline:
                    answer: Answer | None = "timeout"  # it is not ready, or only just: the next question finds it so
                else:
                    answer = self._answer(worker, question, deadline)
                ended = worker.process.poll() is not None
            except BaseException:
                worker.kill()
                raise
            if answer is None:
                worker.kill()
                worker = _Worker()  # it gets ready while nobody waits for it
            with self.lock:
                self.idle.append(worker)
            return answer or ("undecided" if ended else "timeout")

    def _answer(self, worker: _Worker, question: str, deadline: float) -> Answer | None:
        """What a worker says to a question; None where it did not answer in time, or ended."""
        try:
            word = worker.hear(deadline - time.monotonic()) if worker.tell(question) else None
        except queue.Empty:
            return None
        return word if word in ("equal", "unequal", "undecided") else None  # type: ignore[return-value]

    def _await(self, worker: _Worker, deadline: float) -> float:
        """Wait until a new process is ready, or for as long as there is time; the deadline after that.

        The first process of a program may take its time, and the deadline is moved.
        """
        if worker.ready:
            return deadline
        began, first = time.monotonic(), not self.started
        try:
            word = worker.hear(_START_SECONDS if first else max(deadline - began, 0.01))
        except queue.Empty:
            return began
        if word != "ready":
            raise GraderError("the computer algebra process did not start: is sympy installed?")
        worker.ready = self.started = True
        return deadline + (time.monotonic() - began if first else 0)

    def _worker(self) -> _Worker:
        with self.lock:
            while self.idle:
                worker = self.idle.pop()
                if worker.process.poll() is None:
                    return worker
                worker.kill()
        return _Worker()

    def close(self) -> None:
        """End the idle workers."""
        with self.lock:
            idle, self.idle = self.idle, []
        for worker in idle:
            worker.kill()


_pool = _Pool()


@atexit.register
def close_workers() -> None:
    """End the processes that wait for a question; the next question starts a new one."""
    _pool.close()


def _forget_pool() -> None:
    """After a fork the workers are the parent's; the child starts its own."""
    global _pool
    _pool = _Pool()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)
