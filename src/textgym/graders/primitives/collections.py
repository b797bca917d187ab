"""Leaves that compare lists of things, with their order or without."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field
from rapidfuzz.distance import LCSseq

from textgym.actions.bounded_json import JsonError, load_json
from textgym.core.outcome import Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import OUTPUT, Data, Text, secret, seen
from textgym.graders.primitives.normal import Space, normalise
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

MOST_ITEMS = 10_000


class ListLeaf(Grader):
    """A leaf that reads a list of things.

    Attributes:
        input: a JSON list, or a text: a JSON list too, or things between separators.
        reference: the list that it is compared with, in the same forms.
        separator: what stands between the things of a text; blank things are left out.
        case: whether upper and lower case differ.
        nfkc: whether things are first brought into Unicode's form NFKC.
        space: what becomes of white space inside a thing.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: str
    input: Data = OUTPUT
    reference: Data
    separator: Text = Field(",", min_length=1, max_length=20)
    case: bool = False
    nfkc: bool = True
    space: Space = "collapse"

    def _grade(self, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        gold = self.things(reference)
        if gold is None:
            raise Invalid("error", f"the reference is no list of at most {MOST_ITEMS:,} things")
        given = self.fill(self.input, item, sample)
        listed = self.things(given)
        if listed is None:
            return passed(
                0.0, f"the output is no list of at most {MOST_ITEMS:,} things", seen(given), secret(reference)
            )
        value, reason = self._overlap(listed, gold)
        return passed(value, reason, seen(given), secret(reference))

    def things(self, given: Any) -> list[str] | None:
        """The list in the form in which its things are compared; None if it is none, or too long."""
        if isinstance(given, str):
            given = self._split(given)
        if not isinstance(given, list | tuple) or len(given) > MOST_ITEMS:
            return None
        return [normalise(as_text(one), case=self.case, nfkc=self.nfkc, space=self.space) for one in given]

    def _split(self, text: str) -> Any:
        if text.lstrip().startswith("["):
            try:
                return load_json(text.strip())
            except JsonError:
                pass
        return [part for part in text.split(self.separator) if part.strip()]

    def _overlap(self, listed: list[str], gold: list[str]) -> tuple[float, str]:
        """The value, and why."""
        raise NotImplementedError


class SetF1(ListLeaf):
    """The F1 of two sets, `2 |x & r| / (|x| + |r|)`: naming too much costs as naming too little does. Repeats count once."""

    type: Literal["set_f1"] = "set_f1"

    def _overlap(self, listed: list[str], gold: list[str]) -> tuple[float, str]:
        ours, theirs = set(listed), set(gold)
        common = len(ours & theirs)
        sizes = len(ours) + len(theirs)
        return (2 * common / sizes if sizes else 1.0), f"{common} in common, {len(ours)} named"


class Jaccard(ListLeaf):
    """The share that two sets have in common of all that is in either. Repeats count once."""

    type: Literal["jaccard"] = "jaccard"

    def _overlap(self, listed: list[str], gold: list[str]) -> tuple[float, str]:
        ours, theirs = set(listed), set(gold)
        common, either = len(ours & theirs), len(ours | theirs)
        return (common / either if either else 1.0), f"{common} in common, {len(ours)} named"


class SetExact(ListLeaf):
    """1 if two sets are equal. Order and repeats do not count."""

    type: Literal["set_exact"] = "set_exact"

    def _overlap(self, listed: list[str], gold: list[str]) -> tuple[float, str]:
        return float(set(listed) == set(gold)), ""


class SequenceMatch(ListLeaf):
    """The length of the longest common subsequence, as a share of the longer list: things in the right order count."""

    type: Literal["sequence_match"] = "sequence_match"

    def _overlap(self, listed: list[str], gold: list[str]) -> tuple[float, str]:
        common = common_subsequence(listed, gold)
        longer = max(len(listed), len(gold))
        return (common / longer if longer else 1.0), f"{common} in order"


def common_subsequence(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence. Things become numbers, so that no hash of a text decides anything."""
    numbers: dict[str, int] = {}
    coded = [[numbers.setdefault(thing, len(numbers)) for thing in one] for one in (ours, theirs)]
    return LCSseq.similarity(coded[0], coded[1])
