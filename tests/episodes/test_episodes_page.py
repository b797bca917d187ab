"""The page about episodes says what is so: its examples run, in their order."""

import os
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "episodes.md"


def test_the_examples_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 6
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)
    assert sorted(os.listdir("runs/guess")) == [".lock", "episodes.jsonl.zst", "run.json"]
    assert Path("scores.jsonl").read_text().count("\n") == 1000
    assert Path("datasets/guess/README.md").exists()
