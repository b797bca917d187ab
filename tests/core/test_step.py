"""One step at a time: what is paid, what ends an episode, what its outcome says, and what is refused."""

import json

import numpy as np
import pytest
from core_envs import TREE, Obey, ObeyAsync, Tidy, TidyAsync, trajectory
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import (
    ActionTypeError,
    EpisodeEndedError,
    NotResetError,
    Random,
    Reply,
    ResetError,
    Score,
    Status,
    StopReason,
    Task,
    TextEnv,
)

KINDS = [Obey, ObeyAsync, Tidy, TidyAsync]
every_kind = pytest.mark.parametrize("kind", KINDS)


def started(kind=Obey, **settings):
    env = kind(**settings)
    env.reset(seed=1)
    return env


def end_of(env, *actions):
    *_, (text, reward, terminated, truncated, info) = trajectory(env, list(actions))
    assert terminated or truncated
    return text, reward, terminated, truncated, info["outcome"]


@every_kind
def test_a_step_before_a_reset_or_after_the_end_is_refused(kind):
    env = kind()
    with pytest.raises(NotResetError, match=r"call reset\(\)"):
        env.step("say a")
    with pytest.raises(NotResetError):
        env.episode  # noqa: B018
    env.reset(seed=1)
    env.step("score 1")
    with pytest.raises(EpisodeEndedError, match=r"has ended \(completed\); call reset\(\)"):
        env.step("say a")
    env.reset(seed=2)
    assert env.step("say a")[0] == "1: say a"
    env.close()
    with pytest.raises(NotResetError):
        env.step("say b")
    env.close()


@every_kind
@pytest.mark.parametrize("action", [None, 3, b"say a", ["say a"], {"text": "say a"}])
def test_an_action_that_is_no_string_is_refused_and_changes_nothing(kind, action):
    env = started(kind)
    before = env.snapshot()
    with pytest.raises(ActionTypeError, match=f"not {type(action).__name__}"):
        env.step(action)
    assert env.snapshot() == before


def test_a_subclass_of_str_is_a_string():
    assert started().step(np.str_("say a"))[0] == "1: say a"


@every_kind
def test_a_step_in_the_middle_pays_its_reward_and_reports_its_metrics(kind):
    env = started(kind)
    assert env.step("pay 0.25") == ("paid", 0.25, False, False, {})
    assert env.step("info 7") == ("noted", 0.0, False, False, {"metric": 7.0})
    assert (env.episode.total, env.episode.state.turn, env.episode.ended, env.episode.outcome) == (0.25, 2, False, None)


@every_kind
def test_a_score_ends_the_episode_and_is_paid(kind):
    text, reward, terminated, truncated, outcome = end_of(started(kind), "pay 0.25", "score 0.5")
    assert (text, reward, terminated, truncated) == ("scored", 0.5, True, False)
    assert outcome == {
        "status": "ok",
        "stop_reason": "completed",
        "success": False,
        "mask": False,
        "score": {"name": "reward", "value": 0.75, "status": "ok"},
    }


@pytest.mark.parametrize(("order", "success"), [("score 1", True), ("score 0.99", False), ("solved 0.3", True)])
def test_success_is_a_full_score_unless_the_environment_says_otherwise(order, success):
    assert end_of(started(), order)[4]["success"] is success


@every_kind
def test_a_score_tree_explains_the_reward_without_its_secrets(kind):
    env = started(kind)
    _, reward, _, _, outcome = end_of(env, "tree")
    assert reward == 0.75
    assert env.episode.outcome.score == TREE
    tests, style = outcome["score"]["children"]
    assert tests == {"name": "tests", "value": 0.5, "weight": 2.0}
    assert style["evidence"] == [{"label": "b", "text": "looks fine"}]
    assert "42" not in json.dumps(outcome)


@every_kind
@pytest.mark.parametrize(
    ("order", "status", "error"),
    [
        ("infra", "infra_error", "sandbox lost"),
        ("grader", "grader_error", "judge confused"),
        ("failed-tree", "grader_error", "judge did not answer"),
        ("score nan", "grader_error", "not a finite number"),
        ("score inf", "grader_error", "not a finite number"),
    ],
)
def test_a_failure_of_the_machinery_is_masked_and_never_a_reward(kind, order, status, error):
    env = started(kind)
    env.step("pay 0.5")
    _, reward, terminated, truncated, outcome = end_of(env, order)
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert (outcome["status"], outcome["mask"], outcome["success"]) == (status, True, False)
    assert outcome["score"]["value"] is None
    assert error in env.episode.outcome.error
    json.dumps(outcome, allow_nan=False)


def test_rewards_on_the_way_that_are_no_numbers_are_the_graders_failure():
    env = started(max_turns=2)
    env.step("pay nan")
    assert end_of(env, "say a")[4]["status"] == "grader_error"


@every_kind
def test_a_fault_of_the_environment_is_raised_to_the_caller(kind):
    env = started(kind)
    with pytest.raises(ZeroDivisionError):
        env.step("boom")
    env.reset(seed=2)
    assert env.step("say a")[0] == "1: say a"


def test_an_environment_that_replies_with_something_else_is_told_so():
    class Mute(TextEnv):
        def generate(self, rng: Random) -> Task:
            return Task(prompt="p")

        def act(self, task, state, action):
            return None

    env = Mute()
    env.reset(seed=1)
    with pytest.raises(TypeError, match=r"Mute\.act\(\) must return a Reply, not NoneType"):
        env.step("a")


def test_the_outcome_does_not_reach_into_an_info_that_the_environment_keeps():
    shared = {"metric": 1.0}

    class Shares(TextEnv):
        def generate(self, rng: Random) -> Task:
            return Task(prompt="p")

        def act(self, task, state, action):
            return Reply("", score=1.0, info=shared)

    env = Shares()
    env.reset(seed=1)
    assert env.step("a")[4].keys() == {"metric", "outcome"}
    assert shared == {"metric": 1.0}


# -- invalid actions ---------------------------------------------------------------------------------------------------


@every_kind
def test_an_invalid_action_costs_a_turn_and_no_more(kind):
    env = started(kind)
    assert env.step("bad") == ("not like this", 0.0, False, False, {})
    assert (env.episode.state.turn, env.episode.state.invalid) == (1, 1)


@every_kind
def test_max_invalid_ends_as_the_policys_error(kind):
    env = started(kind, max_invalid=2)
    _, reward, terminated, truncated, outcome = end_of(env, "pay 0.5", "bad", "say a", "bad")
    assert (reward, terminated, truncated) == (0.0, True, False)
    assert (outcome["status"], outcome["stop_reason"], outcome["mask"]) == ("policy_error", "max_invalid", False)
    assert outcome["score"]["value"] == 0.5


@every_kind
def test_the_only_action_of_an_episode_cannot_be_invalid(kind):
    outcome = end_of(started(kind, max_turns=1), "bad")[4]
    assert (outcome["status"], outcome["stop_reason"]) == ("policy_error", "invalid_action")


@every_kind
def test_an_action_that_is_too_long_is_not_shown_to_the_environment(kind):
    env = started(kind, max_action_chars=20)
    assert env.step("say " + "x" * 16)[0].startswith("1: say")
    text, *_ = env.step("say " + "x" * 17)
    assert "21 characters; at most 20" in text
    assert (len(env.episode.state.log), env.episode.state.turn, env.episode.state.invalid) == (1, 2, 1)
    assert env.action_space.max_length == 20


@every_kind
def test_lone_surrogates_become_what_utf8_can_hold_and_pairs_become_characters(kind):
    env = started(kind)
    assert env.step("say a\ud800b\ud83d\ude42é")[0] == "1: say a\ufffdb\U0001f642é"
    env.episode.state.model_dump_json()


@given(st.text(st.characters(), max_size=50))
def test_any_text_is_an_action(action):
    env = started()
    text, *_ = env.step("say " + action)
    text.encode()
    assert json.loads(json.dumps(env.snapshot())) == env.snapshot()


# -- limits ------------------------------------------------------------------------------------------------------------


@every_kind
def test_the_turns_are_limited(kind):
    env = started(kind, max_turns=3)
    _, reward, terminated, truncated, outcome = end_of(env, "pay 0.25", "pay 0.25", "pay 0.25")
    assert (reward, terminated, truncated) == (0.25, False, True)
    assert (outcome["status"], outcome["stop_reason"], outcome["mask"]) == ("limit", "max_turns", False)
    assert outcome["score"]["value"] == env.episode.total == 0.75


@every_kind
def test_a_score_in_the_last_turn_counts(kind):
    assert end_of(started(kind, max_turns=1), "score 1")[4]["stop_reason"] == "completed"


@given(st.integers(200, 400), st.integers(0, 10**6))
def test_long_observations_keep_head_and_tail_and_say_how_much_is_missing(limit, length):
    env = started(max_observation_chars=limit)
    whole = started(max_observation_chars=10**6).step(f"long {length}")[0]
    text = env.step(f"long {length}")[0]
    assert len(text) <= limit
    assert text in env.observation_space
    if length <= limit:
        assert text == whole
        return
    head, note, tail = text.split("\n")
    assert whole.startswith(head)
    assert whole.endswith(tail)
    assert note == f"[... {length - len(head) - len(tail):,} characters left out ...]"
    assert abs(len(head) - len(tail)) <= 1


def test_the_first_observation_is_limited_too():
    class Wordy(Obey):
        def opening(self, task, state):
            return "x" * 1000

    env = Wordy(max_observation_chars=200)
    observation, _ = env.reset(seed=1)
    assert observation in env.observation_space
    assert "characters left out" in observation


@pytest.mark.parametrize("kind", [Obey, Tidy])
def test_a_blocking_step_past_its_time_ends_the_episode_when_it_returns(kind):
    _, reward, terminated, truncated, outcome = end_of(started(kind, step_seconds=0.2), "pay 0.5", "sleep 0.25")
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert (outcome["status"], outcome["stop_reason"]) == ("limit", "step_timeout")
    assert outcome["score"]["value"] == 0.5


@pytest.mark.parametrize("kind", [ObeyAsync, TidyAsync])
def test_a_waiting_step_past_its_time_is_cancelled(kind):
    env = started(kind, step_seconds=0.3)
    text, _, _, truncated, outcome = end_of(env, "pay 0.5", "sleep 600")
    assert text == "The step took too long and was stopped."
    assert truncated
    assert (outcome["status"], outcome["stop_reason"], outcome["score"]["value"]) == ("limit", "step_timeout", 0.5)


@every_kind
def test_a_step_that_burns_too_much_cpu_ends_the_episode(kind):
    env = started(kind, step_cpu_seconds=0.02)
    env.step("sleep 0.05")
    assert end_of(env, "burn 0.03")[4]["stop_reason"] == "step_cpu"


@every_kind
def test_the_whole_episode_has_a_time(kind):
    env = started(kind, episode_seconds=0.15, max_turns=1000)
    outcome = end_of(env, *["sleep 0.02"] * 1000)[4]
    assert (outcome["status"], outcome["stop_reason"]) == ("limit", "episode_timeout")


@pytest.mark.parametrize("kind", [ObeyAsync, TidyAsync])
def test_a_waiting_step_is_cancelled_at_the_end_of_the_episodes_time(kind):
    env = started(kind, episode_seconds=0.1, step_seconds=60)
    assert end_of(env, "sleep 600")[4]["stop_reason"] == "episode_timeout"


@every_kind
def test_a_score_outweighs_the_clock(kind):
    env = started(kind, step_cpu_seconds=1e-9, episode_seconds=600)
    assert end_of(env, "score 1")[4]["stop_reason"] == "completed"


@every_kind
def test_limits_that_are_not_reached_change_nothing(kind):
    actions = ["say a", "pay 0.5", "bad", "score 0.5"]
    free = trajectory(started(kind), actions)
    assert trajectory(started(kind, step_seconds=60, step_cpu_seconds=60, episode_seconds=60), actions) == free
    assert trajectory(started(Obey), actions) == free


def test_a_timeout_inside_the_environment_is_a_fault_of_its_own():
    for settings in ({}, {"step_seconds": 60}):
        env = started(ObeyAsync, **settings)
        with pytest.raises(TimeoutError, match="inside the environment"):
            env.step("own-timeout")


# -- ended from outside ------------------------------------------------------------------------------------------------


def test_an_episode_can_be_ended_from_outside():
    env = started()
    env.step("pay 0.5")
    env.abandon(Status.POLICY_ERROR, StopReason.POLICY_FAILED, "endpoint gone")
    outcome = env.episode.outcome
    assert (outcome.status, outcome.stop_reason, outcome.mask) == (Status.POLICY_ERROR, StopReason.POLICY_FAILED, False)
    assert (outcome.score.value, outcome.error) == (0.5, "endpoint gone")
    with pytest.raises(EpisodeEndedError):
        env.step("say a")


def test_an_episode_ended_by_failed_machinery_has_no_score():
    env = started()
    env.step("pay 0.5")
    env.abandon(Status.INFRA_ERROR, StopReason.EXCEPTION, "boot failed")
    assert env.episode.outcome.mask
    assert env.episode.outcome.score == Score(status="error", reason="boot failed")


def test_a_failed_start_leaves_no_episode_to_step():
    class Fails(Obey):
        def opening(self, task, state):
            if task.index == 1:
                raise OSError("no opening")
            return "open"

    env = Fails()
    env.reset(seed=0)
    with pytest.raises(OSError, match="no opening"):
        env.reset(seed=1)
    with pytest.raises(NotResetError):
        env.step("say a")
    with pytest.raises(ResetError):
        env.reset(options={"split": "dev"})
    assert env.reset(seed=0)[0] == "open"


def test_an_episode_given_up_after_its_end_keeps_its_outcome() -> None:
    env = Obey()
    env.reset(seed=0)
    env.step("score 1")
    ended = env.episode.outcome
    env.episode.abandon(Status.INFRA_ERROR, StopReason.EXCEPTION, "too late")
    assert env.episode.outcome == ended


def test_a_reward_that_is_no_number_is_never_paid_even_when_the_episode_is_cut_short() -> None:
    env = Obey()
    env.reset(seed=0)
    env.step("pay nan")
    env.episode.abandon(Status.LIMIT, StopReason.EPISODE_TIMEOUT)
    outcome = env.episode.outcome
    assert outcome is not None
    assert (outcome.status, outcome.mask) == (Status.GRADER_ERROR, True)
