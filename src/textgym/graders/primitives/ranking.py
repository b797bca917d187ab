"""Leaves that compare a ranked list with the order, or with the gains, that it should have."""

import math
from bisect import bisect_left, insort
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.collections import MOST_ITEMS, ListLeaf
from textgym.graders.primitives.leaf import secret, seen
from textgym.graders.primitives.normal import normalise
from textgym.graders.sample import Item, Sample


def first_places(listed: list[str]) -> list[str]:
    """The list with each thing where it first stood, and no more after that."""
    return list(dict.fromkeys(listed))


class Kendall(ListLeaf):
    """`(tau + 1) / 2` of the things that both lists rank, times the share of the reference's things that are ranked.

    Tau is Kendall's: pairs in the right order less pairs in the wrong one, as a share of all pairs. Of a thing named twice
    the first place counts; things that the reference does not rank are passed over. Where both rank only one thing of several,
    tau is 0.
    """

    type: Literal["kendall"] = "kendall"

    def _overlap(self, listed: list[str], gold: list[str]) -> tuple[float, str]:
        places = {thing: place for place, thing in enumerate(first_places(gold))}
        if not places:
            return float(not listed), "there is nothing to rank"
        ranks = [places[thing] for thing in first_places(listed) if thing in places]
        pairs = len(ranks) * (len(ranks) - 1) // 2
        tau = 1 - 2 * _inversions(ranks) / pairs if pairs else float(len(places) == 1)
        return (tau + 1) / 2 * len(ranks) / len(places), f"{len(ranks)} of {len(places)} ranked, tau {tau:.3f}"


def _inversions(ranks: list[int]) -> int:
    """Pairs in the wrong order."""
    before: list[int] = []
    wrong = 0
    for rank in ranks:
        wrong += len(before) - bisect_left(before, rank)
        insort(before, rank)
    return wrong


class _Retrieval(ListLeaf):
    """A ranked list against what is relevant.

    Attributes:
        reference: the relevant things as a list, or as an object of thing and gain (0 or more).
        k: how many of the first places count; null for all of them. A thing named twice counts once, and takes two places.
    """

    type: str
    k: int | None = Field(10, ge=1)

    def _grade(self, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        gains = self._gains(reference)
        given = self.fill(self.input, item, sample)
        listed = self.things(given)
        if listed is None:
            return passed(
                0.0, f"the output is no list of at most {MOST_ITEMS:,} things", seen(given), secret(reference)
            )
        return passed(self._worth(listed[: self.k], gains), "", seen(given), secret(reference))

    def _gains(self, reference: Any) -> dict[str, float]:
        if isinstance(reference, Mapping):
            pairs = [(self._form(thing), gain) for thing, gain in reference.items()]
        else:
            things = self.things(reference)
            if things is None:
                raise Invalid("error", "the reference is a list of things, or an object of things and gains")
            pairs = [(thing, 1.0) for thing in things]
        if any(isinstance(g, bool) or not isinstance(g, int | float) or not 0 <= g <= _LARGEST_GAIN for _, g in pairs):
            raise Invalid("error", f"gains are numbers from 0 to {_LARGEST_GAIN}")
        gains = {thing: float(gain) for thing, gain in pairs if gain > 0}
        if not gains:
            raise Invalid("error", "nothing in the reference is relevant, so no list is better than another")
        return gains

    def _form(self, thing: str) -> str:
        return normalise(thing, case=self.case, nfkc=self.nfkc, space=self.space)

    def _worth(self, listed: list[str], gains: dict[str, float]) -> float:
        raise NotImplementedError


_LARGEST_GAIN = 100


class Ndcg(_Retrieval):
    """Normalised discounted cumulative gain: each thing's gain over `log2(place + 1)`, as a share of the best possible.

    Attributes:
        gain: the gain itself, or `2^gain - 1`.
    """

    type: Literal["ndcg"] = "ndcg"
    gain: Literal["linear", "exponential"] = "linear"

    def _worth(self, listed: list[str], gains: dict[str, float]) -> float:
        left = dict(gains)
        got = self._discounted([left.pop(thing, 0.0) for thing in listed])
        return min(got / self._discounted(sorted(gains.values(), reverse=True)[: self.k]), 1.0)

    def _discounted(self, gains: list[float]) -> float:
        worth = gains if self.gain == "linear" else [2**gain - 1 for gain in gains]
        return math.fsum(one / math.log2(place + 1) for place, one in enumerate(worth, 1))


class RecallAtK(_Retrieval):
    """The share of relevant things among the first k places."""

    type: Literal["recall_at_k"] = "recall_at_k"

    def _worth(self, listed: list[str], gains: dict[str, float]) -> float:
        return len(gains.keys() & set(listed)) / len(gains)


class Mrr(_Retrieval):
    """One over the place of the first relevant thing; 0 if none is among the first k."""

    type: Literal["mrr"] = "mrr"

    def _worth(self, listed: list[str], gains: dict[str, float]) -> float:
        return next((1 / place for place, thing in enumerate(listed, 1) if thing in gains), 0.0)
