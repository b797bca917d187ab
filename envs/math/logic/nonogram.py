"""The Nonogram environment: a picture from the lengths of its runs."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, groupby, islice
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.grids import read_cells, show_rows, up_to_symmetry
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.latin import cells_of
from textgym.envs.math.logic.lines import Line, LinePuzzle, Ways
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_BLANK, _FULL = ".", "#"


class NonogramConfig(LevelledConfig):
    """Knobs of Nonogram."""

    levels: ClassVar[Levels] = {"easy": {"size": 5}, "medium": {"size": 7}, "hard": {"size": 10}}

    size: int = Field(7, ge=5, le=12, description="rows and columns; 5, 7 or 10 by difficulty")
    filled: float = Field(0.6, ge=0.4, le=0.8, description="share of filled cells that pictures are drawn with")


class Nonogram(SingleAnswer[NonogramConfig]):
    """Paint the picture whose runs of filled cells have the given lengths; it is proven to be the only one.

    Observation: for each row and each column the lengths of its runs, in order.
    Action: the picture, row by row, `#` for a filled and `.` for an empty cell, in one <answer></answer>; white space does
        not matter. Text outside the tags is not read; an action without exactly one such pair, or with anything but a whole
        picture in it, is invalid.
    Reward: 1 for the picture, else 0.
    Ends: after the answer.
    Splits: by picture up to rotation and reflection.
    Oracle: gives the picture.

    The difficulty of a task is how many cells no single line decides when one looks at the blank board: those that take
    more than one step.
    """

    answer_form = "the picture, row by row, # for a filled and . for an empty cell"

    def generate(self, rng: Random) -> Task:
        size = self.config.size
        picture = _picture(size, self.config.filled, rng)
        if sum(picture) in (0, size * size):
            raise RedrawError("nothing to paint")
        family = rng.claim(f"nonogram {size} {int(''.join(map(str, up_to_symmetry(picture, size, size))), 2):x}")
        runs = [lengths([picture[cell] for cell in cells]) for cells in cells_of(size)]
        if picture == [cell for run in runs[:size] for cell in _packed(run, size)]:
            raise RedrawError("every run is as far left as it goes")
        puzzle = _puzzle(size, runs)
        if len(list(islice(puzzle.solutions(), 2))) > 1:
            raise RedrawError("there is another picture with these runs")
        return Task(
            prompt=self.ask(_describe(size, runs)),
            secret={"answer": _show(picture, size)},
            data={"rows": runs[:size], "columns": runs[size:]},
            family=family,
            difficulty=_not_at_once(puzzle),
        )

    def judge(self, task: Task, answer: str) -> bool:
        size = self.config.size
        return _read(answer, size) == _read(task.secret["answer"], size)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        size = self.config.size
        return committed(_show(_picture(size, self.config.filled, rng), size))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        size = self.config.size
        left = [cell for run in task.data["rows"] for cell in _packed(run, size)]
        return super().cheats(task) | {
            "every run as far left as it goes": [committed(_show(left, size))],
            "all filled": [committed(_FULL * size * size)],
            "all empty": [committed(_BLANK * size * size)],
        }


def lengths(line: Sequence[int]) -> list[int]:
    """The lengths of the runs of ones in a line."""
    return [len(list(run)) for value, run in groupby(line) if value]


def _picture(size: int, filled: float, rng: Random) -> list[int]:
    return [int(rng.random() < filled) for _ in range(size * size)]


@lru_cache(maxsize=4096)
def ways_of(size: int, runs: tuple[int, ...]) -> Ways:
    """The ways to lay runs of these lengths into a line, with at least one empty cell between two."""
    gaps = size - sum(runs) - len(runs) + 1
    lines = []
    for starts in combinations(range(gaps + len(runs)), len(runs)):
        line = [0] * size
        for before, (start, run) in enumerate(zip(starts, runs, strict=True)):
            # `starts` counts free cells and runs of one; the runs before this one are longer than that.
            at = start + sum(runs[:before])
            line[at : at + run] = [1] * run
        lines.append(tuple(line))
    return Ways(tuple(lines), 2)


def _puzzle(size: int, runs: list[list[int]]) -> LinePuzzle:
    lines = []
    for cells, run in zip(cells_of(size), runs, strict=True):
        ways = ways_of(size, tuple(run))
        lines.append(Line(cells, ways, ways.every))
    return LinePuzzle(size * size, 2, lines)


def _not_at_once(puzzle: LinePuzzle) -> int:
    decided = {
        cell
        for line in puzzle.lines
        for cell, having in zip(line.cells, line.ways.with_value, strict=True)
        if not having[0] or not having[1]
    }
    return puzzle.cells - len(decided)


def _packed(runs: list[int], size: int) -> list[int]:
    line: list[int] = []
    for run in runs:
        line += [1] * run + [0]
    return (line + [0] * size)[:size]


def _show(picture: Sequence[int], size: int) -> str:
    return show_rows([_FULL if value else _BLANK for value in picture], size, "")


def _read(text: str, size: int) -> str:
    cells = read_cells(text, size * size, _FULL + _BLANK)
    if cells is None:
        raise Unreadable(f"There must be {size} rows of {size} signs, # or a full stop.")
    return cells


def _describe(size: int, runs: list[list[int]]) -> str:
    def listed(name: str, part: list[list[int]]) -> str:
        return "\n".join(f"{name} {at}: {' '.join(map(str, run)) or '0'}" for at, run in enumerate(part, 1))

    return (
        f"Solve this nonogram of {size} rows and {size} columns. Each cell is filled or empty. The numbers of a row or "
        "column are the lengths of its runs of filled cells, in order from left to right or from top to bottom; between two "
        f"runs there is at least one empty cell.\n\n{listed('Row', runs[:size])}\n\n{listed('Column', runs[size:])}"
    )
