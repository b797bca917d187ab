"""The Skyscrapers environment: heights from what is seen at the edge."""

from collections.abc import Sequence
from functools import cache
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.grids import read_cells, show_rows
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.latin import cells_of, family_of, orders, random_square
from textgym.envs.math.logic.lines import Line, LinePuzzle, dig
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Views = list[tuple[int, int]]
"""For each row and then each column, how many are seen from its start and from its end; 0 where that is not said."""

_DRAWS = 20


class SkyscrapersConfig(LevelledConfig):
    """Knobs of Skyscrapers."""

    levels: ClassVar[Levels] = {
        "easy": {"size": 4, "views": 12, "givens": 4},
        "medium": {"size": 5, "views": 17, "givens": 4},
        "hard": {"size": 6, "views": 20, "givens": 4},
    }

    size: int = Field(5, ge=4, le=6, description="rows, columns and heights; 4, 5 or 6 by difficulty")
    views: int = Field(
        17, ge=0, le=24, description="numbers at the edge, at most four a row or column; 12, 17 or 20 by difficulty"
    )
    givens: int = Field(4, ge=0, le=30, description="most heights given")


class Skyscrapers(SingleAnswer[SkyscrapersConfig]):
    """Find the heights of the towers in a square from how many are seen from its edges; the only solution is proven.

    Observation: the rules, and the square with the numbers at its edge; `.` for a height, or a number, that is not given.
    Action: the whole square without its edge, row by row, in one <answer></answer>; white space and commas do not matter.
        Text outside the tags is not read; an action without exactly one such pair, or with anything but a full square in
        it, is invalid.
    Reward: 1 for the solved square, else 0.
    Ends: after the answer.
    Splits: by solved square up to rotation and reflection.
    Oracle: gives the solution.

    The difficulty of a task is its number of heights to find.
    """

    answer_form = "the whole square without its edge, row by row, digits only"

    def generate(self, rng: Random) -> Task:
        config, size = self.config, self.config.size
        square = random_square(size, rng)
        family = rng.claim(f"skyscrapers {family_of(square, size, reversible=False)}")
        for _ in range(_DRAWS):
            views = _views(square, size, config.views, rng)
            given = dig(_puzzle(size, views), square, 0, rng)
            if len(given) <= config.givens:
                break
        else:
            raise RedrawError("too many heights had to be given")
        shown = [str(value + 1) if cell in given else "." for cell, value in enumerate(square)]
        return Task(
            prompt=self.ask(_rules(size) + "\n\n" + _board(size, shown, views)),
            secret={"answer": show_rows([value + 1 for value in square], size)},
            data={"givens": "".join(shown), "views": [list(pair) for pair in views]},
            family=family,
            difficulty=len(square) - len(given),
        )

    def judge(self, task: Task, answer: str) -> bool:
        size = self.config.size
        return _read(answer, size) == _read(task.secret["answer"], size)

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


def seen(heights: Sequence[int]) -> int:
    """How many towers are seen from the start of a line: those taller than all in front of them."""
    highest, count = -1, 0
    for height in heights:
        if height > highest:
            highest, count = height, count + 1
    return count


def _read(text: str, size: int) -> str:
    cells = read_cells(text, size * size, "123456789"[:size])
    if cells is None:
        raise Unreadable(f"There must be {size} rows of {size} digits from 1 to {size}.")
    return cells


@cache
def _with_view(size: int, count: int, from_end: bool) -> int:
    """The orders of a line of which so many towers are seen."""
    ways = orders(size).all
    return sum(1 << at for at, way in enumerate(ways) if seen(way[::-1] if from_end else way) == count)


def _views(square: list[int], size: int, count: int, rng: Random) -> Views:
    lines = [[square[cell] for cell in cells] for cells in cells_of(size)]
    told = set(rng.sample(range(4 * size), min(count, 4 * size)))
    return [
        (seen(line) if 2 * at in told else 0, seen(line[::-1]) if 2 * at + 1 in told else 0)
        for at, line in enumerate(lines)
    ]


def _puzzle(size: int, views: Views) -> LinePuzzle:
    ways = orders(size)
    lines = []
    for cells, (start, end) in zip(cells_of(size), views, strict=True):
        allowed = ways.every
        if start:
            allowed &= _with_view(size, start, from_end=False)
        if end:
            allowed &= _with_view(size, end, from_end=True)
        lines.append(Line(cells, ways, allowed))
    return LinePuzzle(size * size, size, lines)


def _rules(size: int) -> str:
    return (
        f"On every square of this {size} by {size} board stands a tower. Every row and every column holds each height from 1 "
        f"to {size} once. A number at the edge says how many towers are seen from there along its row or column: a tower "
        "hides all lower ones behind it. A dot is a height, or a number at the edge, that is not given. Find all heights."
    )


def _board(size: int, shown: list[str], views: Views) -> str:
    def sign(count: int) -> str:
        return str(count) if count else "."

    rows, columns = views[:size], views[size:]
    rule = "    " + "-" * (2 * size - 1)
    lines = ["    " + " ".join(sign(top) for top, _ in columns), rule]
    for row, (left, right) in enumerate(rows):
        lines.append(f"{sign(left)} | {' '.join(shown[row * size : row * size + size])} | {sign(right)}")
    return "\n".join([*lines, rule, "    " + " ".join(sign(bottom) for _, bottom in columns)])
