"""What every leaf promises: bounds, the top for the best sample, JSON there and back, no way for an output to break it."""

import importlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from primitive_cases import CASES, Case

from textgym.graders import load
from textgym.graders.catalogue import MODULES
from textgym.graders.registration import TYPES

for module in MODULES:
    if module.startswith("primitives."):
        importlib.import_module(f"textgym.graders.{module}")
KINDS = sorted(kind for kind, cls in TYPES.items() if cls.__module__.startswith("textgym.graders.primitives."))

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)

MEGA = 1_000_000
HOSTILE = {
    "nothing": "",
    "white space": " \t\n\u2003\u00a0",
    "one letter": "a" * MEGA,
    "words": "spam " * (MEGA // 5),
    "zeros": "\x00" * MEGA,
    "half pairs": "\ud800\udfff" * 1000,
    "marks": "a" + "\u0301\u0316" * (MEGA // 2),
    "hidden marks": "a" + "\uff9e\u0301" * (MEGA // 2),
    "expanding": "\ufdfa" * 100_000,
    "deep lists": "[" * (MEGA // 2) + "]" * (MEGA // 2),
    "deep objects": '{"a":' * 100_000,
    "a long list": "[" + "1," * (MEGA // 2) + "1]",
    "commas": "," * MEGA,
    "braces": r"\boxed{" * (MEGA // 7),
    "closed boxes": r"\boxed{" * 50_000 + "}" * 50_000,
    "tags": "<answer>" * (MEGA // 8),
    "tag ends": "</answer>" * (MEGA // 9),
    "thoughts": "<think></think>" * (MEGA // 15),
    "a huge number": "9" * MEGA,
    "a huge power": "1e999999999",
    "a fraction": "1/" + "0" * 1000,
    "brackets": "[a" * (MEGA // 2),
    "citations": "[1]" * (MEGA // 3),
    "addresses": "https://a.org/" * (MEGA // 14),
    "pipes": "|" * MEGA,
    "a quote": '"' + "a" * MEGA,
    "quotes": '"' * MEGA,
    "a diff": "--- a/x.py\n+++ b/x.py\n" + "@@ -1,1 +1,1 @@\n-two\n+two\n" * 10_000,
    "signs": "@@ -1 +1 @@\n" * 50_000,
    "answers": "answer is " * (MEGA // 10),
    "rows": "city,people\n" + "Bern,134591\n" * 80_000,
    "markdown": "| city | people |\n|---|---|\n" + "| Bern | 1 |\n" * 60_000,
    "template": "{{ item.gold }} {{ sample.output_text }}",
    "ansi": "\x1b[2J\x1b]0;x\x07",
    "fences": "```json\n" * 100_000,
    "code": "__import__('os').system('true')",
}


def test_there_is_a_case_for_every_type():
    assert sorted({case.kind for case in CASES}) == KINDS


@every_case
def test_the_best_sample_earns_the_most(case: Case):
    score = load(case.grader).grade(case.item, case.best)
    assert (score.status, score.reason) == ("ok", score.reason)
    assert score.value == load(case.grader).bounds[1], score


@every_case
def test_a_grader_comes_back_from_its_json(case: Case):
    grader = load(case.grader)
    again = load(grader.model_dump_json())
    assert again == grader
    assert again.digest == grader.digest
    assert again.grade(case.item, case.best) == grader.grade(case.item, case.best)


@every_case
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_output_breaks_it(case: Case, text: str):
    grader = load(case.grader)
    samples = [text]
    if case.kind in ("url_in_trajectory", "soft_overlong", "length_window"):
        samples.append(
            {"output_text": text, "messages": [{"role": "assistant", "tool_calls": text[:1000]}], "usage": {}}
        )
    for sample in samples:
        score = grader.grade(case.item, sample)
        low, high = grader.bounds
        assert score.status == "ok", score
        assert low <= score.value <= high
        score.model_dump_json()  # fit to be stored, whatever the output holds


@every_case
@given(text=st.text(max_size=300) | st.text(alphabet="ab ,;[]{}|<>/\\\"'\n-+@=1290.eE:#_", max_size=300))
def test_the_value_is_within_the_bounds(case: Case, text: str):
    grader = load(case.grader)
    low, high = grader.bounds
    score = grader.grade(case.item, text)
    assert score.status == "ok", score
    assert low <= score.value <= high
    assert grader.grade(case.item, text) == score


@every_case
def test_what_a_policy_may_see_holds_no_reference(case: Case):
    grader = load(case.grader)
    for sample in (case.best, "something else altogether"):
        redacted = grader.grade(case.item, sample).redacted()
        assert "reference" not in {evidence.label for evidence in redacted.evidence}
        if case.item and sample != case.best:
            told = json.dumps(redacted.model_dump(mode="json"))
            for gold in _texts(case.item):
                assert len(gold) < 4 or gold not in told


def _texts(value):
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []


@every_case
def test_a_reference_that_is_not_there_is_an_error_and_no_zero(case: Case):
    if "{{ item" not in json.dumps(load(case.grader).model_dump(mode="json")):
        pytest.skip("it has no reference in the item")
    score = load(case.grader).grade({}, case.best)
    assert (score.status, score.value, score.code) == ("error", None, "invalid_variable_error")


@every_case
def test_a_sample_without_text_is_graded(case: Case):
    score = load(case.grader).grade(case.item, {})
    assert score.status == "ok"


data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", ["exact", "json_equal", "json_field_f1", "set_f1", "number_equal", "keywords", "ndcg"])
@given(reference=data, output=data)
def test_any_reference_comes_back_and_is_graded_or_refused(kind: str, reference, output):
    try:
        grader = load({"type": kind, "reference": reference})
    except ValueError:
        return  # half a surrogate pair, a malformed template, or a number without end
    again = load(grader.model_dump_json())
    assert again == grader
    score = grader.grade({}, json.dumps(output))
    assert score == again.grade({}, json.dumps(output))
    assert score.status in ("ok", "error")
    assert score.code in (None, "other_error", "invalid_variable_error")
    assert "exception" not in {evidence.label for evidence in score.evidence}, "one that nobody foresaw"
