"""What this process has spent on judges, and a cap that holds before the money is gone.

A call is made only where its upper bound still fits under the cap: every byte of the prompt a token, and as many tokens of
answer as were asked for. What it did cost takes the place of the bound when the answer is there.
"""

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from textgym.graders.errors import Invalid

_TOKENS_A_MESSAGE = 32
_TOKENS_A_REQUEST = 256
"""What templates of chat formats add: roles, marks of turns, and a head with names and dates."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call."""

    tokens_in: int
    tokens_out: int


def most_usage(messages: Sequence[dict[str, str]], max_tokens: int) -> Usage:
    """The most tokens that a call can use: no tokeniser makes more than one of each byte of UTF-8."""
    size = sum(len(message["content"].encode()) + _TOKENS_A_MESSAGE for message in messages)
    return Usage(size + _TOKENS_A_REQUEST, max_tokens)


class Meter:
    """What one process spends at one endpoint on one model; safe to use from many threads."""

    def __init__(self) -> None:
        self.spent = 0.0
        self._reserved = 0.0
        self._lock = threading.Lock()

    def reserve(self, usd: float, cap: float | None) -> None:
        """Set aside what a call can cost.

        Raises:
            Invalid: it does not fit under the cap beside what is spent and set aside.
        """
        with self._lock:
            if cap is not None and self.spent + self._reserved + usd > cap:
                raise Invalid(
                    "over_budget",
                    f"this call may cost ${usd:.6f}; ${self.spent:.6f} of ${cap:.6f} are spent"
                    + (f" and ${self._reserved:.6f} set aside for calls under way" if self._reserved else ""),
                )
            self._reserved += usd

    def settle(self, reserved: float, usd: float) -> None:
        """Put what a call did cost in the place of what was set aside for it."""
        with self._lock:
            self._reserved = max(0.0, self._reserved - reserved)
            self.spent += usd


@lru_cache(maxsize=1024)
def meter_of(url: str, model: str) -> Meter:
    """The meter of an endpoint and a model in this process."""
    return Meter()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=meter_of.cache_clear)  # a child counts for itself, from nothing
