"""run: episodes, summary, store, and the ways to use it wrongly."""

import json
import socket

import pytest

from textgym.episodes import EpisodeStore

GUESS = "GuessNumber-v0"


def test_the_report_of_a_run_as_json(textgym, tmp_path):
    out = tmp_path / "run"
    args = ["--policy", "oracle", "--episodes", 20, "--concurrency", 4, "--seed", 7, "--out", out, "--json"]
    ended = textgym("run", GUESS, *args)
    assert ended.code == 0
    report = ended.json
    assert report["env_id"] == "textgym/GuessNumber-v0"
    assert report["policy"] == {"name": "oracle"}
    assert report["episodes"] == report["requested"] == 20
    assert report["finished"]
    assert report["resume"] is None
    assert report["reward"]["mean"] == 1.0
    assert report["success"]["solved"] == 20
    assert report["success"]["rate"] == 1.0
    assert report["statuses"] == {"ok": 20}
    assert report["without_reward"] == 0
    assert {
        "wall_seconds",
        "cpu_seconds",
        "episodes_per_second",
        "turns_per_second",
        "episode_seconds",
    } <= report.keys()
    store = EpisodeStore.open(out)
    assert store.complete
    assert sorted(episode.seed for episode in store) == list(range(7, 27))


def test_the_summary_for_people(textgym):
    ended = textgym("run", GUESS, "-p", "oracle", "-n", 5)
    assert ended.code == 0
    for part in ("mean reward", "1.000", "solved", "5 of 5, 100.0%  (95 % interval ", "throughput"):
        assert part in ended.out


def test_siblings_of_a_group_share_a_task_and_not_their_actions(run_directory):
    groups = {}
    for episode in EpisodeStore.open(run_directory):
        groups.setdefault(episode.group, []).append(episode)
    assert len(groups) == 4
    for siblings in groups.values():
        assert len({episode.task_id for episode in siblings}) == 1
        assert len({tuple(turn.action for turn in episode.turns) for episode in siblings}) == 3


def test_split_and_settings_reach_the_environment(textgym, tmp_path):
    textgym("run", GUESS, "-p", "noop", "-n", 2, "--split", "test", "-s", "high=9", "--out", tmp_path / "run")
    for episode in EpisodeStore.open(tmp_path / "run"):
        assert episode.split == "test"
        assert "from 1 to 9" in episode.observation


def test_an_unfinished_directory_wants_resume_and_a_finished_one_another_name(textgym, tmp_path):
    out = tmp_path / "run"
    args = ["run", GUESS, "-p", "oracle", "--out", out]
    assert textgym(*args, "-n", 4).code == 0
    again = textgym(*args, "-n", 4)
    assert again.code == 2
    assert "finished run of 4 episodes" in again.err
    with EpisodeStore.resume(out, EpisodeStore.open(out).manifest.model_copy(update={"episodes": 9})):
        pass
    unfinished = textgym(*args, "-n", 9)
    assert unfinished.code == 2
    assert "4 of 9 episodes: go on with --resume" in unfinished.err


def test_resume_plays_only_what_is_missing_and_sums_up_all(textgym, tmp_path):
    out = tmp_path / "run"
    args = ["run", GUESS, "-p", "oracle", "--out", out, "--resume", "--json"]
    assert textgym(*args, "-n", 4).json["episodes_before"] == 0
    longer = textgym(*args, "-n", 10).json
    assert longer["episodes"] == 10
    assert longer["episodes_before"] == 4
    whole = textgym(*args, "-n", 10)
    assert whole.code == 0
    assert whole.json["episodes_before"] == 10
    assert len({episode.episode_id for episode in EpisodeStore.open(out)}) == 10


def test_failed_episodes_are_played_again_when_asked_for(textgym, tmp_path):
    out = tmp_path / "run"
    args = ["run", GUESS, "-p", "openai:m@http://127.0.0.1:9/v1", "-n", 2, "--out", out, "--policy-set", "retries=0"]
    refused = textgym("run", GUESS, "-p", "oracle", "-n", 2, "--out", out, "--retry-failed")
    assert refused.code == 2
    assert "--resume" in refused.err
    assert textgym(*args).code == 1
    kept = textgym(*args, "--resume", "--json").json
    assert kept["episodes_before"] == 2
    again = textgym(*args, "--resume", "--retry-failed", "--json").json
    assert again["episodes_before"] == 0
    assert again["without_reward"] == 2


def test_resume_of_another_run_is_refused_by_field(textgym, tmp_path):
    out = tmp_path / "run"
    assert textgym("run", GUESS, "-p", "oracle", "-n", 2, "--out", out).code == 0
    other = textgym("run", GUESS, "-p", "noop", "-n", 4, "-s", "high=50", "--seed", 1, "--out", out, "--resume")
    assert other.code == 2
    for name in ("config.high", "policy.name", "seed"):
        assert name in other.err
    assert EpisodeStore.open(out).count() == 2


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "name who plays"),
        (["-p", "orcale"], "did you mean 'oracle'?"),
        (["-p", "oracle", "--model", "m"], "leave one out"),
        (["-p", "oracle", "--temperature", "1"], "temperature"),
        (["-p", "script:/nowhere"], "/nowhere"),
        (["-p", "oracle", "-n", "5", "--group-size", "2"], "multiple of --group-size"),
        (["-p", "oracle", "--split", "dev"], "--split"),
        (["-p", "oracle", "--execution", "threads"], "did you mean 'thread'?"),
        (["-p", "oracle", "--resume"], "--resume needs --out"),
        (["-p", "openai:m@http://127.0.0.1:9/v1", "--policy-set", "tmeperature=1"], "did you mean 'temperature'?"),
        (["-p", "openai:m@http://127.0.0.1:9/v1", "--policy-set", "retries=few"], "retries"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(textgym, args, expected):
    ended = textgym("run", GUESS, *args)
    assert ended.code == 2
    assert ended.out == ""
    assert expected in ended.err
    assert ended.err.count("\n") == 1


def test_a_run_in_a_place_that_cannot_be_written(textgym, tmp_path):
    (tmp_path / "file").write_text("")
    ended = textgym("run", GUESS, "-p", "oracle", "-n", 1, "--out", tmp_path / "file")
    assert ended.code == 2
    assert "file" in ended.err


@pytest.fixture
def nobody():
    """The URL of an endpoint that refuses connections."""
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_episodes_without_a_reward_are_reported_and_fail_the_run(textgym, nobody):
    args = ["--model", "m", "--base-url", nobody, "--policy-set", "retries=0", "-n", 2, "--json"]
    ended = textgym("run", GUESS, *args)
    assert ended.code == 1
    assert ended.json["without_reward"] == 2
    assert ended.json["finished"]
    assert ended.json["reward"]["mean"] is None
    assert ended.json["stop_reasons"] == {"policy_failed": 2}
    assert sum(ended.json["errors"].values()) == 2


def test_a_run_that_only_fails_is_given_up(textgym, nobody, tmp_path):
    args = ["--model", "m", "--base-url", nobody, "--policy-set", "retries=0", "--out", tmp_path / "run"]
    ended = textgym("run", GUESS, *args, "-n", 1000, "-c", 1, "--max-failures", 3, "--json")
    assert ended.code == 1
    assert ended.json["stopped"] == "failures"
    assert ended.json["episodes"] == 3
    assert "in a row" in ended.err


def test_a_script_plays_from_a_file(textgym, tmp_path):
    script = tmp_path / "script.txt"
    script.write_text("1\n2\n3\n")
    ended = textgym("run", GUESS, "-p", f"script:{script}", "-n", 3, "-s", "high=3", "--json")
    assert ended.code == 0
    assert ended.json["success"]["rate"] == 1.0


def test_a_run_of_an_environment_of_ones_own_replays_in_another_process(start, tmp_path, monkeypatch):
    (tmp_path / "own_page.py").write_text(
        "from textgym.core import Config, Reply, State, Task, TextEnv\n"
        "from textgym.registry import Entry\n"
        "class Echo(TextEnv[Config, State]):\n"
        "    def generate(self, rng):\n"
        "        return Task(prompt=str(rng.getrandbits(40)))\n"
        "    def act(self, task, state, action):\n"
        "        return Reply(action, score=float(action == task.prompt))\n"
        "    def oracle(self, task, state):\n"
        "        return task.prompt\n"
        "ENVIRONMENTS = [Entry('own/Echo-v0', 'own_page:Echo', 'Say it back.', 'tests')]\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    out = tmp_path / "run"
    for arguments in (
        ("run", "own_page:own/Echo-v0", "--policy", "oracle", "--episodes", "3", "--out", out, "--json"),
        ("run", "own_page:own/Echo-v0", "--policy", "oracle", "--episodes", "5", "--out", out, "--resume", "--json"),
        ("replay", out, "--json"),
    ):
        process = start(*arguments)
        answered, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert json.loads(answered)["episodes"] == 5
