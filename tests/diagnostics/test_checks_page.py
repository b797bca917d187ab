"""The page about the checks lists exactly the checks there are."""

import re
from pathlib import Path

from textgym.diagnostics import CHECKS, check

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_page_explains_every_check_once_and_no_other() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(CHECKS)


def test_the_example_of_the_page_runs() -> None:
    report = check("textgym/GuessNumber-v0", {"high": 50}, tasks=20, only=["oracle_score"])
    assert report.passed
    assert "earned 1" in report.check("oracle_score").evidence
