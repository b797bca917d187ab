"""LinearSystem: solve as many linear equations as there are unknowns."""

from fractions import Fraction
from math import lcm
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import named_rationals
from textgym.envs.math.draws import nonzero, sign_pattern, signed_sum, small_fraction
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_NAMES = ("xy", "ab", "pq", "uv"), ("xyz", "abc", "pqr", "uvw"), ("wxyz", "abcd", "pqrs"), ("vwxyz", "abcde", "pqrst")


class LinearSystemConfig(LevelledConfig):
    """Knobs of LinearSystem."""

    unknowns: int = Field(3, ge=2, le=5, description="how many unknowns and equations there are")
    largest: int = Field(9, ge=3, le=1_000, description="largest coefficient in size")
    largest_value: int = Field(12, ge=5, le=10_000, description="bound on the size of the unknowns")
    largest_denominator: int = Field(4, ge=1, le=100, description="largest denominator of an unknown; 1: all are whole")
    zeros: float = Field(0.15, ge=0, le=0.5, description="probability that an unknown is missing in an equation")

    levels: ClassVar[Levels] = {
        "easy": {"unknowns": 2, "largest_denominator": 1, "zeros": 0.0},
        "hard": {"unknowns": 4, "largest": 15, "largest_denominator": 9},
    }


class LinearSystem(SingleAnswer[LinearSystemConfig]):
    """Solve a system of linear equations with one solution.

    Observation: the equations.
    Action: a value for every unknown inside one <answer></answer>, such as `x = 3, y = -1/2`, in any order; whole numbers,
        fractions and decimals, all exact. Text outside the tags is not read; an answer that leaves out an unknown or names
        one twice is invalid.
    Reward: 1 if the values solve every equation, else 0; nothing for a part of them.
    Ends: after the answer.
    Splits: by the signs of all coefficients, with 0 where an unknown is missing.
    Oracle: gives the solution.

    The determinant is not 0, so the solution is the only one. The difficulty of a task is the number of unknowns.
    """

    answer_form = "an exact number for every unknown, such as x = 3, y = -1/2"

    def generate(self, rng: Random) -> Task:
        config = self.config
        size = config.unknowns
        rows = [
            [0 if rng.random() < config.zeros else nonzero(rng, config.largest) for _ in range(size)]
            for _ in range(size)
        ]
        family = rng.claim(f"signs {[sign_pattern(row) for row in rows]}")
        if any(sum(1 for a in row if a) < 2 for row in rows) or not determinant(rows):
            raise RedrawError("an equation for one unknown alone, or no single solution")
        solution = [small_fraction(rng, config.largest_value, config.largest_denominator) for _ in range(size)]
        names = rng.choice(_NAMES[size - 2])
        lines, equations = [], []
        for row in rows:
            total = sum((a * x for a, x in zip(row, solution, strict=True)), Fraction(0))
            scale = lcm(total.denominator)
            equations.append([*(a * scale for a in row), int(total * scale)])
            lines.append(f"{signed_sum(zip(equations[-1], names, strict=False))} = {equations[-1][-1]}")
        return Task(
            prompt=self.ask("Solve the system of equations\n\n" + "\n".join(lines)),
            secret={"answer": ", ".join(f"{name} = {x}" for name, x in zip(names, solution, strict=True))},
            data={"names": names, "equations": equations},
            family=family,
            difficulty=size,
        )

    def judge(self, task: Task, answer: str) -> bool:
        names = task.data["names"]
        values = named_rationals(answer, names)
        if values is None:
            raise Unreadable("An exact number is needed for every unknown, each once.")
        # The determinant is not 0: what solves all equations is the solution.
        return all(
            sum(a * values[name] for a, name in zip(equation, names, strict=False)) == equation[-1]
            for equation in task.data["equations"]
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        size = self.config.largest_value
        return committed(", ".join(f"{name} = {rng.randint(-size, size)}" for name in task.data["names"]))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names, answer = task.data["names"], task.secret["answer"]
        return super().cheats(task) | {
            "all at nothing": [committed(", ".join(f"{name} = 0" for name in names))],
            "one unknown alone": [committed(answer.split(",")[0])],
            "an unknown twice": [committed(f"{answer}, {names[0]} = 1")],
            "unknowns as themselves": [committed(", ".join(f"{name} = {name}" for name in names))],
        }


def determinant(rows: list[list[int]]) -> int:
    """The determinant of a square matrix of whole numbers, by Bareiss's elimination without fractions."""
    matrix = [list(row) for row in rows]
    size, sign, previous = len(matrix), 1, 1
    for k in range(size - 1):
        pivot = next((i for i in range(k, size) if matrix[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            matrix[k], matrix[pivot] = matrix[pivot], matrix[k]
            sign = -sign
        for i in range(k + 1, size):
            for j in range(k + 1, size):
                matrix[i][j] = (matrix[i][j] * matrix[k][k] - matrix[i][k] * matrix[k][j]) // previous
        previous = matrix[k][k]
    return sign * matrix[-1][-1]
