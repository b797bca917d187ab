"""A shard: a block of a vector environment's seats in a worker process, one message each way a step."""

from typing import Any

from gymnasium.vector import AutoresetMode

from textgym.core import TextEnv
from textgym.runner.seats import SeatBlock
from textgym.runner.worker import EnvRecipe, Worker


class Shard:
    """The parent's end: the seats from `start` on, `count` of them.

    The worker starts in the background; its first answer (None, or why it could not start) must be received.
    """

    def __init__(self, env: TextEnv[Any, Any], start: int, count: int, autoreset_mode: AutoresetMode) -> None:
        self.start = start
        self.count = count
        self._worker = Worker(EnvRecipe.of(env), "block", count, autoreset_mode)

    def send(self, name: str, *arguments: Any) -> None:
        """Ask for something; `receive` brings the answer."""
        self._worker.send(name, *arguments)

    def receive(self) -> Any:
        """The answer to the oldest open question."""
        return self._worker.receive()

    def close(self) -> None:
        """End the worker."""
        self._worker.close()


class _Block(SeatBlock):
    """A block that also answers the calls that a vector environment forwards."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
        """Call a method of every environment, or read an attribute."""
        found = [getattr(env, name) for env in self.envs]
        return [one(*args, **kwargs) if callable(one) else one for one in found]

    def set_attr(self, name: str, values: list[Any]) -> None:
        """Set an attribute of every environment."""
        for env, value in zip(self.envs, values, strict=True):
            setattr(env, name, value)


def serve_block(env: TextEnv[Any, Any], count: int, autoreset_mode: AutoresetMode) -> _Block:
    """The worker's end of a shard."""
    return _Block(env, count, autoreset_mode)
