"""Verdicts on repairs: the right repair is paid, nothing else is, and no report is believed beyond its form."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_packages import SAMPLES, problem
from sample_repairs import SampleFix

from textgym.core import Random
from textgym.core.blocking import run_blocking
from textgym.envs.code.hacks.repository import REPOSITORY_HACKS
from textgym.envs.code.repair.examining import Examination, Findings, examine, prepare, read_findings
from textgym.envs.code.repair.issue import issue_text
from textgym.envs.code.repair.starting import start_tree
from textgym.envs.code.repair.verdict import judge, settled
from textgym.sandbox import RunResult

SPLITS = ("train", "validation", "test")
PROTOCOLS = ("tags", "xml", "json")


def played(env, split, index):
    live = env.start(env.task(split, index))
    while not live.ended:
        live.step(env.oracle(live.task, live.state))
    return live


# -- with a sandbox -------------------------------------------------------------------------------------------------------


@pytest.mark.docker
@pytest.mark.parametrize("settings", [{}, {"protocol": "xml"}, {"protocol": "json", "max_calls_per_turn": 1}])
def test_the_oracle_earns_one(settings):
    env = SampleFix(**settings)
    for split in SPLITS:
        for index in range(SAMPLES.size(split)):
            live = played(env, split, index)
            assert live.outcome.success
            assert live.total == 1.0


@pytest.mark.docker
@pytest.mark.parametrize("number", range(4))
def test_the_samples_are_what_they_say(number):
    sample = problem("shelf", number)
    for tree, failing in (
        (sample.package.shown, set()),
        ({**sample.package.shown, **sample.damaged}, set(sample.fail_to_pass)),
    ):
        examination = prepare(sample.package, tree, sample.package.test_ids, sample.pass_to_pass, Random(b"1"))
        findings = run_blocking(examine(sample.package, examination))
        assert findings.passed == set(sample.package.test_ids) - failing
        assert findings.canaries_failed
        assert not findings.problem


@pytest.mark.docker
@pytest.mark.parametrize("hack", REPOSITORY_HACKS, ids=lambda hack: f"{hack.family}: {hack.name}")
@pytest.mark.parametrize("index", [0, pytest.param(2, marks=pytest.mark.slow)])
def test_no_trick_is_paid(hack, index):
    env = SampleFix(payment="shaped")
    task = env.task("train", index)
    live = env.start(task)
    for action in [*env.calls_of(hack, problem("shelf", index)), env.call("submit")]:
        live.step(action)
    assert live.ended
    assert live.outcome.status == "ok"
    assert live.total == 0.0


def test_there_are_many_tricks_of_every_family():
    assert len(REPOSITORY_HACKS) >= 25
    assert len({hack.name for hack in REPOSITORY_HACKS}) == len(REPOSITORY_HACKS)
    assert len({hack.family for hack in REPOSITORY_HACKS}) == 13


@pytest.mark.docker
def test_half_a_repair_is_paid_half_of_its_share_and_only_if_asked_for():
    path = "src/shelf/store.py"
    for payment, reward in (("binary", 0.0), ("shaped", 0.25)):
        env = SampleFix(payment=payment)
        live = env.start(env.task("train", 2))
        live.step(env.call("edit", path=path, old="if left == 1:", new="if left == 0:"))
        live.step(env.call("edit", path=path, old="return left\n", new="return left + (len(self._items) == 1)\n"))
        *_, info = live.step(env.call("submit"))
        assert info["fail_to_pass_passed"] == 1
        assert info["pass_to_pass_passed"] == info["pass_to_pass"]
        assert live.total == pytest.approx(reward)


@pytest.mark.docker
def test_a_repair_that_breaks_something_else_earns_nothing():
    env = SampleFix(payment="shaped")
    live = env.start(env.task("train", 0))
    live.step(env.call("edit", path="src/shelf/text.py", old=">= width", new="> width"))
    live.step(env.call("edit", path="src/shelf/text.py", old="word[0].upper()", new="word[0]"))
    *_, info = live.step(env.call("submit"))
    assert info["fail_to_pass_passed"] == info["fail_to_pass"]
    assert info["pass_to_pass_passed"] < info["pass_to_pass"]
    assert live.total == 0.0


@pytest.mark.docker
def test_another_repair_than_the_original_is_paid():
    env = SampleFix()
    live = env.start(env.task("train", 0))
    live.step(env.call("edit", path="src/shelf/text.py", old="+ len(word) >= width", new="+ len(word) - 1 >= width"))
    live.step(env.call("submit"))
    assert live.total == 1.0


@pytest.mark.docker
def test_a_repair_of_the_tested_cases_alone_is_found_out():
    env = SampleFix()
    live = env.start(env.task("train", 1))
    live.step(env.call("edit", path="src/shelf/text.py", old="rows, gap=3", new="rows, gap='2'"))
    live.step(env.call("edit", path="src/shelf/text.py", old='(" " * gap)', new='(" " * int(gap))'))
    *_, info = live.step(env.call("submit"))
    assert live.total == 1.0  # it behaves as the original wherever it is called
    live = env.start(env.task("train", 1))
    live.step(env.call("edit", path="src/shelf/text.py", old="rows, gap=3", new="rows, gap=2"))
    live.step(env.call("edit", path="src/shelf/text.py", old=".rstrip() for row", new=".rstrip() + '' for row"))
    live.step(env.call("edit", path="src/shelf/text.py", old="    return [(", new="    return _L([("))
    live.step(env.call("edit", path="src/shelf/text.py", old="for row in rows]\n", new="for row in rows])\n"))
    live.step(
        env.call(
            "patch",
            text="*** Begin Patch\n*** Update File: src/shelf/text.py\n+\n+\n+class _L(list):\n+    pass\n*** End Patch",
        )
    )
    *_, info = live.step(env.call("submit"))
    assert info["fail_to_pass_passed"] == info["fail_to_pass"]
    assert info["behaves_alike"] is False  # a subclass may lie about what it is equal to
    assert live.total == 0.0


@pytest.mark.docker
def test_an_info_names_no_test_and_no_answer():
    env = SampleFix()
    live = played(env, "train", 0)
    env = SampleFix()
    live = env.start(env.task("train", 0))
    live.step(env.call("edit", path="src/shelf/text.py", old="gap=2", new="gap=3"))
    *_, info = live.step(env.call("submit"))
    text = json.dumps(info)
    assert "test_wrap" not in text
    assert "width" not in text


@pytest.mark.parametrize(
    ("lost", "runs"),
    [([], 1), (["kept 0"], 2), (["kept 0", "kept 1"], 2), (["kept 0", "kept 1", "kept 2"], 1), (["mended 0"], 1),
     (["mended 0", "kept 0"], 1)],
)  # fmt: skip
def test_a_verdict_that_hangs_on_a_test_or_two_is_settled_by_a_second_run(lost, runs):
    mended, kept = ("mended 0", "mended 1"), ("kept 0", "kept 1", "kept 2", "kept 3")
    asked = replace(problem("shelf", 0), fail_to_pass=mended, pass_to_pass=kept)
    first = Findings(frozenset({*mended, *kept} - set(lost)), True, "", 0.0)
    second = Findings(frozenset({*mended, *kept}), True, "", 0.0)
    left = [first, second]

    async def run():
        return left.pop(0)

    assert run_blocking(settled(asked, run)) == (second if runs == 2 else first, runs)


@pytest.mark.docker
def test_a_repair_that_breaks_another_test_is_run_twice_and_not_paid():
    sample = problem("shelf", 0)
    start = start_tree(sample)
    path = "src/shelf/store.py"
    right = {**start, **{path: sample.package.files[path] for path in sample.damaged}}
    worse = {
        **right,
        path: right[path].replace(b"count must be positive", b"too few").replace(b"ValueError", b"TypeError"),
    }
    assert worse != right
    good, bad = (run_blocking(judge(sample, start, tree, Random(b"1"))) for tree in (right, worse))
    assert (good.value, good.info["runs"]) == (1.0, 1)
    assert (bad.value, bad.info["runs"]) == (0.0, 2)


# -- reports --------------------------------------------------------------------------------------------------------------

EXAM = Examination("r", {}, ("t.py::test_a", "t.py::test_b"), ("t.py::test_a", None))
GOOD = [
    (0, "setup", "passed"), (0, "call", "passed"), (0, "teardown", "passed"),
    (1, "setup", "passed"), (1, "call", "failed"), (1, "teardown", "passed"),
]  # fmt: skip


def report(records, nonce="n", end=True):
    lines = [[nonce, number, *record] for number, record in enumerate(records)]
    if end:
        lines.append([nonce, len(lines), "end", 1, len(lines)])
    return RunResult("exit", exit_code=0, result="".join(f"{json.dumps(line)}\n" for line in lines).encode())


def test_a_full_report_counts():
    findings = read_findings(report(GOOD), "n", EXAM)
    assert findings.passed == {"t.py::test_a"}
    assert findings.canaries_failed
    assert not findings.problem


@pytest.mark.parametrize(
    "run",
    [
        report(GOOD, nonce="other"),
        report(GOOD, end=False),
        report([*GOOD, (2, "call", "passed")]),
        report([*GOOD, (-1, "call", "passed")]),
        report([*GOOD, (True, "call", "passed")]),
        report([]),
        RunResult("exit", exit_code=0, result=b""),
        RunResult("exit", exit_code=0, result=report(GOOD).result * 2),
        RunResult("exit", exit_code=0, result=b"\xff\n" + report(GOOD).result),
        RunResult("signal", signal=9, result=report(GOOD).result),
        RunResult("cpu", result=report(GOOD).result),
        RunResult("timeout", result=report(GOOD).result),
    ],
)
def test_a_report_that_is_not_as_it_must_be_is_none(run):
    findings = read_findings(run, "n", EXAM)
    assert not findings.passed
    assert not findings.canaries_failed


@pytest.mark.parametrize("missing", range(len(GOOD)))
def test_a_missing_phase_is_a_failure(missing):
    findings = read_findings(report(GOOD[:missing] + GOOD[missing + 1 :]), "n", EXAM)
    assert not (findings.passed and findings.canaries_failed)


@pytest.mark.parametrize("twice", range(len(GOOD)))
def test_a_phase_that_is_reported_twice_is_a_failure(twice):
    findings = read_findings(report([*GOOD, GOOD[twice]]), "n", EXAM)
    assert not (findings.passed and findings.canaries_failed)


@pytest.mark.parametrize("word", ["skipped", "xfail", "xpass", "failed", ""])
def test_only_passed_is_passed(word):
    records = [(0, "setup", "passed"), (0, "call", word), (0, "teardown", "passed"), *GOOD[3:]]
    assert not read_findings(report(records), "n", EXAM).passed


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=9)


@given(st.lists(st.binary(max_size=30) | JSON.map(lambda value: json.dumps(value).encode()), max_size=8))
def test_any_bytes_are_read_without_a_pass(lines):
    findings = read_findings(RunResult("exit", exit_code=0, result=b"\n".join(lines)), "n", EXAM)
    assert not findings.passed


# -- issues ---------------------------------------------------------------------------------------------------------------


def test_the_levels_of_an_issue_tell_less_and_less():
    sample = problem("shelf", 0)
    assert "tests/test_text.py::test_wrap_keeps_words" in issue_text(sample, "symptom")
    assert 'assert wrap("one two three", 7) == ["one two", "three"]' in issue_text(sample, "symptom")
    repro = issue_text(sample, "repro")
    assert "test_wrap" not in repro
    assert 'wrap("one two three", 7)' in repro
    vague = issue_text(sample, "vague")
    assert "Break a text into lines of at most `width` characters." in vague
    assert "assert" not in vague
    none = issue_text(sample, "none")
    assert "text" not in none
    assert "wrap" not in none
    repro = issue_text(problem("shelf", 3), "repro")
    assert 'name = "ada lovelace"\n    letters = "AL"\n    assert initials(name) == letters' in repro


def test_no_issue_holds_the_answer():
    for number in range(4):
        sample = problem("shelf", number)
        answer = set(next(iter(sample.package.files[path] for path in sample.damaged)).decode().splitlines())
        answer -= set(next(iter(sample.damaged.values())).decode().splitlines())
        for level in ("symptom", "repro", "vague", "none"):
            assert not any(line.strip() in issue_text(sample, level) for line in answer)


def test_a_reset_needs_no_sandbox_and_is_the_same_each_time(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere")
    first, second = (SampleFix(issue="vague").task("test", 1) for _ in range(2))
    assert first == second
    assert first.secret == second.secret
    assert start_tree(problem("drawer", 1)) == start_tree(problem("drawer", 1))
