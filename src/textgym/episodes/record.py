"""`Episode`: the record of one finished episode, from which it can be read, replayed, re-graded and exported."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from textgym.core import Completion, Message, Outcome

RECORD_FORMAT = 1


@dataclass(slots=True)
class TurnRecord:
    """One turn: the action, and what the environment said to it.

    Attributes:
        action: the text that the policy gave.
        observation: the environment's reply.
        reward: paid for this turn.
        info: the environment's metrics of this turn, `outcome` left out.
        state_hash: digits of the state after the turn; see `Live.state_hash`. None where hashing was switched off.
        completion: what the policy gave beside the text (token ids, log-probabilities, usage); None if nothing.
        policy_seconds: wall time until the policy answered, in seconds.
        step_seconds: wall time of the environment's step, in seconds.
    """

    action: str
    observation: str
    reward: float
    info: dict[str, Any] = field(default_factory=dict)
    state_hash: str | None = None
    completion: Completion | None = None
    policy_seconds: float = 0.0
    step_seconds: float = 0.0


@dataclass(slots=True)
class Episode:
    """The record of one finished episode.

    Two runs with the same environment, settings, policy and seed give equal records, except for `timings`, `versions`
    and the seconds of each turn.

    Attributes:
        episode_id: a function of environment, settings, seed, group and sibling: the same episode of a repeated or
            resumed run has the same id.
        env_id: the registered id, with its version.
        config: the settings that were given, defaults left out.
        task_id: the task; accepted by `reset(options={"task_id": ...})`.
        seed: `env.reset(seed=seed)` gives the same task.
        group: number of the group within the run; siblings of a group work on the same task.
        sibling: number within the group, from 0.
        observation: the first observation.
        turns: the turns in order.
        reward: sum of the rewards; None where the outcome is masked.
        outcome: how it ended.
        policy: what is known of the policy: `name`, and model and sampling settings where it has them.
        attempts: how many times the episode was begun; above 1 after retries of infrastructure failures.
        timings: seconds spent in `reset`, `policy`, `step` and `total`.
        versions: of textgym, Python, and the commit of the working directory if there is one.
    """

    episode_id: str
    env_id: str
    config: dict[str, Any]
    task_id: str
    seed: int
    group: int
    sibling: int
    observation: str
    turns: list[TurnRecord]
    reward: float | None
    outcome: Outcome
    policy: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1
    timings: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    format: int = RECORD_FORMAT

    @property
    def success(self) -> bool:
        """Whether the task was solved."""
        return self.outcome.success

    @property
    def messages(self) -> list[Message]:
        """The conversation as chat messages: observations from the user, actions from the assistant."""
        messages: list[Message] = [{"role": "user", "content": self.observation}]
        for turn in self.turns:
            messages.append({"role": "assistant", "content": turn.action})
            messages.append({"role": "user", "content": turn.observation})
        return messages

    def as_json(self) -> dict[str, Any]:
        """The record as JSON values, secret evidence of the score tree included: a log for researchers."""
        return _adapter().dump_python(self, mode="json")  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Episode":
        """The inverse of `as_json`.

        Raises:
            pydantic.ValidationError: a field is missing or wrong.
        """
        return _adapter().validate_python(data)


@cache
def _adapter() -> TypeAdapter[Episode]:
    return TypeAdapter(Episode, config=ConfigDict(extra="forbid"))
