"""Leaves that ask what a text is, or what stands in it."""

import base64
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import Against, Comparing, Data, Text, TextLeaf, secret, seen
from textgym.graders.primitives.normal import Space, normalise, words
from textgym.graders.primitives.patterns import LONGEST_PATTERN, compiled, searchable
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_SHORTEST_SECRET = 4


class Exact(Comparing):
    """1 if the text is the reference, or one of them."""

    type: Literal["exact"] = "exact"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        golds = self.references(item, sample)
        output = self.normal(text)
        return passed(float(any(output == self.normal(gold) for gold in golds)), "", seen(text), secret(golds[0]))


class StringCheck(Against):
    """OpenAI's `string_check`: equal, not equal, or the reference inside the input, with or without case."""

    type: Literal["string_check"] = "string_check"
    operation: Literal["eq", "ne", "like", "ilike"] = "eq"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        gold = as_text(self.fill(self.reference, item, sample))
        holds = {
            "eq": lambda: text == gold,
            "ne": lambda: text != gold,
            "like": lambda: gold in text,
            "ilike": lambda: gold.casefold() in text.casefold(),
        }[self.operation]()
        return passed(float(holds), self.operation, seen(text), secret(gold))


class _Contains(Comparing):
    space: Space = "keep"

    def _present(self, text: str, item: Item, sample: Sample) -> list[tuple[str, bool]]:
        """Each of the texts that are looked for, and whether it is there."""
        output = self.normal(text)
        needles = [(gold, self.normal(gold)) for gold in self.references(item, sample)]
        if not all(needle for _, needle in needles):
            raise Invalid("error", "one of the texts to look for is empty, and an empty text is in every text")
        return [(gold, needle in output) for gold, needle in needles]


class ContainsAll(_Contains):
    """1 if every text of `reference` stands in the input."""

    type: Literal["contains_all"] = "contains_all"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        missing = [gold for gold, there in self._present(text, item, sample) if not there]
        return passed(float(not missing), "", seen(text), secret(missing, "missing"))


class ContainsAny(_Contains):
    """1 if at least one text of `reference` stands in the input."""

    type: Literal["contains_any"] = "contains_any"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        there = [gold for gold, is_there in self._present(text, item, sample) if is_there]
        return passed(float(bool(there)), "", seen(text), secret(there, "found"))


class ContainsNone(_Contains):
    """1 if no text of `reference` stands in the input."""

    type: Literal["contains_none"] = "contains_none"

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        there = [gold for gold, is_there in self._present(text, item, sample) if is_there]
        return passed(float(not there), "", seen(text), secret(there, "found"))


class Regex(TextLeaf):
    """1 if the pattern is found in the input, or is all of it.

    Patterns are RE2's: matching takes linear time on any text, and there is no look-around and no back-reference. `\\w`,
    `\\d` and `\\b` are ASCII; `\\p{L}` and the like know all scripts. The pattern is a setting and takes no templates.

    Attributes:
        pattern: at most 2,000 characters.
        match: `search` anywhere, or `fullmatch` of the whole input.
        ignore_case: whether case does not count.
    """

    type: Literal["regex"] = "regex"
    pattern: Text = Field(max_length=LONGEST_PATTERN)
    match: Literal["search", "fullmatch"] = "search"
    ignore_case: bool = False

    @field_validator("pattern")
    @classmethod
    def _can_be_matched(cls, pattern: str) -> str:
        compiled(pattern)
        return pattern

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        pattern = compiled(self.pattern, self.ignore_case)
        found = (pattern.fullmatch if self.match == "fullmatch" else pattern.search)(searchable(text))
        return passed(float(found is not None), "", seen(text if found is None else found[0]))


class Keywords(TextLeaf):
    """The weighted share of keywords that the input has, as whole words, each counted once.

    A text that is made of keywords and little else is paid less: where the keywords found are more than `max_density` of its
    words, the share is multiplied by `max_density / density`, repetitions included.

    Attributes:
        reference: the keywords (of one or more words), as a list or as an object of keyword and weight.
        max_density: from 0 to 1; 1 switches the cap off.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["keywords"] = "keywords"
    reference: Data
    max_density: float = Field(0.5, gt=0, le=1)

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        weights = _weights(self.fill(self.reference, item, sample))
        spoken = words(normalise(text))
        joined = f" {'  '.join(spoken)} "  # two spaces: neighbours share none, so that each is counted
        counts = {key: joined.count(f" {key.replace(' ', '  ')} ") for key in weights}
        found = [key for key, count in counts.items() if count]
        share = sum(weights[key] for key in found) / sum(weights.values())
        density = sum(counts[key] * (key.count(" ") + 1) for key in found) / max(len(spoken), 1)
        value = share * min(1.0, self.max_density / density) if density else share
        return passed(min(value, 1.0), f"{len(found)} of {len(weights)} found", seen(text), secret(found, "found"))


def _weights(given: Any) -> dict[str, float]:
    """Keywords in the form in which they are looked for, with their weights."""
    if isinstance(given, str):
        given = [given]
    listed = given if isinstance(given, list | tuple) else ()
    pairs = list(given.items()) if isinstance(given, dict) else [(key, 1.0) for key in listed]
    weights: dict[str, float] = {}
    for key, weight in pairs:
        plain = " ".join(words(normalise(as_text(key))))
        if not plain or isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < 1e9:
            raise Invalid("error", "keywords are a list of words, or an object of words and positive weights")
        weights[plain] = float(weight)
    if not weights:
        raise Invalid("error", "there are no keywords")
    return weights


class NoLeak(TextLeaf):
    """1 if the secret is not in the input, 0 if it is.

    Case, spaces, punctuation and look-alike forms do not hide it; nor, with `encodings`, do reversing, hexadecimal digits and
    base64. Paraphrases and other ciphers do.

    Attributes:
        reference: the secret, or a list of them; each of at least four letters and digits.
        encodings: whether simple encodings are looked for as well.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: Literal["no_leak"] = "no_leak"
    reference: Data
    encodings: bool = True

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        given = self.fill(self.reference, item, sample)
        secrets = [as_text(one) for one in given] if isinstance(given, list | tuple) else [as_text(given)]
        if not secrets:
            raise Invalid("error", "there is no secret to look for")
        squeezed, unspaced = _squeezed(text), "".join(text.split())
        for one in secrets:
            plain = _squeezed(one)
            if len(plain) < _SHORTEST_SECRET:
                raise Invalid(
                    "error", f"a secret has fewer than {_SHORTEST_SECRET} letters and digits: chance would find it"
                )
            if plain in squeezed:
                return passed(0.0, "the secret is in the output", seen(text), secret(one, "secret"))
            if self.encodings and (
                plain[::-1] in squeezed
                or one.encode("utf-8", "replace").hex() in squeezed
                or any(form in unspaced for form in _base64(one))
            ):
                return passed(0.0, "the secret is in the output, encoded", seen(text), secret(one, "secret"))
        return passed(1.0, "", seen(text), secret(secrets, "secret"))


def _squeezed(text: str) -> str:
    """Letters and digits alone, in their canonical form."""
    return re.sub(r"[\W_]+", "", normalise(text, space="keep"))


def _base64(text: str) -> Iterator[str]:
    """What stands in the base64 of any longer text that holds this one, for each of the three ways in which it may lie."""
    raw = text.encode("utf-8", "replace")
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw).decode()
        inner = coded[(0, 2, 3)[offset] : len(coded) - (0, 3, 2)[(offset + len(raw)) % 3]]
        if len(inner) >= _SHORTEST_SECRET:
            yield inner
            yield inner.translate(str.maketrans("+/", "-_"))
