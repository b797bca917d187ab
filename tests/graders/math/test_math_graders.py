"""The graders of mathematics and of extraction, as an author uses them."""

import json
from typing import Literal

import pytest

from textgym.core import Evidence, Score
from textgym.graders import (
    Commitment,
    ExprNumeric,
    Extract,
    Grader,
    GraderSpecError,
    Invalid,
    Item,
    LatexEqual,
    MathEqual,
    Sample,
    committed_answer,
    load,
)
from textgym.graders.math import MathOptions

ITEM = {"answer": r"\frac{1}{2}", "answers": ["0.5", "one half"]}


def test_an_output_that_says_the_same_earns_one():
    grader = MathEqual(reference="{{ item.answer }}")
    score = grader.grade(ITEM, "0.50")
    assert score.value == 1.0
    assert score.reason == "equal, by number"
    assert grader.grade(ITEM, "0.51").value == 0.0


def test_any_of_several_references_will_do():
    grader = MathEqual(reference="{{ item.answers }}")
    assert grader.grade(ITEM, "1/2").value == 1.0
    assert grader.grade(ITEM, "One half").value == 1.0
    assert grader.grade(ITEM, "2").value == 0.0


def test_the_reference_is_not_shown_to_a_policy():
    score = MathEqual(reference="{{ item.answer }}").grade(ITEM, "7")
    assert r"\frac" not in json.dumps(score.as_info())


def test_options_travel_in_the_json():
    grader = MathEqual(reference="50%", options=MathOptions(percent="number"))
    again = load(grader.model_dump_json())
    assert again == grader
    assert again.grade({}, "50").value == 1.0
    assert (
        load({"type": "math_equal", "reference": "50%", "options": {"percent": "fraction"}}).grade({}, "50").value
        == 0.0
    )


def test_a_wrong_option_is_named():
    with pytest.raises(GraderSpecError, match="percents"):
        load({"type": "math_equal", "reference": "1", "options": {"percents": "number"}})


def test_an_empty_reference_is_a_failure_and_no_zero():
    score = MathEqual(reference="{{ item.none }}").grade({"none": " "}, "1")
    assert score.value is None
    assert score.status == "error"


def test_a_clock_that_ran_out_gives_no_value_and_a_limit_gives_zero():
    late = MathEqual(reference=r"\int_0^1 9^{9^{9}} x dx").grade({}, "x")
    assert (late.value, late.status) == (None, "timeout")
    assert MathEqual(reference="5").grade({}, "9^{9^{9^{9}}}").value == 0.0


@pytest.mark.parametrize(
    ("reference", "answer", "equal"),
    [
        (r"\frac{1}{2}+x", r"\dfrac12 + x", True),
        (r"\left( x \right)", "(x)", True),
        ("x^{2}", "x^2", True),
        ("x+1", "1+x", False),
        (r"\frac{1}{2}", "0.5", False),
    ],
)
def test_latex_equal_knows_spellings_and_no_mathematics(reference, answer, equal):
    assert LatexEqual(reference=reference).grade({}, answer).value == float(equal)


@pytest.mark.parametrize(
    ("reference", "answer", "settings", "equal"),
    [
        (r"\pi", "3.14159", {"rtol": 1e-5}, True),
        (r"\pi", "3.14159", {"rtol": 1e-7}, False),
        ("x^2", "x*x", {}, True),
        ("x^2", "x^2+0.001", {"atol": 0.01}, True),
        (r"\sin x", "x", {"low": 1e-4, "high": 2e-4, "rtol": 1e-6}, True),
        (r"\sin x", "x", {}, False),
        ("x", "not an expression ((", {}, False),
    ],
)
def test_expr_numeric_compares_within_a_tolerance(reference, answer, settings, equal):
    assert ExprNumeric(reference=reference, **settings).grade({}, answer).value == float(equal)


@pytest.mark.parametrize(
    ("text", "how", "found"),
    [
        (r"so \boxed{\frac{1}{2}}.", "boxed", r"\frac{1}{2}"),
        (r"first \boxed{0.5}, again \boxed{1/2}", "boxed", "1/2"),
        (r"\boxed{3} or \boxed{4}", "boxed", None),
        (r"\boxed 7", "boxed", "7"),
        (r"\boxed{a \boxed{5}", "boxed", "5"),
        (r"\fbox{\boxed{5}}", "boxed", r"\boxed{5}"),
        ("the answer is 5", "boxed", None),
        (r"<think>\boxed{1}</think> \boxed{2}", "boxed", "2"),
        (r"\boxed{2} <think> hm, \boxed{3}", "boxed", "2"),
        ("The final answer is $5$. I hope it is correct.", "final_answer", "$5$"),
        ("Final Answer: The final answer is 2.5.", "final_answer", "2.5"),
        ("Answer: 7\nmore", "final_answer", "7"),
        ("the answer is 3. No, the answer is 4.", "final_answer", None),
        ("the answer is 3 or maybe 4", "final_answer", "3 or maybe 4"),
        ("<answer>5</answer>", "tag:answer", "5"),
        ("<answer>5</answer><answer>6</answer>", "tag:answer", None),
        ("<answer>5", "tag:answer", None),
        (" 5 ", "whole", "5"),
        ("", "whole", None),
    ],
)
def test_a_text_commits_to_one_answer_or_to_none(text, how, found):
    assert committed_answer(text, how).text == found


def test_leniency_takes_the_last_answer_and_the_last_number():
    assert committed_answer(r"\boxed{3} or \boxed{4}", lenient=True) == Commitment("4")
    assert committed_answer("it is 3, no 1,000", lenient=True) == Commitment("1,000")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"I get \boxed{0.5}", 1.0),
        (r"I get \boxed{0.6}", 0.0),
        (r"\boxed{0.5} or maybe \boxed{0.6}", 0.0),
        (r"\boxed{0.5 \text{ or } 0.6}", 0.0),
        ("0.5", 0.0),
    ],
)
def test_hedging_earns_nothing(text, value):
    grader = load({"type": "extract", "grader": {"type": "math_equal", "reference": "{{ item.answer }}"}})
    score = grader.grade(ITEM, text)
    assert score.value == value
    assert load(grader.model_dump_json()) == grader


def test_a_way_to_extract_that_does_not_exist_is_refused():
    with pytest.raises(GraderSpecError, match="how"):
        load({"type": "extract", "how": "guess", "grader": {"type": "math_equal", "reference": "1"}})


class Paid(Grader):
    """A grader that costs something; without a value where the answer is not the reference, and says which one is."""

    type: Literal["test_paid"] = "test_paid"

    def _grade(self, item: Item, sample: Sample) -> Score:
        if sample.output_text == item["answer"]:
            return Score(value=1.0, cost=0.02, tokens=7)
        expected = Evidence(label="expected", text=item["answer"], secret=True)
        raise Invalid("error", f"it should be {item['answer']}", evidence=(expected,), cost=0.02, tokens=7)


def test_extraction_keeps_what_the_grader_of_the_answer_cost():
    score = Extract(grader=Paid()).grade({"answer": "1729"}, r"\boxed{1729}")
    assert (score.value, score.op, score.cost, score.tokens) == (1.0, "extract", 0.02, 7)
    assert [child.name for child in score.children] == ["test_paid"]
    assert [seen.text for seen in score.evidence] == ["1729"]


def test_extraction_passes_a_failure_on_with_its_cost_and_without_its_secrets():
    score = Extract(grader=Paid()).grade({"answer": "1729"}, r"\boxed{1}")
    assert (score.value, score.status, score.cost, score.tokens) == (None, "error", 0.02, 7)
    assert score.reason == "test_paid: error"
    assert "1729" in score.model_dump_json()
    assert "1729" not in score.redacted().model_dump_json()
    assert "1729" not in json.dumps(score.as_info())


def test_extraction_passes_on_that_a_template_leads_nowhere():
    grader = Extract(grader=MathEqual(reference="{{ item.missing }}"))
    assert grader.grade({}, r"\boxed{1}").value is None


@pytest.mark.parametrize("piece", [r"\boxed{", "{", "answer is ", "<answer>", r"\boxed{1}", "}", "answer: 1\n"])
def test_a_megabyte_of_anything_is_read_once(piece):
    for how in ("boxed", "final_answer", "tag:answer"):
        committed_answer(piece * (1_000_000 // len(piece)), how)
