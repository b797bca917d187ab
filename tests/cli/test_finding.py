"""list, search and info."""

import pytest


def test_list_as_json_names_every_environment_with_what_is_needed_to_choose(textgym):
    shown = textgym("list", "--json")
    assert shown.code == 0
    assert shown.err == ""
    by_id = {entry["id"]: entry for entry in shown.json}
    guess = by_id["textgym/GuessNumber-v0"]
    assert guess["domain"] == "math"
    assert guess["summary"].startswith("Find a hidden number")
    assert "multi-turn" in guess["tags"]


def test_list_prints_one_line_for_each_environment_into_a_pipe(textgym):
    lines = textgym("list").out.splitlines()
    entries = textgym("list", "--json").json
    assert len(lines) == 2 + len(entries)  # the head and its rule
    assert all(line == line.rstrip() for line in lines)
    assert len(lines[1]) <= 100
    for entry in entries:
        assert sum(line.startswith(entry["id"]) and entry["summary"] in line for line in lines) == 1


def test_list_by_domain_and_tag(textgym):
    assert all(entry["domain"] == "math" for entry in textgym("list", "--domain", "math", "--json").json)
    for entry in textgym("list", "--tag", "multi-turn", "--tag", "game", "--json").json:
        assert {"multi-turn", "game"} <= set(entry["tags"])


def test_list_of_an_unknown_domain_is_empty_and_says_which_there_are(textgym):
    assert textgym("list", "--domain", "maths", "--json").json == []
    shown = textgym("list", "--domain", "maths")
    assert shown.code == 0
    assert "math" in shown.err


def test_search_needs_all_words_and_puts_a_match_in_the_id_first(textgym):
    found = textgym("search", "number", "game", "--json").json
    assert "textgym/GuessNumber-v0" in [entry["id"] for entry in found]
    assert textgym("search", "guessnumber", "--json").json[0]["id"] == "textgym/GuessNumber-v0"
    assert textgym("search", "number", "zebra", "--json").json == []


def test_search_that_finds_nothing_offers_close_words(textgym):
    shown = textgym("search", "gmae")
    assert shown.code == 0
    assert shown.out == ""
    assert "game" in shown.err


def test_info_as_json_is_a_whole_specification(textgym):
    shown = textgym("info", "GuessNumber-v0", "--json").json
    assert shown["id"] == "textgym/GuessNumber-v0"
    assert "Reward:" in shown["specification"]
    assert shown["splits"] == {"train": None, "validation": None, "test": None}
    assert shown["sample"]["task_id"] == "textgym/GuessNumber-v0/train/0"
    fields = {field["name"]: field for field in shown["config"]}
    assert fields["high"]["value"] == 100
    assert fields["high"]["allowed"] == "whole number, 2 to 1,000,000,000,000"
    assert fields["high"]["own"]
    assert fields["high"]["in_task"]
    assert fields["split"]["allowed"] == "train | validation | test"
    assert fields["max_invalid"]["value"] is None
    assert not fields["turn_discount"]["in_task"]
    assert not fields["episode_seconds"]["own"]


def test_info_shows_what_the_json_holds(textgym):
    shown = textgym("info", "textgym/GuessNumber-v0").out
    for part in ("Find a hidden number", "turn_discount", "max_turns", "tasks without end", "Guess it"):
        assert part in shown


def test_info_under_settings_shows_their_values_and_prompt(textgym):
    shown = textgym("info", "GuessNumber-v0", "-s", "high=7", "--json").json
    assert "from 1 to 7" in shown["sample"]["prompt"]
    assert {field["name"]: field["value"] for field in shown["config"]}["high"] == 7


@pytest.mark.parametrize("verb", ["info", "play", "run", "check", "bench"])
def test_a_wrong_id_is_answered_with_the_closest_one(textgym, verb):
    more = ["--policy", "noop"] if verb == "run" else []
    shown = textgym(verb, "GuesNumber-v0", *more)
    assert shown.code == 2
    assert "did you mean 'GuessNumber-v0'?" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("setting", "expected"),
    [("hihg=3", "did you mean 'high'?"), ("high=1", "high"), ("high", "write NAME=VALUE"), ("=3", "write NAME=VALUE")],
)
def test_a_wrong_setting_is_refused_by_name(textgym, setting, expected):
    shown = textgym("info", "GuessNumber-v0", "-s", setting)
    assert shown.code == 2
    assert shown.err.startswith("error: ")
    assert expected in shown.err
    assert shown.err.count("\n") == 1
