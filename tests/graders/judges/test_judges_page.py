"""The examples of docs/judges.md run as they stand, against a judge that is there."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "judges.md"


def test_the_examples_run(serve, monkeypatch, capsys):
    monkeypatch.setenv("TEXTGYM_JUDGE_BASE_URL", serve().url)
    names: dict[str, object] = {"__name__": "example"}
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), names)
    printed = capsys.readouterr().out
    assert len(blocks) >= 6
    for promised in ("0.0 ok 12 0.0", "(-0.5, 1.0)", "(0.0, 1.0)"):
        assert promised in printed
    assert "error" not in printed
