"""Where a judge is, how hard it is asked, what it costs, and where its answers are kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from textgym.endpoints import CallLimits, EndpointSettingError, completions_url, usable_key
from textgym.graders.errors import Invalid

BASE_URL = "TEXTGYM_JUDGE_BASE_URL"
API_KEY = "TEXTGYM_JUDGE_API_KEY"
MODEL = "TEXTGYM_JUDGE_MODEL"
CACHE = "TEXTGYM_JUDGE_CACHE"
OFFLINE = "TEXTGYM_JUDGE_OFFLINE"

_NO_CACHE = "off"


class JudgeService(BaseModel):
    """An OpenAI-compatible endpoint, as a judge uses it.

    Attributes:
        base_url: where the API begins; by default the environment variable `TEXTGYM_JUDGE_BASE_URL`.
        api_key_env: the environment variable that holds the key; a key is never written into a grader.
        max_tokens_field: the name under which the server takes the most tokens of an answer.
        alternate_roles: put a short turn of the model's between messages of one role, for models (Gemma, Mistral) whose
            chat format insists that user and model take turns.
        usd_per_million_in: price of a million tokens of the prompt, in US dollars.
        usd_per_million_out: price of a million tokens of the answer.
        max_usd: what one process may spend at this endpoint on this model. A call that could cost more than is left is
            not made, and its score is `over_budget`.
        cache: the file in which answers are kept, or `off`; by default `TEXTGYM_JUDGE_CACHE`, else `judge.sqlite` in
            textgym's cache folder.
        offline: ask nobody: what is not kept is an error. `TEXTGYM_JUDGE_OFFLINE=1` says the same.
        max_in_flight: calls at the same time, for each event loop.
        timeout: seconds of one request.
        deadline: seconds of a call with all its requests and pauses.
        retries: requests after the first one.
        first_delay: upper end of the first pause between requests, in seconds; it doubles with each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = None
    api_key_env: str = Field(API_KEY, min_length=1, max_length=200)
    max_tokens_field: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    alternate_roles: bool = False
    usd_per_million_in: float = Field(0.0, ge=0, allow_inf_nan=False)
    usd_per_million_out: float = Field(0.0, ge=0, allow_inf_nan=False)
    max_usd: float | None = Field(None, ge=0, allow_inf_nan=False)
    cache: str | None = None
    offline: bool = False
    max_in_flight: int = Field(16, ge=1, le=4096)
    timeout: float = Field(120.0, gt=0, le=86_400)
    deadline: float = Field(300.0, gt=0, le=86_400)
    retries: int = Field(5, ge=0, le=100)
    first_delay: float = Field(0.5, ge=0, le=600)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.base_url is not None:
            completions_url(self.base_url)
        if self.max_usd is not None and not (self.usd_per_million_in or self.usd_per_million_out):
            raise ValueError("max_usd needs prices: set usd_per_million_in and usd_per_million_out")
        return self

    def usd(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost, in US dollars."""
        return (tokens_in * self.usd_per_million_in + tokens_out * self.usd_per_million_out) / 1e6

    @property
    def limits(self) -> CallLimits:
        """How hard a call tries."""
        return CallLimits(
            max_in_flight=self.max_in_flight,
            timeout=self.timeout,
            deadline=self.deadline,
            retries=self.retries,
            first_delay=self.first_delay,
            max_bytes=4 << 20,
        )

    @property
    def url(self) -> str:
        """The URL to post to.

        Raises:
            Invalid: none is set, or the one in the environment is none.
        """
        base = self.base_url or os.environ.get(BASE_URL)
        if not base:
            raise cannot_be_asked(f"no endpoint to judge: set {BASE_URL}, or base_url in the judge's `service`")
        try:
            return completions_url(base)
        except EndpointSettingError as error:
            raise cannot_be_asked(f"{self.address_setting}: {error}") from None

    @property
    def address_setting(self) -> str:
        """Where the address was set."""
        return BASE_URL if self.base_url is None else "base_url in the judge's `service`"

    @property
    def api_key(self) -> str | None:
        """The key, from its environment variable.

        Raises:
            Invalid: no header can hold it.
        """
        try:
            return usable_key(os.environ.get(self.api_key_env), self.api_key_env)
        except EndpointSettingError as error:
            raise cannot_be_asked(str(error)) from None

    @property
    def asks_nobody(self) -> bool:
        """Whether only kept answers count, by setting, environment or `judging`."""
        return self.offline or _judging().offline or os.environ.get(OFFLINE, "") not in ("", "0")

    @property
    def cache_path(self) -> Path | None:
        """The file in which answers are kept; None where they are not."""
        named = _judging().cache or self.cache or os.environ.get(CACHE)
        if named == _NO_CACHE:
            return None
        if named:
            return Path(named)
        home = os.environ.get("TEXTGYM_CACHE")
        folder = Path(home) if home else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "textgym"
        return folder / "judge.sqlite"


def model_name(field: str | None) -> str:
    """The model that is asked: a grader's `model`, else the environment's.

    Raises:
        Invalid: neither is set.
    """
    model = field or os.environ.get(MODEL)
    if not model:
        raise cannot_be_asked(f"no model to judge: set {MODEL}, or `model` in the grader")
    return model


@dataclass
class Judging:
    """What holds for the judges inside a `judging` block, and what was found out about them.

    Attributes:
        offline: only kept answers count.
        cache: the file, or `off`; None where their own settings count.
        trouble: why a judge could not be asked at all, as the first one found: no endpoint or model is set, nobody
            listens there, the server refuses the key or the path, or the file of answers cannot be used. None where
            there was no such trouble.
    """

    offline: bool = False
    cache: str | None = None
    trouble: str | None = None


_JUDGING: ContextVar[Judging | None] = ContextVar("textgym_judging", default=None)


def _judging() -> Judging:
    return _JUDGING.get() or Judging()


def cannot_be_asked(why: str, code: str = "other_error") -> Invalid:
    """The failure of a judge that nobody can ask before a setting is changed or a server started; `judging` notes it."""
    around = _judging()
    around.trouble = around.trouble or why
    return Invalid("error", why, code=code)


@contextmanager
def judging(*, offline: bool | None = None, cache: str | Path | None = None) -> Iterator[Judging]:
    """Judges that are asked inside keep their answers in `cache`, or ask nobody, whatever their own settings say.

    Args:
        offline: only kept answers count.
        cache: the file, or `off`.

    Yields:
        What holds inside; its `trouble` says afterwards whether judges could be asked at all.
    """
    around = _judging()
    inside = Judging(
        offline=around.offline if offline is None else offline, cache=around.cache if cache is None else str(cache)
    )
    token = _JUDGING.set(inside)
    try:
        yield inside
    finally:
        _JUDGING.reset(token)
