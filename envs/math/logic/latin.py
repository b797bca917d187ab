"""Latin squares: the lines that Futoshiki and Skyscrapers share, random squares, and their family."""

from functools import cache
from itertools import permutations

from textgym.core import Random
from textgym.envs.math.grids import up_to_symmetry
from textgym.envs.math.logic.lines import Line, LinePuzzle, Ways


@cache
def orders(size: int) -> Ways:
    """The ways to fill a line with each of `size` values once."""
    return Ways(tuple(permutations(range(size))), size)


def cells_of(size: int) -> list[tuple[int, ...]]:
    """The cells of each row from left to right, then those of each column from top to bottom."""
    rows = [tuple(range(row * size, row * size + size)) for row in range(size)]
    return rows + list(zip(*rows, strict=True))


@cache
def blank_square(size: int) -> LinePuzzle:
    """The puzzle whose solutions are all Latin squares of a size."""
    ways = orders(size)
    return LinePuzzle(size * size, size, [Line(cells, ways, ways.every) for cells in cells_of(size)])


def random_square(size: int, rng: Random) -> list[int]:
    """A random Latin square, row by row, with values from 0; every square can come out.

    The values are renamed and the lines shuffled in the end, so that the order of the search leaves no trace.
    """
    square = next(blank_square(size).solutions(rng=rng))
    names, rows, columns = (rng.sample(range(size), size) for _ in range(3))
    return [names[square[row * size + column]] for row in rows for column in columns]


def family_of(square: list[int], size: int, *, reversible: bool) -> str:
    """What a square keeps under rotation and reflection, and with `reversible` when its values are counted from the top."""
    least = up_to_symmetry(square, size, size)
    if reversible:
        least = min(least, up_to_symmetry([size - 1 - value for value in square], size, size))
    return f"{size}x{size} {''.join(map(str, least))}"
