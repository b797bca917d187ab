"""`Episode`: the record of one finished episode, from which it can be read, replayed, re-graded and exported."""

from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from textgym.core import Completion, Message, Outcome, Split
from textgym.core.randomness import check_split

RECORD_FORMAT = 1

_STRICT = ConfigDict(extra="forbid")
_LEAVES = frozenset({str, int, float, bool, type(None)})


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

    __pydantic_config__ = _STRICT

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
        format: version of this layout of the record.
    """

    __pydantic_config__ = _STRICT

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
    def split(self) -> Split:
        """The split that the task belongs to, read off its id."""
        return check_split(self.task_id.rsplit("/", 2)[-2])

    @property
    def index(self) -> int:
        """The task's place in its split, read off its id."""
        return int(self.task_id.rsplit("/", 1)[-1])

    @property
    def messages(self) -> list[Message]:
        """The conversation as chat messages: observations from the user, actions from the assistant."""
        messages: list[Message] = [{"role": "user", "content": self.observation}]
        for turn in self.turns:
            messages.append({"role": "assistant", "content": turn.action})
            messages.append({"role": "user", "content": turn.observation})
        return messages

    def as_json(self) -> dict[str, Any]:
        """The record as JSON values, secret evidence of the score tree included: a log for researchers.

        Values of numpy (scalars and arrays) become plain numbers and lists. Numbers that are not finite stay what they
        are, so that whoever writes the record can refuse them instead of passing on a null.

        Raises:
            ValueError: an `info`, a setting or the like holds what JSON cannot, such as a set; names its type.
        """
        record: dict[str, Any] = _plain(_adapter().dump_python(self, warnings=False))
        return record

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Episode":
        """The inverse of `as_json`.

        Raises:
            pydantic.ValidationError: a field is missing or wrong.
        """
        return _adapter().validate_python(data)


def plain(value: Any) -> Any:
    """A part of a record as `as_json` gives it.

    Raises:
        ValueError: it holds what JSON cannot; names its type.
    """
    return _plain(_any().dump_python(value, warnings=False))


@cache
def _adapter() -> TypeAdapter[Episode]:
    return TypeAdapter(Episode)


@cache
def _any() -> TypeAdapter[Any]:
    return TypeAdapter(Any)


def _plain(value: Any) -> Any:
    """`value` in the types that `json.loads` returns. Pydantic's own JSON mode would turn a not-a-number into null."""
    kind = type(value)
    if kind in _LEAVES:
        return value
    if kind is dict:
        return {key if type(key) is str else _plain_key(key): _plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return _plain(value.value)
    if hasattr(value, "tolist"):  # numpy, which is not imported for this
        return _plain(value.tolist())
    if isinstance(value, dict):
        return _plain(dict(value))
    for base in (str, int, float):
        if isinstance(value, base):
            return base(value)
    raise ValueError(f"an episode's record holds JSON values only, not a {kind.__name__}: {value!r:.80}")


def _plain_key(key: Any) -> str:
    if isinstance(key, str | int):
        return str(_plain(key))
    raise ValueError(f"an episode's record holds JSON values only, whose keys are text, not {key!r:.80}")
