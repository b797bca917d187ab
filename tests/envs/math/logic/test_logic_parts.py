"""The parts that logic puzzles share: boards and their symmetries, the solver of lines, Latin squares, truth tables."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Random
from textgym.envs.math.grids import read_cells, show_rows, symmetries, up_to_symmetry
from textgym.envs.math.logic.latin import blank_square, family_of, orders, random_square
from textgym.envs.math.logic.lines import Line, LinePuzzle, Ways, dig
from textgym.envs.math.logic.nonogram import lengths, ways_of
from textgym.envs.math.logic.truth import everything, models, variables


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_what_is_shown_is_read_back_and_has_one_form_under_symmetry(
    rows: int, columns: int, data: st.DataObject
) -> None:
    cells = data.draw(st.lists(st.integers(0, 3), min_size=rows * columns, max_size=rows * columns))
    signs = "".join(map(str, cells))
    assert read_cells(show_rows(cells, columns), rows * columns, "0123") == signs
    assert read_cells(show_rows(cells, columns, ", "), rows * columns, "0123") == signs
    assert read_cells(signs + "0", rows * columns, "0123") is None
    images = symmetries(rows, columns)
    assert len(images) == len(set(images)) <= 8
    for image in images:
        assert up_to_symmetry([cells[cell] for cell in image], rows, columns) == up_to_symmetry(cells, rows, columns)


@given(st.text())
def test_reading_cells_never_raises(text: str) -> None:
    cells = read_cells(text, 4, "01")
    assert cells is None or (len(cells) == 4 and set(cells) <= {"0", "1"})


def test_all_latin_squares_are_found() -> None:
    assert sum(1 for _ in blank_square(3).solutions()) == 12
    assert sum(1 for _ in blank_square(4).solutions()) == 576


@given(st.binary(max_size=8), st.integers(3, 6))
def test_random_squares_are_latin_and_keep_their_family_when_turned(seed: bytes, size: int) -> None:
    square = random_square(size, Random(seed))
    rows = [square[at : at + size] for at in range(0, size * size, size)]
    assert all(sorted(line) == list(range(size)) for line in [*rows, *zip(*rows, strict=True)])
    turned = [square[cell] for cell in symmetries(size, size)[3]]
    assert family_of(turned, size, reversible=False) == family_of(square, size, reversible=False)
    reversed_square = [size - 1 - value for value in square]
    assert family_of(reversed_square, size, reversible=True) == family_of(square, size, reversible=True)


@given(st.binary(max_size=8), st.integers(0, 16))
def test_digging_keeps_the_only_solution_and_no_clue_too_many(seed: bytes, keep: int) -> None:
    rng = Random(seed)
    square = random_square(4, rng)
    given_cells = dig(blank_square(4), square, keep, rng)
    domains = {cell: 1 << square[cell] for cell in given_cells}
    assert list(blank_square(4).solutions(domains)) == [square]
    if len(given_cells) > keep:
        for cell in given_cells:
            fewer = {other: domain for other, domain in domains.items() if other != cell}
            assert sum(1 for _ in blank_square(4).solutions(fewer)) > 1


@given(
    st.lists(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), max_size=6), min_size=6, max_size=6),
    st.booleans(),
)
def test_the_solver_finds_what_looking_at_everything_finds(rules: list[list[list[int]]], different: bool) -> None:
    lines_of_cells = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8)]
    everything_possible = tuple(product((0, 1), repeat=3))
    ways = Ways(everything_possible, 2)
    lines = []
    for cells, allowed in zip(lines_of_cells, rules, strict=True):
        # No rule at all for every other line, so that not everything is excluded.
        wanted = [tuple(way) for way in allowed] if len(allowed) > 2 else list(everything_possible)
        lines.append(Line(cells, ways, sum(1 << at for at, way in enumerate(ways.all) if way in wanted)))
    groups = [(0, 1, 2), (3, 4, 5)] if different else []
    expected = []
    for values in product((0, 1), repeat=9):
        content = [tuple(values[cell] for cell in line.cells) for line in lines]
        lawful = all(line.allowed >> line.ways.all.index(own) & 1 for line, own in zip(lines, content, strict=True))
        if lawful and all(len({content[line] for line in group}) == len(group) for group in groups):
            expected.append(list(values))
    assert sorted(LinePuzzle(9, 2, lines, groups).solutions()) == expected


def test_ways_know_where_one_place_is_below_another() -> None:
    ways = orders(4)
    below = ways.where(place=1, below=3)
    assert [way for at, way in enumerate(ways.all) if below >> at & 1] == [way for way in ways.all if way[1] < way[3]]


@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_the_ways_to_lay_runs_are_all_lines_with_these_runs(line: list[bool]) -> None:
    runs = lengths([int(filled) for filled in line])
    expected = {way for way in product((0, 1), repeat=len(line)) if lengths(way) == runs}
    assert set(ways_of(len(line), tuple(runs)).all) == expected
    assert len(ways_of(len(line), tuple(runs)).all) == len(expected)


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_truth_tables_have_a_bit_for_each_assignment(count: int, table: int) -> None:
    tables = variables(count)
    for assignment in range(2**count):
        assert [table >> assignment & 1 for table in tables] == [
            assignment >> variable & 1 for variable in range(count)
        ]
    table &= everything(count)
    assert models(table) == [assignment for assignment in range(2**count) if table >> assignment & 1]
