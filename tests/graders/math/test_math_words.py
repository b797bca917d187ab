"""Words and everyday notation in answers: choices, nouns and what takes them back, number words, units, times, dates."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import compare_math, math_equal

DOUBTS = (
    "below", "above", "less", "more", "fewer", "not", "maybe", "perhaps", "possibly", "probably", "about", "approximately",
    "roughly", "almost", "nearly", "wrong", "incorrect", "false", "negative", "imaginary", "short", "behind", "ahead", "at least",
    "at most", "or so", "or more", "or less", "I think", "I guess", "is wrong", "isn't right", "squared", "off", "under", "except 2",
    "minus one", "north", "ago", "unless x", "if x > 0", "instead", "undefined", "decrease", "deficit",
)  # fmt: skip


@pytest.mark.parametrize("doubt", DOUBTS)
@pytest.mark.parametrize("value", ["5", r"\frac12", "x+1", "2 cm", "$7", "(1,2)", "x=5", r"5\%", r"\sqrt2", "A", "0.5"])
def test_words_that_change_a_value_are_not_dropped(value, doubt):
    for answer in (f"{value} {doubt}", rf"{value} \text{{ {doubt}}}", f"{value} ({doubt})", f"{value}, {doubt}"):
        assert not math_equal(value, answer), answer
        assert not math_equal(answer, value), answer


PIECES = st.sampled_from(
    [
        "(A)", "B)", "C.", "(c)", "5", "2", "0x1", "1010", "thirds", "half", "squared", "factorial", "apples", "maybe", "not", "less",
        "below", "profit", "loss", "degrees", "$", r"\$", "%", "mm", "Mm", "MPa", r"\Gamma", r"\gamma", "(", ")", "{", "}", "=", "?",
        "one", "hundred", "and", "or", "a", "twenty", "negative", "minus", ":", "30", "p.m.", "AM", "Jan", "1st", "2000", "of", "to",
        "base", "two", r"_{\text{", r"\text{", r"\approx", r"\text{The answer is }", "ms^{-1}", "0.333", r"\ldots", "...", "none",
        "no solution", r"\emptyset", r"\max", r"\min", "max", "dozen", "in", "per", ",", "-", ".", " ", " ", " ",
    ]
)  # fmt: skip
HEAPS = st.lists(PIECES, min_size=1, max_size=14).map("".join)


@given(HEAPS, HEAPS)
def test_any_heap_of_words_raises_nothing_and_has_the_same_verdict_both_ways(left, right):
    one, other = compare_math(left, right), compare_math(right, left)
    if not (one.timed_out or other.timed_out):
        assert one.equal is other.equal


@pytest.mark.parametrize(
    "piece",
    ["(A) ", "A) ", "one hundred and ", "negative ", r"\text{", r"_{\text{two", "5 to ", "Jan ", "8 a", "3.333", r"\ldots", "... ",
     "and ", "(A", "0x1", "5 maybe ", "half ", "or(", "_ ", r"\approx ", "apples ", "$5 profit "],
)  # fmt: skip
def test_long_heaps_of_one_piece_are_read_in_little_time(piece):
    text = (piece * 4096)[:4000]
    before = time.process_time()
    assert not compare_math("5", text).equal
    assert not compare_math(text, "A").equal
    assert time.process_time() - before < 2
