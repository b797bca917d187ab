"""What a policy is, in the three forms that the runner drives."""

import inspect
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from textgym.core import Completion, Live, TextgymError, Turn

Answer = str | Completion | None
"""What a policy gives back: the action, the action with what is known beside it, or None to end the episode."""


class PolicyError(TextgymError, RuntimeError):
    """A policy could not answer (its endpoint is gone, its retries are used up). The episode gets no reward."""


class PolicySettingError(TextgymError, ValueError):
    """No policy has this name, or one of its settings cannot be used."""


class Policy(ABC):
    """A policy that answers one turn at a time. The runner asks for many turns at once, each in its own task."""

    name: str = "policy"

    @abstractmethod
    async def answer(self, turn: Turn) -> Answer:
        """The action for this turn, or None to end the episode.

        Raises:
            PolicyError: no answer can be had.
        """

    def describe(self) -> dict[str, Any]:
        """What a record keeps of the policy: its name, and model and sampling settings where it has them."""
        return {"name": self.name}

    async def aclose(self) -> None:
        """Release connections. The runner calls it once, at the end of the run."""


class BatchPolicy(ABC):
    """A policy that answers many turns in one call, such as a local model."""

    name: str = "batch"

    @abstractmethod
    def answer_batch(self, turns: Sequence[Turn]) -> Sequence[Answer]:
        """The actions for these turns, in their order."""

    def describe(self) -> dict[str, Any]:
        """What a record keeps of the policy."""
        return {"name": self.name}


class ReferencePolicy(ABC):
    """A policy of our own that looks behind the curtain: it is given the live episode, secrets and all.

    It computes, never waits, and is called inline.
    """

    name: str = "reference"

    @abstractmethod
    def answer_live(self, live: Live, turn: Turn) -> str | None:
        """The action for this turn, or None to end the episode."""

    def describe(self) -> dict[str, Any]:
        """What a record keeps of the policy."""
        return {"name": self.name}


AnyPolicy = Policy | BatchPolicy | ReferencePolicy


class _Function(Policy):
    def __init__(self, function: Callable[[Turn], Awaitable[Answer]]) -> None:
        self._function = function
        self.name = getattr(function, "__name__", type(function).__name__)

    def answer(self, turn: Turn) -> Awaitable[Answer]:  # type: ignore[override]  # one coroutine less on the way
        return self._function(turn)


class _BatchFunction(BatchPolicy):
    def __init__(self, function: Callable[[Sequence[Turn]], Sequence[Answer]]) -> None:
        self._function = function
        self.name = getattr(function, "__name__", type(function).__name__)

    def answer_batch(self, turns: Sequence[Turn]) -> Sequence[Answer]:
        return self._function(turns)


def as_policy(policy: object) -> AnyPolicy:
    """Make a policy of what a user gives: a name, a policy object, or a function.

    An `async def` function answers one `Turn`; a plain function answers a list of them with a list.

    Raises:
        PolicySettingError: no policy has this name.
        TypeError: it is neither a name, a policy nor a function.
    """
    if isinstance(policy, Policy | BatchPolicy | ReferencePolicy):
        return policy
    if isinstance(policy, str):
        from textgym.policies.by_name import policy_by_name

        return policy_by_name(policy)
    if inspect.iscoroutinefunction(policy) or inspect.iscoroutinefunction(getattr(policy, "__call__", None)):  # noqa: B004
        return _Function(cast(Callable[[Turn], Awaitable[Answer]], policy))
    if callable(policy) and not isinstance(policy, type):
        return _BatchFunction(cast(Callable[[Sequence[Turn]], Sequence[Answer]], policy))
    raise TypeError(
        f"a policy is a name, a policy object, an async function of a Turn, or a function of a list of Turns; got {policy!r:.80}"
    )
