"""An exact Sudoku solver that treats all cells at once.

For each digit it keeps the set of cells that may hold it, as one integer. Whether a cell has no digit left, or exactly
one, then takes two operations a digit for the whole board, and a search node costs microseconds.
"""

from collections.abc import Iterator

from textgym.core import Random
from textgym.envs.math.sudoku.board import BLANK, Board

Places = list[int]
"""For each digit, less one: the set of cells that hold it or may hold it."""


def places_of(board: Board, cells: list[int]) -> tuple[Places, int]:
    """Where each digit may stand given the filled cells, and the set of blank cells."""
    places = [board.all_cells] * board.size
    blank = board.all_cells
    for cell, value in enumerate(cells):
        if value != BLANK:
            bit = 1 << cell
            blank &= ~bit
            for digit in range(board.size):
                places[digit] &= board.keep[cell] if digit + 1 == value else ~bit
    for cell, value in enumerate(cells):  # a filled cell that another one excludes admits no solution
        if value != BLANK and not places[value - 1] >> cell & 1:
            blank |= 1 << cell
            places = [0] * board.size
    return places, blank


def solutions(board: Board, places: Places, blank: int, rng: Random | None = None) -> Iterator[list[int]]:
    """All ways to fill the blank cells, each as the list of all cells; `places` is used up.

    Args:
        board: the geometry.
        places: where each digit may stand.
        blank: the set of cells to fill.
        rng: shuffles the digits at each branch, so that the first solution is a random one; in order without it.
    """
    if not _deduce(board, places, blank):
        return
    blank = _undecided(places, blank)
    if not blank:
        yield _read_off(board, places)
        return
    bit = _most_constrained(places, blank)
    cell = bit.bit_length() - 1
    digits = [digit for digit, where in enumerate(places) if where & bit]
    if rng is not None:
        rng.shuffle(digits)
    for digit in digits:
        branch = [where & ~bit for where in places]
        branch[digit] = places[digit] & board.keep[cell]
        yield from solutions(board, branch, blank & ~bit, rng)


def _deduce(board: Board, places: Places, blank: int) -> bool:
    """Fill in what follows, in place, until nothing does: False where some cell or unit is left without a way."""
    keep = board.keep
    while True:
        once = twice = 0
        for where in places:
            twice |= once & where
            once |= where
        if blank & ~once:
            return False
        # Cells with a single digit left.
        singles = blank & once & ~twice
        if singles:
            blank &= ~singles
            for digit, where in enumerate(places):
                hits = rest = where & singles
                while rest:
                    bit = rest & -rest
                    where &= keep[bit.bit_length() - 1]
                    rest ^= bit
                if where & hits != hits:  # two of them exclude each other
                    return False
                places[digit] = where
            continue
        # Digits with a single cell left in a unit.
        found = False
        for digit in range(board.size):
            where = places[digit]
            for unit in board.units:
                bit = where & unit
                if not bit & (bit - 1):
                    if not bit:
                        return False
                    if bit & blank:
                        where &= keep[bit.bit_length() - 1]
                        for other in range(board.size):
                            places[other] &= ~bit
                        places[digit] = where
                        blank &= ~bit
                        found = True
        if not found:
            return True


def _undecided(places: Places, blank: int) -> int:
    """The blank cells with more than one digit left."""
    once = twice = 0
    for where in places:
        twice |= once & where
        once |= where
    return blank & twice


def _most_constrained(places: Places, blank: int) -> int:
    """A blank cell with the fewest digits left, as a set of one; no cell has fewer than two."""
    at_least = [blank] + [0] * (len(places) + 1)
    for where in places:
        for count in range(len(places), 0, -1):
            at_least[count] |= at_least[count - 1] & where
    for count in range(2, len(places) + 1):
        exactly = at_least[count] & ~at_least[count + 1]
        if exactly:
            return exactly & -exactly
    raise ValueError("no blank cell is undecided")


def _read_off(board: Board, places: Places) -> list[int]:
    cells = [BLANK] * board.size**2
    for digit, where in enumerate(places, 1):
        while where:
            bit = where & -where
            cells[bit.bit_length() - 1] = digit
            where ^= bit
    return cells
