"""A leaf that tells languages apart, with the naive Bayes model over byte n-grams of py3langid (Lui and Baldwin, 2012)."""

import importlib.util
from collections import Counter
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field, field_validator

from textgym.core.errors import OptionalDependencyError, did_you_mean
from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.primitives.leaf import Text, TextLeaf
from textgym.graders.sample import Item, Sample

_NAMED = 3
_PIECE = 2000
"""Characters that are looked at together. What is normalised on the way takes quadratic time where marks follow marks."""


@lru_cache(1)
def _identifier() -> Any:
    """py3langid's identifier, over all languages that it knows; it is only read.

    Raises:
        OptionalDependencyError: it is not installed.
    """
    if importlib.util.find_spec("py3langid") is None:
        raise OptionalDependencyError("language_is needs py3langid: install textgym[text-metrics]")
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


class LanguageIs(TextLeaf):
    """The probability that the input is in one of these languages; 0 without letters.

    A long input is looked at in pieces of 2,000 characters, and the value is the mean over its letters: half a text in
    another language costs half.

    A few words are little to go by: they get a low probability for every language. Put `extract_regex` in front, or a
    `length_window` beside it. Needs the extra `text-metrics`.

    Attributes:
        languages: ISO 639-1 codes, such as `en`, `de`, `zh`.
        at_least: if given, the value is 1 where the probability reaches it, and else 0.
    """

    type: Literal["language_is"] = "language_is"
    languages: tuple[Text, ...] = Field(min_length=1, max_length=20)
    at_least: float | None = Field(None, gt=0, le=1)

    @field_validator("languages")
    @classmethod
    def _known(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        known = _identifier().labels
        for language in languages:
            if language not in known:
                raise ValueError(f"{language!r} is no language that can be told: {did_you_mean(language, known)}")
        return languages

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        found: Counter[str] = Counter()
        letters = 0
        for start in range(0, len(text), _PIECE):
            piece = text[start : start + _PIECE]
            weight = sum(map(str.isalpha, piece))
            letters += weight
            if weight:
                found.update({language: weight * share for language, share in _identifier().rank(piece)})
        if not letters:
            return passed(0.0, "the output has no letters")
        share = min(1.0, sum(found[language] for language in set(self.languages)) / letters)
        value = share if self.at_least is None else float(share >= self.at_least)
        return passed(value, ", ".join(f"{name} {part / letters:.3f}" for name, part in found.most_common(_NAMED)))
