"""The bar of a run: how many episodes are done, how well they went, how fast they come, and what failed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from textgym.cli.screen import console
from textgym.cli.tally import Tally

_PERIOD = 0.1


class Show(Protocol):
    """Called after every episode."""

    def __call__(self, tally: Tally) -> None: ...


@contextmanager
def run_progress(total: int, done: int, shown: bool) -> Iterator[Show]:
    """A live bar on stderr, drawn ten times a second, if it is to be shown."""
    if not shown:
        yield lambda tally: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    screen = console(stderr=True)
    # The line must end before the edge: the ^C that a terminal echoes would wrap it, and leave it on the screen.
    columns = (
        BarColumn(bar_width=max(8, min(40, screen.width - 72))),
        MofNCompleteColumn(),
        TextColumn("{task.fields[success]}", markup=False),
        TextColumn("{task.fields[speed]}", style="dim", markup=False),
        TextColumn("{task.fields[failures]}", style="yellow", markup=False),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=screen, transient=True) as progress:
        bar = progress.add_task("", total=total, completed=done, success="", speed="", failures="")
        next_drawing = 0.0

        def show(tally: Tally) -> None:
            nonlocal next_drawing
            now = time.monotonic()
            if now < next_drawing and tally.episodes < total:
                return
            next_drawing = now + _PERIOD
            rate = tally.success_rate
            failures = {name: n for name, n in tally.statuses.items() if name != "ok"}
            progress.update(
                bar,
                completed=tally.episodes,
                success="" if rate is None else f"success {rate:.1%}",
                speed=f"{(tally.episodes - tally.stored) / tally.elapsed:,.1f}/s",
                failures=", ".join(f"{name} {n:,}" for name, n in failures.items()),
            )

        yield show
