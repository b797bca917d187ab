"""The parts of an answer that is more than one number: lists, sets, named values, pairs. Exact, bounded, nothing executed.

Every reader returns None where the text is not in the form it reads; a caller says what the form is.
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from textgym.actions.answers import exact_number

LONGEST = 4_000
MOST_PARTS = 200

_DECIMAL = re.compile(r"([+-]?)([0-9]{1,60})\.([0-9]{1,60})", re.ASCII)
_PAIR = re.compile(r"\s*\(([^(),]{1,200}),([^(),]{1,200})\)\s*")
_MINUS = str.maketrans({"−": "-", "–": "-"})


def rational(text: str) -> Fraction | None:
    """A whole number, a fraction `p/q`, or a decimal such as `2.5`, read exactly; see `exact_number` for the bounds."""
    text = text.strip().translate(_MINUS)
    number = exact_number(text)
    if number is not None or len(text) > LONGEST:
        return number
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    sign, whole, decimals = found.groups()
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -value if sign == "-" else value


def whole_number(text: str) -> int | None:
    """A whole number of at most 100 digits; `6/2` and `3.0` are none."""
    number = exact_number(text.translate(_MINUS)) if "/" not in text else None
    return None if number is None else int(number)


def parts(text: str, separators: str = ",;") -> list[str] | None:
    """The stripped texts between separators; None where one of them is empty, or the text or their number too long.

    Brackets `{}`, `[]` or `()` around the whole are left out, if nothing inside is bracketed.
    """
    if len(text) > LONGEST:
        return None
    text = text.strip()
    if len(text) >= 2 and text[0] + text[-1] in ("{}", "[]", "()") and not any(b in text[1:-1] for b in "{}[]()"):
        text = text[1:-1]
    first = separators[0]
    for other in separators[1:]:
        text = text.replace(other, first)
    found = [part.strip() for part in text.split(first, MOST_PARTS)]
    return found if len(found) <= MOST_PARTS and all(found) else None


def whole_numbers(text: str) -> list[int] | None:
    """Whole numbers separated by commas or semicolons."""
    found = [whole_number(part) for part in parts(text) or ()]
    numbers = [number for number in found if number is not None]
    return numbers if numbers and len(numbers) == len(found) else None


def rationals(text: str) -> list[Fraction] | None:
    """Exact numbers separated by commas or semicolons."""
    found = [rational(part) for part in parts(text) or ()]
    numbers = [number for number in found if number is not None]
    return numbers if numbers and len(numbers) == len(found) else None


def named(text: str, names: Sequence[str]) -> dict[str, str] | None:
    """What is written behind each name in `x = 3, y = 4`, in any order: every name exactly once, and no other.

    Parts are separated by commas, semicolons, or line breaks.
    """
    found: dict[str, str] = {}
    for part in parts(text, ",;\n") or ():
        name, equals, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not value or name not in names or name in found:
            return None
        found[name] = value
    return found if len(found) == len(names) else None


def named_rationals(text: str, names: Sequence[str]) -> dict[str, Fraction] | None:
    """The exact number behind each name, see `named`."""
    found = {name: rational(value) for name, value in (named(text, names) or {}).items()}
    numbers = {name: number for name, number in found.items() if number is not None}
    return numbers if len(numbers) == len(names) else None


def pairs(text: str) -> list[tuple[Fraction, Fraction]] | None:
    """Pairs of exact numbers such as `(1, 2), (-3, 1/2)`, separated by commas, semicolons or white space."""
    if len(text) > LONGEST:
        return None
    text = text.strip()
    if text[:1] + text[-1:] == "{}":
        text = text[1:-1]
    found: list[tuple[Fraction, Fraction]] = []
    at = 0
    while at < len(text) and len(found) < MOST_PARTS:
        match = _PAIR.match(text, at)
        if match is None:
            return None
        first, second = rational(match[1]), rational(match[2])
        if first is None or second is None:
            return None
        found.append((first, second))
        at = match.end()
        if text[at : at + 1] in (",", ";") and at + 1 < len(text):
            at += 1
    return found if found and at == len(text) else None
