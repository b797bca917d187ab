"""Values are compared by declared rules, exactly where none is declared."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from textgym.sandbox.compare import Comparison, same, same_text

NAN = float("nan")
INF = float("inf")

DISTINCT = [None, False, True, 0, 1, 1.0, 2.5, 1j, NAN, INF, -INF, "", "1", b"", b"1", [], [1], (), (1,), {}, {1: 1},
            {1.0: 1}, {True: 1}, set(), {1}, {1.0}, {True}, frozenset(), frozenset({1}), [1, [2]], [[2], 1], 2**60, 2**60 + 1]  # fmt: skip


def test_by_default_a_value_is_the_same_as_itself_alone():
    places = range(len(DISTINCT))
    found = [(one, two) for one, two in itertools.product(places, places) if same(DISTINCT[one], DISTINCT[two])]
    assert found == [(one, one) for one in places]


close = Comparison(rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize(
    ("expected", "actual", "right"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1, True),
        (1, 1.0, True),
        (1.0, 1.1, False),
        (1, True, False),
        (True, 1, False),
        (0.0, False, False),
        (NAN, NAN, True),
        (NAN, 1.0, False),
        (1.0, NAN, False),
        (INF, INF, True),
        (INF, -INF, False),
        (INF, 1e308, False),
        (10**400, 10**400, True),
        (10**400, 10**400 + 1, True),
        (10**400, 1.0, False),
        (1 + 1j, 1 + 1.0000000001j, True),
        (1.0, 1 + 0j, True),
        ("1.0", "1.0000000001", False),
        ([1.0, [2.0]], [1.0, [2.0000000001]], True),
        ([1.0], (1.0,), False),
        ({"a": 1.0}, {"a": 1.0000000001}, True),
        ({"a": 1.0}, {"b": 1.0}, False),
        ({1.0, 2.0}, {2.0000000001, 1.0}, True),
        ({(1.0, 2), (3.0, 4)}, {(3.0000000001, 4), (1.0, 2)}, True),
        ({1.0}, {1.0, 2.0}, False),
    ],
)
def test_tolerance_is_for_numbers_alone(expected, actual, right):
    assert same(expected, actual, close) is right


def test_order_counts_where_the_rules_say_so():
    outer, none = Comparison(order="inner"), Comparison(order="none")
    assert same([3, 1, 1], [1, 3, 1], outer)
    assert not same([3, 1, 1], [3, 3, 1], outer)
    assert not same([3, 1], [3, 1, 1], outer)
    assert not same([[1, 2], [3]], [[3], [2, 1]], outer)
    assert same([[1, 2], [3]], [[3], [2, 1]], none)
    assert same({"a": [1, 2]}, {"a": [2, 1]}, none)
    assert not same({"a": [1, 2]}, {"a": [2, 1]}, outer)
    assert not same([1], {1}, none)


def test_a_pairing_is_found_where_there_is_one():
    """The equal members must not take each other: 1.0 needs 1.1, and 1.1 takes 1.2."""
    rules = Comparison(order="inner", abs_tol=0.11)
    assert same([1.0, 1.1], [1.1, 1.2], rules)
    assert same([(1.0, "a"), (1.1, "a")], [(1.1, "a"), (1.2, "a")], rules)
    assert not same([(1.0, "a"), (1.1, "a")], [(1.1, "a"), (1.3, "a")], rules)


@given(st.lists(st.floats(-100, 100), max_size=20), st.randoms())
def test_unordered_numbers_are_compared_in_any_order(numbers, rng):
    shuffled = [number + rng.uniform(-0.5, 0.5) for number in numbers]
    rng.shuffle(shuffled)
    assert same(numbers, shuffled, Comparison(order="inner", abs_tol=0.51))


def test_many_unordered_members_are_compared_without_trying_all_pairs():
    rows = [[float(number), "x"] for number in range(5000)]
    assert same(rows, rows[::-1], Comparison(order="inner", abs_tol=1e-6))
    assert not same(rows, [*rows[1:], [0.5, "x"]], Comparison(order="inner", abs_tol=1e-6))


@pytest.mark.parametrize("rules", [Comparison(tuples="lists"), Comparison(tuples="lists", abs_tol=1e-9)])
def test_tuples_may_count_as_lists(rules):
    assert same([[1, 2], [3]], ((1, 2), [3]), rules)
    assert same({"a": [1]}, {"a": (1,)}, rules)
    assert not same([1], {1}, rules)


def test_whitespace_of_output():
    exact, words = Comparison(whitespace="exact"), Comparison(whitespace="words")
    assert same_text(b"1 2\n3\n", b"1 2  \n3\n\n")
    assert same_text(b"1 2\n3", b"1 2\r\n3\r\n")
    assert not same_text(b"1 2\n3", b"1  2\n3")
    assert not same_text(b"1 2\n3", b"\n1 2\n3")
    assert same_text(b"1 2\n3", b"\n1  2 3", words)
    assert not same_text(b"12", b"1 2", words)
    assert not same_text(b"1\n", b"1", exact)


@pytest.mark.parametrize("settings", [{"rel_tol": -1}, {"rel_tol": 1}, {"order": "some"}, {"tolerance": 1}])
def test_rules_that_make_no_sense_are_refused(settings):
    with pytest.raises(ValidationError):
        Comparison(**settings)
