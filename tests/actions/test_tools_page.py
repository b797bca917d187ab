"""The page about tools says what is so: its examples run, and the mistakes it lists are answered as it says."""

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "tools.md").read_text(encoding="utf-8")
MISTAKES = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", PAGE.partition("| the policy reads |")[2], re.MULTILINE)


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "page"}
    for example in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(example, "tools.md", "exec"), names)
    return names


def test_the_examples_run(page):
    assert page["env"].episode.outcome.success
    assert "<price>FRUIT</price>" in page["env"].reset(seed=7)[0]
    assert [call.name for call in page["parsed"].calls] == ["price", "pay"]


def test_the_oracle_of_the_example_earns_one(page):
    env = page["Shop"]()
    for split in ("train", "validation", "test"):
        live = env.start(env.task(split, 0))
        while not live.ended:
            live.step(env.oracle(live.task, live.state))
        assert live.total == 1.0


@pytest.mark.parametrize(("action", "answer"), MISTAKES)
def test_mistakes_are_answered_as_the_page_says(page, action, answer):
    live = page["Shop"](protocol="json" if action.startswith("{") else "tags")
    live = live.start(live.task("train", 0))
    assert live.step(action)[0].startswith(answer.removesuffix("..."))


def test_the_page_lists_mistakes():
    assert len(MISTAKES) == 4
