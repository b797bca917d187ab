"""Worker processes: the same environments in another interpreter, driven over a socket.

A worker is started as a plain interpreter (`python -m textgym.runner.serve FD`), not through `multiprocessing`, so a
user's script needs no main guard and is never imported twice. What travels is pickled: both ends are ours, and no text
of a model is ever unpickled.
"""

import importlib
import os
import pickle
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from gymnasium.envs.registration import EnvSpec

from textgym.core import ConfigError, TextEnv, TextgymError

_AWAKE_SECONDS = 100e-6


class WorkerLostError(TextgymError, RuntimeError):
    """A worker process ended unexpectedly (killed, out of memory).

    Attributes:
        bystander: whether the worker was at work on somebody else's call when it ended.
    """

    bystander = False


@dataclass(frozen=True)
class EnvRecipe:
    """How to make the same environment in another process."""

    module: str
    qualname: str
    env_id: str
    settings: dict[str, Any]

    @classmethod
    def of(cls, env: TextEnv[Any, Any]) -> "EnvRecipe":
        """The recipe of an environment.

        Raises:
            ConfigError: its class cannot be imported by another process.
        """
        kind = type(env)
        if kind.__module__ == "__main__" or "<locals>" in kind.__qualname__:
            raise ConfigError(
                f"{kind.__qualname__} is defined in the running script or inside a function, where a worker process cannot "
                "import it: move the class to the top level of a module, or use execution 'inline'"
            )
        return cls(kind.__module__, kind.__qualname__, env.env_id, env.config.model_dump(exclude_unset=True))

    def make(self) -> TextEnv[Any, Any]:
        """The environment."""
        kind: Any = importlib.import_module(self.module)
        for name in self.qualname.split("."):
            kind = getattr(kind, name)
        env: TextEnv[Any, Any] = kind(**self.settings)
        env.spec = EnvSpec(id=self.env_id, entry_point=f"{self.module}:{self.qualname}")
        return env


class Worker:
    """The parent's end of one worker process.

    Args:
        recipe: the environment that the worker makes first.
        role: `block` (a `SeatBlock`, see `shards`), `seats` (single episodes, see `places`) or `tasks` (see `prefetch`).
        arguments: further arguments of the role.
    """

    def __init__(self, recipe: EnvRecipe, role: str, *arguments: Any) -> None:
        ours, theirs = socket.socketpair()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "textgym.runner.serve", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        self.socket = ours
        self.connection = Connection(os.dup(ours.fileno()))
        self.send(role, recipe, *arguments)

    def send(self, *message: Any) -> None:
        """Send one message; blocks while the worker's buffer is full."""
        try:
            self.connection.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            raise self._lost() from error

    def receive(self, *, eager: bool = False) -> Any:
        """The worker's next answer; an exception that it met is raised here. `eager` looks out for it, see `look_out`."""
        try:
            if eager:
                look_out(self.socket)
            answer = self.connection.recv_bytes()
        except (OSError, EOFError) as error:
            raise self._lost() from error
        return unpack(answer)

    def _lost(self) -> WorkerLostError:
        return WorkerLostError(
            f"worker process {self.process.pid} ended unexpectedly (exit status {self.process.poll()})"
        )

    def close(self) -> None:
        """End the worker: it leaves when its socket closes, and is killed where it does not within 5 seconds."""
        with suppress(OSError):  # it may be closed; this also wakes a thread that waits in `receive`
            self.socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.socket.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill the worker now."""
        self.process.kill()
        self.process.wait()


def look_out(end: socket.socket) -> None:
    """Wait for bytes without sleeping, but only for a moment.

    To put a process to sleep and wake it costs several times what a quick environment's step does, so two ends that
    answer each other within microseconds had better stay awake. Only for as many processes as there are cores.
    """
    patience = time.monotonic() + _AWAKE_SECONDS
    while time.monotonic() < patience:
        try:
            end.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue
        return


def unpack(answer: bytes) -> Any:
    """The value of an answer, or the exception that it carries, raised."""
    good, value = pickle.loads(answer)  # noqa: S301 (written by our own worker)
    if good:
        return value
    raise value
