"""What needs a provider that is not here is skipped, except in CI, where every provider must be there."""

import os
from functools import cache

import pytest

from textgym.sandbox.bwrap import BwrapProvider
from textgym.sandbox.docker import DockerProvider

_PROVIDERS = {"docker": DockerProvider, "sandbox": BwrapProvider}


@cache
def _missing(marker: str) -> str | None:
    provider = _PROVIDERS[marker]()
    try:
        return provider.available()
    finally:
        if isinstance(provider, DockerProvider):
            provider.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in _PROVIDERS:
        if item.get_closest_marker(marker) and (why := _missing(marker)):
            if os.environ.get("CI"):
                pytest.fail(f"in CI every provider must be there: {why}", pytrace=False)
            pytest.skip(why)
