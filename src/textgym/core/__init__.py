"""The contract of an environment: what it is made of, how it is stepped, how an episode ends."""

from textgym.core.config import Config
from textgym.core.env import Execution, TextEnv
from textgym.core.errors import (
    ActionTypeError,
    ConfigError,
    EpisodeEndedError,
    GraderError,
    InfraError,
    NotResetError,
    OptionalDependencyError,
    ResetError,
    SnapshotError,
    TaskError,
    TextgymError,
    UnknownEnvironmentError,
)
from textgym.core.live import Live, Snapshot
from textgym.core.outcome import Evidence, Outcome, Score, ScoreStatus, Status, StopReason, cut_short
from textgym.core.randomness import SPLITS, Random, RedrawError, Split, derive_key, of_split, split_of
from textgym.core.reply import Completion, Message, Reply, StepResult, Turn
from textgym.core.spaces import Text
from textgym.core.task import State, Task
from textgym.core.texts import elide

__all__ = [
    "SPLITS",
    "ActionTypeError",
    "Completion",
    "Config",
    "ConfigError",
    "EpisodeEndedError",
    "Evidence",
    "Execution",
    "GraderError",
    "InfraError",
    "Live",
    "Message",
    "NotResetError",
    "OptionalDependencyError",
    "Outcome",
    "Random",
    "RedrawError",
    "Reply",
    "ResetError",
    "Score",
    "ScoreStatus",
    "Snapshot",
    "SnapshotError",
    "Split",
    "State",
    "Status",
    "StepResult",
    "StopReason",
    "Task",
    "TaskError",
    "Text",
    "TextEnv",
    "TextgymError",
    "Turn",
    "UnknownEnvironmentError",
    "cut_short",
    "derive_key",
    "elide",
    "of_split",
    "split_of",
]
