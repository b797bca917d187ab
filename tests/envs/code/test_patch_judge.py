"""PatchJudge: the label is true, the rule is proper, and what a constant answer earns is known beforehand."""

import math
import re

import pytest

import textgym
from textgym.core import State, Task
from textgym.diagnostics import EnvironmentSuite
from textgym.envs.code.functions.bank import problem
from textgym.envs.code.functions.metering import Program
from textgym.envs.code.functions.pool import LIMIT
from textgym.envs.code.functions.rendering import Rendered
from textgym.sandbox.driver import encode

ID = "textgym/PatchJudge-v0"
TASKS = 400


class TestPatchJudge(EnvironmentSuite):
    env_id = ID
    tasks = 40


def before_and_after(task: Task) -> tuple[str, str]:
    """The program in the prompt, and what becomes of it by the diff in the prompt, applied by hand."""
    program = re.search(r"```python\n(.*?)```", task.prompt, re.DOTALL)
    patch = re.search(r"```diff\n(.*?)```", task.prompt, re.DOTALL)
    assert program
    assert patch
    old = program[1].splitlines(keepends=True)
    new: list[str] = []
    place = 0
    for line in patch[1].splitlines(keepends=True)[2:]:
        hunk = re.match(r"@@ -(\d+)", line)
        if hunk:
            new += old[place : int(hunk[1]) - 1]
            place = int(hunk[1]) - 1
        elif line[0] in " -":
            assert old[place] == line[1:]
            place += 1
            if line[0] == " ":
                new.append(line[1:])
        else:
            new.append(line[1:])
    return program[1], "".join(new + old[place:])


def test_the_label_is_what_running_both_programs_says() -> None:
    env = textgym.make(ID)
    labels = []
    for index in range(60):
        task = env.task("train", index)
        found = problem(task.data["family"], task.data["variant"])
        rendered = Rendered.of(found, task.data["names"], task.data["wording"])

        def right(source: str, found=found, rendered=rendered) -> bool:  # type: ignore[no-untyped-def]
            program = Program(source, rendered.entry)
            return all(
                program.run(list(case.args), LIMIT)[0] == encode(case.expected, canonical=True) for case in found.hidden
            )

        before, after = before_and_after(task)
        assert not right(before)
        assert right(after) == task.secret["right"]
        labels.append(task.secret["right"])
    assert 10 < sum(labels) < 50


@pytest.mark.parametrize("probability", ["0", "0.25", "0.5", "0.8", "1"])
def test_a_constant_answer_earns_what_was_predicted(probability: str) -> None:
    env = textgym.make(ID)
    p = float(probability)
    earned = []
    for index in range(TASKS):
        live = env.start(env.task("train", index))
        earned.append(live.step(f"<answer>{probability}</answer>")[1])
    predicted = -((2 * p - 1) ** 2)
    spread = 4 * abs((1 - p) ** 2 - p**2) / 2  # standard deviation of one episode
    assert abs(sum(earned) / TASKS - predicted) <= 4 * spread / math.sqrt(TASKS) + 1e-9


def test_the_best_answer_is_what_one_believes() -> None:
    def expected(belief: float, answer: float) -> float:
        return sum(share * (1 - 4 * (answer - y) ** 2) for y, share in ((1, belief), (0, 1 - belief)))

    for belief in (0.1, 0.37, 0.5, 0.92):
        best = max((number / 1000 for number in range(1001)), key=lambda answer: expected(belief, answer))
        assert math.isclose(best, belief, abs_tol=1e-9)


def test_reward_and_bounds() -> None:
    env = textgym.make(ID)
    task = env.task("train", 0)
    right = task.secret["right"]
    for answer, value in (("1", 1.0 if right else -3.0), ("0", -3.0 if right else 1.0), ("0.5", 0.0), (".5", 0.0)):
        live = env.start(task)
        assert live.step(f"<answer>{answer}</answer>")[1] == value
        assert live.outcome is not None
        assert live.outcome.success == (value == 1.0)
    assert env.start(task).step(env.oracle(task, State()))[1] == 1.0


def test_no_examples_on_request() -> None:
    assert "should return" not in textgym.make(ID, examples=0).task("train", 0).prompt
