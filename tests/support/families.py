"""What tests of families of tasks share: an environment by its name, its tasks, what they pay, and what others print."""

import os
import subprocess
import sys
from typing import Any

import textgym
from textgym.actions.answers import committed
from textgym.core import Live, Task, TextEnv


def made(name: str, **settings: Any) -> TextEnv[Any, Any]:
    """The environment `textgym/{name}-v0`."""
    return textgym.make(f"textgym/{name}-v0", **settings)


def tasks(env: TextEnv[Any, Any], count: int = 60) -> list[Task]:
    """The first tasks of the training split."""
    return [env.task("train", index) for index in range(count)]


def tasks_of(name: str, count: int, **settings: Any) -> list[Task]:
    """The first tasks of the training split of `textgym/{name}-v0`."""
    return tasks(made(name, **settings), count)


def reward_of(env: TextEnv[Any, Any], task: Task, action: str) -> float:
    """What a first action is paid."""
    return env.start(task).step(action)[1]


def pay(env: TextEnv[Any, Any], task: Task, answer: str) -> float:
    """What a first action is paid that commits to an answer and says nothing else."""
    return reward_of(env, task, committed(answer))


def played(env: TextEnv[Any, Any], split: str, index: int) -> Live:
    """An episode that the oracle has played to its end."""
    live = env.start(env.task(split, index))
    while not live.ended:
        live.step(env.oracle(live.task, live.state))
    return live


def printed_by_processes(program: str) -> set[str]:
    """What a program prints in processes with different hash seeds: one text, if it does not depend on them."""
    return {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
