"""What is checked: an id or a class, in a form that another process can make again."""

import importlib
from dataclasses import asdict, dataclass
from typing import Any

import gymnasium as gym

from textgym.core import TextEnv, UnknownEnvironmentError
from textgym.registry import find


@dataclass(frozen=True)
class Target:
    """An environment to make, by id or by class.

    Attributes:
        env_id: the registered id; None for a class that is used unregistered.
        entry_point: `module:Class`, from which another process makes the same environment.
        kwargs: what the registration itself sets.
        settings: what the caller sets on top.
    """

    env_id: str | None
    entry_point: str
    kwargs: dict[str, Any]
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        """The id, also of an unregistered class."""
        return self.env_id or f"{self.entry_point.rpartition(':')[2].rpartition('.')[2]}-v0"

    def make(self, **more: Any) -> TextEnv[Any, Any]:
        """A new environment, with further settings on top."""
        settings = {**self.settings, **more}
        if self.env_id is None:
            return self.env_class()(**self.kwargs, **settings)
        env = gym.make(self.env_id, **settings).unwrapped
        if not isinstance(env, TextEnv):
            raise TypeError(f"{self.env_id} is no TextEnv but {type(env).__name__}")
        return env

    def env_class(self) -> type[TextEnv[Any, Any]]:
        """The class behind the entry point.

        Raises:
            ImportError: the module or the name in it does not exist, as for a class defined inside a function.
        """
        module, _, qualname = self.entry_point.partition(":")
        found: Any = importlib.import_module(module)
        try:
            for part in qualname.split("."):
                found = getattr(found, part)
        except AttributeError as error:
            raise ImportError(f"{self.entry_point} cannot be imported: {error}") from None
        if not (isinstance(found, type) and issubclass(found, TextEnv)):
            raise ImportError(f"{self.entry_point} is no TextEnv class")
        return found

    def as_json(self) -> dict[str, Any]:
        """The target as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Target":
        """The inverse of `as_json`; registers the id with Gymnasium where this process does not know it."""
        target = cls(**data)
        if target.env_id is not None and target.env_id not in gym.registry:
            gym.register(
                target.env_id, target.entry_point, kwargs=target.kwargs, order_enforce=False, disable_env_checker=True
            )
        return target


def resolve(env: str | type[TextEnv[Any, Any]], settings: dict[str, Any] | None = None) -> Target:
    """The target that an id or a class stands for.

    Known are the ids of the registry, ids that were registered with Gymnasium alone, `module:namespace/Name-v0`, and
    classes that can be imported.

    Raises:
        UnknownEnvironmentError: there is no such id.
        ImportError: the class cannot be imported by another process.
        ConfigError: a setting is unknown or out of range.
    """
    settings = dict(settings or {})
    if isinstance(env, type):
        target = Target(None, f"{env.__module__}:{env.__qualname__}", {}, settings)
        target.env_class()
    else:
        target = _by_id(env, settings)
    target.make().close()
    return target


def _by_id(env_id: str, settings: dict[str, Any]) -> Target:
    try:
        entry = find(env_id)
    except UnknownEnvironmentError:
        spec = gym.registry.get(env_id)
        if spec is None:
            raise
        point = spec.entry_point
        if callable(point):
            point = f"{getattr(point, '__module__', '')}:{getattr(point, '__qualname__', '')}"
        return Target(spec.id, str(point), dict(spec.kwargs), settings)
    return Target(entry.id, entry.entry_point, dict(entry.settings), settings)
