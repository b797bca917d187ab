"""Environments whose answer is a matrix or a vector of exact numbers."""

from typing import TypeVar

from textgym.actions.answers import committed
from textgym.core import Config, Random, State, Task
from textgym.envs.math.matrices import Matrix, Vector, exact, read_matrix, read_vector, shown, shown_vector
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

C = TypeVar("C", bound=Config)


class MatrixAnswer(SingleAnswer[C]):
    """One matrix; `secret["answer"]` holds it as text. Entries are whole numbers, fractions or decimals, read exactly."""

    answer_form = "one matrix of exact numbers, row by row, such as [[1, 2], [3/4, -5]]"

    def judge(self, task: Task, answer: str) -> bool:
        matrix = read_matrix(answer)
        if matrix is None:
            raise Unreadable("That is not a matrix.")
        return matrix == read_matrix(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        size = len(read_matrix(task.secret["answer"]) or [[]])
        return committed(shown([[rng.randint(-20, 20) for _ in range(size)] for _ in range(size)]))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        right = read_matrix(task.secret["answer"]) or []
        wrong = [list(row) for row in right]
        wrong[-1][-1] += 1
        return super().cheats(task) | {
            "one entry wrong": [committed(shown(wrong))],
            "a row missing": [committed(shown(right[:-1])) if len(right) > 1 else committed("[[]]")],
            "a row more": [committed(shown([*right, right[0]]))],
            "zeros": [committed(shown([[0] * len(row) for row in right]))],
        }


class VectorAnswer(SingleAnswer[C]):
    """One vector; `secret["answer"]` holds one that is right, as text."""

    answer_form = "one vector of exact numbers, such as [1, 3/4, -5]"

    def judge(self, task: Task, answer: str) -> bool:
        vector = read_vector(answer)
        if vector is None:
            raise Unreadable("That is not a vector.")
        return self.right(task, vector)

    def right(self, task: Task, vector: Vector) -> bool:
        """Whether a vector is a right answer; by default, whether it is the stored one."""
        return vector == read_vector(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        size = len(read_vector(task.secret["answer"]) or [])
        return committed(shown_vector([rng.randint(-9, 9) for _ in range(size)]))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        right = read_vector(task.secret["answer"]) or []
        return super().cheats(task) | {
            "one entry wrong": [committed(shown_vector([*right[:-1], right[-1] + 1]))],
            "an entry more": [committed(shown_vector([*right, right[-1]]))],
            "zeros": [committed(shown_vector([0] * len(right)))],
        }


def matrix_of(task: Task, name: str = "matrix") -> Matrix:
    """A matrix that a task shows."""
    return exact(task.data[name])
