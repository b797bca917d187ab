"""Actions that no honest policy takes: they earn nothing and break nothing."""

import json
import time
from collections.abc import Callable, Sequence
from itertools import cycle

from textgym.core import Status, Task
from textgym.diagnostics.battery import NotApplicable, demand, proof
from textgym.diagnostics.redteam.playing import STEP_SECONDS
from textgym.diagnostics.subject import Subject

_TASKS = 6
_WHOLE, _BEGINNING = 30, 6
"""Most steps of the first episode of a script, and of those that begin with another of its actions."""


def _attack(subject: Subject, actions: Callable[[Task], Sequence[str]], tasks: int = _TASKS) -> str:
    """Play episodes of nothing but these actions, in turn, each also as the first one."""
    episodes = steps = 0
    for task in subject.some_tasks(tasks):
        script = actions(task)
        for first in range(len(script)):
            rotated = [*script[first:], *script[:first]]
            steps += _endure(subject, task, rotated, _BEGINNING if first else _WHOLE)
            episodes += 1
    return f"{episodes} episodes, {steps} steps: nothing earned, nothing broken"


def _endure(subject: Subject, task: Task, actions: Sequence[str], most: int) -> int:
    live = subject.start(task)
    shown = ""
    for number, action in zip(range(most), cycle(actions), strict=False):
        if live.ended:
            break
        shown = f"{action[:60]!r}{'...' if len(action) > 60 else ''} ({len(action):,} characters)"
        started = time.thread_time()
        try:
            observation, reward, _, _, _ = live.step(action)
        except Exception as error:
            demand(
                False, f"{shown} made step {number + 1} of {task.id} raise {type(error).__name__}: {str(error)[:300]}"
            )
        spent = time.thread_time() - started
        demand(spent <= STEP_SECONDS, f"{shown} took {spent:.1f} s of CPU in step {number + 1} of {task.id}")
        demand(reward <= 0, f"{shown} earned {reward} in step {number + 1} of {task.id}")
        demand(
            isinstance(observation, str) and len(observation) <= live.env.max_observation,
            f"{shown} was answered by {type(observation).__name__} of {len(observation):,} characters",
        )
    outcome = live.outcome
    if outcome is not None:
        demand(
            outcome.status not in (Status.INFRA_ERROR, Status.GRADER_ERROR),
            f"{shown} ended {task.id} with {outcome.status}: {outcome.error}",
        )
        demand(not outcome.success, f"{shown} counts as a success on {task.id}")
    live.close()
    return live.state.turn


@proof
def empty_action(subject: Subject) -> str:
    """Nothing, or white space alone, earns nothing."""
    return _attack(subject, lambda task: ["", " ", "\n\t\r\n", "\u00a0\u2003\u200b"])


@proof
def echo_prompt(subject: Subject) -> str:
    """Saying back what was asked earns nothing."""
    return _attack(subject, lambda task: [task.prompt, f"{task.prompt}\n{task.prompt}", task.prompt[-200:]])


@proof
def all_candidates(subject: Subject) -> str:
    """Listing all answers at once (`TextEnv.candidates`) earns nothing."""
    lists = [subject.env.candidates(task) for task in subject.some_tasks(_TASKS)]
    if not any(len(candidates) > 1 for candidates in lists):
        raise NotApplicable("candidates() lists no answers for this environment")

    def listed(task: Task) -> list[str]:
        answers = subject.env.candidates(task)
        joined = [separator.join(answers) for separator in (" ", ", ", "\n", " or ", "")]
        tagged = "".join(f"<answer>{answer}</answer>" for answer in answers)
        return [*joined, json.dumps(answers), tagged]

    return _attack(subject, listed)


@proof
def huge_action(subject: Subject) -> str:
    """A million characters, or exactly as many as are read, earn nothing and take no time worth noting."""
    longest = subject.env.max_action
    return _attack(
        subject,
        lambda task: ["a" * 1_000_000, "9" * longest, "1 " * (longest // 2), "\n" * longest, "é" * (longest + 1)],
        tasks=1,
    )


@proof
def control_characters(subject: Subject) -> str:
    """Control, direction and zero-width characters, NUL among them, earn nothing and break nothing."""
    every = "".join(map(chr, range(32))) + "\x7f\x80\x9f"
    return _attack(subject, lambda task: [every, "\x00", "\x1b[2J\x1b[31m", "\u202e\u2066\u200d\ufeff", "a\u0301" * 50])


@proof
def lone_surrogates(subject: Subject) -> str:
    """Text that has no UTF-8 form earns nothing, and its episode can be stored."""
    report = _attack(subject, lambda task: ["\ud800", "1\udfff2", "\udc80" * 100])
    live = subject.start(subject.some_tasks(1)[0])
    live.step("\ud800")
    json.dumps(live.snapshot(), ensure_ascii=False).encode()
    return report


@proof
def unicode_digits(subject: Subject) -> str:
    """Digits beyond ASCII, which `str.isdigit` and `int` take for numbers in different ways, break nothing."""
    return _attack(
        subject, lambda task: ["²", "①⑳", "Ⅷ", "½", "𝟘𝟙", "−", "1_0_0", "1e999", "NaN", "inf", "0x1F", "١٢٣٤٥٦٧٨٩"]
    )


@proof
def deep_nesting(subject: Subject) -> str:
    """Deep nesting and towers of powers exhaust neither stack, memory nor time."""
    depth = min(50_000, subject.env.max_action // 6)
    towers = ["9**9**9**9**9", "(" * 200 + "1" + ")" * 200, "1" + "+1" * depth, "-" * depth + "1", "!" * depth]
    nested = [opening * depth + "1" + closing * depth for opening, closing in ("()", "[]", "{}")]
    tags = ["<a>" * depth, '{"a":' * depth, "<answer>" * (depth // 2), "<tool_call>" * (depth // 2)]
    return _attack(subject, lambda task: [*towers, *nested, *tags], tasks=1)
