"""Scores and outcomes: what goes with what, what is shown, and an exact way through JSON."""

import json

import pytest
from core_envs import TREE
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from textgym.core import Evidence, Outcome, Score, Status, StopReason, cut_short

SECRET = "swordfish"
TEXT = st.text(st.characters(codec="utf-8"), max_size=8)


@st.composite
def trees(draw, depth=2):
    failed = draw(st.booleans())
    secret = draw(st.booleans())
    return Score(
        name=draw(TEXT),
        value=None if failed else draw(st.floats(allow_nan=False, allow_infinity=False)),
        status=draw(st.sampled_from(["skipped", "unparseable", "refused", "timeout", "error"])) if failed else "ok",
        weight=draw(st.floats(0, 10)),
        reason=SECRET if secret else draw(TEXT),
        evidence=(Evidence(label="e", text=SECRET, secret=True),) * secret + (Evidence(label="o", text=draw(TEXT)),),
        children=tuple(draw(st.lists(trees(depth=depth - 1), max_size=2))) if depth else (),
    )


@given(trees())
def test_a_tree_goes_through_json_exactly(tree):
    assert Score.model_validate_json(tree.model_dump_json()) == tree


@given(trees())
def test_what_is_shown_of_a_tree_holds_no_secret_and_is_json(tree):
    shown = json.dumps(tree.as_info(), ensure_ascii=False)
    assert SECRET not in shown
    assert SECRET not in tree.redacted().model_dump_json()
    assert tree.redacted().redacted() == tree.redacted()
    info = tree.as_info()
    assert (info["name"], info["value"], info["status"]) == (tree.name, tree.value, tree.status)
    assert len(info.get("children", ())) == len(tree.children)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": None},
        {"value": 0.0, "status": "error"},
        {"value": float("nan")},
        {"value": float("inf")},
        {"value": 1.0, "status": "perfect"},
        {"value": 1.0, "unknown": 1},
    ],
)
def test_a_value_goes_with_ok_and_with_nothing_else(fields):
    with pytest.raises(ValidationError):
        Score(**fields)


def test_scores_cannot_be_changed():
    with pytest.raises(ValidationError):
        TREE.value = 1.0


@pytest.mark.parametrize("status", list(Status))
def test_only_failures_of_the_machinery_are_masked(status):
    outcome = Outcome(status=status, stop_reason=StopReason.COMPLETED, success=False, score=TREE)
    assert outcome.mask is (status in ("infra_error", "grader_error"))
    assert outcome.as_info()["mask"] is outcome.mask
    assert Outcome.model_validate_json(outcome.model_dump_json()) == outcome


def test_an_outcome_shows_neither_secrets_nor_errors():
    outcome = Outcome(
        status=Status.OK, stop_reason=StopReason.COMPLETED, success=True, score=TREE, error="trace of swordfish"
    )
    for shown in (json.dumps(outcome.as_info()), outcome.redacted().score.model_dump_json()):
        assert "42" not in shown
        assert "swordfish" not in shown


@pytest.mark.parametrize("status", [Status.LIMIT, Status.POLICY_ERROR])
def test_a_reward_stands_where_the_policy_was_cut_short(status):
    assert cut_short(status, StopReason.POLICY_STOPPED, 0.25).score == Score(value=0.25)


@pytest.mark.parametrize("status", [Status.INFRA_ERROR, Status.GRADER_ERROR])
def test_no_reward_stands_where_the_machinery_was(status):
    outcome = cut_short(status, StopReason.EXCEPTION, 0.25, "gone")
    assert (outcome.score, outcome.error) == (Score(status="error", reason="gone"), "gone")
