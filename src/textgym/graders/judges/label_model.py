"""`label_model`: a judge that chooses one of several labels."""

import json
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.core.errors import did_you_mean
from textgym.core.outcome import Score
from textgym.graders.errors import GraderSpecError
from textgym.graders.judges.score_model import Instructed
from textgym.graders.judges.verdict import choice_of
from textgym.graders.sample import Item, Sample


class LabelModel(Instructed):
    """1 where a judge gives a passing label, 0 where it gives another one.

    Attributes:
        labels: the labels that the judge chooses from; anything else is no verdict (`unparseable`).
        passing_labels: those that earn 1.
        reverse: show the labels in the opposite order.
    """

    unasked: ClassVar[frozenset[str]] = Instructed.unasked | {"passing_labels"}

    type: Literal["label_model"] = "label_model"

    labels: tuple[str, ...] = Field(min_length=2)
    passing_labels: tuple[str, ...] = Field(min_length=1)
    reverse: bool = False

    def _check(self) -> None:
        if len(set(self.labels)) < len(self.labels):
            raise GraderSpecError("label_model.labels: a label is given twice")
        strange = [label for label in self.passing_labels if label not in self.labels]
        if strange:
            raise GraderSpecError(
                f"label_model.passing_labels: {strange[0]!r} is not a label: {did_you_mean(strange[0], self.labels)}"
            )

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        shown = self.labels[::-1] if self.reverse else self.labels
        choices = " or ".join(json.dumps(label, ensure_ascii=False) for label in shown)
        form = {"reason": '"one short sentence"', "label": choices}

        def score_of(verdict: dict[str, Any]) -> tuple[float, str]:
            label = choice_of(verdict, "label", self.labels)
            return float(label in self.passing_labels), f"the judge chose {label!r}"

        return await self._ask(self._prompt(item, sample, form), score_of)
