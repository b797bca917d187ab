"""`textgym bench`: how fast environments reset and step, alone, side by side and through the runner."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count, islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textgym.cli.options import AsJson, Settings, every_id, read_settings
from textgym.cli.screen import busy, console, note, print_json, table

if TYPE_CHECKING:
    from rich.text import Text

    from textgym.core import TextEnv

_LARGEST_BATCH = 256
_ABREAST = 64
_FEW = 4
_LONGEST = 12.0
"""Seconds that one round of all episodes abreast may take one after the other, where their number is not given."""
_BY_DEFAULT = f"by default {_ABREAST}, fewer where an episode takes long."


@dataclass(slots=True)
class Figure:
    """How often something was done, and what it took.

    Attributes:
        count: times it was done.
        wall: wall-clock time, in seconds.
        cpu: CPU time of this process, all threads, in seconds.
    """

    count: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Add what happens inside to both clocks."""
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.wall += time.perf_counter() - wall
            self.cpu += time.process_time() - cpu

    def as_json(self) -> dict[str, Any]:
        """Rate a second of wall time, and microseconds of either clock for each."""
        each = 1e6 / max(1, self.count)
        return {
            "count": self.count,
            "per_second": round(self.count / self.wall, 3) if self.wall else None,
            "wall_us": round(self.wall * each, 3),
            "cpu_us": round(self.cpu * each, 3),
        }


def bench(
    env_ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Environments; by default all.", show_default=False)
    ] = None,
    *,
    seconds: Annotated[float, typer.Option(min=0.01, help="Time for each figure, in seconds.")] = 0.3,
    num_envs: Annotated[
        int | None,
        typer.Option(
            "--num-envs", "-n", min=1, help=f"Size of the vector environment; {_BY_DEFAULT}", show_default=False
        ),
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, help=f"Episodes at once in the rollout; {_BY_DEFAULT}", show_default=False)
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Measure environments, played by their oracle: one alone, a vector of them, and a rollout."""
    from textgym.registry import find

    ids = [find(name).id for name in env_ids] if env_ids else every_id()
    given = read_settings(settings)
    before = os.getloadavg()
    results = []
    for env_id in ids:
        with busy(f"measuring {env_id}") as say:
            results.append(
                {"id": env_id, **_measure(env_id, given, seconds, say, num_envs=num_envs, concurrency=concurrency)}
            )
    report = {"machine": _machine(before), "results": results}
    if as_json:
        print_json(report)
    else:
        _show(report)


def _measure(
    env_id: str,
    settings: dict[str, Any],
    seconds: float,
    say: Callable[[str], None],
    *,
    num_envs: int | None,
    concurrency: int | None,
) -> dict[str, Any]:
    from textgym.registry import make

    env = make(env_id, **settings)
    say(f"measuring {env_id}: alone")
    reset, step = _alone(env, seconds)
    fitting = _fitting(reset.count, reset.wall + step.wall)
    num_envs, concurrency = num_envs or fitting, concurrency or fitting
    say(f"measuring {env_id}: {concurrency} episodes at once")
    episodes, turns = _rollout(env, seconds, concurrency)
    say(f"measuring {env_id}: {num_envs} in lock-step")
    vector = _vector(env_id, settings, seconds, num_envs)
    figures = {
        "reset": reset,
        "step": step,
        "vector_step": vector,
        "rollout_episode": episodes,
        "rollout_step": turns,
    }
    return {
        "num_envs": num_envs,
        "concurrency": concurrency,
        **{name: figure.as_json() for name, figure in figures.items()},
    }


def _fitting(episodes: int, seconds: float) -> int:
    """How many episodes to play abreast, where so many alone took so long."""
    return max(_FEW, min(_ABREAST, int(_LONGEST * episodes / max(seconds, 1e-9))))


def _alone(env: "TextEnv[Any, Any]", seconds: float) -> tuple[Figure, Figure]:
    """Reset and step of one environment. The oracle thinks beforehand, off the clock."""
    reset, step = Figure(), Figure()
    indices: Iterator[int] = count()
    batch, end = 1, time.perf_counter() + 4 * seconds
    while min(reset.wall, step.wall) < seconds and time.perf_counter() < end:
        places = [env.index_for(index) for index in islice(indices, batch)]
        scripts = [_script(env, index) for index in places]
        with reset.timed():
            lives = [env.start(env.task(env.config.split, index)) for index in places]
        with step.timed():
            for live, script in zip(lives, scripts, strict=True):
                for action in script:
                    live.step(action)
        for live in lives:
            live.close()
        reset.count += len(lives)
        step.count += sum(map(len, scripts))
        batch = min(2 * batch, _LARGEST_BATCH)
    return reset, step


def _script(env: "TextEnv[Any, Any]", index: int) -> list[str]:
    """The actions that the oracle takes in this task."""
    live = env.start(env.task(env.config.split, index))
    think = _thinker(env)
    script = []
    while not live.ended:
        script.append(think(live.task, live.state))
        live.step(script[-1])
    live.close()
    return script


def _thinker(env: "TextEnv[Any, Any]") -> Callable[[Any, Any], str]:
    return env.oracle if _has_oracle(env) else lambda task, state: env.noop_action


def _has_oracle(env: "TextEnv[Any, Any]") -> bool:
    from textgym.core import TextEnv

    return type(env).oracle is not TextEnv.oracle


def _vector(env_id: str, settings: dict[str, Any], seconds: float, num_envs: int) -> Figure:
    """A step of one environment within a vector of them, resets included."""
    from textgym.runner import TextVectorEnv

    figure = Figure()
    vector = TextVectorEnv(env_id, num_envs, **settings)
    try:
        vector.reset(seed=0)
        think = _thinker(vector.envs[0])
        end = time.perf_counter() + 4 * seconds
        while figure.wall < seconds and time.perf_counter() < end:
            lives = [env.episode for env in vector.envs]
            actions = ["" if live.ended else think(live.task, live.state) for live in lives]
            with figure.timed():
                vector.step(actions)
            figure.count += num_envs
    finally:
        vector.close()
    return figure


def _rollout(env: "TextEnv[Any, Any]", seconds: float, concurrency: int) -> tuple[Figure, Figure]:
    """Episodes, and their steps, of a rollout with the oracle: generating, thinking and recording included."""
    from textgym.runner import rollout

    episodes = Figure()
    steps = 0
    policy = "oracle" if _has_oracle(env) else "noop"
    stream = rollout(env, policy, concurrency=concurrency)
    with episodes.timed(), closing(stream):
        end = time.perf_counter() + seconds
        for episode in stream:
            episodes.count += 1
            steps += len(episode.turns)
            if time.perf_counter() > end:
                break
    return episodes, Figure(steps, episodes.wall, episodes.cpu)


def _machine(load_before: tuple[float, float, float]) -> dict[str, Any]:
    import platform
    from importlib.metadata import version

    from textgym.core.cpu import usable_cores

    return {
        "python": platform.python_version(),
        "textgym": version("textgym"),
        "platform": platform.platform(),
        "cpus": usable_cores(),
        "load_before": round(load_before[0], 2),
        "load_after": round(os.getloadavg()[0], 2),
    }


_COLUMNS = {
    "reset": "reset",
    "step": "step",
    "vector_step": "vector step",
    "rollout_step": "rollout step",
    "rollout_episode": "episode",
}


def _show(report: dict[str, Any]) -> None:
    """Each figure as a rate and, below it, what it costs."""
    rows = table("environment", *_COLUMNS.values(), right=_COLUMNS.values())
    rows.columns[0].no_wrap = True
    for result in report["results"]:
        rows.add_row(result["id"].removeprefix("textgym/"), *(_cell(result[name]) for name in _COLUMNS))
    console().print(rows)
    machine = report["machine"]
    note(
        "\nHow many a second of wall time, and below it microseconds of CPU for each. The oracle plays. "
        "reset, step: one environment alone, without the oracle's thinking. "
        f"vector step: {_abreast(report, 'num_envs')} in lock-step, resets included. "
        f"rollout step, episode: {_abreast(report, 'concurrency')} at once, everything included. One process.\n"
        f"textgym {machine['textgym']}, Python {machine['python']}, {machine['cpus']} CPUs, "
        f"load {machine['load_before']} before and {machine['load_after']} after."
    )


def _abreast(report: dict[str, Any], name: str) -> str:
    """How many episodes were played abreast: one number, or each environment's that differs from the usual one."""
    numbers = {result["id"].removeprefix("textgym/"): result[name] for result in report["results"]}
    usual = max(numbers.values())
    fewer = ", ".join(f"{number} of {env_id}" for env_id, number in numbers.items() if number != usual)
    return f"{usual}{f' ({fewer})' if fewer else ''}"


def _cell(figure: dict[str, Any]) -> "Text":
    from rich.text import Text

    often = figure["per_second"]
    rate = "-" if often is None else f"{often:,.0f}/s" if often >= 10 else f"{often:.2g}/s"
    cost = figure["cpu_us"]
    return Text(rate).append(f"\n{cost:,.{1 if cost < 1000 else 0}f} µs", style="dim")
