"""Written numbers, exactly: the fast way for the answers that are nothing but a number."""

import re
from dataclasses import dataclass
from fractions import Fraction

from textgym.graders.math.options import MAX_DIGITS

_DECIMAL = re.compile(
    r"([+-]?)(?:([1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.(\d*))?|\.(\d+))(?:[eE](\+?\d{1,4}|-\d{1,4}))? ?(%?)", re.ASCII
)
_FRACTION = re.compile(
    r"([+-]?)(?:(\d+) ?(?= \d|\\))?(?:\\frac ?\{ ?([+-]?\d+) ?\} ?\{ ?(\d+) ?\}| ?(\d+) ?/ ?(\d+))", re.ASCII
)
_BASED = re.compile(r"(?:\\[a-z]+\{)?([0-9A-F]{2,256})\}?_\{?([0-9]{1,2})\}?", re.ASCII)
_WORDS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 20 + 10 * place
    for place, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}


@dataclass(frozen=True, slots=True)
class Exact:
    """A number as written: its value without the percent sign, the digits after the point, and that sign."""

    value: Fraction
    places: int | None = None
    percent: bool = False


def exact(text: str) -> Exact | None:
    """The number that a text consists of: digits, thousands separators, decimals, powers of ten, p/q, mixed numbers."""
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
    return _spelled(text)


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


def _spelled(text: str) -> Exact | None:
    """Whole numbers below a hundred in words."""
    if not text[0].isalpha():
        return None
    word = text.casefold()
    if word in _WORDS:
        return Exact(Fraction(_WORDS[word]))
    tens, _, ones = word.replace(" ", "-").partition("-")
    if tens in _TENS and (not ones or 0 < _WORDS.get(ones, 0) < 10):
        return Exact(Fraction(_TENS[tens] + (_WORDS[ones] if ones else 0)))
    return None
