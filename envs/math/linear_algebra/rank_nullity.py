"""RankNullity: the rank of a matrix, and a basis of its null space."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_number
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.linear_algebra.matrix_answer import matrix_of
from textgym.envs.math.matrices import (
    Matrix,
    applied,
    exact,
    null_space,
    product,
    rank,
    read_matrix,
    shown,
    sizes,
)
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class RankNullityConfig(LevelledConfig):
    """Knobs of RankNullity."""

    rows: int = Field(3, ge=2, le=8, description="rows of the matrix")
    columns: int = Field(4, ge=3, le=10, description="columns of the matrix")
    largest: int = Field(40, ge=4, le=1_000, description="largest absolute value of an entry")

    levels: ClassVar[Levels] = {
        "easy": {"rows": 2, "columns": 3, "largest": 100},
        "hard": {"rows": 4, "columns": 6, "largest": 60},
    }

    @model_validator(mode="after")
    def _wide(self) -> Self:
        if self.rows >= self.columns:
            raise ValueError(
                f"rows ({self.rows}) must be below columns ({self.columns}), or there may be no null space"
            )
        return self


class RankNullity(SingleAnswer[RankNullityConfig]):
    """Find the rank of a matrix and a basis of its null space.

    Observation: a matrix A of whole numbers with more columns than rows.
    Action: inside one <answer></answer> the rank, a semicolon, and the vectors of a basis of all x with A x = 0, such as
        `2; [[1, -2, 1, 0], [2, -3, 0, 1]]`. Whole numbers, fractions and exact decimals. Text outside the tags is not
        read; anything else is invalid.
    Reward: 1 if the rank is right and the vectors are a basis, whichever, else 0.
    Ends: after the answer.
    Splits: by the absolute values of the entries, whatever their order and signs.
    Oracle: gives the rank and the basis that elimination finds.

    The rank may be lower than the number of rows, and is at least 1; no row and no column is all zeros. The difficulty of a task is the number of entries.
    """

    answer_form = "the rank, a semicolon, and the basis vectors, such as 2; [[1, -2, 1, 0], [2, -3, 0, 1]]"

    def generate(self, rng: Random) -> Task:
        config = self.config
        wanted = rng.randint(max(1, config.rows - 2), config.rows)
        left = exact([[rng.randint(-3, 3) for _ in range(wanted)] for _ in range(config.rows)])
        spread = max(5, config.largest // (3 * wanted))
        right = exact([[rng.randint(-spread, spread) for _ in range(config.columns)] for _ in range(wanted)])
        matrix = [[int(entry) for entry in row] for row in product(left, right)]
        if not all(map(any, [*matrix, *zip(*matrix, strict=True)])) or max(sizes(matrix)) > config.largest:
            raise RedrawError("a row or column of zeros, or an entry too large")
        family = rng.claim(f"rank {sizes(matrix)}")
        basis = null_space(exact(matrix))
        return Task(
            prompt=self.ask(
                f"What is the rank of the matrix\n\nA = {shown(matrix)}\n\nand what is a basis of its null space, that is of all "
                "x with A x = 0? Any basis will do."
            ),
            secret={"answer": f"{config.columns - len(basis)}; {shown(basis)}"},
            data={"matrix": matrix},
            family=family,
            difficulty=config.rows * config.columns,
        )

    def judge(self, task: Task, answer: str) -> bool:
        first, semicolon, rest = answer.partition(";")
        claimed, basis = whole_number(first), read_matrix(rest)
        if not semicolon or claimed is None or basis is None:
            raise Unreadable("That is not a rank and a basis.")
        matrix = matrix_of(task)
        width, true_rank = len(matrix[0]), rank(matrix)
        return claimed == true_rank and len(basis) == width - true_rank and _is_basis(matrix, basis)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        rows, columns = len(task.data["matrix"]), len(task.data["matrix"][0])
        guess = rng.randint(1, rows)
        vectors = [[rng.randint(-5, 5) for _ in range(columns)] for _ in range(columns - guess)]
        return committed(f"{guess}; {shown(vectors)}")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        true_rank, _, text = task.secret["answer"].partition("; ")
        basis = read_matrix(text) or []
        width = len(basis[0])
        units = [[int(row == column) for column in range(width)] for row in range(len(basis))]
        cheats = {
            "zero vectors": [committed(f"{true_rank}; {shown([[0] * width] * len(basis))}")],
            "unit vectors": [committed(f"{true_rank}; {shown(units)}")],
            "a vector too many": [committed(f"{true_rank}; {shown([*basis, basis[0]])}")],
            "the rank alone": [committed(true_rank), committed(f"{true_rank};")],
        }
        if len(basis) > 1:
            cheats["one vector again and again"] = [committed(f"{true_rank}; {shown([basis[0]] * len(basis))}")]
        return super().cheats(task) | cheats


def _is_basis(matrix: Matrix, vectors: Matrix) -> bool:
    """Whether vectors, as many as the null space has dimensions, are a basis of it."""
    if len(vectors[0]) != len(matrix[0]) or any(any(applied(matrix, vector)) for vector in vectors):
        return False
    return rank(vectors) == len(vectors)
