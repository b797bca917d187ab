"""view, replay and export: what can be done with a run."""

import json

import pytest

from textgym.episodes import EpisodeStore


def doctored(run_directory, tmp_path, change):
    """A copy of the run with one thing in its third episode changed."""
    store = EpisodeStore.open(run_directory)
    with EpisodeStore.create(tmp_path / "doctored", store.manifest) as copy:
        for number, episode in enumerate(store, 1):
            if number == 3:
                change(episode)
            copy.append(episode)
    return tmp_path / "doctored"


def test_view_lists_the_run(textgym, run_directory):
    shown = textgym("view", run_directory, "--json").json
    assert shown["run"]["complete"]
    assert shown["run"]["env_id"] == "textgym/GuessNumber-v0"
    assert [row["number"] for row in shown["episodes"]] == list(range(1, 13))
    assert {"episode_id", "task_id", "seed", "reward", "status", "stop_reason", "turns"} <= shown["episodes"][0].keys()
    text = textgym("view", run_directory).out
    assert all(row["episode_id"] in text for row in shown["episodes"])


def test_view_failed_leaves_out_what_was_solved(textgym, run_directory):
    every = textgym("view", run_directory, "--json").json["episodes"]
    failed = textgym("view", run_directory, "--failed", "--json").json["episodes"]
    assert failed == [row for row in every if not row["success"]]
    assert 0 < len(failed) < len(every)


def test_view_one_episode_by_number_id_or_beginning(textgym, run_directory):
    third = textgym("view", run_directory, "--json").json["episodes"][2]["episode_id"]
    records = [textgym("view", run_directory, "-e", key, "--json").json for key in ("3", third, third[:10])]
    assert records[0]["episode_id"] == third
    assert records[0] == records[1] == records[2]


def test_the_transcript_holds_every_turn_and_the_outcome(textgym, run_directory):
    record = textgym("view", run_directory, "-e", "1", "--json").json
    shown = textgym("view", run_directory, "-e", "1").out
    assert record["observation"][:40] in shown
    for number, turn in enumerate(record["turns"], 1):
        assert f"turn {number} · policy" in shown
        assert turn["action"] in shown
    assert record["outcome"]["stop_reason"] in shown


def test_a_transcript_does_not_command_the_terminal(textgym, run_directory, tmp_path):
    def change(episode):
        episode.turns[0].action = "\x1b[2J\x1b]0;owned\x07[bold]hi"

    shown = textgym("view", doctored(run_directory, tmp_path, change), "-e", "3").out
    assert "\x1b" not in shown
    assert "\\x1b[2J" in shown
    assert "[bold]hi" in shown


@pytest.mark.parametrize("key", ["13", "0", "ffffffffffffffffffff", "zz"])
def test_view_of_an_episode_that_is_not_there(textgym, run_directory, key):
    shown = textgym("view", run_directory, "-e", key)
    assert shown.code == 2
    assert "1 to 12" in shown.err


@pytest.mark.parametrize("verb", [["view"], ["replay"], ["export", "--to", "jsonl", "--out", "x"]])
def test_a_directory_without_a_run(textgym, tmp_path, verb):
    shown = textgym(*verb, tmp_path)
    assert shown.code == 2
    assert "holds no run" in shown.err


def test_replay_of_an_honest_run(textgym, run_directory):
    shown = textgym("replay", run_directory, "--json")
    assert shown.code == 0
    assert shown.json["passed"]
    assert shown.json["episodes"] == 12
    assert shown.json["divergences"] == []


def test_replay_finds_the_first_turn_that_is_different(textgym, run_directory, tmp_path):
    def change(episode):
        episode.turns[0].observation = "Perhaps."

    directory = doctored(run_directory, tmp_path, change)
    shown = textgym("replay", directory, "--json")
    assert shown.code == 1
    assert not shown.json["passed"]
    assert shown.json["diverged"] == 1
    divergence = shown.json["divergences"][0]["divergence"]
    assert divergence["turn"] == 1
    assert divergence["field"] == "observation"
    assert divergence["expected"] == "Perhaps."
    people = textgym("replay", directory)
    assert people.code == 1
    assert "Perhaps." in people.out
    assert "1 of 12 episodes went" in people.err


def test_export_to_json_lines(textgym, run_directory, tmp_path):
    out = tmp_path / "flat.jsonl"
    shown = textgym("export", run_directory, "--to", "jsonl", "--out", out, "--json")
    assert shown.json["rows"] == 12
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len({row["episode_id"] for row in rows}) == 12
    assert all({"task_id", "seed", "reward", "messages"} <= row.keys() for row in rows)


def test_export_takes_only_what_fits_the_format(textgym, run_directory, tmp_path):
    solved = [row for row in textgym("view", run_directory, "--json").json["episodes"] if row["success"]]
    shown = textgym("export", run_directory, "--to", "sft", "--out", tmp_path / "sft.jsonl", "--json")
    assert shown.json["rows"] == len(solved)
    assert textgym("export", run_directory, "--to", "preferences", "--out", tmp_path / "p.jsonl").code == 0


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--to", "json"], "did you mean 'jsonl'?"),
        (["--to", "jsonl", "--min-reward", "1"], "min_reward"),
    ],
)
def test_a_wrong_export(textgym, run_directory, tmp_path, args, expected):
    shown = textgym("export", run_directory, *args, "--out", tmp_path / "x")
    assert shown.code == 2
    assert expected in shown.err
    assert not (tmp_path / "x").exists()
