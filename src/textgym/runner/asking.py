"""Asking a policy: one turn at a time, many at once, or in batches."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from textgym.core import Turn
from textgym.policies import Answer, AnyPolicy, BatchPolicy, Policy, PolicyError, ReferencePolicy
from textgym.runner.clock import Clock
from textgym.runner.places import Seat
from textgym.runner.threads import settable


class Asker:
    """Puts turns to a policy in the form that it takes.

    Args:
        policy: the policy.
        max_calls: how many calls of an asynchronous policy may be in flight; None for as many as there are episodes.
        max_batch: most turns in one batch of a batch policy; None for as many as there are episodes.
        max_wait: longest time that a turn waits for its batch to fill, in seconds.
    """

    def __init__(self, policy: AnyPolicy, max_calls: int | None, max_batch: int | None, max_wait: float) -> None:
        self.policy = policy
        self._batcher: _Batcher | None = None
        if isinstance(policy, ReferencePolicy):
            self._answer = _looking(policy)
        elif isinstance(policy, BatchPolicy):
            self._batcher = _Batcher(policy, max_batch, max_wait)
            self._answer = _batched(self._batcher)
        else:
            self._answer = _counted(policy, asyncio.Semaphore(max_calls)) if max_calls else _asked(policy)

    def ask(self, seat: Seat, turn: Turn, clock: Clock) -> Awaitable[Answer]:
        """The policy's answer, to be awaited; the clock stands still while the turn queues for `max_calls`.

        Raises:
            PolicyError: it gave none.
        """
        return self._answer(seat, turn, clock)

    def entered(self) -> None:
        """An episode began: its turns will come."""
        if self._batcher is not None:
            self._batcher.active += 1

    def left(self) -> None:
        """An episode ended."""
        if self._batcher is not None:
            self._batcher.active -= 1
            self._batcher.look()

    async def aclose(self) -> None:
        """Release what the policy holds."""
        if self._batcher is not None:
            self._batcher.close()
        if isinstance(self.policy, Policy):
            await self.policy.aclose()


_Answerer = Callable[[Seat, Turn, Clock], Awaitable[Answer]]


def _looking(policy: ReferencePolicy) -> _Answerer:
    return lambda seat, turn, clock: seat.ask(policy, turn)


def _batched(batcher: "_Batcher") -> _Answerer:
    return lambda seat, turn, clock: batcher.ask(turn)


def _asked(policy: Policy) -> _Answerer:
    return lambda seat, turn, clock: policy.answer(turn)


def _counted(policy: Policy, calls: asyncio.Semaphore) -> _Answerer:
    async def answer(seat: Seat, turn: Turn, clock: Clock) -> Answer:
        async with clock.holding(calls):
            return await policy.answer(turn)

    return answer


class _Batcher:
    """Collects turns until every episode in progress waits, the batch is full, or the oldest turn has waited enough.

    The policy computes in a thread of its own, so environments that wait go on meanwhile.
    """

    def __init__(self, policy: BatchPolicy, max_batch: int | None, max_wait: float) -> None:
        self.active = 0
        self._policy = policy
        self._max_batch = max_batch
        self._max_wait = max_wait
        self._waiting: list[tuple[Turn, asyncio.Future[Answer]]] = []
        self._looking = False
        self._timer: asyncio.TimerHandle | None = None
        self._thread = ThreadPoolExecutor(1, "textgym-policy")
        self._computing: set[asyncio.Task[None]] = set()

    async def ask(self, turn: Turn) -> Answer:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((turn, future))
        if self._timer is None:
            self._timer = loop.call_later(self._max_wait, self._flush)
        self.look()
        return await future

    def look(self) -> None:
        """Look once, after all that is ready now has run, whether the batch should go."""
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._decide)

    def _decide(self) -> None:
        self._looking = False
        full = self._max_batch is not None and len(self._waiting) >= self._max_batch
        if self._waiting and (full or len(self._waiting) >= self.active):
            self._flush()

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            batch, self._waiting = (
                self._waiting[: self._max_batch],
                self._waiting[len(self._waiting[: self._max_batch]) :],
            )
            task = asyncio.get_running_loop().create_task(self._compute(batch))
            self._computing.add(task)
            task.add_done_callback(self._computing.discard)

    async def _compute(self, batch: list[tuple[Turn, asyncio.Future[Answer]]]) -> None:
        turns = [turn for turn, _ in batch]
        try:
            answers, problem = await asyncio.get_running_loop().run_in_executor(self._thread, self._answers, turns)
            if problem is not None:
                raise problem
            if isinstance(answers, str) or len(answers) != len(turns):
                raise PolicyError(f"the policy was given {len(turns)} turns and must return a list of as many answers")
        except BaseException as error:  # a turn that nobody answers waits for ever
            for _, future in batch:
                if not future.done():
                    future.set_exception(settable(error))
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    def _answers(self, turns: list[Turn]) -> tuple[Sequence[Any], BaseException | None]:
        """In the thread: the answers, or what was raised instead, which not every future could carry."""
        try:
            return self._policy.answer_batch(turns), None
        except BaseException as error:
            return (), error

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._thread.shutdown(wait=False)
