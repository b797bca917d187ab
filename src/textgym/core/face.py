"""`GymFace`: the Gymnasium methods of an environment, over one episode in progress."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

import gymnasium as gym
import numpy as np

from textgym.core.errors import NotResetError, ResetError, SnapshotError, did_you_mean
from textgym.core.live import Live, Snapshot
from textgym.core.outcome import Status, StopReason
from textgym.core.randomness import check_split
from textgym.core.reply import StepResult
from textgym.core.stream import SeedStream
from textgym.core.task import Task

if TYPE_CHECKING:
    from textgym.core.config import Config
    from textgym.core.env import TextEnv
    from textgym.core.randomness import Split

_OPTIONS = ("split", "index", "task_id", "snapshot")


class GymFace(gym.Env[str, str]):
    """`reset`, `step`, `snapshot` and the rest of what a user of Gymnasium calls; `TextEnv` brings the rules.

    It holds one episode in progress (`episode`) and the stream of seeds that says which comes next.
    """

    def __init__(self) -> None:
        self.stream = SeedStream()
        self._episode: Live | None = None
        self._generator: tuple[int, np.random.Generator] | None = None

    if TYPE_CHECKING:  # what `TextEnv` brings
        config: "Config"
        supply: Callable[[str, int], Task | None] | None
        _endless: ClassVar[bool]
        _remembered: dict[tuple[str, int], Task]

        @property
        def _family_of_tasks(self) -> str: ...
        def task(self, split: str, index: int) -> Task: ...
        def _place_task(self, split: "Split", index: int) -> Task: ...
        def index_for(self, seed: int, split: str | None = None) -> int: ...
        def start(self, task: Task) -> Live: ...
        async def astart(self, task: Task) -> Live: ...

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Start the next episode.

        Args:
            seed: picks the task (task `seed` of the split). Without it, tasks follow from the last seed given.
            options: one of `{"split": ..., "index": ...}` (either may be left out), `{"task_id": ...}` and
                `{"snapshot": ...}`. Beside an index, a task id or a snapshot, a seed only decides what comes next.

        Returns:
            The first observation, and `{"task_id": ...}`.

        Raises:
            ResetError: an option, the seed or the index cannot be used.
            SnapshotError: the snapshot cannot be used.
        """
        live = self._saved(seed, options) if options else None
        task = self.next_task(seed, options) if live is None else live.task
        before = self._episode
        if before is not None:
            if not before._tidied:
                before.close()
            self._episode = None
        self._episode = live = live or self.start(task)
        return live.observation, {"task_id": task.id}

    async def areset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[str, dict[str, Any]]:
        """`reset` for callers with an event loop."""
        live = self._saved(seed, options)
        task = self.next_task(seed, options) if live is None else live.task
        if self._episode is not None:
            await self._episode.aclose()
            self._episode = None
        self._episode = live = live or await self.astart(task)
        return live.observation, {"task_id": task.id}

    def _saved(self, seed: int | None, options: Mapping[str, Any] | None) -> Live | None:
        """The episode of the snapshot among the options of a reset, if there is one."""
        if not options or "snapshot" not in options:
            return None
        if len(options) > 1:
            raise ResetError("reset option 'snapshot' names its task already: give it alone")
        live = self._restored(options["snapshot"])
        if seed is not None:
            self.stream.draw(_checked_seed(seed))
        return live

    def next_task(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> Task:
        """The task that `reset` with these arguments works on; counts as that reset in the stream of tasks."""
        split: str = self.config.split
        index: int | None = None
        if seed is None and not options and self._endless and self.supply is None and not self._remembered:
            return self._place_task(self.config.split, self.stream.draw())  # the same as below, checks left out
        if options:
            split, index = self._place(options)
        draw = self.stream.draw(None if seed is None else _checked_seed(seed))
        return self.task(split, self.index_for(draw, split) if index is None else index)

    def _place(self, options: Mapping[str, Any]) -> tuple[str, int | None]:
        for name in options:
            if name not in _OPTIONS:
                raise ResetError(f"unknown reset option {name!r}: {did_you_mean(str(name), _OPTIONS)}")
        if "task_id" in options:
            if len(options) > 1:
                raise ResetError("reset option 'task_id' names split and index already: give it alone")
            return self._parse_task_id(options["task_id"])
        split, index = options.get("split", self.config.split), options.get("index")
        try:
            check_split(split)
        except ValueError as error:
            raise ResetError(f"reset option {error}") from None
        return split, None if index is None else whole_index(index)

    def _parse_task_id(self, task_id: object) -> tuple[str, int]:
        stem, _, place = str(task_id).rpartition("/")
        stem, _, split = stem.rpartition("/")
        if f"{stem}/" != self._family_of_tasks or not place.isdecimal() or not place.isascii() or len(place) > 19:
            raise ResetError(
                f"task id {task_id!r} is not one of this environment: expected {self._family_of_tasks}<split>/<index>"
            )
        return split, int(place)

    def step(self, action: str) -> StepResult:
        """Take one action in the current episode.

        Returns:
            Observation, reward, terminated, truncated and info. The info of the last step holds `outcome`: `status`,
            `stop_reason`, `success`, `mask` and the `score` tree.

        Raises:
            NotResetError: `reset` was not called.
            EpisodeEndedError: the episode is over.
            ActionTypeError: the action is not a `str`.
        """
        live = self._episode
        if live is None:
            self._not_reset()
        return live.step(action)

    async def astep(self, action: str) -> StepResult:
        """`step` for callers with an event loop."""
        if self._episode is None:
            self._not_reset()
        return await self._episode.astep(action)

    def _not_reset(self) -> NoReturn:
        raise NotResetError("call reset() before step()")

    @property
    def episode(self) -> Live:
        """The current episode.

        Raises:
            NotResetError: `reset` was not called.
        """
        if self._episode is None:
            raise NotResetError("call reset() first: there is no episode yet")
        return self._episode

    def render(self) -> str | None:
        """The latest observation with `render_mode="ansi"`, else None."""
        return self.episode.observation if self.render_mode == "ansi" else None

    def abandon(self, status: Status, reason: StopReason, error: str | None = None) -> None:
        """End the current episode from outside; its outcome says why."""
        self.episode.abandon(status, reason, error)

    def close_episode(self) -> None:
        """Release what the current episode holds, if there is one."""
        if self._episode is not None:
            self._episode.close()

    def close(self) -> None:
        """Give the current episode up and release what it holds; safe to call again. `reset` starts the next one."""
        self.close_episode()
        self._episode = None

    # -- going back ----------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The current episode as plain JSON, without the task's secrets; see `restore`."""
        return self.episode.snapshot()

    def restore(self, snapshot: Snapshot | str | bytes) -> tuple[str, dict[str, Any]]:
        """Continue an episode from a snapshot (the dict, or its JSON), taken here, elsewhere, or long ago.

        Returns:
            The latest observation of that episode, and `{"task_id": ...}`.

        Raises:
            SnapshotError: the snapshot is malformed, or belongs to another environment, version or config.
        """
        live = self._restored(snapshot)
        self.close()
        self._episode = live
        return live.observation, {"task_id": live.task.id}

    def _restored(self, snapshot: Snapshot | str | bytes) -> Live:
        if isinstance(snapshot, str | bytes):
            try:
                snapshot = cast(Snapshot, json.loads(snapshot))
            except (ValueError, RecursionError) as error:
                raise SnapshotError(f"malformed snapshot: not JSON: {error}") from None
        return Live.from_snapshot(cast("TextEnv[Any, Any]", self), snapshot)

    # -- Gymnasium's generator, made only when somebody asks -----------------------------------------------------------

    @property
    def _np_random(self) -> np.random.Generator | None:
        seed = self.stream.seed
        if seed is None:
            return None
        if self._generator is None or self._generator[0] != seed:
            self._generator = (seed, np.random.Generator(np.random.PCG64(seed)))
        return self._generator[1]

    @_np_random.setter
    def _np_random(self, value: np.random.Generator | None) -> None:
        self._generator = None if value is None else (self.stream.seed or 0, value)

    @property
    def _np_random_seed(self) -> int | None:
        return self.stream.seed

    @_np_random_seed.setter
    def _np_random_seed(self, value: int | None) -> None:
        self.stream.seed = value


def _checked_seed(seed: object) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ResetError(f"seed must be a whole number of at least 0, not {seed!r}")
    return int(seed)


def whole_index(index: object) -> int:
    """The index of a task as an `int`, or `ResetError`."""
    if isinstance(index, bool) or not isinstance(index, int | np.integer):
        raise ResetError(f"the index of a task must be a whole number, not {index!r}")
    return int(index)
