"""`pairwise`: a judge that says which of two answers is better."""

import asyncio
from typing import Any, Literal

from textgym.core.outcome import Score
from textgym.graders.combining import combined, failed, first_failure
from textgym.graders.errors import Invalid
from textgym.graders.judges.judge import Judge
from textgym.graders.judges.prompt import JudgeMessage, Prompt, fill_instructions, name_of
from textgym.graders.judges.verdict import choice_of
from textgym.graders.sample import Item, Sample
from textgym.graders.template import as_text

_FIRST, _SECOND = "answer A", "answer B"
_TIE = "tie"
_WORTH = {"A": 1.0, "B": 0.0, _TIE: 0.5}


class Pairwise(Judge):
    """1 where the answer is better than the one it is compared with, 0.5 where they are equally good, 0 where it is worse.

    With `both_orders` the judge is asked twice, once with each answer first, and the value is the mean: a judge that
    always prefers the first one gives 0.5. The two requests are the children of the score: the answer first, then the answer
    second. Each child's value is how the answer fared.

    Attributes:
        instructions: what makes an answer better, and what the judge must know, such as the question; templates in it are
            filled in, and those of `untrusted` are sent as data.
        answer: the answer that is graded, sent as data.
        against: the answer it is compared with, sent as data.
        both_orders: ask twice. A `tournament` asks in both orders itself, and its judge needs only one.
        reverse: where it is asked once, show the compared answer first.
    """

    type: Literal["pairwise"] = "pairwise"
    templated = ("instructions", "answer", "against")

    instructions: str = "Which answer is better?"
    answer: str = "{{ sample.output_text }}"
    against: str = "{{ item.opponent.output_text }}"
    untrusted: tuple[str, ...] = ("sample", "item.opponent")
    both_orders: bool = True
    reverse: bool = False

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        if not self.both_orders:
            return await self._duel(item, sample, second=self.reverse)
        children = await asyncio.gather(*(self._child(item, sample, second) for second in (False, True)))
        if any(child.value is None for child in children):
            return failed(self.type, children, first_failure(children))
        first, second = (child.value or 0.0 for child in children)
        agreed = "both orders agree" if first == second else "the two orders disagree"
        return combined((first + second) / 2, self.type, children, reason=agreed)

    async def _child(self, item: Item, sample: Sample, second: bool) -> Score:
        name = "answer second" if second else "answer first"
        try:
            score = await self._duel(item, sample, second=second)
        except Invalid as failure:
            score = Score(status=failure.status, reason=failure.reason, code=failure.code)
        return score.model_copy(update={"name": name})

    async def _duel(self, item: Item, sample: Sample, *, second: bool) -> Score:
        """How the answer fares in one request, in which it stands second or first."""
        instructions, data = fill_instructions(
            [JudgeMessage(content=self.instructions)],
            self.untrusted,
            lambda template: self.fill(template, item, sample),
        )
        instructions.append(("user", f"Compare {name_of(_FIRST)} and {name_of(_SECOND)}. Their order means nothing."))
        answer = as_text(self.fill(self.answer, item, sample))
        against = as_text(self.fill(self.against, item, sample))
        data[_FIRST], data[_SECOND] = (against, answer) if second else (answer, against)
        form = {"reason": '"one short sentence"', "better": '"A", "B" or "tie"'}

        def score_of(verdict: dict[str, Any]) -> tuple[float, str]:
            better = choice_of(verdict, "better", tuple(_WORTH))
            worth = 1.0 - _WORTH[better] if second else _WORTH[better]
            return worth, f"the judge preferred {better}, the answer was {'B' if second else 'A'}"

        return await self._ask(Prompt(instructions, data, form), score_of)
