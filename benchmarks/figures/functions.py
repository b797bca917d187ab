"""Gradings of single functions a second: CodeFixFn beside GEM's code environment on the same programs and inputs."""

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym

import textgym
from clocks import machine_cpu
from report import Report, Spread, Target
from rounds import Rates
from sizes import Size
from textgym.envs.code.functions.env import unpacked

_OURS, _GEM, _GEM_BOXED = "CodeFixFn", "GEM CodeEnv, no sandbox", "GEM CodeEnv, bwrap"
_CONCURRENCY = 8
_TARGET = 100  # gradings a second and core
# What makes a function a program for GEM, which knows standard input and output only.
_MAIN = "\nimport json as _json, sys as _sys\nprint(_json.dumps({entry}(*_json.loads(_sys.stdin.read()))))\n"


def run(size: Size) -> Report:
    """Right solutions of tasks drawn from the training split; every contender grades the same ones in each round."""
    report = Report("functions", "grading a right solution of a CodeFixFn task on its hidden inputs")
    report.notes += [
        "CPU is that of the whole machine, sandboxes and engine included, and whatever else ran",
        "GEM looks at twelve inputs at most and at what is printed; CodeFixFn at all hidden ones, and at values and types",
        "GEM is given no task whose values are sets or dictionaries: those it cannot grade",
    ]
    env: Any = gym.make("textgym/CodeFixFn-v0").unwrapped
    count = size.pick(200, 60, 4)
    places = random.Random(0).sample(range(env.size("train")), count)
    tasks = [env.task("train", place) for place in places]
    contenders: dict[str, tuple[Callable[[int], None], int]] = {_OURS: (_ours(env, tasks), count)}
    try:
        for name, sandbox in ((_GEM, "none"), (_GEM_BOXED, "bwrap")):
            work = _gem(tasks, sandbox)
            work(1)
            contenders[name] = (work, size.pick(12, 6, 1))
    except ImportError as error:
        report.left_out.append(f"GEM: left out, {error.name} is not installed (pip install -r benchmarks/peers.txt)")
    except RuntimeError as error:
        report.left_out.append(f"{name}: left out, {error}")
    rates = {name: Rates() for name in contenders}
    with tempfile.TemporaryDirectory() as folder:
        here = os.getcwd()
        os.chdir(folder)  # GEM writes into the current directory
        try:
            for number in range(size.pick(5, 3, 1) + 1):
                for name, (work, many) in contenders.items():
                    cpu, wall = machine_cpu(), time.perf_counter()
                    work(many)
                    wall, cpu = time.perf_counter() - wall, machine_cpu() - cpu
                    if number:
                        rates[name].wall.append(many / wall)
                        rates[name].cpu.append(many / max(cpu, 1e-9))
        finally:
            os.chdir(here)
            env.close()
    report.rows += [each.row(name, "gradings/s") for name, each in rates.items()]
    cores = len(os.sched_getaffinity(0))
    report.targets.append(
        Target(
            f"gradings a second on {cores} cores", Spread.of(rates[_OURS].wall), ">=", _TARGET * cores, "wall",
            Spread.of([cores * rate for rate in rates[_OURS].cpu]),
        )
    )  # fmt: skip
    for name in contenders:
        if name != _OURS:
            a, b = rates[_OURS], rates[name]
            report.targets.append(
                Target(f"gradings a second over {name}", a.over(b), ">=", 1, "cpu", a.over(b, "wall"))
            )
    return report


def _ours(env: Any, tasks: list[textgym.Task]) -> Callable[[int], None]:
    actions = [env.oracle(task, None) for task in tasks]

    async def grade(number: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            live = await env.astart(tasks[number])
            _, reward, *_ = await live.astep(actions[number])
            if reward != 1.0:
                raise RuntimeError(f"a right solution of {tasks[number].id} earned {reward}: {live.outcome}")

    async def grade_all(count: int) -> None:
        gate = asyncio.Semaphore(_CONCURRENCY)
        await asyncio.gather(*(grade(number, gate) for number in range(count)))

    return lambda count: asyncio.run(grade_all(count))


def _gem(tasks: list[textgym.Task], sandbox: str) -> Callable[[int], None]:
    from datasets import Dataset
    from gem.envs.code_env import CodeEnv

    rows, answers = [], []
    for task in tasks:
        found, rendered, _ = unpacked(task)
        try:
            tests = {
                "inputs": [json.dumps(list(case.args)) for case in found.hidden],
                "outputs": [json.dumps(case.expected) for case in found.hidden],
            }
        except TypeError:  # sets and the like are not JSON
            continue
        if any(
            isinstance(case.expected, dict) for case in found.hidden
        ):  # GEM pays nothing for these, right as they are
            continue
        rows.append({"problem": str(len(rows)), "tests": json.dumps(tests)})
        answers.append(f"```python\n{task.secret['program']}{_MAIN.format(entry=rendered.entry)}```")
    # It runs whatever `python` the path leads to first: this one, and not a starter of some other.
    os.environ["PATH"] = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
    env = CodeEnv(dataset_name="taco", dataset=Dataset.from_list(rows), sandbox_type=sandbox)

    def work(count: int) -> None:
        for _ in range(count):
            shown, _ = env.reset()
            _, reward, *_ = env.step(answers[int(shown)])
            if reward != 1.0:
                raise RuntimeError(f"GEM pays {reward} for a right solution with sandbox_type={sandbox!r}")

    return work
