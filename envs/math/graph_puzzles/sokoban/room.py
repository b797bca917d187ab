"""A Sokoban room: cells are numbered row by row with a wall all around, sets of cells are frozen sets or masks of bytes."""

from collections.abc import Iterable
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


def ways(room: Room, player: int, boxes: frozenset[int]) -> dict[int, tuple[int, str]]:
    """The cells that the player can walk to without pushing: for each the cell before it and the move from there."""
    steps = [(move, room.step(move)) for move in MOVES]
    found: dict[int, tuple[int, str]] = {player: (player, "")}
    queue = [player]
    for cell in queue:
        for move, step in steps:
            near = cell + step
            if near not in found and not room.walls[near] and near not in boxes:
                found[near] = cell, move
                queue.append(near)
    return found


def walk(found: dict[int, tuple[int, str]], cell: int) -> str:
    """The moves from the start of `ways` to a cell."""
    moves = []
    while found[cell][1]:
        cell, move = found[cell]
        moves.append(move)
    return "".join(reversed(moves))


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
