"""redteam."""

import json
from xml.etree import ElementTree

import pytest

PAGE = '''
from textgym.core import Config, Random, Reply, State, Task, TextEnv
from textgym.registry import Entry


class Generous(TextEnv[Config, State]):
    """Pays for any answer that says it is right.

    Action: anything.
    Reward: 1 for confidence.
    Ends: at once.
    """

    def generate(self, rng: Random) -> Task:
        number = rng.randint(1, 10**9)
        return Task(prompt=f"Halve {number} in <answer></answer>.", secret={"answer": number / 2})

    def act(self, task: Task, state: State, action: str) -> Reply:
        return Reply("Graded.", score=float("correct" in action or str(task.secret["answer"]) in action))

    def oracle(self, task: Task, state: State) -> str:
        return str(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return "guess"


ENVIRONMENTS = [Entry("confident/Generous-v0", "confident_page:Generous", "Pays for confidence.", "test")]
'''


@pytest.fixture
def generous(tmp_path, monkeypatch):
    """The id of an environment that is cheated, from a module outside the project."""
    (tmp_path / "confident_page.py").write_text(PAGE)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "confident_page:confident/Generous-v0"


def test_an_environment_that_holds(textgym):
    shown = textgym("redteam", "Arithmetic-v0", "--tasks", 3, "--json")
    assert shown.code == 0
    report = shown.json
    assert report["id"] == "textgym/Arithmetic-v0"
    assert report["verdict"] == "pass"
    assert report["reasons"] == []
    assert len(report["cheats"]) > 60
    row = report["cheats"][0]
    assert {"name", "family", "mean", "low", "high", "max", "share_paid", "statuses", "episodes"} <= row.keys()
    people = textgym("redteam", "Arithmetic-v0", "--tasks", 3)
    assert people.code == 0
    assert people.out.startswith("held    textgym/Arithmetic-v0")
    assert "exploit gap" in people.out


def test_an_environment_that_is_cheated_names_the_cheats_and_what_they_said(textgym, generous, tmp_path):
    where = tmp_path / "report.xml"
    shown = textgym("redteam", generous, "--tasks", 4, "--junit", where)
    assert shown.code == 1
    assert shown.out.startswith("CHEATED confident/Generous-v0")
    assert "fake_verdict: Brings the verdict along." in shown.out
    assert '"verdict": "correct"' in shown.out
    suite = ElementTree.fromstring(where.read_text())[0]
    failed = {case.attrib["name"] for case in suite if case.find("failure") is not None}
    assert {"fake_verdict", "claims_success"} <= failed
    assert suite.attrib["failures"] == str(len(failed))


def test_several_environments_have_a_row_each(textgym, generous):
    shown = textgym("redteam", "Arithmetic-v0", generous, "--cheat", "fake_verdict", "--tasks", 3)
    assert shown.code == 1
    assert any(line.split()[:2] == ["textgym/Arithmetic-v0", "held"] for line in shown.out.splitlines())
    assert any(line.split()[:2] == ["confident/Generous-v0", "cheated"] for line in shown.out.splitlines())
    both = textgym("redteam", "Arithmetic-v0", generous, "--family", "judge", "--tasks", 2, "--json").json
    assert not both["passed"]
    assert [report["verdict"] for report in both["reports"]] == ["pass", "fail"]


def test_one_that_cannot_be_made_does_not_stop_the_others(textgym):
    shown = textgym("redteam", "Arithmetic-v0", "gem:no/Such-v0", "--cheat", "empty", "--tasks", 2, "--json")
    assert shown.code == 1
    assert [report["id"] for report in shown.json["reports"]] == ["textgym/Arithmetic-v0"]
    assert list(shown.json["left_out"]) == ["gem:no/Such-v0"]


PAGE_OF_BUGS = """
from textgym.core import Config, State, TextEnv
from textgym.registry import Entry


class Buggy(TextEnv[Config, State]):
    def generate(self, rng):
        raise KeyError("word list")


ENVIRONMENTS = [Entry("bugs/Buggy-v0", "page_of_bugs:Buggy", "Raises.", "test")]
"""


def test_a_bug_of_one_does_not_cost_the_reports_on_the_others(textgym, tmp_path, monkeypatch):
    (tmp_path / "page_of_bugs.py").write_text(PAGE_OF_BUGS)
    monkeypatch.syspath_prepend(str(tmp_path))
    buggy, where = "page_of_bugs:bugs/Buggy-v0", tmp_path / "report.xml"
    shown = textgym("redteam", buggy, "Arithmetic-v0", "--cheat", "empty", "--tasks", 2, "--junit", where)
    assert shown.code == 1
    assert f"left out {buggy}: KeyError: 'word list'" in shown.out
    assert any(line.split()[:2] == ["textgym/Arithmetic-v0", "held"] for line in shown.out.splitlines())
    suites = ElementTree.fromstring(where.read_text())
    assert [(suite.attrib["name"], suite.attrib["errors"]) for suite in suites] == [
        ("textgym/Arithmetic-v0", "0"),
        (buggy, "1"),
    ]


def test_what_there_was_no_time_for_is_named_and_does_not_hold(textgym):
    few = textgym("redteam", "Sudoku-v0", "--seconds", 0.1)
    assert few.code == 1
    assert few.out.startswith("UNFINISHED textgym/Sudoku-v0")
    assert "not played" in few.out
    report = textgym("redteam", "Sudoku-v0", "--seconds", 0.1, "--json").json
    assert report["verdict"] == "incomplete"
    assert report["not_played"]
    both = textgym("redteam", "Sudoku-v0", "Arithmetic-v0", "--seconds", 0.1, "--json")
    assert both.code == 1
    assert not both.json["passed"]


def test_cheats_of_which_none_fits_do_not_hold(textgym):
    alone = textgym("redteam", "Arithmetic-v0", "--cheat", "submit_first")
    assert alone.code == 1
    assert alone.out.startswith("NO FIT  textgym/Arithmetic-v0")
    beside = textgym("redteam", "Arithmetic-v0", "Calculator-v0", "--cheat", "submit_first", "--tasks", 2, "--json")
    assert beside.code == 0
    assert [report["verdict"] for report in beside.json["reports"]] == ["skip", "pass"]


def test_settings_reach_the_environment(textgym):
    report = textgym(
        "redteam", "Arithmetic-v0", "-s", "impossible=one_off", "--cheat", "empty", "--tasks", 4, "--json"
    ).json
    assert report["oracle"]["mean"] == 0.0
    assert report["verdict"] == "pass"


def test_check_has_the_table(textgym):
    shown = textgym("check", "GuessNumber-v0", "--only", "red_team", "--tasks", 3, "--json").json
    assert {"id", "passed", "failed", "checks"} <= shown.keys()
    assert shown["verdict"] == "pass"
    assert shown["exploit_gap"] is not None
    assert shown["headroom"] is not None or shown["oracle"] is None
    assert {row["name"] for row in shown["cheats"]} > {"empty", "hedge", "fake_verdict", "seed_replay"}
    people = textgym("check", "GuessNumber-v0", "--only", "red_team", "--tasks", 5, "--cheat-tasks", 2)
    assert people.code == 0
    assert "`textgym redteam` shows all" in people.out


def test_the_cheats_can_be_listed(textgym):
    listed = textgym("redteam", "--list", "--json").json
    assert len(listed) >= 60
    assert all(set(one) == {"name", "family", "summary"} for one in listed)
    people = textgym("redteam", "--list").out
    assert all(one["name"] in people for one in listed)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "name environments, or --all of them"),
        (["Arithmetic-v0", "--all"], "name environments, or --all of them"),
        (["Arithmetik-v0"], "Arithmetic-v0"),
        (["Arithmetic-v0", "--cheat", "hege"], "did you mean 'hedge'?"),
        (["Arithmetic-v0", "--family", "juge"], "did you mean 'judge'?"),
        (["Arithmetic-v0", "--harmless", "case"], "--harmless goes with --grader"),
        (["--grader", '{"type": "exact", "reference": "1"}'], "--grader needs one file"),
        (["--grader", "grader.json", "gold.jsonl", "--junit", "report.xml"], "--junit does not go with --grader"),
        (["--grader", "grader.json", "gold.jsonl", "--cheat", "empty"], "--cheat does not go with --grader"),
        (["Arithmetic-v0", "--junit", "no/such/report.xml"], "there is no such directory"),
        (["Arithmetic-v0", "--cheat", "zzzzzz"], "`textgym redteam --list` shows all"),
        (["Arithmetic-v0", "--seconds", "0"], "--seconds"),
    ],
)
def test_wrong_usage(textgym, args, expected):
    shown = textgym("redteam", *args)
    assert shown.code == 2
    assert expected in shown.err


@pytest.fixture
def gold(tmp_path):
    """Gold samples for graders."""
    rows = [{"item": {"city": city}, "sample": f"It is {city}"} for city in ("Paris", "Rome")]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_a_grader_that_sees_every_slip(textgym, gold):
    exact = '{"type": "exact", "reference": "It is {{ item.city }}"}'
    shown = textgym("redteam", "--grader", exact, gold, "--json")
    assert shown.code == 0
    assert shown.json["passed"]
    assert shown.json["samples"] == 2
    assert shown.json["edits"]["negate"] == {"kind": "wrong", "tried": 2, "violated": 0, "example": None}
    assert textgym("redteam", "--grader", exact, gold).out.startswith("held    exact")


def test_a_grader_that_is_blind_is_shown_where(textgym, gold):
    blind = '{"type": "contains_all", "reference": ["{{ item.city }}"]}'
    shown = textgym("redteam", "--grader", blind, gold)
    assert shown.code == 1
    assert "FAILED  contains_all" in shown.out
    assert "'It is not Paris' did not lower the score" in shown.out
    fussy = '{"type": "exact", "reference": "It is {{ item.city }}"}'
    assert textgym("redteam", "--grader", fussy, gold, "--harmless", "case").code == 1
    wrong = textgym("redteam", "--grader", fussy, gold, "--harmless", "cas")
    assert wrong.code == 2
    assert "did you mean 'case'?" in wrong.err
