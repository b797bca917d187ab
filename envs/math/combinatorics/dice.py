"""Dice with any numbers on their faces: how they are drawn, told, and counted."""

from collections import Counter
from math import prod

from textgym.core import Random
from textgym.envs.math.combinatorics.phrases import listed

Die = list[int]
"""The numbers on the faces, in order; numbers may occur more than once."""

_SIDES = (6, 6, 8, 10, 12)


def draw_dice(count: int, largest: int, rng: Random) -> list[Die]:
    """Dice with at least two different numbers each."""
    faces, dice = range(1, largest + 1), list[Die]()
    while len(dice) < count:
        die = sorted(rng.choices(faces, k=rng.choice(_SIDES)))
        if die[0] != die[-1]:
            dice.append(die)
    return dice


def told(dice: list[Die]) -> str:
    """The dice in words."""
    faces = [f"one with the faces {', '.join(map(str, die))}" for die in dice]
    return f"{len(dice)} fair dice are rolled: {listed(faces)}"


def rolls(dice: list[Die]) -> int:
    """How many equally likely rolls there are."""
    return prod(map(len, dice))


def sums(dice: list[Die]) -> Counter[int]:
    """In how many rolls each sum comes up."""
    ways = {0: 1}
    for die in dice:
        new: dict[int, int] = {}
        for total, count in ways.items():
            for face in die:
                new[total + face] = new.get(total + face, 0) + count
        ways = new
    return Counter(ways)


def at_most(dice: list[Die], bound: int) -> int:
    """In how many rolls no number is above `bound`."""
    return prod(sum(face <= bound for face in die) for die in dice)


def reaching(dice: list[Die], bound: int) -> list[int]:
    """In how many rolls 0, 1, 2, ... dice show at least `bound`."""
    ways = [1]
    for die in dice:
        hits = sum(face >= bound for face in die)
        missed = [(len(die) - hits) * count for count in ways]
        ways = [a + b for a, b in zip([*missed, 0], [0, *(hits * count for count in ways)], strict=True)]
    return ways
