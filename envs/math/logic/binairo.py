"""The Binairo environment, also known as Takuzu: zeros and ones in balance."""

from functools import cache
from itertools import combinations
from typing import ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, State, Task
from textgym.envs.math.grids import read_cells, show_rows, up_to_symmetry
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.latin import cells_of
from textgym.envs.math.logic.lines import Line, LinePuzzle, Ways, dig
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class BinairoConfig(LevelledConfig):
    """Knobs of Binairo."""

    levels: ClassVar[Levels] = {
        "easy": {"size": 6, "givens": 16},
        "medium": {"size": 8, "givens": 24},
        "hard": {"size": 8, "givens": 0},
    }

    size: Literal[6, 8, 10] = Field(8, description="rows and columns; 6, 8 or 8 by difficulty")
    givens: int = Field(
        24, ge=0, le=90, description="fewest cells given; more stay where needed; 16, 24 or 0 by difficulty"
    )


class Binairo(SingleAnswer[BinairoConfig]):
    """Fill a board with zeros and ones in balance; the only solution is proven.

    Observation: the rules and the board, `.` for a blank cell.
    Action: the whole board, row by row, in one <answer></answer>; white space and commas do not matter. Text outside the
        tags is not read; an action without exactly one such pair, or with anything but a full board in it, is invalid.
    Reward: 1 for the solved board, else 0.
    Ends: after the answer.
    Splits: by solved board up to rotation, reflection and exchange of zeros and ones.
    Oracle: gives the solution.

    No three equal digits in line, as many zeros as ones in every row and column, no two rows and no two columns alike. The
    difficulty of a task is its number of blank cells.
    """

    answer_form = "the whole board, row by row, zeros and ones only"

    def generate(self, rng: Random) -> Task:
        size = self.config.size
        puzzle = _board(size)
        board = next(puzzle.solutions(rng=rng))
        least = min(up_to_symmetry(board, size, size), up_to_symmetry([1 - value for value in board], size, size))
        family = rng.claim(f"binairo {size} {int(''.join(map(str, least)), 2):x}")
        given = dig(puzzle, board, self.config.givens, rng)
        shown = [str(value) if cell in given else "." for cell, value in enumerate(board)]
        return Task(
            prompt=self.ask(f"{_rules(size)}\n\n{show_rows(shown, size)}"),
            secret={"answer": show_rows(board, size)},
            data={"givens": "".join(shown)},
            family=family,
            difficulty=len(board) - len(given),
        )

    def judge(self, task: Task, answer: str) -> bool:
        size = self.config.size
        return _read(answer, size) == _read(task.secret["answer"], size)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        cells = [sign if sign != "." else rng.choice("01") for sign in task.data["givens"]]
        return committed(show_rows(cells, self.config.size))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        size, givens = self.config.size, task.data["givens"]
        checks = [(row + column) % 2 for row in range(size) for column in range(size)]
        return super().cheats(task) | {
            "a chessboard": [committed(show_rows(checks, size))],
            "the board as it stands": [committed(givens)],
            "zeros in all blanks": [committed(givens.replace(".", "0"))],
        }


def _read(text: str, size: int) -> str:
    cells = read_cells(text, size * size, "01")
    if cells is None:
        raise Unreadable(f"There must be {size} rows of {size} digits, 0 or 1.")
    return cells


@cache
def _board(size: int) -> LinePuzzle:
    """The puzzle whose solutions are all lawful boards."""
    lines = []
    for ones in combinations(range(size), size // 2):
        line = tuple(int(place in ones) for place in range(size))
        if all(len(set(line[at : at + 3])) == 2 for at in range(size - 2)):
            lines.append(line)
    ways = Ways(tuple(lines), 2)
    groups = (range(size), range(size, 2 * size))
    return LinePuzzle(size * size, 2, [Line(cells, ways, ways.every) for cells in cells_of(size)], groups)


def _rules(size: int) -> str:
    return (
        f"Fill this {size} by {size} board with zeros and ones. Every row and every column holds {size // 2} zeros and "
        f"{size // 2} ones. No three cells next to each other in a row or column hold the same digit. No two rows are the "
        "same, and no two columns. A dot is a blank cell."
    )
