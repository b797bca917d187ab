"""One question to a judge: kept answers first, then the endpoint, within caps and budgets.

The key of a kept answer is made of the model, the messages without their code, the sampling settings, the number of the
draw and the grader; the code of a request is drawn anew from the operating system whenever it is really sent. So it is
known to nobody whose text is judged, not even after the judge was asked the same before, and no verdict depends on it.
"""

import asyncio
import hashlib
import json
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from textgym.core.randomness import Random, derive_key
from textgym.endpoints import ChatReply, EndpointError, read_chat_reply
from textgym.graders.errors import Invalid, Unscored
from textgym.graders.judges.cache import AnswerCache, KeptAnswer, cache_at
from textgym.graders.judges.connections import caller_of
from textgym.graders.judges.meter import Usage, meter_of, most_usage
from textgym.graders.judges.one_at_a_time import OneAtATime
from textgym.graders.judges.prompt import Prompt, alternating
from textgym.graders.judges.service import JudgeService, cannot_be_asked
from textgym.graders.judges.verdict import read_verdict, refused
from textgym.graders.ledger import charge

_NONCE_BYTES = 16
_CUT_OFF = "length"
_FILTERED = "content_filter"


class SamplingParams(BaseModel):
    """How a judge's answer is drawn; names and spelling are those of OpenAI's graders.

    Attributes:
        temperature: the server's default where None, as for the next two.
        top_p: nucleus sampling threshold.
        reasoning_effort: such as `low`.
        seed: sent with the number of the draw added, so that repeated draws differ.
        max_completions_tokens: the most tokens of an answer, reasoning included.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    temperature: float | None = Field(None, ge=0, allow_inf_nan=False)
    top_p: float | None = Field(None, ge=0, le=1)
    reasoning_effort: str | None = Field(None, max_length=40)
    seed: int | None = None
    max_completions_tokens: int = Field(2_048, ge=1, le=1_000_000)


@dataclass(frozen=True, slots=True)
class Question:
    """What one judge is asked once.

    Attributes:
        prompt: what is asked.
        model: who is asked.
        sampling: how the answer is drawn.
        service: where.
        grader: digest of what shapes the answer.
        index: number of the draw.
    """

    prompt: Prompt
    model: str
    sampling: SamplingParams
    service: JudgeService
    grader: str
    index: int

    @property
    def key(self) -> str:
        """Under which the answer is kept."""
        sampling = self.sampling.model_dump(mode="json")
        parts = [self.model, self.messages(""), sampling, self.index, self.grader]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def messages(self, nonce: str) -> list[dict[str, str]]:
        """The messages with this code, in the roles that the server takes."""
        made = self.prompt.messages(nonce)
        return alternating(made) if self.service.alternate_roles else made

    def body(self, messages: list[dict[str, str]]) -> bytes:
        """The request."""
        sampling = self.sampling
        request: dict[str, Any] = {"model": self.model, "messages": messages}
        request[self.service.max_tokens_field] = sampling.max_completions_tokens
        for name in ("temperature", "top_p", "reasoning_effort"):
            if getattr(sampling, name) is not None:
                request[name] = getattr(sampling, name)
        if sampling.seed is not None:
            request["seed"] = sampling.seed + self.index
        return json.dumps(request).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """A judge's verdict.

    Attributes:
        verdict: the object with the code of the request, or the failure to read one.
        usd: what was paid for it now; 0 where it was kept.
        tokens: tokens that were used now.
        kept: whether it came from the cache.
        model: the model that answered.
    """

    verdict: dict[str, Any] | Invalid
    usd: float
    tokens: int
    kept: bool
    model: str


async def ask(question: Question) -> Answer:
    """The verdict on a question: the kept one, else a new one.

    Raises:
        Invalid: `error` or `timeout` where no answer can be had, `over_budget` where it must not be paid for.
    """
    service, key = question.service, question.key
    path = service.cache_path
    if path is None:
        return _read(await _paid_answer(question, key, None), service, kept=False)
    cache = cache_at(path)
    async with OneAtATime(key):  # siblings of a group often say the same
        kept = await asyncio.to_thread(cache.get, key)
        if kept is not None:
            return _read(kept, service, kept=True)
        answer = await _paid_answer(question, key, cache)
    return _read(answer, service, kept=False)


async def _paid_answer(question: Question, key: str, cache: AnswerCache | None) -> KeptAnswer:
    """An answer from the endpoint. It is kept before it is charged: what was paid for is never lost."""
    service, sampling = question.service, question.sampling
    if service.asks_nobody:
        if cache is None:
            raise cannot_be_asked("offline, and the judge's answers are not kept: the cache is off")
        raise Invalid("error", f"offline, and the judge's answer is not in {service.cache_path}")
    nonce = secrets.token_hex(_NONCE_BYTES)
    messages = question.messages(nonce)
    most = most_usage(messages, sampling.max_completions_tokens)
    url = service.url
    caller = await caller_of(url, service.api_key, service.limits)
    charge(calls=1)
    meter = meter_of(url, question.model)
    cost = reserved = service.usd(most.tokens_in, most.tokens_out)
    meter.reserve(reserved, service.max_usd)
    # Where the call is cancelled or meets silence, the reserved sum counts as spent: the server may have answered.
    try:
        answered = await caller.post(question.body(messages), read_chat_reply, Random(derive_key("judge", key)))
        usage = _usage(answered.value, most)
        cost = service.usd(usage.tokens_in, usage.tokens_out)
    except EndpointError as error:
        cost = reserved if error.silent else 0.0
        if error.lasting:
            raise cannot_be_asked(f"{error}{_way_out(error, service)}", "model_grader_server_error") from None
        status: Unscored = "timeout" if error.silent else "error"
        raise Invalid(status, str(error), code="model_grader_server_error") from None
    finally:
        meter.settle(reserved, cost)
    answer = _answer(answered.value, nonce, question.model, usage)
    if cache is not None:
        answer = await asyncio.to_thread(cache.put, key, answer)
    charge(usd=cost, tokens=usage.tokens_in + usage.tokens_out)
    return answer


def _way_out(error: EndpointError, service: JudgeService) -> str:
    """What to change where a call like this can never succeed."""
    if error.unreachable:
        return f": start the server, or correct the address in {service.address_setting}"
    if error.status in (401, 403):
        return f": the key is read from {service.api_key_env}, which is {'set' if service.api_key else 'not set'}"
    return f": the address is that of {service.address_setting}"


def _usage(reply: ChatReply, most: Usage) -> Usage:
    """The tokens that the server counted; where it does not say, the most that there can have been."""
    counts = reply.usage or {}
    tokens_in, tokens_out = counts.get("prompt_tokens"), counts.get("completion_tokens")
    return Usage(
        int(tokens_in) if isinstance(tokens_in, int | float) and tokens_in >= 0 else most.tokens_in,
        int(tokens_out) if isinstance(tokens_out, int | float) and tokens_out >= 0 else most.tokens_out,
    )


def _answer(reply: ChatReply, nonce: str, model: str, usage: Usage) -> KeptAnswer:
    return KeptAnswer(
        text=reply.text,
        nonce=nonce,
        refusal=reply.refusal or None,
        finish_reason=reply.finish_reason,
        model=reply.model or model,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
    )


def _read(answer: KeptAnswer, service: JudgeService, *, kept: bool) -> Answer:
    paid = partial(
        Answer,
        usd=0.0 if kept else service.usd(answer.tokens_in, answer.tokens_out),
        tokens=0 if kept else answer.tokens_in + answer.tokens_out,
        kept=kept,
        model=answer.model,
    )
    if answer.refusal:
        return paid(refused(answer.refusal))
    try:
        return paid(read_verdict(answer.text, answer.nonce))
    except Invalid as failure:
        if answer.finish_reason == _FILTERED:
            return paid(refused("the server's filter cut the answer off"))
        if answer.finish_reason == _CUT_OFF and failure.status == "unparseable":
            reason = f"the answer was cut off after {answer.tokens_out} tokens: {failure.reason}"
            return paid(Invalid("unparseable", reason, code=failure.code))
        return paid(failure)
