"""The answer that a text commits to, and the grader that looks at nothing else.

A model may think as long as it likes, but it is paid for one answer. What it writes before `</think>` is not read. After
that the answer stands in a box, after "the final answer is", or in a tag; where two different answers stand there, the
text hedges, and earns nothing.
"""

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Bounds, Grader, Node, passed
from textgym.graders.combining import combined, failed
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_THINK, _THOUGHT = "<think>", "</think>"
_BRACES = re.compile(r"\\(?:boxed|fbox)(?: *(\{))?|\\.|[{}]", re.DOTALL)
_BARE_BOX = re.compile(r" *(\\[A-Za-z]+(?:\{[^{}]{0,200}\})*|[^\s{}\\])")
_ANNOUNCED = re.compile(
    r"\b(?P<final>final +)?answer\*{0,2} *(?:is|:|=)[ :*]*"
    r"|^[ \t]*+(?:\#{1,6}+ *+(?:\*\*)?|\*\*) *+(?:the +)?(?P<heading>final +)?answer *+(?:\*\* *+)?\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_BREAK = re.compile(r"[ \t\r]*+\n\s*+")
_ENDED = re.compile(r"\n|(?<![A-Z0-9])\.(?=\s|$)|\.(?=\s+[A-Z]|\s*$)|<\|")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:/\d+)?%?", re.ASCII)
_LONGEST = 2000
_MOST_DIFFERENT = 8


@dataclass(frozen=True, slots=True)
class Commitment:
    """The answer of a text: `text` is None where there is none, and `reason` says why."""

    text: str | None
    reason: str = ""


def committed_answer(text: str, how: str = "boxed", *, lenient: bool = False) -> Commitment:
    r"""What a text commits to.

    Args:
        text: the text of a model, of any length; time is linear in it.
        how: `boxed`: the contents of `\boxed{...}`. `final_answer`: what follows "the final answer is" or "Answer:" up to
            the end of its sentence; where nothing does and a colon or a heading announces it, the next line that is not
            empty. `tag:NAME`: between `<NAME>` and `</NAME>`. `whole`: the whole text.
        lenient: take the last of several different answers, and where there is none the last number in the text. Do not
            train on it: it pays for naming many answers.

    Returns:
        The last commitment, if all of them say the same.
    """
    spoken = _spoken(text)
    if how == "whole":
        whole = spoken.strip()
        return Commitment(whole) if whole else Commitment(None, "there is no text")
    found = [answer.strip() for answer in _found(spoken, how) if answer.strip()]
    if not found:
        numbers = _NUMBER.findall(spoken[-20 * _LONGEST :]) if lenient else []
        return Commitment(numbers[-1]) if numbers else Commitment(None, f"no answer is committed to ({how})")
    last = found[-1]
    if not lenient and _hedges(found, last):
        return Commitment(None, "two different answers are committed to")
    return Commitment(last)


def _found(text: str, how: str) -> list[str]:
    if how == "boxed":
        return boxed(text)
    if how == "final_answer":
        return _announced(text)
    return _tagged(text, how.removeprefix("tag:"))


def _spoken(text: str) -> str:
    """The text without its reasoning block."""
    body = text[text.rfind(_THOUGHT) + len(_THOUGHT) :] if _THOUGHT in text else text
    unfinished = body.find(_THINK)
    return body[:unfinished] if unfinished >= 0 else body


def boxed(text: str) -> list[str]:
    r"""The contents of all `\boxed{...}` that are closed, outermost ones, in order."""
    spans: list[tuple[int, int]] = []
    opened: list[int] = []  # for each open brace the start of its box's content, or -1
    for match in _BRACES.finditer(text):
        sign = match[0]
        if match[1]:
            opened.append(match.end())
        elif sign == "{":
            opened.append(-1)
        elif sign == "}" and opened:
            start = opened.pop()
            if start >= 0:
                spans.append((start, match.start()))
        elif sign.startswith(("\\box", "\\fbox")) and (bare := _BARE_BOX.match(text, match.end())):
            spans.append(bare.span(1))
    found: list[str] = []
    reach = -1
    for start, end in sorted(spans):  # of two, one within the other, the outer one comes first
        if end > reach:
            found.append(text[start:end])
            reach = end
    return found


def _announced(text: str) -> list[str]:
    """The announced answers, in order.

    What stands below a mere "Answer:" counts only where no other answer does: that is a heading of explanations too.
    """
    matches = list(_ANNOUNCED.finditer(text))
    found: list[str] = []
    below: list[str] = []
    for place, match in enumerate(matches):
        last = place + 1 == len(matches)
        reach = len(text) if last else matches[place + 1].start()
        heads = ":" in match[0] or match[0].lstrip()[:1] in ("#", "*")
        line_break = _LINE_BREAK.match(text, match.end()) if heads else None
        start = line_break.end() if line_break else match.end()
        end = _ENDED.search(text, start, min(reach, start + _LONGEST))
        if end is not None or last or reach > start + _LONGEST:  # else the next announcement goes on with this one
            stop = end.start() if end else min(reach, start + _LONGEST)
            sure = line_break is None or match["final"] or match["heading"]
            (found if sure else below).append(text[start:stop].strip(" *"))
    return found if any(found) else below


def _tagged(text: str, name: str) -> list[str]:
    opening, closing = f"<{name}>", f"</{name}>"
    found, at = [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start)) >= 0:
        found.append(text[start + len(opening) : end])
        at = end + len(closing)
    return found


def _hedges(found: list[str], last: str) -> bool:
    """Whether any of the answers says something else than the last."""
    from textgym.graders.math import math_equal

    different = set(found) - {last}
    return len(different) > _MOST_DIFFERENT or not all(math_equal(last, other) for other in sorted(different))


class Extract(Grader):
    """The part's score of the answer that the text commits to; 0 where it commits to none, or to two different ones.

    Attributes:
        how: where the answer stands; see `committed_answer`.
        grader: what is asked about the answer; to it the answer is the whole output.
        lenient: take the last of several answers, or the last number in the text.
    """

    type: Literal["extract"] = "extract"
    input: str = "{{ sample.output_text }}"
    how: str = Field("boxed", pattern=r"^(boxed|final_answer|whole|tag:[A-Za-z_][A-Za-z0-9_-]{0,63})$")
    grader: Node
    lenient: bool = False

    templated = ("input",)

    @property
    def parts(self) -> tuple[Grader, ...]:
        return (self.grader,)

    @property
    def bounds(self) -> Bounds:
        low, high = self.grader.bounds
        return (min(0.0, low), max(0.0, high))

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        text = as_text(self.fill(self.input, item, sample))
        commitment = committed_answer(text, self.how, lenient=self.lenient)
        if commitment.text is None:
            return passed(0.0, commitment.reason)
        child = await self.grader.agrade(item, sample.with_text(commitment.text))
        seen = (Evidence(label="answer", text=commitment.text[:_LONGEST]),)
        score = failed("extract", [child], child) if child.value is None else combined(child.value, "extract", [child])
        return score.model_copy(update={"evidence": seen})
