"""Determinant: of a square matrix of whole numbers."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.matrices import determinant, draw_matrix, shown, sizes
from textgym.envs.math.number_answer import WholeNumberAnswer

_SMALLEST = 10


class DeterminantConfig(LevelledConfig):
    """Knobs of Determinant."""

    size: int = Field(3, ge=2, le=8, description="rows and columns")
    largest: int = Field(9, ge=2, le=1_000, description="largest absolute value of an entry")

    levels: ClassVar[Levels] = {"easy": {"size": 2, "largest": 60}, "hard": {"size": 4, "largest": 12}}


class Determinant(WholeNumberAnswer[DeterminantConfig]):
    """Find the determinant of a matrix.

    Observation: a square matrix of whole numbers.
    Action: its determinant inside one <answer></answer>, as a whole number. Text outside the tags is not read; anything
        else is invalid.
    Reward: 1 for the determinant, else 0.
    Ends: after the answer.
    Splits: by the absolute values of the entries, whatever their order and signs.
    Oracle: gives the determinant.

    The determinant is at least 10 in absolute value. The difficulty of a task is the number of rows.
    """

    def generate(self, rng: Random) -> Task:
        size = self.config.size
        matrix = draw_matrix(size, size, self.config.largest, rng)
        family = rng.claim(f"determinant {sizes(matrix)}")
        answer = determinant(matrix)
        if abs(answer) < _SMALLEST:
            raise RedrawError("the determinant is too small")
        return Task(
            prompt=self.ask(f"What is the determinant of the matrix\n\n{shown(matrix)}"),
            secret={"answer": answer},
            data={"matrix": matrix},
            family=family,
            difficulty=size,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        bound = self.config.largest**self.config.size
        return committed(str(rng.randint(-bound, bound)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        cheats = super().cheats(task)
        cheats["the wrong sign"] = [committed(str(-task.secret["answer"]))]
        return cheats
