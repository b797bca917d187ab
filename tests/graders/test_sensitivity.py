"""Edits that make an answer wrong must cost something; edits of its writing must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import (
    Choice,
    Constant,
    ContainsAll,
    Exact,
    Fuzzy,
    JsonEqual,
    MathEqual,
    NumberEqual,
    QuantityEqual,
    SetF1,
    StringCheck,
)
from textgym.graders.sensitivity import HARMLESS, WRONG, declared, sensitivity, summarise

GOLD = "{{ item.gold }}"


def edits(report) -> dict[str, str]:
    return {result.edit: result.answer for result in report.results}


@pytest.mark.parametrize(
    ("grader", "gold"),
    [
        (Exact(reference=GOLD), "12 cm"),
        (NumberEqual(reference=GOLD), "3.50"),
        (QuantityEqual(reference=GOLD), "36 km/h"),
        (MathEqual(reference=GOLD), "3/4"),
        (MathEqual(reference=GOLD), "(1, 2, 3)"),
        (SetF1(reference=GOLD), "red, green, blue"),
        (Fuzzy(reference=GOLD), "the quick brown fox"),
        (JsonEqual(reference={"a": 1}), '{"a": 1}'),
    ],
)
def test_graders_that_see_every_edit(grader, gold) -> None:
    report = sensitivity(grader, {"gold": gold}, gold)
    assert report.gold == 1.0
    assert report.results
    assert report.passed, [str(one) for one in report.violations]


def test_the_edits_of_an_answer() -> None:
    report = sensitivity(Exact(reference=GOLD), {"gold": "-3, 5 kg"}, "-3, 5 kg", harmless=["order", "spacing"])
    assert edits(report) == {
        "sign": "-3, -5 kg",
        "off_by_one": "-3, 6 kg",
        "unit": "-3, 5 g",
        "drop": "-3",
        "order": " 5 kg,-3",
        "spacing": "  -3, 5 kg \n",
    }
    assert "swap" in edits(sensitivity(Exact(reference=GOLD), {"gold": "1, 2"}, "1, 2"))


def test_a_grader_that_is_blind_is_found_out() -> None:
    report = sensitivity(ContainsAll(reference=["Paris"]), {}, "It is Paris")
    assert [one.edit for one in report.violations] == ["negate"]
    assert str(report.violations[0]) == "negate: 'It is not Paris' did not lower the score (1)"
    everything = sensitivity(Constant(value=1.0), {}, "5 cm")
    assert {one.edit for one in everything.violations} == {"sign", "off_by_one", "unit", "drop"}


def test_a_grader_that_is_fussy_is_found_out_where_that_is_asked() -> None:
    grader = StringCheck(reference=GOLD)
    assert sensitivity(grader, {"gold": "Paris"}, "Paris").passed
    report = sensitivity(grader, {"gold": "Paris"}, "Paris", harmless=["case", "spacing"])
    assert [one.edit for one in report.violations] == ["case", "spacing"]


def test_only_the_committed_answer_is_edited() -> None:
    text = "First 12, then 7.\n<answer>19</answer>"
    report = sensitivity(Exact(reference=text), {}, text)
    assert edits(report)["off_by_one"] == "20"
    boxed = sensitivity(Exact(reference=GOLD), {"gold": r"so \boxed{\frac{1}{2}}"}, r"so \boxed{\frac{1}{2}}")
    assert edits(boxed)["off_by_one"] == r"\frac{1}{3}"


def test_what_settings_declare() -> None:
    assert declared(Exact(reference="a", case=False)) == {"spacing", "case"}
    assert "case" not in declared(Exact(reference="a", case=True))
    assert "order" in declared(SetF1(reference=["a"]) & Exact(reference="a"))
    assert {"latex", "unit_left_out"} <= declared(MathEqual(reference="1"))
    assert declared(StringCheck(reference="a")) == set()
    assert "case" in declared(Choice(reference="A", labels=["A", "B"]))


def test_a_sample_that_cannot_be_graded_is_no_pass() -> None:
    report = sensitivity(Exact(reference="{{ item.nothing }}"), {}, "1")
    assert report.gold is None
    assert not report.passed
    assert report.results == []


def test_a_wrong_name_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean 'spacing'"):
        sensitivity(Exact(reference="1"), {}, "1", harmless=["space"])


def test_many_reports_are_one_table() -> None:
    reports = [sensitivity(ContainsAll(reference=["Paris"]), {}, text) for text in ("It is Paris", "Paris 5")]
    table = summarise(reports)
    assert table["negate"] == {
        "kind": "wrong",
        "tried": 2,
        "violated": 2,
        "example": "negate: 'It is not Paris' did not lower the score (1)",
    }


@given(st.text(max_size=300))
def test_any_text_can_be_edited(text: str) -> None:
    report = sensitivity(Exact(reference=GOLD, space="keep"), {"gold": text}, text, harmless=list(HARMLESS))
    assert {result.edit for result in report.results} <= WRONG.keys() | HARMLESS.keys()


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=6))
def test_numbers_that_are_one_off_are_seen_by_every_exact_grader(numbers: list[int]) -> None:
    text = ", ".join(map(str, numbers))
    report = sensitivity(Exact(reference=GOLD), {"gold": text}, text)
    assert {"off_by_one", "drop"} <= edits(report).keys()
    assert not [one for one in report.violations if one.kind == "wrong"]
