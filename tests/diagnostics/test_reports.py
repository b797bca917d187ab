"""What `check` promises about its report, its selection and its behaviour when everything breaks."""

import json

import pytest
from broken_envs import Sound

from textgym.core import Config, ConfigError, Reply, State, Task, TextEnv, UnknownEnvironmentError
from textgym.diagnostics import CHECKS, CheckReport, check


class CannotBeMade(Sound):
    def __init__(self) -> None:
        raise OSError("the disk is full")


class Hostile(TextEnv[Config, State]):
    """Raises, exits and answers nonsense wherever it can."""

    def generate(self, rng: object) -> Task:
        raise SystemExit("no tasks today")

    def act(self, task: Task, state: State, action: str) -> Reply:
        raise RecursionError


def test_a_report_is_json_of_the_promised_shape() -> None:
    report = check("broken_envs:broken/WrongOracle-v0", {"max_turns": 3}, tasks=6, only=["oracle_score", "docstring"])
    data = json.loads(report.model_dump_json())
    assert data["id"] == "broken/WrongOracle-v0"
    assert data["passed"] is False
    assert data["failed"] == ["oracle_score"]
    assert [item["name"] for item in data["checks"]] == ["docstring", "oracle_score"]
    assert all(set(item) == {"name", "verdict", "evidence", "seconds"} for item in data["checks"])
    assert data["settings"] == {"max_turns": 3}
    assert CheckReport.model_validate(data) == report


def test_the_figures_of_the_reference_policies_are_reported() -> None:
    report = check("GuessNumber-v0", tasks=30, only=["oracle_score", "noop_floor", "random_floor"])
    assert report.oracle is not None
    assert report.noop is not None
    assert report.random is not None
    assert report.oracle.mean == 1.0
    assert report.noop.mean == 0.0
    assert report.random.low <= report.random.mean <= report.random.high
    assert report.random.low < 0.0956 < report.random.high  # ten of a hundred numbers, drawn with replacement


def test_the_same_seed_gives_the_same_report() -> None:
    def found(seed: int) -> list[tuple[str, str, str]]:
        report = check("GuessNumber-v0", tasks=10, seed=seed, only=["random_floor", "seed_control", "replay"])
        return [(item.name, item.verdict, item.evidence) for item in report.checks]

    assert found(1) == found(1)


def test_progress_is_told_before_every_check_and_at_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    check("GuessNumber-v0", tasks=5, only=["docstring", "task_pure"], progress=lambda *news: told.append(news))
    assert told == [("docstring", 0, 2), ("task_pure", 1, 2), ("", 2, 2)]


def test_usage_errors_are_raised_by_name() -> None:
    with pytest.raises(UnknownEnvironmentError, match="GuessNumber-v0"):
        check("GuessNumbr-v0")
    with pytest.raises(ConfigError, match="did you mean 'high'"):
        check("GuessNumber-v0", {"hihg": 3})
    with pytest.raises(ValueError, match="did you mean 'oracle_score'"):
        check("GuessNumber-v0", only=["oracle_scor"])
    with pytest.raises(ValueError, match="tasks must be at least 1"):
        check("GuessNumber-v0", tasks=0)


def test_an_environment_that_cannot_be_made_is_a_finding() -> None:
    report = check(CannotBeMade)
    assert report.failed == ["make"]
    assert "the disk is full" in report.checks[0].evidence


def test_an_environment_that_breaks_everywhere_does_not_break_the_battery() -> None:
    report = check(Hostile, tasks=3)
    assert {item.name for item in report.checks} == set(CHECKS)
    assert "no tasks today" in report.check("oracle_score").evidence
    assert len(report.failed) > 30


def test_every_check_says_what_it_proves() -> None:
    assert all(item.proves for item in CHECKS.values())
