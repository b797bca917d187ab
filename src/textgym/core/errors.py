"""Every error that textgym raises on purpose.

Two families matter to a caller. A *usage error* (`ConfigError`, `ResetError`, `SnapshotError`, `ActionTypeError`, ...)
is a mistake of the program that calls us: it is raised, names the field and says what to write instead. A *failure of
the machinery* (`InfraError`, `GraderError`) happens inside an episode through nobody's action: an environment raises it,
and the episode ends with an outcome whose `mask` is true, so that no trainer mistakes it for a reward of 0.
"""

import difflib
from collections.abc import Iterable

_MOST_NAMES = 40


class TextgymError(Exception):
    """Base of every error that textgym raises on purpose."""


class ConfigError(TextgymError, ValueError):
    """A keyword argument of an environment is unknown or has a value outside its range."""


class UnknownEnvironmentError(TextgymError, LookupError):
    """No environment is registered under this id."""


class OptionalDependencyError(TextgymError, ImportError):
    """A feature needs a package that is not installed; the message names the extra that brings it."""


class ResetError(TextgymError, ValueError):
    """`reset` was called with an option, a seed, a split or a task id that cannot be used."""


class NotResetError(TextgymError, RuntimeError):
    """`step` was called before `reset`."""


class EpisodeEndedError(TextgymError, RuntimeError):
    """`step` was called after the end of the episode."""


class ActionTypeError(TextgymError, TypeError):
    """An action is not a `str`."""


class SnapshotError(TextgymError, ValueError):
    """A snapshot is malformed, or belongs to another environment, version or config."""


class TaskError(TextgymError, RuntimeError):
    """An environment could not produce a task; a fault of the environment or of an impossible config."""


class InfraError(TextgymError, RuntimeError):
    """The machinery below an environment failed (sandbox lost, server gone): the episode has no reward."""


class GraderError(TextgymError, RuntimeError):
    """The action could not be graded: the episode has no reward."""


def did_you_mean(wrong: str, right: Iterable[str]) -> str:
    """The end of an error message: the closest right name, or all of them when none is close."""
    names = sorted(right)
    close = closest(wrong, names)
    if close is not None:
        return f"did you mean {close!r}?"
    if len(names) > _MOST_NAMES:
        return f"choose from {', '.join(names[:_MOST_NAMES])} and {len(names) - _MOST_NAMES} more."
    return f"choose from {', '.join(names)}." if names else "none exist."


def closest(wrong: str, right: Iterable[str]) -> str | None:
    """The right name that a wrong one was most likely meant to be; None when none is close."""
    close = difflib.get_close_matches(wrong, sorted(right), n=1, cutoff=0.5)
    return close[0] if close else None
