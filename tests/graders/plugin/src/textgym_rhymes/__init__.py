"""A grader that a third party adds."""

from typing import Any, Literal

from textgym.graders import Grader, Item, Sample


class Rhymes(Grader):
    """1 where the last letters of the output are those of the reference."""

    type: Literal["rhymes"] = "rhymes"
    templated = ("reference",)
    reference: Any
    letters: int = 2

    def _grade(self, item: Item, sample: Sample) -> float:
        return float(sample.output_text[-self.letters :] == self.fill(self.reference, item, sample)[-self.letters :])
