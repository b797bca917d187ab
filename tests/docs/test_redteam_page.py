"""The page about the red team says what is there, and its examples run."""

import re
from pathlib import Path

from textgym.diagnostics.redteam import CHEATS, FAMILIES
from textgym.graders.sensitivity import HARMLESS, WRONG

PAGE = (Path(__file__).parents[2] / "docs" / "redteam.md").read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    for block in blocks:
        exec(compile(block, "<docs/redteam.md>", "exec"), {"__name__": "example"})


def test_every_family_and_every_edit_is_explained() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert set(listed) == {*FAMILIES, *WRONG, *HARMLESS, "exploit_gap", "headroom", "share_paid"}


def test_the_cheats_that_are_named_exist() -> None:
    section = PAGE[PAGE.index("## The cheats") : PAGE.index("## What counts")]
    named = set(re.findall(r"`(\w+)`", section)) - set(FAMILIES) - {"repr"}
    assert named <= CHEATS.keys()
