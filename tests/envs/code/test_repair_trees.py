"""A box as data: changes are bounded and exact, only sources of the package leave it, hidden tests never enter."""

import ast
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_packages import package, problem

from textgym.core import Random
from textgym.envs.code.repair.canaries import place_canaries
from textgym.envs.code.repair.examining import prepare
from textgym.envs.code.repair.export import MOST_LINES, export, tripwire
from textgym.envs.code.repair.starting import start_tree
from textgym.envs.code.repair.suites import SuiteTest, without_tests
from textgym.envs.code.repair.test_names import FreshNames
from textgym.envs.code.repair.tree import MOST_FILES, Changes, TreeError, outline, unified_diff

START = {"a.py": b"x = 1\n", "d/b.py": b"y = 2\n", "d/c.bin": b"\xff\xfe"}
NAMES = st.sampled_from(["a.py", "d/b.py", "d/c.bin", "n.py", "d/e/f.txt"])


@given(st.lists(st.dictionaries(NAMES, st.none() | st.binary(max_size=20), max_size=5), max_size=5))
def test_changes_are_the_difference_to_the_start_through_json_and_back(steps):
    changes, tree = Changes(), dict(START)
    for step in steps:
        changes.update(START, step)
        for path, data in step.items():
            if data is None:
                tree.pop(path, None)
            else:
                tree[path] = data
    again = Changes.model_validate_json(changes.model_dump_json())
    assert again.tree(START) == tree
    assert all(tree.get(path) != START.get(path) for path in changes.files)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a//b", "./x", "x" * 300, "a\0b", "\ud800", "a.py/inner"])
def test_a_path_that_cannot_be_used_changes_nothing(path):
    changes = Changes()
    with pytest.raises(TreeError):
        changes.update(START, {"ok.py": b"", path: b"data"})
    assert not changes.files


def test_changes_are_bounded():
    for many in ({f"f{i}": b"" for i in range(MOST_FILES + len(START) + 1)}, {"large": b"a" * (5 << 20)}):
        changes = Changes()
        with pytest.raises(TreeError):
            changes.update(START, many)
        assert not changes.files


def test_a_diff_names_every_change():
    text = unified_diff(START, {"a.py": b"x = 2", "d/c.bin": b"\xff", "new.txt": b"hi\n"})
    assert "-x = 1\n+x = 2\n\\ No newline at end of file\n" in text
    assert "Binary file d/c.bin differs" in text
    assert "+++ /dev/null\n@@ -1 +0,0 @@\n-y = 2" in text
    assert "--- /dev/null\n+++ b/new.txt" in text


def test_the_outline_is_two_levels_deep():
    assert outline({"a/b/c.py": b"", "a/b/d.py": b"", "a/x.py": b"", "r.md": b""}) == "a/\n  b/ (2 files)\n  x.py\nr.md"


# -- what leaves ----------------------------------------------------------------------------------------------------------

SHELF = package("shelf")


def exported(changes):
    return export(SHELF, SHELF.shown, {**SHELF.shown, **changes})


def test_sources_of_the_package_leave():
    leaving = exported({"src/shelf/text.py": b"def wrap(): pass\n", "src/shelf/new.py": b"x = 1\n"})
    assert set(leaving.files) == {"src/shelf/text.py", "src/shelf/new.py"}
    assert "x = 1" in leaving.added
    assert not leaving.dropped
    assert not leaving.refused


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_text.py", "tests/conftest.py", "conftest.py", "src/shelf/conftest.py", "pytest.ini", "setup.cfg",
        "pyproject.toml", "src/sitecustomize.py", "src/hack.pth", "src/shelf/data.json", "src/pytest.py", "src/json.py",
        "src/shelf/test_new.py", "src/shelf/usercustomize.py", "src/shelf2/x.py", "README.md",
    ],
)  # fmt: skip
def test_nothing_else_leaves(path):
    leaving = exported({path: b"x = 1\n"})
    assert not leaving.files
    assert leaving.dropped == (path,)


@pytest.mark.parametrize("data", [b"\xff\xfe", b"x = 1\0", b"#" * (2 << 20)])
def test_what_is_no_source_text_stays(data):
    assert not exported({"src/shelf/text.py": data}).files


def test_a_large_patch_is_refused():
    leaving = exported({"src/shelf/text.py": b"".join(b"x%d = 1\n" % i for i in range(MOST_LINES + 1))})
    assert "at most 400" in leaving.refused
    assert not leaving.files
    huge = b"".join(b"x%d = 1\n" % i for i in range(60_000))
    assert exported({"src/shelf/text.py": huge}).refused


def test_a_deleted_source_is_a_change():
    tree = {path: data for path, data in SHELF.shown.items() if path != "src/shelf/text.py"}
    assert export(SHELF, SHELF.shown, tree).files == {"src/shelf/text.py": None}


def test_the_tripwire_names_what_has_little_to_do_with_a_repair():
    assert tripwire(["import gc", "x = sys._getframe(1)", "os.environ['PYTEST_CURRENT_TEST']", "def __eq__(self, o):"]) == [
        "environment", "equality", "frames", "gc",
    ]  # fmt: skip
    assert tripwire(["return a + b", "if len(word) > width:"]) == []


# -- what enters ----------------------------------------------------------------------------------------------------------


def test_neither_the_answer_nor_hidden_tests_nor_copies_enter():
    for number in range(4):
        task = problem("shelf", number)
        tree = start_tree(task)
        answers = {path: task.package.files[path] for path in task.damaged}
        assert all(tree[path] == data for path, data in task.damaged.items())
        assert not any(data in answers.values() for data in tree.values())
        assert not any(path.startswith(("build/", "vendored/")) for path in tree if "text" in path and number != 2)
        text = b"".join(data for path, data in tree.items() if path.startswith("tests/")).decode()
        for test in task.fail_to_pass:
            assert f"def {SuiteTest.parse(test).function}(" not in text
        for test in task.pass_to_pass:
            name = SuiteTest.parse(test).function
            if name not in {SuiteTest.parse(hidden).function for hidden in task.fail_to_pass}:
                assert f"def {name}(" in text


def test_a_file_that_a_test_cannot_be_cut_from_is_left_out():
    tree = {"t/test_a.py": b"class A:\n    def test_x(self):\n        pass\n", "t/test_b.py": b"test_made = make()\n"}
    left = without_tests(tree, ["t/test_a.py::A::test_x", "t/test_b.py::test_made", "t/test_c.py::test_z"])
    assert left == {"t/test_a.py": b"class A:\n    pass\n"}


@pytest.mark.parametrize("odd", ["\x0c", "# \u2028 \x1c \x85", 'TEXT = "\x0b\x1d"'])
def test_a_test_is_cut_out_whole_whatever_separates_lines_elsewhere(odd):
    head, test, tail = f"import os\n{odd}\n", "@mark\ndef test_x():\n    assert 1\n", "\n\ndef test_y():\n    pass\n"
    left = without_tests({"t/test_a.py": (head + test + tail).encode()}, ["t/test_a.py::test_x"])
    assert left == {"t/test_a.py": (head + tail).encode()}


def test_canaries_are_tests_under_fresh_names():
    files = {path: data for path, data in SHELF.files.items() if path.startswith("tests/")}
    seen = set()
    for number in range(20):
        canaries = place_canaries(files, SHELF.test_ids, Random(bytes([number])), FreshNames(SHELF.test_ids))
        assert len(canaries.tests) >= 2
        assert not set(canaries.tests) & set(SHELF.test_ids)
        for path, data in canaries.files.items():
            ast.parse(data)
            assert data.count(b"def test_") > files[path].count(b"def test_")
        seen |= set(canaries.tests)
    assert len(seen) > 40


def test_a_test_that_puts_something_back_after_its_assertion_is_never_stopped_there():
    suite = b"""
def test_registers():
    add("x")
    assert len(known()) == 1
    remove("x")

def test_looks():
    found = known()
    assert len(found) == 0
    kinds = set(found)
    assert kinds == set()

def test_deletes():
    made["x"] = 1
    assert made["x"] == 1
    del made["x"]
"""
    names = [f"tests/test_a.py::test_{name}" for name in ("registers", "looks", "deletes")]
    for number in range(10):
        placed = place_canaries({"tests/test_a.py": suite}, names, Random(bytes([number])), FreshNames(names))
        text = placed.files["tests/test_a.py"]
        assert (text.count(b'add("x")'), text.count(b'made["x"] = 1'), text.count(b"found = known()")) == (1, 1, 2)


def test_tests_that_a_package_names_are_not_copied():
    named = replace(SHELF, not_copied=(SHELF.test_ids[0], SHELF.test_ids[-1].partition("::")[0]))
    usual = prepare(SHELF, SHELF.shown, SHELF.test_ids, SHELF.test_ids, Random(b"1"), canaries=1000)
    fewer = prepare(named, SHELF.shown, SHELF.test_ids, SHELF.test_ids, Random(b"1"), canaries=1000)
    assert 2 <= fewer.meant.count(None) < usual.meant.count(None)


def test_where_nothing_can_be_copied_canaries_are_made_up():
    canaries = place_canaries(
        {"tests/test_a.py": b"def test_x():\n    f()\n"}, ["tests/test_a.py::test_x"], Random(b"1"), FreshNames([])
    )
    assert len(canaries.tests) == 2
    assert all(test.startswith("tests/") for test in canaries.tests)


def test_an_examination_is_named_anew_each_time_and_pinned():
    tree = {**SHELF.shown, "tests/test_text.py": b"tampered", "tests/extra.py": b"tampered"}
    one, two = (prepare(SHELF, tree, SHELF.test_ids, SHELF.test_ids, Random(b"1")) for _ in range(2))
    assert one.root != two.root
    assert not set(one.tests) & set(two.tests)
    assert b"tampered" not in one.files.values()
    assert {test for test in one.meant if test is not None} == set(SHELF.test_ids)
    assert one.meant.count(None) >= 2
