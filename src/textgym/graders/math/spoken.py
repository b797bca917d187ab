"""Numbers in words: whole numbers, halves and thirds, and the words that go after a numeral, as in 2 thirds and 5 squared."""

from fractions import Fraction

_LONGEST = 200
_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PARTS = {
    "half": 2, "third": 3, "fourth": 4, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40,
    "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
    "thousandth": 1000, "millionth": 10**6,
}  # fmt: skip
"""Parts of a whole, in the singular."""
_MANY = {"halves": 2} | {f"{word}s": value for word, value in _PARTS.items() if word != "half"}
GROUPS = {"tens": 10, "hundreds": 100} | {f"{word}s": value for word, value in _SCALES.items()}
"""Groups that a numeral counts: 3 hundreds."""
NUMERALS = frozenset(
    [*_ONES, *_TENS, *_SCALES, *_PARTS, *_MANY, *GROUPS, "hundred", "dozen", "dozens", "percent", "pct"]
) - {"quarter", "quarters"}
"""Words of numbers; a quarter is also a coin and a part of a year."""
BASES = {str(value): value for value in range(2, 17)} | {
    word: value for word, value in _ONES.items() if 2 <= value <= 16
}
"""Bases of numerals, in digits and in words."""


def spoken(text: str) -> Fraction | None:
    """The number that a text of words consists of, such as `one hundred and five`, `minus two thirds`, `two and a half`.

    Returns:
        None where the text is no number, or may be more than one: `twenty fifth` is a place in an order, and `one, two` is
        a list.
    """
    if len(text) > _LONGEST:
        return None
    words = text.casefold().replace("-", " ").split()
    negative = len(words) > 1 and words[0] in ("negative", "minus")
    if negative:
        words = words[1:]
    value = _fraction(words) if words and (words[-1] in _PARTS or words[-1] in _MANY) else _cardinal(words)
    return -value if negative and value is not None else value


def part(word: str, count: Fraction) -> int | None:
    """How many of the parts that a word after a numeral names make a whole, as in 1 third, 2 thirds; None where it names
    none, or its number is not that of the count. A quarter may be a coin, and is none here."""
    if word in ("quarter", "quarters") or count.denominator != 1:
        return None
    return _PARTS.get(word) if count == 1 else _MANY.get(word)


def _fraction(words: list[str]) -> Fraction | None:
    *before, last = words
    whole: Fraction | None = Fraction(0)
    if "and" in before:
        at = len(before) - 1 - before[::-1].index("and")
        whole, before = _cardinal(before[:at]), before[at + 1 :]
        if whole is None or not 0 < whole < 100:
            return None  # one hundred and three thousandths
    if not before:
        return Fraction(1, 2) if words == ["half"] else None
    above = Fraction(1) if before == ["a"] else _cardinal(before)
    below = _PARTS.get(last) if above == 1 else _MANY.get(last)
    if not above or below is None or whole is None:
        return None
    if below >= 1000 and before[-1] in ("ten", "hundred", *_SCALES):
        return None  # ten thousandths
    if whole and above >= below:
        return None
    return whole + Fraction(above, below)


def _cardinal(words: list[str]) -> Fraction | None:
    """A whole number; `and` may stand after a hundred or a thousand."""
    if words == ["zero"]:
        return Fraction(0)
    if words[:1] == ["a"] and len(words) > 1 and words[1] in ("hundred", *_SCALES):
        words = ["one", *words[1:]]
    total, current, before, largest = 0, 0, "start", 10**15
    for word in words:
        if word in _TENS and before in ("start", "hundred", "scale", "and"):
            current, before = current + _TENS[word], "tens"
        elif (value := _ONES.get(word, 0)) > 0 and (
            before in ("start", "hundred", "scale", "and") or (before == "tens" and value < 10)
        ):
            current, before = current + value, "ones"
        elif word == "hundred" and before == "ones" and current < 100:
            current, before = 100 * current, "hundred"
        elif word in _SCALES and before in ("ones", "tens", "hundred") and _SCALES[word] < largest:
            largest = _SCALES[word]
            total, current, before = total + current * largest, 0, "scale"
        elif word == "and" and before in ("hundred", "scale"):
            before = "and"
        else:
            return None
    return Fraction(total + current) if words and before not in ("start", "and") else None
