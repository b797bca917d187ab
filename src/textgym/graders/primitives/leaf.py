"""What all leaves share: settings that are JSON, the text that is graded, and evidence that can be stored."""

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue

from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.normal import Space, normalise
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

OUTPUT = "{{ sample.output_text }}"
"""What a leaf grades by default."""

_SHOWN = 300
_DEEPEST = 32
_MOST_DIGITS = 300


def _as_data(value: Any, depth: int = 0) -> Any:
    """JSON values that come back equal from JSON: tuples become lists, and what has no JSON is refused."""
    if depth > _DEEPEST:
        raise ValueError(f"nested deeper than {_DEEPEST}")
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if abs(value) >= 10**_MOST_DIGITS:
            raise ValueError(f"a number has more than {_MOST_DIGITS} digits")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not JSON")
        return value
    if isinstance(value, list | tuple):
        return [_as_data(inner, depth + 1) for inner in value]
    if isinstance(value, Mapping):
        return {_key(key): _as_data(inner, depth + 1) for key, inner in value.items()}
    raise ValueError(f"a {type(value).__name__} is not JSON")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise ValueError(f"the key {key!r} is not a text, as JSON has it")
    return _sound(key)


def _sound(text: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("a text holds half of a surrogate pair")
    return text


Data = Annotated[JsonValue, BeforeValidator(_as_data)]
"""A setting of any JSON value, templates included."""
Text = Annotated[str, AfterValidator(_sound)]
"""A setting that is a text and can be written as UTF-8."""
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""A setting such as a tolerance."""


def shown(value: Any) -> str:
    """The beginning of a value for a person to read; always fit to be stored as UTF-8."""
    text = as_text(value)
    cut = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return cut.encode("utf-8", "replace").decode()


def seen(value: Any, label: str = "read") -> Evidence:
    """Evidence of what was read in the output."""
    return Evidence(label=label, text=shown(value))


def secret(value: Any, label: str = "reference") -> Evidence:
    """Evidence that no policy may see: the reference, or what follows from it."""
    return Evidence(label=label, text=shown(value), secret=True)


class TextLeaf(Grader):
    """A leaf that grades a text.

    Attributes:
        input: what is graded; by default the whole output. What is no text is graded as its JSON.
    """

    templated: ClassVar[tuple[str, ...]] = ("input",)
    longest: ClassVar[int | None] = None
    """Characters that are compared at most, where the time grows faster than the length; a longer output earns the lowest
    value."""

    type: str
    input: Data = OUTPUT

    def _grade(self, item: Item, sample: Sample) -> Score | float:
        text = as_text(self.fill(self.input, item, sample))
        if self.longest is not None and len(text) > self.longest:
            return passed(self.bounds[0], f"{len(text):,} characters; at most {self.longest:,} are compared")
        return self._judge(text, item, sample)

    def _judge(self, text: str, item: Item, sample: Sample) -> Score | float:
        """The score of this text."""
        raise NotImplementedError


class Against(TextLeaf):
    """A leaf that compares a text with a reference.

    Attributes:
        reference: what the text is compared with; a list means that any of them will do.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    reference: Data

    def references(self, item: Item, sample: Sample) -> list[str]:
        """The references as texts, at least one.

        Raises:
            Invalid: there is none, or one is longer than is compared.
        """
        value = self.fill(self.reference, item, sample)
        texts = [as_text(one) for one in value] if isinstance(value, list | tuple) else [as_text(value)]
        if not texts:
            raise Invalid("error", "the reference is an empty list")
        if self.longest is not None and max(map(len, texts)) > self.longest:
            raise Invalid("error", f"a reference is longer than {self.longest:,} characters")
        return texts


class Comparing(Against):
    """A leaf that compares texts in a form in which some differences do not count.

    Attributes:
        case: whether upper and lower case differ.
        nfkc: whether both are first brought into Unicode's form NFKC, in which look-alikes such as full-width letters and
            ligatures are the same.
        space: what becomes of white space: kept, stripped from the ends, also collapsed to single spaces, or removed.
    """

    case: bool = True
    nfkc: bool = False
    space: Space = "strip"

    def normal(self, text: str) -> str:
        """The text in the form that is compared."""
        return normalise(text, case=self.case, nfkc=self.nfkc, space=self.space)


class PairLeaf(Comparing):
    """A leaf that scores a text against one reference at a time, and pays the best."""

    longest: ClassVar[int | None] = 100_000

    def _judge(self, text: str, item: Item, sample: Sample) -> Score | float:
        golds = self.references(item, sample)
        output = self.normal(text)
        values = [self._alike(output, self.normal(gold)) for gold in golds]
        best = max(range(len(golds)), key=values.__getitem__)
        return passed(min(max(values[best], 0.0), 1.0), "", seen(text), secret(golds[best]))

    def _alike(self, output: str, gold: str) -> float:
        """How alike the two are, from 0 to 1."""
        raise NotImplementedError
