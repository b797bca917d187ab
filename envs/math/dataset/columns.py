"""`Columns`: what the fields of a row mean, and what makes a row unusable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from textgym.core import Split, split_of
from textgym.core.errors import did_you_mean
from textgym.envs.math.dataset.rows import BadRowError, Row
from textgym.graders import GraderSpecError, Invalid
from textgym.graders.json_setting import json_setting
from textgym.graders.primitives.numerals import read_number
from textgym.graders.template import as_text, paths, resolve

SimpleGrader = Literal["exact", "math_equal", "choice", "number"]

_SPLITS: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
    "test": "test",
}
_FIELD = re.compile(r"item\.([A-Za-z_][A-Za-z0-9_-]*)", re.ASCII)


@dataclass(frozen=True)
class Columns:
    """Which fields of a row are what.

    Attributes:
        question: the field that is the prompt; passed over where there is a template.
        template: a prompt with `{{ item.field }}` in it.
        answer: the field with the right answer, or with a list of them.
        answer_after: of the answer's text only what follows the last such mark is the answer.
        solution: the field with an output that earns everything.
        split: the field with the name of the split; without one, the family decides.
        family: the field that rows of one family share; without one, it is the prompt.
        public: fields that anyone may know.
        simple: the simple grader, which wants an answer that it can read.
        labels: what can be chosen where it is `choice`.
    """

    question: str
    template: str | None
    answer: str
    answer_after: str | None
    solution: str | None
    split: str | None
    family: str | None
    public: tuple[str, ...]
    simple: SimpleGrader | None
    labels: tuple[str, ...]

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The fields that a policy is shown.

        Raises:
            ValueError: the template is malformed, or shows what it must not.
        """
        if self.template is None:
            return (self.question,)
        found = []
        for path in paths(self.template):
            field = _FIELD.match(path)
            if field is None:
                raise ValueError(f"{{{{ {path} }}}} names no field of a row: write {{{{ item.question }}}}")
            found.append(field[1])
        if not found:
            raise ValueError(
                "it names no field of a row, such as {{ item.question }}, so every prompt would be the same"
            )
        for secret in (self.answer, self.solution):
            if secret in found:
                raise ValueError(f"it shows the field {secret!r}, which tells the answer")
        return tuple(dict.fromkeys(found))

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """All fields that some setting names."""
        named = (*self.shown, self.answer, self.solution, self.split, self.family, *self.public)
        return tuple(dict.fromkeys(name for name in named if name is not None))

    # -- reading a row -------------------------------------------------------------------------------------------------

    def prompt(self, row: Row) -> str:
        """What is asked.

        Raises:
            BadRowError: there is nothing to ask.
        """
        if self.template is None:
            asked = _field(row, self.question)
            if not isinstance(asked, str):
                raise BadRowError(f"field {self.question!r} is no text, but {_kind(asked)}")
        else:
            try:
                asked = as_text(resolve(self.template, {"item": row}))
            except Invalid as error:
                missing = next((name for name in self.shown if row.get(name) is None), None)
                raise BadRowError(_missing(row, missing) if missing else error.reason) from None
        if not asked.strip():
            raise BadRowError(f"field {self.shown[0]!r} is empty")
        return asked

    def answers(self, row: Row) -> list[Any]:
        """The right answers, at least one, as a simple grader reads them.

        Raises:
            BadRowError: there is none, or it cannot be read.
        """
        given = _field(row, self.answer)
        found = [self._cut(one) for one in (given if isinstance(given, list) else [given])]
        if not found:
            raise BadRowError(f"field {self.answer!r} is an empty list")
        for one in found if self.simple is not None else ():
            self._check_answer(one)
        return found

    def _cut(self, answer: Any) -> Any:
        if self.answer_after is None:
            return answer
        if not isinstance(answer, str) or self.answer_after not in answer:
            raise BadRowError(f"field {self.answer!r} holds no {self.answer_after!r}, after which the answer stands")
        return answer.rpartition(self.answer_after)[2].strip()

    def _check_answer(self, answer: Any) -> None:
        if isinstance(answer, dict | list) or answer is None or not as_text(answer).strip():
            what = "empty" if isinstance(answer, str) else f"no text or number, but {_kind(answer)}"
            raise BadRowError(f"field {self.answer!r} is {what}")
        if self.simple == "number" and read_number(answer) is None:
            raise BadRowError(f"field {self.answer!r} is no number: {as_text(answer)[:60]!r}")
        if self.simple == "choice" and as_text(answer).strip().casefold() not in map(str.casefold, self.labels):
            raise BadRowError(
                f"field {self.answer!r} is none of the labels {', '.join(self.labels)}: {as_text(answer)[:60]!r}"
            )

    def family_of(self, row: Row) -> str:
        """What rows that are the same in kind share."""
        return self.prompt(row) if self.family is None else as_text(_field(row, self.family))

    def split_of(self, row: Row) -> Split:
        """The split of a row.

        Raises:
            BadRowError: it names no split.
        """
        if self.split is None:
            return split_of(self.family_of(row))
        named = _field(row, self.split)
        found = _SPLITS.get(named.strip().lower()) if isinstance(named, str) else None
        if found is None:
            raise BadRowError(
                f"field {self.split!r} names no split: {as_text(named)[:60]!r}; there are {', '.join(_SPLITS)}"
            )
        return found

    def check(self, row: Row) -> None:
        """Refuse a row of which no task can be made.

        Raises:
            BadRowError: the message names the field.
        """
        for name in self.needed:
            try:
                json_setting(f"field {name!r}", _field(row, name))
            except GraderSpecError as error:
                raise BadRowError(str(error)) from None
        self.prompt(row)
        self.answers(row)
        if self.solution is not None and not isinstance(row[self.solution], str):
            raise BadRowError(f"field {self.solution!r} is no text, but {_kind(row[self.solution])}")

    def parted(self, row: Row) -> tuple[Row, Row]:
        """The fields that anyone may know, and the others."""
        known = {*self.shown, *self.public}
        return (
            {name: value for name, value in row.items() if name in known},
            {name: value for name, value in row.items() if name not in known},
        )


def _field(row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    if value is None:
        raise BadRowError(_missing(row, name))
    return value


def _missing(row: Mapping[str, Any], name: str) -> str:
    if name in row:
        return f"field {name!r} is null"
    return f"it has no field {name!r}: {did_you_mean(name, row)}"


def _kind(value: Any) -> str:
    names = {
        list: "a list",
        dict: "an object",
        str: "a text",
        int: "a number",
        float: "a number",
        bool: "true or false",
    }
    return names.get(type(value), "null")
