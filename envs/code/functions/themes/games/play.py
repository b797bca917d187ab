"""Play: who wins, and where one lands."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import length, many, whole
from textgym.envs.code.functions.family import Family


def _board(rng: Random) -> list[Any]:
    """A board of noughts and crosses with many of one kind."""
    cells = rng.choice(["XXO.", "XOO.", "XXXO", "XO.."])
    return [["".join(rng.choice(cells) for _ in range(3)) for _ in range(3)]]


def _heaps(rng: Random) -> list[Any]:
    """Heaps that are often in balance, for one rule or for both."""
    heaps = many(rng, 3, lambda: rng.choice([0, 1, 1, 2, 3, 5, 7]))
    mixed = 0
    for heap in heaps:
        mixed ^= heap if rng.randrange(2) else heap % 4
    return [[*heaps, mixed] if rng.randrange(3) else [*heaps, rng.randrange(9)]]


def _track(rng: Random) -> list[Any]:
    """A track with jumps that may be reached, and throws."""
    size = rng.randint(2, 12)
    starts = rng.sample(range(size), length(rng, min(3, size)))
    return [size, [[start, rng.randrange(size)] for start in starts], many(rng, 7, lambda: rng.randint(1, 6))]


JUDGE_BOARD = Family(
    says=(
        "On a board of three by three, `board` (three texts of 'X', 'O' and '.'), count the lines of three equal marks of "
        "each player: $lines. Return $what.",
        "In `board`, three rows of three characters each out of 'X', 'O' and '.', a line is full if all its three cells "
        "hold 'X' or all hold 'O'. Lines are $lines. Return $what.",
    ),
    source="""
def judge_board(board: list[str]) -> $kind:
    lines = [list(row) for row in board]
    for column in range(3):
        lines.append([board[row][column] for row in range(3)])
    $more
    crosses = sum(1 for line in lines if line == ["X", "X", "X"])
    noughts = sum(1 for line in lines if line == ["O", "O", "O"])
    winner = "X" if crosses > 0 else "O" if noughts > 0 else "-"
    if crosses > 0 and noughts > 0:
        winner = "both"
    return $result
""",
    variants=tuple(
        {"lines": lines, "more": more, "what": what, "kind": kind, "result": result}
        for lines, more in (
            (
                "the rows, the columns and the two diagonals",
                "lines.append([board[i][i] for i in range(3)])\n    lines.append([board[i][2 - i] for i in range(3)])",
            ),
            ("the rows and the columns", "lines = lines[:6]"),
        )
        for what, kind, result in (
            (
                "'X' if only 'X' has full lines, 'O' if only 'O' has, 'both' if both have, and else '-'",
                "str",
                "winner",
            ),
            ("the number of full lines of 'X' less that of 'O'", "int", "crosses - noughts"),
        )
    ),
    inputs=_board,
    examples=(([["XXX", "OO.", "..."]], "X"), ([["XO.", "OX.", "..X"]], "X"), ([["...", "...", "..."]], "-")),
    difficulty=2,
)

RACE_PIECE = Family(
    says=(
        "A piece starts on field 0 of a track of `size` fields (0 to `size` - 1, at least two) and moves by each of "
        "`throws` in turn. From a field in `jumps`, a list of [from, to] with each field first in one pair at most, it goes "
        "on to the other field, once a throw. $over. Return the field on which it stands at the end.",
        "Tell on which field a piece ends that begins on field 0 of fields 0 to `size` - 1 (`size` is 2 or more) and goes "
        "forward by the numbers in `throws`, one after the other. When it comes to rest on the first field of a pair in "
        "`jumps`, it is put on the second (just once for a throw, and no field is first in two pairs). $over.",
    ),
    source="""
def race_piece(size: int, jumps: list[list[int]], throws: list[int]) -> int:
    place = 0
    last = size - 1
    for throw in throws:
        goal = place + throw
        if goal > last:
            $beyond
        for start, end in jumps:
            if start == goal:
                goal = end
                break
        place = goal
        $stop
    return place
""",
    variants=(
        {
            "over": "A throw that leads beyond the last field is not moved at all, jumps included, and once on the last field the "
            "piece stays there",
            "beyond": "continue",
            "stop": "if place == last:\n            break",
        },
        {
            "over": "A throw that leads beyond the last field is counted back from it, and once on the last field after a throw the "
            "piece stays there",
            "beyond": "goal = max(0, last - (goal - last))",
            "stop": "if place == last:\n            break",
        },
        {
            "over": "The track is a ring: behind the last field comes field 0 again",
            "beyond": "goal %= size",
            "stop": "pass",
        },
        {
            "over": "A throw that leads beyond the last field puts the piece back on field 0 before jumps are looked at",
            "beyond": "goal = 0",
            "stop": "pass",
        },
    ),
    inputs=_track,
    examples=(([6, [], [2, 2]], 4), ([6, [[2, 4]], [2]], 4), ([6, [], [4, 3, 1]], 5)),
    difficulty=3,
)

COUNT_OUT = Family(
    says=(
        "There are `players` children, numbered from 1, in a ring. Counting begins with number 1 and every `step`-th child still "
        "in the ring goes, counting on with the one behind it; both numbers are at least 1. $when. Return $what.",
        "Number `players` children (at least one) from 1 and put them in a ring. Count around, from the child with number 1, "
        "and let each `step`-th child (`step` is at least 1) leave; go on counting with its neighbour. $when. "
        "Return $what.",
    ),
    source="""
def count_out(players: int, step: int) -> $kind:
    ring = list(range(1, players + 1))
    gone: list[int] = []
    place = 0
    while len(ring) > $left:
        place = (place + step - 1) % len(ring)
        gone.append(ring.pop(place))
        $turn
    return $result
""",
    variants=(
        {
            "when": "It ends with one child left",
            "left": "1",
            "turn": "pass",
            "what": "its number",
            "kind": "int",
            "result": "ring[0]",
        },
        {
            "when": "It ends when all have gone",
            "left": "0",
            "turn": "pass",
            "what": "their numbers in the order in which they go",
            "kind": "list[int]",
            "result": "gone",
        },
        {
            "when": "It ends when at most two are left",
            "left": "2",
            "turn": "pass",
            "what": "the numbers of those who are left, in ascending order",
            "kind": "list[int]",
            "result": "ring",
        },
        {
            "when": "After each child that goes, `step` grows by one; it ends with one child left",
            "left": "1",
            "turn": "step += 1",
            "what": "its number",
            "kind": "int",
            "result": "ring[0]",
        },
    ),
    inputs=lambda rng: [whole(rng, 1, 14), whole(rng, 1, 9)],
    examples=(([5, 2], 3), ([1, 4], 1), ([4, 1], 4)),
    difficulty=3,
)

BEGINNER_WINS = Family(
    says=(
        "Two players take matches from heaps of `heaps` matches in turn, $move; who takes the last match $who. Both play as "
        "well as possible. Does the player win who begins? $empty.",
        "Heaps hold `heaps` matches (numbers that are not negative). Two perfect players move by turns, $move. Tell whether "
        "the beginner wins, when the one who takes the last match $who. $empty.",
    ),
    source="""
def beginner_wins(heaps: list[int]) -> bool:
    mixed = 0
    large = 0
    for heap in heaps:
        mixed ^= $grundy
        if $grundy > 1:
            large += 1
    return $result
""",
    variants=tuple(
        {"move": move, "grundy": grundy, "who": who, "empty": empty, "result": result}
        for move, grundy in (
            ("any number of at least one from one heap", "heap"),
            ("one, two or three from one heap", "heap % 4"),
        )
        for who, empty, result in (
            ("wins", "Without any matches the beginner has lost", "mixed != 0"),
            (
                "loses",
                "Without any matches the beginner has won",
                "mixed != 0 if large > 0 else mixed == 0",
            ),
        )
    ),
    inputs=_heaps,
    examples=(([[1, 2]], True), ([[3, 3]], False), ([[]], False)),
    difficulty=4,
)
