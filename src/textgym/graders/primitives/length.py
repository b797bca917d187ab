"""Leaves that look at how long an output is, and at how much of it is repeated."""

from typing import Literal

from pydantic import Field, model_validator

from textgym.core.outcome import Score
from textgym.graders.base import Bounds, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import TextLeaf
from textgym.graders.sample import Item, Sample

Measure = Literal["chars", "words", "tokens"]
_TOKEN_KEYS = ("completion_tokens", "output_tokens")


def length_of(text: str, measure: Measure, sample: Sample) -> int:
    """The length of a text in characters or in words between spaces; in tokens that of the whole sample, as it says itself.

    Raises:
        Invalid: tokens are asked for, and `sample.usage` does not tell them.
    """
    if measure == "chars":
        return len(text)
    if measure == "words":
        return len(text.split())
    for key in _TOKEN_KEYS:
        count = sample.usage.get(key)
        if isinstance(count, int) and not isinstance(count, bool) and count >= 0:
            return count
    raise Invalid("error", "the sample's usage has no completion_tokens", code="invalid_variable_error")


class LengthWindow(TextLeaf):
    """1 from `low` to `high`; beyond either end it falls linearly, to 0 at `slack` away from it.

    Attributes:
        low: the least length that is paid in full.
        high: the greatest; null for no upper end.
        slack: how far beyond an end something is still paid.
        unit: what is counted. Words are what stands between spaces: use characters for scripts without them.
    """

    type: Literal["length_window"] = "length_window"
    low: int = Field(0, ge=0)
    high: int | None = Field(None, ge=0)
    slack: int = Field(0, ge=0)
    unit: Measure = "words"

    @model_validator(mode="after")
    def _ordered(self) -> "LengthWindow":
        if self.high is not None and self.high < self.low:
            raise ValueError(f"high is {self.high}, less than low, {self.low}")
        return self

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        length = length_of(text, self.unit, sample)
        beyond = max(self.low - length, 0 if self.high is None else length - self.high, 0)
        value = 1.0 if not beyond else max(0.0, 1 - beyond / self.slack) if self.slack else 0.0
        return passed(value, f"{length:,} {self.unit}")


class SoftOverlong(TextLeaf):
    """DAPO's soft overlong punishment, from -1 to 0 (Yu et al., 2025).

    0 up to `max_length - margin`; from there it falls linearly, to -1 at `max_length` and beyond.

    Attributes:
        max_length: the length at which the punishment is full.
        margin: over how many units before it the punishment grows.
        unit: what is counted; tokens are read from `sample.usage`.
    """

    type: Literal["soft_overlong"] = "soft_overlong"
    max_length: int = Field(ge=1)
    margin: int = Field(ge=1)
    unit: Measure = "tokens"

    @property
    def bounds(self) -> Bounds:
        return (-1.0, 0.0)

    @model_validator(mode="after")
    def _inside(self) -> "SoftOverlong":
        if self.margin > self.max_length:
            raise ValueError(f"margin is {self.margin}, more than max_length, {self.max_length}")
        return self

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        length = length_of(text, self.unit, sample)
        over = length - (self.max_length - self.margin)
        return passed(-min(max(over / self.margin, 0.0), 1.0) + 0.0, f"{length:,} {self.unit}")


class Repetition(TextLeaf):
    """Minus the share of runs of `n` words that have been there before, from -1 to 0; 0 for texts of fewer words.

    Attributes:
        n: words in a run.
    """

    type: Literal["repetition"] = "repetition"
    n: int = Field(3, ge=1, le=20)

    @property
    def bounds(self) -> Bounds:
        return (-1.0, 0.0)

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        spoken = text.casefold().split()
        runs = len(spoken) - self.n + 1
        if runs <= 0:
            return passed(0.0, "no run of words")
        different = len(set(zip(*(spoken[start:] for start in range(self.n)), strict=False)))
        return passed(different / runs - 1, f"{runs - different:,} of {runs:,} runs repeat another")
