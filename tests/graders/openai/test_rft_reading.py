"""The JSON of RFT graders, read: every type, every shape, and clear words for what is wrong."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import FormulaError, GraderSpecError, from_openai, load, to_openai
from textgym.graders.openai.reading import is_openai

CHECK = {
    "type": "string_check",
    "name": "correct",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.answer }}",
    "operation": "eq",
}
ALIKE = {
    "type": "text_similarity",
    "name": "alike",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.answer }}",
    "evaluation_metric": "rouge_l",
}
PYTHON = {
    "type": "python",
    "name": "own",
    "source": "def grade(sample, item):\n    return 1.0\n",
    "image_tag": "2025-05-08",
}
SCORE = {
    "type": "score_model",
    "name": "judge",
    "model": "gpt-4o",
    "input": [{"role": "user", "content": "How good is {{ sample.output_text }} for {{ item.question }}?"}],
    "range": [0, 10],
    "sampling_params": {"temperature": 0, "seed": 7, "max_completions_tokens": 64},
}
LABEL = {
    "type": "label_model",
    "name": "label",
    "model": "gpt-4o",
    "input": [{"role": "developer", "content": "Is {{ sample.output_text }} polite?"}],
    "labels": ["yes", "no"],
    "passing_labels": ["yes"],
}
MULTI = {
    "type": "multi",
    "name": "both",
    "graders": {"correct": CHECK, "alike": ALIKE},
    "calculate_output": "0.8 * correct + 0.2 * alike",
}
ITEM = {"answer": "the cat"}


@pytest.mark.parametrize("wire", [CHECK, ALIKE, PYTHON, SCORE, LABEL, MULTI], ids=lambda wire: wire["type"])
def test_every_type_is_read_and_written_back_as_it_was(wire):
    grader = from_openai(json.dumps(wire))
    assert to_openai(grader) == wire
    assert from_openai(to_openai(grader)) == grader
    assert load(grader.model_dump_json()) == grader


@pytest.mark.parametrize(
    ("operation", "output", "value"),
    [
        ("eq", "the cat", 1),
        ("eq", "The cat", 0),
        ("ne", "the cat", 0),
        ("ne", "a dog", 1),
        ("like", "so the cat sat", 1),
        ("like", "so The Cat sat", 0),
        ("ilike", "so The Cat sat", 1),
        ("ilike", "so the dog sat", 0),
    ],
)
def test_the_operations_of_string_check(operation, output, value):
    assert from_openai({**CHECK, "operation": operation}).grade(ITEM, output).value == value


@pytest.mark.parametrize(
    "metric",
    [
        "fuzzy_match",
        "bleu",
        "gleu",
        "meteor",
        "cosine",
        "rouge_1",
        "rouge_2",
        "rouge_3",
        "rouge_4",
        "rouge_5",
        "rouge_l",
    ],
)
def test_every_metric_of_text_similarity(metric):
    wire = {**ALIKE, "evaluation_metric": metric}
    grader = from_openai(wire)
    text = "the quick brown fox jumps over the lazy dog"
    assert grader.grade({"answer": text}, text).value == pytest.approx(1.0, abs=0.001)
    assert grader.grade({"answer": text}, "einundzwanzig").value < 0.3
    assert to_openai(grader) == wire


def test_meteor_by_hand():
    meteor = from_openai({**ALIKE, "evaluation_metric": "meteor"})
    assert meteor.grade({"answer": "the cat sat"}, "the cat sat").value == pytest.approx(1 - 0.5 / 27)
    assert meteor.grade({"answer": "the cat sat"}, "sat the cat").value == pytest.approx(1 - 0.5 * (2 / 3) ** 3)
    precision, recall = 2 / 2, 2 / 4
    mean = precision * recall / (0.9 * precision + 0.1 * recall)
    assert meteor.grade({"answer": "a big black cat"}, "a cat").value == pytest.approx(mean * 0.5)
    assert meteor.grade({"answer": "the cat"}, "").value == 0.0


def test_the_three_shapes_of_multi_are_one_grader():
    mapping = from_openai(MULTI)
    listed = from_openai({**MULTI, "graders": [CHECK, ALIKE]})
    assert listed == mapping
    assert mapping.grade(ITEM, "the cat sat").value == pytest.approx(0.2 * 0.8)
    single = from_openai({**MULTI, "graders": CHECK, "calculate_output": "2 * correct - 1"})
    assert single.grade(ITEM, "the cat").value == 1.0
    assert single.grade(ITEM, "a dog").value == -1.0
    assert to_openai(single)["graders"] == {"correct": CHECK}


def test_a_mapping_names_graders_for_the_formula_whatever_they_are_called():
    wire = {**MULTI, "graders": {"a": {**CHECK, "name": "A check"}}, "calculate_output": "a^2"}
    grader = from_openai(wire)
    assert grader.grade(ITEM, "the cat").value == 1.0
    assert to_openai(grader) == wire


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("correct ^ 2 + alike ** 2", 2.0),
        ("min(correct, alike, 0.5)", 0.5),
        ("max(0, floor(alike) - ceil(0.5 * correct))", 0.0),
        ("sqrt(abs(correct - 5)) * exp(0) + log(1)", 2.0),
        ("-correct ^ 2", -1.0),
        ("(correct + alike) / 4", 0.5),
        ("correct / (alike - 1.5)", -2.0),
    ],
)
def test_formulas(formula, value):
    assert from_openai({**MULTI, "calculate_output": formula}).grade(ITEM, "the cat").value == pytest.approx(value)


def test_templates_look_into_items_and_samples():
    wire = {**CHECK, "input": "{{ sample.output_json.steps[1].answer }}", "reference": "{{ item.gold.answers[0] }}"}
    grader = from_openai(wire)
    output = json.dumps({"steps": [{}, {"answer": "4"}]})
    assert grader.grade({"gold": {"answers": ["4"]}}, output).value == 1.0
    assert grader.grade({"gold": {"answers": [4]}}, output).value == 1.0
    tools = {"output_text": "", "output_tools": [{"function": {"name": "look_up"}}]}
    called = {**CHECK, "input": "{{ sample.output_tools[0].function.name }}", "reference": "look_up"}
    assert from_openai(called).grade({}, tools).value == 1.0
    chosen = {**CHECK, "input": "{{ sample.choices[0].message.content }}"}
    assert from_openai(chosen).grade({"answer": "x"}, "x").value == 1.0


@pytest.mark.parametrize(
    ("wire", "says"),
    [
        ("{", "no JSON"),
        ([], "JSON object"),
        ({}, "type"),
        ({"type": 3}, "type"),
        ({"type": "endpoint", "url": "https://example.com"}, "Azure"),
        ({"type": "string_chek"}, "string_check"),
        ({"type": "exact", "reference": "x"}, "RFT has no grader"),
        ({**CHECK, "pass_threshold": 0.5}, "Evals"),
        ({**CHECK, "refrence": "x"}, "reference"),
        ({key: CHECK[key] for key in CHECK if key != "operation"}, "operation"),
        ({**CHECK, "operation": "equals"}, "operation"),
        ({**CHECK, "reference": 4}, "reference is a text"),
        ({**CHECK, "reference": "{{ answer }}"}, "item or sample"),
        ({**CHECK, "reference": "{{ item.answer"}, "closed"),
        ({**CHECK, "name": 4}, "name is a text"),
        ({**ALIKE, "evaluation_metric": "rouge"}, "rouge_"),
        ({**PYTHON, "source": "#" * 262_145}, "262,14"),
        ({**SCORE, "range": [1, 0]}, "range"),
        ({**SCORE, "input": "text {{ nothing"}, "closed"),
        ({**LABEL, "passing_labels": ["maybe"]}, "maybe"),
        ({**MULTI, "graders": {}}, "graders"),
        ({**MULTI, "graders": 3}, "graders.0"),
        ({**MULTI, "graders": [CHECK, CHECK]}, "two graders called 'correct'"),
        ({**MULTI, "graders": [{**CHECK, "name": None}]}, "its `name`"),
        ({**MULTI, "graders": {"inner": MULTI}}, "no other multi"),
        ({**MULTI, "graders": {"inner": {**CHECK, "type": "endpoint"}}}, "graders.inner: type 'endpoint'"),
        ({**MULTI, "graders": {"inner": {**CHECK, "operation": "is"}}}, "graders.inner"),
        ({**MULTI, "calculate_output": "0.5 * corect"}, "correct"),
        ({**MULTI, "calculate_output": 1}, "calculate_output is a text"),
    ],
)
def test_what_is_wrong_is_named(wire, says):
    with pytest.raises(GraderSpecError) as caught:
        from_openai(wire)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "0.5 * correct)",
        "correct +",
        "(correct",
        "__import__('os')",
        "correct.real",
        "correct if 1 else 2",
        "correct[0]",
    ],
)
def test_a_formula_that_cannot_be_read_is_an_error_of_its_own(formula):
    with pytest.raises(FormulaError, match="calculate_output"):
        from_openai({**MULTI, "calculate_output": formula})


def test_theirs_and_ours_are_told_apart():
    assert is_openai(MULTI)
    assert is_openai({**CHECK, "pass_threshold": 1})
    assert not is_openai({"type": "exact", "reference": "x"})
    assert not is_openai({**PYTHON, "range": [0, 1]})
    assert not is_openai({})


def test_a_grader_that_would_be_lost_is_refused():
    part = json.dumps(CHECK)
    text = f'{{"type": "multi", "graders": {{"a": {part}, "a": {part}}}, "calculate_output": "a"}}'
    with pytest.raises(GraderSpecError, match="a key twice"):
        from_openai(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from([CHECK, ALIKE, PYTHON, SCORE, LABEL, MULTI]), st.data())
def test_no_json_ends_in_another_error(wire, data):
    field = data.draw(st.sampled_from([*wire, "other"]))
    changed = {**wire, field: data.draw(JSON)}
    with suppress(GraderSpecError):
        to_openai(from_openai(changed))
