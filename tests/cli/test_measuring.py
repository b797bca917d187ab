"""check and bench."""

import json
import sys

import gymnasium
import pytest

from textgym.registry import entries, missing

ENVIRONMENT = '''
from textgym.core import Config, Reply, State, Task, TextEnv
from textgym.registry import Entry


class Generous(TextEnv[Config, State]):
    """Pays whoever says nothing."""

    def generate(self, rng):
        number = rng.randint(10**6, 10**7)
        return Task(prompt=f"Say {number}.", secret={}, family=str(number))

    def act(self, task, state, action):
        return Reply("Thanks.", score=1.0)

    def oracle(self, task, state):
        return "anything"


ENVIRONMENTS = [Entry("generous/Generous-v0", f"{__name__}:Generous", "Pays whoever says nothing.", "tests")]
'''


HANGING = '''
import threading
import time
from textgym.core import Config, Reply, State, Task, TextEnv
from textgym.registry import Entry


class Hanging(TextEnv[Config, State]):
    """Never answers."""

    def generate(self, rng):
        return Task(prompt=f"Say {rng.getrandbits(40)}.")

    def act(self, task, state, action):
        try:
            while True:
                time.sleep(0.01)
        except Exception:
            return Reply("", score=0.0)

    def oracle(self, task, state):
        return "anything"


ENVIRONMENTS = [Entry("hanging/Hanging-v0", f"{__name__}:Hanging", "Never answers.", "tests")]
'''


@pytest.fixture
def generous(tmp_path, monkeypatch):
    """The id of an environment that fails its checks, from a module outside the project."""
    (tmp_path / "generous_page.py").write_text(ENVIRONMENT)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "generous_page:generous/Generous-v0"
    sys.modules.pop("generous_page", None)
    entries().pop("generous/Generous-v0", None)
    gymnasium.registry.pop("generous/Generous-v0", None)


def test_a_check_that_passes(textgym):
    shown = textgym(
        "check", "GuessNumber-v0", "--only", "oracle_score", "--only", "empty_action", "--tasks", 5, "--json"
    )
    assert shown.code == 0
    report = shown.json
    assert report["id"] == "textgym/GuessNumber-v0"
    assert report["passed"] is True
    assert report["failed"] == []
    assert [check["name"] for check in report["checks"]] == ["oracle_score", "empty_action"]
    assert all(check["verdict"] == "pass" and check["evidence"] for check in report["checks"])


def test_a_check_that_fails_names_it_with_evidence(textgym, generous):
    args = ["check", generous, "--only", "oracle_score", "--only", "empty_action", "--tasks", 5]
    shown = textgym(*args, "--json")
    assert shown.code == 1
    assert shown.json["passed"] is False
    assert shown.json["failed"] == ["empty_action"]
    people = textgym(*args)
    assert people.code == 1
    assert "FAILED" in people.out
    assert "empty_action" in people.out


def test_checking_all_reports_on_each(start):
    # In processes of their own: other tests add environments, broken ones too, to the registry of this one.
    def ended(*args):
        process = start(*args)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out

    there = entries()
    ids = [entry["id"] for entry in json.loads(ended("list", "--json")) if not missing(there[entry["id"]])]
    shown = json.loads(ended("check", "--all", "--only", "unknown_setting", "--tasks", 1, "--json"))
    assert shown["passed"] is True
    assert [report["id"] for report in shown["reports"]] == ids
    people = ended("check", "--all", "--only", "unknown_setting", "--tasks", 1)
    assert all(name in people for name in ids)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "--all"),
        (["GuessNumber-v0", "--all"], "--all"),
        (["GuessNumber-v0", "--only", "oracle_scroe"], "did you mean 'oracle_score'?"),
        (["GuessNumber-v0", "-s", "hihg=3"], "did you mean 'high'?"),
    ],
)
def test_wrong_usage_of_check(textgym, args, expected):
    shown = textgym("check", *args)
    assert shown.code == 2
    assert expected in shown.err


def test_the_checks_can_be_listed(textgym):
    names = [check["name"] for check in textgym("check", "--names", "--json").json]
    assert "oracle_score" in names
    assert all(name in textgym("check", "--names").out for name in names)


def test_bench_reports_cpu_beside_wall_time_and_states_the_load(textgym):
    shown = textgym("bench", "GuessNumber-v0", "--seconds", "0.01", "--num-envs", 4, "--json")
    assert shown.code == 0
    (result,) = shown.json["results"]
    assert result["id"] == "textgym/GuessNumber-v0"
    for name in ("reset", "step", "vector_step", "rollout_step", "rollout_episode"):
        assert result[name]["count"] > 0
        assert result[name]["per_second"] > 0
        assert {"cpu_us", "wall_us"} <= result[name].keys()
    assert {"load_before", "load_after", "cpus", "python"} <= shown.json["machine"].keys()


def test_bench_for_people(textgym):
    shown = textgym("bench", "GuessNumber-v0", "--seconds", "0.01", "--num-envs", 2)
    assert "GuessNumber-v0" in shown.out
    assert "load" in shown.err


def test_check_gives_up_an_environment_that_hangs(start, tmp_path, monkeypatch):
    (tmp_path / "hanging_page.py").write_text(HANGING)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process = start("check", "hanging_page:hanging/Hanging-v0", "--patience", "0.3", "--json")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    report = json.loads(out)
    assert report["hung"] in report["failed"]
    evidence = {item["name"]: item for item in report["checks"]}
    assert "took more than 0.3 s" in evidence[report["hung"]]["evidence"]
    assert "hung" in report["checks"][-1]["evidence"]
    assert report["checks"][-1]["verdict"] == "skip"


SLOW = """
import time
from textgym.core import Reply, Task, TextEnv
from textgym.registry import Entry


class Slow(TextEnv):
    def generate(self, rng):
        return Task(prompt=f"Wait {rng.random()}.")

    def act(self, task, state, action):
        time.sleep(0.5)
        return Reply("", score=1.0)

    def oracle(self, task, state):
        return ""


ENVIRONMENTS = (Entry("slow/Slow-v0", "slow_page:Slow", "Waits.", "slow"),)
"""


def test_bench_plays_fewer_episodes_side_by_side_where_one_takes_long(start, tmp_path, monkeypatch):
    (tmp_path / "slow_page.py").write_text(SLOW)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    process = start(
        "bench", "slow_page:slow/Slow-v0", "GuessNumber-v0", "--seconds", "0.01", "--concurrency", "3", "--json"
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    slow, fast = json.loads(out)["results"]
    assert 4 <= slow["num_envs"] < fast["num_envs"] == 64
    assert slow["concurrency"] == fast["concurrency"] == 3
    assert 0 < slow["step"]["per_second"] < 2.1
