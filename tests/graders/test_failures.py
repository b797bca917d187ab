"""Failures are statuses: they name the part, keep its code, and are worth something only at the root."""

from typing import Literal

import pytest
from sample_graders import STATUSES, Given, Judge, nodes

from textgym import Evidence, GraderError, Score
from textgym.graders import (
    Case,
    FirstValid,
    FormulaGrader,
    Gate,
    Grader,
    GroupZ,
    Item,
    KOfN,
    Median,
    Penalty,
    Product,
    Root,
    Sample,
    Timeout,
    WeightedMean,
    load,
    passed,
    settle,
)

A, B, C = (Given(key=name) for name in "abc")
ASK_ALL = [
    A + B,
    WeightedMean(graders=(A, B)),
    Product(graders=(A, B)),
    A & B,
    A | B,
    ~B,
    B >= 0.5,
    Median(graders=(A, B)),
    KOfN(graders=(A, B), k=1),
    Penalty(base=A, penalty=B),
    Penalty(base=B, penalty=A),
    FormulaGrader(formula="a", graders={"a": A, "b": B}),
    Gate(condition=A, then=B),
    Gate(condition=B, then=A),
    Timeout(grader=B, seconds=1),
    Case(on="{{ item.a }}", graders={"1.0": B}),
]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("tree", ASK_ALL, ids=lambda tree: tree.type)
def test_a_failure_passes_through_with_its_part_named_and_its_code(tree: Grader, status: str) -> None:
    score = tree.grade({"a": 1.0, "b": status}, "x")
    assert (score.value, score.status, score.code) == (None, status, f"{status}_code")
    named = "b" if isinstance(tree, FormulaGrader) else "given"
    assert score.reason == f"{named}: b is missing"
    assert "b is missing" in [node.reason for node in nodes(score) if node.name == named]


def test_a_gate_asks_only_what_it_needs_and_records_the_rest_as_skipped() -> None:
    for a, asked, left_out in ((1.0, "then", "else"), (0.0, "else", "then")):
        tree = Gate(condition=A, then=Given(key="b", name="then"), else_=Given(key="c", name="else"))
        item = {"a": a, "b": 0.5, "c": 0.5} | {{"then": "c", "else": "b"}[asked]: "error"}
        score = tree.grade(item, "x")
        assert score.value == 0.5
        by_name = {child.name: child for child in score.children}
        assert list(by_name) == ["given", "then", "else"]
        assert by_name[asked].status == "ok"
        assert by_name[left_out].status == "skipped"
        assert [child.weight for child in score.children] == [0.0, float(asked == "then"), float(asked == "else")]


def test_a_gate_without_a_condition_asks_nothing() -> None:
    score = Gate(condition=A, then=B, else_=C).grade({"a": "refused", "b": "error", "c": "error"}, "x")
    assert [child.status for child in score.children] == ["refused", "skipped", "skipped"]


def test_first_valid_goes_on_until_there_is_a_value() -> None:
    tree = FirstValid(graders=(A, B, C))
    score = tree.grade({"a": "timeout", "b": 0.25, "c": "error"}, "x")
    assert (score.value, [child.status for child in score.children]) == (0.25, ["timeout", "ok", "skipped"])
    score = tree.grade({"a": "timeout", "b": "refused", "c": "error"}, "x")
    assert (score.status, score.code) == ("timeout", "timeout_code")
    assert [child.status for child in score.children] == ["timeout", "refused", "error"]


def test_an_optional_mean_leaves_out_what_has_no_value_and_says_so() -> None:
    tree = WeightedMean(graders=(A, B.model_copy(update={"name": "style"}), C), weights=(1, 2, 1), optional=True)
    score = tree.grade({"a": 0.0, "b": "timeout", "c": 1.0}, "x")
    assert (score.value, [child.weight for child in score.children]) == (0.5, [0.5, 0.0, 0.5])
    assert score.reason == "left out: style (timeout)"
    assert tree.grade({"a": "error", "b": "timeout", "c": "error"}, "x").status == "error"
    assert tree.grade({"a": 0.0, "b": 1.0, "c": 1.0}, "x").value == 0.75


def test_a_case_without_a_grader_is_a_failure_and_not_a_zero() -> None:
    score = Case(on="{{ item.kind }}", graders={"x": A}).grade({"kind": "secret kind", "a": 1.0}, "x")
    assert (score.status, score.value) == ("error", None)
    assert "secret kind" not in score.redacted().model_dump_json()


@pytest.mark.parametrize(("on_invalid", "value"), [("drop", None), ("zero", 0.0), ("min", -1.0), ("raise", None)])
def test_only_the_root_decides_what_a_failure_is_worth(on_invalid: str, value: float | None) -> None:
    tree = Given(key="a", low=-1, high=1)
    root = Root(grader=tree, on_invalid=on_invalid)
    failing = {"a": "timeout"}
    if on_invalid == "raise":
        with pytest.raises(GraderError, match="given: timeout: a is missing"):
            root.grade(failing, "x")
        with pytest.raises(GraderError, match="given: timeout: a is missing"):
            tree.reward(failing, "x", "raise")
    else:
        score = root.grade(failing, "x")
        assert (score.value, score.status) == (value, "timeout" if value is None else "ok")
        assert score.children[0].status == "timeout"
        assert tree.reward(failing, "x", on_invalid) == value
        assert settle(tree.grade(failing, "x"), on_invalid) == value
    assert root.grade({"a": 0.5}, "x").value == 0.5


def test_zero_at_the_root_is_within_its_bounds() -> None:
    root = Root(grader=Given(key="a", low=0.5, high=1), on_invalid="zero")
    assert root.bounds == (0.0, 1.0)
    assert root.grade({"a": "error"}, "x").value == 0.0


class Careless(Grader):
    """Fails in every way that a grader can."""

    type: Literal["careless"] = "careless"
    way: str

    def _grade(self, item: Item, sample: Sample) -> Score | float:
        if self.way == "raises":
            raise ValueError(f"cannot read {item['gold']}")
        if self.way == "recursion":
            return self._grade(item, sample)
        if self.way == "tells":
            return passed(0.0, f"expected {item['gold']}", Evidence(label="expected", text=item["gold"], secret=True))
        return {"nan": float("nan"), "inf": float("inf"), "beyond": 1.5, "text": "much"}[self.way]


@pytest.mark.parametrize("way", ["raises", "recursion", "nan", "inf", "beyond", "text"])
def test_a_grader_that_breaks_fails_and_is_no_zero(way: str) -> None:
    score = (0.5 * Careless(way=way) + 0.5 * A).grade({"a": 1.0, "gold": "the gold answer"}, "x")
    assert (score.value, score.status) == (None, "error")
    assert score.reason.startswith("careless: ")
    assert "the gold answer" not in score.redacted().model_dump_json()


def test_what_a_policy_may_see_holds_no_secret_anywhere_in_the_tree() -> None:
    item = {"a": 1.0, "gold": "the gold answer"}
    score = (Careless(way="tells") & A | Careless(way="raises")).grade(item, "x")
    assert "the gold answer" in score.model_dump_json()
    assert "the gold answer" not in score.redacted().model_dump_json()
    assert "the gold answer" not in str(score.as_info())


def test_what_was_spent_is_summed_up_also_where_grading_failed() -> None:
    judge = Judge(key="a", usd=0.25)
    tree = 0.5 * judge + 0.5 * (judge & B)
    for a in (1.0, "refused"):
        score = tree.grade({"a": a, "b": 1.0}, "x")
        assert (score.cost, score.tokens, score.status) == (0.5, 20, "ok" if a == 1.0 else "refused")


@pytest.mark.parametrize("sample", [{"output": "x"}, {"output_text": 3}, {"messages": "x"}, 7, None])
def test_what_is_no_sample_is_a_failure_with_its_own_code(sample: object) -> None:
    score = A.grade({"a": 1.0}, sample)
    assert (score.status, score.code) == ("error", "sample_parse_error")


def test_a_group_grader_alone_has_no_value() -> None:
    score = GroupZ(grader=A).grade({"a": 1.0}, "x")
    assert score.status == "error"
    assert "grade_group" in score.reason


def test_a_class_that_waits_unannounced_is_told_so() -> None:
    class Unannounced(Judge):
        type: Literal["unannounced"] = "unannounced"
        waits_itself = False

    with pytest.raises(RuntimeError, match="waits_itself"):
        Unannounced(key="a").grade({"a": 1.0}, "x")


def test_an_output_that_cannot_be_read_is_worth_the_lower_bound_and_not_taken_out():
    """A policy must not escape a bad score by an output that no grader can look into."""
    reads = load({"type": "exact", "input": "{{ sample.output_json.x }}", "reference": "1"})
    for grader in (reads, 2 * reads - 1, reads & reads, load({"type": "root", "grader": reads.model_dump()})):
        low, high = grader.bounds
        assert grader.reward({}, '{"x": "1"}') == high
        assert grader.reward({}, '{"x": "2"}') == low
        assert grader.reward({}, "no JSON at all") == low
        assert grader.reward({}, '{"y": "1"}') == low
