"""How reports look on a terminal of 80 columns, and that what is shown as a value can be typed as one."""

import errno
import os
import pty
import select
import signal
import subprocess
import sys
from itertools import pairwise

import pytest

from textgym.envs.code.bank.catalogue import catalogue


@pytest.fixture
def narrow(monkeypatch, textgym):
    """Runs a command as on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    return textgym


def test_the_bank_fits_into_80_columns_with_every_name_whole(narrow):
    lines = narrow("bank", "list").out.splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) == 2 + len(catalogue().packages)
    for spec, line in zip(catalogue().packages, lines[2:], strict=True):
        assert line.split()[:3] == [spec.label, spec.licence, spec.split]


def test_a_wide_screen_shows_the_tasks_of_each_kind(textgym, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    lines = textgym("bank", "list").out.splitlines()
    assert lines[0].split()[-3:] == ["single", "combined", "implement"]
    assert max(map(len, lines)) <= 120


def test_paragraphs_of_a_specification_are_wrapped_as_one(narrow):
    lines = [line.rstrip() for line in narrow("info", "DatasetQA-v0").out.splitlines()]
    start = next(number for number, line in enumerate(lines) if line.startswith("Nothing is downloaded."))
    paragraph = lines[start : lines.index("", start)]
    for line, following in pairwise(paragraph):
        assert len(line) + 1 + len(following.split()[0]) > 80, "a line ends before it is full"


def test_info_shows_values_as_they_are_typed(textgym):
    shown = {line.split("  ")[0]: line for line in textgym("info", "DatasetQA-v0").out.splitlines()}
    assert '["A", "B", "C", "D"]' in shown["labels"]
    assert "null" in shown["split_column"]
    assert "text or null" in shown["split_column"]
    assert '""' in shown["system"]
    assert "false" in shown["answer_in_prompt"]
    again = textgym("info", "DatasetQA-v0", "-s", 'labels=["A", "B", "C", "D"]', "-s", "split_column=null", "--json")
    assert again.json["config"] == textgym("info", "DatasetQA-v0", "--json").json["config"]


def test_view_of_a_run_without_a_failure_says_so(textgym, tmp_path):
    assert textgym("run", "Countdown-v0", "--policy", "oracle", "-n", 3, "--out", tmp_path / "run").code == 0
    ended = textgym("view", tmp_path / "run", "--failed")
    assert ended.code == 0
    assert "all are solved" in ended.err
    assert "reward" not in ended.out


@pytest.mark.parametrize("key", ["interrupt", "end"])
def test_what_follows_the_prompt_of_a_game_begins_on_a_line_of_its_own(key):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "textgym", "play", "GuessNumber-v0", "--seed", "3"]
    game = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env=os.environ | {"TERM": "dumb"},
        # Whoever runs the tests in the background has them ignore the interrupt; a person at a terminal does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    shown = _read(ours, until=b"> ")
    shown = b""
    if key == "interrupt":
        # One that comes between the prompt and the reading of a line takes effect after the line: a person presses again.
        while not shown:
            game.send_signal(signal.SIGINT)
            shown = _read(ours, patience=2)
    else:
        os.write(ours, b"\x04")
        shown = _read(ours)
    assert game.wait(30) == (130 if key == "interrupt" else 0)
    os.close(ours)
    assert shown.replace(b"^C", b"").replace(b"^D", b"").lstrip(b"\x08 ").startswith(b"\r\n")
    assert shown.endswith(b"\n")


def _read(terminal, until=None, patience=30):
    """What the terminal shows, up to a text or to the end, or until nothing more comes for some seconds."""
    shown = b""
    while select.select([terminal], [], [], patience)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError as error:
            if error.errno != errno.EIO:  # so Linux tells that the other end was closed
                raise
            break
        if not part:
            break
        shown += part
        if until is not None and shown.endswith(until):
            break
    return shown
