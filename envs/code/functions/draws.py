"""What input generators are built from: small plain values, with the extremes often enough among them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from textgym.core import Random

T = TypeVar("T")

LOWER = "abcdefghijklmnopqrstuvwxyz"
_VOWELS, _CONSONANTS = "aeiou", "bcdfglmnprst"


def length(rng: Random, most: int, least: int = 0) -> int:
    """A length from `least` to `most`: every eighth is the least, every eighth one more, the others even."""
    throw = rng.randrange(8)
    if throw < 2:
        return min(least + throw, most)
    return rng.randint(least, most)


def many(rng: Random, most: int, draw: Callable[[], T], least: int = 0) -> list[T]:
    """A list of `least` to `most` draws."""
    return [draw() for _ in range(length(rng, most, least))]


def whole(rng: Random, low: int, high: int) -> int:
    """A whole number from `low` to `high`, the ends and zero more often than the others."""
    if rng.randrange(6) == 0:
        return rng.choice([low, high, max(low, min(0, high))])
    return rng.randint(low, high)


def wholes(rng: Random, most: int, low: int, high: int, least: int = 0) -> list[int]:
    """A list of whole numbers, every third one drawn from few values, so that some are equal."""
    if rng.randrange(3) == 0:
        few = [whole(rng, low, high) for _ in range(3)]
        return many(rng, most, lambda: rng.choice(few), least)
    return many(rng, most, lambda: whole(rng, low, high), least)


def ascending(rng: Random, most: int, low: int, high: int, least: int = 0) -> list[int]:
    """A sorted list of whole numbers, equal ones among them."""
    return sorted(wholes(rng, most, low, high, least))


def distinct(rng: Random, most: int, low: int, high: int, least: int = 0) -> list[int]:
    """Different whole numbers in any order."""
    return rng.sample(range(low, high + 1), min(length(rng, most, least), high - low + 1))


def word(rng: Random, alphabet: Sequence[str] = LOWER, most: int = 8, least: int = 0) -> str:
    """A text over an alphabet; every fourth one has runs of equal characters."""
    size = length(rng, most, least)
    if rng.randrange(4) == 0:
        text = ""
        while len(text) < size:
            text += rng.choice(alphabet) * rng.randint(1, 4)
        return text[:size]
    return "".join(rng.choice(alphabet) for _ in range(size))


def spoken(rng: Random, most: int = 3) -> str:
    """A word that can be spoken, of one to `most` syllables."""
    syllables = rng.randint(1, most)
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(syllables)) + (
        rng.choice(_CONSONANTS) if rng.randrange(2) else ""
    )


def sentence(rng: Random, most: int = 6, least: int = 0) -> str:
    """Words with one blank between them, some capitalised."""
    words = many(rng, most, lambda: spoken(rng), least)
    return " ".join(one.capitalize() if rng.randrange(4) == 0 else one for one in words)


def grid(rng: Random, rows: int, columns: int, draw: Callable[[], T], least: int = 1) -> list[list[T]]:
    """A rectangle of draws, at least `least` by `least`."""
    height, width = length(rng, rows, least), length(rng, columns, least)
    return [[draw() for _ in range(width)] for _ in range(height)]


def pairs(rng: Random, most: int, low: int, high: int, least: int = 0) -> list[list[int]]:
    """Intervals `[start, end]` with start <= end."""
    return many(rng, most, lambda: sorted((rng.randint(low, high), rng.randint(low, high))), least)


def edges(rng: Random, nodes: int, most: int) -> list[list[int]]:
    """Edges `[one, other]` between different nodes numbered from 0; none twice in the same direction."""
    every = [[one, other] for one in range(nodes) for other in range(nodes) if one != other]
    return rng.sample(every, min(length(rng, most), len(every)))
