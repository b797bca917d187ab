"""Leaves that say how alike two texts are, by characters or by words."""

import math
import re
from collections import Counter
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler as _JaroWinkler
from rapidfuzz.distance import Levenshtein as _Levenshtein

from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import Data, PairLeaf, secret, seen
from textgym.graders.primitives.normal import Space, normalise, words
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_NO_WORD = re.compile(r"[^\w\s]|_")


class Levenshtein(PairLeaf):
    """1 less the edit distance as a share of the longer text's length (insertions, deletions, substitutions)."""

    type: Literal["levenshtein"] = "levenshtein"

    def _alike(self, output: str, gold: str) -> float:
        return _Levenshtein.normalized_similarity(output, gold)


class Fuzzy(PairLeaf):
    """A ratio of rapidfuzz, from 0 to 1.

    `ratio` is the only one that a text cannot satisfy by holding more than was asked: `partial_ratio` pays for the best
    fitting part, `token_set_ratio` for having the reference's words among others, and `WRatio` is the best of them.

    Attributes:
        metric: which ratio. `partial_ratio` and `WRatio` read at most 2,000 characters.
    """

    type: Literal["fuzzy"] = "fuzzy"
    metric: Literal["ratio", "token_sort_ratio", "token_set_ratio", "partial_ratio", "WRatio"] = "ratio"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score | float:
        if self.metric in ("partial_ratio", "WRatio"):
            if len(text) > _LONGEST_PARTIAL:
                return passed(0.0, f"{len(text):,} characters; {self.metric} compares at most {_LONGEST_PARTIAL:,}")
            if max(map(len, self.references(item, sample))) > _LONGEST_PARTIAL:
                raise Invalid("error", f"a reference is longer than {_LONGEST_PARTIAL:,} characters")
        return super()._judge(text, item, sample)

    def _alike(self, output: str, gold: str) -> float:
        if output == gold:
            return 1.0  # also where there is no word in either, which some ratios call unlike
        return float(getattr(fuzz, self.metric)(output, gold)) / 100


_LONGEST_PARTIAL = 2000  # its time grows with the third power: 2,000 characters take 20 ms


class JaroWinkler(PairLeaf):
    """The similarity of Jaro and Winkler, made for names: common characters nearby, and a bonus for a common beginning."""

    type: Literal["jaro_winkler"] = "jaro_winkler"

    def _alike(self, output: str, gold: str) -> float:
        return _JaroWinkler.similarity(output, gold)


class TokenF1(PairLeaf):
    """SQuAD's F1: words in common as multisets; case, punctuation and English articles do not count."""

    longest: ClassVar[int | None] = 1_000_000

    type: Literal["token_f1"] = "token_f1"

    def _alike(self, output: str, gold: str) -> float:
        ours, theirs = _answer_words(output), _answer_words(gold)
        if not ours or not theirs:
            return float(ours == theirs)
        common = sum((Counter(ours) & Counter(theirs)).values())
        return 2 * common / (len(ours) + len(theirs))


def _answer_words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", _NO_WORD.sub("", text.casefold())).split()


class CosineTfidf(PairLeaf):
    """The cosine of the two texts' vectors of words, weighted by how rare the words are.

    A word's weight is its count times `ln((1 + n) / (1 + df)) + 1` over the n texts of `corpus`, df of which have it; without
    a corpus its count alone.

    Attributes:
        corpus: texts that say which words are common; at most 1,000 texts of a million characters in all.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference", "corpus")
    longest: ClassVar[int | None] = 1_000_000

    type: Literal["cosine_tfidf"] = "cosine_tfidf"
    case: bool = False
    corpus: Data = Field(default_factory=list)

    def _judge(self, text: str, item: Item, sample: Sample) -> Score | float:
        corpus = self.fill(self.corpus, item, sample)
        if not isinstance(corpus, list | tuple):
            raise Invalid("error", "the corpus is a list of texts")
        documents = [as_text(one) for one in corpus]
        if len(documents) > _LARGEST_CORPUS or sum(map(len, documents)) > _LONGEST_CORPUS:
            raise Invalid("error", f"a corpus has at most {_LARGEST_CORPUS:,} texts and {_LONGEST_CORPUS:,} characters")
        rarity, unseen = _rarity(tuple(documents), self.case, self.nfkc, self.space)
        golds = self.references(item, sample)
        ours = _vector(self.normal(text), rarity, unseen)
        values = [_cosine(ours, _vector(self.normal(gold), rarity, unseen)) for gold in golds]
        best = max(range(len(golds)), key=values.__getitem__)
        return passed(values[best], "", seen(text), secret(golds[best]))


_LARGEST_CORPUS = 1000
_LONGEST_CORPUS = 1_000_000


@lru_cache(maxsize=8)
def _rarity(documents: tuple[str, ...], case: bool, nfkc: bool, space: Space) -> tuple[dict[str, float], float]:
    """The weight of each word of the corpus, and that of a word that it does not have."""
    held = Counter(word for one in documents for word in set(words(normalise(one, case=case, nfkc=nfkc, space=space))))
    weights = {word: math.log((1 + len(documents)) / (1 + count)) + 1 for word, count in held.items()}
    return weights, math.log(1 + len(documents)) + 1


def _vector(text: str, rarity: dict[str, float], unseen: float) -> dict[str, float]:
    return {word: count * rarity.get(word, unseen) for word, count in Counter(words(text)).items()}


def _cosine(ours: dict[str, float], theirs: dict[str, float]) -> float:
    if not ours or not theirs:
        return float(not ours and not theirs)
    dot = math.fsum(weight * theirs.get(word, 0.0) for word, weight in ours.items())
    lengths = math.sqrt(math.fsum(w * w for w in ours.values()) * math.fsum(w * w for w in theirs.values()))
    return min(dot / lengths, 1.0)
