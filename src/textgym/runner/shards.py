"""Shards: the blocks of a vector environment's seats, one in this process and the others in workers of their own.

One message goes each way a step. This process does its own share while the workers do theirs: it would only wait.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from gymnasium.vector import AutoresetMode

from textgym.core import TextEnv, TextgymError
from textgym.core.cpu import usable_cores
from textgym.runner.seats import SeatBlock
from textgym.runner.worker import EnvRecipe, Worker


class Shards:
    """The seats of one vector environment, in consecutive parts of nearly equal size.

    Args:
        env: the environment; it takes the first seat.
        n: number of seats.
        autoreset_mode: what happens to a seat whose episode ended.
        processes: processes among which the seats are shared, this one and `processes - 1` workers.

    Attributes:
        here: the part of this process, which comes first.
        parts: the seats of each part.
    """

    def __init__(self, env: TextEnv[Any, Any], n: int, autoreset_mode: AutoresetMode, processes: int) -> None:
        bounds = [n * k // processes for k in range(processes + 1)]
        self.parts = [slice(start, end) for start, end in pairwise(bounds)]
        self.workers: list[Worker] = []
        self._cut_off = False
        self._eager = processes <= usable_cores()
        recipe = EnvRecipe.of(env) if processes > 1 else None
        try:
            for part in self.parts[1:]:
                assert recipe is not None
                self.workers.append(Worker(recipe, "block", part, autoreset_mode, self._eager))
            self.here = serve_block(env, self.parts[0], autoreset_mode)
            for worker in self.workers:
                worker.receive()  # None, or why it could not start
        except BaseException:
            self.close()
            raise

    def ask(self, name: str, arguments: Callable[[slice], Sequence[Any]]) -> list[Any]:
        """The answers of all parts to one question, in order.

        Args:
            name: a method of `SeatBlock`, or `call` or `set_attr`.
            arguments: its arguments for a part.

        Raises:
            TextgymError: an earlier question was broken off, so that the parts no longer agree.
            WorkerLostError: a worker process ended unexpectedly.
            Exception: what a part raised; every part has done its share then.
        """
        if self._cut_off:
            raise TextgymError(
                "a call was interrupted halfway, and some environments went on: make the vector env anew"
            )
        self._cut_off = True
        for worker, part in zip(self.workers, self.parts[1:], strict=True):
            worker.send(name, *arguments(part))
        answers, problems = [], []
        waiting: list[Callable[[], Any]] = [partial(worker.receive, eager=self._eager) for worker in self.workers]
        for answer in (lambda: getattr(self.here, name)(*arguments(self.parts[0])), *waiting):
            try:
                answers.append(answer())
            except Exception as error:
                problems.append(error)
        self._cut_off = False
        if problems:
            raise problems[0]
        return answers

    def close(self) -> None:
        """Close the environments and end the workers."""
        if hasattr(self, "here"):
            self.here.close()
        for worker in self.workers:
            worker.close()


class _Block(SeatBlock):
    """A block that also answers the calls that a vector environment forwards; an `eager` one looks out for the next."""

    eager = False

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """Call a method of every environment, or read an attribute."""
        found = [getattr(env, name) for env in self.envs]
        return [one(*args, **kwargs) if callable(one) else one for one in found]

    def set_attr(self, name: str, values: list[Any]) -> None:
        """Set an attribute of every environment."""
        for env, value in zip(self.envs, values, strict=True):
            setattr(env, name, value)


def serve_block(env: TextEnv[Any, Any], part: slice, autoreset_mode: AutoresetMode, eager: bool = False) -> _Block:
    """The block of a part, where it lives."""
    block = _Block(env, part.stop - part.start, autoreset_mode, part.start)
    block.eager = eager
    return block
