"""Numbers that generators draw, and sums as they are written in a question."""

from collections.abc import Iterable
from fractions import Fraction

from textgym.core import Random


def nonzero(rng: Random, size: int) -> int:
    """A whole number from `-size` to `size`, not 0."""
    number = rng.randint(1, size)
    return -number if rng.getrandbits(1) else number


def small_fraction(rng: Random, size: int, largest_denominator: int) -> Fraction:
    """A fraction, often whole, not 0, between `-size` and `size`."""
    below = rng.randint(1, largest_denominator)
    return Fraction(nonzero(rng, size * below), below)


def sign_pattern(numbers: Iterable[int | Fraction]) -> str:
    """The signs of numbers without their sizes, such as `+-0`; what a family of equations has in common."""
    return "".join("+" if number > 0 else "-" if number < 0 else "0" for number in numbers)


def signed(number: int | Fraction) -> str:
    """A number with its sign apart, as it stands inside a sum: `+ 3` or `- 1/2`."""
    return f"{'-' if number < 0 else '+'} {abs(number)}"


def signed_sum(terms: Iterable[tuple[int | Fraction, str]]) -> str:
    """A sum of numbers times letters as text: `3x - y + 5`; a term without a letter is a number alone, zeros are left out.

    A fraction in front of a letter is put in parentheses.
    """
    text = ""
    for number, letter in terms:
        if not number:
            continue
        size: int | Fraction = -number if number < 0 else number
        shown = "" if size == 1 and letter else f"({size})" if letter and Fraction(size).denominator > 1 else str(size)
        sign = ("-" if number < 0 else "") if not text else " - " if number < 0 else " + "
        text += f"{sign}{shown}{letter}"
    return text or "0"
