"""`EpisodePool`: `send` and `recv`, for a trainer that owns the loop."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType
from typing import Any, Self, Unpack

from textgym.core import Completion, Split, TextEnv, TextgymError, Turn
from textgym.episodes import Episode
from textgym.policies import Answer, Policy
from textgym.runner.background import Background
from textgym.runner.rollout import RunSettings, make_scheduler


@dataclass(frozen=True, slots=True)
class Ready:
    """Something that `recv` brings: a turn that waits for an action, or the record of an episode that ended.

    Attributes:
        id: names the turn in `send`; 0 for a finished episode.
        turn: the turn, or None.
        episode: the finished episode, or None.
    """

    id: int
    turn: Turn | None = None
    episode: Episode | None = None


_NUDGE = Ready(-1)
"""Wakes a waiting `recv`, because fewer episodes are to come than it waits for."""


class _Mailbox(Policy):
    """A policy that puts its turns out and waits for what comes back."""

    name = "pool"

    def __init__(self, out: "SimpleQueue[Ready | BaseException | None]") -> None:
        self._out = out
        self._open: dict[int, asyncio.Future[Answer]] = {}
        self._count = 0

    async def answer(self, turn: Turn) -> Answer:
        self._count += 1
        number = self._count
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[number] = future
        self._out.put(Ready(number, turn=turn))
        try:
            return await future
        finally:
            del self._open[number]

    def take(self, answers: list[tuple[int, Answer]]) -> None:
        for number, answer in answers:
            future = self._open.get(number)
            if future is not None and not future.done():
                future.set_result(answer)


class EpisodePool:
    """Episodes in progress whose turns the caller answers, in any order and in batches of any size.

    The pool keeps `concurrency` episodes in progress; nothing waits for a sibling. `recv` brings turns as they come up and
    episodes as they end, `send` answers turns:

        with textgym.EpisodePool("textgym/GuessNumber-v0", episodes=100, concurrency=32) as pool:
            while ready := pool.recv(min_batch=8):
                turns = [item for item in ready if item.turn]
                pool.send([item.id for item in turns], policy([item.turn for item in turns]))

    Args:
        env, settings, episodes, group_size, seed, split, skip, options: as for `rollout`.
    """

    def __init__(
        self,
        env: str | TextEnv[Any, Any],
        *,
        settings: Mapping[str, Any] | None = None,
        episodes: int | None = None,
        group_size: int = 1,
        seed: int = 0,
        split: Split | None = None,
        skip: Collection[str] = frozenset(),
        **options: Unpack[RunSettings],
    ) -> None:
        self._out: SimpleQueue[Ready | BaseException | None] = SimpleQueue()
        self._mailbox = _Mailbox(self._out)
        self._waiting: set[int] = set()
        self._ended = False
        self._scheduler = scheduler = make_scheduler(
            env,
            self._mailbox,
            settings=settings,
            episodes=episodes,
            group_size=group_size,
            seed=seed,
            split=split,
            skip=skip,
            **options,
        )
        scheduler.on_slot_end = lambda: self._out.put(_NUDGE)
        self._background = Background(
            scheduler,
            lambda episode: self._out.put(Ready(0, episode=episode)),
            self._out.put,
            room=2 * scheduler.options.concurrency,
        )

    def recv(self, min_batch: int = 1, max_batch: int | None = None, timeout: float | None = None) -> list[Ready]:
        """What is ready: turns that wait for an action, and episodes that ended.

        Args:
            min_batch: wait until there are as many. Fewer come back where no more can come before some are answered.
            max_batch: bring at most as many; None for all that are there.
            timeout: wait no longer than this, in seconds.

        Returns:
            The batch; empty when the last episode has been brought, or when nothing was ready within the timeout.

        Raises:
            Exception: what ended the run, where it could not go on.
        """
        batch: list[Ready] = []
        until = None if timeout is None else monotonic() + timeout
        while not self._ended and (max_batch is None or len(batch) < max_batch):
            try:
                item = self._out.get(**self._patience(batch, min_batch, until))
            except Empty:
                break
            if item is _NUDGE:
                continue
            if item is None:
                self._ended = True
            elif isinstance(item, BaseException):
                self._ended = True
                raise item
            else:
                if item.episode is not None:
                    self._background.taken()
                else:
                    self._waiting.add(item.id)
                batch.append(item)
        return batch

    def _patience(self, batch: list[Ready], min_batch: int, until: float | None) -> dict[str, Any]:
        """How to wait for the next item: not at all once the batch suffices."""
        if len(batch) >= min_batch:
            return {"block": False}
        left = None if until is None else max(0.0, until - monotonic())
        if batch and len(self._waiting) >= self._scheduler.active:  # every episode waits for the caller
            return {"block": False}
        return {"timeout": left}

    def send(self, ids: Sequence[int], actions: Sequence[str | Completion | None]) -> None:
        """Answer turns: one action for each id; None ends that episode.

        Raises:
            ValueError: there are not as many actions as ids.
            TextgymError: an id names no turn that waits for an action.
        """
        if len(ids) != len(actions):
            raise ValueError(f"send() needs one action for each id: got {len(ids)} ids and {len(actions)} actions")
        unknown = [number for number in ids if number not in self._waiting]
        if unknown:
            raise TextgymError(
                f"no turn waits under the id {unknown[0]!r}: each turn that recv() brought is answered once"
            )
        self._waiting.difference_update(ids)
        self._background.call_soon(self._mailbox.take, list(zip(ids, actions, strict=True)))

    def close(self) -> None:
        """Give up the episodes in progress and release everything; safe to call again."""
        self._background.stop()
        self._ended = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
