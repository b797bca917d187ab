"""Replay: what was recorded happens again, or the first difference is named."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sample_episodes import guess_number, manifest, masked, oracle, play, wrong

from textgym import ConfigError, Score, StopReason, UnknownEnvironmentError
from textgym.episodes import Episode, EpisodeStore, replay, replay_store


@pytest.fixture
def recorded() -> Episode:
    record = play(guess_number(high=1000), 5)
    assert len(record.turns) > 4
    return record


@pytest.mark.parametrize("policy", [oracle, wrong, lambda live: "no number", lambda live: "\ud800"])
@pytest.mark.parametrize("settings", [{}, {"high": 7, "max_turns": 3}, {"max_invalid": 2}, {"turn_discount": 0.5}])
def test_a_faithful_record_replays_to_the_end(policy: object, settings: dict[str, object]) -> None:
    for seed in range(4):
        record = play(guess_number(**settings), seed, policy)  # type: ignore[arg-type]
        report = replay(record)
        assert report.same, report
        assert report.turns == len(record.turns)
        assert json.loads(json.dumps(report.as_json()))["same"] is True


@pytest.mark.parametrize("turn", [1, 3])
@pytest.mark.parametrize(("field", "value"), [("observation", "Warmer."), ("reward", 0.25), ("state_hash", "0" * 16)])
def test_the_first_difference_of_a_turn_is_named(recorded: Episode, turn: int, field: str, value: object) -> None:
    true = getattr(recorded.turns[turn - 1], field)
    for later in recorded.turns[turn - 1 :]:
        setattr(later, field, value)
    found = replay(recorded).divergence
    assert found is not None
    assert (found.turn, found.field, found.expected, found.got) == (turn, field, value, true)


def test_another_opening_is_named(recorded: Episode) -> None:
    found = replay(replace(recorded, observation="Guess!")).divergence
    assert found is not None
    assert (found.turn, found.field, found.expected) == (0, "observation", "Guess!")


def test_another_outcome_is_named(recorded: Episode) -> None:
    for change in ({"success": False}, {"score": Score(value=0.5)}, {"stop_reason": StopReason.MAX_INVALID}):
        found = replay(replace(recorded, outcome=recorded.outcome.model_copy(update=change))).divergence
        assert found is not None
        assert (found.turn, found.field) == (len(recorded.turns), "outcome")


def test_an_end_that_came_early_or_late_is_named(recorded: Episode) -> None:
    early = replay(replace(recorded, turns=recorded.turns[:-1])).divergence
    assert early is not None
    assert (early.turn, early.field, early.expected, early.got) == (len(recorded.turns) - 1, "ended", True, False)
    late = replay(replace(recorded, turns=[*recorded.turns, recorded.turns[-1]])).divergence
    assert late is not None
    assert (late.turn, late.field, late.expected, late.got) == (len(recorded.turns), "ended", False, True)


def test_a_changed_action_is_found(recorded: Episode) -> None:
    recorded.turns[1].action = "1"
    assert not replay(recorded).same


def test_without_state_hashes_the_rest_is_compared(recorded: Episode) -> None:
    for turn in recorded.turns:
        turn.state_hash = None
    assert replay(recorded).same
    recorded.turns[-1].reward = 0.0
    assert not replay(recorded).same


def test_a_policy_that_stopped_is_compared_as_far_as_it_went() -> None:
    record = play(guess_number(), 3, wrong, stop_after=2)
    assert record.outcome.stop_reason is StopReason.POLICY_STOPPED
    assert replay(record).same
    assert replay(record).turns == 2
    assert replay(play(guess_number(), 3, stop_after=0)).same
    record.turns[1].observation = "Lower."
    assert not replay(record).same


@pytest.mark.parametrize("reason", [StopReason.INFRA_ERROR, StopReason.STEP_TIMEOUT, StopReason.EPISODE_TIMEOUT])
def test_the_last_turn_of_an_episode_that_was_cut_off_is_left_out(reason: StopReason) -> None:
    record = play(guess_number(), 3, wrong, stop_after=3, reason=reason)
    record.turns[2].observation = "half a"
    assert replay(record).same
    assert replay(record).turns == 2
    record.turns[0].observation = "other"
    assert not replay(record).same


def test_every_turn_before_an_exception_is_compared() -> None:
    record = play(guess_number(), 3, wrong, stop_after=3, reason=StopReason.EXCEPTION)
    assert replay(record).same
    assert replay(record).turns == 3
    record.turns[2].observation = "other"
    assert not replay(record).same


def test_an_episode_that_never_began_has_nothing_to_compare() -> None:
    for reason in (StopReason.INFRA_ERROR, StopReason.EXCEPTION, StopReason.EPISODE_TIMEOUT):
        record = play(guess_number(), 3, stop_after=0, reason=reason)
        assert replay(replace(record, observation="")).same


def test_clocks_do_not_disturb_a_replay() -> None:
    record = play(guess_number(step_seconds=30.0, episode_seconds=60.0), 3)
    record.config |= {"step_seconds": 1e-9, "episode_seconds": 1e-9}
    assert replay(record).same


def test_a_task_that_is_no_more_is_a_difference(recorded: Episode) -> None:
    found = replay(replace(recorded, task_id="textgym/GuessNumber-v0~00000000/train/1")).divergence
    assert found is not None
    assert found.field == "task"


def test_an_environment_that_is_not_there_is_an_error(recorded: Episode) -> None:
    with pytest.raises(UnknownEnvironmentError):
        replay(replace(recorded, env_id="textgym/Nothing-v0"))
    with pytest.raises(ConfigError, match="highest"):
        replay(replace(recorded, config={"highest": 3}))


def test_an_environment_that_raises_is_a_difference(recorded: Episode) -> None:
    env = guess_number(high=1000)

    def act(*_: object) -> None:
        raise ZeroDivisionError("oh")

    env.act = act  # type: ignore[assignment, method-assign]
    found = replay(recorded, env).divergence
    assert found is not None
    assert (found.turn, found.field, found.got) == (1, "exception", "ZeroDivisionError: oh")


def test_a_run_is_replayed_episode_by_episode(tmp_path: Path) -> None:
    env = guess_number(high=20)
    records = [
        play(env, seed, policy, sibling=sibling) for seed in range(3) for sibling, policy in enumerate([oracle, wrong])
    ]
    records[4].turns[0].observation = "changed"
    records.append(masked("gone"))
    with EpisodeStore.create(tmp_path, manifest(episodes=7)) as store:
        for record in records:
            store.append(record)
    reports = list(replay_store(tmp_path))
    assert [report.episode_id for report in reports] == [record.episode_id for record in records]
    assert [report.same for report in reports[:6]] == [True] * 4 + [False, True]
    assert list(replay_store(EpisodeStore.open(tmp_path))) == reports
