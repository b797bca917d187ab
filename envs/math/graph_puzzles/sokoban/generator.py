"""Making Sokoban rooms backwards: boxes stand on the goals and are pulled away, so that pushing them back is a solution."""

from itertools import permutations
from operator import itemgetter

from textgym.core import Random, RedrawError
from textgym.envs.math.graph_puzzles.sokoban.room import BACK, MOVES, Room, walk_back, ways
from textgym.envs.math.grids import up_to_symmetry

_LEAST_OPEN = 0.45


def floor_plan(rows: int, columns: int, share: float, rng: Random) -> list[bool]:
    """Walls of a room of so many cells and a wall around; its floor hangs together and has no dead corridor's end.

    Raises:
        RedrawError: too little of it can be reached.
    """
    width, height = columns + 2, rows + 2
    inside = [row * width + column for row in range(1, height - 1) for column in range(1, width - 1)]
    walls = [True] * (width * height)
    for cell in inside:
        walls[cell] = rng.random() < share
    steps = (1, -1, width, -width)
    changed = True
    while changed:
        changed = False
        for cell in inside:
            if not walls[cell] and sum(walls[cell + step] for step in steps) > 2:
                walls[cell] = changed = True
    open_cells = [cell for cell in inside if not walls[cell]]
    if not open_cells:
        raise RedrawError("there is no floor")
    found = [open_cells[0]]
    seen = {open_cells[0]}
    for cell in found:
        for step in steps:
            near = cell + step
            if not walls[near] and near not in seen:
                seen.add(near)
                found.append(near)
    if len(found) < _LEAST_OPEN * rows * columns or len(found) < len(open_cells):
        raise RedrawError("the floor falls apart")
    return walls


def shape_of(walls: list[bool], rows: int, columns: int) -> str:
    """The walls up to rotation and reflection."""
    least = up_to_symmetry([int(wall) for wall in walls], rows + 2, columns + 2)
    if rows != columns:
        return f"{rows}x{columns} {int(''.join(map(str, least)), 2):x}"
    return f"{rows} {int(''.join(map(str, least)), 2):x}"


def pull_apart(room: Room, pulls: int, rng: Random) -> tuple[int, frozenset[int], str, int]:
    """Pull boxes off the goals, at random and away from places where boxes have been.

    Returns:
        The player's cell, the boxes' cells, moves that bring every box back onto a goal, and how many of them are pushes.
    """
    boxes = room.goals
    floor = [cell for cell, wall in enumerate(room.walls) if not wall and cell not in boxes]
    player = rng.choice(floor)
    steps = {move: room.step(move) for move in MOVES}
    names = {step: move for move, step in steps.items()}
    beside, nearest = room.beside, _to_nearest_goal(room)
    undone: list[str] = []
    seen = {boxes}
    done = 0
    # The best of the way: where the boxes are farthest from the goals.
    best = (0, player, boxes, 0, 0)
    for _ in range(pulls):
        found = ways(beside, player, boxes)
        options = []
        for box in sorted(boxes):
            for move, step in steps.items():
                stand, back = box + step, box + 2 * step
                if stand in found and not room.walls[back] and back not in boxes:
                    after = (boxes - {box}) | {stand}
                    if after not in seen:
                        options.append((nearest[stand] - nearest[box], move, stand, back, after))
        if not options:
            break
        # Of two pulls, the one that leads farther from the goals.
        _, move, stand, back, after = max(rng.choice(options), rng.choice(options), key=itemgetter(0))
        # Forwards: from `back` push the box one step against the pull, then walk from `stand` to where the player was.
        undone += (walk_back(found, stand, names), BACK[move])
        player, boxes, done = back, after, done + 1
        seen.add(boxes)
        far = sum([nearest[box] for box in boxes])
        if far > best[0]:
            best = (far, player, boxes, done, len(undone))
    _, player, boxes, done, length = best
    return player, boxes, "".join(reversed(undone[:length])), done


def _to_nearest_goal(room: Room) -> list[int]:
    goals = [divmod(cell, room.columns) for cell in room.goals]
    places = [divmod(cell, room.columns) for cell in range(len(room.walls))]
    return [min([abs(r - row) + abs(c - column) for r, c in goals]) for row, column in places]


def least_pushes(boxes: frozenset[int], room: Room) -> int:
    """No solution takes fewer pushes than this: rows and columns between boxes and goals, paired as well as can be."""
    places = [divmod(cell, room.columns) for cell in sorted(boxes)]
    goals = [divmod(cell, room.columns) for cell in sorted(room.goals)]
    away = [[abs(r - row) + abs(c - column) for r, c in goals] for row, column in places]
    if len(places) <= 4:
        return min(sum(away[box][goal] for box, goal in enumerate(order)) for order in permutations(range(len(goals))))
    by_box, by_goal = (sum(min(row) for row in table) for table in (away, zip(*away, strict=True)))
    return max(by_box, by_goal)
