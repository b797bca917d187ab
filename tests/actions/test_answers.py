"""`final_answer`: one rule for what a text commits to. `exact_number`: whole numbers and fractions, strictly."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from textgym.actions.answers import committed, exact_number, final_answer

TAGS = ("<answer>", "</answer>", "<think>", "</think>")
PIECES = st.lists(
    st.sampled_from([*TAGS, "<answer", ">", "<", "/", "7", " ", "\n", "x", "é", "\x00"]) | st.text(max_size=5)
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<answer>42</answer>", "42"),
        ("  <answer>\n 42 \n</answer>  ", "42"),
        ("First 6*7.\nSo: <answer>42</answer> I am sure.", "42"),
        ("<answer></answer>", ""),
        ("<answer>a < b</answer>", "a < b"),
        ("<think>maybe <answer>1</answer> or <answer>2</answer></think><answer>3</answer>", "3"),
        ("prefilled <answer>1</answer></think> <answer>3</answer>", "3"),
        ("<answer>3</answer><think>or is it <answer>4</answer>?", "3"),
    ],
)
def test_the_only_pair_of_tags_is_the_answer(text: str, answer: str) -> None:
    assert final_answer(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "Answer: 42",
        "<answer>42",
        "42</answer>",
        "</answer>42<answer>",
        "<answer>1</answer><answer>2</answer>",
        "<answer>1</answer> or <answer>1</answer>",
        "<answer><answer>1</answer></answer>",
        "<answer>1</answer></answer>",
        "<answer>1<answer></answer>",
        "</answer><answer>1</answer>",
        "<Answer>1</Answer>",
        "< answer >1</ answer >",
        "<think><answer>1</answer></think>",
        "<think><answer>1</answer>",
    ],
)
def test_no_answer_several_answers_and_answers_inside_reasoning_commit_to_nothing(text: str) -> None:
    assert final_answer(text) is None


@given(PIECES.map("".join))
@example("<answer>" * 50 + "</answer>" * 50)
def test_an_answer_is_a_stripped_part_of_the_text_without_tags(text: str) -> None:
    answer = final_answer(text)
    if answer is not None:
        assert answer in text
        assert answer == answer.strip()
        assert "<answer>" not in answer
        assert "</answer>" not in answer


@given(st.text(), st.text(), st.text())
def test_a_committed_answer_is_read_back_whatever_the_reasoning(before: str, answer: str, after: str) -> None:
    if not any(tag in part for tag in TAGS for part in (before, answer, after)):
        assert final_answer(f"{before} {committed(answer)} {after}") == answer.strip()


@given(PIECES.map("".join))
def test_a_second_commitment_takes_the_first_one_back(text: str) -> None:
    if final_answer(text) is not None and "<think>" not in text:
        assert final_answer(text + committed("1")) is None


@pytest.mark.parametrize("tag", TAGS)
def test_a_million_tags_are_read(tag: str) -> None:
    assert final_answer(tag * 1_000_000) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", Fraction(42)),
        (" -42\n", Fraction(-42)),
        ("+7", Fraction(7)),
        ("007", Fraction(7)),
        ("6/4", Fraction(3, 2)),
        ("-6 / 4", Fraction(-3, 2)),
        ("0/5", Fraction(0)),
    ],
)
def test_whole_numbers_and_fractions_are_read_exactly(text: str, number: Fraction) -> None:
    assert exact_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        "1.0",
        "1e3",
        "1,000",
        "1 000",
        "1/0",
        "1/-2",
        "1/2/3",
        "--1",
        "- 1",
        "1 2",
        "1_0",
        "٣",
        "１２",
        "²",
        "½",
        "−1",
        "1/",
        "/2",
        "0x10",
        "nan",
        "inf",
        "9" * 101,
        "1/" + "9" * 101,
        " " * 400 + "1",
        "7" * 1_000_000,
    ],
)
def test_anything_else_is_no_number(text: str) -> None:
    assert exact_number(text) is None


@given(st.text())
def test_reading_a_number_never_raises(text: str) -> None:
    number = exact_number(text)
    assert number is None or isinstance(number, Fraction)


@given(st.fractions(max_denominator=10**30), st.integers(1, 10**30))
def test_a_fraction_need_not_be_in_lowest_terms(number: Fraction, factor: int) -> None:
    if abs(number.numerator) < 10**60:
        assert exact_number(f"{number.numerator * factor}/{number.denominator * factor}") == number
