"""MatrixProduct: multiply matrices."""

from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.linear_algebra.matrix_answer import MatrixAnswer
from textgym.envs.math.matrices import draw_matrix, exact, product, shown, sizes


class MatrixProductConfig(LevelledConfig):
    """Knobs of MatrixProduct."""

    factors: int = Field(2, ge=2, le=4, description="how many matrices are multiplied")
    smallest: int = Field(2, ge=1, le=6, description="fewest rows or columns")
    largest_size: int = Field(3, ge=2, le=6, description="most rows or columns")
    largest: int = Field(12, ge=2, le=1_000, description="largest absolute value of an entry")

    levels: ClassVar[Levels] = {
        "easy": {"largest_size": 2, "largest": 12},
        "hard": {"factors": 3, "smallest": 2, "largest_size": 4, "largest": 9},
    }


class MatrixProduct(MatrixAnswer[MatrixProductConfig]):
    """Multiply matrices of whole numbers.

    Observation: matrices whose shapes fit, in the order in which they are multiplied.
    Action: their product inside one <answer></answer>, row by row, such as [[1, 2], [3, 4]]. Text outside the tags is not
        read; anything else is invalid.
    Reward: 1 if every entry is right, else 0.
    Ends: after the answer.
    Splits: by the absolute values of the entries, whatever their order and signs.
    Oracle: gives the product.

    The difficulty of a task is the number of products of two numbers that the definition asks for.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        low, high = sorted((config.smallest, config.largest_size))
        shape = [rng.randint(low, high) for _ in range(config.factors + 1)]
        if shape[0] == shape[-1] == 1:
            shape[0] = high
        matrices = [draw_matrix(a, b, config.largest, rng) for a, b in pairwise(shape)]
        family = rng.claim(f"product {sizes(*matrices)}")
        result = exact(matrices[0])
        work = 0
        for factor in matrices[1:]:
            work += len(result) * len(factor) * len(factor[0])
            result = product(result, exact(factor))
        names = "ABCD"[: len(matrices)]
        listed = "\n".join(f"{name} = {shown(matrix)}" for name, matrix in zip(names, matrices, strict=True))
        return Task(
            prompt=self.ask(f"What is the matrix product {' '.join(names)} of\n\n{listed}"),
            secret={"answer": shown(result)},
            data={"matrices": matrices},
            family=family,
            difficulty=work,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        return super().cheats(task) | {"the first factor": [committed(shown(task.data["matrices"][0]))]}
