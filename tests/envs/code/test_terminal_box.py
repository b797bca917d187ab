"""Terminal's box: one command in a tree, on every provider: the tree comes back as it is, whatever the command does."""

import asyncio
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.envs.code.terminal.box import Bounds, Ran, read_report, run_command
from textgym.envs.code.terminal.tree import Node, check_tree
from textgym.envs.code.terminal.view import observation, shown
from textgym.sandbox import RunResult, open_sandbox

START = {
    "a": Node("dir", 0o755),
    "a/x.txt": Node("file", 0o640, 1_700_000_000, b"one\ntwo\n"),
    "a/empty dir": Node("dir", 0o700),
    "raw": Node("file", 0o444, 1_700_000_001, bytes(range(256))),
    "shut": Node("file", 0o000, 1_700_000_002, b"secret"),
    "locked": Node("dir", 0o500),
    "locked/in": Node("file", 0o755, 1_700_000_003, b"#!/bin/sh\necho ran\n"),
    "l": Node("link", 0o777, 0, b"", "a/x.txt"),
    "gone": Node("link", 0o777, 0, b"", "nowhere/é"),
    "pipe": Node("fifo", 0o600),
    "-n é\n'": Node("file", 0o644, 1_700_000_004, b""),
}
NOW = 1_735_689_600
HUGE = 10**400


@pytest.fixture(
    scope="module",
    params=[pytest.param("docker", marks=pytest.mark.docker), pytest.param("bwrap", marks=pytest.mark.sandbox)],
)
def run(request):
    with open_sandbox(request.param, slots=1) as box:

        def run(command, tree=START, cwd="", **bounds) -> Ran:
            return asyncio.run(run_command(box, tree, command, cwd=cwd, now=NOW, bounds=Bounds(**bounds)))

        yield run


def test_a_tree_comes_back_as_it_went_in(run):
    ran = run("true")
    assert ran.tree == START
    assert (ran.exit_code, ran.head, ran.cwd, ran.stopped) == (0, b"", "", None)


def test_what_a_command_changes_comes_back_and_has_the_time_that_is_given(run):
    ran = run(
        "cd a; echo new > y; chmod 700 y; rm x.txt; mkdir -p d/e; ln -s ../y d/l; touch -d @99 old; mv ~/raw .; pwd; exit 7"
    )
    assert (ran.exit_code, ran.head, ran.cwd) == (7, b"/box/home/a\n", "a")
    tree = {path: node for path, node in START.items() if path not in ("a/x.txt", "raw")}
    tree |= {
        "a/y": Node("file", 0o700, NOW, b"new\n"),
        "a/d": Node("dir", 0o755),
        "a/d/e": Node("dir", 0o755),
        "a/d/l": Node("link", 0o777, 0, b"", "../y"),
        "a/old": Node("file", 0o644, 99, b""),
        "a/raw": START["raw"],
    }
    assert ran.tree == tree
    assert run("cat y; pwd", tree=ran.tree, cwd="a").head == b"new\n/box/home/a\n"


def test_a_command_sees_the_modes_and_the_times(run):
    assert run("cat shut; locked/in; stat -c '%a %Y' raw a/x.txt").head.splitlines()[1:] == [
        b"ran",
        b"444 1700000001",
        b"640 1700000000",
    ]


def test_output_is_one_stream_and_nothing_of_an_earlier_command_is_left(run):
    assert run("echo out; echo err >&2; echo out").head == b"out\nerr\nout\n"
    run("touch /tmp/left /box/left; (sleep 100 &) ; alias ls=false; export X=1; cp /bin/true ~/bash")
    assert run(
        "ls /tmp /box; echo $X$BASH_ENV; ls /proc/[0-9]*/cmdline > /dev/null; grep -l 'sle[e]p' /proc/[0-9]*/cmdline"
    ).head == (b"/box:\nhome\n\n/tmp:\n\n")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("chmod -R u+w ~; rm -rf ~", "the home directory is gone"),
        ("rmdir() { :; }; mv ~ /box/other; ln -s other ~", "the home directory is gone"),
        ("seq 2000 | xargs touch", "more than 1500 files"),
        ("head -c 3000000 /dev/zero > big", "more than 2000000 bytes"),
        ("truncate -s 1T sparse || truncate -s 10M sparse", "more than 2000000 bytes"),
        ("mkdir -p $(printf 'd/%.0s' $(seq 300))", "longer than 400"),
        ("touch $'\\xff'", "not UTF-8"),
        ("ln -s $'\\xff' x", "not UTF-8"),
        ("kill -9 $PPID", "ended from inside"),
        ("echo junk > /proc/$PPID/fd/3; kill -9 $PPID", "ended from inside"),
    ],
)
def test_what_cannot_be_kept_is_said_and_changes_nothing(run, command, why):
    ran = run(f"touch other; {command}")
    assert ran.tree is None
    assert why in ran.why
    assert run("true").tree == START


def test_a_process_left_behind_ends_with_the_command(run):
    ran = run("(trap '' TERM HUP; while true; do date >> a/later; done) & setsid sleep 50 & disown -a; echo done")
    assert ran.exit_code == 0
    assert ran.head == b"done\n"
    assert ran.tree is not None


def test_time_and_output_are_bounded(run):
    slow = run("echo before; sleep 60; echo after", seconds=0.5)
    assert (slow.stopped, slow.head, slow.exit_code) == ("time", b"before\n", 137)
    assert slow.tree == START
    loud = run("yes", output=500_000)
    assert loud.stopped == "output"
    assert loud.written > 500_000
    assert "about" in shown(loud, 1000)


def test_special_files_are_what_they_are(run):
    ran = run("mkfifo p; python3 -c \"import socket; socket.socket(socket.AF_UNIX).bind('s')\"; ln a/x.txt hard")
    assert ran.tree is not None
    assert ran.tree["p"].kind == "fifo"
    assert "s" not in ran.tree
    assert ran.tree["hard"] == ran.tree["a/x.txt"]


def test_a_syntax_error_and_a_lost_directory_are_the_commands_doing(run):
    ran = run("if then")
    assert ran.exit_code == 2
    assert b"syntax error" in ran.head
    assert run("cd /tmp").cwd is None
    assert run("mkdir d; cd d; rmdir ../d").cwd is None
    assert run("exec true").cwd is None


def test_what_is_shown_is_readable_and_bounded():
    long = Ran({}, head=b"a" * 5000 + b"b" * 5000, written=10_000, exit_code=0)
    text = shown(long, 1000)
    assert text.startswith("a" * 500 + "\n[... 9,000 characters left out ...]\n")
    assert text.endswith("\n" + "b" * 500)
    strange = Ran({}, head=b"\x1b[2Jok\xff\r\n\tx\xe2\x80\xae\n", written=15, exit_code=1, stopped="time")
    assert observation(strange, ["A note."], 3, 1000) == (
        "exit_code: 1\n--- output ---\n\\x1b[2Jok\ufffd\\x0d\n\tx\\u202e\n--- The command took too long and was ended.\n"
        "--- A note.\n--- turns left: 3"
    )


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(HUGE)
entries = st.lists(
    st.tuples(
        st.sampled_from(["file", "dir", "link", "fifo", "disk", 7]),
        st.sampled_from(["a", "a/b", "../a", "/a", "", "a\0", "\ud800", "x" * 999, None]),
        st.sampled_from([0o644, -1, 1 << 40, None, True, "7"]),
        plain,
        st.sampled_from([None, 0, 2, -3, HUGE, "t", "", True]),
    )
    | plain,
    max_size=3,
)
heads = st.fixed_dictionaries(
    {"entries": entries | plain, "cwd": plain, "exit_code": plain, "head": plain, "tail": plain, "written": plain},
    optional={"stopped": plain, "unkeepable": plain},
)


@given(heads | plain | st.lists(plain, max_size=2), st.binary(max_size=4), st.sampled_from([0, -2, 5, 1 << 31]))
def test_a_forged_report_is_a_tree_or_nothing(head, blobs, lie):
    text = json.dumps(head).encode()
    data = struct.pack("!I", (len(text) + lie) % (1 << 32)) + text + blobs
    ran = read_report(RunResult("exit", exit_code=0, result=data), NOW, Bounds())
    if ran.tree is not None:
        check_tree(ran.tree)
        assert sum(len(node.data) for node in ran.tree.values()) == len(blobs)
    else:
        assert ran.why


@given(st.binary(max_size=200) | st.just(b"\0\0\xff\xff" + b"[" * 70_000))
def test_a_report_of_noise_is_nothing(data):
    for status in ("exit", "signal", "timeout", "cpu", "memory", "output_limit", "malformed_result"):
        assert read_report(RunResult(status, result=data), NOW, Bounds()).tree is None
        assert read_report(RunResult(status, result=None), NOW, Bounds()).tree is None
