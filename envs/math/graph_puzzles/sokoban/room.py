"""A Sokoban room, its text, and moving in it. Cells are numbered row by row, the wall all around included."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WALL, FLOOR, GOAL, BOX, BOX_ON_GOAL, PLAYER, PLAYER_ON_GOAL = "#", " ", ".", "$", "*", "@", "+"
MOVES = "UDLR"
BACK = {"U": "D", "D": "U", "L": "R", "R": "L"}


@dataclass(frozen=True, slots=True)
class Room:
    """Walls and goals, which stay where they are.

    Attributes:
        columns: cells in a row, walls included.
        walls: for each cell, whether it is wall.
        goals: the cells to push boxes onto.
    """

    columns: int
    walls: tuple[bool, ...]
    goals: frozenset[int]

    @property
    def beside(self) -> list[list[int]]:
        """For each floor cell the floor cells around it; nothing for a wall."""
        steps = [self.step(move) for move in MOVES]
        return [
            [] if wall else [cell + step for step in steps if not self.walls[cell + step]]
            for cell, wall in enumerate(self.walls)
        ]

    def step(self, move: str) -> int:
        """What a move adds to the number of a cell."""
        return {"U": -self.columns, "D": self.columns, "L": -1, "R": 1}[move]


def play(room: Room, player: int, boxes: Iterable[int], moves: str) -> tuple[int, frozenset[int]]:
    """Where player and boxes are after the moves; one into a wall, or against a box that cannot go on, changes nothing."""
    standing = set(boxes)
    steps = {move: room.step(move) for move in MOVES}
    for move in moves:
        step = steps[move]
        ahead = player + step
        if room.walls[ahead]:
            continue
        if ahead in standing:
            beyond = ahead + step
            if room.walls[beyond] or beyond in standing:
                continue
            standing.remove(ahead)
            standing.add(beyond)
        player = ahead
    return player, frozenset(standing)


def ways(beside: Sequence[Sequence[int]], player: int, boxes: frozenset[int]) -> dict[int, int]:
    """The cells that the player can walk to without pushing, and the cell before each; `beside` is `Room.beside`."""
    found = {player: player}
    queue = [player]
    for cell in queue:
        for near in beside[cell]:
            if near not in found and near not in boxes:
                found[near] = cell
                queue.append(near)
    return found


def walk_back(found: dict[int, int], cell: int, names: dict[int, str]) -> str:
    """The moves from a cell to the start of `ways`; `names` has the move for each step, see `Room.step`."""
    moves = []
    while found[cell] != cell:
        moves.append(names[found[cell] - cell])
        cell = found[cell]
    return "".join(moves)


def show(room: Room, player: int, boxes: frozenset[int]) -> str:
    """The room as text, in the signs that Sokoban players use."""
    signs = []
    for cell, wall in enumerate(room.walls):
        goal = cell in room.goals
        if wall:
            signs.append(WALL)
        elif cell in boxes:
            signs.append(BOX_ON_GOAL if goal else BOX)
        elif cell == player:
            signs.append(PLAYER_ON_GOAL if goal else PLAYER)
        else:
            signs.append(GOAL if goal else FLOOR)
    columns = room.columns
    return "\n".join("".join(signs[at : at + columns]) for at in range(0, len(signs), columns))


def read_room(text: str) -> tuple[Room, int, frozenset[int]]:
    """What `show` wrote: the room, the player's cell and the boxes'."""
    rows = text.split("\n")
    signs = "".join(rows)
    goals = frozenset(at for at, sign in enumerate(signs) if sign in GOAL + BOX_ON_GOAL + PLAYER_ON_GOAL)
    boxes = frozenset(at for at, sign in enumerate(signs) if sign in BOX + BOX_ON_GOAL)
    player = next(at for at, sign in enumerate(signs) if sign in PLAYER + PLAYER_ON_GOAL)
    return Room(len(rows[0]), tuple(sign == WALL for sign in signs), goals), player, boxes
