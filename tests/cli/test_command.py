"""The command as a process: start-up, pipes, signals, and death."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from textgym.episodes import EpisodeStore

GUESS = "GuessNumber-v0"
MANY = ["run", GUESS, "--policy", "random", "-s", "high=50", "--concurrency", "16"]


def stored(out):
    path = out / "episodes.jsonl"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_for(process, out, episodes):
    while stored(out) < episodes:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.005)


def wait_until_it_plays(process):
    """Until the process handles SIGTERM, which Python by itself never does and a run always does."""
    status = Path(f"/proc/{process.pid}/status")
    while not int(re.search(r"SigCgt:\s*(\w+)", status.read_text())[1], 16) >> signal.SIGTERM - 1 & 1:
        assert process.poll() is None
        time.sleep(0.005)


def finish(start, *args):
    process = start(*args)
    out, err = process.communicate()
    return process.returncode, out, err


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom textgym.cli import main\nsys.argv = ['textgym', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'gymnasium', 'numpy', 'pydantic', 'textgym.core', 'asyncio', 'httpx'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for verb in ("list", "search", "info", "play", "run", "bench", "check", "replay", "export", "view"):
        assert f" {verb} " in done.stdout


def test_list_needs_no_gymnasium():
    code = (
        "import sys\nfrom textgym.cli import main\nsys.argv = ['textgym', 'list', '--json']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "assert not {'gymnasium', 'numpy', 'textgym.core'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_an_environment_in_the_working_directory_is_found_by_its_module(tmp_path):
    (tmp_path / "here.py").write_text(
        "from textgym.core import Config, Reply, State, Task, TextEnv\n"
        "from textgym.registry import Entry\n"
        "class Mine(TextEnv[Config, State]):\n"
        "    def generate(self, rng):\n"
        "        return Task(prompt=f'Say {rng.randint(1, 10**9)}.')\n"
        "    def act(self, task, state, action):\n"
        "        return Reply('Thanks.', score=1.0)\n"
        "ENVIRONMENTS = [Entry('mine/Mine-v0', 'here:Mine', 'Say it.', 'tests')]\n"
    )
    code = "import sys\nsys.path.pop(0)\nfrom textgym.cli import main\nmain()"
    args = ["run", "here:mine/Mine-v0", "-p", "noop", "-n", "2", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["env_id"] == "mine/Mine-v0"


@pytest.mark.parametrize("args", [["lsit"], ["info"], ["list", "--jsno"], ["run", GUESS, "-n", "0"]])
def test_wrong_options_exit_with_2(start, args):
    code, out, err = finish(start, *args)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err


def test_errors_show_a_traceback_only_on_demand(start):
    code, _, err = finish(start, "info", "Nothing-v0")
    assert code == 2
    assert "Traceback" not in err
    code, _, err = finish(start, "--debug", "info", "Nothing-v0")
    assert code != 0
    assert "Traceback" in err


def test_a_closed_pipe_ends_the_command_quietly(start):
    process = start("list", "--json")
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert err == ""


def test_a_pipe_gets_no_colours(start):
    _, out, _ = finish(start, "list")
    assert "\x1b" not in out


def test_a_terminal_without_unicode_is_no_obstacle(start):
    process = start("info", GUESS, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    _, err = process.communicate()
    assert process.returncode == 0, err


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupted_run_is_resumed_to_exactly_the_episodes_asked_for(start, tmp_path, number):
    out = tmp_path / "run"
    args = [*MANY, "-n", 600, "--out", out]
    process = start(*args, "--json")
    wait_for(process, out, 20)
    process.send_signal(number)
    told, err = process.communicate()
    assert process.returncode == 3, err
    report = json.loads(told)
    assert not report["finished"]
    assert report["resume"].endswith("--resume")
    assert "Traceback" not in err
    before = {episode.episode_id for episode in EpisodeStore.open(out)}
    assert len(before) == report["episodes"] < 600

    code, told, err = finish(start, *args, "--resume", "--json")
    assert code == 0, err
    assert json.loads(told)["episodes_before"] == len(before)
    after = [episode.episode_id for episode in EpisodeStore.open(out)]
    assert len(after) == len(set(after)) == 600
    assert before <= set(after)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_an_interrupted_run_that_stores_nothing_says_so(start):
    process = start(*MANY, "-n", 10**6)
    wait_until_it_plays(process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_a_killed_run_loses_nothing_and_repeats_nothing(start, tmp_path, rounds):
    out, total = tmp_path / "run", 200 * rounds
    args = [*MANY, "-n", total, "--out", out, "--resume"]
    seen = set()
    for number in range(rounds):
        process = start(*args)
        wait_for(process, out, min(total - 1, len(seen) + 37 + 61 * number % 100))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        ids = [episode.episode_id for episode in EpisodeStore.open(out)]
        assert len(ids) == len(set(ids))
        assert seen <= set(ids)
        seen = set(ids)
    assert finish(start, *args)[0] == 0
    ids = [episode.episode_id for episode in EpisodeStore.open(out)]
    assert len(ids) == len(set(ids)) == total
    assert seen <= set(ids)


def test_a_full_disk_loses_nothing_that_was_stored(start, tmp_path):
    out = tmp_path / "run"
    args = [*MANY, "-n", 100, "--out", out]
    process = subprocess.run(
        [sys.executable, "-m", "textgym", *map(str, args)],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1
    assert "no room" in process.stderr
    assert "resume" in process.stderr
    kept = {episode.episode_id for episode in EpisodeStore.open(out)}
    assert kept
    code, told, err = finish(start, *args, "--resume", "--json")
    assert code == 0, err
    assert json.loads(told)["episodes_before"] == len(kept)
    assert EpisodeStore.open(out).count() == 100


def test_a_second_run_in_the_same_directory_is_kept_out(start, tmp_path):
    out = tmp_path / "run"
    args = [*MANY, "-n", 10**6, "--out", out, "--resume"]
    first = start(*args)
    wait_for(first, out, 1)
    code, _, err = finish(start, *args)
    first.send_signal(signal.SIGINT)
    first.communicate()
    assert code == 2
    assert "is being written by process" in err
