"""What is compared of a repaired function: structures of values, calls made again, tests that expect nothing."""

import ast
import asyncio
import collections
import datetime
import decimal
import enum
import threading
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_packages import problem
from sample_repairs import SampleFix

from textgym.core import InfraError, Random
from textgym.core.blocking import run_blocking
from textgym.envs.code.repair import differential
from textgym.envs.code.repair.differential import compare, references
from textgym.envs.code.repair.expectations import without_expectations
from textgym.envs.code.repair.idling import idle
from textgym.envs.code.repair.inside.structure import Structure, without_fine_print
from textgym.envs.code.repair.starting import start_tree
from textgym.envs.code.repair.verdict import judge

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=12,
)


class Everything(frozenset):
    """All names."""

    def __contains__(self, name):
        return True


EVERYTHING = Everything()


def structure(value, *, known=EVERYTHING, anew=True, consume=0):
    return Structure(20_000, 40, known, anew).text(value, consume)


# -- the structure of a value ---------------------------------------------------------------------------------------------


@given(PLAIN, PLAIN)
def test_plain_values_have_one_structure_exactly_if_their_literals_are_the_same(one, other):
    assert (structure(one) == structure(other)) == (_literal(one) == _literal(other))


def _literal(value):
    """The value as text, its dicts in an order of their own."""
    if isinstance(value, dict):
        return f"{{{sorted((_literal(key), _literal(item)) for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}{[_literal(item) for item in value]}"
    return repr(value)


class Equal:
    """Equal to everything, and named as what it stands in for."""

    __qualname__ = "str"
    __module__ = "builtins"

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __repr__(self):
        return "'text'"

    __class__ = property(lambda self: str)


class Text(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __repr__(self):
        return repr("text")


class Slotted:
    __slots__ = ("__own", "left")

    def __init__(self, own):
        self.__own = own


class Point(collections.namedtuple("Point", "x y")):
    __slots__ = ()


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Node:
    def __init__(self, value):
        self.value, self.next = value, self


def test_nothing_says_what_it_is_equal_to():
    assert structure(Equal()) != structure("text")
    assert structure(Text("other")) != structure("text")
    assert structure(Text("text")) != structure("text")
    assert structure(Text("one")) != structure(Text("two"))
    assert structure([Equal()]) != structure(["text"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        ("a", b"a"),
        ([1], (1,)),
        ({1, 2}, frozenset({1, 2})),
        ({1: 2}, collections.OrderedDict({1: 2})),
        (Slotted(1), Slotted(2)),
        (Point(1, 2), Point(2, 1)),
        (Point(1, 2), (1, 2)),
        (Colour.RED, Colour.BLUE),
        (ValueError("a"), ValueError("b")),
        (ValueError("a"), KeyError("a")),
        (SimpleNamespace(a=1), SimpleNamespace(a=2)),
        (datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)),
        (decimal.Decimal("1.0"), decimal.Decimal("1.00")),
        (collections.deque([1]), collections.deque([2])),
        (range(3), range(4)),
        (bytearray(b"a"), bytearray(b"b")),
        (len, max),
        (int, str),
        (Node(1), Node(2)),
    ],
)
def test_different_values_have_different_structures(one, other):
    assert structure(one) == structure(one)
    assert structure(one) != structure(other)


def test_what_does_not_matter_is_not_told():
    assert structure({1, 2, 3}) == structure({3, 2, 1})
    assert structure({"a": 1, "b": 2}) == structure({"b": 2, "a": 1})
    assert structure(iter([1, 2]), consume=9) == structure((n for n in (1, 2)), consume=9)
    assert structure(iter([1, 2]), consume=9) != structure(iter([1, 3]), consume=9)
    one, other = Node(1), Node(1)
    other._cache = 3
    assert structure(one, known=frozenset()) == structure(other, known=frozenset())
    assert structure(one) != structure(other)


def test_iterators_within_a_result_are_told_by_what_they_yield():
    one, other = (iter([1]), [iter((2, 3))]), (map(int, "1"), [iter(range(2, 4))])
    assert structure(one, consume=9) == structure(other, consume=9)
    assert structure((iter([1]), iter([2])), consume=9) != structure((iter([1]), iter([3])), consume=9)
    assert structure([iter([1])]) == structure([iter([2])])  # those of arguments are left alone


def private(**attributes):
    made = Node(1)
    made.__dict__.update(attributes)
    return made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (private(_cache=1), private(_cache=2)),
        (private(_Node__own=1), private(_Node__own=2)),
        ([private(_cache=private(_cache=1))], [private(_cache=private(_cache=2))]),
        ({1: private(_cache=1)}, {1: private(_cache=2)}),
        (ValueError("one"), ValueError("other")),
        ({"a": KeyError("one"), "b": 1}, {"a": KeyError("other"), "b": 1}),
    ],
)
def test_words_of_exceptions_and_private_names_are_fine_print(one, other):
    known = frozenset(["_cache", "__own"])
    texts = structure(one, known=known), structure(other, known=known)
    assert texts[0] != texts[1]
    assert without_fine_print(texts[0]) == without_fine_print(texts[1])
    texts = structure(private(_cache=1), anew=False), structure(private(_cache=2), anew=False)
    assert without_fine_print(texts[0]) != without_fine_print(texts[1])


@given(PLAIN)
def test_plain_values_have_no_fine_print(value):
    assert without_fine_print(structure(value)) == structure(value)


@pytest.mark.parametrize(
    ("value", "blind"),
    [
        (len, False),
        (partial, False),
        (lambda: 1, True),
        ([1, {"a": lambda: 2}], True),
        (partial(lambda: 3), True),
        (Node, False),
    ],
)
def test_a_function_made_within_another_leaves_a_structure_blind(value, blind):
    found = Structure(1000, 40, frozenset(), True)
    found.text(value, 9)
    assert bool(found.blind) is blind


IDLE = """
class Shelf:
    @property
    def take(self):
        "Words."
        @decorated
        def inner(): return 1
        return inner

    @take.setter
    def take(self, é): self.é = é; return é

if True:
    def take(): return {
        1: 2}
else:
    try: pass
    except ValueError:
        async def take(): return 3
"""


def test_functions_are_made_idle():
    found = idle(IDLE.encode(), "Shelf.take").decode()
    assert found.count("pass") == 3
    assert "inner" not in found
    assert "self.é" not in found
    assert ast.parse(found)
    found = idle(IDLE.encode(), "take").decode()
    assert "return {" not in found
    assert "return 3" not in found
    assert "return inner" in found
    assert idle(IDLE.encode(), "gone") is None
    assert idle(b"def take(:", "take") is None


class Numbered:
    """Hashed by a number of its own, as objects are by their addresses."""

    def __init__(self, name, number, inner=()):
        self.name, self.inner = name, inner
        self.number = number

    def __hash__(self):
        return self.number if "number" in self.__dict__ else 0

    def __eq__(self, other):
        return self is other


@given(st.permutations(range(6)))
def test_the_order_of_a_set_is_not_told_even_where_the_bound_cuts(numbers):
    def of(order):
        members = {Numbered(name, number, [0] * 9 * name) for name, number in enumerate(order)}
        for member in members:
            del member.__dict__["number"]
        return Structure(40, 40, EVERYTHING, True).text([members, "after"])

    assert of(numbers) == of(range(6))


def test_a_structure_is_bounded():
    circle = []
    circle.append(circle)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert len(structure(circle)) < 100
    assert len(structure(deep)) < 10_000
    assert len(structure([[0] * 1000] * 1000)) < 1_000_000
    endless = iter(int, 1)
    assert len(structure(endless, consume=10)) < 1000
    assert structure(threading.Lock()) == structure(threading.Lock())


# -- tests that expect nothing ---------------------------------------------------------------------------------------------

SUITE = b"""
import pytest, unittest

@pytest.mark.parametrize("given, expected", [(1, "one"), (2, "two")])
def test_words(given, expected):
    assert words(given) == expected

def test_of_a_name():
    result = words(3)
    wanted = "three"
    assert result == wanted
    assert "thr" in result and len(words(4)) == 4

class Cases(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(words(5), "five", "a message")
        self.assertTrue(words(6).startswith("s"))
        with self.assertRaises(ValueError):
            words(-1)
        self.assertRaises(ValueError, words, -2)
"""


def test_expectations_are_cut_out_and_calls_stay():
    text = without_expectations(SUITE).decode()
    assert [text.count(f"words({number})") for number in (3, 4, 5, 6)] == [1, 1, 1, 1]
    assert "words(given)" in text
    assert "words(-1)" in text
    assert "words, -2" in text
    for gone in ('"three"', "'three'", "'five'", "wanted", "assertEqual", "assertTrue"):
        assert gone not in text
    assert "expected = None" in text
    assert "assert " not in text


def test_a_suite_without_expectations_still_does_what_it_did():
    said = []

    def words(number):
        said.append(number)
        if number < 0:
            raise ValueError
        return ["one", "two", "three", "four", "five", "six"][number - 1]

    scope = {"words": words}
    exec(compile(without_expectations(SUITE), "suite", "exec"), scope)
    scope["test_words"](1, "one")
    scope["test_of_a_name"]()
    case = scope["Cases"]("test_equal")
    case.debug()
    assert said == [1, 3, 4, 5, 6, -1, -2]


@given(st.binary(max_size=300) | st.text(alphabet="assert =()[]:\n f1,\"'", max_size=200).map(str.encode))
def test_whatever_a_file_holds_the_result_can_be_parsed(data):
    cut = without_expectations(data)
    if cut is not None:
        ast.parse(cut)


# -- with a sandbox -------------------------------------------------------------------------------------------------------


@pytest.mark.docker
@pytest.mark.parametrize("number", range(4))
def test_the_original_agrees_with_itself_and_every_damage_is_told(number):
    sample = problem("shelf", number)
    same = run_blocking(compare(sample, sample.package.shown))
    assert (same.wrong, same.compared > 0, same.unseen) == (0, True, ())
    assert same.share == 1
    damaged = run_blocking(compare(sample, {**sample.package.shown, **sample.damaged}))
    assert 0 < damaged.wrong <= damaged.compared
    assert damaged.share == 0


STORE = "src/shelf/store.py"

LIES = {
    "leaves nothing behind": "TARGET = lambda self, name, count=1: self._items[name] - count",
    "is right about the result alone": (
        "def _take(self, name, count=1):\n    left = _real(self, name, count)\n    self._items = {}\n    return left\n"
        "TARGET = _take"
    ),
    "ends its process": "import os\nTARGET = lambda *a, **k: os._exit(0)",
    "writes answers of its own": (
        "import os\nfor _fd in range(3, 32):\n    try:\n"
        "        os.write(_fd, b'[\"value\", \"0\"]\\n' * 9 + b'\\xff[[[[' * 9999 + b'\\n')\n    except OSError: pass\n"
        "TARGET = _real"
    ),
    "swallows whatever stops it": (
        "def _take(*a, **k):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass\n"
        "TARGET = _take"
    ),
    "tells the structure of another": (
        "import textgym_structure as _s\n_s.Structure.text = lambda self, value, consume=0: 'int 1'\nTARGET = _real"
    ),
    "patches the hash": (
        "import hashlib as _h\n_h.blake2b = lambda *a, **k: type('', (), {'hexdigest': lambda s: '0' * 32})()\n"
        "import textgym_structure as _s\n_s.digest = lambda text: '0' * 32\nTARGET = lambda *a, **k: 0"
    ),
}


@pytest.mark.docker
@pytest.mark.parametrize("lie", LIES)
def test_a_method_that_lies_differs(lie):
    sample = problem("shelf", 2)
    added = f"\n_real = Shelf.take\n{LIES[lie]}\n".replace("TARGET", "Shelf.take")
    damaged = sample.damaged[STORE] + added.encode()
    found = run_blocking(compare(sample, {**sample.package.shown, STORE: damaged}))
    assert 0 < found.wrong <= found.compared
    assert found.share == 0


@pytest.mark.docker
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        if left == 1:\n            del self._items[name]\n        else:\n            self._items[name] = left\n",
         "        self._items[name] = left\n        if not left:\n            self._items.pop(name)\n"),
        ("        left = self._items[name] - count\n        if left < 0:\n            raise LookupError(name)\n        if left == 1:",
         "        left = self._items[name]\n        left -= count\n        if left < 0:\n            raise LookupError(name)\n"
         "        if left in (0,):"),
    ],
)  # fmt: skip
def test_another_way_to_do_the_same_agrees(old, new):
    env = SampleFix()
    live = env.start(env.task("train", 2))
    live.step(env.call("edit", path=STORE, old=old, new=new))
    *_, info = live.step(env.call("submit"))
    assert info["behaves_alike"] is True
    assert live.total == 1.0


@pytest.mark.docker
def test_a_bug_that_the_callers_make_up_for_is_not_repaired():
    sample = problem("shelf", 1)
    direct = "tests/test_text.py::test_columns"
    # As if only the callers' tests were to decide.
    sample = replace(
        sample,
        record="shelf, by its callers",
        fail_to_pass=tuple(test for test in sample.fail_to_pass if test != direct),
    )
    tree = {**sample.package.shown, **sample.damaged}
    tree[STORE] = tree[STORE].replace(b"return columns([", b"return columns(gap=2, rows=[")
    verdict = run_blocking(judge(sample, start_tree(sample), tree, Random(b"1")))
    assert verdict.info["fail_to_pass_passed"] == len(sample.fail_to_pass)
    assert verdict.info["pass_to_pass_passed"] == len(sample.pass_to_pass)
    assert verdict.info["behaves_alike"] is False
    assert verdict.value == 0.0


@pytest.mark.docker
def test_what_the_original_does_otherwise_by_now_is_no_evidence(monkeypatch):
    sample = replace(problem("shelf", 2), record="shelf, as it was long ago")
    known = run_blocking(references(sample))
    old = tuple(replace(one, answers=(("value", "of long ago", "of long ago", ""), *one.answers[1:])) for one in known)
    monkeypatch.setitem(differential._references, sample.record, old)
    assert run_blocking(compare(sample, sample.package.shown)).wrong == 0
    assert run_blocking(compare(sample, {**sample.package.shown, **sample.damaged})).wrong > 0


CLOCKS = """
import time

LIMIT = 3


class Watch:
    def __init__(self):
        self.begun = time.monotonic()

    def late(self):
        return time.monotonic() - self.begun > LIMIT
"""


@pytest.mark.docker
def test_a_function_that_asks_how_late_it_is_is_not_compared_by_that():
    sample = problem("shelf", 0)
    shown = {
        **sample.package.shown,
        "src/shelf/watch.py": CLOCKS.encode(),
        "tests/test_watch.py": b"from shelf.watch import Watch\n\n\ndef test_late():\n    assert not Watch().late()\n",
    }
    bug = replace(sample.bugs[0], path="src/shelf/watch.py", qualname="Watch.late")
    test = "tests/test_watch.py::test_late"
    sample = replace(
        sample,
        record="shelf, with a watch",
        package=replace(sample.package, files={**sample.package.files, **shown}),
        bugs=(bug,),
        damaged={bug.path: shown[bug.path].replace(b"> LIMIT", b"> 0")},
        fail_to_pass=(test,),
        covered=(test,),
    )
    known = run_blocking(references(sample))
    assert [answer for one in known for answer in one.answers if answer is not None] == []


@pytest.mark.docker
def test_siblings_that_end_together_share_what_the_original_does():
    sample = replace(problem("shelf", 2), record="shelf, for a group")

    async def group():
        given_up, *siblings = [asyncio.create_task(references(sample)) for _ in range(4)]
        await asyncio.sleep(0)
        given_up.cancel()
        return await asyncio.gather(*siblings)

    first, *others = run_blocking(group())
    assert first[0].compared > 0
    assert all(other is first for other in others)


@pytest.mark.docker
def test_an_original_that_cannot_be_asked_again_is_no_verdict(monkeypatch):
    sample = replace(problem("shelf", 2), record="shelf, half of it lost")
    (known,) = run_blocking(references(sample))
    monkeypatch.setitem(differential._references, sample.record, (replace(known, calls=known.calls[:1]),))
    assert known.compared > 1
    with pytest.raises(InfraError, match="asked again"):
        run_blocking(compare(sample, {**sample.package.shown, **sample.damaged}))
