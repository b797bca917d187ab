"""play: a person in the terminal, here at the end of a pipe."""

import pytest


def play(textgym, *lines, args=()):
    return textgym("play", "GuessNumber-v0", "--seed", 3, "-s", "high=7", *args, typed="".join(f"{x}\n" for x in lines))


def test_a_game_is_played_to_its_end(textgym):
    shown = play(textgym, *range(1, 8))
    assert shown.code == 0
    assert "from 1 to 7" in shown.out
    assert "Right." in shown.out
    assert "solved" in shown.out
    assert "completed" in shown.out


def test_the_result_alone_is_on_stdout_with_json(textgym):
    shown = play(textgym, *range(1, 8), args=["--json"])
    assert shown.json["outcome"]["success"]
    assert shown.json["reward"] == 1.0
    assert shown.json["task_id"].endswith("train/3")
    assert shown.json["actions"][0] == "1"
    assert "from 1 to 7" in shown.err


def test_hint_is_what_the_oracle_would_do_and_is_counted(textgym):
    shown = play(textgym, ":hint", args=["--json"])
    assert "the oracle would write: 4" in shown.err
    assert shown.json["hints"] == 1
    assert shown.json["actions"] == []


def test_undo_takes_back_turns_one_by_one(textgym):
    shown = play(textgym, 1, 2, ":undo", ":undo", ":undo", args=["--json"])
    assert shown.json["actions"] == []
    assert "took back: '2'" in shown.err
    assert "there is nothing to take back" in shown.err


def test_after_undo_the_game_goes_on_as_if_the_turn_had_not_been(textgym):
    plain = play(textgym, *range(1, 8), args=["--json"]).json
    winding = play(textgym, 7, ":undo", *range(1, 8), args=["--json"]).json
    assert winding["actions"] == plain["actions"]
    assert winding["outcome"] == plain["outcome"]


@pytest.mark.parametrize("ending", [[], [":quit"]])
def test_leaving_early_is_no_outcome(textgym, ending):
    shown = play(textgym, 1, *ending, args=["--json"])
    assert shown.code == 0
    assert shown.json["outcome"] is None


def test_an_action_may_have_several_lines_or_begin_with_a_colon(textgym):
    shown = play(textgym, '"""', "a", ":quit", '"""', "::b", '"""', ":c", '"""', ":quit", args=["--json"])
    assert shown.json["actions"] == ["a\n:quit", ":b", ":c"]


def test_an_unknown_command_costs_no_turn(textgym):
    shown = play(textgym, ":hlep", ":help", ":prompt", args=["--json"])
    assert "unknown command :hlep" in shown.err
    assert ":undo" in shown.err
    assert shown.json["actions"] == []


def test_a_place_in_a_split(textgym):
    shown = textgym("play", "GuessNumber-v0", "--split", "test", "--index", 5, "--json", typed="")
    assert shown.json["task_id"] == "textgym/GuessNumber-v0/test/5"
    wrong = textgym("play", "GuessNumber-v0", "--split", "tset")
    assert wrong.code == 2
    assert "split" in wrong.err
