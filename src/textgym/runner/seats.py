"""`SeatBlock`: a row of environments that are reset and stepped together, with Gymnasium's three autoreset modes.

A vector environment is one block in this process, or several in worker processes.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode

from textgym.core import ActionTypeError, StepResult, TextEnv, TextgymError
from textgym.core.blocking import run_blocking
from textgym.core.row import FAULTS, Opened, Row, broken, not_begun, restarter, step_row
from textgym.runner.infos import Infos, merge_infos

_THREADS = 32


@dataclass(slots=True)
class BlockStep:
    """What a block says to one step; arrays have one row a seat."""

    observations: list[str]
    rewards: npt.NDArray[np.float64]
    terminations: npt.NDArray[np.bool_]
    truncations: npt.NDArray[np.bool_]
    infos: Infos

    def __reduce__(
        self,
    ) -> tuple[Any, ...]:  # on its way between processes: numpy's own pickling takes several times as long
        arrays = self.rewards.tobytes(), self.terminations.tobytes(), self.truncations.tobytes()
        return _unpacked, (self.observations, *arrays, self.infos)


def _unpacked(
    observations: list[str], rewards: bytes, terminations: bytes, truncations: bytes, infos: Infos
) -> BlockStep:
    return BlockStep(
        observations,
        np.frombuffer(rewards, dtype=np.float64),
        np.frombuffer(terminations, dtype=np.bool_),
        np.frombuffer(truncations, dtype=np.bool_),
        infos,
    )


class SeatBlock:
    """A row of `n` twins of one environment.

    Args:
        env: the environment; it takes the first seat.
        n: number of seats.
        autoreset_mode: what happens to a seat whose episode ended.
        first: the number of the first seat, where this is a part of a longer row.
    """

    def __init__(self, env: TextEnv[Any, Any], n: int, autoreset_mode: AutoresetMode, first: int = 0) -> None:
        self._first = first
        self.envs = [env, *(env.twin() for _ in range(n - 1))]
        self.mode = autoreset_mode
        self._observations = [""] * n
        blocking = _blocking_of_its_own(type(env))
        self._waits = (env.waits or env._begin_waits) and not blocking
        threaded = env.execution == "thread" or blocking
        self._threads = ThreadPoolExecutor(min(n, _THREADS), "textgym-seat") if threaded else None
        self._own_step = type(env).step is not TextEnv.step
        self._in_a_row = env.plain and not self._waits and not threaded and not self._own_step
        self._ended = np.zeros(n, dtype=np.bool_)
        self._not_begun: dict[int, StepResult] = {}  # how episodes ended that a reset in mode SAME_STEP could not begin

    def reset(
        self,
        seeds: Sequence[int | None],
        options: dict[str, Any] | None,
        mask: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[list[str], Infos]:
        """Reset all seats, or those that `mask` marks; the others keep their latest observation."""
        chosen = range(len(self.envs)) if mask is None else [int(i) for i in np.flatnonzero(mask)]

        def reset_one(i: int) -> Opened:
            opened = self.envs[i].reset(seed=seeds[i], options=options)
            self._not_begun.pop(i, None)
            return opened

        async def areset_one(i: int) -> Opened:
            opened = await self.envs[i].areset(seed=seeds[i], options=options)
            self._not_begun.pop(i, None)
            return opened

        async def reset_all() -> list[Opened]:
            return await asyncio.gather(*map(areset_one, chosen))

        if self._waits:
            results = run_blocking(reset_all())
        else:
            results = list((self._threads.map if self._threads else map)(reset_one, chosen))
        for i, (observation, _) in zip(chosen, results, strict=True):
            self._observations[i] = observation
            self._ended[i] = False
        return list(self._observations), merge_infos(len(self.envs), list(chosen), [info for _, info in results])

    def step(self, actions: Sequence[str]) -> BlockStep:
        """Step all seats. In mode NEXT_STEP a seat whose episode ended is reset instead, and its action ignored."""
        n = len(self.envs)
        if self.mode is AutoresetMode.DISABLED and self._ended.any():
            ended = (np.flatnonzero(self._ended) + self._first).tolist()
            raise TextgymError(
                f"the episodes of environments {ended} have ended and autoreset is disabled: "
                "reset them first with options={'reset_mask': ...}"
            )
        if self._in_a_row and not self._not_begun:
            restart = restarter(self.envs[0]) if self.mode is AutoresetMode.NEXT_STEP else None
            row = step_row(self.envs, actions, restart)
        else:
            row = Row()
            for result in self._step_apart(actions):
                row.add(result)
        self._observations = row.texts
        rewards = np.zeros(n, dtype=np.float64)
        for i, reward in row.rewards:
            rewards[i] = reward
        terminations, truncations = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        for i, terminated, truncated in row.ends:
            terminations[i], truncations[i] = terminated, truncated
        self._ended = terminations | truncations
        if row.ends and self.mode is AutoresetMode.SAME_STEP:
            self._reset_ended(row)
            self._ended[:] = False
        merged = merge_infos(n, row.said, row.infos) if row.said else {}
        return BlockStep(row.texts, rewards, terminations, truncations, merged)

    def _step_apart(self, actions: Sequence[str]) -> list[StepResult]:
        if self._waits:
            return run_blocking(self._step_waiting(actions))
        step_all = self._threads.map if self._threads else map
        return list(step_all(self._step_one, range(len(actions)), actions))

    def _step_one(self, i: int, action: str) -> StepResult:
        env, live = self.envs[i], self.envs[i].episode
        if i in self._not_begun:
            return self._not_begun.pop(i)
        if self._is_over(i):
            return self._begun(self._reset_one(i))
        if live.ended:
            return env.step(action)  # refused
        try:
            return env.step(action)
        except FAULTS as error:
            return broken(live, error)

    async def _step_waiting(self, actions: Sequence[str]) -> list[StepResult]:
        return await asyncio.gather(*map(self._astep_one, range(len(actions)), actions))

    async def _astep_one(self, i: int, action: str) -> StepResult:
        env, live = self.envs[i], self.envs[i].episode
        if i in self._not_begun:
            return self._not_begun.pop(i)
        if self._is_over(i):
            return self._begun(await self._areset_one(i))
        if live.ended:
            return await env.astep(action)  # refused
        try:
            return await env.astep(action)
        except FAULTS as error:
            if _asked_for(error):
                raise
            return broken(live, error)

    def _is_over(self, i: int) -> bool:
        """Whether a seat is reset instead of stepped. A class's own `step` may end what goes on without it."""
        ended = self.envs[i].episode.ended or (self._own_step and bool(self._ended[i]))
        return ended and self.mode is AutoresetMode.NEXT_STEP

    def _begun(self, opened: Opened | StepResult) -> StepResult:
        """The step in which an episode began, or should have."""
        return (opened[0], 0.0, False, False, opened[1]) if len(opened) == 2 else opened

    def _reset_one(self, i: int, restart: Callable[[TextEnv[Any, Any]], Opened] | None = None) -> Opened | StepResult:
        """The next episode's first observation and info, or how it ended before it had any."""
        env, before = self.envs[i], self.envs[i].episode
        try:
            return env.reset() if restart is None else restart(env)
        except FAULTS as error:
            return not_begun(env, before, error)

    async def _areset_one(self, i: int) -> Opened | StepResult:
        env, before = self.envs[i], self.envs[i].episode
        try:
            return await env.areset()
        except FAULTS as error:
            if _asked_for(error):
                raise
            return not_begun(env, before, error)

    def _reset_ended(self, row: Row) -> None:
        """Reset the seats whose episodes ended in this step; what they said last becomes their `final_obs` and `final_info`."""
        ended = [i for i, _, _ in row.ends]

        async def reset_all() -> list[Opened | StepResult]:
            return await asyncio.gather(*map(self._areset_one, ended))

        if self._waits:
            resets = run_blocking(reset_all())
        elif self._threads:
            resets = list(self._threads.map(self._reset_one, ended))
        else:
            restart = restarter(self.envs[0])
            resets = [self._reset_one(i, restart) for i in ended]
        said = dict(zip(row.said, row.infos, strict=True))
        for i, opened in zip(ended, resets, strict=True):
            said[i] = {"final_obs": row.texts[i], "final_info": said.get(i, {})}
            row.texts[i] = opened[0]
            if len(opened) == 2:
                said[i] |= opened[1]
            else:
                self._not_begun[i] = opened
                said[i]["reset_error"] = opened[4]["outcome"]["score"].get("reason", "")
        row.said = sorted(said)
        row.infos = [said[i] for i in row.said]

    def close(self) -> None:
        """Close every environment."""
        if self._threads:
            self._threads.shutdown()
        for env in self.envs:
            env.close()


def _blocking_of_its_own(kind: type[TextEnv[Any, Any]]) -> bool:
    """Whether a class that waits has a `step` or `reset` of its own for callers who block, and none for those who await."""
    if not (kind.waits or kind._begin_waits):
        return False
    pairs = (
        (kind.step, kind.astep, TextEnv.step, TextEnv.astep),
        (kind.reset, kind.areset, TextEnv.reset, TextEnv.areset),
    )
    return any(mine is not base and twin is base_twin for mine, twin, base, base_twin in pairs)


def _asked_for(error: BaseException) -> bool:
    """Whether an error is the cancellation of the whole step, and not one that an environment let out."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0


def check_actions(actions: Any, n: int) -> list[str]:
    """The actions of one vector step as a list, refused before any environment is touched.

    Raises:
        ActionTypeError: there are not `n` of them, or one is not a `str`.
    """
    checked: list[str] = list(actions)
    if len(checked) != n:
        raise ActionTypeError(f"step() needs one action for each of the {n} environments, not {len(checked)}")
    if set(map(type, checked)) != {str}:
        for i, action in enumerate(checked):
            if not isinstance(action, str):
                raise ActionTypeError(f"action {i} is a {type(action).__name__}, not a str: {action!r:.80}")
    return checked
