"""Leaves for questions with given answers: one committed label counts, and two are none."""

import re
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field, JsonValue

from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.form import after_thinking, boxed_contents
from textgym.graders.primitives.leaf import Data, TextLeaf, secret, seen
from textgym.graders.primitives.normal import normalise
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_TAGGED = re.compile(r"<answer>([^<]*+)</answer>")
_STATED = re.compile(r"\b(?:answer|choice)(?: is| would be|\s?\**:)([^\n]{0,300})", re.IGNORECASE | re.ASCII)
_DECORATION = re.compile(r"(?:\\(?:text|textbf|mathrm|mathbf)\b|[\s.,:;!?*_`\"'()\[\]{}$\\])*+")
_LONGEST_ANSWER = 2000
_MOST_LABELS = 1000
_HEDGED = -1


def _four_letters() -> JsonValue:
    return ["A", "B", "C", "D"]


class _Labelled(TextLeaf):
    """A leaf that reads the one label to which the input commits itself.

    Commitments are `<answer>..</answer>`, `\\boxed{..}`, and what follows "answer is" or "answer:" on its line; without any
    of them the whole input is one. A commitment names a label if it begins with it, decoration such as `(B)` or `**B**`
    apart, and no other label stands in it as a word of its own. All commitments must name the same label. What comes
    before the last `</think>` is not read.

    Attributes:
        reference: the right label; a list means that any of them will do.
        labels: what can be chosen.
        case: whether upper and lower case differ. Labels of one letter inside a longer text are always read in their case.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference", "labels")

    type: str
    reference: Data
    labels: Data = Field(default_factory=_four_letters)
    case: bool = False

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        given = self.fill(self.labels, item, sample)
        names = (
            tuple(normalise(as_text(label), case=True) for label in given) if isinstance(given, list | tuple) else ()
        )
        labels = {name if self.case else name.casefold(): place for place, name in enumerate(names)}
        if len(labels) != len(names) or not 2 <= len(names) <= _MOST_LABELS or "" in labels:
            raise Invalid("error", f"labels are a list of 2 to {_MOST_LABELS:,} different texts")
        right = self.fill(self.reference, item, sample)
        golds = [self._gold(as_text(one), labels) for one in (right if isinstance(right, list | tuple) else [right])]
        if not golds:
            raise Invalid("error", "the reference is an empty list")
        chosen = committed(text, names, self.case)
        if chosen is None:
            return passed(0.0, "the output commits itself to no label, or to several", seen(text), secret(right))
        value = max(self._worth(chosen, gold, len(names)) for gold in golds)
        return passed(value, "", seen(names[chosen]), secret(right))

    def _gold(self, label: str, labels: dict[str, int]) -> int:
        form = normalise(label, case=self.case)
        if form not in labels:
            raise Invalid("error", "the reference is none of the labels")
        return labels[form]

    def _worth(self, chosen: int, gold: int, count: int) -> float:
        """What choosing one label is worth where another is right."""
        raise NotImplementedError


class Choice(_Labelled):
    """1 if the input commits itself to the right label and to no other."""

    type: Literal["choice"] = "choice"

    def _worth(self, chosen: int, gold: int, count: int) -> float:
        return float(chosen == gold)


class Ordinal(_Labelled):
    """`1 - abs(i - j) / (K - 1)` for the chosen label i, the right label j and K labels in order; 0 without a choice."""

    type: Literal["ordinal"] = "ordinal"

    def _worth(self, chosen: int, gold: int, count: int) -> float:
        return 1 - abs(chosen - gold) / (count - 1)


def committed(text: str, labels: tuple[str, ...], case: bool) -> int | None:
    """The place of the only label to which the text commits itself; None where there is none, or several."""
    text = after_thinking(text)
    explicit = [
        _label(one, labels, case) for one in [found[1] for found in _TAGGED.finditer(text)] + boxed_contents(text)
    ]
    if any(one is None or one == _HEDGED for one in explicit):
        return None
    stated = [_label(found[1], labels, case) for found in _STATED.finditer(text)]
    chosen = set(explicit) | {one for one in stated if one is not None}
    if not chosen:
        chosen = {_label(text, labels, case, alone=True)}
    only = chosen.pop()
    return None if chosen or only == _HEDGED else only


def _label(text: str, labels: tuple[str, ...], case: bool, alone: bool = False) -> int | None:
    """The label that an answer names; None for none, and `_HEDGED` for several.

    Where the text stands `alone`, nothing says that it is an answer: a letter that is the first word of a sentence, as in
    `A city in the south`, is no label.
    """
    text = text.strip()
    if len(text) > _LONGEST_ANSWER:
        return None
    form = normalise(text, case=True)
    start = _end_of(_DECORATION.match(form))
    folded = form if case else form.casefold()
    whole = [place for place, label in enumerate(labels) if folded == (label if case else label.casefold())]
    if whole:
        return whole[0]
    whole = [place for place, label in enumerate(labels) if _bare(folded) == _bare(label if case else label.casefold())]
    if whole and _bare(folded):
        return whole[0]
    pattern, places = _words(labels, case)
    found = [(match.start(), places[match.lastindex or 0]) for match in pattern.finditer(form)]
    named = {place for _, place in found}
    if len(named) > 1:
        return _HEDGED
    if not found or found[0][0] > start:
        return None
    at, place = found[0]
    is_word = len(labels[place]) == 1 and re.match(r"\s\w", form[at + 1 : at + 3])
    return None if alone and is_word else place


def _bare(text: str) -> str:
    """The text without decoration at its ends."""
    end = _end_of(_DECORATION.match(text[::-1]))
    return text[_end_of(_DECORATION.match(text)) : len(text) - end]


def _end_of(match: "re.Match[str] | None") -> int:
    return match.end() if match else 0


@lru_cache(maxsize=256)
def _words(labels: tuple[str, ...], case: bool) -> tuple[re.Pattern[str], dict[int, int]]:
    """A pattern that finds labels as words of their own, the longest first, and the place of each of its groups."""
    order = sorted(range(len(labels)), key=lambda place: (-len(labels[place]), place))
    parts = [
        f"({re.escape(labels[place])})" if case or len(labels[place]) == 1 else f"((?i:{re.escape(labels[place])}))"
        for place in order
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"), dict(enumerate(order, 1))
