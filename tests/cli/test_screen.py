"""Text from a model can be shown without commanding the terminal; a log shows how far a long command has come."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.cli.screen import begin, busy, visible


@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_control_character_survives(text):
    shown = visible(text).plain
    assert all(unicodedata.category(c) not in ("Cc", "Cs") or c in "\n\t" for c in shown)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=200))
def test_harmless_text_stays_as_it_is(text):
    assert visible(text).plain == text


def test_what_is_replaced_can_still_be_read():
    assert visible("a\x1b[2Jb\u202ec\ud800\td\n").plain == "a\\x1b[2Jb\\u202ec\\ud800\td\n"


def test_brackets_are_no_markup():
    assert visible("[bold]x[/bold]").plain == "[bold]x[/bold]"


@pytest.mark.parametrize(("quiet", "written"), [(0.0, "one\ntwo\n"), (60.0, "")])
def test_a_log_shows_how_far_a_long_command_has_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quiet: float, written: str
) -> None:
    monkeypatch.setattr("textgym.cli.screen._QUIET_S", quiet)
    begin()
    with busy("starting") as say:
        say("one")
        say("two")
    assert capsys.readouterr() == ("", written)


def test_a_short_command_logs_nothing_in_a_process_that_is_no_longer_young(textgym, monkeypatch, tmp_path):
    monkeypatch.setattr("textgym.cli.screen._said_at", -1e9)
    assert textgym("run", "Countdown-v0", "--policy", "oracle", "-n", 3, "--out", tmp_path / "run").code == 0
    replayed = textgym("replay", tmp_path / "run")
    assert (replayed.code, replayed.err) == (0, "3 episodes, 3 turns: all as recorded\n")
