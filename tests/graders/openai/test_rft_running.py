"""`graders_run`: the fields of OpenAI's endpoint, for what went well and for every failure."""

import asyncio
import json
import math

import pytest

from textgym.core.errors import GraderError
from textgym.graders import Exact, Gate, GraderSpecError, StringCheck, agraders_run, graders_run
from textgym.graders.openai.vocabulary import ERRORS

CHECK = {
    "type": "string_check",
    "name": "correct",
    "input": "{{ sample.output_text }}",
    "reference": "{{ item.answer }}",
    "operation": "eq",
}
ALIKE = {**CHECK, "type": "text_similarity", "name": "alike", "evaluation_metric": "fuzzy_match"}
del ALIKE["operation"]
MULTI = {
    "type": "multi",
    "name": "both",
    "graders": {"a": CHECK, "b": ALIKE},
    "calculate_output": "0.5 * a + 0.5 * b",
}


def flags(response):
    return {name for name, flag in response["metadata"]["errors"].items() if flag is True}


def checked_by_openai(response):
    from openai.types.fine_tuning.alpha import GraderRunResponse

    json.dumps(response, allow_nan=False)
    known = GraderRunResponse.model_fields
    assert set(response) == {field.alias or name for name, field in known.items()}
    GraderRunResponse.model_validate(response)
    return response


def test_the_answer_to_a_leaf():
    response = checked_by_openai(graders_run(CHECK, {"answer": "4"}, "4"))
    assert response["reward"] == 1.0
    assert response["sub_rewards"] == {}
    metadata = response["metadata"]
    assert (metadata["name"], metadata["type"]) == ("correct", "string_check")
    assert metadata["scores"] == {}
    assert metadata["token_usage"] is None
    assert metadata["sampled_model_name"] is None
    assert metadata["errors"] == ERRORS
    assert metadata["execution_time"] >= 0
    assert response["model_grader_token_usage_per_model"] == {}


def test_the_answer_to_a_multi_grader_names_its_parts():
    response = checked_by_openai(graders_run(json.dumps(MULTI), {"answer": "abcd"}, {"output_text": "abcx"}))
    assert response["reward"] == pytest.approx(0.375)
    assert response["sub_rewards"] == {"a": 0.0, "b": 0.75}
    assert response["metadata"]["scores"] == response["sub_rewards"]
    assert response["metadata"]["type"] == "multi"


def test_graders_of_ours_are_run_too():
    gated = Gate(condition=StringCheck(reference="x"), then=Exact(reference="x"))
    response = checked_by_openai(graders_run(gated, {}, "y"))
    assert response["reward"] == 0.0
    assert response["metadata"]["type"] == "multi"
    assert flags(response) == set()


def test_it_can_be_awaited():
    assert asyncio.run(agraders_run(CHECK, {"answer": "4"}, "4"))["reward"] == 1.0


def test_a_failure_has_no_reward_unless_one_is_asked_for():
    response = graders_run(MULTI, {}, "4")
    assert response["reward"] is None
    assert response["sub_rewards"] == {"a": None, "b": None}
    assert flags(response) == {"invalid_variable_error"}
    zero = checked_by_openai(graders_run(MULTI, {}, "4", on_invalid="zero"))
    assert zero["reward"] == 0.0
    assert flags(zero) == {"invalid_variable_error"}
    with pytest.raises(GraderError):
        graders_run(MULTI, {}, "4", on_invalid="raise")


def test_an_output_that_is_no_json_where_json_is_asked_for():
    wire = {**CHECK, "input": "{{ sample.output_json.answer }}"}
    assert "sample_parse_error" in flags(graders_run(wire, {"answer": "4"}, "no json"))
    assert graders_run(wire, {"answer": "4"}, '{"other": 4}')["reward"] == 0.0  # the policy's fault, and not a failure
    assert graders_run(wire, {"answer": "4"}, '{"answer": "4"}')["reward"] == 1.0


def test_what_is_no_sample():
    response = graders_run(CHECK, {"answer": "4"}, {"output_text": 4})
    assert response["reward"] is None
    assert flags(response) == {"sample_parse_error"}


def test_a_formula_that_cannot_be_read_is_a_failed_run():
    response = graders_run({**MULTI, "calculate_output": "0.5 * a)"}, {"answer": "4"}, "4")
    assert response["reward"] is None
    assert flags(response) == {"formula_parse_error"}
    assert response["metadata"]["name"] == "both"
    assert response["metadata"]["type"] == "multi"


def test_a_formula_without_a_finite_value():
    response = graders_run({**MULTI, "calculate_output": "a / (a - b)"}, {"answer": "4"}, "4")
    assert response["reward"] is None
    assert response["sub_rewards"] == response["metadata"]["scores"] == {"a": 1.0, "b": 1.0}
    assert flags(response) == {"unresponsive_reward_error"}


@pytest.mark.parametrize("formula", ["1/(a-1)", "exp(1000*a)", "10^(400*a)", "sqrt(-a)", "log(a-1)", "a/(a-1)", "1/0"])
def test_a_value_that_is_no_finite_number_is_told_apart(formula):
    response = graders_run({**MULTI, "calculate_output": formula + " + 0*b"}, {"answer": "4"}, "4")
    assert response["reward"] is None
    assert flags(response) == {"unresponsive_reward_error"}


@pytest.mark.parametrize("path", ["choices[0].message.content", "output_text"])
def test_a_sample_may_be_choices(path):
    wire = {**CHECK, "input": f"{{{{ sample.{path} }}}}"}
    sample = {"choices": [{"message": {"content": "a", "role": "assistant"}}]}
    response = checked_by_openai(graders_run(wire, {"answer": "a"}, sample))
    assert (response["reward"], flags(response)) == (1.0, set())
    malformed = graders_run(wire, {"answer": ""}, {"choices": [{"message": {}}]})
    assert (malformed["reward"], flags(malformed)) == (None, {"sample_parse_error"})


def test_json_that_is_no_grader_is_an_error_of_the_caller():
    with pytest.raises(GraderSpecError):
        graders_run({"type": "endpoint"}, {}, "")


PYTHON = {"type": "python", "name": "own", "source": ""}


@pytest.mark.sandbox
def test_python_graders():
    source = "def grade(sample, item):\n    return 3 * len(sample['output_text'])\n"
    response = checked_by_openai(graders_run({**PYTHON, "source": source}, {}, "ab"))
    assert response["reward"] == 6.0
    assert response["metadata"]["type"] == "python"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("body", "flag", "details"),
    [
        ("return item['x']", "python_grader_runtime_error", "line 2: KeyError: 'x'"),
        ("return 'good'", "unresponsive_reward_error", None),
        ("import os; os._exit(0)", "python_grader_runtime_error", "before grade"),
    ],
)
def test_python_graders_that_fail(body, flag, details):
    wire = {**MULTI, "graders": {"a": CHECK, "p": {**PYTHON, "source": f"def grade(sample, item):\n    {body}\n"}}}
    response = graders_run({**wire, "calculate_output": "a + p"}, {"answer": "4"}, "4")
    assert response["reward"] is None
    assert response["sub_rewards"] == {"a": 1.0, "p": None}
    assert flags(response) == {flag}
    told = response["metadata"]["errors"]["python_grader_runtime_error_details"]
    assert told is None if details is None else details in told


@pytest.mark.sandbox
def test_a_multi_grader_of_functions_without_a_range_may_have_any_formula():
    sources = {"p": "def grade(sample, item):\n    return 2\n", "q": "def grade(sample, item):\n    return -3\n"}
    graders = {name: {**PYTHON, "source": source} for name, source in sources.items()}
    wire = {**MULTI, "graders": graders, "calculate_output": "exp(p) / (q + 1) + sqrt(p) * log(p)"}
    response = graders_run(wire, {}, "")
    assert response["reward"] == pytest.approx(math.exp(2) / -2 + math.sqrt(2) * math.log(2))
