"""Private randomness: the same key gives the same numbers everywhere, and every method of random.Random works."""

import copy
import json
import os
import pickle
import random
import statistics
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import SPLITS, Random, derive_key, of_split, split_of

DRAWS = """
import json, sys
from textgym.core import Random, derive_key, split_of
rng = Random(derive_key("draws", 7, "\\ud800"))
items = list(range(20))
rng.shuffle(items)
print(json.dumps([
    rng.random(), rng.getrandbits(200), rng.randint(-5, 10**30), items, rng.sample("abcdefgh", 4), rng.choice("xyz"),
    rng.choices("xyz", weights=[1, 2, 3], k=5), rng.gauss(0, 1), rng.gauss(0, 1), rng.normalvariate(), rng.betavariate(2, 3),
    rng.expovariate(2), rng.triangular(), rng.uniform(2, 3), rng.vonmisesvariate(0, 4), rng.gammavariate(2, 1),
    rng.paretovariate(3), rng.weibullvariate(1, 2), rng.lognormvariate(0, 1), rng.randbytes(9).hex(), rng.randrange(0, 100, 7),
    split_of("a family \\ud800"),
]))
"""


def test_streams_are_equal_in_other_processes_whatever_the_hash_seed():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", DRAWS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "random")
    }
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())) == 22


def test_the_stream_of_a_key_is_fixed_for_good():
    """Task ids promise the same task in every later version: these numbers may never change."""
    rng = Random(b"textgym")
    assert [rng.getrandbits(16) for _ in range(5)] == [25867, 34694, 20420, 22000, 30289]
    assert derive_key("policy", 3).hex()[:16] == "f0fc291229a0e279"
    assert [split_of(f"family {i}") for i in (0, 5, 7)] == ["train", "validation", "test"]


@given(st.binary(max_size=20), st.lists(st.integers(0, 1200), max_size=20))
def test_the_same_key_gives_the_same_bits(key, sizes):
    first, second = Random(key), Random(key)
    bits = [first.getrandbits(k) for k in sizes]
    assert bits == [second.getrandbits(k) for k in sizes]
    assert all(0 <= value < 2**k for value, k in zip(bits, sizes, strict=True))


@given(st.lists(st.integers(0, 1200), max_size=20))
def test_bits_do_not_depend_on_the_pieces_they_are_drawn_in(sizes):
    rng, whole = Random(b"k"), Random(b"k").getrandbits(sum(sizes))
    pieces, position = 0, 0
    for k in sizes:
        pieces |= rng.getrandbits(k) << position
        position += k
    assert pieces == whole


def test_a_negative_number_of_bits_is_refused():
    with pytest.raises(ValueError, match="negative"):
        Random(b"k").getrandbits(-1)


def test_different_keys_give_different_streams():
    streams = {tuple(Random(derive_key("key", i)).getrandbits(64) for _ in range(2)) for i in range(2000)}
    assert len(streams) == 2000


PARTS = st.lists(st.text(st.characters(), max_size=6) | st.integers(), max_size=4)


@given(PARTS, PARTS)
def test_keys_are_equal_only_for_parts_that_are_equal_as_text(left, right):
    assert (derive_key(*left) == derive_key(*right)) == ([str(p) for p in left] == [str(p) for p in right])


@pytest.mark.parametrize(
    ("left", "right"), [(("a\x1fb",), ("a", "b")), (("1:a",), ("1", "a")), (("ab", "c"), ("a", "bc"))]
)
def test_no_separator_inside_a_part_is_taken_for_a_cut(left, right):
    assert derive_key(*left) != derive_key(*right)


def test_numbers_are_spread_evenly():
    rng = Random(b"spread")
    counts = Counter(rng.randrange(10) for _ in range(20_000))
    chi_square = sum((counts[i] - 2000) ** 2 / 2000 for i in range(10))
    assert chi_square < 33.7  # 1 in 10,000 for 9 degrees of freedom; the stream is fixed, so this cannot flicker
    floats = [rng.random() for _ in range(20_000)]
    assert 0 <= min(floats) < max(floats) < 1
    assert abs(statistics.fmean(floats) - 0.5) < 0.01
    assert abs(statistics.pstdev([rng.gauss(0, 1) for _ in range(20_000)]) - 1) < 0.03
    ones = sum(rng.getrandbits(64).bit_count() for _ in range(5000)) / (5000 * 64)
    assert abs(ones - 0.5) < 0.005


def test_long_draws_are_as_good_as_short_ones():
    data = Random(b"long").randbytes(300_000)
    assert max(Counter(data).values()) < 2 * 300_000 / 256
    assert len(data) == 300_000


@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda rng: pickle.loads(pickle.dumps(rng))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_duplicate_goes_on_alike_and_apart(duplicate):
    rng = Random(b"k")
    rng.gauss(0, 1), rng.getrandbits(7)
    twin = duplicate(rng)
    assert isinstance(twin, Random)
    expected = [twin.gauss(0, 1), twin.random(), twin.randint(0, 99)]
    assert [rng.gauss(0, 1), rng.random(), rng.randint(0, 99)] == expected


def test_state_can_be_taken_and_put_back():
    rng = Random(b"k")
    rng.random()
    state = rng.getstate()
    first = [rng.random() for _ in range(30)]
    rng.setstate(state)
    assert [rng.random() for _ in range(30)] == first


@pytest.mark.parametrize("seed", [None, 0, "text", b"bytes", 3.5])
def test_seeding_is_a_function_of_the_seed_alone(seed):
    rng, other = Random(b"one"), Random(b"two")
    rng.seed(seed)
    other.seed(seed)
    assert rng.random() == other.random()


def test_the_global_generator_is_left_alone():
    state = random.getstate()
    rng = Random(b"k")
    rng.shuffle([1, 2, 3])
    rng.seed()
    assert random.getstate() == state


def test_splits_are_disjoint_by_family_and_of_the_promised_sizes():
    shares = Counter(split_of(f"family {i}") for i in range(20_000))
    assert set(shares) == set(SPLITS)
    assert abs(shares["train"] / 20_000 - 0.8) < 0.015
    assert abs(shares["test"] / 20_000 - 0.1) < 0.015


@given(st.text(st.characters()))
def test_any_text_is_a_family(family):
    assert split_of(family) in SPLITS
    assert split_of(family) == split_of(family)


@given(st.lists(st.integers(), max_size=30, unique=True))
def test_what_a_split_draws_from_is_its_part_of_all(options):
    parts = {split: [one for one in options if split_of(f"family {one}") == split] for split in SPLITS}
    for split, part in parts.items():
        assert of_split(options, split, "family {}".format) == (part or options)
    assert of_split(iter(options), None, "family {}".format) == options


@given(st.integers(-(10**25), 10**25), st.integers(0, 10**25), st.binary(max_size=8))
def test_whole_numbers_are_those_of_the_standard_librarys_method(low, width, key):
    ours, theirs = Random(key), Random(key)
    assert ours.randint(low, low + width) == random.Random.randint(theirs, low, low + width)
    assert ours.getstate() == theirs.getstate()


def test_an_empty_range_is_refused():
    with pytest.raises(ValueError, match="from 3 to 2"):
        Random(b"k").randint(3, 2)


class Plain(Random):
    """The methods of `random.Random` over the same bits, as they stand there."""

    sample = random.Random.sample
    shuffle = random.Random.shuffle
    choice = random.Random.choice
    randint = random.Random.randint


@given(st.binary(max_size=8), st.integers(0, 60), st.integers(0, 60), st.integers(0, 70))
def test_samples_and_shuffles_are_those_of_the_parent_and_leave_the_same_bits(key, size, k, skipped):
    ours, plain = Random(key), Plain(key)
    ours.getrandbits(skipped), plain.getrandbits(skipped)
    some, others = list(range(size)), list(range(size))
    ours.shuffle(some)
    plain.shuffle(others)
    assert some == others
    k = min(k, size)
    assert ours.sample(range(size), k) == plain.sample(range(size), k)
    assert ours.sample("abcdefgh" * 200, 3) == plain.sample("abcdefgh" * 200, 3)
    assert ours.choices(range(1, size + 2), k=k) == [plain.choice(range(1, size + 2)) for _ in range(k)]
    assert ours.getstate() == plain.getstate()


@pytest.mark.parametrize(
    ("draw", "error", "words"),
    [
        (lambda rng: rng.sample([1, 2], 3), ValueError, "[Ll]arger"),
        (lambda rng: rng.sample([1, 2], -1), ValueError, "negative"),
        (lambda rng: rng.sample({1, 2}, 1), TypeError, "sequence"),
        (lambda rng: rng.choices([], k=2), IndexError, "empty"),
        (lambda rng: rng.choices([1, 2], 2), TypeError, "keyword"),
    ],
)
def test_wrong_draws_are_refused(draw, error, words):
    with pytest.raises(error, match=words):
        draw(Random(b"k"))


@given(st.integers(1, 10**30), st.integers(0, 40), st.binary(max_size=8))
def test_several_numbers_below_a_bound_are_so_many_and_below_it(bound, count, key):
    numbers = Random(key).several_below(bound, count)
    assert len(numbers) == count
    assert all(0 <= number < bound for number in numbers)
    assert numbers == Random(key).several_below(bound, count)


@pytest.mark.parametrize(("bound", "count"), [(3, 4), (10, 2), (7, 21)])
def test_several_numbers_below_a_bound_are_spread_evenly_at_every_place(bound, count):
    rng = Random(b"several")
    drawn = [rng.several_below(bound, count) for _ in range(6_000)]
    for place in range(count):
        found = Counter(numbers[place] for numbers in drawn)
        assert set(found) == set(range(bound))
        assert all(abs(times - 6_000 / bound) < 6 * (6_000 / bound) ** 0.5 for times in found.values())


@given(st.lists(st.integers(1, 10**25), max_size=30), st.binary(max_size=8))
def test_each_number_is_below_its_bound(bounds, key):
    numbers = Random(key).each_below(bounds)
    assert len(numbers) == len(bounds)
    assert all(0 <= number < bound for number, bound in zip(numbers, bounds, strict=True))
