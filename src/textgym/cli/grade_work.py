"""The work of `textgym grade`: rows in, results out, in their order, and an end at any time."""

import asyncio
import signal
import sys
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import Any

from textgym.cli.exits import CommandError, ExitCode
from textgym.cli.grade_results import result_of, unreadable
from textgym.cli.grade_rows import Row
from textgym.core.errors import GraderError
from textgym.graders import Grader, OnInvalid

_AHEAD = 4  # rows under way or waiting for an earlier one, for each that may be graded at a time
Take = Callable[[dict[str, Any], Row], None]


def grade_rows(grader: Grader, rows: Iterator[Row], concurrency: int, worth: OnInvalid, take: Take) -> bool:
    """Grade the rows, and take each result in the order of the rows.

    Args:
        grader: what they are graded with.
        rows: the rows; read as they are needed.
        concurrency: how many are graded at a time, where grading waits.
        worth: what a failed grading is worth.
        take: called with each result, and its row.

    Returns:
        Whether it was interrupted, by SIGINT or SIGTERM.
    """

    async def work() -> bool:
        task = asyncio.current_task()
        assert task is not None
        loop = asyncio.get_running_loop()
        reading = False

        def interrupt(number: int, frame: object) -> None:
            if reading:  # the loop stands still until there is another row, which stdin may never have
                raise asyncio.CancelledError
            loop.call_soon_threadsafe(task.cancel)

        def read() -> Iterator[Row]:
            nonlocal reading
            while True:
                reading = True
                try:
                    row = next(rows, None)
                finally:
                    reading = False
                if row is None:
                    return
                yield row

        before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            async with aclosing(_graded(grader, read(), concurrency, worth)) as results:
                async for result, row in results:
                    take(result, row)
        except asyncio.CancelledError:
            return True
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        return False

    ended = False
    try:
        interrupted = asyncio.run(work())
        ended = not interrupted
        return interrupted
    finally:
        if not ended and "textgym.graders.code.box" in sys.modules:
            from textgym.graders.code.box import close_box

            close_box()  # what still runs in a sandbox would be waited for


async def _graded(
    grader: Grader, rows: Iterator[Row], concurrency: int, worth: OnInvalid
) -> AsyncGenerator[tuple[dict[str, Any], Row], None]:
    """The results in the order of the rows; where grading waits, several rows are graded at a time."""
    if not grader.waits:
        for row in rows:
            yield await _one(grader, row, worth), row
            await asyncio.sleep(0)  # an interrupt strikes here
        return
    free = asyncio.Semaphore(concurrency)

    async def one(row: Row) -> dict[str, Any]:
        async with free:
            return await _one(grader, row, worth)

    under_way: deque[tuple[asyncio.Task[dict[str, Any]], Row]] = deque()
    try:
        for row in rows:
            under_way.append((asyncio.create_task(one(row)), row))
            while under_way and (len(under_way) >= concurrency * _AHEAD or under_way[0][0].done()):
                task, first = under_way.popleft()
                yield await task, first
            await asyncio.sleep(0)
        while under_way:
            task, first = under_way.popleft()
            yield await task, first
    finally:
        for task, _ in under_way:
            task.cancel()


async def _one(grader: Grader, row: Row, worth: OnInvalid) -> dict[str, Any]:
    if row.kept is not None:
        return row.kept
    begun = time.perf_counter()
    try:
        score = unreadable(grader, row) if row.problem else await grader.agrade(row.item, row.sample)
    except GraderError as error:  # a root whose `on_invalid` is `raise`
        raise CommandError(f"line {row.line}: {error}", ExitCode.FAILED) from None
    return result_of(grader, row, score, time.perf_counter() - begun, "drop" if worth == "raise" else worth)
