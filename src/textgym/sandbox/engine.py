"""The Docker engine: a connection to it, or the reason in words why there is none."""

import os
import socket
from typing import Any

from textgym.core import OptionalDependencyError
from textgym.sandbox.errors import SandboxUnavailableError

LABEL = "textgym.sandbox"
"""Prefix of every label that we set. A container or image without it is never touched."""

INSTALL_HINT = (
    "install and start an engine (Debian, Ubuntu: sudo apt-get install docker.io; others: "
    "https://docs.docker.com/engine/install/), and let this user reach it, or set DOCKER_HOST"
)
_LOCAL_SOCKET = "unix:///var/run/docker.sock"


def connect(timeout_s: float = 60.0) -> Any:
    """A `docker.APIClient` of the engine that the environment names (DOCKER_HOST, else the local socket).

    Args:
        timeout_s: how long the engine may take to answer one request.

    Raises:
        SandboxUnavailableError: no engine answers.
        OptionalDependencyError: the `docker` package is missing.
    """
    try:
        import docker
    except ImportError as error:
        raise OptionalDependencyError(
            f"Docker sandboxes need the `docker` package (pip install docker): {error}"
        ) from None
    client = None
    try:
        knock()
        client = docker.APIClient(**docker.utils.kwargs_from_env(), version="auto", timeout=timeout_s)
        system = client.info().get("OSType")
    except engine_errors(ValueError) as error:
        if client is not None:
            client.close()
        raise SandboxUnavailableError(f"no Docker engine answers ({error!s:.200}); {INSTALL_HINT}") from None
    if system != "linux":
        client.close()
        raise SandboxUnavailableError(f"the Docker engine runs {system} containers; the sandbox needs Linux ones")
    return client


def engine_errors(*beside: type[Exception]) -> tuple[type[Exception], ...]:
    """What a call to the engine may raise, for an `except` clause, and what else that clause takes."""
    import docker
    import requests
    import urllib3

    return (*beside, docker.errors.DockerException, requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def knock() -> None:
    """Connect to a local engine's socket once, and hang up; a remote engine is not asked.

    The SDK's own error for an engine that is gone is long, and leaves a socket open.

    Raises:
        OSError: nobody listens.
    """
    host = os.environ.get("DOCKER_HOST") or _LOCAL_SOCKET
    if host.startswith("unix://"):
        path = "/" + host.removeprefix("unix://").lstrip("/")
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.settimeout(10)
            try:
                knocking.connect(path)
            except OSError as error:
                raise OSError(f"{path}: {error.strerror or error}") from None
