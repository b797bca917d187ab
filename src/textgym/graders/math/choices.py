"""Letters of a choice with their content, such as (B) 12 and C) red."""

import re
from dataclasses import dataclass

from textgym.graders.math.qualifiers import doubtful
from textgym.graders.math.vocabulary import FUNCTIONS, GREEK

_OPENED = r"(?:\\(?:text|textbf|mathrm|mathbf) *\{)? *"
_VALUE = r"(?:-?\d|\\\$|\\frac|\\sqrt|\\text"
_CONTENT = r"(?![-+*/^=<>,;:.!?|)\]}]|\\(?:cdot|times|cup|cap|div|pm|mp|in|le|ge|leq|geq|neq?|to)(?![a-z]))(.*\S)"
_BRACKETED = re.compile(
    rf"{_OPENED}\(([A-H])\)(?: *({_VALUE}|[A-Za-z]{{3}}).*)|(?: *\}} *|[ ~]+){_CONTENT}| *\}}? *({_VALUE}|[A-Za-z]{{3}}).*))"
)
_CLOSED = re.compile(rf"{_OPENED}([A-H])\) *\}}? *({_VALUE}|\(|[A-Za-z]).*)")
_DOTTED = re.compile(rf"{_OPENED}([A-H])(?:\.(?: *\}}|[ ~]) *|: +){_CONTENT}")
_LOWER = re.compile(r"\(([a-h])\) +((?:-?\d|\\\$|[A-Za-z]{3}).*)")
_LOWER_ALONE = re.compile(r"\(?([a-h])\)")
_ANOTHER = re.compile(r"(?<![A-Za-z])\([A-Ha-h]\)|(?<![A-Za-z0-9(])[A-H]\)|\b(?:or|and|not)\b[ ({]*[A-H]\b")
_NO_DOUBT = re.compile(
    r"\b(?:not enough|not possible|not defined|cannot be|does not exist|doesn't exist|do not intersect|none of)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The letter of a choice in upper case, and its content."""

    letter: str
    content: str


def choice(text: str) -> Choice | None:
    """The one choice that a text commits to, where both its letter and its content are there.

    Returns:
        None where a second letter is there, or a word that takes the choice back.
    """
    match = _BRACKETED.fullmatch(text) or _CLOSED.fullmatch(text) or _DOTTED.fullmatch(text) or _LOWER.fullmatch(text)
    if match is None:
        return None
    letter, content = match[1], next(group for group in match.groups()[1:] if group is not None)
    first = re.match(r"[A-Za-z]*", content)
    if letter.islower() and first and (first[0] in FUNCTIONS or first[0] in GREEK):
        return None
    if re.match(r"(?:\\text *\{ *)?(?:or|and|is|was|not|but)\b(?! enough| possible| defined)", content):
        return None
    if content.endswith("?") or _ANOTHER.search(content) or doubtful(_NO_DOUBT.sub("", content)):
        return None
    return Choice(letter.upper(), content)


def is_letter(text: str, letter: str) -> bool:
    """Whether a text is nothing but the letter of a choice, such as B, (B) or (b)."""
    lower = _LOWER_ALONE.fullmatch(text)
    return text.strip("() ") == letter or (lower is not None and lower[1].upper() == letter)


def same_letter(left: str, right: str) -> bool:
    """Whether one text is a letter in brackets and the other one the same letter in upper case, as in (c) and C."""
    return any(
        (lower := _LOWER_ALONE.fullmatch(one)) is not None and lower[1].upper() == other
        for one, other in ((left, right), (right, left))
    )
