"""What a grading sends into a sandbox, and what it makes of the results; nothing here is run."""

import json

import pytest

from textgym.core import InfraError
from textgym.sandbox import RunResult, SandboxLostError
from textgym.sandbox.compare import Comparison
from textgym.sandbox.driver import MAGIC, RECORD
from textgym.sandbox.grading import Grading

SOURCE = "def add(a, b):\n    return a + b\n"
CASES = [{"args": [number, 1], "expected": number + 1} for number in range(5)]


def written(*payloads):
    frames = []
    for number, payload in enumerate(payloads):
        data = json.dumps(payload).encode()
        frames.append(RECORD.pack(MAGIC, number, len(data)) + data)
    return b"".join(frames)


def one(expected, payload, **case):
    grading = Grading.of(SOURCE, "add", [{"expected": expected, **case}])
    return grading.verdict([RunResult("exit", 0, result=written(payload))]).per_case[0]


def test_nothing_expected_is_sent():
    cases = [
        {"args": [1], "expected": "EXPECTED-VALUE"},
        {"args": [2], "raises": "ExpectedError"},
        {"stdin": "3", "expected_stdout": "EXPECTED-OUTPUT"},
    ]
    sent = repr(Grading.of(SOURCE, "add", cases).calls)
    assert "return a + b" in sent
    assert "EXPECTED" not in sent
    assert "ExpectedError" not in sent


def test_the_same_seed_sends_the_same_calls_and_another_one_another_order():
    cases = [{"args": [number, 0], "expected": number} for number in range(20)]
    sent = [Grading.of(SOURCE, "add", cases, seed=seed).calls[0].stdin for seed in (0, 0, 1)]
    assert sent[0] == sent[1] != sent[2]
    inputs = [json.loads(one)[1][0] for one in json.loads(sent[0].partition(b"\n")[0])]
    assert sorted(inputs) == list(range(20)) != inputs


def test_a_detail_tells_nothing_of_what_was_expected():
    verdict = one("EXPECTED", ["value", "something"])
    assert (verdict.passed, verdict.status) == (False, "wrong")
    assert verdict.detail == 'returned "something"'


@pytest.mark.parametrize(
    ("case", "payload", "status"),
    [
        ({"expected": None}, ["value", None], "right"),
        ({"expected": 1}, ["value", 1.0], "wrong"),
        ({"expected": 1}, ["value", True], "wrong"),
        ({"expected": 1.0}, ["value", 1], "wrong"),
        ({"expected": 1.0, "compare": {"rel_tol": 1e-9}}, ["value", 1], "right"),
        ({"expected": [1, 2], "compare": Comparison(order="none")}, ["value", [2, 1]], "right"),
        ({"expected": "ValueError"}, ["raised", "ValueError", ""], "raised"),
        ({"expected": None}, ["refused", "it holds a value of type solution.Any, which is not plain data"], "refused"),
        ({"expected": None}, ["unloadable", "SystemExit", "0"], "unloadable"),
        ({"raises": "ValueError"}, ["raised", "ValueError", "no"], "right"),
        ({"raises": ["KeyError", "ValueError"]}, ["raised", "ValueError", "no"], "right"),
        ({"raises": "LookupError"}, ["raised", "KeyError", "no"], "wrong"),
        ({"raises": "ValueError"}, ["value", None], "wrong"),
        ({"raises": "ValueError"}, ["value", "ValueError"], "wrong"),
        ({"raises": "SyntaxError"}, ["unloadable", "SyntaxError", ""], "unloadable"),
    ],
)
def test_what_becomes_of_a_case(case, payload, status):
    grading = Grading.of(SOURCE, "add", [case])
    graded = grading.verdict([RunResult("exit", 0, result=written(payload))])
    assert graded.status == "ok"
    assert graded.per_case[0].status == status
    assert graded.passed is graded.per_case[0].passed is (status == "right")


VALUES = [["value", number] for number in range(5)]


@pytest.mark.parametrize(
    "run",
    [
        RunResult("exit", 0, result=b""),
        RunResult("exit", 0, result=None),
        RunResult("exit", 0, result=written(*VALUES[:4])),
        RunResult("exit", 0, result=written(*VALUES, ["value", 5])),
        RunResult("exit", 0, result=written(*VALUES)[:-1]),
        RunResult("exit", 0, result=written(*VALUES) + b"\n"),
        RunResult("exit", 1, result=written(*VALUES)),
    ],
)
def test_a_result_that_is_not_exactly_what_was_asked_for_passes_no_case(run):
    grading = Grading.of(SOURCE, "add", [{"args": [0, 0], "expected": 0}] * 5)
    graded = grading.verdict([run])
    assert (graded.passed, graded.status) == (False, "malformed_result")
    assert {verdict.status for verdict in graded.per_case} == {"malformed_result"}
    assert graded.share == 0


@pytest.mark.parametrize("status", ["timeout", "cpu", "memory", "output_limit", "signal"])
def test_a_limit_leaves_the_answers_before_it_and_no_pass(status):
    grading = Grading.of(SOURCE, "add", [{"args": [0, 0], "expected": 0}] * 3)
    graded = grading.verdict([RunResult(status, result=written(["value", 0], ["value", 1]))])
    assert (graded.passed, graded.status) == (False, status)
    assert sorted(verdict.status for verdict in graded.per_case) == sorted(["right", "wrong", status])
    complete = grading.verdict([RunResult(status, result=written(*[["value", 0]] * 3))])
    assert not complete.passed


def test_a_lost_sandbox_is_no_failing_program():
    graded = Grading.of(SOURCE, "add", CASES).verdict([RunResult("lost", detail="killed")])
    assert (graded.passed, graded.status) == (False, "lost")
    with pytest.raises(SandboxLostError, match="killed"):
        graded.raise_for_infra()


def test_what_could_not_be_set_up_is_no_failing_program():
    graded = Grading.of(SOURCE, "add", CASES).verdict([RunResult("setup_error", detail="no interpreter")])
    with pytest.raises(InfraError, match="no interpreter"):
        graded.raise_for_infra()


def test_a_failing_program_is_no_fault_of_ours():
    graded = Grading.of(SOURCE, "add", CASES).verdict([RunResult("timeout", result=b"")])
    assert graded.raise_for_infra() is graded


def test_one_lost_run_of_several_leaves_no_verdict():
    grading = Grading.of(SOURCE, "add", CASES[:3], isolate=True)
    graded = grading.verdict([RunResult("timeout", result=b""), RunResult("lost"), RunResult("signal", signal=11)])
    assert graded.status == "lost"


def test_a_program_is_judged_by_its_output_and_exit_code():
    grading = Grading.of("print(1)", cases=[{"stdin": "", "expected_stdout": "1\n"}])

    def judged(run):
        graded = grading.verdict([run])
        return graded.passed, graded.status, graded.per_case[0].status

    assert judged(RunResult("exit", 0, stdout=b"1")) == (True, "ok", "right")
    assert judged(RunResult("exit", 0, stdout=b"2")) == (False, "ok", "wrong")
    assert judged(RunResult("exit", 0, stdout=b"1", stdout_truncated=True)) == (False, "ok", "wrong")
    assert judged(RunResult("exit", 3, stdout=b"1")) == (False, "ok", "exit")
    assert judged(RunResult("timeout", stdout=b"1")) == (False, "timeout", "timeout")


@pytest.mark.parametrize(
    ("cases", "problem"),
    [
        ([], "no cases"),
        ([{"args": [1]}], "one of expected, raises and expected_stdout"),
        ([{"expected": 1, "raises": "ValueError"}], "one of expected"),
        ([{"expected": 1}, {"expected": 1, "argv": []}], "case 1 is malformed: argv"),
        ([{"expected": 1, "stdin": "x"}], "stdin cannot go with expected"),
        ([{"args": [1], "expected_stdout": "x"}], "args cannot go with expected_stdout"),
        ([{"raises": []}], "raises names no exception"),
        ([{"args": [object()], "expected": 1}], "builtins.object"),
        ([{"expected": {1: object()}}], "builtins.object"),
        ([{"expected": 1, "compare": {"abs_tol": -1}}], "abs_tol"),
    ],
)
def test_cases_that_make_no_sense_are_refused(cases, problem):
    with pytest.raises(ValueError, match=problem):
        Grading.of(SOURCE, "add", cases)


def test_a_function_must_be_named():
    with pytest.raises(ValueError, match="give entry"):
        Grading.of(SOURCE, cases=CASES)
    assert Grading.of(SOURCE, cases=[{"call": "add", "args": [1, 2], "expected": 3}]).calls
