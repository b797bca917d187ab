"""`Arena`: where cheats are played, whoever made the environment. `Seat`: one episode in it."""

import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from textgym.core import Random

Reference = Literal["oracle", "random"]


class Stepped(NamedTuple):
    """What one action came to."""

    observation: str
    reward: float
    ended: bool


class Seat(ABC):
    """One episode, played by one policy.

    Attributes:
        task_id: the task's name.
        observation: the first observation.
    """

    task_id: str
    observation: str

    @abstractmethod
    async def step(self, action: str) -> Stepped:
        """Take one action. Whatever the environment raises gets out."""

    def reference(self, who: Reference, rng: Random) -> str | None:
        """The next action of the environment's own oracle, or of one who guesses; None where there is none."""
        return None

    def around(self, history: Sequence[str]) -> Mapping[str, str]:
        """Texts beside the conversation in which a secret may be found, by name."""
        return {}

    @property
    def status(self) -> str:
        """How the episode ended; `unfinished` while it goes on."""
        return "ok"

    @property
    def trouble(self) -> str | None:
        """What the machinery or the grader said, where the episode ended by their failure."""
        return None

    async def close(self) -> None:
        """Release what the episode holds."""


class Around(Mapping[str, str]):
    """Texts beside a conversation, each made when somebody looks at it; where that fails, the text is the error's."""

    def __init__(self, makers: Mapping[str, Callable[[], str]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> str:
        make = self._makers[name]
        try:
            return make()
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Arena(ABC):
    """An environment as the red team sees it.

    Attributes:
        name: its name in the report.
        turns: the most actions of an episode; None where that is not known.
        tools: JSON schemas of the tools, in OpenAI's shape.
        waits: whether steps wait for something outside, so that it pays to play several episodes at once.
        random_ceiling: what guessing may earn by the environment's own declaration.
        oracle_score: what the oracle should earn.
        impossible: whether the tasks contradict themselves, so that the oracle should earn nothing.
        isolated: whether it is played in another process, which can be killed; for environments that were not written
            to withstand what is said here.
    """

    name: str
    turns: int | None = None
    tools: Sequence[Mapping[str, Any]] = ()
    waits: bool = False
    random_ceiling: float = 0.05
    oracle_score: float = 1.0
    impossible: bool = False
    isolated: bool = False

    @abstractmethod
    async def begin(self, place: int) -> Seat:
        """An episode of the task at this place; places are whole numbers from 0, and the same place is the same task."""

    def common(self, tasks: int) -> str | None:
        """The action that is right most often among so many tasks; None if none is right twice, or nobody knows."""
        return None

    def own(self, place: int) -> Mapping[str, Sequence[str]]:
        """Scripts of cheats that the environment brings for the task at this place, by name."""
        return {}

    def close(self) -> None:
        """Release the environment."""


_ITEMS, _CHARACTERS = 100, 1000
"""How much of each attribute is shown: one with a whole dictionary must not hide those behind it, or take long."""


def public_attributes(env: object) -> str:
    """The public attributes of an object that are plain data, as JSON, each cut short; objects are not followed."""
    shown = []
    for name, value in list(getattr(env, "__dict__", {}).items()):
        if not name.startswith("_") and isinstance(value, str | int | float | list | tuple | dict):
            try:
                text = json.dumps(_head(value))
            except (TypeError, ValueError, RecursionError):
                continue
            shown.append(f"{json.dumps(name)}: {text[:_CHARACTERS]}")
    return "{" + ", ".join(shown) + "}"


def _head(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_CHARACTERS]
    if isinstance(value, dict):
        return dict(itertools.islice(value.items(), _ITEMS))
    return value[:_ITEMS] if isinstance(value, list | tuple) else value
