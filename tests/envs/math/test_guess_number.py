"""GuessNumber: bisection wins, guessing does not pay, and the reward's knob does what it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import ConfigError, Live, Split
from textgym.registry import make


def play_oracle(live: Live) -> float:
    total = 0.0
    while not live.ended:
        total += live.step(live.env.oracle(live.task, live.state))[1]
    return total


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("high", [100, 1000])
def test_bisection_always_wins_within_the_default_turns(split: Split, high: int) -> None:
    env = make("textgym/GuessNumber-v0", high=high)
    assert {play_oracle(env.start(env.task(split, i))) for i in range(150)} == {1.0}


def test_the_oracle_plays_as_one_who_does_not_know_the_number() -> None:
    env = make("textgym/GuessNumber-v0")
    firsts = {env.oracle(live.task, live.state) for live in (env.start(env.task("train", i)) for i in range(50))}
    assert firsts == {"50"}


def test_the_answers_lead_to_the_number() -> None:
    env = make("textgym/GuessNumber-v0")
    number = env.task("train", 3).secret["number"]
    live = env.start(env.task("train", 3))
    assert live.step(str(number - 1))[0] == "Higher."
    assert live.step(str(number + 1))[0] == "Lower."
    text, reward, terminated, truncated, info = live.step(f" {number}. ")
    assert (text, reward, terminated, truncated) == ("Right.", 1.0, True, False)
    assert info["outcome"]["success"] is True


@given(st.text() | st.sampled_from(["12 or 13", "1,2,3", "٤٢", "4.5", "1e3", "0x10", "99" * 40]))
def test_what_is_no_whole_number_is_invalid_and_costs_a_turn(action: str) -> None:
    env = make("textgym/GuessNumber-v0", high=2)
    live = env.start(env.task("train", 0))
    before = live.state.model_copy()
    text, reward, *_ = live.step(action)
    if text == "Answer with one whole number and nothing else, such as 42.":
        assert reward == 0.0
        assert (live.state.turn, live.state.invalid) == (1, 1)
        assert (live.state.low, live.state.high) == (before.low, before.high)
    else:
        assert action.strip().rstrip(".").strip().lstrip("+-").isdecimal()


def test_late_wins_are_discounted_by_each_guess_beyond_what_bisection_may_need() -> None:
    env = make("textgym/GuessNumber-v0", high=3, max_turns=6, turn_discount=0.5)
    live = env.start(env.task("train", 0))
    for _ in range(3):
        live.step("99")
    assert live.step(str(live.task.secret["number"]))[1] == 0.25  # two guesses may be needed, the fourth was right
    assert live.outcome is not None
    assert live.outcome.success
    plain = make("textgym/GuessNumber-v0", high=3)
    assert plain.task("train", 0).id == env.task("train", 0).id  # neither turns nor discount shape the task


def test_the_turns_are_in_the_first_observation_and_not_in_the_task() -> None:
    env = make("textgym/GuessNumber-v0", max_turns=1)
    observation, _ = env.reset(seed=0)
    assert "You have 1 guess." in observation
    assert "guess." not in env.episode.task.prompt


def test_settings_out_of_range_are_refused() -> None:
    for settings in ({"high": 1}, {"turn_discount": 0}, {"turn_discount": 1.5}, {"max_turns": 0}):
        with pytest.raises(ConfigError, match=next(iter(settings))):
            make("textgym/GuessNumber-v0", **settings)
