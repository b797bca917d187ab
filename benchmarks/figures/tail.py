"""Steps of very different length: 95 % take 10 ms, 4.5 % 50 ms and 0.5 % a second, drawn for each task and turn."""

import time
from concurrent.futures import ThreadPoolExecutor

from clocks import Stopwatch
from cores import MISS, WAITING, PlainGame, latency, mean_latency
from figures.waiting import OURS, Contender, Window, add_rows, count_steps, gem_threads, measure, share
from peers import GEM_MISSING, has_gem
from report import Report, Target
from sizes import Size
from textgym import TextVectorEnv


def lock_step_tasks(waiting: str, n: int, window: Window) -> tuple[int, Stopwatch]:
    """Our own vector environment: it waits for all at the same time, and for the slowest."""
    vector = TextVectorEnv(WAITING, n, waiting=waiting)
    vector.reset(seed=0)
    try:
        return count_steps(lambda: vector.step([MISS] * n), n, window)
    finally:
        vector.close()


def lock_step_threads(waiting: str, n: int, window: Window) -> tuple[int, Stopwatch]:
    """A plain vector environment with a thread an environment: every step waits for the slowest."""
    games = [PlainGame() for _ in range(n)]
    places = list(range(n))
    for place, game in enumerate(games):
        game.start(place)

    def step(i: int) -> None:
        time.sleep(latency(waiting, places[i], games[i].turn))
        _, _, terminated, truncated, _ = games[i].step(MISS)
        if terminated or truncated:
            places[i] += n
            games[i].start(places[i])

    with ThreadPoolExecutor(n) as threads:
        return count_steps(lambda: list(threads.map(step, range(n))), n, window)


def run(size: Size) -> Report:
    """256 environments; what a lock-step vector environment does with the same waits."""
    report = Report("tail", "steps of 10 ms, 50 ms and 1 s: steps/s against n / mean latency")
    n = size.pick(256, 256, 16)
    window = size.pick(Window(3.0, 6.0), Window(2.0, 4.0), Window(0.2, 0.3))
    contenders: dict[str, Contender] = {
        **OURS,
        "lock-step, a thread each": lock_step_threads,
        "lock-step, TextVectorEnv": lock_step_tasks,
    }
    if has_gem():
        contenders["lock-step, GEM AsyncVectorEnv"] = gem_threads
    else:
        report.left_out.append(GEM_MISSING)
    rates = measure(contenders, "tail", n, window, size.pick(3, 2, 1))
    ideal = n / mean_latency("tail")
    add_rows(report, rates, n, ideal)
    ours = rates["rollout"]
    report.targets.append(
        Target("share of n / mean latency", share(ours, ideal), ">=", 0.8, "wall", share(ours, ideal, "cpu"))
    )
    for name in contenders:
        if name.startswith("lock-step"):
            report.targets.append(Target(f"times {name}", ours.over(rates[name], "wall"), ">=", 40, "wall"))
    return report
