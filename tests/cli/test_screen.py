"""Text from a model can be shown without commanding the terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from textgym.cli.screen import visible


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
