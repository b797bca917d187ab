"""Rectangular boards: their text, read strictly, and their symmetries."""

from collections.abc import Sequence
from functools import cache

_SEPARATORS = frozenset(" \t\r\n|,")
_LONGEST = 4_000


def read_cells(text: str, count: int, signs: str) -> str | None:
    """The `count` signs that `text` spells row by row, or None where it spells anything else.

    White space, commas and vertical lines may stand anywhere or be left out. Time is linear, and a text of more than 4000
    characters is not read.
    """
    if len(text) > _LONGEST:
        return None
    cells = [sign for sign in text if sign not in _SEPARATORS]
    if len(cells) != count or any(sign not in signs for sign in cells):
        return None
    return "".join(cells)


def show_rows(cells: Sequence[object], columns: int, separator: str = " ") -> str:
    """The cells as lines of text, `columns` a line."""
    signs = [str(cell) for cell in cells]
    return "\n".join(separator.join(signs[at : at + columns]) for at in range(0, len(signs), columns))


@cache
def symmetries(rows: int, columns: int) -> tuple[tuple[int, ...], ...]:
    """The ways to lay a board onto itself or its mirror image: for each cell of the image, the cell it comes from.

    Rotations and reflections; the four of them that exchange rows and columns only on a square board.
    """
    cells = [[row * columns + column for column in range(columns)] for row in range(rows)]
    found = []
    for _ in range(2):
        for flipped in (cells, cells[::-1], [row[::-1] for row in cells], [row[::-1] for row in cells[::-1]]):
            if len(flipped) == rows:
                found.append(tuple(cell for row in flipped for cell in row))
        cells = [list(column) for column in zip(*cells, strict=True)]
    return tuple(dict.fromkeys(found))


def up_to_symmetry(cells: Sequence[int], rows: int, columns: int) -> tuple[int, ...]:
    """The same tuple for every rotation and reflection of a board: the least of them."""
    return min(tuple([cells[cell] for cell in image]) for image in symmetries(rows, columns))
