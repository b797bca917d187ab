"""Patches and edits: what is written is applied exactly, what cannot be applied says why, and nothing is half done."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.envs.code.repair.editing import EditError, replaced, view
from textgym.envs.code.repair.patches import PatchError, apply_patch, parse_patch
from textgym.envs.code.repair.workbench import whole_patch

TREE = {
    "a.py": b"import os\n\n\ndef f(x):\n    return x + 1\n\n\ndef g(x):\n    return x + 1\n",
    "b.txt": b"one\ntwo\nthree",
    "win.py": b"a = 1\r\nb = 2\r\n",
    "raw.bin": b"\xff\x00",
}


def patched(*lines, tree=TREE):
    return apply_patch(tree, "\n".join(["*** Begin Patch", *lines, "*** End Patch"]))


def test_a_hunk_replaces_the_lines_that_it_names():
    changed = patched("*** Update File: a.py", "@@", " def f(x):", "-    return x + 1", "+    return x - 1")
    assert changed == {"a.py": TREE["a.py"].replace(b"x + 1", b"x - 1", 1)}


def test_an_anchor_tells_two_places_apart():
    changed = patched("*** Update File: a.py", "@@ def g(x):", "-    return x + 1", "+    return x - 1")
    assert changed["a.py"].endswith(b"def g(x):\n    return x - 1\n")
    assert b"def f(x):\n    return x + 1\n" in changed["a.py"]


def test_hunks_follow_each_other():
    changed = patched(
        "*** Update File: a.py", "@@", "-    return x + 1", "+    return 1", "@@", "-    return x + 1", "+    return 2"
    )
    assert changed["a.py"].count(b"return 1") == changed["a.py"].count(b"return 2") == 1


def test_a_hunk_without_context_goes_to_the_end():
    assert patched("*** Update File: a.py", "+x = 1")["a.py"] == TREE["a.py"] + b"x = 1\n"


def test_files_are_added_deleted_and_moved():
    assert patched("*** Add File: new/c.py", "+x = 1", "+") == {"new/c.py": b"x = 1\n\n"}
    assert patched("*** Delete File: b.txt") == {"b.txt": None}
    moved = patched("*** Update File: b.txt", "*** Move to: c.txt", "@@", "-two", "+2")
    assert moved == {"b.txt": None, "c.txt": b"one\n2\nthree"}


def test_line_ends_stay_as_they_are():
    assert patched("*** Update File: win.py", "@@", "-b = 2", "+b = 3") == {"win.py": b"a = 1\r\nb = 3\r\n"}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["*** Update File: a.py", "@@", "-no such line", "+x"], "not in the file"),
        (["*** Update File: a.py", "@@ class Nowhere:", "-    return x + 1"], "no line reads"),
        (["*** Update File: gone.py", "@@", "-x"], "no file gone.py"),
        (["*** Delete File: gone.py"], "no file gone.py"),
        (["*** Add File: a.py", "+x"], "is there already"),
        (["*** Update File: raw.bin", "@@", "-x", "+y"], "is no text"),
        (["*** Update File: a.py", "?what"], "begins with"),
        (["*** Add File: n.py", "no plus"], "cannot be"),
        (["just text"], "expected"),
        ([], "names no file"),
        (["*** Delete File: a.py", "*** Delete File: a.py"], "twice"),
        (["*** Update File: a.py"], "nothing is to be changed"),
    ],
)
def test_a_patch_that_does_not_apply_says_why(lines, why):
    with pytest.raises(PatchError, match=why):
        patched(*lines)


@pytest.mark.parametrize("text", ["", "x", "*** Begin Patch", "*** End Patch", "*** Begin Patch\n*** Add File: x\n+1"])
def test_a_patch_has_a_beginning_and_an_end(text):
    with pytest.raises(PatchError):
        parse_patch(text)


@given(st.text(alphabet="*+- @\nabPEUF:d", max_size=300))
def test_any_text_is_refused_or_applied(text):
    with contextlib.suppress(PatchError):
        apply_patch(TREE, f"*** Begin Patch\n*** Update File: a.py\n{text}\n*** End Patch")


def test_a_hostile_patch_takes_time_in_proportion_to_its_length():
    tree = {"a.py": b"a\n" * 200_000}
    lines = ["*** Update File: a.py", "@@", *["-a"] * 40_000, "-b", "+c"]
    with pytest.raises(PatchError):
        patched(*lines, tree=tree)
    with pytest.raises(PatchError, match="more than 200 hunks"):
        patched("*** Update File: a.py", *["@@"] * 300, tree=tree)


LINES = st.lists(
    st.sampled_from(["a", "b", "", "    x = 1", "    return", "+", "-", "@@", "*** End Patch"]), max_size=12
)


@given(LINES, LINES)
def test_the_patch_from_one_text_to_another_leads_there(before, after):
    old, new = ("".join(f"{line}\n" for line in lines).encode() for lines in (before, after))
    if old == new or not old:
        return
    patch = whole_patch("f.py", old, new)
    assert apply_patch({"f.py": old}, patch) == {"f.py": new or b""}


def test_an_edit_needs_its_text_once():
    assert replaced(TREE, "b.txt", "two", "2") == b"one\n2\nthree"
    assert replaced(TREE, "new.py", "", "x = 1") == b"x = 1\n"
    for path, old, why in [
        ("a.py", "return x + 1", "2 times"),
        ("a.py", "nothing of it", "not in"),
        ("gone.py", "x", "no file"),
        ("raw.bin", "x", "no text"),
        ("a.py", "", "is there already"),
    ]:
        with pytest.raises(EditError, match=why):
            replaced(TREE, path, old, "y")


def test_a_view_numbers_lines_and_lists_folders():
    assert view(TREE, "a.py", "4-5") == "    4  def f(x):\n    5      return x + 1"
    assert view(TREE, "./a.py", "9-") == "    9      return x + 1"
    assert view(TREE, "a.py", "4") == "    4  def f(x):"
    assert view({"d/x.py": b"", "d/e/y.py": b""}, "d", None) == "e/\nx.py"
    assert view(TREE, ".", None).splitlines() == ["a.py", "b.txt", "raw.bin", "win.py"]
    for path, lines, why in [
        ("x/a.py", None, "there is a.py"),
        ("raw.bin", None, "no text"),
        ("a.py", "many", "such as"),
        ("a.py", "5-2", "behind"),
    ]:
        with pytest.raises(EditError, match=why):
            view(TREE, path, lines)


@given(st.text(max_size=30))
def test_any_range_of_lines_is_read_or_refused(lines):
    with contextlib.suppress(EditError):
        view(TREE, "a.py", lines)
