"""The codec between host and driver: plain data goes through unchanged, anything else is refused, in bounded time."""

import collections
import contextlib
import enum
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgym.sandbox.compare import same
from textgym.sandbox.driver import MAX_DEPTH, NotPlainError, decode, encode

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**200), 2**200)
    | st.floats()
    | st.complex_numbers()
    | st.text(st.characters())
    | st.binary()
)
hashable = st.recursive(scalars, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=5)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.sets(hashable, max_size=3)
        | st.frozensets(hashable, max_size=3)
    ),
    max_leaves=20,
)


@given(plain)
def test_plain_data_goes_through_unchanged(value):
    back = decode(encode(value))
    assert type(back) is type(value)
    assert encode(back, canonical=True) == encode(value, canonical=True)
    assert same(value, back)


@given(plain)
def test_the_text_is_ascii_json(value):
    text = encode(value)
    assert text.isascii()
    json.loads(text)


def test_dicts_keep_their_order_and_canonical_text_does_not_depend_on_it():
    one, two = {"b": 1, "a": 2}, {"a": 2, "b": 1}
    assert list(decode(encode(one))) == ["b", "a"]
    assert encode(one, canonical=True) == encode(two, canonical=True)


def test_the_sign_of_zero_goes_through_and_is_no_difference():
    assert math.copysign(1, decode(encode(-0.0))) == -1
    assert encode(-0.0, canonical=True) == encode(0.0, canonical=True)


class Number(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class Colour(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    "value",
    [
        Number(3),
        Colour.RED,
        object(),
        [1, {"a": object()}],
        collections.OrderedDict(a=1),
        collections.namedtuple("Point", "x y")(1, 2),
        {Number(3): 1},
        range(3),
        bytearray(b"x"),
        print,
        int,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_data_is_refused(value):
    with pytest.raises(NotPlainError):
        encode(value)


def test_depth_is_bounded_at_both_ends():
    nested = []
    for _ in range(MAX_DEPTH - 1):
        nested = [nested]
    assert decode(encode(nested)) == nested
    with pytest.raises(NotPlainError, match="deeper"):
        encode([nested])
    itself = []
    itself.append(itself)
    with pytest.raises(NotPlainError, match="deeper"):
        encode(itself)
    with pytest.raises(NotPlainError, match="deep"):
        decode("[" * 100_000 + "]" * 100_000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nan",
        "NaN",
        "Infinity",
        "1e999",
        "1" * 40,
        "{}",
        '{"a": 1}',
        '{"set": [1], "set": [2]}',
        '{"set": [1, 1]}',
        '{"set": [[]]}',
        '{"dict": [[1, 2], [1, 3]]}',
        '{"dict": [[1]]}',
        '{"dict": [{"tuple": [1, 2]}]}',
        '{"int": "x"}',
        '{"int": 5}',
        '{"float": "1.5"}',
        '{"bytes": "0"}',
        '{"complex": [1, 2]}',
        '{"complex": [1.0]}',
        '{"tuple": "ab"}',
        "[1] [2]",
    ],
)
def test_texts_that_encode_nothing_are_refused(text):
    with pytest.raises(NotPlainError):
        decode(text)


@given(st.text() | st.recursive(st.sampled_from(["1", '"a"', "nan"]), lambda t: t.map('{{"set":[{}]}}'.format)))
def test_any_text_is_decoded_or_refused(text):
    with contextlib.suppress(NotPlainError):
        encode(decode(text))


def test_members_that_collide_are_refused_before_a_set_is_built():
    """Whole numbers that are equal modulo 2**61 - 1 share a hash, and a set of many takes quadratic time to build."""
    members = ",".join(f'{{"int":"{hex(1 + step * (2**61 - 1))}"}}' for step in range(60_000))
    pairs = ",".join(f"[{member},0]" for member in members.split(",")[:30_000])
    for text in (f'{{"set":[{members}]}}', f'{{"dict":[{pairs}]}}'):
        with pytest.raises(NotPlainError, match="share a hash"):
            decode(text)


@settings(max_examples=20)
@given(st.integers(1, 4000))
def test_a_string_without_an_end_takes_linear_time(length):
    with pytest.raises(NotPlainError):
        decode('"' + '\\"' * length)
