"""textgym: text-in, text-out environments for reinforcement learning of language models.

    import gymnasium as gym, textgym

    env = gym.make("textgym/GuessNumber-v0", high=50)
    observation, info = env.reset(seed=7)
    observation, reward, terminated, truncated, info = env.step("25")

Importing this package makes every id known to Gymnasium and imports no environment. It is light on purpose: names below
are imported from their modules when they are first used.
"""

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import Field as Field

    from textgym.actions import ToolConfig as ToolConfig
    from textgym.actions import ToolEnv as ToolEnv
    from textgym.actions import tool as tool
    from textgym.actions import whole_number as whole_number
    from textgym.core import ActionTypeError as ActionTypeError
    from textgym.core import Completion as Completion
    from textgym.core import Config as Config
    from textgym.core import ConfigError as ConfigError
    from textgym.core import EpisodeEndedError as EpisodeEndedError
    from textgym.core import Evidence as Evidence
    from textgym.core import GraderError as GraderError
    from textgym.core import InfraError as InfraError
    from textgym.core import Live as Live
    from textgym.core import NotResetError as NotResetError
    from textgym.core import OptionalDependencyError as OptionalDependencyError
    from textgym.core import Outcome as Outcome
    from textgym.core import Random as Random
    from textgym.core import Reply as Reply
    from textgym.core import ResetError as ResetError
    from textgym.core import Score as Score
    from textgym.core import Snapshot as Snapshot
    from textgym.core import SnapshotError as SnapshotError
    from textgym.core import State as State
    from textgym.core import Status as Status
    from textgym.core import StopReason as StopReason
    from textgym.core import Task as Task
    from textgym.core import TaskError as TaskError
    from textgym.core import Text as Text
    from textgym.core import TextEnv as TextEnv
    from textgym.core import TextgymError as TextgymError
    from textgym.core import Turn as Turn
    from textgym.core import UnknownEnvironmentError as UnknownEnvironmentError
    from textgym.episodes import Episode as Episode
    from textgym.registry import Entry as Entry
    from textgym.registry import entries as entries
    from textgym.registry import find as find
    from textgym.registry import make as make
    from textgym.runner import EpisodePool as EpisodePool
    from textgym.runner import TextVectorEnv as TextVectorEnv
    from textgym.runner import arollout as arollout
    from textgym.runner.rollout import rollout as rollout  # in the package the name is the module's as well

_HOME = {
    "textgym.core": (
        "ActionTypeError Completion Config ConfigError EpisodeEndedError Evidence GraderError InfraError Live NotResetError "
        "OptionalDependencyError Outcome Random Reply ResetError Score Snapshot SnapshotError State Status StopReason "
        "Task TaskError Text TextEnv TextgymError Turn UnknownEnvironmentError"
    ),
    "textgym.actions": "ToolConfig ToolEnv tool whole_number",
    "textgym.episodes": "Episode",
    "textgym.registry": "Entry entries find make",
    "textgym.runner": "EpisodePool TextVectorEnv arollout rollout",
    "pydantic": "Field",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = sorted(_MODULE_OF)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("textgym")
    if name in _MODULE_OF:
        value = getattr(importlib.import_module(_MODULE_OF[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'textgym' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


if "gymnasium" in sys.modules:
    from textgym.registry import register_all

    register_all()
else:
    from textgym.after_import import call_after_import

    def _register() -> None:
        from textgym.registry import register_all

        register_all()

    call_after_import("gymnasium", _register)
