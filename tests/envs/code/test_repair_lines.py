"""Which lines were changed: true to the texts, small where the change is small, and quick whatever the texts are."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_packages import package

from textgym.core import Random
from textgym.envs.code.repair.export import MOST_LINES, export
from textgym.envs.code.repair.lines import opcodes, unified
from textgym.envs.code.repair.patches import apply_patch
from textgym.envs.code.repair.tree import unified_diff
from textgym.envs.code.repair.workbench import whole_patch

SHELF = package("shelf")
FEW = st.lists(st.sampled_from(["a", "b", "c", "return", ""]), max_size=30)
MANY = st.lists(st.text("abcdef", max_size=2), max_size=60)
LINES = FEW | MANY


@given(LINES, LINES)
def test_the_stretches_make_one_text_of_the_other(old: list[str], new: list[str]) -> None:
    made: list[str] = []
    at_old = at_new = 0
    for tag, i1, i2, j1, j2 in opcodes(old, new):
        assert (i1, j1) == (at_old, at_new)
        assert i1 < i2 or j1 < j2
        if tag == "equal":
            assert old[i1:i2] == new[j1:j2]
        else:
            assert tag == ("replace" if i1 < i2 and j1 < j2 else "delete" if i1 < i2 else "insert")
        made += new[j1:j2]
        at_old, at_new = i2, j2
    assert (at_old, at_new) == (len(old), len(new))
    assert made == new


@given(LINES)
def test_equal_texts_have_no_change(lines: list[str]) -> None:
    assert all(code[0] == "equal" for code in opcodes(lines, list(lines)))


@given(LINES, LINES)
def test_the_oracles_patch_makes_one_file_of_the_other(old: list[str], new: list[str]) -> None:
    before, after = ("".join(f"{line}\n" for line in lines).encode() for lines in (old, new))
    if before != after:
        assert apply_patch({"a.py": before}, whole_patch("a.py", before, after)) == {"a.py": after}


@pytest.mark.parametrize("seed", range(30))
def test_a_diff_is_one_that_patch_applies(tmp_path: Path, seed: int) -> None:
    rng = Random(bytes([seed]))
    old = [
        rng.choice(["x = 1\n", "\n", "    return x\n", f"y = {rng.randint(1, 99)}\n"])
        for _ in range(rng.randint(0, 400))
    ]
    new = list(old)
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(new))
        new[at : at + rng.randint(0, 3)] = [f"z = {rng.randint(1, 9)}\n"] * rng.randint(0, 3)
    (tmp_path / "a.txt").write_text("".join(old))
    diff = "".join(unified(old, new, "a/a.txt", "b/a.txt"))
    if old != new:
        done = subprocess.run(
            ["git", "apply", "--unidiff-zero", "-"],
            input=diff,
            text=True,
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.txt").read_text() == "".join(new)


def test_two_small_repairs_far_apart_in_a_long_file_are_two_lines() -> None:
    source = next(path for path in SHELF.files if SHELF.is_source(path))
    lines = [f"    value_{i} = {i}\n    return None\n" for i in range(3000)]
    start = {**SHELF.files, source: "".join(lines).encode()}
    lines[5] = "    value_5 = 6\n    return None\n"
    lines[2990] = "    value_2990 = 2991\n    return None\n"
    tree = {**SHELF.files, source: "".join(lines).encode()}
    leaving = export(SHELF, start, tree)
    assert not leaving.refused
    assert leaving.added == ("    value_5 = 6", "    value_2990 = 2991")
    shown = unified_diff(start, tree)
    assert sum(line[0] in "+-" for line in shown.splitlines()) == 2 + 4
    assert apply_patch(start, whole_patch(source, start[source], tree[source])) == {source: tree[source]}
    assert len(whole_patch(source, start[source], tree[source])) < 50_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["x"] * 500_000, ["y"] * 500_000),
        (["x", "y"] * 250_000, ["y", "z"] * 250_000),
        (["x", "a"] * 250, ["x", "b"] * 250),
        (["x"] * 400 + ["a"] + ["x"] * 500, ["y"] + ["x"] * 600 + ["y"] * 3 + ["x"]),
    ],
    ids=["other lines", "shifted", "every other line", "lopsided"],
)
def test_no_texts_take_long_and_a_wholly_new_one_is_not_graded(old: list[str], new: list[str]) -> None:
    found = opcodes(old, new)  # a quadratic comparison would take hours
    assert sum(code[4] - code[3] for code in found) == len(new)


def test_a_change_of_too_many_lines_is_refused() -> None:
    source = next(path for path in SHELF.files if SHELF.is_source(path))
    tree = {**SHELF.files, source: b"".join(b"x = %d\n" % i for i in range(MOST_LINES + 1))}
    assert f"at most {MOST_LINES}" in export(SHELF, SHELF.files, tree).refused
