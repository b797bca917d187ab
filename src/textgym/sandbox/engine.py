"""The Docker engine: a connection to it, or the reason in words why there is none."""

from typing import Any

from textgym.core import OptionalDependencyError
from textgym.sandbox.errors import SandboxUnavailableError

LABEL = "textgym.sandbox"
"""Prefix of every label that we set. A container or image without it is never touched."""

INSTALL_HINT = (
    "install and start an engine (Debian, Ubuntu: sudo apt-get install docker.io; others: "
    "https://docs.docker.com/engine/install/), and let this user reach it, or set DOCKER_HOST"
)


def connect(timeout_s: float = 60.0) -> Any:
    """A `docker.APIClient` of the engine that the environment names (DOCKER_HOST, else the local socket).

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
    try:
        client = docker.APIClient(**docker.utils.kwargs_from_env(), version="auto", timeout=timeout_s)
    except (docker.errors.DockerException, OSError, ValueError) as error:
        raise SandboxUnavailableError(f"no Docker engine answers ({error!s:.200}); {INSTALL_HINT}") from None
    try:
        if client.info().get("OSType") != "linux":
            raise SandboxUnavailableError("the Docker engine runs Windows containers; the sandbox needs Linux ones")
    except (docker.errors.DockerException, OSError) as error:
        client.close()
        raise SandboxUnavailableError(f"the Docker engine does not answer ({error}); {INSTALL_HINT}") from None
    return client


def engine_errors(*beside: type[Exception]) -> tuple[type[Exception], ...]:
    """What a call to the engine may raise, for an `except` clause, and what else that clause takes."""
    import docker
    import requests
    import urllib3

    return (*beside, docker.errors.DockerException, requests.RequestException, urllib3.exceptions.HTTPError, OSError)
