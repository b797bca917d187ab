"""Numbers in a text, read whole, exactly and in bounded time."""

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any

_LONGEST = 400
_LARGEST_EXPONENT = 1000
_SIGNS = str.maketrans({"−": "-", "–": "-", "＋": "+"})
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+"
_DECIMAL = re.compile(
    rf"([+-]?)\s?({_NUMBER})(?:[eE]([+-]?[0-9]{{1,4}})|\s?[×x*]\s?10\^\{{?([+-]?[0-9]{{1,4}})\}}?)?", re.ASCII
)
_FRACTION = re.compile(r"([+-]?[0-9]+)\s?/\s?([0-9]+)", re.ASCII)


def read_number(given: Any) -> Fraction | None:
    """The number that `given` is, exactly, or None.

    A text must consist of the number and white space around it: `42`, `-0.5`, `1,234.5`, `6.02e23`, `6.02 × 10^23`, `3/4`. A
    float is the decimal number that it is written as. More than 400 characters or an exponent beyond 1,000 are not read, nor
    are percentages, units, or a number inside a sentence: an answer that names several would be paid for hedging.
    """
    if isinstance(given, str):
        whole = given.strip() if len(given) <= _LONGEST else ""
        number, end = leading_number(whole)
        return number if end == len(whole) else None
    if isinstance(given, bool):
        return None
    if isinstance(given, float | Decimal):
        return read_number(str(given))
    return Fraction(given) if isinstance(given, Rational) else None


def leading_number(text: str) -> tuple[Fraction | None, int]:
    """The number with which `text` begins, and where it ends; None and 0 where it begins with none."""
    text = text[:_LONGEST].translate(_SIGNS)
    fraction = _FRACTION.match(text)
    if fraction is not None:
        below = int(fraction[2])
        return (Fraction(int(fraction[1]), below), fraction.end()) if below else (None, 0)
    found = _DECIMAL.match(text)
    if found is None:
        return None, 0
    exponent = int(found[3] or found[4] or 0)
    if abs(exponent) > _LARGEST_EXPONENT:
        return None, 0
    number = Fraction(found[2].replace(",", "").removesuffix(".")) * Fraction(10) ** exponent
    return (-number if found[1] == "-" else number), found.end()


def as_fraction(setting: float) -> Fraction:
    """A setting such as a tolerance, as the decimal number that it is written as."""
    return Fraction(repr(setting))
