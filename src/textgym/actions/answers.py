"""The committed answer in a model's text, for environments in which reasoning comes before it.

The rule, the same in all of them: the answer stands between `<answer>` and `</answer>`, once. Text around it is reasoning
and is not read, so a model may think as long as it likes, but it cannot be paid for naming several answers.
"""

import re
from fractions import Fraction

_OPEN, _CLOSE = "<answer>", "</answer>"
_THINK, _THOUGHT = "<think>", "</think>"
_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,100})(?:\s*/\s*([0-9]{1,100}))?\s*", re.ASCII)
_LONGEST_NUMBER = 300


def final_answer(text: str) -> str | None:
    """What `text` commits to: the content of its only `<answer>...</answer>`, stripped of white space around it.

    A reasoning block is left out first: everything up to the last `</think>`, and everything after a `<think>` that
    follows it. What remains must hold each tag exactly once, in order and in lower case; otherwise the text commits to
    nothing and the answer is None. Time is linear in the length of the text.
    """
    body = text[text.rfind(_THOUGHT) + len(_THOUGHT) :] if _THOUGHT in text else text
    unfinished = body.find(_THINK)
    if unfinished >= 0:
        body = body[:unfinished]
    start, end = body.find(_OPEN), body.find(_CLOSE)
    if start < 0 or end < start or body.find(_OPEN, start + 1) >= 0 or body.find(_CLOSE, end + 1) >= 0:
        return None
    return body[start + len(_OPEN) : end].strip()


def committed(answer: str) -> str:
    """The text that commits to `answer` and nothing else; `final_answer` reads it back."""
    return f"{_OPEN}{answer}{_CLOSE}"


def exact_number(text: str) -> Fraction | None:
    """The whole number `p` or fraction `p/q` that `text` consists of, exactly, or None.

    A sign stands in front, lowest terms are not required, white space is allowed around the numbers. Decimals, thousands
    separators, mixed numbers, units, a zero denominator, more than 100 digits or 300 characters are not read: they are
    ambiguous or unbounded.
    """
    if len(text) > _LONGEST_NUMBER:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    below = int(match[2] or 1)
    return Fraction(int(match[1]), below) if below else None
