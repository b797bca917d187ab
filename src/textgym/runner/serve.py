"""The program that a worker process runs; see `textgym.runner.worker` for the parent's end."""

import importlib
import os
import pickle
import socket
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from textgym.core import TextgymError
from textgym.runner.worker import look_out


def pack(value: Any) -> bytes:
    """An answer that carries a value."""
    return pickle.dumps((True, value), pickle.HIGHEST_PROTOCOL)


def pack_error(error: Exception) -> bytes:
    """An answer that carries an exception; one that cannot travel is described."""
    try:
        packed = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(packed)  # noqa: S301 (our own bytes: some exceptions pickle but do not come back)
    except Exception:
        return pickle.dumps((False, TextgymError(f"{type(error).__name__}: {error}")), pickle.HIGHEST_PROTOCOL)
    return packed


Role = Callable[..., Any]
"""Called with the environment and the role's arguments; returns the object whose methods answer the messages."""


def serve(connection: Connection) -> None:
    """Answer messages until the other end closes."""
    end = socket.socket(fileno=os.dup(connection.fileno()))
    try:
        role, recipe, *arguments = pickle.loads(connection.recv_bytes())  # noqa: S301 (written by our own parent)
        try:
            server = _role(role)(recipe.make(), *arguments)
        except Exception as error:
            connection.send_bytes(pack_error(error))
            return
        connection.send_bytes(pack(None))
        eager = getattr(server, "eager", False)
        while True:
            if eager:
                look_out(end)
            name, *rest = pickle.loads(connection.recv_bytes())  # noqa: S301
            try:
                answer = pack(getattr(server, name)(*rest))
            except Exception as error:
                answer = pack_error(error)
            connection.send_bytes(answer)
    except (EOFError, OSError, KeyboardInterrupt):
        return


def _role(name: str) -> Role:
    module, _, attribute = {
        "block": "textgym.runner.shards:serve_block",
        "seats": "textgym.runner.places:RemoteSeats",
        "tasks": "textgym.runner.prefetch:TaskMaker",
    }[name].partition(":")
    role: Role = getattr(importlib.import_module(module), attribute)
    return role


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
