"""Policies by the name that a user writes."""

from collections.abc import Callable

from textgym.core.errors import did_you_mean
from textgym.policies.base import AnyPolicy
from textgym.policies.reference import Noop, Oracle, RandomPolicy

NAMES: dict[str, Callable[[], AnyPolicy]] = {"oracle": Oracle, "noop": Noop, "random": RandomPolicy}


def policy_by_name(name: str) -> AnyPolicy:
    """The policy of this name.

    Raises:
        ValueError: there is none; the message names the closest.
    """
    if name in NAMES:
        return NAMES[name]()
    raise ValueError(f"no policy {name!r}: {did_you_mean(name, NAMES)}")
