"""The SlidingTiles environment: the puzzle of the numbered tiles and the gap."""

import heapq
from functools import cache
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Board = tuple[int, ...]
"""The tiles row by row, 0 for the gap."""

_MOVES = {"U": (1, 0), "D": (-1, 0), "L": (0, 1), "R": (0, -1)}
"""For each move of a tile, where the tile stands as seen from the gap: `U` moves the tile below the gap up."""
_BACK = {"U": "D", "D": "U", "L": "R", "R": "L"}
_LONGEST = 1_000
_BETWEEN = str.maketrans(dict.fromkeys(", \t\r\n", None))
_MOST_NODES = 20_000


class SlidingTilesConfig(LevelledConfig):
    """Knobs of SlidingTiles."""

    levels: ClassVar[Levels] = {
        "easy": {"rows": 3, "columns": 3, "shortest": 8, "spare": 6},
        "medium": {"rows": 3, "columns": 3, "shortest": 12, "spare": 8},
        "hard": {"rows": 3, "columns": 4, "shortest": 16, "spare": 4},
    }

    rows: int = Field(3, ge=3, le=4, description="rows")
    columns: int = Field(3, ge=3, le=4, description="columns; 3, 3 or 4 by difficulty")
    shortest: int = Field(
        12, ge=6, le=20, description="least of the fewest moves; the most is two more; 8, 12 or 16 by difficulty"
    )
    spare: int = Field(8, ge=0, le=100, description="moves allowed beyond the fewest; 6, 8 or 4 by difficulty")


class SlidingTiles(SingleAnswer[SlidingTilesConfig]):
    """Slide numbered tiles into order within a number of moves.

    Observation: the board, `_` for the gap, the board that is wanted, and how many moves there are.
    Action: the moves in order, as letters: `U`, `D`, `L`, `R` move the tile next to the gap up, down, left or right into it.
        White space and commas may stand between them, and lower case is the same, in one <answer></answer>. Text outside the
        tags is not read; an action without exactly one such pair, or with something else than such letters in it, is invalid.
    Reward: 1 if every move is possible and the last one leaves the wanted board, within the moves allowed; else 0.
    Ends: after the answer.
    Splits: by where the first board has each tile, as seen from the wanted one.
    Oracle: gives a shortest solution.

    The moves allowed are the fewest possible, proven by search (A* with the tiles' distances to their places), and `spare`.
    The fewest possible are the difficulty of a task.
    """

    answer_form = "the moves as letters U, D, L, R"

    def generate(self, rng: Random) -> Task:
        rows, columns = self.config.rows, self.config.columns
        wanted = tuple(rng.sample(range(rows * columns), rows * columns))
        start = _scramble(wanted, rows, columns, self.config.shortest + rng.randint(0, 6), rng)
        family = rng.claim(f"tiles {rows}x{columns} {' '.join(str(wanted.index(tile)) for tile in start)}")
        moves = solve(start, wanted, rows, columns)
        if moves is None or not self.config.shortest <= len(moves) <= self.config.shortest + 2:
            raise RedrawError("the board is too far from the wanted one, or too near")
        most = len(moves) + self.config.spare
        return Task(
            prompt=self.ask(
                f"Slide the tiles of this board, {rows} rows by {columns} columns, until it looks like the second one. `_` is "
                f"the gap.\n\n{_show(start, columns)}\n\nWanted:\n\n{_show(wanted, columns)}\n\nA move slides one tile that "
                "touches the gap along a row or column into it: U moves the tile below the gap up, D the tile above it down, "
                f"L the tile right of it to the left, R the tile left of it to the right. Take at most {most} moves."
            ),
            secret={"answer": moves},
            data={"board": list(start), "wanted": list(wanted), "moves": most},
            family=family,
            difficulty=len(moves),
        )

    def judge(self, task: Task, answer: str) -> bool:
        moves = _read(answer)
        board: Board | None = tuple(task.data["board"])
        for move in moves[: task.data["moves"]]:
            board = slide(board, move, self.config.rows, self.config.columns) if board is not None else None
        return len(moves) <= task.data["moves"] and board == tuple(task.data["wanted"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        beside = _tile_beside(self.config.rows, self.config.columns)
        gap, moves = task.data["board"].index(0), ""
        for _ in range(rng.randint(self.config.shortest, task.data["moves"])):
            moves += rng.choice([move for move in beside[gap] if move != _BACK.get(moves[-1:])])
            gap = beside[gap][moves[-1]]
        return committed(moves)

    def cheats(self, task: Task) -> dict[str, list[str]]:
        wanted = " ".join(map(str, task.data["wanted"]))
        return super().cheats(task) | {
            "the wanted board": [committed(wanted)],
            "to and fro": [committed("LR" * 50), committed("UD" * 50)],
            "round and round": [committed("LURD" * 100)],
            "more moves than allowed": [committed(task.secret["answer"] + "LR" * 100)],
            "no moves": [committed("")],
        }


@cache
def _tile_beside(rows: int, columns: int) -> list[dict[str, int]]:
    """For each place of the gap, the place of the tile that each move slides into it."""
    places = []
    for gap in range(rows * columns):
        row, column = divmod(gap, columns)
        places.append(
            {
                move: (row + down) * columns + column + right
                for move, (down, right) in _MOVES.items()
                if 0 <= row + down < rows and 0 <= column + right < columns
            }
        )
    return places


def slide(board: Board, move: str, rows: int, columns: int) -> Board | None:
    """The board after a move; None where no tile can make it."""
    gap = board.index(0)
    tile = _tile_beside(rows, columns)[gap].get(move)
    if tile is None:
        return None
    cells = list(board)
    cells[gap], cells[tile] = cells[tile], 0
    return tuple(cells)


def _scramble(board: Board, rows: int, columns: int, moves: int, rng: Random) -> Board:
    """The board after so many random moves, none of which takes back the one before."""
    beside, last = _tile_beside(rows, columns), ""
    for _ in range(moves):
        last = rng.choice([move for move in beside[board.index(0)] if move != _BACK.get(last)])
        board = slide(board, last, rows, columns) or board
    return board


def solve(start: Board, wanted: Board, rows: int, columns: int) -> str | None:
    """A shortest solution (A*); None where more than 20,000 boards were looked at.

    The estimate is how many rows and columns each tile is away from its place; a move changes it by one at most.
    """
    beside = _tile_beside(rows, columns)
    away = [[0] * (rows * columns) for _ in start]
    for place, tile in enumerate(wanted):
        if tile:
            row, column = divmod(place, columns)
            away[tile] = [abs(at // columns - row) + abs(at % columns - column) for at in range(rows * columns)]
    waiting = [(sum(away[tile][place] for place, tile in enumerate(start)), 0, start, "")]
    seen: set[Board] = set()
    while waiting and len(seen) < _MOST_NODES:
        total, negative, board, moves = heapq.heappop(waiting)
        if board == wanted:
            return moves
        if board in seen:
            continue
        seen.add(board)
        gap = board.index(0)
        for move, place in beside[gap].items():
            if moves and move == _BACK[moves[-1]]:
                continue
            tile = board[place]
            cells = list(board)
            cells[gap], cells[place] = tile, 0
            after = tuple(cells)
            if after not in seen:
                step = 1 + away[tile][gap] - away[tile][place]
                heapq.heappush(waiting, (total + step, negative - 1, after, moves + move))
    return None


def _show(board: Board, columns: int) -> str:
    signs = [str(tile) if tile else "_" for tile in board]
    width = max(map(len, signs))
    return "\n".join(
        " ".join(sign.rjust(width) for sign in signs[at : at + columns]) for at in range(0, len(signs), columns)
    )


def _read(text: str) -> str:
    moves = text[:_LONGEST].translate(_BETWEEN).upper() if len(text) <= _LONGEST else ""
    if not moves or any(move not in _MOVES for move in moves):
        raise Unreadable("That is not a list of moves.")
    return moves
