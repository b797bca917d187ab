"""The Kakuro environment: digits from the sums of their runs."""

from collections.abc import Sequence
from functools import cache
from itertools import combinations, groupby, permutations
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.grids import read_cells, show_rows, up_to_symmetry
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.latin import cells_of
from textgym.envs.math.logic.lines import Line, LinePuzzle, Ways
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_BLOCKED = "#"
_LONGEST_RUN = 5
_LEAST_OPEN = 0.55
_TENDENCIES = (range(6, 10), range(1, 10), range(1, 5))


class KakuroConfig(LevelledConfig):
    """Knobs of Kakuro."""

    levels: ClassVar[Levels] = {
        "easy": {"size": 4, "givens": 3},
        "medium": {"size": 5, "givens": 3},
        "hard": {"size": 6, "givens": 4},
    }

    size: int = Field(5, ge=4, le=7, description="rows and columns; 4, 5 or 6 by difficulty")
    givens: int = Field(3, ge=0, le=20, description="most digits given; 3, 3 or 4 by difficulty")
    blocked: float = Field(0.15, ge=0, le=0.5, description="share of blocked cells that boards are drawn with")


class Kakuro(SingleAnswer[KakuroConfig]):
    """Fill in digits whose runs have the given sums; the only solution is proven.

    Observation: the rules, the board (`#` for a blocked cell, `.` for a blank one), and the sum of each run.
    Action: the whole board, row by row, blocked cells included, in one <answer></answer>; white space and commas do not
        matter. Text outside the tags is not read; an action without exactly one such pair, or with anything but a full board
        in it, is invalid.
    Reward: 1 for the solved board, else 0.
    Ends: after the answer.
    Splits: by the pattern of blocked cells up to rotation and reflection.
    Oracle: gives the solution.

    A run is a row's or column's unbroken sequence of open cells; it is 2 to 5 cells long and repeats no digit. As few digits
    are given as two solutions force, at most `givens`. The difficulty of a task is its number of blank cells.
    """

    answer_form = "the whole board, row by row, # for a blocked cell"

    def generate(self, rng: Random) -> Task:
        size = self.config.size
        blocked = _pattern(size, self.config.blocked, rng)
        family = rng.claim(f"kakuro {size} {int(''.join(map(str, up_to_symmetry(blocked, size, size))), 2):x}")
        runs = _runs(blocked, size)
        digits = _filling(size, runs, rng)
        given = _needed(_puzzle(size, runs, digits), digits, self.config.givens, rng)
        shown = [
            _BLOCKED if blocked[cell] else str(digit) if cell in given else "." for cell, digit in enumerate(digits)
        ]
        return Task(
            prompt=self.ask(f"{_rules()}\n\n{show_rows(shown, size)}\n\n{_sums(size, runs, digits)}"),
            secret={"answer": show_rows([digit or _BLOCKED for digit in digits], size)},
            data={"board": "".join(shown)},
            family=family,
            difficulty=shown.count("."),
        )

    def judge(self, task: Task, answer: str) -> bool:
        size = self.config.size
        return _read(answer, size) == _read(task.secret["answer"], size)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        cells = [rng.choice("123456789") if sign == "." else sign for sign in task.data["board"]]
        return committed(show_rows(cells, self.config.size))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        board = task.data["board"]
        return super().cheats(task) | {
            "the board as it stands": [committed(board)],
            "one digit everywhere": [committed(board.replace(".", digit)) for digit in "159"],
            "all cells blocked": [committed(_BLOCKED * len(board))],
        }


def _read(text: str, size: int) -> str:
    cells = read_cells(text, size * size, "123456789" + _BLOCKED)
    if cells is None:
        raise Unreadable(f"There must be {size} rows of {size} signs, digits from 1 to 9 or #.")
    return cells


@cache
def _lines(size: int) -> list[tuple[int, ...]]:
    return cells_of(size)


def _runs(blocked: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """The runs of open cells, those of the rows first."""
    return [
        tuple(run) for cells in _lines(size) for shut, run in groupby(cells, key=lambda cell: blocked[cell]) if not shut
    ]


def _pattern(size: int, share: float, rng: Random) -> list[int]:
    """A connected board, 1 for blocked, all of whose runs are neither too short nor too long."""
    blocked = [int(rng.random() < share) for _ in range(size * size)]
    changed = True
    while changed:
        changed = False
        for run in _runs(blocked, size):
            if len(run) == 1 or len(run) > _LONGEST_RUN:
                blocked[rng.choice(run)] = 1
                changed = True
                break
    if blocked.count(0) < _LEAST_OPEN * size * size or not _connected(blocked, size):
        raise RedrawError("the board falls apart")
    return blocked


def _connected(blocked: list[int], size: int) -> bool:
    found = [blocked.index(0)]
    for cell in found:
        row, column = divmod(cell, size)
        for r, c in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
            near = r * size + c
            if 0 <= r < size and 0 <= c < size and not blocked[near] and near not in found:
                found.append(near)
    return len(found) == blocked.count(0)


def _filling(size: int, runs: list[tuple[int, ...]], rng: Random) -> list[int]:
    """Digits without repeats in a run, 0 in blocked cells.

    Half of the runs tend to small digits, half to large ones. Where two of a kind cross, the digit is drawn from that kind:
    extreme sums have few ways, so that fewer boards have a second solution.
    """
    digits = [0] * (size * size)
    low = {run: rng.getrandbits(1) for run in runs}
    crossing: dict[int, list[tuple[int, ...]]] = {}
    for run in runs:
        for cell in run:
            crossing.setdefault(cell, []).append(run)
    for cell, both in sorted(crossing.items()):
        used = {digits[other] for run in both for other in run}
        tendency = _TENDENCIES[sum(low[run] for run in both)]
        free = [digit for digit in tendency if digit not in used] or [d for d in range(1, 10) if d not in used]
        if not free:
            raise RedrawError("no digit is left for a cell")
        digits[cell] = rng.choice(free)
    return digits


@cache
def _ways(length: int, total: int) -> Ways:
    """The ways to fill a run: values are digits, and 0 is none."""
    sets = [digits for digits in combinations(range(1, 10), length) if sum(digits) == total]
    return Ways(tuple(way for digits in sets for way in permutations(digits)), 10)


def _puzzle(size: int, runs: list[tuple[int, ...]], digits: list[int]) -> LinePuzzle:
    lines = []
    for run in runs:
        ways = _ways(len(run), sum(digits[cell] for cell in run))
        lines.append(Line(run, ways, ways.every))
    return LinePuzzle(size * size, 10, lines)


def _needed(puzzle: LinePuzzle, digits: list[int], most: int, rng: Random) -> set[int]:
    """Cells whose digits must be given so that there is one solution: from each second solution, one where it differs.

    Raises:
        RedrawError: it takes more than `most`.
    """
    fixed = {cell: 1 for cell, digit in enumerate(digits) if not digit}
    given: set[int] = set()
    while True:
        domains = fixed | {cell: 1 << digits[cell] for cell in given}
        second = next((found for found in puzzle.solutions(domains, rng) if found != digits), None)
        if second is None:
            return given
        if len(given) == most:
            raise RedrawError("too many digits had to be given")
        given.add(rng.choice([cell for cell, digit in enumerate(digits) if second[cell] != digit]))


def _rules() -> str:
    return (
        "Solve this Kakuro. Put a digit from 1 to 9 into every open cell. A run is an unbroken sequence of open cells in a "
        "row or column; no digit stands twice in a run, and its digits add up to its sum. `#` is a blocked cell, a dot a "
        "blank one."
    )


def _sums(size: int, runs: list[tuple[int, ...]], digits: list[int]) -> str:
    lines = []
    for run in runs:
        (row, column), (last_row, last_column) = divmod(run[0], size), divmod(run[-1], size)
        total = sum(digits[cell] for cell in run)
        if row == last_row:
            lines.append(f"Row {row + 1}, columns {column + 1} to {last_column + 1}: {total}")
        else:
            lines.append(f"Column {column + 1}, rows {row + 1} to {last_row + 1}: {total}")
    return "\n".join(lines)
