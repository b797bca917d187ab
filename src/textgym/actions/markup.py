"""Tags in a model's text, found in one pass: the ground on which the `tags` and `xml` protocols stand.

A value between tags is taken as it stands: no entity is decoded, so code needs no escaping. One line break after the
opening tag and one before the closing tag belong to the tags. Where a value contains what looks like a tag, it goes into
a `<![CDATA[...]]>` section.

The patterns use possessive repetition only, and no pattern crosses the next `<`, so that every character is looked at
a bounded number of times.
"""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_NAME = re.compile(r"<(/?)([A-Za-z_][A-Za-z0-9_.-]{0,63}+)(?:=([^<>\s]{1,64}+))?")
_ATTRIBUTE = re.compile(
    r"""\s++([A-Za-z_][A-Za-z0-9_-]{0,63}+)\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)'|((?:[^\s"'<>/=]|/(?!>))++))"""
)
_TAG_END = re.compile(r"\s*+(/?)>")
_THINK = re.compile(r"</?think>")
_LOOKS_LIKE_TAG = re.compile(r"<[A-Za-z/!]")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_MOST_OTHERS = 16

RESERVED = frozenset({"think", "tool_call", "function", "parameter"})
"""Names with a meaning of their own in one of the protocols, which no tool and no parameter may have."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag or a CDATA section.

    Attributes:
        kind: what it is; `empty` is a tag that closes itself, `<name/>`.
        name: of the tag.
        label: `calculate` in `<function=calculate>`; None where there is none.
        attributes: in the order written.
        start: its first character.
        end: the place after its last.
    """

    kind: Literal["open", "close", "empty", "cdata"]
    name: str
    label: str | None
    attributes: tuple[tuple[str, str], ...]
    start: int
    end: int


def blank_reasoning(text: str) -> str:
    """The text with spaces in place of reasoning, so that everything else keeps its place.

    Reasoning is what stands between `<think>` and the next `</think>`; after a `<think>` that is never closed; and
    before a `</think>` that was never opened, because some chat templates open it in the prompt.
    """
    if "think>" not in text:
        return text
    hidden = at = 0  # everything before `hidden` is reasoning
    shown: list[str] = []
    opened: int | None = None
    for marker in _THINK.finditer(text):
        if marker[0] == "<think>":
            if opened is None:
                opened = marker.start()
                shown.append(text[at:opened])
            continue
        if opened is None:
            hidden = marker.end()
            shown.clear()
        else:
            shown.append(" " * (marker.end() - opened))
            opened = None
        at = marker.end()
    shown.append(text[at:] if opened is None else " " * (len(text) - opened))
    return " " * hidden + "".join(shown)


def scan(text: str, names: Collection[str]) -> tuple[list[Mark], list[str]]:
    """The tags with one of these names, and the CDATA sections, in order; and the first few other names of tags."""
    marks: list[Mark] = []
    others: dict[str, None] = {}
    sections_left = True
    at = text.find("<")
    while at >= 0:
        mark: Mark | None = None
        if text.startswith(_CDATA, at):
            end = text.find(_CDATA_END, at + len(_CDATA)) if sections_left else -1
            if end >= 0:
                mark = Mark("cdata", "", None, (), at, end + len(_CDATA_END))
                marks.append(mark)
            else:
                sections_left = False
        else:
            mark = _tag(text, at)
            if mark is not None:
                if mark.name in names:
                    marks.append(mark)
                elif len(others) < _MOST_OTHERS:
                    others[mark.name] = None
        at = text.find("<", at + 1 if mark is None else mark.end)
    return marks, list(others)


def _tag(text: str, at: int) -> Mark | None:
    opening = _NAME.match(text, at)
    if opening is None:
        return None
    attributes: list[tuple[str, str]] = []
    place = opening.end()
    while (attribute := _ATTRIBUTE.match(text, place)) is not None:
        attributes.append((attribute[1], next(value for value in attribute.groups()[1:] if value is not None)))
        place = attribute.end()
    closing = _TAG_END.match(text, place)
    if closing is None or (opening[1] and (attributes or closing[1])):
        return None
    kind: Literal["open", "close", "empty"] = "close" if opening[1] else "empty" if closing[1] else "open"
    return Mark(kind, opening[2], opening[3], tuple(attributes), at, closing.end())


def next_of_same_name(marks: Sequence[Mark]) -> list[int | None]:
    """For each mark, the index of the next opening or closing tag of the same name."""
    following: list[int | None] = [None] * len(marks)
    latest: dict[str, int] = {}
    for i in range(len(marks) - 1, -1, -1):
        mark = marks[i]
        if mark.kind != "cdata":
            following[i] = latest.get(mark.name)
            if mark.kind != "empty":
                latest[mark.name] = i
    return following


def value_between(text: str, opening: Mark, inner: Sequence[Mark], closing: Mark) -> str:
    """The value between two tags: as it stands, or put together from its CDATA sections."""
    sections = [mark for mark in inner if mark.kind == "cdata"]
    if not sections:
        return text[opening.end : closing.start].removeprefix("\n").removesuffix("\n")
    pieces: list[str] = []
    at = opening.end
    for section in sections:
        between = text[at : section.start]
        pieces.append(between if between.strip() else "")
        pieces.append(text[section.start + len(_CDATA) : section.end - len(_CDATA_END)])
        at = section.end
    rest = text[at : closing.start]
    pieces.append(rest if rest.strip() else "")
    return "".join(pieces)


def encode_value(value: Any) -> str:
    """A value as it stands between tags; `value_between` gives back its text. What is not a string becomes JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if not text.strip() or _LOOKS_LIKE_TAG.search(text) or text[0] == "\n" or text[-1] == "\n":
        # Markers of reasoning are cut in two: they count wherever they stand.
        inner = text.replace(_CDATA_END, f"]]{_CDATA_END}{_CDATA}>").replace("think>", f"{_CDATA_END}{_CDATA}think>")
        return f"{_CDATA}{inner}{_CDATA_END}"
    return f"\n{text}\n" if "\n" in text else text
