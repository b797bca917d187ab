"""One pool for a process: opened once, opened anew after it was closed, and by a forked process for itself."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from support.sandboxes import BOTH
from textgym.sandbox import Sandbox, SandboxUnavailableError, open_sandbox
from textgym.sandbox.shared import SharedSandbox


@pytest.fixture(params=BOTH)
def shared(request: pytest.FixtureRequest) -> Iterator[SharedSandbox]:
    pool = SharedSandbox(lambda: open_sandbox(request.param, slots=1, spares=0))
    yield pool
    pool.close()


def test_the_pool_is_one_until_it_is_closed(shared: SharedSandbox) -> None:
    first = shared.get()
    assert asyncio.run(shared.aget()) is first
    shared.close()
    assert asyncio.run(shared.aget()) is not first


def test_a_forked_process_opens_its_own_and_leaves_its_parents_alone(shared: SharedSandbox) -> None:
    first = shared.get()
    assert first.run_python("print(1)").ok
    child = os.fork()
    if child == 0:
        try:
            own = shared.get()
            right = own is not first and own.run_python("print(2)").stdout == b"2\n"
            shared.close()
            os._exit(0 if right else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert shared.get() is first
    assert first.run_python("print(3)").stdout == b"3\n"


def test_what_the_opening_raises_its_callers_get_and_the_next_one_tries_again() -> None:
    tried: list[int] = []

    def opened() -> Sandbox:
        tried.append(1)
        raise SandboxUnavailableError("there is none")

    shared = SharedSandbox(opened)
    with pytest.raises(SandboxUnavailableError, match="there is none"):
        shared.get()
    with pytest.raises(SandboxUnavailableError, match="there is none"):
        asyncio.run(shared.aget())
    shared.close()
    assert len(tried) == 2
