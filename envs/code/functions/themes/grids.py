"""Rectangles of values: turning, neighbours, regions, paths."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import grid, whole
from textgym.envs.code.functions.family import Family


def _numbers(rng: Random) -> list[list[int]]:
    return grid(rng, 4, 5, lambda: whole(rng, -9, 20))


def _picture(rng: Random) -> list[str]:
    signs = rng.choice(["#.", "#..", "##."])
    return ["".join(row) for row in grid(rng, 5, 6, lambda: rng.choice(signs))]


def _walk(rng: Random) -> list[Any]:
    return [whole(rng, 1, 5), whole(rng, 1, 5), "".join(rng.choice("NESW") for _ in range(whole(rng, 0, 10)))]


FAMILIES = (
    Family(
        says=(
            "Read the rectangle `rows` along a spiral from its upper $corner corner $way to the middle, and return the "
            "values in that order.",
            "List the values of the rectangle `rows` in spiral order: begin at the upper $corner corner, go $way around, "
            "and on inwards.",
        ),
        source="""
def read_spiral(rows: list[list[int]]) -> list[int]:
    rest = $first
    values: list[int] = []
    while rest:
        values += rest[0]
        rest = [list(column) for column in zip(*rest[1:])]
        rest.reverse()
    return values[:$most]
""",
        variants=tuple(
            {"corner": corner, "way": way, "first": first, "most": most}
            for corner, way, first in (
                ("left", "clockwise", "[list(row) for row in rows]"),
                ("right", "anticlockwise", "[row[::-1] for row in rows]"),
                ("left", "anticlockwise", "[list(column) for column in zip(*rows)]"),
                ("right", "clockwise", "[list(column) for column in zip(*[row[::-1] for row in rows])]"),
            )
            for most in ("999",)
        ),
        inputs=lambda rng: [_numbers(rng)],
        examples=(([[[1, 2], [3, 4]]], [1, 2, 4, 3]), ([[[7]]], [7])),
        difficulty=3,
    ),
    Family(
        says=(
            "For each cell of the rectangle `rows` of '#' and '.', how many of its $neighbours are '#'? Return the counts in "
            "the same shape, $self.",
            "Count, for every cell of `rows` (texts of '#' and '.'), the '#' among its $neighbours, and give the counts row "
            "by row, $self.",
        ),
        source="""
def count_neighbours(rows: list[str]) -> list[list[int]]:
    height, width = len(rows), len(rows[0])
    steps = $steps
    counts: list[list[int]] = []
    for y in range(height):
        line: list[int] = []
        for x in range(width):
            total = 0
            for down, right in steps:
                inside = 0 <= y + down < height and 0 <= x + right < width
                if inside and rows[y + down][x + right] == "#":
                    total += 1
            line.append($value)
        counts.append(line)
    return counts
""",
        variants=tuple(
            {"neighbours": neighbours, "steps": steps, "self": itself, "value": value}
            for neighbours, steps in (
                ("four neighbours (left, right, above, below)", "[(-1, 0), (0, -1), (0, 1), (1, 0)]"),
                (
                    "eight neighbours (diagonal ones included)",
                    "[(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]",
                ),
                ("four diagonal neighbours", "[(-1, -1), (-1, 1), (1, -1), (1, 1)]"),
            )
            for itself, value in (
                ("for '#' and '.' alike", "total"),
                ("but -1 for each cell that is '#' itself", 'total if rows[y][x] == "." else -1'),
            )
        ),
        inputs=lambda rng: [_picture(rng)],
        examples=(([["#.", "##"]], [[1, 2], [2, 1]]), ([["."]], [[0]])),
        difficulty=3,
    ),
    Family(
        says=(
            "The '#' in `rows` form regions: two belong together if one can go from one to the other over '#', $how. Return "
            "the sizes of all regions in $order order.",
            "Find the connected regions of '#' in `rows` (texts of equal length), moving $how, and return how many cells each "
            "has, sorted in $order order.",
        ),
        source="""
def region_sizes(rows: list[str]) -> list[int]:
    left = {(y, x) for y, row in enumerate(rows) for x, sign in enumerate(row) if sign == "#"}
    sizes: list[int] = []
    while left:
        stack = [min(left)]
        left.remove(stack[0])
        size = 0
        while stack:
            y, x = stack.pop()
            size += 1
            for down, right in $steps:
                place = (y + down, x + right)
                if place in left:
                    left.remove(place)
                    stack.append(place)
        sizes.append(size)
    return sorted(sizes, reverse=$reverse)
""",
        variants=tuple(
            {"how": how, "steps": steps, "order": order, "reverse": reverse}
            for how, steps in (
                ("up, down, left and right", "((-1, 0), (1, 0), (0, -1), (0, 1))"),
                ("diagonally only", "((-1, -1), (-1, 1), (1, -1), (1, 1))"),
                ("left and right only", "((0, -1), (0, 1))"),
            )
            for order, reverse in (("ascending", "False"), ("descending", "True"))
        ),
        inputs=lambda rng: [_picture(rng)],
        examples=(([["##.", "..#"]], [1, 2]), ([["."]], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Walk through the rectangle `rows` from the upper left to the lower right cell, one cell to the right or down at a "
            "time, so that the sum of all cells on the way is as $aim as possible, and return this sum. $rule",
            "Return the $aim sum of cells on a way through `rows` from its upper left to its lower right corner that only "
            "goes right and down. $rule",
        ),
        source="""
def best_way(rows: list[list[int]]) -> int:
    best: list[list[int]] = []
    for y, row in enumerate(rows):
        best.append([])
        for x, value in enumerate(row):
            options: list[int] = []
            if y > 0:
                options.append(best[y - 1][x])
            if x > 0:
                options.append(best[y][x - 1])
            if y > 0 and x > 0 and $diagonal:
                options.append(best[y - 1][x - 1])
            best[y].append(value + ($pick(options) if options else 0))
    return best[-1][-1]
""",
        variants=tuple(
            {"aim": aim, "pick": pick, "rule": rule, "diagonal": diagonal}
            for aim, pick in (("small", "min"), ("large", "max"))
            for rule, diagonal in (
                ("First and last cell count as well.", "False"),
                ("A diagonal step, right and down at once, is allowed, too; both ends count.", "True"),
            )
        ),
        inputs=lambda rng: [_numbers(rng)],
        examples=(([[[1, 5], [2, 1]]], 4), ([[[7]]], 7)),
        difficulty=3,
    ),
    Family(
        says=(
            "Turn the rectangle `rows` by `quarters` quarter turns $way, negative ones the other way, and $then.",
            "Rotate `rows` $way by 90 degrees, `quarters` times (a negative count rotates in the opposite sense), and $then.",
        ),
        source="""
def turn_grid(rows: list[list[int]], quarters: int) -> list[list[int]]:
    turned = [list(row) for row in rows]
    for _ in range($sign quarters % 4):
        turned = [list(column) for column in zip(*turned[::-1])]
    return $result
""",
        variants=tuple(
            {"way": way, "sign": sign, "then": then, "result": result}
            for way, sign in (("clockwise", "+"), ("anticlockwise", "-"))
            for then, result in (
                ("return the rows that come of it", "turned"),
                ("return it mirrored, each row from right to left", "[row[::-1] for row in turned]"),
            )
        ),
        inputs=lambda rng: [_numbers(rng), whole(rng, -3, 5)],
        examples=(([[[1, 2], [3, 4]], 1], [[3, 1], [4, 2]]), ([[[1, 2]], 0], [[1, 2]]), ([[[1, 2]], -1], [[2], [1]])),
        difficulty=2,
    ),
    Family(
        says=(
            "Let everything fall: in each $line of `rows` the 'o' move $way as far as they can. '#' stay where they are and "
            "stop them, '.' is empty. Return the rows afterwards.",
            "Return `rows` after all 'o' have slid $way within their $line, over '.', until a '#', another 'o' or the edge "
            "stops them. The '#' do not move.",
        ),
        source="""
def slide_stones(rows: list[str]) -> list[str]:
    lines = $lines
    slid: list[str] = []
    for line in lines:
        parts = line.split("#")
        moved: list[str] = []
        for part in parts:
            stones = part.count("o")
            moved.append($moved)
        slid.append("#".join(moved))
    return $result
""",
        variants=tuple(
            {"line": line, "way": way, "lines": lines, "result": result, "moved": moved}
            for line, lines, result, ways in (
                (
                    "column",
                    '["".join(column) for column in zip(*rows)]',
                    '["".join(row) for row in zip(*slid)]',
                    ("down", "up"),
                ),
                ("row", "list(rows)", "slid", ("to the right", "to the left")),
            )
            for way, moved in zip(
                ways,
                ('"." * (len(part) - stones) + "o" * stones', '"o" * stones + "." * (len(part) - stones)'),
                strict=True,
            )
        ),
        inputs=lambda rng: [["".join(row) for row in grid(rng, 5, 5, lambda: rng.choice("oo..#"))]],
        examples=(([["o.", ".#", ".o"]], ["..", ".#", "oo"]), ([["o"]], ["o"])),
        difficulty=3,
    ),
    Family(
        says=(
            "A robot stands in the upper left cell of a field that is `width` cells wide and `height` cells high. It follows "
            "`steps`, letters N (up), E (right), S (down) and W (left), one cell each; $edge. Return $what.",
            "Simulate a robot on a field of `width` by `height` cells, starting at the top left. Each letter of `steps` (N is "
            "up, E right, S down, W left) moves it by one cell; $edge. Return $what.",
        ),
        source="""
def move_robot(width: int, height: int, steps: str) -> list[int]:
    moves = {"N": (0, -1), "E": (1, 0), "S": (0, 1), "W": (-1, 0)}
    x, y = 0, 0
    seen = {(x, y)}
    blocked = 0
    for step in steps:
        right, down = moves[step]
        new_x, new_y = x + right, y + down
        if not (0 <= new_x < width and 0 <= new_y < height):
            blocked += 1
            $leave
        x, y = new_x, new_y
        seen.add((x, y))
    return $result
""",
        variants=tuple(
            {"edge": edge, "leave": leave, "what": what, "result": result}
            for edge, leave in (
                ("a step that would leave the field is skipped", "continue"),
                (
                    "a step that would leave the field takes it to the opposite side",
                    "new_x, new_y = new_x % width, new_y % height",
                ),
                ("at a step that would leave the field it stops for good", "break"),
            )
            for what, result in (
                ("its column and its row at the end, counted from 0", "[x, y]"),
                (
                    "how many different cells it was in, the first included, and how many steps led out of the field",
                    "[len(seen), blocked]",
                ),
            )
        ),
        inputs=_walk,
        examples=(([3, 2, "EESN"], [2, 0]), ([1, 1, "N"], [0, 0]), ([2, 2, ""], [0, 0])),
        difficulty=3,
    ),
    Family(
        says=(
            "Return the positions `[row, column]` of all cells of `rows` that are $relation $scope, row by row.",
            "List, in reading order, `[row, column]` (from 0) of each value in the rectangle `rows` that is $relation $scope.",
        ),
        source="""
def special_cells(rows: list[list[int]]) -> list[list[int]]:
    columns = [list(column) for column in zip(*rows)]
    found: list[list[int]] = []
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            in_row = value == $row(row)
            in_column = value == $column(columns[x])
            if in_row $both in_column:
                found.append([y, x])
    return found
""",
        variants=(
            {
                "relation": "the smallest",
                "scope": "of their row and the largest of their column (ties count)",
                "row": "min",
                "column": "max",
                "both": "and",
            },
            {
                "relation": "the largest",
                "scope": "of their row and the smallest of their column (ties count)",
                "row": "max",
                "column": "min",
                "both": "and",
            },
            {
                "relation": "the largest",
                "scope": "of their row or the largest of their column (ties count)",
                "row": "max",
                "column": "max",
                "both": "or",
            },
            {
                "relation": "the largest",
                "scope": "of their row and also the largest of their column (ties count)",
                "row": "max",
                "column": "max",
                "both": "and",
            },
        ),
        inputs=lambda rng: [grid(rng, 4, 4, lambda: whole(rng, 0, 5))],
        examples=(([[[1, 2], [0, 3]]], [[0, 0]]), ([[[5]]], [[0, 0]])),
        difficulty=3,
    ),
)
