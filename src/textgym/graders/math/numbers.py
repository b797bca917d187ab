"""Written numbers, exactly: the fast way for the answers that are nothing but a number."""

import re
from dataclasses import dataclass
from fractions import Fraction

from textgym.graders.math.options import MAX_DIGITS
from textgym.graders.math.spoken import spoken

_DECIMAL = re.compile(
    r"([+-]?)(?:([1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.(\d*))?|\.(\d+))(?:[eE](\+?\d{1,4}|-\d{1,4}))? ?(%?)", re.ASCII
)
_FRACTION = re.compile(
    r"([+-]?)(?:(\d+) ?(?= \d|\\))?(?:\\frac ?\{ ?([+-]?\d+) ?\} ?\{ ?(\d+) ?\}| ?(\d+) ?/ ?(\d+))", re.ASCII
)
_BASED = re.compile(r"(?:\\[a-z]+\{)?([0-9A-F]{2,256})\}?_\{?([0-9]{1,2})\}?", re.ASCII)
_PREFIXED = re.compile(r"0(?:[xX][0-9a-fA-F]{1,256}|[bB][01]{1,256}|[oO][0-7]{1,256})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Exact:
    """A number as written: its value without the percent sign, the digits after the point, and that sign."""

    value: Fraction
    places: int | None = None
    percent: bool = False


def exact(text: str) -> Exact | None:
    """The number that a text consists of: digits, thousands separators, decimals, powers of ten, p/q, mixed numbers,
    numerals in another base, words."""
    if not text or len(text) > MAX_DIGITS:
        return None
    if text.isascii() and text.isdigit():
        return Exact(Fraction(int(text)))
    match = _DECIMAL.fullmatch(text)
    if match:
        return _decimal(match)
    match = _FRACTION.fullmatch(text)
    if match:
        return _fraction(match)
    match = _BASED.fullmatch(text)
    if match:
        return _based(match)
    if _PREFIXED.fullmatch(text):
        return Exact(Fraction(int(text, 0)))
    value = spoken(text) if text[0].isalpha() else None
    return Exact(value) if value is not None else None


def _based(match: re.Match[str]) -> Exact | None:
    try:
        return Exact(Fraction(int(match[1], int(match[2]))))
    except ValueError:
        return None  # a base or a digit that does not exist


def _decimal(match: re.Match[str]) -> Exact | None:
    sign, whole, after, bare, power, percent = match.groups()
    if power is not None and after is None and bare is None and not power.isdigit():
        return None  # 2e-1 may also be twice Euler's number less one: the parser reads it in both ways
    whole = (whole or "0").replace(",", "")
    after = after or bare or ""
    value = Fraction(int(whole + after or "0"), 10 ** len(after))
    places = len(after) or None
    if power is not None:
        value *= Fraction(10) ** int(power)
        places = None
    return Exact(-value if sign == "-" else value, places, bool(percent))


def _fraction(match: re.Match[str]) -> Exact | None:
    sign, whole, top, bottom, plain_top, plain_bottom = match.groups()
    above, below = int(top or plain_top), int(bottom or plain_bottom)
    if not below:
        return None
    value = Fraction(above, below)
    if whole is not None:
        if not 0 < above < below:
            return None  # a product, or nothing that is read here
        value += int(whole)
    return Exact(-value if sign == "-" else value)
