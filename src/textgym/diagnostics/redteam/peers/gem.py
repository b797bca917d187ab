"""Environments of GEM, reset with a seed for each task. None has an oracle; those that guess do so by their own method."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from textgym.core import ConfigError, OptionalDependencyError, Random, UnknownEnvironmentError
from textgym.core.errors import did_you_mean
from textgym.diagnostics.redteam.arena import Arena, Reference, Seat, Stepped, public_attributes


def arena(name: str, settings: dict[str, Any]) -> Arena:
    """The environment of this id; settings are keyword arguments of `gem.make`."""
    try:
        gem = importlib.import_module("gem")
        registered = importlib.import_module("gem.envs.registration").ENV_REGISTRY
    except ImportError:
        raise OptionalDependencyError(f"gem:{name} needs GEM: pip install gem-llm") from None
    if name not in registered:
        raise UnknownEnvironmentError(f"GEM has no environment {name!r}: {did_you_mean(name, registered)}")
    try:
        return _GemArena(name, gem.make(name, **settings))
    except Exception as error:  # whatever a peer's constructor needs and does not find, such as data sets
        raise ConfigError(f"gem:{name} cannot be made: {type(error).__name__}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip(" *")), "no reason given")


class _GemArena(Arena):
    isolated = True

    def __init__(self, name: str, env: Any) -> None:
        self.name = f"gem:{name}"
        self.env = env
        turns = getattr(env, "max_turns", None)
        self.turns = turns if isinstance(turns, int) and turns > 0 else None

    async def begin(self, place: int) -> Seat:
        observation, info = self.env.reset(seed=place)
        return _GemSeat(self, place, str(observation), info)


class _GemSeat(Seat):
    def __init__(self, arena: _GemArena, place: int, observation: str, info: Mapping[str, Any]) -> None:
        self._env = arena.env
        self._place = place
        self._infos = [repr(info)]
        self._status = "unfinished"
        self.task_id = f"{arena.name}/{place}"
        self.observation = observation

    async def step(self, action: str) -> Stepped:
        observation, reward, terminated, truncated, info = self._env.step(action)
        self._infos.append(repr(info))
        if terminated or truncated:
            self._status = "ok" if terminated else "limit"
        return Stepped(str(observation), float(reward), bool(terminated or truncated))

    def reference(self, who: Reference, rng: Random) -> str | None:
        if who == "oracle":
            return None
        try:
            return str(self._env.sample_random_action())
        except NotImplementedError:
            return f"\\boxed{{{rng.randint(-100, 100)}}}"

    def around(self, history: Sequence[str]) -> Mapping[str, str]:
        return {
            "info": "\n".join(self._infos),
            "attributes": public_attributes(self._env),
            "repr": f"{self._env!r}\n{self._env}",
        }

    @property
    def status(self) -> str:
        return self._status
