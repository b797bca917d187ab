"""`TextVectorEnv`: many episodes in lock-step, with the exact semantics of Gymnasium's vector environments."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from textgym.core import ConfigError, TextEnv, TextgymError
from textgym.registry import make
from textgym.runner.infos import Infos, join_infos
from textgym.runner.seats import check_actions
from textgym.runner.shards import Shards

Observations = tuple[str, ...]


class TextVectorEnv(VectorEnv[Observations, Sequence[str], npt.NDArray[Any]]):
    """`num_envs` copies of one environment, stepped together.

    Trajectories, infos and their dtypes equal those of `gymnasium.vector.SyncVectorEnv` over the same environments. What
    differs: an environment that raises ends its own episode (`infos["outcome"]`) instead of the whole batch, and waiting
    environments wait at the same time. An episode that cannot begin in an automatic reset (whatever `generate`, `begin` or
    `opening` raises) is over at once: its first observation is empty, its end truncated, without a reward and masked. In mode
    NEXT_STEP both come in one step, and the next step resets again. In mode SAME_STEP the empty observation comes beside the
    last episode's reward, `infos["reset_error"]` says what was raised, the next step (its action is ignored) gives the masked
    end and resets again. What is raised while an ended episode is cleaned up masks its reward. A `reset()` that was asked for
    raises.

    Args:
        env_id: a registered id.
        num_envs: number of environments.
        autoreset_mode: `NextStep` (Gymnasium's default), `SameStep` or `Disabled`, or an `AutoresetMode`.
        processes: processes that share the environments. This one is the first of them, as it would only wait while the
            others step; with 0 or 1 it steps all of them.
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
        self._shards: Shards | None = None  # first of all: a maker that raises is closed too
        if num_envs < 1:
            raise ConfigError(f"num_envs must be at least 1, not {num_envs}")
        if not isinstance(processes, int):
            raise ConfigError(f"processes must be a whole number, not {processes!r}")
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
        self._shards = Shards(env, num_envs, self.autoreset_mode, max(1, processes))

    @property
    def _parts(self) -> Shards:
        if self._shards is None:
            raise TextgymError("the vector environment was never made: its constructor raised")
        if self.closed:
            raise TextgymError("the vector environment is closed: make another one")
        return self._shards

    @property
    def envs(self) -> list[TextEnv[Any, Any]]:
        """The environments, where they all live in this process."""
        if self._parts.workers:
            raise AttributeError("the environments live in several processes; use call() and get_attr()")
        return self._parts.here.envs

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
        if not self._parts.workers:
            observations, infos = self._parts.here.reset(seeds, options, mask)
            return tuple(observations), infos
        answers = self._parts.ask("reset", lambda part: (seeds[part], options, None if mask is None else mask[part]))
        return tuple(text for texts, _ in answers for text in texts), self._join([infos for _, infos in answers])

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
        if not self._parts.workers:
            step = self._parts.here.step(actions)
            return tuple(step.observations), step.rewards, step.terminations, step.truncations, step.infos
        steps = self._parts.ask("step", lambda part: (actions[part],))
        return (
            tuple(text for step in steps for text in step.observations),
            np.concatenate([step.rewards for step in steps]),
            np.concatenate([step.terminations for step in steps]),
            np.concatenate([step.truncations for step in steps]),
            self._join([step.infos for step in steps]),
        )

    def _join(self, infos: list[Infos]) -> Infos:
        if not any(infos):
            return {}
        parts = [(part.start, part.stop - part.start, one) for part, one in zip(self._parts.parts, infos, strict=True)]
        return join_infos(parts, self.num_envs)

    def render(self) -> tuple[Any, ...]:
        """The latest observation of each environment with `render_mode="ansi"`."""
        return self.call("render")

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method of every environment (or read an attribute) and return the results."""
        answers = self._parts.ask("call", lambda _: (name, args, kwargs))
        return tuple(result for results in answers for result in results)

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every environment."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every environment, to one value or to one of `num_envs` values each."""
        values = list(values) if isinstance(values, list | tuple) else [values] * self.num_envs
        if len(values) != self.num_envs:
            raise ValueError(f"set_attr() needs one value, or one for each of the {self.num_envs} environments")
        self._parts.ask("set_attr", lambda part: (name, values[part]))

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
        if self._shards is not None:
            self._shards.close()


def make_vector_env(env_id: str, **kwargs: Any) -> TextVectorEnv:
    """The vector entry point of every id: what `gymnasium.make_vec(env_id, num_envs=...)` calls."""
    return TextVectorEnv(env_id, **kwargs)


def _check_mask(mask: Any, n: int) -> npt.NDArray[np.bool_]:
    if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (n,):
        raise TypeError(f"options['reset_mask'] must be a numpy bool array of shape ({n},), not {mask!r:.100}")
    if not mask.any():
        raise ValueError("options['reset_mask'] must mark at least one environment")
    return mask
