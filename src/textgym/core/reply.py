"""`Reply`: what an environment says to one action. `Turn`: what a policy is given to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

from msgspec import Struct

from textgym.core.outcome import Score
from textgym.core.randomness import Random, derive_key


class Reply(Struct, gc=False):  # made at every step: a Struct costs a fifth of a dataclass
    """The environment's answer to one action.

    Attributes:
        text: the next observation.
        score: ends the episode with this score (a number, or a whole score tree).
        reward: paid for this step while the episode goes on.
        info: metrics of this step for a trainer or a log; never secrets. Keep a key's type the same in every step.
        invalid: the action could not be used; it costs a turn and counts towards `max_invalid`.
        success: whether the task was solved; by default, whether the score reaches 1.
    """

    text: str
    score: float | Score | None = None
    reward: float = 0.0
    info: dict[str, Any] | None = None
    invalid: bool = False
    success: bool | None = None

    @classmethod
    def malformed(cls, text: str, info: dict[str, Any] | None = None) -> "Reply":
        """An invalid action: `text` says what was wrong and what to write instead."""
        return cls(text, None, 0.0, info, True)


StepResult = tuple[str, float, bool, bool, dict[str, Any]]
"""Observation, reward, terminated, truncated, info: Gymnasium's five."""


class Message(TypedDict):
    """One chat message, in the shape of OpenAI's chat API."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str
    tool_calls: NotRequired[list[dict[str, Any]]]
    tool_call_id: NotRequired[str]


@dataclass(slots=True)
class Completion:
    """A policy's answer to a turn: the action, and what a trainer wants to keep beside it.

    Attributes:
        text: the action.
        finish_reason: why the model stopped, in the words of OpenAI's chat API (`stop`, `length`, `tool_calls`, ...).
        prompt_ids: token ids that the model was given, if known.
        token_ids: token ids that the model sampled, if known; never re-tokenised text.
        logprobs: log-probability of each sampled token, if known; as long as `token_ids` where both are given.
        usage: token counts and cost, such as `{"prompt_tokens": 812, "completion_tokens": 40}`.
        extra: anything else worth keeping (model, policy version, latency); JSON values.
    """

    text: str
    finish_reason: str = "stop"
    prompt_ids: list[int] | None = None
    token_ids: list[int] | None = None
    logprobs: list[float] | None = None
    usage: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None


class Turn(Struct, frozen=True):
    """What a policy sees when it is asked for an action. It holds no secret and no reference to one.

    Attributes:
        observation: the latest observation.
        episode_id: the episode; constant over its turns, useful as a session id for sticky routing.
        task_id: the task.
        index: actions taken so far in this episode.
        key: source of this turn's private randomness; siblings of a group differ in it.
        tools: JSON schemas of the environment's tools, in OpenAI's shape; empty where there are none.
        history: observations and actions so far, alternating, ending with `observation`.
    """

    observation: str
    episode_id: str
    task_id: str
    index: int
    key: bytes = b""
    tools: Sequence[dict[str, Any]] = ()
    history: Sequence[str] = ()

    def __repr__(self) -> str:
        """Everything but the history, which would repeat the whole conversation."""
        shown = [f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name != "history"]
        return f"Turn({', '.join(shown)})"

    @property
    def messages(self) -> list[Message]:
        """The conversation so far as chat messages: observations from the user, actions from the assistant."""
        history = self.history or (self.observation,)
        return [
            {"role": "assistant", "content": text} if i % 2 else {"role": "user", "content": text}
            for i, text in enumerate(history)
        ]

    def rng(self) -> Random:
        """The policy's private generator for this turn, apart from the environment's randomness."""
        return Random(derive_key("policy", self.key.hex(), self.index))
