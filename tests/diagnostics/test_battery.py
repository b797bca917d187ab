"""Each broken environment is caught by the check of that name, and sound ones pass them all."""

import pytest

from textgym.diagnostics import CHECKS, check

IN_PROCESSES = {"determinism_processes", "determinism_hash_seed", "snapshot_elsewhere"}
REPEATS = {
    "determinism_repeated",
    "determinism_neighbour",
    "episode_isolation",
    "determinism_threads",
    "determinism_async",
}
HERE = set(CHECKS) - IN_PROCESSES

# What must fail, and what may fail beside it because the fault shows there as well.
FAULTS: dict[str, tuple[set[str], set[str]]] = {
    "LeakyInfo": ({"secret_info"}, set()),
    "LeakyShortInfo": ({"secret_info"}, {"secret_pairs"}),
    "LeakyVerdict": ({"secret_info"}, set()),
    "LeakyCorrection": ({"secret_observation"}, set()),
    "LeakyRepr": ({"secret_repr"}, {"secret_pairs"}),
    "LeakyPrompt": ({"secret_observation"}, set()),
    "LeakyTool": ({"secret_turn"}, {"secret_observation"}),
    "LeakyError": ({"secret_errors"}, set()),
    "LeakyTone": ({"secret_pairs"}, set()),
    "WrongOracle": ({"oracle_score"}, set()),
    "RaisingOracle": ({"oracle_score"}, {"limit_action", "vector_equals_sync"}),
    "PaysEmpty": ({"empty_action", "noop_floor"}, {"control_characters", "limit_turns", "huge_action"}),
    "PaysHedging": ({"all_candidates"}, set()),
    "PaysEcho": ({"echo_prompt"}, set()),
    "PaysCheat": ({"cheats"}, set()),
    "PaysGuessing": ({"random_floor"}, set()),
    "StateOnSelf": (
        {"episode_isolation"},
        {"determinism_threads", "determinism_async", "forks_independent", "secret_pairs"},
    ),
    "ThreadBound": ({"determinism_threads"}, {"determinism_async"}),
    "LoopBound": ({"determinism_async"}, set()),
    "ClockBound": (
        {"determinism_repeated", "seed_control"},
        REPEATS | {"global_generators", "gymnasium_checker", "reset_addresses", "replay", "vector_equals_sync"},
    ),
    "GlobalRandom": (
        {"global_generators", "seed_control", "task_pure"},
        REPEATS
        | {"gymnasium_checker", "reset_addresses", "replay", "vector_equals_sync", "snapshot_round_trip"}
        | {"splits_disjoint", "forks_independent", "secret_info", "secret_errors", "secret_repr"},
    ),
    "SeedDeaf": ({"seed_control", "gymnasium_checker"}, {"reset_addresses", "wrong_reset", "vector_equals_sync"}),
    "SplitDeaf": ({"splits_disjoint"}, set()),
    "OneTask": ({"tasks_distinct"}, {"splits_disjoint"}),
    "TaskChanger": ({"task_unchanged"}, {"splits_disjoint", "task_pure"}),
    "SharedInfo": ({"info_not_shared"}, {"gymnasium_checker"} | REPEATS),
    "StateInInfo": ({"info_not_shared"}, {"gymnasium_checker", "forks_independent"} | REPEATS),
    "NanInfo": ({"info_json"}, {"replay", "vector_equals_sync", "gymnasium_checker"}),
    "Undocumented": ({"docstring"}, set()),
    "Generous": ({"reward_well_formed"}, {"oracle_score", "random_floor"}),
    "ForgetfulState": ({"forks_independent"}, set()),
    "NanState": ({"snapshot_round_trip"}, {"forks_independent"}),
    "CrashesOnDigits": ({"unicode_digits"}, set()),
    "CrashesOnDepth": ({"deep_nesting"}, set()),
    "Restless": ({"step_after_end"}, {"vector_equals_sync", "gymnasium_checker"}),
    "Shouting": ({"episode_isolation"}, REPEATS | {"forks_independent"}),
    "Endless": ({"limit_turns"}, {"step_after_end", "limit_observation"}),
    "Trimming": ({"limit_action"}, REPEATS | {"vector_equals_sync", "action_type", "replay", "snapshot_elsewhere"}),
    "Padding": (
        {"limit_observation", "spaces", "episode_isolation"},
        REPEATS | {"gymnasium_checker", "snapshot_round_trip", "forks_independent"},
    ),
    "EagerReset": ({"step_before_reset"}, set()),
    "Lenient": ({"action_type"}, {"vector_equals_sync"}),
    "OptionDeaf": ({"wrong_reset"}, {"vector_equals_sync"}),
    "AddressBound": ({"reset_addresses"}, {"replay"}),
    "CarelessState": ({"wrong_snapshot"}, {"secret_errors"}),
    "CrashesOnNul": ({"control_characters"}, set()),
    "CrashesOnReplacement": ({"lone_surrogates"}, set()),
    "CrashesOnLength": ({"huge_action"}, set()),
    "StateOnClass": ({"determinism_neighbour", "vector_equals_sync"}, REPEATS | {"forks_independent"}),
    "ModestOracle": ({"oracle_score"}, set()),
    "AcceptsAnything": ({"unknown_setting"}, set()),
    "WrongSpace": ({"spaces", "gymnasium_checker"}, {"vector_equals_sync"}),
}

IN_ANOTHER_PROCESS: dict[str, set[str]] = {
    "HashOrder": {"determinism_hash_seed"},
    "ProcessBound": {"determinism_processes"},
    "ForgetfulState": {"snapshot_elsewhere"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_caught_by_the_check_of_that_name(name: str) -> None:
    must, _ = FAULTS[name]
    report = check(f"broken_envs:broken/{name}-v0", tasks=12, only=must)
    assert set(report.failed) == must
    assert not report.passed


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_alarms_no_check_that_it_does_not_concern(name: str) -> None:
    must, may = FAULTS[name]
    report = check(f"broken_envs:broken/{name}-v0", tasks=12, only=HERE)
    # A fault that somebody profits from concerns the red team as well.
    assert must <= set(report.failed) <= must | may | {"red_team"}, {
        item: report.check(item).evidence for item in report.failed
    }


@pytest.mark.parametrize("name", IN_ANOTHER_PROCESS)
def test_a_fault_that_only_another_process_shows(name: str) -> None:
    report = check(f"broken_envs:broken/{name}-v0", tasks=3, only=IN_PROCESSES)
    assert set(report.failed) == IN_ANOTHER_PROCESS[name], {item: report.check(item).evidence for item in report.failed}


@pytest.mark.parametrize("env_id", ["broken_envs:broken/Sound-v0", "broken_envs:broken/Waiting-v0", "GuessNumber-v0"])
def test_a_sound_environment_passes_every_check(env_id: str) -> None:
    report = check(env_id, tasks=20)
    assert report.passed, {item: report.check(item).evidence for item in report.failed}
    assert [result.name for result in report.checks] == list(CHECKS)


def test_single_turn_and_answer_in_prompt() -> None:
    report = check("broken_envs:broken/Stateless-v0", tasks=20)
    assert report.passed, {item: report.check(item).evidence for item in report.failed}
    assert report.check("secret_observation").verdict == "skip"


def test_a_split_without_tasks_is_one_finding() -> None:
    report = check("GuessNumber-v0", {"high": 3}, tasks=10, only=HERE - {"random_floor"})
    assert report.failed == ["splits_filled"]
    assert "validation has no task" in report.check("splits_filled").evidence


def test_an_oracle_that_cannot_be_perfect_is_held_to_its_declared_score() -> None:
    report = check("broken_envs:broken/HalfOracle-v0", tasks=20, only=["oracle_score"])
    assert report.passed
    assert report.oracle is not None
    assert report.oracle.mean == 0.5


def test_a_state_that_holds_the_secret_is_reported_without_failing() -> None:
    result = check("broken_envs:broken/LeakyState-v0", tasks=12, only=["secret_snapshot"]).check("secret_snapshot")
    assert result.verdict == "skip"
    assert "answer" in result.evidence
