"""Steps that wait 20 ms: what share of (environments / latency) a rollout reaches."""

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import Any, cast

import cores
from clocks import Stopwatch
from cores import MISS, WAITING, WaitingBench, judge, latency, mean_latency
from peers import GEM_MISSING, has_gem
from report import Report, Row, Spread, Target
from rounds import Rates
from sizes import Size
from textgym import rollout
from textgym.core import Turn


async def at_once(turn: Turn) -> str:
    """A policy that answers without waiting."""
    return MISS


@dataclass(frozen=True, slots=True)
class Window:
    """Seconds until the counting begins, once all environments are at work, and seconds of counting."""

    ramp: float
    count: float


def play(waiting: str, n: int, window: Window, policy: Any = at_once, hashes: bool = True) -> tuple[int, Stopwatch]:
    """Steps that a rollout takes within the window, ramp-up and drain left out, and the time that passed."""
    settings = {"waiting": waiting}
    stream = cast(
        "Generator[Any, None, None]",
        rollout(WAITING, policy, settings=settings, concurrency=n, state_hashes=hashes),
    )
    with closing(stream):
        start = time.perf_counter()
        for _ in stream:
            if time.perf_counter() - start >= window.ramp:
                break
        steps = WaitingBench.steps
        with Stopwatch(workers=False) as spent:
            for _ in stream:
                if spent.running >= window.count:
                    break
        return WaitingBench.steps - steps, spent


def bare(waiting: str, n: int, window: Window) -> tuple[int, Stopwatch]:
    """The limit: `n` plain loops of sleeping and judging on one event loop, with no framework and no records."""
    steps = 0

    async def loop(place: int) -> None:
        nonlocal steps
        turn = 0
        while True:
            await asyncio.sleep(latency(waiting, place, turn))
            judge(17, MISS)
            steps += 1
            turn += 1

    async def all_loops() -> tuple[int, Stopwatch]:
        tasks = [asyncio.create_task(loop(place)) for place in range(n)]
        await asyncio.sleep(window.ramp)
        counted = steps
        with Stopwatch(workers=False) as spent:
            await asyncio.sleep(window.count)
        counted = steps - counted
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return counted, spent

    return asyncio.run(all_loops())


def gem_threads(waiting: str, n: int, window: Window) -> tuple[int, Stopwatch]:
    """GEM's vector environment with a thread an environment, in lock-step."""
    from gem.vector.async_vector_env import AsyncVectorEnv

    kind = cores.gem_game()
    vector = AsyncVectorEnv(["bench"] * n, [lambda: kind(waiting=waiting)] * n)
    vector.reset(seed=0)
    try:
        return count_steps(lambda: vector.step([MISS] * n), n, window)
    finally:
        vector.thread_pool_executer.shutdown()


def count_steps(step: Callable[[], object], n: int, window: Window) -> tuple[int, Stopwatch]:
    """Steps of a lock-step vector environment within the window; the last one may end after it."""
    step()
    steps = 0
    with Stopwatch(workers=False) as spent:
        while spent.running < window.count:
            step()
            steps += n
    return steps, spent


Contender = Callable[[str, int, Window], tuple[int, Stopwatch]]
OURS: dict[str, Contender] = {
    "rollout": play,
    "rollout, no state hashes": lambda waiting, n, window: play(waiting, n, window, hashes=False),
    "rollout, oracle": lambda waiting, n, window: play(waiting, n, window, "oracle"),
    "limit: bare asyncio loops": bare,
}


def measure(contenders: dict[str, Contender], waiting: str, n: int, window: Window, rounds: int) -> dict[str, Rates]:
    """The steps a second of every contender, in interleaved rounds."""
    rates = {name: Rates() for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            steps, spent = contender(waiting, n, window)
            rates[name].wall.append(steps / spent.wall)
            rates[name].cpu.append(steps / spent.cpu)
    return rates


def share(rates: Rates, ideal: float, clock: str = "wall") -> Spread:
    """Rates as shares of the ideal. By CPU clock it is what one processor of its own would allow, at most 1."""
    return Spread.of([min(rate / ideal, 1.0) if clock == "cpu" else rate / ideal for rate in getattr(rates, clock)])


def add_rows(report: Report, rates: dict[str, Rates], n: int, ideal: float) -> None:
    """The figures of one number of environments: steps a second, and microseconds of CPU for a step."""
    for name, one in rates.items():
        row = one.row(f"n={n}: {name}")
        report.rows.append(Row(row.name, row.unit, row.wall))
        report.rows.append(Row("", "share of the ideal", share(one, ideal)))
        report.rows.append(Row("", "us a step", None, one.cost("").cpu))
    ours, limit = rates["rollout"], rates["limit: bare asyncio loops"]
    report.notes.append(
        f"n={n}: the ideal is {ideal:,.0f} steps/s. In the same rounds the rollout reached "
        f"{median(a / b for a, b in zip(ours.wall, limit.wall, strict=True)):.0%} of the bare loops' rate."
    )


def run(size: Size) -> Report:
    """20 ms a step, 256 and 1024 environments."""
    report = Report("waiting", "20 ms a step, a policy that answers at once: steps/s against n / latency")
    window = size.pick(Window(1.5, 3.0), Window(1.0, 2.0), Window(0.2, 0.2))
    contenders = dict(OURS)
    if has_gem():
        contenders["GEM AsyncVectorEnv (threads, lock-step)"] = gem_threads
    else:
        report.left_out.append(GEM_MISSING)
    for n, bound in size.pick(((256, 0.88), (1024, 0.70)), ((256, 0.88), (1024, 0.70)), ((16, 0.88),)):
        ideal = n / mean_latency("even")
        rates = measure(contenders, "even", n, window, size.pick(3, 2, 1))
        add_rows(report, rates, n, ideal)
        ours = rates["rollout"]
        report.targets.append(
            Target(
                f"n={n}: share of n / latency",
                share(ours, ideal),
                ">=",
                bound,
                "wall",
                share(ours, ideal, "cpu"),
            )
        )
    report.notes.append(
        "The other clock of a share is what the rollout's CPU time per step would allow on a processor of its own."
    )
    return report
