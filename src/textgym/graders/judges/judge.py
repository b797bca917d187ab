"""What all judges have in common: whom they ask, how, and the score that becomes of an answer."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, ClassVar

from pydantic import Field

from textgym.core.outcome import Evidence, Score
from textgym.graders.base import Grader
from textgym.graders.errors import Invalid
from textgym.graders.judges.asking import Question, SamplingParams, ask
from textgym.graders.judges.draws import sample_index
from textgym.graders.judges.prompt import Prompt
from textgym.graders.judges.service import JudgeService, model_name
from textgym.graders.judges.verdict import reason_of

ReadScore = Callable[[dict[str, Any]], tuple[float, str]]
"""Reads value and reason off a verdict; raises `Invalid` where it is none."""


class Judge(Grader):
    """A grader that asks a model.

    Attributes:
        model: the model's name, as the server knows it; by default the environment variable `TEXTGYM_JUDGE_MODEL`.
        sampling_params: how its answer is drawn.
        service: where it is, what it costs, where answers are kept.
    """

    waits_itself: ClassVar[bool] = True
    unasked: ClassVar[frozenset[str]] = frozenset({"name", "service"})
    """Settings that change nothing about a judge's answer, so that one that is kept stays good when they change."""

    model: str | None = Field(None, min_length=1, max_length=500)
    sampling_params: SamplingParams = SamplingParams()
    service: JudgeService = JudgeService()

    @property
    def answer_digest(self) -> str:
        """Digest of all settings that shape the judge's answer."""
        settings = self.model_dump(mode="json", exclude=set(self.unasked))
        whole = json.dumps([settings, self.version], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()

    async def _ask(self, prompt: Prompt, score_of: ReadScore) -> Score:
        """The score of one request; with what it cost, also where the reply is no verdict.

        Raises:
            Invalid: there is no answer.
        """
        index = sample_index()
        question = Question(
            prompt, model_name(self.model), self.sampling_params, self.service, self.answer_digest, index
        )
        answer = await ask(question)
        source = f"{answer.model}, draw {index}{', kept from before' if answer.kept else ''}"
        evidence = [Evidence(label="judge", text=source)]
        try:
            if isinstance(answer.verdict, Invalid):
                raise answer.verdict
            value, reason = score_of(answer.verdict)
        except Invalid as failure:
            return Score(
                status=failure.status,
                reason=failure.reason,
                code=failure.code,
                evidence=tuple(evidence),
                cost=answer.usd,
                tokens=answer.tokens,
            )
        said = reason_of(answer.verdict)
        if said:  # a judge that knows the reference may repeat it
            evidence.append(Evidence(label="the judge's reason", text=said, secret=True))
        return Score(value=value, reason=reason, evidence=tuple(evidence), cost=answer.usd, tokens=answer.tokens)
