"""`score_model`: a judge that gives a number."""

from typing import Any, Literal

from pydantic import Field, field_validator

from textgym.core.outcome import Score
from textgym.graders.base import Bounds
from textgym.graders.errors import GraderSpecError
from textgym.graders.judges.judge import Judge
from textgym.graders.judges.prompt import JudgeMessage, Prompt, fill_instructions
from textgym.graders.judges.verdict import number_of
from textgym.graders.sample import Item, Sample


class Instructed(Judge):
    """A judge with instructions in messages, as OpenAI's graders have them.

    Attributes:
        input: the instructions, as messages or as one text; templates in them are filled in. What `untrusted` names is
            left out of them, and sent as data in messages of its own.
        untrusted: paths whose values are data and no instructions, with all below them.
    """

    input: tuple[JudgeMessage, ...] = Field(min_length=1)
    untrusted: tuple[str, ...] = ("sample",)

    @field_validator("input", mode="before")
    @classmethod
    def _messages_of_a_text(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given

    def _prompt(self, item: Item, sample: Sample, form: dict[str, str]) -> Prompt:
        instructions, data = fill_instructions(
            self.input, self.untrusted, lambda template: self.fill(template, item, sample)
        )
        return Prompt(instructions, data, form)


class ScoreModel(Instructed):
    """A number from a judge.

    A number out of `range` is no verdict (`unparseable`); it is not moved into the range.

    Attributes:
        range: the least and the greatest score; also the bounds of this grader.
    """

    type: Literal["score_model"] = "score_model"

    range: tuple[float, float] = (0.0, 1.0)

    def _check(self) -> None:
        low, high = self.range
        if not float("-inf") < low < high < float("inf"):
            raise GraderSpecError(f"score_model.range: two numbers, the lesser first, and not {list(self.range)}")

    @property
    def bounds(self) -> Bounds:
        return self.range

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        low, high = self.range
        form = {"reason": '"one short sentence"', "score": f"a number from {low:g} to {high:g}"}

        def score_of(verdict: dict[str, Any]) -> tuple[float, str]:
            value = number_of(verdict, "score", low, high)
            return value, f"the judge gave {value:g} of {low:g} to {high:g}"

        return await self._ask(self._prompt(item, sample, form), score_of)
