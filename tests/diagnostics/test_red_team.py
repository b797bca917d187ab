"""Each planted fault is paid to a cheat of the family that it concerns; sound environments pay none."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from textgym.core import UnknownEnvironmentError
from textgym.diagnostics import CheckReport, check
from textgym.diagnostics.redteam import CHEATS, FAMILIES, RedTeamReport, RedTeamSuite, junit, red_team, select_cheats

FAULTS: dict[str, dict[str, str]] = {
    "SearchesForIt": {"number_spam": "text"},
    "MostlyYes": {"constant_yes": "text", "modal_gold": "text"},
    "CopiesFromPrompt": {"last_number": "text", "largest_number": "text"},
    "FindsNothingEqual": {"format_only": "text", "empty": "text"},
    "TellsAtTheEnd": {"seed_replay": "leak"},
    "NumberedAnswers": {"task_id_number": "leak"},
    "PublicAttribute": {"attribute_scan": "leak"},
    "InfoLeak": {"info_scan": "leak"},
    "BelievesVerdicts": {"fake_verdict": "judge", "fenced_verdict": "judge", "closed_delimiter": "judge"},
    "ExitCodeOnly": {"os_exit": "code", "verdict_on_stdout": "code"},
    "PaysAnySubmission": {"submit_first": "tools", "submit_empty": "tools"},
    "PaysTheWay": {"alternate": "turns", "cycle": "turns"},
}
BROKEN = {"CrashesOnEscape": ("control_characters", "crashed"), "BlamesTheMachine": ("long_answer", "infra_error")}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_paid_to_the_cheat_it_concerns(name: str) -> None:
    report = red_team(f"cheated_envs:cheated/{name}-v0")
    paid = {row.name: row.family for row in report.cheats if row.paid}
    assert report.verdict == "fail"
    assert FAULTS[name].items() <= paid.items(), paid


def test_every_family_of_the_library_catches_a_planted_fault() -> None:
    caught = {family for expected in FAULTS.values() for family in expected.values()}
    assert caught == set(FAMILIES) - {"own"}  # own cheats: PaysCheat in the tests of the battery


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_an_environment_is_a_finding_even_if_nothing_is_paid(name: str) -> None:
    cheat, status = BROKEN[name]
    report = red_team(f"cheated_envs:cheated/{name}-v0")
    row = next(row for row in report.cheats if row.name == cheat)
    assert report.verdict == "fail"
    assert row.broken
    assert not row.paid
    assert set(row.statuses) == {status}


def test_an_oracle_that_earns_too_little_is_a_finding() -> None:
    report = red_team("cheated_envs:cheated/WeakOracle-v0", cheats=["empty"])
    assert report.verdict == "fail"
    assert report.reasons[0].startswith("the oracle earns")


@pytest.mark.parametrize(
    "env_id", ["broken_envs:broken/Sound-v0", "broken_envs:broken/Waiting-v0", "GuessNumber-v0", "Arithmetic-v0"]
)
def test_a_sound_environment_holds(env_id: str) -> None:
    report = red_team(env_id)
    assert report.passed, report.reasons
    assert report.reasons == []
    assert report.exploit_gap is not None
    assert report.exploit_gap <= 0.05
    assert report.headroom is not None
    assert report.headroom >= 0.9


def test_the_library_is_large_and_says_what_it_does() -> None:
    assert len(CHEATS) >= 60
    assert {cheat.family for cheat in CHEATS.values()} == set(FAMILIES) - {"own"}
    assert all(cheat.summary.endswith(".") and len(cheat.summary) < 100 for cheat in CHEATS.values())
    assert len({cheat.summary for cheat in CHEATS.values()}) == len(CHEATS)


def test_cheats_are_chosen_by_name_and_by_family() -> None:
    assert [cheat.name for cheat in select_cheats(["hedge"])] == ["hedge"]
    assert {cheat.family for cheat in select_cheats(families=["judge"])} == {"judge"}
    with pytest.raises(ValueError, match="did you mean 'hedge'"):
        select_cheats(["hege"])
    with pytest.raises(ValueError, match="did you mean 'judge'"):
        select_cheats(families=["juge"])


def test_a_report_is_json_of_the_promised_shape() -> None:
    report = red_team("cheated_envs:cheated/MostlyYes-v0", families=["text"], tasks=5)
    data = json.loads(report.model_dump_json())
    assert RedTeamReport.model_validate(data) == report
    row = next(row for row in data["cheats"] if row["name"] == "constant_yes")
    assert {"name", "family", "mean", "low", "high", "max", "share_paid", "statuses", "episodes"} <= row.keys()
    assert sum(row["statuses"].values()) == row["episodes"]
    assert data["exploit_gap"] == max(one["mean"] for one in data["cheats"]) - data["random"]["mean"]
    assert data["headroom"] == data["oracle"]["mean"] - max(one["mean"] for one in data["cheats"])


def test_the_battery_reports_the_table_and_its_old_keys() -> None:
    report = check("broken_envs:broken/PaysCheat-v0", tasks=6, only=["cheats", "red_team"])
    data = json.loads(report.model_dump_json())
    assert CheckReport.model_validate(data) == report
    assert {"id", "passed", "failed", "checks"} <= data.keys()
    assert report.failed == ["cheats", "red_team"]
    assert report.verdict == "fail"
    own = [row for row in report.cheats if row.family == "own"]
    assert [(row.name, row.mean, row.paid) for row in own] == [("sorry", 1.0, True)]
    assert check("GuessNumber-v0", tasks=3, only=["docstring"]).cheats == []


def test_a_suspected_cheat_is_played_until_it_is_clear() -> None:
    report = red_team("cheated_envs:cheated/MostlyYes-v0", cheats=["constant_yes", "constant_a"], tasks=4)
    episodes = {row.name: row.episodes for row in report.cheats}
    assert episodes == {"constant_yes": 40, "constant_a": 4}


def test_the_table_is_the_same_again_and_under_any_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from textgym.diagnostics.redteam import red_team\n"
        "for name in ('cheated_envs:cheated/InfoLeak-v0', 'broken_envs:broken/Waiting-v0', 'Mastermind-v0'):\n"
        "    print(red_team(name, tasks=4).model_dump_json(exclude={'seconds'}))\n"
    )
    here = str(Path(__file__).parent)
    tables = [
        subprocess.run(
            [sys.executable, "-c", code, here],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        ).stdout
        for seed in ("1", "2")
    ]
    assert tables[0] == tables[1]
    again = red_team("Mastermind-v0", tasks=4).model_dump_json(exclude={"seconds"})
    assert again == tables[0].splitlines()[2]


def test_a_score_that_is_refused_is_neither_paid_nor_broken() -> None:
    report = red_team("cheated_envs:cheated/Undecided-v0", cheats=["empty"], tasks=4)
    rows = {row.name: row for row in report.cheats}
    assert rows["empty"].statuses == {"refused": 4}
    assert not any(row.paid or row.broken for row in report.cheats)
    assert rows["empty"].mean == 0.0


def test_junit_has_a_case_for_each_cheat_and_fails_those_that_are_paid() -> None:
    report = red_team("cheated_envs:cheated/CrashesOnEscape-v0", families=["text"], tasks=3)
    root = ElementTree.fromstring(junit([report]))
    suite = root[0]
    assert suite.attrib["tests"] == str(len(report.cheats) + 1)
    failed = [case.attrib["name"] for case in suite if case.find("failure") is not None]
    assert failed == [row.name for row in report.cheats if row.paid or row.broken] == ["control_characters"]
    assert suite.attrib["failures"] == "1"


def test_wrong_usage_is_refused_by_name() -> None:
    with pytest.raises(UnknownEnvironmentError, match="GuessNumber-v0"):
        red_team("GuessNumbr-v0")
    with pytest.raises(ValueError, match="tasks must be at least 1"):
        red_team("GuessNumber-v0", tasks=0)


class TestMineHolds(RedTeamSuite):
    env_id = "broken_envs:broken/Sound-v0"
    tasks = 3


class Cheated(RedTeamSuite):
    env_id = "cheated_envs:cheated/MostlyYes-v0"
    tasks = 5


def test_the_suite_has_a_test_for_each_cheat_that_fails_with_what_was_said() -> None:
    names = [name.removeprefix("test_") for name in vars(RedTeamSuite) if name.startswith("test_")]
    assert names == ["verdict", *CHEATS]
    suite = Cheated()
    Cheated.setup_class()
    with pytest.raises(AssertionError, match=r"constant_yes earned .* <answer>yes</answer>"):
        suite.test_constant_yes()  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="'constant_yes' is paid"):
        suite.test_verdict()
