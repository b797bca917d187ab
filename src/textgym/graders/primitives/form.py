"""Leaves that look at the form of an output, and at nothing that it says."""

import re
from collections import Counter
from typing import Any, Literal

from pydantic import Field, field_validator

from textgym.actions.bounded_json import JsonError, load_json
from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.primitives.leaf import Text, TextLeaf, seen
from textgym.graders.primitives.patterns import compiled, searchable
from textgym.graders.sample import Item, Sample

_THINK, _THOUGHT = "<think>", "</think>"
_BRACES = re.compile(r"(\\boxed\s{0,9}\{)|\\.|([{}])", re.DOTALL)
_NAME = r"^[A-Za-z][A-Za-z0-9_.-]*$"
_FENCE = re.compile(r"\s*```(?:json)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL | re.IGNORECASE)


def after_thinking(text: str) -> str:
    """The text without its reasoning block: what follows the last `</think>`, up to a `<think>` that is not closed."""
    body = text[text.rfind(_THOUGHT) + len(_THOUGHT) :] if _THOUGHT in text else text
    unfinished = body.find(_THINK)
    return body if unfinished < 0 else body[:unfinished]


def boxed_contents(text: str) -> list[str]:
    r"""What stands in each `\boxed{..}`, of boxes inside boxes the outermost. Each character is looked at once."""
    found: list[str] = []
    opened: list[int] = []  # for each open brace the place after it, if it opens a box, else -1
    boxes = 0
    for sign in _BRACES.finditer(text):
        if sign[1]:
            opened.append(sign.end())
            boxes += 1
        elif sign[2] == "{":
            opened.append(-1)
        elif sign[2] == "}" and opened:
            start = opened.pop()
            if start >= 0:
                boxes -= 1
                if not boxes:
                    found.append(text[start : sign.start()])
    return found


class Tag(TextLeaf):
    """1 if the input holds `<tag>..</tag>` exactly once, with something in it.

    Attributes:
        tag: the tag's name.
        only: whether nothing but white space may stand around it.
    """

    type: Literal["tag"] = "tag"
    tag: Text = Field("answer", max_length=100, pattern=_NAME)
    only: bool = False

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        opening, closing = f"<{self.tag}>", f"</{self.tag}>"
        if text.count(opening) != 1 or text.count(closing) != 1:
            return passed(0.0, f"{opening}..{closing} must stand in the output once")
        start, end = text.find(opening), text.find(closing)
        if end < start or not text[start + len(opening) : end].strip():
            return passed(0.0, f"there is nothing in {opening}..{closing}")
        around = text[:start].strip() or text[end + len(closing) :].strip()
        return passed(
            float(not (self.only and around)), "" if not self.only else "something stands around the tag" * bool(around)
        )


class Boxed(TextLeaf):
    r"""1 if the input holds exactly one `\boxed{..}`, its braces balanced, with something in it."""

    type: Literal["boxed"] = "boxed"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        found = boxed_contents(text)
        return passed(float(len(found) == 1 and bool(found[0].strip())), f"{len(found)} boxes", *map(seen, found[:3]))


class ThinkFormat(TextLeaf):
    """1 if the input is one reasoning block and then an answer: `<think>..</think>` once, and more after it.

    Attributes:
        opened: whether the prompt has opened the block already, so that the output begins inside it.
    """

    type: Literal["think_format"] = "think_format"
    opened: bool = False

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        whole = (_THINK if self.opened else "") + text.lstrip()
        if not whole.startswith(_THINK):
            return passed(0.0, "the output does not begin with <think>")
        if whole.count(_THINK) != 1 or whole.count(_THOUGHT) != 1:
            return passed(0.0, "<think> and </think> must stand in the output once")
        thought, _, answer = whole[len(_THINK) :].partition(_THOUGHT)
        return passed(
            float(bool(thought.strip()) and bool(answer.strip())), "" if answer.strip() else "no answer follows"
        )


class JsonOnly(TextLeaf):
    """1 if the input is a JSON object or list, and nothing stands around it.

    Attributes:
        kind: which of the two.
    """

    type: Literal["json_only"] = "json_only"
    kind: Literal["any", "object", "list"] = "any"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        try:
            value = load_json(text.strip())
        except JsonError as error:
            return passed(0.0, _said(error))
        right = isinstance(value, {"any": dict | list, "object": dict, "list": list}[self.kind])
        return passed(float(right), "" if right else "JSON of another kind")


class JsonValid(TextLeaf):
    """1 if the input is a JSON value of any kind, read strictly: no key twice, at most 32 deep, no NaN.

    Attributes:
        fenced: whether it may stand inside a Markdown code block that is the whole input.
    """

    type: Literal["json_valid"] = "json_valid"
    fenced: bool = True

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        try:
            read_json(text, self.fenced)
        except JsonError as error:
            return passed(0.0, _said(error))
        return passed(1.0)


def read_json(text: str, fenced: bool = True) -> Any:
    """The JSON value of a text.

    Raises:
        JsonError: it is none.
    """
    block = _FENCE.fullmatch(text) if fenced else None
    return load_json((block[1] if block else text).strip())


def _said(error: JsonError) -> str:
    return str(error).encode("utf-8", "replace").decode()


class ScriptIs(TextLeaf):
    """The share of the input's letters that are of these scripts; 0 without letters.

    It tells scripts apart, and no languages: English and Indonesian are both Latin. Japanese is `Han`, `Hiragana` and
    `Katakana` together.

    Attributes:
        scripts: names of Unicode scripts, such as `Latin`, `Cyrillic`, `Greek`, `Arabic`, `Hebrew`, `Han`, `Hangul`,
            `Devanagari`, `Thai`.
        at_least: if given, the value is 1 where the share reaches it, and else 0.
    """

    type: Literal["script_is"] = "script_is"
    scripts: tuple[Text, ...] = Field(min_length=1, max_length=20)
    at_least: float | None = Field(None, gt=0, le=1)

    @field_validator("scripts")
    @classmethod
    def _known(cls, scripts: tuple[str, ...]) -> tuple[str, ...]:
        for script in scripts:
            if not re.fullmatch(r"[A-Z][A-Za-z_]{1,40}", script):
                raise ValueError(f"{script!r} is no script's name, such as Latin or Old_Italic")
            try:
                compiled(rf"\p{{{script}}}")
            except ValueError:
                raise ValueError(f"Unicode has no script {script!r} (write Latin, Cyrillic, Han, ...)") from None
        return scripts

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        letters = {char: count for char, count in Counter(searchable(text)).items() if char.isalpha()}
        total = sum(letters.values())
        if not total:
            return passed(0.0, "the output has no letters")
        classes = "".join(rf"\p{{{script}}}" for script in self.scripts)
        share = sum(letters[char] for char in compiled(f"[{classes}]").findall("".join(letters))) / total
        value = share if self.at_least is None else float(share >= self.at_least)
        return passed(value, f"{share:.3f} of {total:,} letters")
