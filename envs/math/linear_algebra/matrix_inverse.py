"""MatrixInverse: the exact inverse of a matrix."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.linear_algebra.matrix_answer import MatrixAnswer
from textgym.envs.math.matrices import determinant, draw_matrix, exact, inverse, shown, sizes, transposed


class MatrixInverseConfig(LevelledConfig):
    """Knobs of MatrixInverse."""

    size: int = Field(3, ge=2, le=6, description="rows and columns")
    largest: int = Field(6, ge=2, le=1_000, description="largest absolute value of an entry")
    largest_determinant: int = Field(60, ge=2, le=10**6, description="bound on the determinant's absolute value")

    levels: ClassVar[Levels] = {
        "easy": {"size": 2, "largest": 80, "largest_determinant": 10_000},
        "hard": {"size": 4, "largest": 5, "largest_determinant": 60},
    }


class MatrixInverse(MatrixAnswer[MatrixInverseConfig]):
    """Invert a matrix exactly.

    Observation: a square matrix of whole numbers that has an inverse.
    Action: its inverse inside one <answer></answer>, row by row, with whole numbers, fractions or exact decimals, such as
        [[1, 1/2], [-3/4, 2]]. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if every entry is right, else 0.
    Ends: after the answer.
    Splits: by the absolute values of the entries, whatever their order and signs.
    Oracle: gives the inverse.

    The determinant is not 1, 0 or -1 and stays within `largest_determinant`. The difficulty of a task is the number of
    rows.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        matrix = draw_matrix(config.size, config.size, config.largest, rng)
        family = rng.claim(f"inverse {sizes(matrix)}")
        if not 1 < abs(determinant(matrix)) <= config.largest_determinant:
            raise RedrawError("no inverse with small denominators")
        result = inverse(exact(matrix))
        assert result is not None  # the determinant is not 0
        return Task(
            prompt=self.ask(f"What is the inverse of the matrix\n\n{shown(matrix)}"),
            secret={"answer": shown(result)},
            data={"matrix": matrix},
            family=family,
            difficulty=config.size,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        matrix = exact(task.data["matrix"])
        reciprocals = [[1 / entry if entry else entry for entry in row] for row in matrix]
        return super().cheats(task) | {
            "the matrix itself, turned, or entry by entry": [
                committed(text)
                for text in (shown(matrix), shown(transposed(matrix)), shown(reciprocals))
                if text != task.secret["answer"]
            ]
        }
