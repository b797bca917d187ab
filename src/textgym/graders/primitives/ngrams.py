"""Leaves of machine translation and summarisation: runs of words or characters that two texts share."""

import importlib.util
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from textgym.core.errors import OptionalDependencyError
from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.primitives.collections import common_subsequence
from textgym.graders.primitives.leaf import Against, PairLeaf, secret, seen
from textgym.graders.primitives.normal import words
from textgym.graders.sample import Item, Sample

_LONGEST = 100_000
_ORDERS = (1, 2, 3, 4)


def ngrams(tokens: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    """How often each run of `order` tokens is there."""
    return Counter(zip(*(tokens[start:] for start in range(order)), strict=False))


class Rouge(PairLeaf):
    """ROUGE: the F1 of shared runs of words, or of the longest common subsequence of words (Lin, 2004).

    Words are letters and digits of any script, without case; there is no stemming.

    Attributes:
        n: how many words a run has, 1 to 9; or `L` for the longest common subsequence.
    """

    longest: ClassVar[int | None] = _LONGEST

    type: Literal["rouge"] = "rouge"
    case: bool = False
    n: int | Literal["L"] = Field("L", union_mode="left_to_right")

    @model_validator(mode="after")
    def _few_words(self) -> "Rouge":
        if self.n != "L" and not 1 <= self.n <= 9:
            raise ValueError('n is a number from 1 to 9, or "L"')
        return self

    def _alike(self, output: str, gold: str) -> float:
        ours, theirs = words(output), words(gold)
        if self.n == "L":
            common, sizes = common_subsequence(ours, theirs), len(ours) + len(theirs)
        else:
            mine, other = ngrams(ours, self.n), ngrams(theirs, self.n)
            common, sizes = (mine & other).total(), mine.total() + other.total()
        return 2 * common / sizes if sizes else float(ours == theirs)


class Gleu(PairLeaf):
    """Google's GLEU: the runs of one to four words in common, as a share of the longer text's runs (Wu et al., 2016)."""

    longest: ClassVar[int | None] = _LONGEST

    type: Literal["gleu"] = "gleu"

    def _alike(self, output: str, gold: str) -> float:
        ours, theirs = words(output), words(gold)
        common = most = 0
        for order in _ORDERS:
            mine, other = ngrams(ours, order), ngrams(theirs, order)
            common += (mine & other).total()
            most += max(mine.total(), other.total())
        return common / most if most else float(ours == theirs)


def _sacrebleu() -> Any:
    """sacrebleu's metrics.

    Raises:
        OptionalDependencyError: it is not installed.
    """
    if importlib.util.find_spec("sacrebleu") is None:
        raise OptionalDependencyError("bleu and chrf need sacrebleu: install textgym[text-metrics]")
    from sacrebleu import metrics

    return metrics


class _Sacrebleu(Against):
    """A sentence score of sacrebleu over all references at once, divided by 100."""

    longest: ClassVar[int | None] = 50_000

    @model_validator(mode="after")
    def _installed(self) -> "_Sacrebleu":
        _sacrebleu()
        return self

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        golds = self.references(item, sample)
        value = 1.0 if text in golds else self._metric().sentence_score(text, golds).score / 100
        return passed(min(max(value, 0.0), 1.0), "", seen(text), secret(golds[0]))

    def _metric(self) -> Any:
        raise NotImplementedError


class Bleu(_Sacrebleu):
    """BLEU of one text with sacrebleu's defaults (13a tokens, exponential smoothing) and effective order, divided by 100.

    Needs the extra `text-metrics`.

    Attributes:
        lowercase: whether case does not count.
    """

    type: Literal["bleu"] = "bleu"
    lowercase: bool = False

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        try:
            return super()._judge(text, item, sample)
        finally:
            _forget_tokens()

    def _metric(self) -> Any:
        return _sacrebleu().BLEU(effective_order=True, lowercase=self.lowercase)


def _forget_tokens() -> None:
    """Empty the caches of sacrebleu's tokenizers: they would keep 65,536 texts of any length, for a process's life."""
    from sacrebleu.tokenizers import tokenizer_13a, tokenizer_re

    tokenizer_13a.Tokenizer13a.__call__.cache_clear()
    tokenizer_re.TokenizerRegexp.__call__.cache_clear()


class Chrf(_Sacrebleu):
    """chrF of one text with sacrebleu's defaults (runs of 1 to 6 characters), divided by 100 (Popovic, 2015).

    Needs the extra `text-metrics`.

    Attributes:
        word_order: 0 for chrF, 2 for chrF++.
        beta: how many times as much recall counts as precision.
    """

    type: Literal["chrf"] = "chrf"
    word_order: int = Field(0, ge=0, le=4)
    beta: int = Field(2, ge=1, le=9)

    def _metric(self) -> Any:
        return _sacrebleu().CHRF(word_order=self.word_order, beta=self.beta)
