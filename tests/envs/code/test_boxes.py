"""The pool of sandboxes that environments and graders share."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from textgym.core import InfraError
from textgym.graders import UnitTests
from textgym.graders.code import box as boxes
from textgym.registry import make
from textgym.sandbox import Sandbox, SandboxUnavailableError


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    boxes.close_box()
    yield
    boxes.close_box()


def opened() -> Sandbox:
    try:
        return boxes.open_box()
    except InfraError as error:
        pytest.skip(str(error))


def test_everyone_gets_the_same_pool_until_it_is_closed() -> None:
    first = opened()
    found = [first, asyncio.run(boxes.box())]
    threads = [threading.Thread(target=lambda: found.append(boxes.open_box())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one is first for one in found)
    boxes.close_box()
    assert boxes.open_box() is not first


def test_an_environment_and_a_grader_open_one_pool_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    opened()
    boxes.close_box()
    pools: list[Sandbox] = []
    really_open = boxes.open_sandbox

    def counted(provider: str) -> Sandbox:
        pools.append(really_open(provider))
        return pools[-1]

    monkeypatch.setattr(boxes, "open_sandbox", counted)
    env = make("textgym/DataWrangle-v0")
    env.reset(seed=1)
    assert "status: exit code 0" in env.step(env.call("run", program="print(1)"))[0]  # type: ignore[attr-defined]
    grader = UnitTests(entry="double", cases=[{"args": [2], "expected": 4}, {"args": [3], "expected": 6}])
    assert grader.grade({}, "def double(x):\n    return 2 * x\n").value == 1.0
    assert len(pools) == 1


def test_without_a_provider_the_error_is_one_of_the_machinery_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(provider: str) -> object:
        raise SandboxUnavailableError("no sandbox can be opened here. bwrap: apt-get install bubblewrap")

    monkeypatch.setattr(boxes, "open_sandbox", nothing)
    with pytest.raises(InfraError, match="apt-get install bubblewrap"):
        asyncio.run(boxes.box())
