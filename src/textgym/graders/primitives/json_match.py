"""Leaves that compare a JSON value with another, or with a schema."""

from collections import Counter
from itertools import islice
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from textgym.actions.bounded_json import JsonError
from textgym.core.outcome import Score
from textgym.graders.base import Grader, passed
from textgym.graders.errors import Invalid
from textgym.graders.primitives.form import read_json
from textgym.graders.primitives.json_schemas import Schema
from textgym.graders.primitives.json_values import at_path, leaves, read_path, same, without
from textgym.graders.primitives.leaf import OUTPUT, Data, NotNegative, Text, secret, seen
from textgym.graders.primitives.numerals import as_fraction
from textgym.graders.sample import Item, Sample

_MOST_LEAVES = 50_000


class _Json(Grader):
    """A leaf whose input is JSON: a text, which may stand in a Markdown code block, or a value already.

    Attributes:
        input: the JSON; by default the whole output.
        reference: what it is compared with, as a JSON value or as its text.
    """

    templated: ClassVar[tuple[str, ...]] = ("input", "reference")

    type: str
    input: Data = OUTPUT
    reference: Data

    def _grade(self, item: Item, sample: Sample) -> Score:
        reference = self.fill(self.reference, item, sample)
        try:
            gold = read_json(reference) if isinstance(reference, str) else reference
        except JsonError:
            gold = reference  # a text that stands for itself
        given = self.fill(self.input, item, sample)
        try:
            value = read_json(given) if isinstance(given, str) and not self._inside_json else given
        except JsonError as error:
            said = str(error).encode("utf-8", "replace").decode()
            return passed(0.0, f"the output is no JSON: {said}", seen(given), secret(reference))
        worth, reason = self._against(value, gold)
        return passed(worth, reason, seen(given), secret(reference))

    @property
    def _inside_json(self) -> bool:
        """Whether the input is a part of JSON that has been read already: texts in it are texts."""
        return isinstance(self.input, str) and self.input.replace(" ", "").startswith("{{sample.output_json")

    def _against(self, value: Any, gold: Any) -> tuple[float, str]:
        """The value, and why."""
        raise NotImplementedError


class JsonSchema(_Json):
    """1 if the input is JSON and fits the schema (JSON Schema; by default draft 2020-12).

    Patterns are matched by RE2, in linear time. References to other documents are not fetched. A document that takes more
    than 100,000 steps to check does not fit.

    Attributes:
        reference: the schema.
    """

    type: Literal["json_schema"] = "json_schema"

    def _against(self, value: Any, gold: Any) -> tuple[float, str]:
        problem = Schema.of(gold).problem(value)
        return float(problem is None), problem or ""


class JsonEqual(_Json):
    """1 if the input is JSON and equal to the reference: keys in any order, lists in theirs, 1 equal to 1.0.

    Attributes:
        paths: what is compared, such as `total` or `items[*].price`; by default all.
        ignore: what is not.
        atol: absolute tolerance of numbers.
        rtol: tolerance of numbers as a share of the reference.
    """

    type: Literal["json_equal"] = "json_equal"
    paths: tuple[Text, ...] = Field((), max_length=1000)
    ignore: tuple[Text, ...] = Field((), max_length=1000)
    atol: NotNegative = 0.0
    rtol: NotNegative = 0.0

    @field_validator("paths", "ignore")
    @classmethod
    def _are_paths(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for path in given:
            read_path(path)
        return given

    def _against(self, value: Any, gold: Any) -> tuple[float, str]:
        atol, rtol = as_fraction(self.atol), as_fraction(self.rtol)
        ignored = [read_path(path) for path in self.ignore]
        value, gold = without(value, ignored), without(gold, ignored)
        if not self.paths:
            equal = same(value, gold, atol, rtol)
            return float(equal), "" if equal else "the values differ"
        for text in self.paths:
            path = read_path(text)
            wanted, got = dict(at_path(gold, path)), dict(at_path(value, path))
            if not wanted:
                raise Invalid("error", f"the reference has nothing at {text}")
            if wanted.keys() != got.keys() or not all(same(got[at], wanted[at], atol, rtol) for at in wanted):
                return 0.0, f"the values at {text} differ"
        return 1.0, ""


class JsonFieldF1(_Json):
    """The F1 of the leaves of two JSON values, each a path with its value: missing, wrong and additional ones cost alike.

    More than 50,000 fields earn 0.

    Attributes:
        ordered: whether the place in a list is part of the path.
    """

    type: Literal["json_field_f1"] = "json_field_f1"
    ordered: bool = True

    def _against(self, value: Any, gold: Any) -> tuple[float, str]:
        ours, theirs = (Counter(islice(leaves(one, self.ordered), _MOST_LEAVES + 1)) for one in (value, gold))
        if theirs.total() > _MOST_LEAVES:
            raise Invalid("error", f"the reference has more than {_MOST_LEAVES:,} fields")
        if ours.total() > _MOST_LEAVES:
            return 0.0, f"the output has more than {_MOST_LEAVES:,} fields"
        common = (ours & theirs).total()
        return 2 * common / (ours.total() + theirs.total()), f"{common} of {theirs.total()} fields"
