"""A scratchpad: what a policy notes for itself, kept in the episode's state and bounded.

An environment keeps the notes as a `list[str]` of its state, and offers `note` and `read_notes` as tools of its own.
"""


def write_note(notes: list[str], text: str, room: int) -> str:
    """Add a note where there is room for it, and say whether there was.

    Args:
        notes: the notes so far; the new one goes to their end.
        text: the note, of any length.
        room: characters that the scratchpad holds, one more for each note included.
    """
    used = sum(len(note) + 1 for note in notes)
    if used + len(text) + 1 > room:
        return f"Not noted: the scratchpad holds {room} characters, and {used} are used."
    notes.append(text)
    return "Noted."


def show_notes(notes: list[str]) -> str:
    """The notes in their order, each from a new line; a sentence where there are none."""
    return "\n".join(notes) or "The scratchpad is empty."
