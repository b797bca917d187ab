"""The Futoshiki environment: a Latin square with some inequalities between neighbours."""

from functools import cache
from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, State, Task
from textgym.envs.math.grids import read_cells, show_rows
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.latin import cells_of, family_of, orders, random_square
from textgym.envs.math.logic.lines import Line, LinePuzzle, dig
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Sign = tuple[int, int]
"""Two neighbouring cells, of which the first holds the smaller number."""


class FutoshikiConfig(LevelledConfig):
    """Knobs of Futoshiki."""

    levels: ClassVar[Levels] = {
        "easy": {"size": 4, "signs": 6, "givens": 4},
        "medium": {"size": 5, "signs": 10, "givens": 2},
        "hard": {"size": 6, "signs": 16, "givens": 0},
    }

    size: int = Field(5, ge=4, le=6, description="rows, columns and numbers; 4, 5 or 6 by difficulty")
    signs: int = Field(
        10, ge=0, le=60, description="inequality signs, as far as there is room; 6, 10 or 16 by difficulty"
    )
    givens: int = Field(
        2, ge=0, le=30, description="fewest numbers given; more stay where needed; 4, 2 or 0 by difficulty"
    )


class Futoshiki(SingleAnswer[FutoshikiConfig]):
    """Fill a Latin square that obeys inequalities between neighbouring cells; the only solution is proven.

    Observation: the rules and the board: numbers, `.` for a blank cell, and `<`, `>`, `^`, `v` between neighbours.
    Action: the whole square, row by row, in one <answer></answer>; white space and commas do not matter. Text outside the
        tags is not read; an action without exactly one such pair, or with anything but a full square in it, is invalid.
    Reward: 1 for the solved square, else 0.
    Ends: after the answer.
    Splits: by solved square up to rotation, reflection and counting the numbers from the top.
    Oracle: gives the solution.

    The difficulty of a task is its number of blank cells.
    """

    answer_form = "the whole square, row by row, digits only"

    def generate(self, rng: Random) -> Task:
        size = self.config.size
        square = random_square(size, rng)
        family = rng.claim(f"futoshiki {family_of(square, size, reversible=True)}")
        pairs = _neighbours(size)
        signs = [
            (one, two) if square[one] < square[two] else (two, one)
            for one, two in rng.sample(pairs, min(self.config.signs, len(pairs)))
        ]
        given = dig(_puzzle(size, signs), square, self.config.givens, rng)
        shown = [str(value + 1) if cell in given else "." for cell, value in enumerate(square)]
        return Task(
            prompt=self.ask(_rules(size) + "\n\n" + _board(size, shown, signs)),
            secret={"answer": show_rows([value + 1 for value in square], size)},
            data={"givens": "".join(shown), "signs": [list(sign) for sign in sorted(signs)]},
            family=family,
            difficulty=len(square) - len(given),
        )

    def judge(self, task: Task, answer: str) -> bool:
        size = self.config.size
        cells = _read(answer, size)
        return cells == _read(task.secret["answer"], size)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        size = self.config.size
        return committed(show_rows([value + 1 for value in random_square(size, rng)], size))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        size = self.config.size
        cyclic = [(row + column) % size + 1 for row in range(size) for column in range(size)]
        return super().cheats(task) | {
            "a Latin square that looks at nothing": [committed(show_rows(cyclic, size))],
            "the board as it stands": [committed(task.data["givens"])],
            "one number everywhere": [committed("1" * size * size)],
        }


def _read(text: str, size: int) -> str:
    cells = read_cells(text, size * size, "123456789"[:size])
    if cells is None:
        raise Unreadable(f"There must be {size} rows of {size} digits from 1 to {size}.")
    return cells


@cache
def _neighbours(size: int) -> list[Sign]:
    lines = cells_of(size)
    return [pair for line in lines for pair in pairwise(line)]


@cache
def _below(size: int, place: int, other: int) -> int:
    return orders(size).where(place=place, below=other)


def _puzzle(size: int, signs: list[Sign]) -> LinePuzzle:
    ways = orders(size)
    lines = []
    for cells in cells_of(size):
        allowed = ways.every
        for smaller, larger in signs:
            if smaller in cells and larger in cells:
                allowed &= _below(size, cells.index(smaller), cells.index(larger))
        lines.append(Line(cells, ways, allowed))
    return LinePuzzle(size * size, size, lines)


def _rules(size: int) -> str:
    return (
        f"Solve this Futoshiki. Every row and every column must hold each number from 1 to {size} once. A sign between two "
        "neighbouring cells says which number is smaller: `a < b` and `a > b` side by side, `^` where the cell above is "
        "smaller, `v` where the cell below is smaller. A dot is a blank cell."
    )


def _board(size: int, shown: list[str], signs: list[Sign]) -> str:
    smaller = set(signs)
    lines = []
    for row in range(size):
        text = ""
        under = ""
        for column in range(size):
            cell = row * size + column
            right, below = cell + 1, cell + size
            text += shown[cell]
            if column + 1 < size:
                text += " < " if (cell, right) in smaller else " > " if (right, cell) in smaller else "   "
            under += ("^" if (cell, below) in smaller else "v" if (below, cell) in smaller else " ") + "   "
        lines.append(text.rstrip())
        if row + 1 < size:
            lines.append(under.rstrip())
    return "\n".join(lines)
