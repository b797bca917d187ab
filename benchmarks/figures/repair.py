"""CodeFix: reset, test step, grading and many episodes at once, beside pytest in a fresh container for each grading."""

import asyncio
import contextlib
import os
import random
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gymnasium as gym

import textgym
from clocks import children, machine_cpu, resident_mb
from executions import Engine
from report import Report, Row, Spread, Target
from sizes import Size
from textgym.envs.code.repair.box import shared_box
from textgym.envs.code.repair.problems import Problem
from textgym.envs.code.repair.toolchain import archive
from textgym.sandbox import SandboxError
from textgym.sandbox.image import ImageSpec
from textgym.sandbox.owners import owner_labels

_ONCE = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def run(size: Size) -> Report:
    """Tasks drawn from all splits; every contender grades the same repair of each, one after the other."""
    report = Report("repair", "CodeFix: one reset, one test run, one grading of a right repair; 64 episodes at once")
    report.notes += [
        "CPU is that of the whole machine, sandboxes and engine included, and whatever else ran",
        "packages are in the cache; a test run is of the test file that covers the bug, through the tool `test`",
        "the first grading of a task also finds out what the original does; siblings, as in a group of episodes, do not",
        "pytest in a fresh container: the repaired tree mounted, the same tests named, its exit code believed",
    ]
    # The smallest of the packages is enough to show that everything runs.
    packages = size.pick((), (), ("inflection",))
    env: Any = gym.make("textgym/CodeFix-v0", packages=packages).unwrapped
    try:
        shared_box().warm_up()
    except SandboxError as error:
        report.left_out.append(f"everything: {error}")
        return report
    tasks = _drawn(env, size.pick(40, 12, 1))
    _resets(report, env, tasks)
    with ExitStack() as stack:
        steps: dict[str, tuple[Callable[[textgym.Task], None], list[float], list[float]]] = {
            "test step": (_test_step(env), [], []),
            "grading": (_grading(env), [], []),
            "grading of a sibling": (_grading(env), [], []),
        }
        try:
            fresh = _FreshContainers(env, Engine(ImageSpec().tag, stack), stack)
            steps["grading by pytest in a fresh container"] = (fresh.grade, [], [])
        except Exception as error:  # whatever the engine says: the others go on
            report.left_out.append(f"pytest in a fresh container: left out, {error}")
        for task in tasks:
            for work, wall, cpu in steps.values():
                cpu_before, began = machine_cpu(), time.perf_counter()
                work(task)
                wall.append(time.perf_counter() - began)
                cpu.append(machine_cpu() - cpu_before)
    for name, (_, wall, cpu) in steps.items():
        report.rows.append(Row(name, "s", Spread.of(wall), Spread.of(cpu)))
    report.targets += [
        Target("CPU seconds of a test step, median", Spread.of(steps["test step"][2]), "<=", 0.5, "cpu"),
        Target("CPU seconds of a grading, median", Spread.of(steps["grading"][2]), "<=", 3, "cpu"),
    ]
    if len(steps) > 2:
        _, their_wall, their_cpu = steps["grading by pytest in a fresh container"]
        for name in ("grading", "grading of a sibling"):
            _, wall, cpu = steps[name]
            report.targets.append(
                Target(
                    f"CPU of pytest in a fresh container over that of a {name}",
                    Spread.of([theirs / max(ours, 1e-9) for ours, theirs in zip(cpu, their_cpu, strict=True)]),
                    ">=", 1, "cpu",
                    Spread.of([theirs / ours for ours, theirs in zip(wall, their_wall, strict=True)]),
                )
            )  # fmt: skip
    _at_once(report, size.pick(64, 64, 2), packages)
    env.close()
    return report


def _drawn(env: Any, count: int) -> list[textgym.Task]:
    rng = random.Random(0)
    shares = {split: share for split, share in {"train": 6, "validation": 2, "test": 2}.items() if env.size(split)}
    drawn = rng.choices(list(shares), list(shares.values()), k=count)
    places = [(split, rng.randrange(env.size(split))) for split in drawn]
    return [env.task(split, index) for split, index in places]


def _resets(report: Report, env: Any, tasks: list[textgym.Task]) -> None:
    """Resets at tasks whose packages were unpacked before, as in a run that goes on."""
    rng = random.Random(1)
    packages = {task.data["package"] for task in tasks}
    wanted = [(split, index) for split in ("train", "validation", "test") for index in range(min(env.size(split), 400))]
    took = []
    for split, index in rng.sample(wanted, min(len(wanted), 8 * len(tasks))):
        began = time.perf_counter()
        env.reset(options={"split": split, "index": index})
        spent = 1e3 * (time.perf_counter() - began)
        if env.episode.task.data["package"] in packages:
            took.append(spent)
    report.rows.append(Row("reset", "ms", Spread.of(took)))
    report.targets.append(Target("milliseconds of a warm reset, median", Spread.of(took), "<=", 50, "wall"))


def _test_step(env: Any) -> Callable[[textgym.Task], None]:
    def once(task: textgym.Task) -> None:
        problem: Problem = env.problem(task)
        path = Counter(test.partition("::")[0] for test in problem.covered).most_common(1)[0][0]
        live = env.start(task)
        _, _, terminated, truncated, _ = live.step(env.call("test", target=path))
        if terminated or truncated:
            raise RuntimeError(f"a test run ended {task.id}: {live.outcome}")

    return once


def _grading(env: Any) -> Callable[[textgym.Task], None]:
    """The last step of an episode whose tree is repaired: the repair itself is a few microseconds of text."""

    def once(task: textgym.Task) -> None:
        live = env.start(task)
        while not live.ended:
            live.step(env.oracle(task, live.state))
        if live.total != 1.0:
            raise RuntimeError(f"the oracle earned {live.total} on {task.id}: {live.outcome}")

    return once


class _FreshContainers:
    """The same verdict as most make it: a container for each, pytest in it, and its exit code."""

    def __init__(self, env: Any, engine: Engine, stack: ExitStack) -> None:
        self._env = env
        self._engine = engine
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with zipfile.ZipFile(self._write("tools.zip", archive())) as tools:
            tools.extractall(self._folder / "tools")

    def grade(self, task: textgym.Task) -> None:
        problem: Problem = self._env.problem(task)
        package = problem.package
        place = f"tree-{task.split}-{task.index}"
        for path, data in package.shown.items():
            self._write(f"{place}/repo/{path}", data)
        for path, data in package.extras.items():
            self._write(f"{place}/extras/{path}", data)
        folders = [
            "/work/tools",
            f"/work/{place}/extras",
            *(f"/work/{place}/repo/{path}" for path in package.search_path),
        ]
        # Their files whole would hold tests too that are not reliable.
        self._write(f"{place}/tests.txt", "\n".join([*problem.fail_to_pass, *problem.pass_to_pass]).encode())
        arguments = ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", ".", *package.pytest_args]
        self._engine.client.containers.run(
            self._engine.image,
            ["python3", "-m", "pytest", *arguments, f"@/work/{place}/tests.txt"],
            working_dir=f"/work/{place}/repo",
            environment={**_ONCE, "PYTHONPATH": ":".join(folders)},
            volumes={str(self._folder): {"bind": "/work", "mode": "rw"}},
            network_mode="none",
            remove=True,
        )

    def _write(self, path: str, data: bytes) -> Path:
        whole = self._folder / path
        whole.parent.mkdir(parents=True, exist_ok=True)
        whole.write_bytes(data)
        return whole


def _at_once(report: Report, episodes: int, packages: tuple[str, ...]) -> None:
    """So many episodes of the oracle in progress together, and the memory that this takes."""
    peak = [0.0]

    async def watch() -> None:
        while True:
            peak[0] = max(peak[0], resident_mb() + sum(map(resident_mb, children(os.getpid()))))
            await asyncio.sleep(0.2)

    async def play() -> Counter[str]:
        watching = asyncio.create_task(watch())
        statuses: Counter[str] = Counter()
        async for episode in textgym.arollout(
            "textgym/CodeFix-v0",
            "oracle",
            episodes=episodes,
            concurrency=episodes,
            seed=7,
            settings={"packages": packages},
        ):
            statuses["solved" if episode.reward == 1.0 else episode.outcome.status.value] += 1
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        return statuses

    began = time.perf_counter()
    statuses = asyncio.run(play())
    took = time.perf_counter() - began
    name = f"{episodes} episodes at once"
    report.rows += [
        Row(name, "s", Spread.of([took])),
        Row(f"{name}: memory of this process and its children", "MB", Spread.of([peak[0]])),
        Row(f"{name}: memory of the engine's containers", "MB", Spread.of([_containers_mb()])),
    ]
    failed = episodes - statuses["solved"]
    report.targets.append(Target(f"{name}, not solved or failed", Spread.of([float(failed)]), "<=", 0, "count"))
    report.notes.append(f"{name}: {', '.join(f'{count} {word}' for word, count in sorted(statuses.items()))}")


def _containers_mb() -> float:
    """The most that the control groups of this process's containers used; 0 where nobody says."""
    total = 0.0
    with contextlib.suppress(Exception):  # no engine, or none that answers: the figure is left at 0
        import docker

        client: Any = docker.from_env(timeout=30)
        labels = [f"{key}={value}" for key, value in owner_labels().items()]
        for container in client.containers.list(filters={"label": labels}):
            file = Path(f"/sys/fs/cgroup/memory/docker/{container.id}/memory.max_usage_in_bytes")
            total += int(file.read_text()) / 1e6
        client.close()
    return total
