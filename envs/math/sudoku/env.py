"""The Sudoku environment: solve the board in one answer, or move by move."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed, final_answer
from textgym.core import Config, Random, Reply, State, Task, TextEnv
from textgym.envs.math.sudoku.board import BLANK, board_of, read_grid, render
from textgym.envs.math.sudoku.generator import puzzle

_CLUES: dict[int, dict[str, tuple[int, int]]] = {
    4: {"easy": (8, 10), "medium": (6, 7), "hard": (4, 5)},
    6: {"easy": (18, 20), "medium": (13, 16), "hard": (10, 11)},
    9: {"easy": (40, 45), "medium": (32, 36), "hard": (25, 27)},
}
_FEWEST_CLUES = {4: 4, 6: 9, 9: 23}
_TURNS_OF_MOVES = 100
_LONGEST_MOVE = 20


class SudokuConfig(Config):
    """Knobs of Sudoku."""

    size: Literal[4, 6, 9] = Field(9, description="rows, columns and digits: 4 (boxes of 2x2), 6 (2x3) or 9 (3x3)")
    difficulty: Literal["easy", "medium", "hard"] = Field(
        "medium",
        description="how many clues: 40-45, 32-36 or 25-27 on the 9x9 board; 18-20, 13-16 or 10-11 on 6x6; "
        "8-10, 6-7 or 4-5 on 4x4",
    )
    clues: int | None = Field(
        None, ge=4, le=80, description="exactly this many clues instead; at least 4 on 4x4, 9 on 6x6, 23 on 9x9"
    )
    mode: Literal["answer", "moves"] = Field("answer", description="the whole grid in one answer, or one cell a turn")
    mistakes: int = Field(
        0, ge=0, le=1000, description="in mode 'moves': wrong moves that are reported; one more ends the episode"
    )
    cell_credit: float = Field(
        0.0, ge=0, lt=1, description="part of the reward that is paid cell by cell for the blank cells filled rightly"
    )
    max_turns: int = Field(1, ge=1, description="actions after which the episode is truncated; 100 in mode 'moves'")
    not_in_task: ClassVar[frozenset[str]] = frozenset({"cell_credit"})

    @model_validator(mode="before")
    @classmethod
    def _turns_by_mode(cls, settings: Any) -> Any:
        if isinstance(settings, dict) and settings.get("mode") == "moves" and "max_turns" not in settings:
            return {**settings, "max_turns": _TURNS_OF_MOVES}
        return settings

    @model_validator(mode="after")
    def _clues_fit(self) -> Self:
        fewest, most = _FEWEST_CLUES[self.size], self.size**2 - 1
        if self.clues is not None and not fewest <= self.clues <= most:
            raise ValueError(f"clues must be from {fewest} to {most} on a board of size {self.size}, not {self.clues}")
        return self

    @property
    def clue_range(self) -> tuple[int, int]:
        """Fewest and most clues of a puzzle."""
        return _CLUES[self.size][self.difficulty] if self.clues is None else (self.clues, self.clues)


class SudokuState(State):
    """In mode 'moves': the cells as digits (`0` blank), and how many moves were wrong. Unused in mode 'answer'."""

    cells: str = ""
    wrong: int = 0


class Sudoku(TextEnv[SudokuConfig, SudokuState]):
    """Fill a Sudoku board whose only solution is proven.

    Observation: the rules and the board, `.` for a blank cell. In mode "moves", after each move what became of it and
        the board as it stands.
    Action: mode "answer": the whole grid, row by row, in one <answer></answer>; white space, commas and lines between
        boxes do not matter. Mode "moves": `row column digit`, counted from 1, in one <answer></answer>. Text outside
        the tags is not read; an action without exactly one such pair, an incomplete grid, or a move on a filled cell is
        invalid.
    Reward: 1 for the solved board, else 0. With `cell_credit` c above 0, each blank cell that is filled rightly earns
        c / (number of blank cells) whether or not the board is solved, and solving it fills up to 1.
    Ends: mode "answer": after the answer. Mode "moves": terminated when the board is solved or after more than
        `mistakes` wrong moves (a wrong move is told and leaves the cell blank, so many of them allow trial and error),
        truncated after `max_turns`.
    Splits: by solved board up to the symmetries of Sudoku (renaming digits, permuting rows, columns, bands and stacks,
        transposing), so that no split holds another's puzzle in disguise; on the 4x4 board up to renaming digits.
    Oracle: gives the solution; in mode "moves", cell by cell.
    """

    noop_action = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.random_ceiling = 0.01 + 1.5 * self.config.cell_credit / self.config.size  # one digit in `size` is right

    def generate(self, rng: Random) -> Task:
        config = self.config
        board = board_of(config.size)
        cells, solution, family = puzzle(board, *config.clue_range, rng)
        blanks = cells.count(BLANK)
        return Task(
            prompt=self._rules() + "\n\n" + render(board, cells) + "\n\n" + self._instructions(),
            secret={"solution": "".join(map(str, solution))},
            data={"puzzle": "".join(map(str, cells)), "clues": len(cells) - blanks},
            family=family,
            difficulty=blanks,
        )

    def _rules(self) -> str:
        board = board_of(self.config.size)
        return (
            f"Solve this Sudoku. Every row, every column and every box of {board.box_rows} rows by {board.box_columns} "
            f"columns must hold each digit from 1 to {board.size} once. A dot is a blank cell."
        )

    def _instructions(self) -> str:
        if self.config.mode == "answer":
            return (
                "Reply with the complete grid, row by row, inside <answer></answer>, once. "
                "Anything outside the tags is not read."
            )
        mistakes = self.config.mistakes
        verdict = {
            0: "The first wrong move ends the game.",
            1: "One wrong move is forgiven, the second ends the game.",
        }.get(mistakes, f"{mistakes} wrong moves are forgiven, one more ends the game.")
        return (
            "Fill one blank cell a turn: reply with row, column and digit inside <answer></answer>, once, rows and "
            f"columns counted from 1 at the top left. {verdict}"
        )

    def begin(self, task: Task) -> SudokuState:
        return SudokuState(cells=task.data["puzzle"] if self.config.mode == "moves" else "")

    def act(self, task: Task, state: SudokuState, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your answer inside one pair of tags, <answer></answer>, and only once.")
        return self._grade_grid(task, answer) if self.config.mode == "answer" else self._move(task, state, answer)

    def _grade_grid(self, task: Task, answer: str) -> Reply:
        board = board_of(self.config.size)
        cells = read_grid(board, answer)
        if cells is None or BLANK in cells:
            return Reply.malformed(
                f"The answer must be the complete grid: {board.size} rows of {board.size} digits from 1 to {board.size}."
            )
        solution, puzzle_cells = task.secret["solution"], task.data["puzzle"]
        if "".join(map(str, cells)) == solution:
            return Reply("Solved.", score=1.0)
        blanks = [cell for cell, sign in enumerate(puzzle_cells) if sign == "0"]
        right = sum(str(cells[cell]) == solution[cell] for cell in blanks)
        return Reply("That is not the solution.", score=self.config.cell_credit * right / len(blanks), success=False)

    def _move(self, task: Task, state: SudokuState, answer: str) -> Reply:
        board = board_of(self.config.size)
        size = board.size
        move = _read_move(answer, size)
        if move is None:
            return Reply.malformed(
                f"A move is three numbers from 1 to {size}: row, column and digit, such as 1 {size} 2."
            )
        cell, digit = move
        if state.cells[cell] != "0":
            return Reply.malformed("That cell is filled already. Name a blank cell.")
        if digit != task.secret["solution"][cell]:
            state.wrong += 1
            if state.wrong > self.config.mistakes:
                return Reply("Wrong. The game is over.", score=0.0, success=False)
            return Reply(f"Wrong: the cell stays blank.\n\n{render(board, list(map(int, state.cells)))}")
        state.cells = state.cells[:cell] + digit + state.cells[cell + 1 :]
        blanks, left = task.data["puzzle"].count("0"), state.cells.count("0")
        credit = self.config.cell_credit / blanks
        if not left:
            return Reply("Solved.", score=1.0 - credit * (blanks - 1), success=True)
        return Reply(f"Right, {left} left.\n\n{render(board, list(map(int, state.cells)))}", reward=credit)

    def oracle(self, task: Task, state: SudokuState) -> str:
        solution = task.secret["solution"]
        if self.config.mode == "answer":
            return committed(self._in_rows(solution))
        cell = state.cells.index("0")
        return self._say_move(cell, solution[cell])

    def random_action(self, task: Task, state: SudokuState, rng: Random) -> str:
        digits = [str(digit) for digit in range(1, self.config.size + 1)]
        if self.config.mode == "answer":
            return committed(
                self._in_rows("".join(rng.choice(digits) if sign == "0" else sign for sign in task.data["puzzle"]))
            )
        blanks = [cell for cell, sign in enumerate(state.cells) if sign == "0"]
        return self._say_move(rng.choice(blanks), rng.choice(digits))

    def candidates(self, task: Task) -> list[str]:
        puzzle_cells: str = task.data["puzzle"]
        digits = [str(digit) for digit in range(1, self.config.size + 1)]
        if self.config.mode == "answer":
            return [committed(self._in_rows(puzzle_cells.replace("0", digit))) for digit in digits]
        return [self._say_move(puzzle_cells.index("0"), digit) for digit in digits]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        puzzle_cells: str = task.data["puzzle"]
        size = self.config.size
        unsolved = self._in_rows(puzzle_cells)
        latin = "\n".join("".join(str((row + column) % size + 1) for column in range(size)) for row in range(size))
        scripts = {
            "the puzzle itself": [committed(unsolved)],
            "rows and columns only": [committed(latin)],
            "an empty answer": [committed("")],
        }
        if self.config.mode == "moves":
            cell = puzzle_cells.index("0")
            given = next(at for at, sign in enumerate(puzzle_cells) if sign != "0")
            tries = [self._say_move(cell, str(digit)) for digit in range(1, size + 1)]
            scripts["every digit in turn"] = tries * (1 + self.config.max_turns // size)
            scripts["the clues again"] = [self._say_move(given, puzzle_cells[given])] * self.config.max_turns
        return scripts

    def _in_rows(self, cells: str) -> str:
        size = self.config.size
        return "\n".join(cells[start : start + size] for start in range(0, size * size, size))

    def _say_move(self, cell: int, digit: str) -> str:
        row, column = divmod(cell, self.config.size)
        return committed(f"{row + 1} {column + 1} {digit}")


def _read_move(text: str, size: int) -> tuple[int, str] | None:
    """Cell and digit of `row column digit`, separated by white space or commas; None where it is no such move."""
    if len(text) > _LONGEST_MOVE:
        return None
    parts = text.replace(",", " ").split()
    allowed = "123456789"[:size]
    if len(parts) != 3 or any(len(part) != 1 or part not in allowed for part in parts):
        return None
    return (int(parts[0]) - 1) * size + int(parts[1]) - 1, parts[2]
