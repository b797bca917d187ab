"""Every Python example of the README and of the pages below docs runs as it stands."""

import ast
import importlib
import linecache
import re
from pathlib import Path
from typing import Any

import pytest

import textgym
from textgym.core import TextEnv
from textgym.diagnostics import check
from textgym.graders import load

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/running.md", "docs/authoring.md", "docs/graders.md", "docs/math_equal.md"]
VALUES = {"docs/graders.md": 31, "docs/math_equal.md": 14}
"""How many values of a page are compared at the least."""


def examples(page: str) -> list[str]:
    """The Python blocks of a page, those inside lists unindented."""
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), flags=re.DOTALL | re.MULTILINE)


def run(block: str, name: str, namespace: dict[str, Any]) -> int:
    """Run a block as it stands; an expression beside a comment, or above one, that is a value must have that value.

    Returns how many such values there were. The source is left where `inspect` finds it, as for a module.
    """
    linecache.cache[name] = (len(block), None, block.splitlines(keepends=True), name)
    lines, compared = [*block.splitlines(), ""], 0
    for statement in ast.parse(block).body:
        if not isinstance(statement, ast.Expr):
            exec(compile(ast.Module([statement], []), name, "exec"), namespace)
            continue
        value = eval(compile(ast.Expression(statement.value), name, "eval"), namespace)
        end = statement.end_lineno or 1
        beside, below = lines[end - 1][statement.end_col_offset or 0 :], lines[end]
        comment = re.match(r"\s*# (.*)", beside) or re.match(r"# ([\[(].*)", below)
        try:
            expected = ast.literal_eval(comment[1]) if comment else ...
        except (ValueError, SyntaxError):
            continue
        if expected is not ...:
            compared += 1
            assert value == (pytest.approx(expected) if isinstance(expected, float) else expected), lines[end - 1]
    return compared


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_run(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, Any] = {"__name__": "example"}
    compared = [run(block, f"<{page}, example {number}>", namespace) for number, block in enumerate(examples(page))]
    assert sum(compared) >= VALUES.get(page, 0)


def test_the_json_of_the_page_about_graders_is_a_grader() -> None:
    (text,) = re.findall(r"^```json\n(.*?)^```", (ROOT / "docs/graders.md").read_text(), flags=re.DOTALL | re.MULTILINE)
    tree = load(text)
    assert tree.grade({"total": 7}, '{"total": 7.0, "currency": "EUR"}').value == 1.0
    assert tree.grade({"total": 7}, "seven").value == 0.0


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


@pytest.mark.parametrize("page", ["README.md", "docs/authoring.md", "docs/tools.md"])
def test_every_environment_of_an_example_passes_its_check(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    own: list[type[TextEnv[Any, Any]]] = []
    for number, block in enumerate(examples(page)):
        if re.search(r"^class \w+\((Text|Tool)Env", block, flags=re.MULTILINE):
            name = f"example_{Path(page).stem}_{number}"
            (tmp_path / f"{name}.py").write_text(block)
            kinds = vars(importlib.import_module(name)).values()
            own += [
                kind
                for kind in kinds
                if isinstance(kind, type) and kind.__module__ == name and issubclass(kind, TextEnv)
            ]
    assert own
    for kind in own:
        report = check(kind, only=["docstring", "spaces", "oracle_score", "info_json", "noop_floor"], tasks=5)
        assert report.failed == [], kind.__name__


def test_relative_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
