"""`unit_tests` and `stdio_tests` on real sandboxes: right code passes, and nothing but right code ever does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import StdioTests, UnitTests, load
from textgym.graders.code.written import written_code

CASES = [{"args": [1, 2], "expected": 3}, {"args": [-1, 4], "expected": 3}, {"args": [0.5, 0.5], "expected": 1.0}]
ADD = "def add(a, b):\n    return a + b\n"
GRADER = UnitTests(entry="add", cases="{{ item.tests }}", wall_s=5, cpu_s=2)
ITEM = {"tests": CASES}


@pytest.mark.sandbox
def test_right_code_is_worth_one_with_or_without_a_fence():
    for output in (ADD, f"Here it is:\n```python\n{ADD}```\nIt adds.", f"```\n{ADD}```"):
        score = GRADER.grade(ITEM, output)
        assert (score.status, score.value, score.reason) == ("ok", 1.0, "3 of 3 cases right")


@pytest.mark.sandbox
def test_partly_right_code_is_worth_its_share_or_nothing():
    code = "def add(a, b):\n    return 3\n"
    score = GRADER.grade(ITEM, code)
    assert score.value == pytest.approx(2 / 3)
    assert [(found.label, found.text) for found in score.evidence] == [("case 2", "wrong: returned 3")]
    assert GRADER.model_copy(update={"score": "all"}).grade(ITEM, code).value == 0.0


@pytest.mark.sandbox
def test_cases_may_be_json_text_and_the_entry_a_template():
    grader = UnitTests(entry="{{ item.entry }}", cases="{{ item.tests }}")
    assert grader.grade({"tests": json.dumps(CASES), "entry": "add"}, ADD).value == 1.0


@pytest.mark.sandbox
def test_exceptions_tolerance_and_tuples():
    cases = [
        {"args": [0, 0], "raises": "ValueError"},
        {"args": [0.1, 0.2], "expected": [0.3], "compare": {"rel_tol": 1e-9, "tuples": "lists"}},
        {"args": [1, 1], "expected": [2]},
    ]
    code = "def add(a, b):\n    if not a: raise ValueError\n    return (a + b,)\n"
    assert UnitTests(entry="add", cases=cases).grade({}, code).value == 1.0


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "output",
    [
        "",
        "   \n",
        "I cannot do that.",
        "def add(a, b):",
        "def add(a, b):\n    raise SystemExit(0)\n",
        "raise SystemExit(0)",
        "def add(a, b):\n    while True: pass\n",
        "def add(a, b):\n    return [0] * 10**10\n",
        "def add(a, b):\n    class Any(int):\n        __eq__ = lambda *_: True\n    return Any()\n",
        "print('3 of 3 cases right')",
        f"```python\n{ADD}```\n```python\n{ADD}```",
        f"```javascript\n{ADD}```",
        "import ctypes\ndef add(a, b):\n    ctypes.string_at(0)\n",
    ],
)
def test_wrong_code_is_worth_nothing(output):
    score = GRADER.model_copy(update={"wall_s": 2.0, "cpu_s": 1.0}).grade(ITEM, output)
    assert (score.status, score.value) == ("ok", 0.0)


NO_REPORT = [
    "import os\nos._exit(0)\n",
    "import os\ndef add(a, b):\n    os._exit(0)\n",
    "import os\nos.write(int(os.environ['RESULT_FD']), b'[\"passed\"]')\n" + ADD,
    "import os\nos.close(int(os.environ['RESULT_FD']))\n" + ADD,
]


@pytest.mark.sandbox
@pytest.mark.parametrize("code", NO_REPORT)
def test_a_missing_or_forged_report_is_no_value_and_never_a_pass(code):
    score = GRADER.grade(ITEM, code)
    assert (score.status, score.value) == ("error", None)
    assert "report" in score.reason
    strict = GRADER.model_copy(update={"no_report": "fail"}).grade(ITEM, code)
    assert (strict.status, strict.value) == ("ok", 0.0)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({}, "item.tests"),
        ({"tests": []}, "without cases"),
        ({"tests": "not json"}, "list"),
        ({"tests": 3}, "list"),
        ({"tests": [3]}, "case 0 is an object"),
        ({"tests": [{"args": [1]}]}, "case 0"),
        ({"tests": [{"args": [1], "expect": 3}]}, "'expect'"),
        ({"tests": [{"stdin": "", "expected_stdout": ""}]}, "expected_stdout"),
        ({"tests": CASES * 400}, "at most 1,000"),
    ],
)
def test_wrong_cases_are_no_value(item, says):
    score = GRADER.grade(item, ADD)
    assert (score.status, score.value) == ("error", None)
    assert says in score.reason


@pytest.mark.sandbox
def test_cases_without_a_function_to_call_are_no_value():
    score = UnitTests(cases=CASES).grade({}, ADD)
    assert score.status == "error"
    assert "entry" in score.reason


@pytest.mark.sandbox
def test_programs_are_judged_by_what_they_write():
    grader = StdioTests(
        cases=[{"stdin": "6 2\n", "expected_stdout": "3"}, {"stdin": "1 0\n", "expected_stdout": "0\n"}]
    )
    program = "a, b = map(int, input().split())\nprint(a // b)\n"
    score = grader.grade({}, program)
    assert score.value == 0.5
    assert "code 1" in score.evidence[0].text
    assert grader.grade({}, "import os; os._exit(0)").value == 0.0


@pytest.mark.sandbox
def test_whitespace_counts_as_declared():
    cases = [{"stdin": "", "expected_stdout": "1 2\n3\n"}]
    rules = {"exact": "print('1 2\\n3')", "ends": "print('1 2  \\n3\\n\\n')", "words": "print(1, 2, 3)"}
    for place, (_, program) in enumerate(rules.items()):
        values = [StdioTests(cases=cases, whitespace=rule).grade({}, program).value for rule in rules]
        assert values == [float(number >= place) for number in range(3)]


@pytest.mark.sandbox
def test_nothing_expected_can_be_found_inside():
    program = "import gc, os, sys\nprint('-'.join(['SECRET', '7']) in repr(gc.get_objects()) + repr(os.environ) + repr(sys.argv))\n"
    grader = StdioTests(cases=[{"stdin": "", "expected_stdout": "SECRET-7"}])
    score = grader.grade({}, program)
    assert score.value == 0.0
    assert "False" in score.evidence[0].text
    assert "SECRET" not in score.model_dump_json()


def test_json_and_back():
    for grader in (GRADER, StdioTests(cases="{{ item.io }}", whitespace="words")):
        assert load(grader.model_dump_json()) == grader


@given(st.text(st.sampled_from("`python \n abc"), max_size=80))
def test_reading_code_never_raises_and_takes_whole_lines(text):
    code = written_code(text, ("", "python"))
    assert code is None or code.rstrip("\n") in text


@given(st.text(max_size=60).filter(lambda text: text.strip() and "```" not in text), st.text(max_size=20))
def test_fenced_code_is_read_back(code, around):
    if "```" not in around:
        assert written_code(f"{around}\n```python\n{code}\n```\n{around}", ("python",)) == f"{code}\n"
