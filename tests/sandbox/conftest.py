"""Services, and a sandbox with a network that leads to one of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.networks import FETCH, LIMITS, Services
from textgym.sandbox import Network, Sandbox, open_sandbox
from textgym.sandbox.engine import connect


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    """A client of the engine, for what a sandbox does not tell of itself."""
    client = connect()
    yield client
    client.close()


@pytest.fixture(scope="module")
def services(engine: Any) -> Iterator[Services]:
    """Starts services: `services.start()`."""
    started = Services(engine)
    yield started
    started.close()


@pytest.fixture(scope="module")
def search(services: Services) -> str:
    """The one that is listed, under this name."""
    return services.start()


@pytest.fixture(scope="module")
def other(services: Services) -> str:
    """One that runs beside the listed one and is not listed."""
    return services.start()


@pytest.fixture(scope="module")
def networked(search: str) -> Iterator[Sandbox]:
    """A sandbox whose network leads to `search`."""
    with open_sandbox("docker", slots=1, limits=LIMITS, network=Network(hosts={"search": search})) as opened:
        assert opened.run_python(FETCH).stdout == b"200\n"
        yield opened
