"""Sudoku: one solution, confirmed by a solver of the test's own; families that no symmetry moves; both modes."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import textgym
from textgym.core import SPLITS, ConfigError, Random
from textgym.envs.math.sudoku.board import board_of, read_grid, render
from textgym.envs.math.sudoku.generator import family_of, full_grid
from textgym.envs.math.sudoku.solver import places_of, solutions

ID = "textgym/Sudoku-v0"
BOXES = {4: (2, 2), 6: (2, 3), 9: (3, 3)}


def plain_solutions(size: int, cells: list[int]) -> Iterator[list[int]]:
    """Plain backtracking over the cell with the fewest digits left, written without looking at the solver."""
    height, width = BOXES[size]

    def seen_by(at: int) -> set[int]:
        row, column = divmod(at, size)
        return {
            cells[other]
            for other in range(size * size)
            if other // size == row
            or other % size == column
            or (other // size // height, other % size // width) == (row // height, column // width)
        }

    blanks = [at for at, value in enumerate(cells) if not value]
    if not blanks:
        yield list(cells)
        return
    at = max(blanks, key=lambda blank: len(seen_by(blank)))
    for digit in sorted(set(range(1, size + 1)) - seen_by(at)):
        cells[at] = digit
        yield from plain_solutions(size, cells)
        cells[at] = 0


def lawful(size: int, cells: list[int]) -> bool:
    height, width = BOXES[size]
    digits = set(range(1, size + 1))
    grid = [cells[row * size : (row + 1) * size] for row in range(size)]
    boxes = [
        {grid[top + r][left + c] for r in range(height) for c in range(width)}
        for top in range(0, size, height)
        for left in range(0, size, width)
    ]
    return all(set(unit) == digits for unit in [*grid, *zip(*grid, strict=True), *boxes])


@pytest.mark.parametrize(
    "knobs",
    [{"size": size, "difficulty": level} for size in (4, 6, 9) for level in ("easy", "medium", "hard")]
    + [{"size": 4, "clues": 4}, {"size": 6, "clues": 9}, {"size": 9, "clues": 80}],
)
def test_a_puzzle_has_one_solution_and_the_clues_asked_for(knobs: dict[str, int]) -> None:
    env = textgym.make(ID, **knobs)
    size = env.config.size
    for index in range(4 if size == 9 else 15):
        task = env.task("train", index)
        cells = [int(sign) for sign in task.data["puzzle"]]
        solution = [int(sign) for sign in task.secret["solution"]]
        assert lawful(size, solution)
        assert list(plain_solutions(size, list(cells))) == [solution]
        fewest, most = env.config.clue_range
        assert fewest <= task.data["clues"] == sum(map(bool, cells)) <= most
        assert task.difficulty == cells.count(0)


@given(st.sampled_from([4, 6]), st.data())
def test_the_solver_finds_all_solutions_of_any_board(size: int, data: st.DataObject) -> None:
    filled = data.draw(st.dictionaries(st.integers(0, size**2 - 1), st.integers(1, size), min_size=size, max_size=12))
    base = full_grid(board_of(size), Random(data.draw(st.binary(max_size=4))))
    agree = data.draw(st.booleans())  # with the base grid, so that there is a solution; else most boards have none
    keep = data.draw(st.integers(0, size))
    cells = [0] * size**2
    for at, digit in filled.items():
        cells[at] = base[at] if agree else digit
    for at in range(keep * size):
        cells[at] = base[at] if agree else cells[at]
    if cells.count(0) > size * 3:
        cells[size * 3 :] = base[size * 3 :]
    found = sorted(solutions(board_of(size), *places_of(board_of(size), cells)))
    expected = [grid for grid in plain_solutions(size, list(cells)) if lawful(size, grid)]
    assert found == sorted(expected)


def test_a_hard_puzzle_is_solved_and_an_empty_board_has_many_solutions() -> None:
    board = board_of(9)
    # Arto Inkala's puzzle of 2012, far beyond single candidates.
    text = "8..........36......7..9.2...5...7.......457.....1...3...1....68..85...1..9....4.."
    cells = read_grid(board, text)
    assert cells is not None
    found = list(solutions(board, *places_of(board, cells)))
    assert len(found) == 1
    assert lawful(9, found[0])
    small = board_of(4)
    assert sum(1 for _ in solutions(small, *places_of(small, [0] * 16))) == 288


@given(st.sampled_from([6, 9]), st.binary(max_size=6), st.randoms(use_true_random=False))
def test_no_symmetry_moves_a_board_to_another_family(size: int, seed: bytes, dice) -> None:  # type: ignore[no-untyped-def]
    board = board_of(size)
    grid = full_grid(board, Random(seed))
    height, width = BOXES[size]

    def shuffled(group: int) -> list[int]:
        groups = [list(range(start, start + group)) for start in range(0, size, group)]
        dice.shuffle(groups)
        for lines in groups:
            dice.shuffle(lines)
        return [line for lines in groups for line in lines]

    names = dice.sample(range(1, size + 1), size)
    rows, columns = shuffled(height), shuffled(width)
    moved = [names[grid[row * size + column] - 1] for row in rows for column in columns]
    if height == width and dice.random() < 0.5:
        moved = [moved[column * size + row] for row in range(size) for column in range(size)]
    assert lawful(size, moved)
    assert family_of(board, moved) == family_of(board, grid)


@given(st.binary(max_size=6), st.permutations([1, 2, 3, 4]))
def test_on_the_smallest_board_renaming_digits_keeps_the_family(seed: bytes, names: list[int]) -> None:
    grid = full_grid(board_of(4), Random(seed))
    assert family_of(board_of(4), [names[digit - 1] for digit in grid]) == family_of(board_of(4), grid)


@pytest.mark.parametrize("size", [4, 6, 9])
def test_no_split_is_empty_and_no_family_is_in_two(size: int) -> None:
    env = textgym.make(ID, size=size)
    families = {split: {env.task(split, index).family for index in range(15)} for split in SPLITS}
    assert not families["train"] & families["test"]
    assert not families["train"] & families["validation"]
    assert not families["validation"] & families["test"]


@given(st.sampled_from([4, 6, 9]), st.data())
def test_a_rendered_board_is_read_back(size: int, data: st.DataObject) -> None:
    board = board_of(size)
    cells = data.draw(st.lists(st.integers(0, size), min_size=size**2, max_size=size**2))
    assert read_grid(board, render(board, cells)) == cells
    assert read_grid(board, "".join(map(str, cells))) == cells
    assert read_grid(board, " , ".join(map(str, cells))) == cells


@given(st.text() | st.text("1234567890.|-+ \n\t_", min_size=10, max_size=400))
def test_reading_a_grid_never_raises_and_gives_whole_boards_only(text: str) -> None:
    for size in (4, 6, 9):
        cells = read_grid(board_of(size), text)
        assert cells is None or (len(cells) == size**2 and set(cells) <= set(range(size + 1)))


@pytest.mark.parametrize(
    "text", ["", "1" * 15, "1" * 17, "1" * 15 + "5", "1" * 15 + "x", "１" * 16, "1" * 16 + "\x00", "1" * 10**6]
)
def test_what_is_no_grid_is_refused(text: str) -> None:
    assert read_grid(board_of(4), text) is None


# -- mode "answer" -----------------------------------------------------------------------------------------------------


def test_the_whole_grid_is_paid_in_any_layout_and_nothing_else_is() -> None:
    env = textgym.make(ID, size=6)
    task = env.task("test", 0)
    solution, puzzle = task.secret["solution"], task.data["puzzle"]

    def pay(answer: str) -> float:
        return env.start(task).step(f"Row by row: <answer>{answer}</answer>")[1]

    assert pay(solution) == 1.0
    assert pay(" ".join(solution)) == 1.0
    assert pay(render(board_of(6), [int(sign) for sign in solution])) == 1.0
    assert pay(puzzle) == 0.0
    assert pay(solution[::-1]) == 0.0
    assert pay(solution + solution) == 0.0
    assert pay(solution[:-1]) == 0.0
    blank = puzzle.index("0")
    for digit in "123456":
        changed = solution[:blank] + digit + solution[blank + 1 :]
        assert pay(changed) == (1.0 if changed == solution else 0.0)


def test_cells_are_paid_one_by_one_only_with_the_knob() -> None:
    env = textgym.make(ID, size=4, cell_credit=0.5)
    task = env.task("train", 0)
    assert task == textgym.make(ID, size=4).task("train", 0)
    solution, puzzle = task.secret["solution"], task.data["puzzle"]
    blank = puzzle.index("0")
    wrong = "1" if solution[blank] != "1" else "2"
    _, reward, _, _, info = env.start(task).step(f"<answer>{solution[:blank] + wrong + solution[blank + 1 :]}</answer>")
    blanks = puzzle.count("0")
    assert reward == pytest.approx(0.5 * (blanks - 1) / blanks)
    assert info["outcome"]["success"] is False


# -- mode "moves" ------------------------------------------------------------------------------------------------------


def wrong_move(task: textgym.Task, size: int) -> str:
    at = task.data["puzzle"].index("0")
    digit = 1 if task.secret["solution"][at] != "1" else 2
    return f"<answer>{at // size + 1} {at % size + 1} {digit}</answer>"


def test_moves_solve_the_board_and_show_it() -> None:
    env = textgym.make(ID, size=4, mode="moves")
    task = env.task("train", 0)
    live = env.start(task)
    left = task.data["puzzle"].count("0")
    while not live.ended:
        observation, reward, terminated, truncated, info = live.step(env.oracle(task, live.state))
        left -= 1
        if left:
            assert observation.partition("\n\n")[2].count(".") == left
            assert reward == 0.0
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert info["outcome"]["success"] is True


@pytest.mark.parametrize("mistakes", [0, 1, 3])
def test_one_wrong_move_too_many_ends_the_game(mistakes: int) -> None:
    env = textgym.make(ID, size=4, mode="moves", mistakes=mistakes)
    task = env.task("train", 1)
    live = env.start(task)
    for _ in range(mistakes):
        observation, _, terminated, _, _ = live.step(wrong_move(task, 4))
        assert not terminated
        assert "Wrong" in observation
        assert observation.partition("\n\n")[2] == render(board_of(4), [int(sign) for sign in task.data["puzzle"]])
    assert live.step(wrong_move(task, 4))[1:3] == (0.0, True)
    assert live.total == 0.0


@pytest.mark.parametrize(
    "move",
    ["", "1", "1 1", "1 1 1 1", "0 1 1", "5 1 1", "1 1 5", "a b c", "11 1", "1 1 ١", "1;1;1", "1 1 " + "1" * 10**5],
)
def test_what_is_no_move_costs_a_turn_and_nothing_else(move: str) -> None:
    env = textgym.make(ID, size=4, mode="moves", max_action_chars=10**6)
    live = env.start(env.task("train", 2))
    cells = live.state.cells
    _, reward, terminated, _, _ = live.step(f"<answer>{move}</answer>")
    assert (reward, terminated, live.state.cells, live.state.invalid) == (0.0, False, cells, 1)


def test_a_filled_cell_cannot_be_filled_again() -> None:
    env = textgym.make(ID, size=4, mode="moves", cell_credit=0.5)
    task = env.task("train", 3)
    live = env.start(task)
    move = env.oracle(task, live.state)
    assert live.step(move)[1] > 0
    assert live.step(move)[1] == 0
    assert live.state.invalid == 1


def test_credit_by_the_cell_adds_up_to_one() -> None:
    env = textgym.make(ID, size=6, mode="moves", cell_credit=0.9)
    task = env.task("train", 0)
    live = env.start(task)
    while not live.ended:
        live.step(env.oracle(task, live.state))
    assert live.total == pytest.approx(1.0)


def test_turns_follow_the_mode_unless_they_are_given() -> None:
    assert textgym.make(ID).config.max_turns == 1
    assert textgym.make(ID, mode="moves").config.max_turns == 100
    assert textgym.make(ID, mode="moves", max_turns=5).config.max_turns == 5


@pytest.mark.parametrize(
    "knobs", [{"size": 5}, {"size": 9, "clues": 17}, {"size": 4, "clues": 16}, {"difficulty": "evil"}]
)
def test_settings_that_no_puzzle_fits_are_refused(knobs: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        textgym.make(ID, **knobs)
