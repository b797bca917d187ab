"""Scores: what a guess, a hand, a throw or a match counts."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import length, many
from textgym.envs.code.functions.family import Family


def _two_codes(rng: Random) -> list[Any]:
    """Two texts of equal length."""
    size = length(rng, 6)
    return ["".join(rng.choice("aAbBc") for _ in range(size)) for _ in range(2)]


def _throw(rng: Random) -> list[Any]:
    """Five dice, often with equal numbers or a row."""
    start = rng.randint(1, 2)
    if rng.randrange(2) == 0:
        row = [start, start + 1, start + 2, start + 3, rng.choice([start + 4, rng.randint(1, 6)])]
        return [rng.sample(row, 5)]
    kinds = [[1, 2, 3, 4, 5, 6], [1, 5], [2, 6, 6], [3, 4, 5, 6], [rng.randint(1, 6)]]
    faces = rng.choice(kinds)
    return [[rng.choice(faces) for _ in range(5)]]


def _points(rng: Random) -> list[Any]:
    """Points of two players, one often better than the other."""
    players = rng.choice(["AB", "AAB", "ABB"])
    return ["".join(rng.choice(players) for _ in range(length(rng, 20)))]


def _frames(rng: Random) -> list[Any]:
    """The rolls of up to six frames of bowling."""
    rolls: list[int] = []
    for _ in range(length(rng, 6)):
        first = rng.choice([10, rng.randint(0, 9), rng.randint(0, 9)])
        rolls.append(first)
        if first < 10:
            rolls.append(rng.choice([10 - first, rng.randint(0, 10 - first)]))
    return [rolls]


SCORE_FRAMES = Family(
    says=(
        "Score a game of bowling from `rolls`, the pins that fell roll by roll. A frame is one roll of ten pins (a "
        "strike) or two rolls. A strike counts ten and the pins of the next $strike, two rolls of ten pins together (a "
        "spare) count ten and the pins of the next $spare; rolls that do not exist count 0. Other frames count their "
        "pins. Return the sum of all frames.",
        "Given `rolls`, the numbers of pins in the order of play, add up the frames: ten in one roll is a strike, worth "
        "10 and what falls in the $strike behind it; ten in two rolls is a spare, worth 10 and what falls in the $spare "
        "behind it; any other two rolls are worth their pins. Missing rolls are 0.",
    ),
    source="""
def score_frames(rolls: list[int]) -> int:
    total = 0
    i = 0
    while i < len(rolls):
        if rolls[i] == 10:
            total += 10 + sum(rolls[i + 1 : i + 1 + $first])
            i += 1
        else:
            pins = sum(rolls[i : i + 2])
            if pins == 10:
                pins += sum(rolls[i + 2 : i + 2 + $second])
            total += pins
            i += 2
    return total
""",
    variants=(
        {"strike": "two rolls", "first": "2", "spare": "one roll", "second": "1"},
        {"strike": "one roll", "first": "1", "spare": "one roll", "second": "1"},
        {"strike": "three rolls", "first": "3", "spare": "one roll", "second": "1"},
        {"strike": "two rolls", "first": "2", "spare": "two rolls", "second": "2"},
    ),
    inputs=_frames,
    examples=(([[10, 3, 4]], 24), ([[5, 5, 2, 1]], 15), ([[]], 0)),
    difficulty=3,
)

RATE_GUESS = Family(
    says=(
        "Somebody guesses `guess` for the hidden code `code`, two texts of equal length. Return [right, misplaced]: how "
        "many positions agree, and how many further characters of the guess the code has at another position, each "
        "character of the code paired with one of the guess at most. $more.",
        "Compare `guess` with `code`, equally long, as in a game of code breaking: count the positions with equal "
        "characters, then pair what is left over on both sides character by character, wherever it stands. The result "
        "is [positions, pairs]. $more.",
    ),
    source="""
def rate_guess(code: str, guess: str) -> list[int]:
    $fold
    right = sum(1 for one, other in zip(code, guess) if one == other)
    shared = 0
    for char in sorted(set(guess)):
        $skip
        shared += min(code.count(char), guess.count(char))
    return [right, max(0, shared - right)]
""",
    variants=(
        {"more": "Capitals and small letters differ", "fold": "pass", "skip": "pass"},
        {
            "more": "Capitals and small letters are the same",
            "fold": "code, guess = code.lower(), guess.lower()",
            "skip": "pass",
        },
        {
            "more": "Capitals and small letters differ, and 'a' never counts as misplaced, only as right",
            "fold": "pass",
            "skip": 'if char == "a":\n            shared += sum(1 for i in range(len(code)) if code[i] == guess[i] == "a")\n            continue',
        },
        {
            "more": "Only the first three characters of both are looked at; capitals and small letters differ",
            "fold": "code, guess = code[:3], guess[:3]",
            "skip": "pass",
        },
    ),
    inputs=_two_codes,
    examples=((["abc", "acb"], [1, 2]), (["aab", "baa"], [1, 2]), (["", ""], [0, 0])),
    difficulty=3,
)

HAND_VALUE = Family(
    says=(
        "Add up the cards in `hand`: '2' to '10' count their number, 'J', 'Q' and 'K' ten, and each 'A' one or eleven. "
        "The value of the hand is the highest sum of at most $limit, or if there is none, the lowest sum. Return "
        "$what.",
        "A card of `hand` is '2' to '10' (worth that number), 'J', 'Q', 'K' (worth ten) or 'A' (worth eleven or one, "
        "chosen for each). Take the greatest total that is not above $limit, or the least total if all are. "
        "Return $what.",
    ),
    source="""
def hand_value(hand: list[str]) -> int:
    total = 0
    aces = 0
    for card in hand:
        if card == "A":
            aces += 1
            total += 11
        elif card in ("J", "Q", "K"):
            total += 10
        else:
            total += int(card)
    while total > $limit and aces > 0:
        total -= 10
        aces -= 1
    return $result
""",
    variants=tuple(
        {"limit": limit, "what": what, "result": result}
        for limit in ("21", "17")
        for what, result in (
            ("it", "total"),
            ("it, or 0 if it is above " + limit, f"total if total <= {limit} else 0"),
            ("how much it lacks to " + limit + ", a negative number if it is above that", f"{limit} - total"),
        )
    ),
    inputs=lambda rng: [many(rng, 4, lambda: rng.choice(["A", "A", "2", "3", "5", "7", "9", "10", "J", "K"]))],
    examples=(([["A", "K"]], 21), ([["A", "A", "9"]], 21), ([[]], 0)),
    difficulty=2,
)

SCORE_DICE = Family(
    says=(
        "Score the five dice in `dice` (numbers from 1 to 6): $first",
        "Return the points of the throw `dice`, five numbers from 1 to 6, by these rules: $second",
    ),
    source="""
def score_dice(dice: list[int]) -> int:
    counts = [dice.count(face) for face in range(7)]
    shape = sorted(count for count in counts if count > 0)
    $rule
    return $other
""",
    variants=(
        {
            "first": "five equal ones give 50, three and two equal ones 25, four equal ones 40, all else the sum of the dice.",
            "second": "50 if all are equal, 40 if four are, 25 for three of one and two of another number, and else their sum.",
            "rule": "if shape == [5]:\n        return 50\n    if shape == [1, 4]:\n        return 40\n    if shape == [2, 3]:\n        return 25",
            "other": "sum(dice)",
        },
        {
            "first": "the sum of those dice whose number occurs at least twice.",
            "second": "each die whose number another die shows as well counts its number, the others nothing.",
            "rule": "paired = [face for face in range(1, 7) if counts[face] >= 2]",
            "other": "sum(face * counts[face] for face in paired)",
        },
        {
            "first": "30 for four consecutive numbers among them, 40 for five, else 0; each number that occurs more than once "
            "takes 1 off, but not below 0.",
            "second": "40 if they make five consecutive numbers, 30 if four consecutive numbers are among them, otherwise 0; "
            "then 1 less for each number that occurs several times, never less than 0.",
            "rule": "best = run = 0\n    for face in range(1, 7):\n        run = run + 1 if counts[face] > 0 else 0\n        best = max(best, run)\n    points = 40 if best >= 5 else 30 if best == 4 else 0",
            "other": "max(0, points - sum(1 for count in counts if count > 1))",
        },
        {
            "first": "for each number that occurs at least three times, a hundred times the number, 1000 for a 1; the dice "
            "beyond those three, and the others, count 100 for a 1, 50 for a 5 and else nothing.",
            "second": "three of one number are worth a hundred times that number, three ones 1000; of the dice that are not "
            "part of such three, each 1 is worth 100, each 5 is worth 50, the others are worth nothing.",
            "rule": "points = 0\n    for face in range(1, 7):\n        if counts[face] >= 3:\n            points += 1000 if face == 1 else 100 * face\n            counts[face] -= 3",
            "other": "points + 100 * counts[1] + 50 * counts[5]",
        },
    ),
    inputs=_throw,
    examples=(([[3, 3, 3, 3, 3]], 50), ([[2, 2, 5, 5, 5]], 25), ([[1, 2, 3, 4, 6]], 16)),
    difficulty=3,
)

COUNT_GAMES = Family(
    says=(
        "In a game, the winners of the points in order are the characters 'A' and 'B' of `points`. A game is won by the "
        "first who has at least $target points and at least $lead more than the other; then the next begins at 0. "
        "Return $what.",
        "Read `points` from left to right, each character ('A' or 'B') being a point for that player. Whoever reaches "
        "$target or more points with a lead of $lead or more wins a game, after which both start again from 0. "
        "Return $what.",
    ),
    source="""
def count_games(points: str) -> list[int]:
    score = [0, 0]
    games = [0, 0]
    for point in points:
        player = 0 if point == "A" else 1
        score[player] += 1
        if score[player] >= $target and score[player] - score[1 - player] >= $lead:
            games[player] += 1
            score = [0, 0]
    return $result
""",
    variants=tuple(
        {"target": target, "lead": lead, "what": what, "result": result}
        for target, lead in (("3", "2"), ("4", "2"), ("3", "1"))
        for what, result in (
            ("the games of A and of B as a list of two numbers", "games"),
            ("the points of A and of B in the game that is not finished, as a list of two numbers", "score"),
        )
    ),
    inputs=_points,
    examples=((["AAA"], [1, 0]), (["ABABB"], [0, 0]), ([""], [0, 0])),
    difficulty=2,
)
