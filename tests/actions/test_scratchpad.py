"""The scratchpad: what is noted is shown in its order, and never takes more room than there is."""

from hypothesis import given
from hypothesis import strategies as st

from textgym.actions.scratchpad import show_notes, write_note


def test_an_empty_scratchpad_says_so() -> None:
    assert show_notes([]) == "The scratchpad is empty."


def test_a_note_that_does_not_fit_is_not_kept_and_the_policy_is_told_why() -> None:
    notes = ["twelve"]
    assert write_note(notes, "x" * 13, room=20) == "Not noted: the scratchpad holds 20 characters, and 7 are used."
    assert notes == ["twelve"]
    assert write_note(notes, "x" * 12, room=20) == "Noted."
    assert show_notes(notes) == "twelve\n" + "x" * 12


@given(st.lists(st.text(max_size=30), max_size=20), st.integers(0, 200))
def test_notes_keep_their_order_and_their_room(texts: list[str], room: int) -> None:
    notes: list[str] = []
    kept = [text for text in texts if write_note(notes, text, room) == "Noted."]
    assert notes == kept
    assert sum(len(note) + 1 for note in notes) <= room
    assert show_notes(notes) == ("\n".join(kept) or "The scratchpad is empty.")
