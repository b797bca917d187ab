"""The geometry of a Sudoku board, and its text: cells are numbered row by row from 0, digits run from 1 to the size."""

from dataclasses import dataclass, field
from functools import cache
from itertools import product

BLANK = 0

_BOX = {4: (2, 2), 6: (2, 3), 9: (3, 3)}
_SEPARATORS = frozenset(" \t\r\n|+-,")
_BLANKS = frozenset("._0")
_LONGEST = 2_000


@dataclass(frozen=True)
class Board:
    """A board of `size` x `size` cells whose boxes have `box_rows` x `box_columns` cells.

    Sets of cells are integers with one bit a cell, cell 0 the lowest.

    Attributes:
        size: number of rows, of columns and of digits.
        rows: cells of each row, in order.
        columns: cells of each column, in order.
        boxes: cells of each box, in order.
        all_cells: the set of all cells.
        units_of: for each cell, its row, column and box as sets.
        units: all rows, columns and boxes as sets.
        keep: for each cell, the cells that may still hold its digit: all but its peers.
    """

    size: int
    box_rows: int
    box_columns: int
    rows: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    columns: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    boxes: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    all_cells: int = field(init=False, repr=False)
    units_of: tuple[tuple[int, int, int], ...] = field(init=False, repr=False)
    units: tuple[int, ...] = field(init=False, repr=False)
    keep: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        size, height, width = self.size, self.box_rows, self.box_columns
        rows = tuple(tuple(range(row * size, row * size + size)) for row in range(size))
        columns = tuple(tuple(range(column, size * size, size)) for column in range(size))
        boxes = tuple(
            tuple((top + row) * size + left + column for row, column in product(range(height), range(width)))
            for top, left in product(range(0, size, height), range(0, size, width))
        )
        all_cells = (1 << size * size) - 1
        sets = {unit: sum(1 << cell for cell in unit) for unit in (*rows, *columns, *boxes)}
        units_of = tuple(
            (
                sets[rows[cell // size]],
                sets[columns[cell % size]],
                next(sets[box] for box in boxes if cell in box),
            )
            for cell in range(size * size)
        )
        keep = tuple(all_cells & ~(row | column | box) | 1 << cell for cell, (row, column, box) in enumerate(units_of))
        values = {
            "rows": rows,
            "columns": columns,
            "boxes": boxes,
            "all_cells": all_cells,
            "units_of": units_of,
            "units": tuple(sets.values()),
            "keep": keep,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def bands(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The rows, grouped by the boxes that they run through."""
        step = self.box_rows
        return tuple(self.rows[start : start + step] for start in range(0, self.size, step))

    @property
    def stacks(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The columns, grouped by the boxes that they run through."""
        step = self.box_columns
        return tuple(self.columns[start : start + step] for start in range(0, self.size, step))


@cache
def board_of(size: int) -> Board:
    """The board of a size: 4 (boxes of 2 x 2), 6 (2 rows x 3 columns) or 9 (3 x 3)."""
    return Board(size, *_BOX[size])


def render(board: Board, cells: list[int]) -> str:
    """The board as lines of digits, `.` for a blank cell, with lines between the boxes."""
    width = board.box_columns
    rule = "+".join(["-" * (2 * width + 1)] * (board.size // width))[1:-1]
    lines = []
    for number, row in enumerate(board.rows):
        if number and number % board.box_rows == 0:
            lines.append(rule)
        signs = [str(cells[cell]) if cells[cell] else "." for cell in row]
        lines.append(" | ".join(" ".join(signs[at : at + width]) for at in range(0, board.size, width)))
    return "\n".join(lines)


def read_grid(board: Board, text: str) -> list[int] | None:
    """The cells that `text` spells row by row, or None where it is no grid of this size.

    White space, commas and the lines between boxes may stand anywhere or be left out; a blank cell is `.`, `_` or `0`.
    Anything else, a digit beyond the size, or any other number of cells is refused.
    """
    if len(text) > _LONGEST:
        return None
    cells = []
    for sign in text:
        if sign in _SEPARATORS:
            continue
        if sign in _BLANKS:
            cells.append(BLANK)
        elif "1" <= sign <= str(board.size):
            cells.append(int(sign))
        else:
            return None
    return cells if len(cells) == board.size**2 else None
