"""`formula`: graders by name, and a formula of their values."""

import math
from functools import cached_property
from typing import Literal

from pydantic import Field

from textgym.core.errors import did_you_mean
from textgym.core.outcome import Score
from textgym.graders.base import Bounds, Grader, Node
from textgym.graders.combining import Finite, ask, combined, failed, first_failure, without_value
from textgym.graders.errors import GraderSpecError, Invalid
from textgym.graders.formula import parse_formula
from textgym.graders.sample import Item, Sample


class FormulaGrader(Grader):
    """The value of a formula of named graders; see `textgym.graders.formula` for the language.

    Attributes:
        formula: such as `0.2 * format + 0.8 * max(exact, fuzzy)`.
        graders: the grader behind each name; each is asked, whether the formula names it or not.
        within: bounds of the value. They follow from the formula where they can be proven, and must be declared where
            not: after a division by something that may be zero, say.
    """

    type: Literal["formula"] = "formula"
    formula: str
    graders: dict[str, Node] = Field(min_length=1)
    within: tuple[Finite, Finite] | None = None

    def _check(self) -> None:
        for name in parse_formula(self.formula).names:
            if name not in self.graders:
                raise GraderSpecError(f"formula: no grader is called {name!r}: {did_you_mean(name, self.graders)}")
        low, high = self.within or self._proven
        if not -math.inf < low <= high < math.inf:
            raise GraderSpecError(
                f"formula: its value may lie anywhere from {low:g} to {high:g}; declare finite bounds as `within`, or "
                "make the formula bounded with min and max"
            )

    @property
    def parts(self) -> tuple[Grader, ...]:
        return tuple(self.graders.values())

    @cached_property
    def bounds(self) -> Bounds:
        return self.within or self._proven

    @property
    def _proven(self) -> Bounds:
        return parse_formula(self.formula).extent({name: part.bounds for name, part in self.graders.items()})

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        scores = await ask(self.parts, item, sample)
        children = [score.model_copy(update={"name": name}) for name, score in zip(self.graders, scores, strict=True)]
        values = {child.name: child.value for child in children if child.value is not None}
        if len(values) < len(children):
            return failed(self.formula, children, first_failure(children))
        try:
            value = parse_formula(self.formula).value(values)
        except Invalid as error:
            return without_value(self.formula, children, error)
        return combined(value, self.formula, children)
