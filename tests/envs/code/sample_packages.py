"""Small packages with tests and known bugs, served as the bank serves real ones."""

from dataclasses import replace
from functools import cache

from textgym.core.randomness import Split
from textgym.envs.code.repair.problems import Bug, Package, Problem

_TEXT = '''\
"""Text in columns."""


def wrap(text, width):
    """Break a text into lines of at most `width` characters.

    Words are kept whole.
    """
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        lines.append(line)
    return lines


def columns(rows, gap=2):
    """Put rows of cells under each other."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    return [(" " * gap).join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def initials(name):
    """The first letters of a name's words, as capitals."""
    return "".join(word[0].upper() for word in name.split())
'''

_STORE = '''\
"""A store of things by name."""

from .text import columns


class Shelf:
    """Things by name, each with how many there are."""

    def __init__(self):
        self._items = {}

    def put(self, name, count=1):
        """Add some of a thing."""
        if count < 1:
            raise ValueError("count must be positive")
        self._items[name] = self._items.get(name, 0) + count
        return self

    def take(self, name, count=1):
        """Remove some of a thing, and tell how many are left."""
        left = self._items[name] - count
        if left < 0:
            raise LookupError(name)
        if left == 0:
            del self._items[name]
        else:
            self._items[name] = left
        return left

    def __len__(self):
        return sum(self._items.values())

    def table(self):
        """The things and their numbers, in columns."""
        return columns([[name, str(count)] for name, count in sorted(self._items.items())])
'''

_TEST_TEXT = """\
import pytest

from {name}.text import columns, initials, wrap


def test_wrap_keeps_words():
    assert wrap("one two three", 7) == ["one two", "three"]


def test_wrap_of_nothing():
    lines = wrap("", 5)
    assert lines == []


@pytest.mark.parametrize("width", [3, 4, 5, 20])
def test_wrap_width(width):
    for line in wrap("a bb ccc a bb", width):
        assert len(line) <= width


def test_columns():
    assert columns([["a", "bbb"], ["cc", "d"]]) == ["a   bbb", "cc  d"]


def test_columns_gap():
    assert columns([["a", "b"]], gap=1) == ["a b"]


@pytest.mark.parametrize("name, letters", [("ada lovelace", "AL"), ("alan turing", "AT")])
def test_initials(name, letters):
    assert initials(name) == letters


def test_initials_of_one():
    assert initials("plato") == "P"
"""

_TEST_STORE = """\
import unittest

import pytest

from {name} import Shelf


@pytest.fixture
def full():
    return Shelf().put("cup", 2).put("plate")


class TestShelf:
    def test_length(self, full):
        assert len(full) == 3

    def test_take(self, full):
        assert full.take("cup") == 1
        assert len(full) == 2

    def test_take_last(self, full):
        assert full.take("plate") == 0
        assert full.table() == ["cup  2"]

    def test_take_too_many(self, full):
        with pytest.raises(LookupError):
            full.take("cup", 3)

    def test_put_none(self, full):
        with pytest.raises(ValueError):
            full.put("cup", 0)


class Table(unittest.TestCase):
    def test_table(self):
        shelf = Shelf().put("b", 10).put("a")
        self.assertEqual(shelf.table(), ["a  1", "b  10"])

    def test_empty(self):
        self.assertEqual(len(Shelf()), 0)
"""

_IDS = (
    "tests/test_text.py::test_wrap_keeps_words",
    "tests/test_text.py::test_wrap_of_nothing",
    *(f"tests/test_text.py::test_wrap_width[{width}]" for width in (3, 4, 5, 20)),
    "tests/test_text.py::test_columns",
    "tests/test_text.py::test_columns_gap",
    "tests/test_text.py::test_initials[ada lovelace-AL]",
    "tests/test_text.py::test_initials[alan turing-AT]",
    "tests/test_text.py::test_initials_of_one",
    "tests/test_store.py::TestShelf::test_length",
    "tests/test_store.py::TestShelf::test_take",
    "tests/test_store.py::TestShelf::test_take_last",
    "tests/test_store.py::TestShelf::test_take_too_many",
    "tests/test_store.py::TestShelf::test_put_none",
    "tests/test_store.py::Table::test_table",
    "tests/test_store.py::Table::test_empty",
)

# Function, operator, what stands there, what takes its place, the tests that fail then, the others that reach it.
_BUGS = (
    (
        "text.py", "wrap", "cmp", "> width", ">= width", ("test_text.py::test_wrap_keeps_words",),
        ("test_text.py::test_wrap_of_nothing", "test_text.py::test_wrap_width[20]"),
    ),
    (
        "text.py", "columns", "swap_args", "gap=2", "gap=3",
        ("test_text.py::test_columns", "test_store.py::TestShelf::test_take_last", "test_store.py::Table::test_table"),
        ("test_text.py::test_columns_gap",),
    ),
    (
        "store.py", "Shelf.take", "off_by_one", "left == 0", "left == 1",
        ("test_store.py::TestShelf::test_take", "test_store.py::TestShelf::test_take_last"),
        ("test_store.py::TestShelf::test_take_too_many",),
    ),
    (
        "text.py", "initials", "wrong_method", "upper", "lower",
        ("test_text.py::test_initials[ada lovelace-AL]", "test_text.py::test_initials[alan turing-AT]",
         "test_text.py::test_initials_of_one"),
        (),
    ),
)  # fmt: skip


@cache
def package(name: str) -> Package:
    """The package under a name; `src` holds its sources, `tests` its tests."""
    files = {
        "README.md": f"# {name}\n\nThings on shelves.\n",
        "pyproject.toml": f'[project]\nname = "{name}"\n',
        f"src/{name}/__init__.py": '"""Things."""\n\nfrom .store import Shelf\n\n__all__ = ["Shelf"]\n',
        f"src/{name}/text.py": _TEXT,
        f"src/{name}/store.py": _STORE,
        "tests/test_text.py": _TEST_TEXT.format(name=name),
        "tests/test_store.py": _TEST_STORE.format(name=name),
        f"build/lib/{name}/text.py": _TEXT,
        f"vendored/{name}_text.py": _TEXT,
    }
    return Package(
        name=name,
        version="1.0",
        files={path: text.encode() for path, text in files.items()},
        sources=(f"src/{name}",),
        tests=("tests",),
        test_ids=_IDS,
    )


@cache
def problem(name: str, number: int) -> Problem:
    """One of the package's bugs."""
    whole = package(name)
    file, qualname, operator, right, wrong, failing, reached = _BUGS[number]
    path = f"src/{name}/{file}"
    source = whole.files[path].decode()
    assert source.count(right) == 1, right
    fail_to_pass = tuple(f"tests/{test}" for test in failing)
    return Problem(
        record=f"{name}-1.0#{number}",
        package=whole,
        bugs=(Bug(path, qualname, operator),),
        damaged={path: source.replace(right, wrong).encode()},
        fail_to_pass=fail_to_pass,
        pass_to_pass=tuple(test for test in whole.test_ids if test not in fail_to_pass),
        covered=(*fail_to_pass, *(f"tests/{test}" for test in reached)),
        difficulty=0.2 * (number + 1),
    )


_NAMES = {"train": "shelf", "validation": "crate", "test": "drawer"}


class Samples:
    """A source of problems: one package a split, each with the same bugs."""

    def size(self, split: Split) -> int:
        return len(_BUGS)

    def problem(self, split: Split, index: int) -> Problem:
        return problem(_NAMES[split], index)


SAMPLES = Samples()


@cache
def missing(name: str) -> Problem:
    """The package without the body of `initials`."""
    bug = problem(name, 3)
    path = f"src/{name}/text.py"
    body = '    return "".join(word[0].upper() for word in name.split())\n'
    source = bug.package.files[path].decode()
    assert source.count(body) == 1
    return replace(
        bug,
        record=f"{name}-1.0#body",
        bugs=(Bug(path, "initials", "remove_body"),),
        damaged={path: source.replace(body, "    raise NotImplementedError\n").encode()},
    )


class Bodies:
    """A source of problems: one package a split, each without a function's body."""

    def size(self, split: Split) -> int:
        return 1

    def problem(self, split: Split, index: int) -> Problem:
        return missing(_NAMES[split])


BODIES = Bodies()


@cache
def pair(name: str) -> Problem:
    """The package with the first and the third of its bugs."""
    one, other = problem(name, 0), problem(name, 2)
    failing = {*one.fail_to_pass, *other.fail_to_pass}
    return replace(
        one,
        record=f"{name}-1.0#0+2",
        bugs=one.bugs + other.bugs,
        damaged={**one.damaged, **other.damaged},
        fail_to_pass=tuple(test for test in _IDS if test in failing),
        pass_to_pass=tuple(test for test in _IDS if test not in failing),
        covered=one.covered + other.covered,
    )


class Pairs:
    """A source of problems: one package a split, each with two bugs."""

    def size(self, split: Split) -> int:
        return 1

    def problem(self, split: Split, index: int) -> Problem:
        return pair(_NAMES[split])


PAIRS = Pairs()
