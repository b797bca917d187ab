"""The code that shows a bug: complete where the suite's text allows it, and true to what pytest runs."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.envs.code.repair.reproduction import reproduction
from textgym.envs.code.repair.suites import SuiteFile

SUITE = '''
import unittest
import pytest

@pytest.fixture
def shelf():
    return []

@pytest.mark.parametrize("text, size", [("a b", 2), ("", 0), pytest.param("x-y", 1, id="odd one"), (-1, None), ([], 1.5)])
def test_size(text, size):
    """Sizes."""
    found = str(text).split()
    assert len(found) == size
    assert found is not None

@pytest.mark.parametrize(("one",), [(True,), (b"z",)])
@pytest.mark.parametrize("other", [1, 2])
def test_two_marks(one, other):
    assert one == other

CASES = ((1, "z"), (2, "y"))

@pytest.mark.parametrize(["one", "other"], CASES)
def test_cases_by_name(one, other):
    assert one == other

@pytest.mark.parametrize("one", [1, 1])
def test_twice(one):
    assert one == 2

@pytest.mark.parametrize("one", [2], ids=["named"])
def test_named(one):
    assert one == 1

def test_fixture(shelf):
    assert shelf == [1]

def test_plain():
    assert 1 == 2

class TestShelf(unittest.TestCase):
    def setUp(self):
        self.items = [1]
        self.size = len(self.items)

    def test_items(self):
        self.assertEqual(self.items, [2])

    def test_base(self):
        self.assertEqual(self.left, 1)
'''
PATH = "tests/test_shelf.py"


def made(*tests: str):
    return reproduction({PATH: SuiteFile(SUITE.encode())}, [f"{PATH}::{test}" for test in tests])


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        ("a b-2", 'text = "a b"\nsize = 2\n'),
        ("-0", 'text = ""\nsize = 0\n'),
        ("odd one", 'text = "x-y"\nsize = 1\n'),
        ("-1-None", "text = -1\nsize = None\n"),
        ("text4-1.5", "text = []\nsize = 1.5\n"),
    ],
)
def test_the_values_of_a_case_are_given(case, lines):
    found = made(f"test_size[{case}]")
    assert found.code == f"{lines}found = str(text).split()\nassert len(found) == size\n"
    assert (found.left_out, found.case) == ((), "")


@pytest.mark.parametrize(
    ("test", "left_out", "case"),
    [
        ("test_two_marks[1-True]", ("one", "other"), "1-True"),
        ("test_twice[1]", ("one",), "1"),
        ("test_named[named]", ("one",), "named"),
        ("test_size[nowhere]", ("text", "size"), "nowhere"),
        ("test_fixture", ("shelf",), ""),
        ("TestShelf::test_base", ("self.left",), ""),
    ],
)
def test_what_cannot_be_given_is_named(test, left_out, case):
    found = made(test)
    assert (found.left_out, found.case) == (left_out, case)


def test_cases_that_a_name_stands_for_are_given():
    assert made("test_cases_by_name[2-y]").code == 'one = 2\nother = "y"\nassert one == other\n'


def test_what_is_set_up_is_given():
    found = made("TestShelf::test_items")
    assert found.code == "self.items = [1]\nself.size = len(self.items)\nself.assertEqual(self.items, [2])\n"
    assert found.left_out == ()


def test_the_most_complete_one_is_taken():
    assert made("test_fixture", "test_two_marks[1-True]", "test_plain").code == "assert 1 == 2\n"
    assert made("test_two_marks[1-True]", "test_fixture").left_out == ("shelf",)
    assert made("test_nowhere") is None
    assert made() is None


SIMPLE = st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-9, 9) | st.text("ab -'\"\\\né", max_size=4)


@pytest.mark.slow
@given(st.lists(st.tuples(SIMPLE, SIMPLE), min_size=1, max_size=8))
def test_cases_are_called_what_pytest_calls_them(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("suite")
    text = f"import pytest\n\n@pytest.mark.parametrize('one, other', {rows!r})\ndef test_it(one, other):\n    assert one is other\n"
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "test_it.py"]
    listed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split("\n\n")[0]
    tests = listed.splitlines()
    assert len(tests) == len(rows)
    for test, (one, other) in zip(tests, rows, strict=True):
        found = reproduction({"test_it.py": SuiteFile(text.encode())}, [test])
        # Two cases of one name are told apart by a number behind it, and then none of them is given.
        assert found.left_out or found.code.startswith(f"one = {one!r}\nother = {other!r}\n")


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_suite_and_any_name_give_something_or_nothing(text, test):
    try:
        file = SuiteFile(text.encode(errors="replace"))
    except ValueError:
        return
    reproduction({PATH: file}, [f"{PATH}::{test}", f"{PATH}::test_x[{test}]"])
