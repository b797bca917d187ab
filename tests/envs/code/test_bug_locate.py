"""BugLocate: the place of a bug, named exactly, by reading alone."""

import pytest
from sample_repairs import SampleLocate

from textgym.diagnostics import EnvironmentSuite


class TestChecks(EnvironmentSuite):
    env_class = SampleLocate
    tasks = 4


@pytest.mark.parametrize(
    ("file", "function", "right"),
    [
        ("src/shelf/store.py", "Shelf.take", True),
        ("./src/shelf/store.py", " Shelf.take() ", True),
        ("src/shelf/store.py", "take", False),
        ("src/shelf/store.py", "Shelf.put", False),
        ("src/shelf/text.py", "Shelf.take", False),
        ("store.py", "Shelf.take", False),
        ("src/shelf/store.py", "Shelf.take Shelf.put", False),
    ],
)
def test_only_the_place_is_paid(file, function, right):
    env = SampleLocate()
    live = env.start(env.task("train", 2))
    live.step(env.call("answer", file=file, name=function))
    assert live.total == float(right)


def test_the_package_can_be_read_and_searched():
    env = SampleLocate()
    live = env.start(env.task("train", 2))
    text, *_ = live.step(env.call("search", text="def take"))
    assert text.startswith("src/shelf/store.py:19: def take(self, name, count=1):\n")
    assert "It is nowhere." in live.step(env.call("search", text="no such text"))[0]
    assert "Remove some of a thing" in live.step(env.call("view", path="src/shelf/store.py", lines="19-21"))[0]
    assert live.step(env.call("view", path="gone.py"))[0].startswith("Not shown")
    assert not live.ended
