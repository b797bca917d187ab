"""Settings that every test shares, and what becomes of tests that need a sandbox where none can be had."""

import os
import signal
from functools import cache

import pytest
from hypothesis import settings

# The same examples in every run, and no deadline: how fast a shared machine is decides no verdict.
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("repeatable")

# A run that was started in the background may have been told to ignore Ctrl-C, and hands that down to all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

_NEEDED = {"docker": "docker", "sandbox": "bwrap"}


@cache
def _missing(provider: str) -> str | None:
    """Why a provider of sandboxes cannot be used here; None if it can."""
    from textgym.sandbox import SandboxUnavailableError, open_sandbox

    try:
        open_sandbox(provider, slots=1).close()
    except SandboxUnavailableError as error:
        return str(error)
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a provider that is not here, except in CI, where every provider must be there."""
    for marker, provider in _NEEDED.items():
        if item.get_closest_marker(marker) and (why := _missing(provider)):
            if os.environ.get("CI"):
                pytest.fail(f"in CI every provider must be there: {why}", pytrace=False)
            pytest.skip(why)
