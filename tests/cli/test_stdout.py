"""With --json stdout holds one JSON value, whatever an environment prints."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAGE = '''
import atexit
import ctypes
import os
import sys
from textgym import Entry, Random, Reply, Task, TextEnv

print("printed on import")
atexit.register(print, "printed at the end")
written = sys.stdout


class Loud(TextEnv):
    """Prints.

    Action: anything.
    Reward: 1.
    Ends: at once.
    """

    def generate(self, rng: Random) -> Task:
        return Task(prompt=str(rng.randint(0, 10**9)))

    def act(self, task, state, action):
        print("printed in act")
        written.write("written to what was stdout\\n")
        os.write(1, b"written to descriptor 1\\n")
        ctypes.CDLL(None).puts(b"printed by C")
        os.system("echo echoed by a shell")
        return Reply("done", score=1.0)

    def oracle(self, task, state):
        return ""


ENVIRONMENTS = [Entry("loud/Loud-v0", "loud_page:Loud", "Loud.", "loud")]
'''
LOUD = "loud_page:loud/Loud-v0"
SAID = [
    "printed on import",
    "printed in act",
    "written to what was stdout",
    "written to descriptor 1",
    "printed by C",
    "echoed by a shell",
    "printed at the end",
]
VERBS = {
    "run": ["run", LOUD, "--policy", "oracle", "-n", "3"],
    "run in processes": ["run", LOUD, "--policy", "oracle", "-n", "3", "--execution", "process", "--workers", "1"],
    "bench": ["bench", LOUD, "--seconds", "0.01", "-n", "2", "--concurrency", "2"],
    "check": ["check", LOUD, "--tasks", "2", "--only", "docstring", "--only", "oracle_score"],
    "info": ["info", LOUD],
}


@pytest.fixture
def loud(tmp_path: Path) -> Callable[..., "subprocess.Popen[str]"]:
    (tmp_path / "loud_page.py").write_text(PAGE)

    def start(*args: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "textgym", *args],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.mark.parametrize("verb", VERBS)
def test_what_an_environment_prints_goes_to_stderr(loud: Callable[..., "subprocess.Popen[str]"], verb: str) -> None:
    process = loud(*VERBS[verb], "--json")
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert isinstance(json.loads(out), dict)
    for said in SAID[:1] if verb == "info" else SAID:
        assert said in err, said


def test_without_json_it_stays_where_it_was_printed(loud: Callable[..., "subprocess.Popen[str]"]) -> None:
    out, err = loud(*VERBS["run"]).communicate(timeout=120)
    assert "printed in act" in out
    assert "printed in act" not in err


def test_a_command_that_fails_leaves_stdout_empty(loud: Callable[..., "subprocess.Popen[str]"]) -> None:
    process = loud("run", LOUD, "--policy", "nobody", "--json")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (2, "")
    assert "nobody" in err


def test_a_reader_that_has_gone_ends_it_quietly(loud: Callable[..., "subprocess.Popen[str]"]) -> None:
    with loud(*VERBS["run"], "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_a_stream_in_the_place_of_stdout_is_kept_too(
    textgym: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loud_page_in_process.py").write_text(
        "from textgym import Entry, Reply, Task, TextEnv\n"
        "class Loud(TextEnv):\n"
        "    def generate(self, rng): return Task(prompt=str(rng.randint(0, 10**9)))\n"
        "    def act(self, task, state, action): print('printed in act'); return Reply('done', score=1.0)\n"
        "ENVIRONMENTS = [Entry('loud_in_process/Loud-v0', f'{__name__}:Loud', 'Loud.', 'loud')]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    ended = textgym("run", "loud_page_in_process:loud_in_process/Loud-v0", "--policy", "noop", "-n", 2, "--json")
    assert ended.json["episodes"] == 2
    assert ended.err.count("printed in act") == 2
