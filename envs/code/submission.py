"""The program in a policy's answer."""

import re

from textgym.actions import final_answer
from textgym.actions.answers import committed

_FENCE = re.compile(r"^[ \t]*```[ \t]*(?:python|py|python3)?[ \t]*$", re.IGNORECASE)
_CLOSING = re.compile(r"^[ \t]*```[ \t]*$")

HOW_TO_ANSWER = (
    "Reply with the whole program inside <answer></answer>, once; a ```python fence inside is fine. Anything outside is "
    "not read."
)


def submitted_code(text: str) -> str | None:
    """The program that `text` commits to, or None.

    It stands inside the one `<answer></answer>` (see `final_answer`), bare or as its only fenced block. Time is linear in
    the length of the text.
    """
    answer = final_answer(text)
    if not answer:
        return None
    lines = answer.split("\n")
    fences = [number for number, line in enumerate(lines) if _FENCE.match(line)]
    if not fences:
        return answer + "\n"
    if len(fences) != 2 or not _CLOSING.match(lines[fences[1]]):
        return None
    inside = "\n".join(lines[fences[0] + 1 : fences[1]])
    return inside + "\n" if inside.strip() else None


def submission(code: str) -> str:
    """The text that commits to a program; `submitted_code` reads it back."""
    return committed(f"\n```python\n{code.rstrip()}\n```\n")
