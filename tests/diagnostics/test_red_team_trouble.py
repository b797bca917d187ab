"""Environments with troubles of their own, and a time that runs out: no hang, no crash, and nothing said that was not seen."""

import os
import threading
import time
from xml.etree import ElementTree

import pytest

from textgym.core import ConfigError, Random, TaskError
from textgym.diagnostics.redteam import (
    CHEATS,
    Arena,
    RedTeamReport,
    RedTeamSuite,
    Seat,
    Stepped,
    attack,
    junit,
    red_team,
    select_cheats,
)
from textgym.diagnostics.redteam.arena import Reference


def attacked(name: str, **more) -> RedTeamReport:
    return red_team(f"odd_envs:odd/{name}-v0", tasks=3, **more)


# -- the oracle, and guessing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("OracleRaises", "the oracle's episodes fail, crashed: KeyError: 'anser'"),
        (
            "OracleSaysNothing",
            "the oracle's episodes fail, crashed: TypeError: oracle() must return a str, not NoneType",
        ),
        ("NoMachine", "the oracle's episodes fail, infra_error: the server is not there"),
        ("GuessRaises", "the episodes of guessing fail, crashed: ValueError: no idea"),
    ],
)
def test_a_reference_policy_that_fails_is_a_finding_that_comes_first(name: str, why: str) -> None:
    report = attacked(name, cheats=["empty"])
    assert report.verdict == "fail"
    assert report.reasons[0] == why
    assert [row.name for row in report.cheats] == ["empty"]


def test_an_environment_without_an_oracle_is_attacked_all_the_same() -> None:
    report = attacked("NoOracle")
    assert report.passed
    assert report.oracle is None
    assert report.headroom is None


def test_an_oracle_below_zero_is_held_to_its_score() -> None:
    report = attacked("Fines", cheats=["constant_zero", "empty"])
    assert report.oracle is not None
    assert report.oracle.mean == -2.0
    assert report.passed, report.reasons


@pytest.mark.parametrize("name", ["FinesUnbounded", "Small"])
def test_a_bar_above_the_oracle_is_a_finding(name: str) -> None:
    report = attacked(name, cheats=["constant_zero"])
    assert report.verdict == "fail"
    assert "that tells nobody who solves the task from one who does not" in report.reasons[0]


def test_that_guessing_earns_as_much_as_the_oracle_is_no_doubt_about_the_oracle() -> None:
    report = red_team("GuessNumber-v0", {"high": 3}, cheats=["empty"])
    assert report.random is not None
    assert report.random.mean >= 0.95
    assert report.passed, report.reasons


def test_rewards_without_bounds_are_compared_with_what_the_oracle_earns() -> None:
    report = attacked("Rich", cheats=["number_spam", "constant_zero"])
    assert {row.name: row.paid for row in report.cheats} == {"number_spam": True, "constant_zero": False}


def test_an_impossible_task_is_not_held_to_the_score_of_an_honest_one() -> None:
    assert red_team("Arithmetic-v0", {"impossible": "one_off"}, tasks=3, cheats=["empty"]).reasons == []
    with pytest.raises(ConfigError, match="does not determine the answer"):
        red_team("GuessNumber-v0", {"impossible": "one_off"})


# -- episodes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["NotANumber", "FinishRaises"])
def test_what_is_no_number_and_what_cannot_be_released_is_a_crash(name: str) -> None:
    report = attacked(name, cheats=["control_characters"])
    (row,) = report.cheats
    assert report.verdict == "fail"
    assert set(row.statuses) == {"crashed"}
    assert row.broken
    assert RedTeamReport.model_validate_json(report.model_dump_json()) == report


def test_one_that_acts_at_once_may_wait_to_be_released() -> None:
    (row,) = attacked("FinishWaits", cheats=["empty"]).cheats
    assert row.statuses == {"unfinished": row.episodes}


def test_cheats_see_an_attribute_behind_a_long_one_and_infos_of_any_kind() -> None:
    report = attacked("InfoOfTuples", families=["leak"])
    assert [row.name for row in report.cheats if row.paid] == ["attribute_scan"]
    assert not [row for row in report.cheats if row.broken]


def test_schemas_of_tools_that_say_little_are_good_enough_and_others_are_named() -> None:
    assert {row.family for row in attacked("SchemaWithoutParameters", families=["tools"]).cheats} == {"tools"}
    with pytest.raises(TypeError, match=r"function.name, not {'name': 'submit'}"):
        attacked("SchemaOfNothing")


def test_an_open_bracket_hangs_no_cheat() -> None:
    assert [row.name for row in attacked("OpenBracket", cheats=["all_options"]).cheats] == ["all_options"]


def test_whether_a_cheat_fits_is_decided_by_the_first_task() -> None:
    report = attacked("CodeAtFirst", cheats=["os_exit"])
    assert [(row.name, row.paid) for row in report.cheats] == [("os_exit", True)]


def test_no_task_is_an_error_with_its_reason() -> None:
    with pytest.raises(KeyError, match="word list"):
        attacked("BrokenTasks")
    with pytest.raises(TaskError, match=r"has no tasks to play: .*the settings leave too few families"):
        attacked("NoGoodDraw")


# -- which cheats ------------------------------------------------------------------------------------------------------


def test_nothing_played_is_not_nothing_found() -> None:
    report = red_team("Arithmetic-v0", cheats=["submit_first"], tasks=2)
    assert report.verdict == "skip"
    assert not report.passed
    assert report.reasons == ["none of the cheats that were chosen fits this environment"]


def test_one_name_may_be_a_text_alone() -> None:
    assert [row.name for row in attacked("NoOracle", cheats="hedge").cheats] == ["hedge"]
    assert {row.family for row in attacked("NoOracle", families="judge").cheats} == {"judge"}
    with pytest.raises(ValueError, match="textgym redteam --list"):
        attacked("NoOracle", cheats=["zzzzzzzz"])


# -- the time ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan")])
def test_a_time_is_above_zero(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be above 0"):
        red_team("GuessNumber-v0", seconds=seconds)
    with pytest.raises(ValueError, match="patience must be above 0"):
        red_team("GuessNumber-v0", patience=seconds)


def test_enough_time_changes_nothing() -> None:
    alone = red_team("GuessNumber-v0", tasks=2)
    timed = red_team("GuessNumber-v0", tasks=2, seconds=300.0)
    assert timed.model_dump(exclude={"seconds"}) == alone.model_dump(exclude={"seconds"})
    assert timed.not_played == []


def test_what_was_not_played_does_not_hold() -> None:
    report = attacked("SlowTasks", seconds=0.5)
    assert report.verdict == "incomplete"
    assert not report.passed
    assert report.cheats == []
    assert report.not_played[: len(CHEATS)] == list(CHEATS)
    assert report.reasons[0].startswith(
        f"{len(report.not_played)} cheats were not played to the end, since the 0.5 s were over"
    )
    assert report.exploit_gap is None


@pytest.mark.parametrize("name", ["Sleeps", "WaitsForEver", "BlocksTheLoop"])
def test_a_step_that_does_not_return_costs_the_time_and_no_more(name: str) -> None:
    report = attacked(name, cheats=["empty", "control_characters", "not_a_number"], seconds=3.0)
    assert report.verdict == "incomplete"
    assert "control_characters" in report.not_played
    assert "while control_characters played" in report.reasons[0]
    assert "empty" in {row.name for row in report.cheats}


def test_what_was_found_before_the_time_was_over_stays_found() -> None:
    report = attacked("Sleeps", cheats=["constant_yes", "control_characters"], seconds=3.0)
    assert report.verdict == "fail"
    assert [(row.name, row.paid) for row in report.cheats] == [("constant_yes", True)]
    assert report.not_played == ["control_characters"]
    assert report.reasons[-1].startswith("1 cheat was not played to the end")


@pytest.mark.slow
def test_a_step_that_computes_without_end_is_hung() -> None:
    (row,) = attacked("Spins", cheats=["control_characters"], seconds=12.0).cheats
    assert row.statuses == {"hung": 1}
    assert row.broken


def test_the_time_is_kept_in_other_threads_between_steps() -> None:
    reports: list[RedTeamReport] = []
    thread = threading.Thread(target=lambda: reports.append(red_team("odd_envs:odd/Waits-v0", seconds=1.0)))
    thread.start()
    thread.join()
    assert reports[0].verdict == "incomplete"
    assert reports[0].not_played


def test_junit_skips_what_was_not_played_and_has_an_error_for_what_could_not_be_attacked() -> None:
    report = attacked("SlowTasks", cheats=["empty", "hedge"], seconds=0.5)
    root = ElementTree.fromstring(junit([report], {"mine/Gone-v0": "no module \x1b"}))
    played, left_out = root
    assert played.attrib["skipped"] == "2"
    assert [case.attrib["name"] for case in played if case.find("skipped") is not None] == ["empty", "hedge"]
    assert (left_out.attrib["name"], left_out.attrib["errors"]) == ("mine/Gone-v0", "1")
    assert left_out.find("testcase/error") is not None


class TooSlow(RedTeamSuite):
    env_id = "odd_envs:odd/SlowTasks-v0"
    seconds = 0.5


def test_the_suite_skips_what_was_not_played_and_its_verdict_fails() -> None:
    TooSlow.setup_class()
    suite = TooSlow()
    with pytest.raises(BaseException, match="not played: the time was over"):
        suite.test_hedge()  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="not played to the end"):
        suite.test_verdict()


# -- environments in a process of their own ----------------------------------------------------------------------------


class TheirSeat(Seat):
    """Hangs at an escape sequence, and dies of a nan."""

    task_id = "theirs/0"
    observation = "Say it."

    async def step(self, action: str) -> Stepped:
        if "\x1b" in action:
            time.sleep(60.0)
        if "nan" in action:
            os._exit(3)
        return Stepped("", float(action == "yes"), True)

    def reference(self, who: Reference, rng: Random) -> str:
        return "yes" if who == "oracle" else "no"


class Theirs(Arena):
    name = "theirs"
    turns = 1
    isolated = True

    async def begin(self, place: int) -> Seat:
        return TheirSeat()


def theirs(*names: str, **more) -> RedTeamReport:
    return attack(Theirs(), select_cheats(names), tasks=2, own=False, **more)


def test_another_process_is_killed_when_a_cheat_or_all_of_them_take_too_long() -> None:
    names = ("empty", "control_characters", "not_a_number")
    patient = theirs(*names, patience=1.0)
    assert {row.name: set(row.statuses) for row in patient.cheats} == {
        "empty": {"ok"},
        "control_characters": {"hung"},
        "not_a_number": {"crashed"},
    }
    timed = theirs(*names, seconds=2.0)
    assert timed.verdict == "incomplete"
    assert [row.name for row in timed.cheats] == ["empty"]
    assert timed.not_played == ["control_characters", "not_a_number"]
    assert "while control_characters played; not begun: not_a_number" in timed.reasons[0]


def test_another_process_pays_as_this_one_does() -> None:
    assert [(row.name, row.paid) for row in theirs("constant_yes", "empty", seconds=60.0).cheats] == [
        ("empty", False),
        ("constant_yes", True),
    ]
