"""What a supervisor answers in a session is read as hostile bytes are: in the form that is asked for, or as a loss."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.sandbox.errors import SandboxLostError
from textgym.sandbox.session_messages import (
    Changes,
    End,
    FileMap,
    read_changes,
    read_errors,
    read_files,
    read_start,
    read_turn,
)
from textgym.sandbox.shell import CommandResult, _exit_code

END = {"status": "exit", "exit_code": 3, "signal": None, "cpu_s": 0.5, "maxrss_mb": 1.5, "detail": "", "reason": ""}
TURN = {
    "reason": "", "stdout": 2, "stderr": 0, "channel": 1, "stdout_truncated": True, "stderr_truncated": False,
    "ended": END, "wall_s": 0.1, "left_s": 9, "unsent": 0,
}  # fmt: skip
FILES = {"files": [["a/b", 1], ["c", 0]], "errors": {"d": "gone"}, "same": ["e"], "whole": True}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


def test_a_turn_is_read() -> None:
    turn = read_turn(TURN, b"abc")
    assert (turn.stdout, turn.stderr, turn.channel, turn.stdout_truncated) == (b"ab", b"", b"c", True)
    assert turn.end == End("exit", 3, None, 0.5, 1.5, "")
    assert read_turn({**TURN, "ended": None, "channel": 0}, b"ab").end is None


def test_files_and_changes_are_read() -> None:
    files = read_files(FILES, b"x")
    assert files == {"a/b": b"x", "c": b""}
    assert (files.errors, files.whole) == ({"d": "gone"}, True)
    assert read_changes(FILES, b"x", {"c": "", "e": "", "f": ""}) == Changes(FileMap({"a/b": b"x", "c": b""}), ("f",))
    assert read_changes({**FILES, "whole": False}, b"x", {"f": ""}).removed == ()


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ({**TURN, "stdout": 3}, b"abc"),
        ({**TURN, "stdout": -1, "stderr": 3}, b"abc"),
        ({**TURN, "stdout": True, "stderr": 1}, b"abc"),
        ({**TURN, "ended": {**END, "status": "passed"}}, b"abc"),
        ({**TURN, "ended": {**END, "exit_code": "0"}}, b"abc"),
        ({**TURN, "ended": []}, b"abc"),
        ({**TURN, "wall_s": None}, b"abc"),
        ({name: value for name, value in TURN.items() if name != "reason"}, b"abc"),
    ],
)
def test_another_turn_is_a_loss(head: dict[str, object], body: bytes) -> None:
    with pytest.raises(SandboxLostError, match="malformed"):
        read_turn(head, body)


@pytest.mark.parametrize("name", ["../a", "/a", "a//b", "", ".", "a\0"])
def test_no_name_leads_out(name: str) -> None:
    with pytest.raises(SandboxLostError, match="malformed"):
        read_files({"files": [[name, 0]], "errors": {}}, b"")


@given(st.dictionaries(st.sampled_from([*TURN, *FILES]), json_values), st.binary(max_size=8))
def test_any_other_answer_is_read_or_a_loss(changes: dict[str, object], body: bytes) -> None:
    for read in (
        lambda: read_turn({**TURN, **changes}, body),
        lambda: read_files({**FILES, **changes}, body),
        lambda: read_changes({**FILES, **changes}, body, {"a": ""}),
        lambda: read_start(changes),
        lambda: read_errors({**FILES, **changes}),
    ):
        with contextlib.suppress(SandboxLostError):
            read()


def test_only_the_shells_own_words_end_a_command() -> None:
    assert _exit_code(b"0123 0\n", "0123") == 0
    assert _exit_code(b"0123 255\n", "0123") == 255
    for said in (b"", b"0123 0", b"0123 256\n", b"0124 0\n", b"0123 0\n0123 0\n", b"0123 -1\n", b" 0123 0\n", b"0123 \n",
                 b"0123 0000\n", b"0123  0\n", "0123 ²\n".encode(), b"x0123 0\n"):  # fmt: skip
        assert _exit_code(said, "0123") is None, said


@given(st.binary(max_size=60))
def test_whatever_else_is_said_is_no_exit_code(said: bytes) -> None:
    assert _exit_code(said, "f" * 32) is None


def test_ok_is_exit_code_zero_and_nothing_else() -> None:
    assert CommandResult("exit", 0).ok
    assert not CommandResult("exit", 1).ok
    assert not CommandResult("timeout").ok
