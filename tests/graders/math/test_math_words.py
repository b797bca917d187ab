"""Words and everyday notation in answers: choices, nouns and what takes them back, number words, units, times, dates."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import compare_math, math_equal

EQUAL = [
    # choices
    ("C) 5", "C"), ("(c)", "C"), ("(c)", "c"), ("(B) 12", "B"), ("(B) 12", "12"), ("(A) 5", "(A)"), ("A) red", "A"),
    ("A. 5", "A"), (r"\text{(A)} 5", "5"), ("(E) None of the above", "E"), ("(E) Not enough information", "E"),
    ("(A) False", "A"), ("(c) 5", "C"), ("(A) and (C)", "A, C"), ("(A) and (C)", "(C) and (A)"),
    # what a number counts
    ("3 apples", "3"), ("12 square feet", "12"), ("7 students", "7"), ("12 ways to arrange them", "12"),
    ("3 even numbers", "3"), ("2 positive integers", "2"), ("5 right angles", "5"), ("4 decimal places", "4"),
    ("2 apples and 3 oranges", "3 oranges and 2 apples"), ("$5 profit", "5 dollars profit"), ("$5 profit", r"\$5 \text{ profit}"),
    ("5 more", r"5 \text{ more}"), ("5 fewer", "5 less"), ("$5 in profit", "$5 profit"), ("$5 tickets", "$5"), ("$5 USD", "$5"),
    (r"5\% decrease", r"5\% \text{ decrease}"), (r"\max f = 5", "5"), (r"\max f(x) = 5", "5"), (r"\max(1,2)", "2"),
    ("5or6", "5, 6"), ("x=1or x=2", "1, 2"), ("2 dozen eggs", "24"), ("площадь = 5", "5"),
    # words after a numeral
    ("2 thirds", "2/3"), ("1 third", "1/3"), ("2 fifths", "2/5"), ("2 tenths", "1/5"), ("5 hundredths", "0.05"), ("1 half", "1/2"),
    ("5 squared", "25"), ("4 squared", "16"), ("2 cubed", "8"), ("5 factorial", "120"), ("2 thirds of a cup", "2/3 cup"),
    ("1 half hour", "30 minutes"), ("5 hundreds", "500"), ("x = 2 thirds", "2/3"), ("2 hundredths", "two hundredths"),
    ("5 quarters", r"\$1.25"),
    # numbers in words
    ("one half", "1/2"), ("two thirds", "2/3"), ("three quarters", "3/4"), ("three-fourths", "3/4"), ("one hundred", "100"),
    ("two million", "2000000"), ("one hundred twenty-three", "123"), ("one hundred and twenty three", "123"),
    ("negative five", "-5"), ("negative 3", "-3"), ("minus 3", "-3"), (r"\text{negative three}", "-3"), ("positive 3", "3"),
    ("two and a half", "2.5"), ("one and two thirds", "5/3"), ("half", "0.5"), ("fifteen hundred", "1500"), ("a hundred", "100"),
    ("five hundred thousand two", "500002"), ("one, two", "two, one"),
    # symbols keep their case
    (r"\gamma+1", r"1+\gamma"), (r"\Gamma+1", r"1+\Gamma"), ("Γ", r"\Gamma"), (r"\Gamma(5)", "24"), ("Gamma(5)", "24"),
    (r"\Gamma\left(5\right)", "24"), (r"\gamma(1+x)", r"\gamma+\gamma x"), (r"x^\Gamma", r"x^{\Gamma}"), ("5 CM", "5 cm"),
    ("5 Kg", "5 kg"), (r"5\text{ MPa}", "5000 kPa"), (r"3\text{ mV}", r"0.003\text{ V}"),
    # times, dates, proportions
    ("3:30 p.m.", "3:30 PM"), ("3:30 pm", "3:30 PM"), ("8:00 AM", "8:00 a.m."), ("8:00 AM", "8 AM"), ("8 AM", "8"),
    ("12:00 p.m.", "12 PM"), ("January 1", "Jan 1"), ("January 1, 2000", "1 January 2000"), ("Jan. 1", "January 1st"),
    ("2:3", "2 to 3"), (r"2 \text{ to } 3", "4:6"), ("2 to 30", "1 to 15"),
    # bases, signs of about, announcements, digits that go on
    (r"1010_{\text{two}}", "1010_2"), (r"1010_{\text{two}}", "10"), ("1010 base 2", "10"), ("1010 in base two", "10"),
    ("0x1F", "31"), ("0b101", "5"), (r"\approx 3.14", "3.14"), (r"\text{The answer is } 5", "5"), (r"\text{Answer: } 5", "5"),
    ("5 ms^{-1}", "5 m/s"), ("10 ms^{-2}", "10 m/s^2"), ("60 kmh^{-1}", "60 km/h"), (r"0.333\ldots", "1/3"), ("0.1666...", "1/6"),
    ("0.181818...", "2/11"), (r"3.14159\ldots", "3.14159..."),
    # nothing
    (r"\emptyset", "no solution"), (r"\emptyset", "no real solutions"), (r"\varnothing", "no solutions"), (r"\emptyset", "none"),
]  # fmt: skip

UNEQUAL = [
    # choices
    ("A", "(A) maybe (B)"), ("A", "(A) not"), ("A", "(A) 3 or (B) 4"), ("A", "(A) and (C)"), ("(A) and (C)", "(A) and (B)"),
    ("(A) 5 maybe", "A"), ("(A), (B)", "A"), ("(A) or B", "A"), ("A and B", "A"), ("(A)?", "A"), ("(A) 5?", "A"),
    ("(A) is wrong", "A"), ("(A) 5, not 6", "5"), ("not A", "A"), ("A, maybe", "A"), ("(c)", "B"), ("(C)", "c"), ("A or", "A"),
    # words that reverse, hedge or compare
    ("$5 profit", "$5 loss"), (r"\$5 more", r"\$5 less"), (r"\$100 \text{ profit}", r"\$100 \text{ loss}"), ("5", "5 below"),
    ("5", "5 degrees below zero"), (r"\text{max } 5", r"\text{min } 5"), (r"\max f=5", r"\min f=5"), (r"\max 5", r"\min 5"),
    (r"\max\{1,2\}", r"\min\{1,2\}"), ("max = 5", "min = 5"), (r"\max f(x) = 5", r"\min f(x) = 5"),
    ("2 apples and 3 oranges", "3 apples and 2 oranges"), ("5", "5 less than x"), ("5", "5 or so"), ("5", "5 plus x"),
    ("5", "5 times x"), ("5", "5 base two"), (r"2 \text{ if } n \text{ even}", "2"), ("3?", "3"), ("Yes?", "Yes"),
    ("not x = 5", "5"), ("maybe = 5", "5"), ("5 = wrong", "5"), ("5, and", "5"), ("5 or", "5"), (r"5^\circ below", r"5^\circ"),
    (r"5\% decrease", r"5\% increase"), ("5 percent chance", "5"), ("$5 an hour", "$5 a day"), ("$5 kg", "$5"), ("-$5 profit", "$5 profit"),
    ("5 miles north", "5 miles south"), ("2 dozen eggs", "2"),
    # words after a numeral
    ("2 thirds", "2"), ("5 squared", "5"), ("5 factorial", "5"), ("2 cubed", "2"), ("5 hundreds", "5"), ("5 tens", "5"), ("1 half", "1"),
    # numbers in words
    ("twenty fifth", "4"), ("one-to-one", "1"), ("one, two", "3"), ("third", "1/3"), ("second", "2"), ("nineteen ninety-nine", "1999"),
    ("ten thousandths", "0.01"), ("one hundred and three thousandths", "0.103"), ("negative 3", "3"), ("five hundred", "5"),
    # symbols keep their case
    ("5 mm", "5 Mm"), ("5 mg", "5 Mg"), ("1 mPa", "1 MPa"), (r"5\text{ MW}", r"5\text{ mW}"), (r"\Gamma", r"\gamma"), ("Γ", "γ"),
    (r"\Gamma+1", r"\gamma+1"), (r"\gamma^2", r"\Gamma^2"), (r"\text{if } \Gamma", r"\text{if } \gamma"), (r"\gamma(5)", "24"),
    # times, dates, proportions
    ("8 AM", "8 PM"), ("8:00 AM", "8 PM"), ("8 AM", "8:30 AM"), ("January 1, 2000", "January 1, 2001"), ("January 1, 2000", "January 1"),
    ("1 January", "1"), ("Jan 1", "Jun 1"), ("2 to 3", "3:2"), ("2:30", "1:15"),
    # bases, digits that go on
    ("1010 base 2", "1010"), ("0x1F", "0x1E"), (r"0.33\ldots", "1/3"), (r"0.333\ldots", "0.333"), (r"3.14159\ldots", r"\pi"),
    (r"0.101001000\ldots", "0.101001"), (r"\text{The answer is not } 5", "5"),
    # nothing
    ("none", "0"), ("none", r"\{0\}"), ("no solution", "0"), ("none", "no solution"), ("none of these", r"\emptyset"),
    # what is no mathematics keeps its signs
    ("(1,2", "[1,2"), ("a_1+?", "a_2+?"),
]  # fmt: skip

DOUBTS = (
    "below", "above", "less", "more", "fewer", "not", "maybe", "perhaps", "possibly", "probably", "about", "approximately",
    "roughly", "almost", "nearly", "wrong", "incorrect", "false", "negative", "imaginary", "short", "behind", "ahead", "at least",
    "at most", "or so", "or more", "or less", "I think", "I guess", "is wrong", "isn't right", "squared", "off", "under", "except 2",
    "minus one", "north", "ago", "unless x", "if x > 0", "instead", "undefined", "decrease", "deficit",
)  # fmt: skip


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_they_say_the_same(left, right):
    assert math_equal(left, right)
    assert math_equal(right, left)


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_they_do_not_say_the_same(left, right):
    assert not math_equal(left, right)
    assert not math_equal(right, left)


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
