"""`meteor`: the metric of that name, on words as they are written."""

import math
from itertools import pairwise
from typing import ClassVar, Literal

from textgym.graders.primitives.leaf import PairLeaf
from textgym.graders.primitives.normal import words

_ALPHA, _BETA, _GAMMA = 0.9, 3.0, 0.5


class Meteor(PairLeaf):
    """METEOR with its usual weights (Banerjee and Lavie, 2005): words in common, less a penalty for their order.

    With P and R the shares of matched words in output and reference, and c the number of runs in which the matches lie in
    the same order in both: `P R / (0.9 P + 0.1 R) * (1 - 0.5 (c / matches) ** 3)`. Words match where they are the same,
    case apart; stems and synonyms, which the full metric takes from WordNet, do not count. So a text is not quite 1 against
    itself: one of nine words is 0.9993.
    """

    longest: ClassVar[int | None] = 100_000

    type: Literal["meteor"] = "meteor"
    case: bool = False

    def _alike(self, output: str, gold: str) -> float:
        ours, theirs = words(output), words(gold)
        if not ours or not theirs:
            return float(ours == theirs)
        pairs = _aligned(ours, theirs)
        if not pairs:
            return 0.0
        precision, recall = len(pairs) / len(ours), len(pairs) / len(theirs)
        mean = precision * recall / (_ALPHA * precision + (1 - _ALPHA) * recall)
        runs = 1 + sum((here[0] + 1, here[1] + 1) != there for here, there in pairwise(pairs))
        return mean * (1 - _GAMMA * math.pow(runs / len(pairs), _BETA))


def _aligned(ours: list[str], theirs: list[str]) -> list[tuple[int, int]]:
    """Places of equal words, each used once, in our order: from the end on, the last one that is left."""
    left: dict[str, list[int]] = {}
    for place, word in enumerate(theirs):
        left.setdefault(word, []).append(place)
    pairs = [(place, left[word].pop()) for place, word in reversed(list(enumerate(ours))) if left.get(word)]
    return pairs[::-1]
