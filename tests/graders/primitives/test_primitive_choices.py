"""Leaves on committed labels, lists and rankings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import load

things = st.lists(st.sampled_from("abcdefgh"), max_size=8)


def value(kind, output, gold, **settings):
    score = load({"type": kind, "reference": gold, **settings}).grade({}, output)
    assert score.status == "ok", score
    return score.value


@pytest.mark.parametrize(
    "output",
    [
        "B",
        "b",
        " (B) ",
        "B.",
        "**B**",
        "[B]",
        "B) Bern",
        "Bern is the capital, so the answer is B.",
        "Answer: B",
        "**Answer:** (B)",
        r"\boxed{B}",
        r"$\boxed{\text{B}}$",
        "A looks right, but no.\n<answer>B</answer>",
        "<think>A? the answer is A. No.</think>The answer is B",
        "The answer is B. I repeat, the answer is (B).",
        r"Answer: B, that is \boxed{B}",
    ],
)
def test_a_committed_label_is_read(output):
    assert value("choice", output, "B") == 1


@pytest.mark.parametrize(
    "output",
    [
        "",
        "A or B",
        "A, B",
        "B A",
        "A B C D",
        "The answer is A or B",
        "The answer is A. The answer is B.",
        r"\boxed{A} \boxed{B}",
        r"<answer>B</answer> \boxed{A}",
        r"Answer: A, so \boxed{B}",
        "The answer is not B",
        "I do not know, B perhaps, or not",
        "<answer>A and B</answer>",
        "<answer></answer>",
        "Because",
        "<think>The answer is B",
        "Answer: the second",
        "A question that I cannot answer",
        "B careful",
    ],
)
def test_hedging_and_silence_are_no_choice(output):
    for label in "AB":
        assert value("choice", output, label) == 0


@given(st.permutations("ABCD"), st.sampled_from([" ", ", ", " or ", "/", "\n"]), st.integers(2, 4))
def test_naming_several_labels_never_pays(order, between, count):
    for form in ("{}", "Answer: {}", "<answer>{}</answer>", r"\boxed{{{}}}"):
        if not (between == "\n" and form == "Answer: {}"):
            assert value("choice", form.format(between.join(order[:count])), order[0]) == 0


def test_labels_of_words():
    labels = ["yes", "no", "not sure"]
    assert value("choice", "Yes.", "yes", labels=labels) == 1
    assert value("choice", "not sure", "no", labels=labels) == 0
    assert value("choice", "not sure", "not sure", labels=labels) == 1
    assert value("choice", "no, yes", "no", labels=labels) == 0
    assert value("choice", "YES", "yes", labels=labels, case=True) == 0


def test_labels_that_cannot_be_told_apart_are_an_error():
    for settings in ({"labels": ["a", "A"]}, {"labels": ["a"]}, {"labels": "ab"}, {"labels": ["a", ""]}):
        assert load({"type": "choice", "reference": "a", **settings}).grade({}, "a").status == "error"
    assert load({"type": "choice", "reference": "E"}).grade({}, "A").status == "error"


def test_ordinal_pays_for_coming_near():
    labels = ["1", "2", "3", "4", "5"]
    assert [value("ordinal", label, "2", labels=labels) for label in labels] == [0.75, 1, 0.75, 0.5, 0.25]
    assert value("ordinal", "2 or 3", "2", labels=labels) == 0


def test_sets():
    assert value("set_f1", "a, b, c", ["b", "c", "d"]) == pytest.approx(2 / 3)
    assert value("jaccard", "a, b, c", ["b", "c", "d"]) == 0.5
    assert value("set_exact", "a, b, b", ["b", "a"]) == 1
    assert value("set_f1", '["New York", 3]', ["new  york", "3"]) == 1
    assert value("set_f1", "a;b", ["a", "b"], separator=";") == 1
    assert value("set_exact", "", []) == 1
    assert value("set_f1", "x," * 20_000, ["x"]) == 0


@pytest.mark.parametrize("kind", ["set_f1", "jaccard", "set_exact", "sequence_match"])
@given(left=things, right=things)
def test_lists_are_compared_alike_from_both_sides(kind, left, right):
    grader = {"type": kind, "input": "{{ item.left }}", "reference": "{{ item.right }}"}
    assert load(grader).grade({"left": left, "right": right}, "").value == pytest.approx(
        load(grader).grade({"left": right, "right": left}, "").value
    )
    assert load(grader).grade({"left": left, "right": left}, "").value == 1


def test_sequences_count_what_is_in_order():
    assert value("sequence_match", "a, c, b", ["a", "b", "c"]) == pytest.approx(2 / 3)
    assert value("sequence_match", "c, b, a", ["a", "b", "c"]) == pytest.approx(1 / 3)


def test_kendall():
    assert value("kendall", "c, b, a", ["a", "b", "c"]) == 0
    assert value("kendall", "b, a, c", ["a", "b", "c"]) == pytest.approx((1 / 3 + 1) / 2)
    assert value("kendall", "a, b", ["a", "b", "c"]) == pytest.approx(2 / 3)
    assert value("kendall", "a", ["a", "b", "c"]) == pytest.approx(1 / 6)
    assert value("kendall", "a", ["a"]) == 1
    assert value("kendall", "x, a, y, b, a, c", ["a", "b", "c"]) == 1


@given(st.permutations("abcdef"))
def test_kendall_is_the_count_of_pairs(order):
    wrong = sum(order[i] > order[j] for i in range(6) for j in range(i + 1, 6))
    assert value("kendall", ",".join(order), list("abcdef")) == pytest.approx(1 - wrong / 15)


def test_retrieval():
    assert value("ndcg", "b, a", {"a": 3, "b": 1}) == pytest.approx((1 + 3 / math.log2(3)) / (3 + 1 / math.log2(3)))
    assert value("ndcg", "b, a", {"a": 3, "b": 1}, gain="exponential") == pytest.approx(
        (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))
    )
    assert value("ndcg", "x, a", ["a"], k=1) == 0
    assert value("ndcg", "a, a, a", ["a", "b"]) < value("ndcg", "a, b", ["a", "b"]) == 1
    assert value("recall_at_k", "a, x, b", ["a", "b"], k=2) == 0.5
    assert value("mrr", "x, y, b, a", ["a", "b"]) == pytest.approx(1 / 3)
    assert value("mrr", "x", ["a"]) == 0
    assert load({"type": "mrr", "reference": []}).grade({}, "x").status == "error"
    assert load({"type": "ndcg", "reference": {"a": -1}}).grade({}, "x").status == "error"
