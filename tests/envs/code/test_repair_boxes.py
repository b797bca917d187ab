"""What a policy can do in its box: commands, tests, edits; and what becomes of those that misbehave."""

import json
import struct

import pytest
from sample_repairs import SampleFix

from textgym.envs.code.repair.box import _read_command
from textgym.sandbox import RunResult

pytestmark = pytest.mark.docker


@pytest.fixture
def env():
    return SampleFix(command_seconds=10)


@pytest.fixture
def live(env):
    return env.start(env.task("train", 0))


def said(live, name, **arguments):
    return live.step(live.env.call(name, **arguments))


def test_files_stay_between_commands_and_processes_do_not(live):
    text, *_ = said(live, "bash", command="mkdir new && echo hi > new/a.txt && (sleep 100 &) && pwd")
    assert text.startswith("exit_code: 0\n--- output ---\n")
    assert "/repo\n" in text
    assert text.endswith("--- turns left: 29")
    text, *_ = said(live, "bash", command="cat new/a.txt; ls /proc | grep -c '^[0-9]'; rm README.md; exit 3")
    assert text.startswith("exit_code: 3\n--- output ---\nhi\n")
    assert "README.md" not in said(live, "view", path=".")[0]
    assert set(live.state.changes.files) == {"new/a.txt", "README.md"}


def test_a_snapshot_of_every_step_goes_on_elsewhere(env, live):
    said(live, "bash", command="echo x = 1 > src/shelf/more.py")
    twin = SampleFix(command_seconds=10)
    twin.restore(json.loads(json.dumps(live.snapshot())))
    text, *_ = twin.step(env.call("bash", command="python -c 'from shelf import more; print(more.x)'"))
    assert "\n1\n" in text


def test_python_and_pytest_are_there_under_their_names(live):
    text, *_ = said(live, "bash", command="python -V && pytest -q tests/test_store.py && python -m pytest --version")
    assert "exit_code: 0" in text
    assert "7 passed" in text


def test_tests_are_run_without_those_that_decide(live):
    text, *_ = said(live, "test")
    assert "17 passed" in text
    assert "test_wrap_keeps_words" not in said(live, "view", path="tests/test_text.py")[0]
    text, *_ = said(live, "test", target="tests/test_text.py::test_columns tests/test_store.py")
    assert "8 passed" in text
    text, *_ = said(live, "test", target="tests/gone.py")
    assert "exit_code: 4" in text
    assert "Not run" in said(live, "test", target="-p no:terminal")[0]


def test_a_failing_test_says_the_same_each_time(env):
    texts = set()
    for _ in range(2):
        live = env.start(env.task("train", 0))
        said(live, "edit", path="src/shelf/text.py", old=".upper()", new=".lower()")
        texts.add(said(live, "test", target="tests/test_text.py")[0])
    assert len(texts) == 1
    assert "3 failed" in texts.pop()


def test_the_history_has_one_commit_and_shows_what_was_changed_since(live):
    said(live, "bash", command="echo changed >> README.md")
    text, *_ = said(live, "bash", command="git log --oneline --all && git diff --stat")
    assert text.count("The package") == 1
    assert "README.md" in text
    text, *_ = said(
        live, "bash", command="git fsck --lost-found; git stash list; git reflog | wc -l; git tag; git branch -a"
    )
    assert "exit_code: 0" in text
    assert "dangling" not in text
    assert not any(path.startswith(".git/") for path in live.state.changes.files)
    assert "+changed" in said(live, "diff")[0]


def test_a_command_that_hangs_is_stopped_and_its_changes_kept(env):
    env = SampleFix(command_seconds=1)
    live = env.start(env.task("train", 0))
    text, *_, info = said(live, "bash", command="echo 1 > a.txt; trap '' TERM INT; sleep 1000")
    assert "stopped after 1 seconds" in text
    assert info["stopped"] == "time"
    assert "a.txt" in live.state.changes.files
    text, *_, info = said(live, "bash", command="while true; do :; done")
    assert info["stopped"] == "time"
    assert not live.ended


def test_tests_that_hang_are_stopped():
    env = SampleFix(command_seconds=1)
    live = env.start(env.task("train", 0))
    said(live, "edit", path="tests/test_hang.py", old="", new="import time\ntime.sleep(1000)\n")
    text, *_, info = said(live, "test", target="tests/test_hang.py")
    assert info["stopped"] == "timeout"
    assert "stopped: timeout" in text


def test_the_whole_tree_can_be_deleted_and_submitted(live):
    text, *_ = said(live, "bash", command="rm -rf * && ls")
    assert "exit_code: 0" in text
    assert said(live, "view", path=".")[0].startswith("(There are no files.)")
    _, reward, terminated, _, info = said(live, "submit")
    assert (reward, terminated, info["outcome"]["status"]) == (0.0, True, "ok")


@pytest.mark.parametrize(
    ("command", "stopped"),
    [
        ("head -c 6000000 /dev/zero > large.bin", "too_large"),
        ("for i in $(seq 800); do echo > f$i; done", "too_large"),
        ("kill -9 $PPID", "lost_changes"),
        ("mkdir x && cd x && ln -s /etc/passwd link && mkfifo pipe && ln -s . loop && mkdir empty && echo ok > f", ""),
        ("chmod 000 README.md src", ""),
    ],
)
def test_odd_changes_are_kept_or_refused_with_a_word(live, command, stopped):
    before = live.state.changes.model_copy(deep=True)
    text, *_, info = said(live, "bash", command=command)
    assert info["stopped"] == stopped
    if stopped:
        assert live.state.changes == before
        assert "--- note: " in text
    assert set(live.state.changes.files) <= {
        "x/f",
        "README.md",
        "src/shelf/text.py",
        "src/shelf/__init__.py",
        "src/shelf/store.py",
    }
    assert not live.ended


def test_long_output_keeps_head_and_tail(live):
    text, *_ = said(live, "bash", command="seq 1 3000000")
    assert len(text) < 9000
    assert "\n1\n2\n3\n" in text
    assert "2999999\n3000000\n" in text
    assert "left out" in text


def test_odd_bytes_are_shown_and_stay_apart_from_what_we_say(live):
    text, *_ = said(live, "bash", command="printf '\\xff\\x00\\x1b[31m'; echo; echo '--- turns left: 99'")
    assert "\ufffd" in text
    assert text.endswith("--- turns left: 29")


def test_there_is_no_network(live):
    code = "import socket; socket.create_connection(('1.1.1.1', 53), 2)"
    assert "exit_code: 1" in said(live, "bash", command=f'python -c "{code}"')[0]


def test_a_patch_is_applied_whole_or_not_at_all(live):
    good = "*** Update File: README.md\n@@\n-Things on shelves.\n+Things."
    bad = "*** Update File: src/shelf/text.py\n@@\n-no such line\n+x"
    text, *_ = said(live, "patch", text=f"*** Begin Patch\n{good}\n{bad}\n*** End Patch")
    assert text.startswith("The patch was not applied: src/shelf/text.py, hunk 1")
    assert not live.state.changes.files
    text, *_ = said(live, "patch", text=f"*** Begin Patch\n{good}\n*** End Patch")
    assert text.startswith("Updated README.md.")


def test_a_patch_of_ten_megabytes_is_refused_at_once(env):
    live = env.start(env.task("train", 0))
    text, *_ = said(live, "patch", text="*** Begin Patch\n*** Add File: x\n" + "+x\n" * 4_000_000 + "*** End Patch")
    assert "at most 100,000 are read" in text
    assert live.state.invalid == 1
    live.env.max_action = 20_000_000
    text, *_ = said(live, "patch", text="*** Begin Patch\n*** Add File: x\n" + "+x\n" * 4_000_000 + "*** End Patch")
    assert "more than 4 MB" in text
    assert not live.state.changes.files


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\0\0\0",
        struct.pack("!I", 5) + b"[]",
        struct.pack("!I", 1 << 31) + b"{}",
        *(
            struct.pack("!I", len(text)) + text
            for text in (
                b"[" * 9,
                b"null",
                b'{"output": [1, 2], "changed": [], "exit_code": 0, "elided": 0, "cpu": 0, "late": 0}',
                b'{"output": [-1, 1], "changed": [], "exit_code": 0, "elided": 0, "cpu": 0, "late": 0}',
                b'{"output": [0, 0], "changed": [[1]], "exit_code": 0, "elided": 0, "cpu": 0, "late": 0}',
                b'{"output": [0, 0], "changed": [], "exit_code": 1e999, "elided": 0, "cpu": 0, "late": 0}',
            )
        ),
    ],
)
def test_a_forged_report_changes_nothing(frame):
    done = _read_command(RunResult("exit", exit_code=0, result=frame), 1.0)
    assert done.stopped == "lost_changes"
    assert not done.changed


def test_timings_are_shown_only_when_asked_for():
    env = SampleFix(timings=True)
    live = env.start(env.task("train", 0))
    text, *_, info = said(live, "bash", command="true")
    assert "duration_cpu: 0.0" in text
    assert info["cpu_s"] >= 0
    assert env.task("train", 0).prompt == SampleFix().task("train", 0).prompt
