"""What a comparison sees of a value: enough to tell what differs, and nothing that does not matter."""

import collections
import datetime
import decimal
import enum
import json
import threading
from functools import partial
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.envs.code.repair.inside.structure import Structure, without_fine_print

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


def spoofed():
    def given():
        return None

    given.__module__, given.__qualname__ = "json", "loads"
    return given


def test_a_function_or_class_is_told_by_its_name_only_where_it_is_found():
    assert structure(json.loads) == structure(json.loads) != structure(json.dumps)
    assert structure(type(None)) != structure(int)
    for nameless in (spoofed(), lambda: None, type("JSONDecoder", (), {"__module__": "json.decoder"})):
        seen = Structure(1000, 40, EVERYTHING, True)
        assert seen.text([nameless]) not in (structure([json.loads]), structure([json.JSONDecoder]))
        assert seen.blind
        again = Structure(1000, 40, EVERYTHING, True, seen.nameless)
        assert again.text([nameless]) == again.text([nameless])
        assert not again.blind
