"""`TextVectorEnv`: many episodes in lock-step, with the exact semantics of Gymnasium's vector environments."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from textgym.core import ConfigError, TextEnv
from textgym.registry import make
from textgym.runner.infos import Infos, join_infos
from textgym.runner.seats import SeatBlock, check_actions
from textgym.runner.shards import Shard

Observations = tuple[str, ...]
_THREADS = 32


class TextVectorEnv(VectorEnv[Observations, Sequence[str], npt.NDArray[Any]]):
    """`num_envs` copies of one environment, stepped together.

    Trajectories, infos and their dtypes equal those of `gymnasium.vector.SyncVectorEnv` over the same environments. What
    differs: an environment that raises ends its own episode (`infos["outcome"]`) instead of the whole batch, and waiting
    environments wait at the same time.

    Args:
        env_id: a registered id.
        num_envs: number of environments.
        autoreset_mode: `NextStep` (Gymnasium's default), `SameStep` or `Disabled`, or an `AutoresetMode`.
        processes: worker processes that share the environments; 0 steps them in this process.
        max_episode_steps: turns after which an episode is truncated; the same as the setting `max_turns`.
        settings: fields of the environment's `Config`.

    Raises:
        UnknownEnvironmentError: there is no such id.
        ConfigError: a setting is unknown or out of range.
    """

    def __init__(
        self,
        env_id: str,
        num_envs: int = 1,
        *,
        autoreset_mode: str | AutoresetMode = AutoresetMode.NEXT_STEP,
        processes: int = 0,
        max_episode_steps: int | None = None,
        render_mode: Literal["ansi"] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__()
        self._block: SeatBlock | None = None  # first of all: a maker that raises is closed too
        self._shards: list[Shard] = []
        if num_envs < 1:
            raise ConfigError(f"num_envs must be at least 1, not {num_envs}")
        if not 0 <= processes <= num_envs:
            raise ConfigError(f"processes must be between 0 and num_envs = {num_envs}, not {processes}")
        try:
            self.autoreset_mode = AutoresetMode(autoreset_mode)
        except ValueError:
            modes = ", ".join(repr(mode.value) for mode in AutoresetMode)
            raise ConfigError(f"autoreset_mode must be one of {modes}, not {autoreset_mode!r}") from None
        if max_episode_steps is not None:
            settings.setdefault("max_turns", max_episode_steps)
        env = make(env_id, render_mode=render_mode, **settings)
        self.num_envs = num_envs
        self.render_mode = render_mode
        self.metadata = {**env.metadata, "autoreset_mode": self.autoreset_mode}
        self.single_observation_space = env.observation_space
        self.single_action_space = env.action_space
        self.observation_space = batch_space(env.observation_space, num_envs)
        self.action_space = batch_space(env.action_space, num_envs)
        if processes:
            bounds = [num_envs * k // processes for k in range(processes + 1)]
            self._shards = [Shard(env, start, end - start, self.autoreset_mode) for start, end in pairwise(bounds)]
            for shard in self._shards:
                shard.receive()
        else:
            threads = min(num_envs, _THREADS) if env.execution == "thread" else 0
            self._block = SeatBlock(env, num_envs, self.autoreset_mode, threads)

    @property
    def envs(self) -> list[TextEnv[Any, Any]]:
        """The environments, where they live in this process."""
        if self._block is None:
            raise AttributeError("the environments live in worker processes; use call() and get_attr()")
        return self._block.envs

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, Infos]:
        """Reset all environments, or those of `options["reset_mask"]`.

        Args:
            seed: None, one seed per environment, or an int `s` for `s`, `s + 1`, ...
            options: passed to each environment; `reset_mask`, a bool array of shape `(num_envs,)`, picks which.
        """
        n = self.num_envs
        if seed is None or isinstance(seed, int | np.integer):
            seeds: list[int | None] = [None] * n if seed is None else [int(seed) + i for i in range(n)]
        else:
            seeds = list(seed)
        if len(seeds) != n:
            raise ValueError(f"reset() needs one seed for each of the {n} environments, not {len(seeds)}")
        mask = None
        if options is not None and "reset_mask" in options:
            mask = _check_mask(options["reset_mask"], n)
            options = {name: value for name, value in options.items() if name != "reset_mask"}
        if self._block is not None:
            observations, infos = self._block.reset(seeds, options, mask)
            return tuple(observations), infos
        for shard in self._shards:
            part = slice(shard.start, shard.start + shard.count)
            shard.send("reset", seeds[part], options, None if mask is None else mask[part])
        replies = [(shard, shard.receive()) for shard in self._shards]
        return (
            tuple(text for _, (texts, _) in replies for text in texts),
            join_infos([(shard.start, shard.count, infos) for shard, (_, infos) in replies], n),
        )

    def step(
        self, actions: Sequence[str]
    ) -> tuple[Observations, npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.bool_], Infos]:
        """Take one action in every environment.

        Returns:
            Observations (a tuple of `num_envs` strings), rewards (float64), terminations and truncations (bool), all of
            shape `(num_envs,)`, and the infos as columns.

        Raises:
            ActionTypeError: there is not one `str` for each environment; nothing was stepped then.
        """
        actions = check_actions(actions, self.num_envs)
        if self._block is not None:
            step = self._block.step(actions)
            return tuple(step.observations), step.rewards, step.terminations, step.truncations, step.infos
        for shard in self._shards:
            shard.send("step", actions[shard.start : shard.start + shard.count])
        steps = [(shard, shard.receive()) for shard in self._shards]
        return (
            tuple(text for _, step in steps for text in step.observations),
            np.concatenate([step.rewards for _, step in steps]),
            np.concatenate([step.terminations for _, step in steps]),
            np.concatenate([step.truncations for _, step in steps]),
            join_infos([(shard.start, shard.count, step.infos) for shard, step in steps], self.num_envs),
        )

    def render(self) -> tuple[Any, ...]:
        """The latest observation of each environment with `render_mode="ansi"`."""
        return self.call("render")

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of every environment (or read an attribute) and return the results."""
        if self._block is not None:
            return tuple(_call(env, name, args, kwargs) for env in self._block.envs)
        for shard in self._shards:
            shard.send("call", name, args, kwargs)
        return tuple(result for shard in self._shards for result in shard.receive())

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every environment, to one value or to one of `num_envs` values each."""
        values = list(values) if isinstance(values, list | tuple) else [values] * self.num_envs
        if len(values) != self.num_envs:
            raise ValueError(f"set_attr() needs one value, or one for each of the {self.num_envs} environments")
        if self._block is not None:
            for env, value in zip(self._block.envs, values, strict=True):
                setattr(env, name, value)
            return
        for shard in self._shards:
            shard.send("set_attr", name, values[shard.start : shard.start + shard.count])
        for shard in self._shards:
            shard.receive()

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """The generators of the environments."""
        return self.get_attr("np_random")

    @property
    def np_random_seed(self) -> tuple[int | None, ...]:  # type: ignore[override]
        """The seeds given to the environments last."""
        return self.get_attr("np_random_seed")

    def close_extras(self, **kwargs: Any) -> None:
        """Close the environments and end the worker processes."""
        if self._block is not None:
            self._block.close()
        for shard in self._shards:
            shard.close()


def make_vector_env(env_id: str, **kwargs: Any) -> TextVectorEnv:
    """The vector entry point of every id: what `gymnasium.make_vec(env_id, num_envs=...)` calls."""
    return TextVectorEnv(env_id, **kwargs)


def _call(env: TextEnv[Any, Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    attribute = getattr(env, name)
    return attribute(*args, **kwargs) if callable(attribute) else attribute


def _check_mask(mask: Any, n: int) -> npt.NDArray[np.bool_]:
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (n,):
        raise TypeError(f"options['reset_mask'] must be a numpy bool array of shape ({n},), not {mask!r:.100}")
    if not mask.any():
        raise ValueError("options['reset_mask'] must mark at least one environment")
    return mask
