"""Eigenvalues: of a matrix whose eigenvalues are whole numbers or surds."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.closed_forms import (
    Formula,
    FormulaError,
    TooLongError,
    number,
    read_surd,
    same_constant,
    surd,
    written,
)
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.matrices import Integers, draw_unimodular, exact, product, shown, sizes
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_MOST_CHARS = 1_000


class EigenvaluesConfig(LevelledConfig):
    """Knobs of Eigenvalues."""

    size: int = Field(3, ge=2, le=6, description="rows and columns")
    surds: float = Field(0.5, ge=0, le=1, description="share of matrices with a pair of irrational eigenvalues")
    largest: int = Field(12, ge=4, le=100, description="largest absolute value of a whole eigenvalue")
    largest_entry: int = Field(60, ge=10, le=10_000, description="largest absolute value of an entry")

    levels: ClassVar[Levels] = {
        "easy": {"size": 2, "surds": 0.4, "largest": 80, "largest_entry": 1_000},
        "hard": {"size": 4, "surds": 0.7, "largest": 12, "largest_entry": 120},
    }


class Eigenvalues(SingleAnswer[EigenvaluesConfig]):
    """Find all eigenvalues of a matrix, with their multiplicities.

    Observation: a square matrix of whole numbers whose eigenvalues are real.
    Action: the eigenvalues inside one <answer></answer>, separated by commas, in any order, each as often as its algebraic
        multiplicity: exact numbers with square roots, such as `3, 3, 1/2 + sqrt(5)/2, 1/2 - sqrt(5)/2`. Text outside the
        tags is not read; anything else is invalid.
    Reward: 1 for exactly these eigenvalues, else 0.
    Ends: after the answer.
    Splits: by the eigenvalues, whatever the matrix.
    Oracle: gives the eigenvalues from which the matrix was made.

    The matrix is similar, by a matrix of whole numbers, to one with the whole eigenvalues on its diagonal and a 2x2 block
    for a pair of surds. It is not triangular. The difficulty of a task is the number of rows.
    """

    answer_form = (
        "the eigenvalues separated by commas, each as often as its multiplicity, exactly, such as 3, 3, 2 - sqrt(5)"
    )

    def generate(self, rng: Random) -> Task:
        config = self.config
        size = config.size
        whole = size - 2 if rng.random() < config.surds else size
        values = sorted(rng.randint(-config.largest, config.largest) for _ in range(whole))
        middle = [[values[row] if row == column else 0 for column in range(size)] for row in range(whole)]
        spectrum: list[Formula] = [number(value) for value in values]
        if whole < size:
            pair, block = self._pair(rng)
            spectrum += pair
            middle += [[0] * whole + row for row in block]
        elif len(set(values)) == 1:
            raise RedrawError("a multiple of the identity")
        else:
            self._chain(middle, values, rng)
        answer = ", ".join(map(written, spectrum))
        family = rng.claim(f"eigenvalues {answer}")
        forth, back = draw_unimodular(size, size + 2, rng)
        matrix = [[int(entry) for entry in row] for row in product(product(exact(forth), exact(middle)), exact(back))]
        triangular = not any(matrix[r][c] for r in range(size) for c in range(r))
        triangular = triangular or not any(matrix[r][c] for r in range(size) for c in range(r + 1, size))
        if triangular or max(sizes(matrix)) > config.largest_entry:
            raise RedrawError("triangular, or an entry too large")
        return Task(
            prompt=self.ask(
                f"What are the eigenvalues of the matrix\n\n{shown(matrix)}\n\nThey are real. Write square roots as sqrt(), and "
                "every product with *."
            ),
            secret={"answer": answer},
            data={"matrix": matrix},
            family=family,
            difficulty=size,
        )

    def _pair(self, rng: Random) -> tuple[list[Formula], Integers]:
        """Two conjugate surds, and a block of whole numbers with these eigenvalues."""
        a, d = (rng.randint(-self.config.largest, self.config.largest) for _ in range(2))
        b, c = rng.choice([-3, -2, -1, 1, 2, 3]), rng.randint(1, 9)
        c = c if b > 0 else -c
        # (a + d)/2 +- sqrt((a - d)^2/4 + b c)
        under = (a - d) ** 2 + 4 * b * c
        pair = [surd(Fraction(a + d, 2), Fraction(sign, 2), under) for sign in (1, -1)]
        if "sqrt" not in written(pair[0]):
            raise RedrawError("the pair is rational")
        return pair, [[a, b], [c, d]]

    def _chain(self, middle: Integers, values: list[int], rng: Random) -> None:
        """For some multiple eigenvalues, an entry that leaves them without a full set of eigenvectors."""
        for place in range(len(values) - 1):
            if values[place] == values[place + 1] and rng.getrandbits(1):
                middle[place][place + 1] = 1

    def judge(self, task: Task, answer: str) -> bool:
        found, right = self._read(answer), self._read(task.secret["answer"])
        if len(found) != len(right):
            return False
        try:
            for one in found:
                place = next((n for n, other in enumerate(right) if same_constant(one, other)), None)
                if place is None:
                    return False
                del right[place]
        except TooLongError as error:
            raise Unreadable(str(error)) from None
        return True

    def _read(self, text: str) -> list[Formula]:
        if len(text) > _MOST_CHARS:
            raise Unreadable("That is too long.")
        try:
            values = text.split(",")[: 2 * self.config.size]
            return [read_surd(value) for value in values]
        except FormulaError as error:
            raise Unreadable(str(error)) from None

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(", ".join(str(rng.randint(-9, 9)) for _ in range(self.config.size)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        values = task.secret["answer"].split(", ")
        matrix = task.data["matrix"]
        diagonal = ", ".join(str(matrix[n][n]) for n in range(len(matrix)))
        return super().cheats(task) | {
            "one left out": [committed(", ".join(values[1:]))],
            "one twice": [committed(", ".join([*values, values[0]]))],
            "the last one wrong": [committed(", ".join([*values[:-1], f"{values[-1]} + 1/10^30"]))],
            "the diagonal": [committed(diagonal)] if _differs(diagonal, task.secret["answer"]) else [],
        }


def _differs(diagonal: str, answer: str) -> bool:
    return sorted(diagonal.split(", ")) != sorted(answer.split(", "))
