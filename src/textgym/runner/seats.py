"""`SeatBlock`: a row of environments that are reset and stepped together, with Gymnasium's three autoreset modes.

A vector environment is one block in this process, or several in worker processes.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode

from textgym.core import ActionTypeError, Live, StepResult, TextEnv, TextgymError
from textgym.core.blocking import run_blocking
from textgym.core.outcome import Status, StopReason
from textgym.runner.infos import Infos, merge_infos

Stepper = Callable[[str], StepResult]


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
        threads: threads that share the stepping of an environment with `execution = "thread"`; 0 for none.
    """

    def __init__(self, env: TextEnv[Any, Any], n: int, autoreset_mode: AutoresetMode, threads: int = 0) -> None:
        self.envs = [env, *(env.twin() for _ in range(n - 1))]
        self.mode = autoreset_mode
        self._observations = [""] * n
        self._steppers: list[Stepper] = [one.step for one in self.envs]
        self._restarters: list[Stepper] = [self._restarter(i) for i in range(n)]
        self._waits = env.waits or env._begin_waits
        self._threads = ThreadPoolExecutor(threads, "textgym-seat") if threads else None
        self._ended = np.zeros(n, dtype=np.bool_)

    def reset(
        self,
        seeds: Sequence[int | None],
        options: dict[str, Any] | None,
        mask: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[list[str], Infos]:
        """Reset all seats, or those that `mask` marks; the others keep their latest observation."""
        chosen = range(len(self.envs)) if mask is None else [int(i) for i in np.flatnonzero(mask)]

        def reset_one(i: int) -> tuple[str, dict[str, Any]]:
            return self.envs[i].reset(seed=seeds[i], options=options)

        async def reset_all() -> list[tuple[str, dict[str, Any]]]:
            return await asyncio.gather(*(self.envs[i].areset(seed=seeds[i], options=options) for i in chosen))

        if self._waits:
            results = run_blocking(reset_all())
        else:
            results = list((self._threads.map if self._threads else map)(reset_one, chosen))
        for i, (observation, _) in zip(chosen, results, strict=True):
            self._observations[i] = observation
            self._seat(i)
            self._ended[i] = False
        return list(self._observations), merge_infos(len(self.envs), list(chosen), [info for _, info in results])

    def _seat(self, i: int) -> None:
        self._steppers[i] = self.envs[i].episode.step

    def _restarter(self, i: int) -> Stepper:
        def restart(action: str) -> StepResult:
            observation, info = self.envs[i].reset()
            self._seat(i)
            return observation, 0.0, False, False, info

        return restart

    def step(self, actions: Sequence[str]) -> BlockStep:
        """Step all seats. In mode NEXT_STEP a seat whose episode ended is reset instead, and its action ignored."""
        if self.mode is AutoresetMode.DISABLED and self._ended.any():
            ended = np.flatnonzero(self._ended).tolist()
            raise TextgymError(
                f"the episodes of environments {ended} have ended and autoreset is disabled: "
                "reset them first with options={'reset_mask': ...}"
            )
        if self._waits:
            results = run_blocking(self._step_waiting(actions))
        elif self._threads:
            results = list(self._threads.map(self._step_one, range(len(actions)), actions))
        else:
            results = self._step_inline(actions)
        observations, rewards, terminated, truncated, infos = cast(Any, zip(*results, strict=True))
        self._observations = list(observations)
        terminations = np.array(terminated, dtype=np.bool_)
        truncations = np.array(truncated, dtype=np.bool_)
        self._ended = terminations | truncations
        ended = np.flatnonzero(self._ended).tolist()
        if ended and self.mode is AutoresetMode.NEXT_STEP:
            for i in ended:
                self._steppers[i] = self._restarters[i]
        elif ended and self.mode is AutoresetMode.SAME_STEP:
            infos = self._reset_ended(ended, list(infos))
            self._ended[:] = False
        said = [i for i, info in enumerate(infos) if info]
        merged = merge_infos(len(infos), said, [infos[i] for i in said]) if said else {}
        return BlockStep(self._observations, np.array(rewards, dtype=np.float64), terminations, truncations, merged)

    def _step_inline(self, actions: Sequence[str]) -> list[StepResult]:
        results: list[StepResult] = []
        append = results.append
        while True:
            try:
                for step, action in zip(self._steppers[len(results) :], actions[len(results) :], strict=True):
                    append(step(action))
                return results
            except TextgymError:
                raise
            except Exception as error:
                append(_broken(self.envs[len(results)].episode, error))

    def _step_one(self, i: int, action: str) -> StepResult:
        try:
            return self._steppers[i](action)
        except TextgymError:
            raise
        except Exception as error:
            return _broken(self.envs[i].episode, error)

    async def _step_waiting(self, actions: Sequence[str]) -> list[StepResult]:
        return await asyncio.gather(*map(self._astep_one, range(len(actions)), actions))

    async def _astep_one(self, i: int, action: str) -> StepResult:
        env = self.envs[i]
        if self._steppers[i] is self._restarters[i]:
            observation, info = await env.areset()
            self._seat(i)
            return observation, 0.0, False, False, info
        try:
            return await env.astep(action)
        except TextgymError:
            raise
        except Exception as error:
            return _broken(env.episode, error)

    def _reset_ended(self, ended: list[int], infos: list[dict[str, Any]]) -> list[dict[str, Any]]:
        async def reset_all() -> list[tuple[str, dict[str, Any]]]:
            return await asyncio.gather(*(self.envs[i].areset() for i in ended))

        resets = run_blocking(reset_all()) if self._waits else [self.envs[i].reset() for i in ended]
        for i, (observation, info) in zip(ended, resets, strict=True):
            infos[i] = {"final_obs": self._observations[i], "final_info": infos[i], **info}
            self._observations[i] = observation
            self._seat(i)
        return infos

    def close(self) -> None:
        """Close every environment."""
        if self._threads:
            self._threads.shutdown()
        for env in self.envs:
            env.close()


def _broken(live: Live, error: Exception) -> StepResult:
    """The end of an episode whose environment raised: this one ends, its neighbours go on."""
    live.abandon(Status.INFRA_ERROR, StopReason.EXCEPTION, f"{type(error).__name__}: {error}")
    assert live.outcome is not None
    return live.observation, 0.0, False, True, {"outcome": live.outcome.as_info()}


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
