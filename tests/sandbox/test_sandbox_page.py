"""What the page about the sandbox shows happens, and a provider of one's own passes through the suite it describes."""

import re
from pathlib import Path

import pytest

from textgym.sandbox import open_sandbox
from textgym.sandbox.bwrap import BwrapProvider
from textgym.sandbox.conformance import SandboxConformance

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
SOURCE = """
def sort(values, reverse=False):
    return sorted(values, reverse=reverse)

def mean(values):
    return sum(values) / len(values)

if __name__ == "__main__":
    print(sum(map(int, input().split())))
"""

pytestmark = pytest.mark.sandbox


def test_the_first_example_gives_what_its_comments_say() -> None:
    (block,) = [block for block in BLOCKS if "run_python" in block]
    namespace: dict[str, object] = {}
    for line in block.splitlines():
        shown, comment, expected = line.partition("  # ")
        if comment:
            block = block.replace(
                line, f"{shown.rstrip()[: len(shown) - len(shown.lstrip())]}assert ({shown.strip()}) == ({expected})"
            )
    assert block.count("assert") == 3
    exec(compile(block, "sandbox.md", "exec"), namespace)


def test_the_example_of_sessions_gives_what_its_comments_say() -> None:
    (block,) = [block for block in BLOCKS if "box.session" in block]
    checked = re.sub(r"^( *)(\S.*?) +# (?=[(b]['(0-9{\"])(.*)$", r"\1assert (\2) == (\3)", block, flags=re.MULTILINE)
    assert checked.count("assert") == 4
    exec(compile(checked, "sandbox.md", "exec"), {})


def test_the_example_of_verdicts_passes() -> None:
    (block,) = [block for block in BLOCKS if "Comparison" in block]
    namespace: dict[str, object] = {"source": SOURCE}
    exec(compile(block, "sandbox.md", "exec"), namespace)
    assert namespace["graded"].passed  # type: ignore[attr-defined]


def test_the_example_of_tests_on_objects_passes() -> None:
    (block,) = [block for block in BLOCKS if "grade_objects" in block]
    source = (
        "class Stack(list):\n    push = list.append\ndef visit(items, f):\n    for item in items:\n        f(item)\n"
    )
    namespace: dict[str, object] = {"source": source, "open_sandbox": open_sandbox}
    exec(compile(block, "sandbox.md", "exec"), namespace)
    assert namespace["judged"].passed  # type: ignore[attr-defined]


def test_a_provider_of_ones_own_meets_the_suite() -> None:
    class MyProvider(BwrapProvider):
        name = "mine"

    (block,) = [block for block in BLOCKS if "SandboxConformance" in block]
    namespace: dict[str, object] = {"MyProvider": MyProvider, "__name__": "page"}
    exec(compile(block, "sandbox.md", "exec"), namespace)
    kind = namespace["TestMine"]
    assert isinstance(kind, type)
    assert issubclass(kind, SandboxConformance)
    kind.setup_class()
    try:
        suite = kind()
        suite.test_46_exit_code()  # type: ignore[attr-defined]
        suite.test_22_no_trace_of_an_earlier_program_in_memory()
    finally:
        kind.teardown_class()


def test_the_suite_fails_where_something_went_wrong() -> None:
    class Careless(SandboxConformance):
        provider = "bwrap"

    Careless.setup_class()
    try:
        suite = Careless()
        with pytest.raises(AssertionError, match="it happened"), suite.attacking() as wrong:
            wrong.append("it happened")
        with pytest.raises(AssertionError, match="files of the host"), suite.attacking():
            (suite._host / "new").write_text("x")
    finally:
        Careless.teardown_class()
