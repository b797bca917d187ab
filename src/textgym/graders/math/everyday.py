"""Everyday notation in the spelling that the parser knows: times, dates, proportions, bases, digits that go on.

All of it is about a whole answer, or its beginning. Linear in the length of the text.
"""

import re

from textgym.graders.math.qualifiers import is_noun
from textgym.graders.math.spoken import BASES, spoken
from textgym.graders.math.text import repeating
from textgym.graders.math.units import named

_MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_MONTH = {month[:3]: month for month in _MONTHS} | {month: month for month in _MONTHS} | {"sept": "september"}
_FONT = r"\\(?:text|textbf|textrm|mathrm|mbox) *\{"
_TIME = re.compile(
    rf"(\d{{1,2}})(?: ?: ?(\d\d))?(?: ?: ?(\d\d))? *(?:{_FONT} *)?([ap])\.? ?m\.? *\}}?", re.ASCII | re.IGNORECASE
)
_DURATION = re.compile(
    r"(?:(?P<h>\d+) ?h(?:rs?)?[ ,]{0,2})?(?:(?P<m>\d+(?:\.\d+)?) ?m(?:in)?)(?:[ ,]{0,2}(?P<s>\d+(?:\.\d+)?) ?s(?:ec)?)?",
    re.ASCII,
)
_FEET = re.compile(r"(\d+) ?'(?: ?(\d+(?:\.\d+)?) ?(?:''|\"))?", re.ASCII)
_PARTS_OF_DEGREE = re.compile(r"(\d+) ?\\degree ?(\d{1,2}) ?'(?: ?(\d{1,2}) ?(?:''|\"))?", re.ASCII)
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? *(\d{4}))?"
_MONTH_FIRST = re.compile(rf"({_NAME})\.? +(?:the )?{_DAY}{_YEAR}", re.ASCII | re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(?:the )?{_DAY} +(?:of +)?({_NAME})\.?{_YEAR}", re.ASCII | re.IGNORECASE)
_PROPORTION = re.compile(rf"(\d+(?:\.\d+)?) *(?:{_FONT} *to *\}}|to) *(\d+(?:\.\d+)?)", re.ASCII)
_SHARE = re.compile(rf"(\d{{1,9}}) *(?:{_FONT} *(?:out of|in) *\}}|out of|in) *(\d{{1,9}})", re.ASCII)
_CHOOSE = re.compile(rf"(\d{{1,5}}) *(?:{_FONT} *choose *\}}|choose) *(\d{{1,5}})", re.ASCII)
_BASE = "|".join(sorted(BASES, key=len, reverse=True))
_LOWERED_BASE = re.compile(
    rf"_ ?(?:\{{ ?{_FONT} ?(?:base )?({_BASE}) ?\}} ?\}}|{_FONT} ?({_BASE}) ?\}}|\{{ ?({_BASE}) ?\}})"
)
_IN_BASE = re.compile(rf"([0-9A-Fa-f]+) *\(?(?:{_FONT} *)?(?:in )?base[ -](?:{_FONT} *)?({_BASE})\)?\}}?\)?", re.ASCII)
_SIGNED = re.compile(
    rf"(?:{_FONT} *(negative|minus|positive) *\}}|(negative|minus|positive)) *(?=[\d.(\\])", re.IGNORECASE
)
_ABOUT = re.compile(r"\\approx(?![A-Za-z]) *(?=\S)")
_REPEATING = re.compile(r"(-?)(\d{0,40})\.(\d{0,40})\((\d{1,40})\)", re.ASCII)
_GOES_ON = re.compile(r"(?<![\d.])(\d{0,40})\.(\d{3,60}) ?\\ldots(?! *[A-Za-z\d\\(])", re.ASCII)
_LETTER = r" ?(?=[mgshdtLlNJWVAKCFB](?![A-Za-z]))"
_RAISED_NUMERAL = re.compile(rf"(?<=\d)( ?\^ ?)\{{ ?(-?\d+) ?\}}{_LETTER}", re.ASCII)
_ROOT = re.compile(rf"(\\sqrt ?)\{{ ?(\d+) ?\}}{_LETTER}", re.ASCII)
_FRACTION = re.compile(rf"(-?(?:\d+ ?)?)\\frac ?\{{ ?(\d+) ?\}} ?\{{ ?(\d+) ?\}}{_LETTER}", re.ASCII)
_WORDS = re.compile(r"[A-Za-z]+(?:-[a-z]+)*(?: [A-Za-z][A-Za-z-]*)+(?:[ /^].*)?")
_PLURALS = frozenset(["people", "men", "women", "children", "feet", "mice"])
_NO_NOUNS = frozenset(["times", "as", "less", "plus", "minus", "sides", "others"])
_LONGEST_FIXED = 3
"""Digits before those that are repeated: more of them hint at a number that is written without a pattern."""


def everyday(text: str) -> str:
    """A cleaned text with everyday notation spelled as mathematics; most texts are left as they are."""
    if match := _ABOUT.match(text):
        text = text[match.end() :]
    if match := _SIGNED.match(text):
        word = (match[1] or match[2]).lower()
        text = text[match.end() :] if word == "positive" else f"-{text[match.end() :]}"
    whole = _time(text) or _duration(text) or _primes(text) or _date(text) or _proportion(text) or _counted(text)
    if whole is not None:
        return whole
    if match := _REPEATING.fullmatch(text):
        return match[1] + repeating(match[2] or "0", match[3], match[4])
    if match := _IN_BASE.fullmatch(text):
        return f"{match[1].upper()}_{{{BASES[match[2]]}}}"
    text = _LOWERED_BASE.sub(lambda match: f"_{{{BASES[match[1] or match[2] or match[3]]}}}", text)
    text = _before_letter(text).replace("...", r"\ldots ")
    return _GOES_ON.sub(_endless, text) if r"\ldots" in text else text


def _counted(text: str) -> str | None:
    """A number in words before a unit or before what it counts, with digits: four hours, five apples."""
    if not _WORDS.fullmatch(text):
        return None
    words = text.split(" ")
    for count in range(min(len(words) - 1, 12), 0, -1):
        value = spoken(" ".join(words[:count]))
        if value is not None:
            rest = words[count:]
            if value < 1 and rest[0] in ("a", "an"):  # half an hour
                rest = rest[1:]
            if not rest or not _is_counted(rest, one=value == 1):
                return None
            first, also, last = " ".join(rest).partition(" and ")  # two hours and fifteen minutes
            return f"{value} {first}{also}{(_counted(last) or last) if also else ''}"
    return None


def _is_counted(words: list[str], *, one: bool) -> bool:
    """Whether words after a number in words are surely its unit, or a noun in the plural."""
    first, last = words[0], words[-1]
    if len(first) > 1 and first not in ("in", "second", "quarter") and named(first) is not None:
        return True
    if one and first == "second":
        return len(words) == 1
    if len(words) > 2 or not all(word.islower() for word in words) or not is_noun(words):
        return False
    plural = last in _PLURALS or (last.endswith("s") and not last.endswith("ss"))
    return plural and not one and not _NO_NOUNS.intersection(words)


def _before_letter(text: str) -> str:
    """A power of ten, a root or a fraction without braces before a letter, which may then be a unit as after a numeral."""
    if "}" not in text:
        return text
    if match := _FRACTION.match(text):
        whole = f"{match[1].rstrip()} " if match[1].strip("- ") else match[1]
        text = f"{whole}{match[2]}/{match[3]} {text[match.end() :]}"
    text = _RAISED_NUMERAL.sub(r"\1\2 ", text)
    return _ROOT.sub(r"\1\2 ", text)


def _time(text: str) -> str | None:
    match = _TIME.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 12 or int(match[2] or 0) > 59 or int(match[3] or 0) > 59:
        return None
    digits = ":".join([str(int(match[1])), *(part for part in match.group(2, 3) if part)])
    return f"{digits} {match[4].lower()}m"


def _duration(text: str) -> str | None:
    """Hours, minutes and seconds by their letters; the m is that of minutes where another of them stands beside it."""
    match = _DURATION.fullmatch(text)
    if match is None or not (match["h"] or match["s"]):
        return None
    parts = ((match["h"], "h"), (match["m"], "min"), (match["s"], "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def _primes(text: str) -> str | None:
    """Feet and inches, and minutes and seconds of a degree, by their primes."""
    if match := _FEET.fullmatch(text):
        return f"{match[1]} feet {match[2]} inches" if match[2] else f"{match[1]} feet"
    match = _PARTS_OF_DEGREE.fullmatch(text)
    if match is None:
        return None
    degrees, minutes, seconds = (int(part or 0) for part in match.groups())
    return rf"\frac{{{3600 * degrees + 60 * minutes + seconds}}}{{3600}} \degree "


def full_hour(text: str) -> str | None:
    """A time without minutes, such as 8 am, with them; None where the text is none."""
    match = _TIME.fullmatch(text)
    return f"{match[1]}:00 {match[4]}m" if match and not match[2] else None


def _date(text: str) -> str | None:
    if match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    if not 1 <= int(day) <= 31:
        return None
    return " ".join([_MONTH[month.lower()], str(int(day)), *([year] if year else [])])


def _proportion(text: str) -> str | None:
    if (match := _SHARE.fullmatch(text)) and int(match[1]) <= int(match[2]) > 0:
        return rf"\frac{{{match[1]}}}{{{match[2]}}}"  # 1 out of 3
    if match := _CHOOSE.fullmatch(text):
        return rf"\binom{{{match[1]}}}{{{match[2]}}}"
    match = _PROPORTION.fullmatch(text)
    return f"({match[1]}):({match[2]})" if match else None  # without the brackets, 2:30 may be a time


def _endless(match: re.Match[str]) -> str:
    """A decimal that ends with one group of digits at least three times, and dots, as a fraction."""
    whole, digits = match[1] or "0", match[2]
    for length in range(1, len(digits) // 3 + 1):
        again = digits[-length:]
        if digits.endswith(again * 3):
            fixed = digits
            while fixed.endswith(again):
                fixed = fixed[: -len(again)]
            if len(fixed) > _LONGEST_FIXED:
                return match[0]
            return repeating(whole, fixed, again)
    return match[0]
