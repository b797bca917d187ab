"""Mastermind: honest feedback, strict answers, an oracle that wins without reading the code."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.families import played
from textgym.core import ConfigError, Random
from textgym.envs.math.mastermind import Mastermind, MastermindState, answer_to, next_guess, read_code

codes = st.text("ABCDEF", min_size=4, max_size=4)


@pytest.mark.parametrize(
    ("guess", "code", "feedback"),
    [
        ("ABCD", "ABCD", (4, 0)),
        ("ABCD", "DCBA", (0, 4)),
        ("AABB", "ABAB", (2, 2)),
        ("AAAA", "ABCD", (1, 0)),
        ("ABCD", "AAAA", (1, 0)),
        ("BAAC", "ABBB", (0, 2)),
        ("EEFF", "ABCD", (0, 0)),
        ("ABAB", "AABC", (1, 2)),
    ],
)
def test_feedback(guess, code, feedback):
    assert answer_to(guess, code) == feedback


@given(codes, codes)
def test_feedback_counts_letters_right_and_letters_shared(guess, code):
    exact, misplaced = answer_to(guess, code)
    assert exact == sum(a == b for a, b in zip(guess, code, strict=True))
    assert exact + misplaced == (Counter(guess) & Counter(code)).total()
    assert answer_to(code, guess) == (exact, misplaced)


@pytest.mark.parametrize("text", ["ABCD", " abcd\n", "AbCd"])
def test_a_code_is_read_in_either_case(text):
    assert read_code(text, 4, 6) == "ABCD"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ABC",
        "ABCDE",
        "A B C D",
        "ABCG",
        "1234",
        "ABCD.",
        "ABCD ABCD",
        "My guess: ABCD",
        "ＡＢＣＤ",
        "ABCD" * 10_000,
        "\x00BCD",
    ],
)
def test_anything_else_is_refused_and_is_no_guess(text):
    env = Mastermind()
    live = env.start(env.task("train", 0))
    observation, reward, *_ = live.step(text)
    assert "4 letters from A to F" in observation
    assert reward == 0.0
    assert live.state.guesses == []
    assert live.state.invalid == 1


@given(st.text(max_size=30))
def test_any_text_is_answered(text):
    assert read_code(text, 4, 6) in (None, text.strip().upper())


def test_a_guess_is_answered_and_remembered():
    env = Mastermind()
    task = env.task("train", 0)
    live = env.start(task)
    guess = "AAAA" if task.secret["code"] != "AAAA" else "BBBB"
    exact, misplaced = answer_to(guess, task.secret["code"])
    assert live.step(guess)[0] == f"{exact} exact, {misplaced} misplaced."
    assert live.state.guesses == [guess]
    assert live.state.feedback == [(exact, misplaced)]


def test_naming_the_code_earns_one_and_ends():
    env = Mastermind()
    live = env.start(env.task("test", 1))
    observation, reward, terminated, truncated, info = live.step(live.task.secret["code"].lower())
    assert (observation, reward, terminated, truncated) == ("Right.", 1.0, True, False)
    assert info["outcome"]["success"]


def test_a_win_later_than_the_oracles_is_discounted():
    env = Mastermind(turn_discount=0.5)
    assert env.config.par == 4
    for index in range(20):
        needed = max(4, played(env, "train", index).state.turn)
        for wrong, reward in [(0, 1.0), (needed - 1, 1.0), (needed, 0.5), (needed + 2, 0.125)]:
            live = env.start(env.task("train", index))
            for _ in range(wrong):
                live.step("AAAA" if live.task.secret["code"] != "AAAA" else "BBBB")
            assert live.step(live.task.secret["code"])[1] == reward
            assert live.outcome.success


@pytest.mark.parametrize("settings", [{}, {"repeats": False}, {"pegs": 3, "colours": 8}])
def test_the_discount_leaves_the_oracle_its_reward(settings):
    env = Mastermind(turn_discount=0.5, **settings)
    assert all(played(env, "validation", index).total == 1.0 for index in range(40))


def test_the_oracle_always_wins_in_time():
    env = Mastermind()
    turns = Counter(played(env, split, i).state.turn for split in ("train", "validation", "test") for i in range(200))
    assert max(turns) <= 7
    assert sum(turn * count for turn, count in turns.items()) / turns.total() < 4.65


@pytest.mark.parametrize(
    "settings",
    [
        {"repeats": False},
        {"pegs": 5, "colours": 8, "max_turns": 12},
        {"pegs": 3, "colours": 10},
        {"pegs": 6, "colours": 3},
    ],
)
def test_the_oracle_wins_other_games(settings):
    env = Mastermind(**settings)
    assert all(played(env, "train", i).outcome.success for i in range(15))


@pytest.mark.slow
@pytest.mark.parametrize("repeats", [True, False])
def test_the_oracle_wins_the_largest_game(repeats):
    env = Mastermind(pegs=6, colours=10, repeats=repeats, max_turns=12)
    assert all(played(env, split, i).outcome.success for split in ("train", "validation", "test") for i in range(20))


def test_the_oracle_does_not_read_the_code():
    env = Mastermind()
    one, other = env.task("train", 0), env.task("train", 1)
    state = MastermindState(guesses=["AABB"], feedback=[(1, 1)])
    assert one.secret != other.secret
    assert env.oracle(one, state) == env.oracle(other, state)


def test_the_oracle_only_guesses_what_fits():
    history = (("AABB", (1, 1)), ("ACCD", (0, 2)))
    guess = next_guess(4, 6, True, history)
    assert all(answer_to(past, guess) == feedback for past, feedback in history)
    with pytest.raises(ValueError, match="no code fits"):
        next_guess(4, 6, True, (("AAAA", (4, 0)), ("AAAA", (0, 0))))


def test_codes_keep_the_rules():
    for index in range(50):
        code = Mastermind(pegs=4, colours=7, repeats=False).task("train", index).secret["code"]
        assert len(set(code)) == len(code) == 4
        assert set(code) <= set("ABCDEFG")


def test_splits_hide_different_codes():
    env = Mastermind()
    seen = {split: {env.task(split, i).secret["code"] for i in range(200)} for split in ("train", "validation", "test")}
    assert not seen["train"] & seen["test"]
    assert not seen["train"] & seen["validation"]
    assert not seen["validation"] & seen["test"]


@pytest.mark.parametrize(("pegs", "colours", "repeats"), [(3, 7, True), (4, 5, True), (4, 6, False), (3, 8, False)])
def test_the_smallest_games_fill_every_split(pegs, colours, repeats):
    env = Mastermind(pegs=pegs, colours=colours, repeats=repeats)
    assert all(env.task(split, 0).split == split for split in ("train", "validation", "test"))


@pytest.mark.parametrize(
    "settings", [{"pegs": 2, "colours": 10}, {"pegs": 6, "colours": 5, "repeats": False}, {"pegs": 9}]
)
def test_impossible_games_are_refused(settings):
    with pytest.raises(ConfigError):
        Mastermind(**settings)


def test_guessing_earns_little_and_cheating_nothing():
    env = Mastermind()
    wins = 0
    for index in range(200):
        live = env.start(env.task("train", index))
        while not live.ended:
            live.step(env.random_action(live.task, live.state, Random(repr((index, live.state.turn)).encode())))
        wins += live.outcome.success
        for script in env.cheats(live.task).values():
            live = env.start(live.task)
            for action in script:
                assert live.ended or live.step(action)[1] == 0.0
    assert wins / 200 <= env.random_ceiling
