"""Making Sudoku puzzles: a random full grid, then clues taken away as long as the solution stays the only one."""

from textgym.core import Random, RedrawError
from textgym.envs.math.sudoku.board import BLANK, Board
from textgym.envs.math.sudoku.solver import places_of, solutions

_DIGS = 20


def puzzle(board: Board, fewest: int, most: int, rng: Random) -> tuple[list[int], list[int], str]:
    """A puzzle with one solution and `fewest` to `most` clues.

    Returns:
        The cells of the puzzle, those of its solution, and its family, which was claimed.

    Raises:
        RedrawError: digging did not get down to `most` clues.
    """
    solution = full_grid(board, rng)
    family = rng.claim(family_of(board, solution))
    clues = rng.randint(fewest, most)
    for _ in range(_DIGS):
        cells = dig(board, solution, clues, rng)
        if len(cells) - cells.count(BLANK) <= most:
            return cells, solution, family
    raise RedrawError(f"no puzzle with at most {most} clues was found for this grid")


def full_grid(board: Board, rng: Random) -> list[int]:
    """A random solved board; every solved board can come out.

    The boxes on the diagonal do not touch each other and are filled at random, which leaves the search little to do.
    """
    per_band = board.size // board.box_columns
    diagonal = [board.boxes[step * per_band + step] for step in range(min(per_band, board.size // board.box_rows))]
    while True:
        cells = [BLANK] * board.size**2
        for box in diagonal:
            for cell, digit in zip(box, rng.sample(range(1, board.size + 1), board.size), strict=True):
                cells[cell] = digit
        for grid in solutions(board, *places_of(board, cells), rng):
            return grid


def dig(board: Board, solution: list[int], clues: int, rng: Random) -> list[int]:
    """Blank cells of a solved board in random order until `clues` are left or every further one is indispensable.

    A clue is taken away only if the puzzle without it has no solution with another digit in that cell. So the solution
    stays the only one, by induction from the full board.
    """
    size = board.size
    cells = list(solution)
    held = [0] * size
    for cell, digit in enumerate(solution):
        held[digit - 1] |= 1 << cell
    given = board.all_cells
    left = size * size
    order = list(range(size * size))
    rng.shuffle(order)
    for cell in order:
        if left <= clues:
            break
        digit = cells[cell] - 1
        bit = 1 << cell
        held[digit] ^= bit
        given ^= bit
        places = [_open_to(board, where) & ~given | where for where in held]
        if _needed(board, places, board.all_cells & ~given, cell, digit):
            held[digit] ^= bit
            given ^= bit
        else:
            cells[cell] = BLANK
            left -= 1
    return cells


def _open_to(board: Board, where: int) -> int:
    """The cells that the cells in `where`, holding the same digit, leave to that digit."""
    open_cells = board.all_cells
    while where:
        bit = where & -where
        open_cells &= board.keep[bit.bit_length() - 1]
        where ^= bit
    return open_cells


def _needed(board: Board, places: list[int], blank: int, cell: int, digit: int) -> bool:
    """Whether the cell could hold another digit than this one, so that its clue must stay."""
    bit = 1 << cell
    if all(other == digit or not where & bit for other, where in enumerate(places)):
        return False
    if any(places[digit] & unit == bit for unit in board.units_of[cell]):
        return False
    places[digit] &= ~bit
    return next(solutions(board, places, blank), None) is not None


def family_of(board: Board, solution: list[int]) -> str:
    """What a solved board keeps under every symmetry of Sudoku, so that a split holds no disguise of another's puzzle.

    Two rows of a band map each digit to the one below it, a permutation. Its cycle lengths do not change when digits are
    renamed or columns change places; rows, bands and, on boards of square boxes, rows and columns as a whole may change
    places too, so all is sorted. The 4 x 4 board has only two kinds of solutions under all these: its family is the
    board up to the names of the digits, of which there are twelve (nine in train, one in validation, two in test).
    """
    if board.size == 4:
        names = {digit: str(place) for place, digit in enumerate(solution[:4], 1)}
        return "4x4 sudoku " + "".join(names[digit] for digit in solution)
    across = _signature(board.bands, solution)
    down = _signature(board.stacks, solution)
    if board.box_rows == board.box_columns and down < across:
        across, down = down, across
    return f"{board.size}x{board.size} sudoku {across}/{down}"


def _signature(groups: tuple[tuple[tuple[int, ...], ...], ...], solution: list[int]) -> str:
    kinds = []
    for lines in groups:
        pairs = [(one, two) for at, one in enumerate(lines) for two in lines[at + 1 :]]
        kinds.append(sorted(_cycles(one, two, solution) for one, two in pairs))
    return ",".join(".".join(kind) for kind in sorted(kinds))


def _cycles(one: tuple[int, ...], two: tuple[int, ...], solution: list[int]) -> str:
    """The sorted cycle lengths of the permutation that maps the digits of line `one` to those of line `two`."""
    image = {solution[above]: solution[below] for above, below in zip(one, two, strict=True)}
    lengths = []
    while image:
        digit, length = next(iter(image)), 0
        while digit in image:
            digit = image.pop(digit)
            length += 1
        lengths.append(length)
    return "".join(map(str, sorted(lengths)))
