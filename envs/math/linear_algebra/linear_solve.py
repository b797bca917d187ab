"""LinearSolve: a solution of a system of linear equations, or the proof that it has none."""

from fractions import Fraction
from typing import Any, ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.matrices import (
    Integers,
    applied,
    draw_matrix,
    exact,
    null_space,
    rank,
    read_vector,
    shown,
    shown_vector,
    sizes,
    solution,
    transposed,
)
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class LinearSolveConfig(LevelledConfig):
    """Knobs of LinearSolve."""

    rows: int = Field(3, ge=2, le=8, description="equations")
    columns: int = Field(3, ge=2, le=8, description="unknowns")
    largest: int = Field(9, ge=2, le=100, description="largest absolute value of a coefficient")
    singular: float = Field(0.4, ge=0, le=1, description="share of systems whose equations depend on each other")

    levels: ClassVar[Levels] = {
        "easy": {"rows": 2, "columns": 2, "largest": 30, "singular": 0.3},
        "hard": {"rows": 4, "columns": 4, "largest": 9, "singular": 0.5},
    }


class LinearSolve(SingleAnswer[LinearSolveConfig]):
    """Solve a system of linear equations, or prove that it has no solution.

    Observation: a matrix A and a vector b of whole numbers.
    Action: inside one <answer></answer> either `x = [..]` with A x = b, any solution if there are several; or, where there
        is none, `y = [..]` with y A = 0 and y b not 0, which proves it (Fredholm's alternative). Whole numbers, fractions
        and exact decimals. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if the vector has the property that its name claims, exactly, else 0.
    Ends: after the answer.
    Splits: by the absolute values of the coefficients, whatever their order and signs.
    Oracle: gives a solution or a proof.

    The vector b is not 0. In a share `singular` of the tasks the equations depend on each other: of these, about half
    have no solution. The difficulty of a task is the number of equations plus that of unknowns.
    """

    answer_form = "x = [..] or y = [..] with exact numbers, such as x = [1, -3/4, 2]"

    def generate(self, rng: Random) -> Task:
        config = self.config
        matrix = draw_matrix(config.rows, config.columns, config.largest, rng)
        dependent = rng.random() < config.singular
        if dependent:
            self._make_dependent(matrix, rng)
        family = rng.claim(f"solve {sizes(matrix)}")
        right = self._right_side(matrix, rng)
        if dependent and rng.getrandbits(1):  # now there is hardly ever a solution
            right[rng.randrange(len(right))] += rng.choice([-1, 1]) * rng.randint(1, 9)
        if not any(right) or max(map(abs, right)) > 10**4:
            raise RedrawError("the right side is 0 or too large")
        found = solution(exact(matrix), [Fraction(entry) for entry in right])
        answer = f"x = {shown_vector(found)}" if found is not None else f"y = {shown_vector(_proof(matrix, right))}"
        return Task(
            prompt=self.ask(
                f"Consider the system A x = b with\n\nA = {shown(matrix)}\nb = {shown_vector(right)}\n\nIf it has a solution, "
                "give one, as x = [..]. If it has none, prove that by a vector y with y A = 0 (the sum of the rows of A, "
                "each times its entry of y, is 0) and y b not 0, as y = [..]."
            ),
            secret={"answer": answer},
            data={"matrix": matrix, "right": right},
            family=family,
            difficulty=config.rows + config.columns,
        )

    def _make_dependent(self, matrix: Integers, rng: Random) -> None:
        """Replace one row by a combination of one or two others."""
        place, *others = rng.sample(range(len(matrix)), min(3, len(matrix)))
        factors = [rng.choice([-2, -1, 1, 2]) for _ in others]
        columns = range(len(matrix[0]))
        matrix[place] = [sum(f * matrix[o][c] for f, o in zip(factors, others, strict=True)) for c in columns]

    def _right_side(self, matrix: Integers, rng: Random) -> list[int]:
        chosen = [Fraction(rng.randint(-9, 9)) for _ in matrix[0]]
        return [int(entry) for entry in applied(exact(matrix), chosen)]

    def judge(self, task: Task, answer: str) -> bool:
        name, equals, text = answer.partition("=")
        vector = read_vector(text) if equals else None
        if name.strip() not in ("x", "y") or vector is None:
            raise Unreadable("That is not a named vector.")
        matrix = exact(task.data["matrix"])
        right = [Fraction(entry) for entry in task.data["right"]]
        if name.strip() == "x":
            return len(vector) == len(matrix[0]) and applied(matrix, vector) == right
        if len(vector) != len(matrix) or any(applied(transposed(matrix), vector)):
            return False
        return sum(a * b for a, b in zip(vector, right, strict=True)) != 0

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        name = rng.choice("xy")
        size = len(task.data["matrix"][0]) if name == "x" else len(task.data["matrix"])
        return committed(f"{name} = {shown_vector([rng.randint(-9, 9) for _ in range(size)])}")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        data: dict[str, Any] = task.data
        zeros = [0] * len(data["matrix"][0]), [0] * len(data["matrix"])
        other = task.secret["answer"].translate(str.maketrans("xy", "yx"))
        return super().cheats(task) | {
            "zeros": [committed(f"x = {shown_vector(zeros[0])}"), committed(f"y = {shown_vector(zeros[1])}")],
            "the wrong name": [committed(other)],
            "no proof": [committed("none"), committed("y = []")],
        }


def _proof(matrix: Integers, right: list[int]) -> list[Fraction]:
    """A vector y with y A = 0 and y b = 1, where A x = b has no solution."""
    for vector in null_space(transposed(exact(matrix))):
        value = sum(a * b for a, b in zip(vector, right, strict=True))
        if value:
            return [entry / value for entry in vector]
    raise ValueError(f"the system of rank {rank(exact(matrix))} has a solution")
