"""The pool of sandboxes that the code environments share."""

import asyncio
import threading

import pytest

from textgym.core import InfraError
from textgym.envs.code import boxes
from textgym.sandbox import SandboxUnavailableError


def test_everyone_gets_the_same_pool_until_it_is_closed() -> None:
    try:
        first = boxes.open_box()
    except InfraError as error:
        pytest.skip(str(error))
    found = [first, asyncio.run(boxes.box())]
    threads = [threading.Thread(target=lambda: found.append(boxes.open_box())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one is first for one in found)
    boxes.close_box()
    assert boxes.open_box() is not first
    boxes.close_box()


def test_without_a_provider_the_error_is_one_of_the_machinery_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing(provider: str) -> object:
        raise SandboxUnavailableError("no sandbox can be opened here. bwrap: apt-get install bubblewrap")

    boxes.close_box()
    monkeypatch.setattr(boxes, "open_sandbox", nothing)
    with pytest.raises(InfraError, match="apt-get install bubblewrap"):
        asyncio.run(boxes.box())
