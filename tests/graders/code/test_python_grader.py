"""`python` graders: the author's function in a real sandbox."""

import json
import re

import pytest

from textgym.graders import GraderSpecError, PythonGrader, load

pytestmark = pytest.mark.sandbox


def graded(source, item=None, sample="hello", **settings):
    return PythonGrader(source=source, **settings).grade(item or {}, sample)


def test_the_number_that_grade_returns_is_the_value():
    source = "def grade(sample, item):\n    return len(sample['output_text']) / item['most']\n"
    assert graded(source, {"most": 10}).value == 0.5


def test_a_sample_is_given_as_the_hosted_graders_give_it():
    source = """
def grade(sample, item):
    assert sample["output_json"] == {"a": [1]}
    assert sample["choices"][0]["message"]["content"] == sample["output_text"]
    assert sample["output_tools"][0]["function"]["name"] == "look_up"
    return 1
"""
    tools = [{"type": "function", "function": {"name": "look_up", "arguments": "{}"}}]
    assert graded(source, sample={"output_text": '{"a": [1]}', "output_tools": tools}).value == 1.0
    assert graded("def grade(sample, item):\n    return 'output_json' in sample\n").value == 0.0


def test_what_the_source_prints_is_not_the_value():
    source = "import sys\nprint('1.0')\ndef grade(sample, item):\n    print('1.0', file=sys.stderr)\n    return 0.25\n"
    assert graded(source).value == 0.25


def test_numbers_of_any_type_are_taken():
    assert graded("from fractions import Fraction\ndef grade(sample, item):\n    return Fraction(1, 4)\n").value == 0.25
    assert graded("def grade(sample, item):\n    return True\n").value == 1.0


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def grade(sample, item):\n    x = 1\n    return 1 / 0\n", "line 3: ZeroDivisionError"),
        ("def grade(sample, item)\n", "line 1: SyntaxError"),
        ("def grades(sample, item):\n    return 1\n", "no function grade"),
        ("def grade(sample):\n    return 1\n", "TypeError"),
        ("import os\nos._exit(0)\n", "before grade\\(\\) had returned"),
        ("def grade(sample, item):\n    raise SystemExit(0)\n", "SystemExit"),
        ("def grade(sample, item):\n    return [0] * 10**10\n", "MemoryError"),
        ("import socket\ndef grade(s, i):\n    socket.create_connection(('127.0.0.1', 9), 1)\n", "line 3: \\w*Error"),
    ],
)
def test_a_source_that_fails_has_no_value_and_says_where(source, says):
    score = graded(source)
    assert (score.status, score.value, score.code) == ("error", None, "python_grader_runtime_error")
    assert re.search(says, score.reason)


@pytest.mark.parametrize("returned", ["None", "'1.0'", "float('nan')", "float('inf')", "[1.0]", "10**400"])
def test_what_is_no_finite_number_is_no_value(returned):
    score = graded(f"def grade(sample, item):\n    return {returned}\n")
    assert (score.status, score.code) == ("error", "unresponsive_reward_error")


def test_a_source_that_does_not_end_is_a_timeout():
    score = graded("def grade(sample, item):\n    while True: pass\n", timeout_s=1)
    assert (score.status, score.value, score.code) == ("timeout", None, "python_grader_runtime_error")


def test_a_declared_range_bounds_the_value():
    source = "def grade(sample, item):\n    return 2\n"
    assert graded(source).value == 2.0
    score = graded(source, range=(0, 1))
    assert score.status == "error"
    assert score.bounds == (0, 1)


def test_an_item_that_is_no_json_is_no_value():
    score = graded("def grade(sample, item):\n    return 1\n", {"when": object()})
    assert (score.status, score.code) == ("error", "sample_parse_error")


def test_a_hostile_output_is_data():
    source = "def grade(sample, item):\n    return sample['output_text'] == item['text']\n"
    text = "\x00\u2028'''\n\"\"\"; import os; os._exit(0) {{ item.x }}"
    assert graded(source, {"text": text}, text).value == 1.0


def test_a_source_has_at_most_256_kilobytes():
    with pytest.raises(GraderSpecError, match=r"256|262,144"):
        load({"type": "python", "source": "#" * (256 * 1024 + 1)})
    assert load({"type": "python", "source": "#" * 256 * 1024}).type == "python"


def test_json_and_back():
    grader = PythonGrader(source="def grade(sample, item):\n    return 1\n", range=(0, 1), name="mine")
    assert load(json.loads(grader.model_dump_json())) == grader
