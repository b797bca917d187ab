"""The verdict in a judge's reply: the one JSON object that carries the code of the request, or none at all.

A reply may hold anything beside it, such as what the judge thought, or what it quotes of the text that it was to judge.
Whoever wrote that text cannot know the code, so that no object of theirs is ever a verdict. Where a reply holds two
objects with the code, nobody can say which one is meant.
"""

import re
from typing import Any

from textgym.actions.bounded_json import JsonError, end_of_value, load_json
from textgym.graders.errors import Invalid

NONCE = "nonce"
"""The key under which a verdict repeats the code of the request."""
REFUSAL = "refusal"
"""The key under which a judge may say that it will not judge."""

LONGEST_REPLY = 65_536
_MOST_MENTIONS = 16
_MOST_OPENINGS = 32
_THINK, _END_THINK = "<think>", "</think>"
_APOLOGY = re.compile(
    r"\W{0,3}(?:i['’]m sorry|i am sorry|sorry|i apologi[sz]e|i can['’]t|i cannot|i can not|i won['’]t|i will not|"
    r"i['’]m unable|i am unable|i['’]m not able|i am not able|i must decline|as an ai)\b",
    re.IGNORECASE,
)


def read_verdict(reply: str, nonce: str) -> dict[str, Any]:
    """The object with the code `nonce` in a reply.

    Args:
        reply: what the judge wrote; hostile.
        nonce: the code of the request.

    Raises:
        Invalid: `refused` where the judge said that it will not judge; `unparseable` where there is no such object, more
            than one, or more text than is read.
    """
    if len(reply) > LONGEST_REPLY:
        raise _unparseable(f"the reply has {len(reply):,} characters; at most {LONGEST_REPLY:,} are read")
    text = _without_thoughts(reply)
    found: dict[int, dict[str, Any]] = {}
    for place in _mentions(text, nonce):
        match = _object_around(text, place, nonce)
        if match is not None:
            found[match[0]] = match[1]
    if len(found) > 1:
        raise _unparseable(f"the reply holds {len(found)} verdicts, and nobody can tell which one is meant")
    if not found:
        if _APOLOGY.match(text.lstrip()[:200]):
            raise refused(text)
        raise _unparseable("the reply holds no JSON object with the code of the request")
    (verdict,) = found.values()
    if isinstance(verdict.get(REFUSAL), str):
        raise refused(verdict[REFUSAL])
    return verdict


def refused(said: str) -> Invalid:
    """The failure of a judge that declines to judge."""
    return Invalid("refused", f"the judge refused: {_short(said)}", code="model_grader_refusal_error")


def _unparseable(reason: str) -> Invalid:
    return Invalid("unparseable", reason, code="model_grader_parse_error")


def _without_thoughts(reply: str) -> str:
    """The reply without the reasoning at its head, in which a model may draft its verdict."""
    if not reply.lstrip().startswith(_THINK):
        return reply
    return reply.partition(_END_THINK)[2]


def _mentions(text: str, nonce: str) -> list[int]:
    """Where the code stands in the text."""
    places: list[int] = []
    at = text.find(nonce)
    while at >= 0:
        if len(places) == _MOST_MENTIONS:
            raise _unparseable(f"the reply holds the code of the request more than {_MOST_MENTIONS} times")
        places.append(at)
        at = text.find(nonce, at + len(nonce))
    return places


def _object_around(text: str, place: int, nonce: str) -> tuple[int, dict[str, Any]] | None:
    """The innermost object that holds the code at `place` as its own, with its beginning; None where there is none.

    The braces before `place` are tried from the nearest on. Some of them belong to objects that end before it, to strings
    or to nothing; the first that begins an object which carries the code is the one.
    """
    start = place
    for _ in range(_MOST_OPENINGS):
        start = text.rfind("{", 0, start)
        if start < 0:
            return None
        try:
            end = end_of_value(text, start)
            if end is None or end < place:
                continue
            value = load_json(text[start:end])
        except JsonError:
            continue
        if isinstance(value, dict) and value.get(NONCE) == nonce:
            return start, value
    return None


def number_of(verdict: dict[str, Any], key: str, low: float, high: float) -> float:
    """The number under `key`. One that is out of range is no verdict, and is not moved into it.

    Raises:
        Invalid: `unparseable`: there is none, or it lies outside.
    """
    return number_in(verdict.get(key), repr(key), low, high)


def number_in(value: object, what: str, low: float, high: float) -> float:
    """A number from `low` to `high`.

    Raises:
        Invalid: `unparseable`: it is none, or lies outside.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unparseable(f"the verdict has no number for {what}")
    if not low <= value <= high:
        raise _unparseable(f"the verdict gives {_short(str(value))} for {what}, which is not from {low:g} to {high:g}")
    return float(value)


def choice_of(verdict: dict[str, Any], key: str, choices: tuple[str, ...]) -> str:
    """The text under `key`, which is one of `choices`.

    Raises:
        Invalid: `unparseable`: it is none of them.
    """
    value = verdict.get(key)
    if not isinstance(value, str) or value not in choices:
        raise _unparseable(f"the verdict's {key!r} is none of {', '.join(choices)}"[:300])
    return value


def reason_of(verdict: dict[str, Any]) -> str:
    """Why the judge decided as it did, where it says so; at most 2,000 characters."""
    reason = verdict.get("reason")
    return reason[:2_000] if isinstance(reason, str) else ""


def _short(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:400]).split())
    return line if len(line) <= 120 else f"{line[:117]}..."
