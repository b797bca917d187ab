"""Every Python example of the README and of the pages below docs runs as it stands."""

import re
from pathlib import Path

import pytest

import textgym
from textgym.core import TextEnv

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/running.md", "docs/authoring.md"]


def examples(page: str) -> list[str]:
    """The Python blocks of a page, those inside lists unindented."""
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_run(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, object] = {"__name__": "example"}
    for block in examples(page):
        exec(compile(block, page, "exec"), namespace)


def test_the_smallest_environment_is_under_thirty_lines_and_earns_what_it_says() -> None:
    (block,) = [block for block in examples("README.md") if "class Guess(" in block]
    assert len([line for line in block.splitlines() if line.strip()]) < 30
    namespace: dict[str, object] = {"__name__": "example"}
    exec(compile(block, "README.md", "exec"), namespace)
    kind = namespace["Guess"]
    assert isinstance(kind, type)
    assert issubclass(kind, TextEnv)
    episodes = list(textgym.rollout(kind(high=50), "oracle", episodes=20))
    assert [episode.reward for episode in episodes] == [1.0] * 20
    with pytest.raises(textgym.ConfigError, match="high"):
        kind(hihg=50)


def test_relative_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
