"""One exact solver for the puzzles whose rules speak of lines of cells: Futoshiki, Skyscrapers, Kakuro, Binairo, Nonogram.

A rule about a line is the list of all ways in which the line may be filled; what is still possible of it is one integer with
a bit a way. A value that no way supports leaves its cell, and a way with a value that its cell has lost leaves its line,
until nothing changes: each line is as consistent as it can be by itself. Search does the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from textgym.core import Random


@dataclass(frozen=True, eq=False)
class Ways:
    """All ways in which lines of one kind may be filled.

    Attributes:
        all: each way, the value of each place; values are counted from 0.
        values: how many values there are.
        with_value: `[place][value]`, the set of ways that have the value there.
        every: the set of all ways.
    """

    all: tuple[tuple[int, ...], ...]
    values: int
    with_value: tuple[tuple[int, ...], ...] = field(init=False, repr=False)
    every: int = field(init=False, repr=False)
    _within: tuple[dict[int, int], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        length = len(self.all[0]) if self.all else 0
        sets = [[0] * self.values for _ in range(length)]
        for number, way in enumerate(self.all):
            for place, value in enumerate(way):
                sets[place][value] |= 1 << number
        object.__setattr__(self, "with_value", tuple(map(tuple, sets)))
        object.__setattr__(self, "every", (1 << len(self.all)) - 1)
        object.__setattr__(self, "_within", tuple({} for _ in range(length)))

    def within(self, place: int, domain: int) -> int:
        """The ways that have one of a set of values at a place."""
        known = self._within[place].get(domain)
        if known is None:
            known = self._within[place][domain] = sum(
                having for value, having in enumerate(self.with_value[place]) if domain >> value & 1
            )
        return known

    def where(self, *, place: int, below: int) -> int:
        """The ways whose value at one place is less than that at another."""
        return sum(1 << number for number, way in enumerate(self.all) if way[place] < way[below])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of cells and what its rule allows.

    Attributes:
        cells: the cells, by number.
        ways: the ways of its kind.
        allowed: the set of those that its own rule allows.
    """

    cells: tuple[int, ...]
    ways: Ways
    allowed: int


class LinePuzzle:
    """Cells, each in one line or more, and the rules of the lines.

    Args:
        cells: how many cells there are.
        values: how many values a cell may have.
        lines: the lines.
        different: groups of lines, by number and with the same `Ways`, no two of which may be filled alike.
    """

    def __init__(self, cells: int, values: int, lines: Sequence[Line], different: Iterable[Sequence[int]] = ()) -> None:
        self.cells = cells
        self.any_value = (1 << values) - 1
        self.lines = lines
        self._others: list[tuple[int, ...]] = [()] * len(lines)
        for group in different:
            for one in group:
                self._others[one] = tuple(other for other in group if other != one)
        self._lines_of = [0] * cells
        for number, line in enumerate(lines):
            for cell in line.cells:
                self._lines_of[cell] |= 1 << number

    def solutions(self, domains: Mapping[int, int] | None = None, rng: Random | None = None) -> Iterator[list[int]]:
        """All solutions, each as the value of every cell.

        Args:
            domains: for some cells, the set of values that they may have.
            rng: shuffles the values at each branch, so that the first solution is a random one; in order without it.
        """
        state = [self.any_value] * self.cells
        for cell, domain in (domains or {}).items():
            state[cell] = domain
        yield from self._search(state, [line.allowed for line in self.lines], (1 << len(self.lines)) - 1, rng)

    def _search(self, domains: list[int], alive: list[int], dirty: int, rng: Random | None) -> Iterator[list[int]]:
        if not self._deduce(domains, alive, dirty):
            return
        fewest, cell = 0, -1
        for at, domain in enumerate(domains):
            if domain & (domain - 1):
                count = domain.bit_count()
                if cell < 0 or count < fewest:
                    fewest, cell = count, at
                    if count == 2:
                        break
        if cell < 0:
            yield [domain.bit_length() - 1 for domain in domains]
            return
        values = [value for value in range(domains[cell].bit_length()) if domains[cell] >> value & 1]
        if rng is not None:
            rng.shuffle(values)
        for value in values:
            branch = list(domains)
            branch[cell] = 1 << value
            yield from self._search(branch, list(alive), self._lines_of[cell], rng)

    def _deduce(self, domains: list[int], alive: list[int], dirty: int) -> bool:
        """Fill in what follows for the lines in the set `dirty` and those they touch; False where nothing is left."""
        while dirty:
            bit = dirty & -dirty
            dirty ^= bit
            number = bit.bit_length() - 1
            line = self.lines[number]
            ways, left = line.ways, alive[number]
            for place, cell in enumerate(line.cells):
                domain = domains[cell]
                if domain != self.any_value:
                    left &= ways.within(place, domain)
            if not left:
                return False
            alive[number] = left
            for cell, having in zip(line.cells, ways.with_value, strict=True):
                domain = rest = domains[cell]
                if domain & (domain - 1):
                    while rest:
                        value = rest & -rest
                        rest ^= value
                        if not left & having[value.bit_length() - 1]:
                            domain ^= value
                    if domain != domains[cell]:
                        domains[cell] = domain
                        dirty |= self._lines_of[cell] & ~bit
            if not left & (left - 1):
                for other in self._others[number]:
                    if alive[other] & left:
                        alive[other] &= ~left
                        dirty |= 1 << other
        return True


def dig(puzzle: LinePuzzle, solution: Sequence[int], keep: int, rng: Random) -> list[int]:
    """The cells that stay given when as many as possible are blanked, down to `keep`, in random order.

    A cell is blanked only if the puzzle without it has no solution with another value there. So the solution stays the only
    one, by induction from the full board, where it is.
    """
    domains = {cell: 1 << value for cell, value in enumerate(solution)}
    for cell in rng.sample(range(puzzle.cells), puzzle.cells):
        if len(domains) <= keep:
            break
        own = domains.pop(cell)
        if next(puzzle.solutions({**domains, cell: puzzle.any_value ^ own}), None) is not None:
            domains[cell] = own
    return sorted(domains)
