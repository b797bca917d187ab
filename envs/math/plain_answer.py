r"""The usual clothes of an answer, taken off: `$-19/205$`, `\boxed{3}`, `x = 3`, `1,234,567` and a full stop behind it.

What is taken off says nothing of its own, so an answer means the same without it; where two readings are possible, the text
stays as it is. Formulas in LaTeX, units, words and a second answer are never read away.
"""

import re

LONGEST = 4_000
_MOST_LAYERS = 8

_MATHS = (("$$", "$$"), (r"\[", r"\]"), (r"\(", r"\)"), ("$", "$"))
_MATHS_MARK = re.compile(r"\$|\\[\[\]()]")
_BOX = r"\boxed{"
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_FRACTION = re.compile(
    r"(-?)\\[dt]?frac\{([0-9]{1,100})\}\{([0-9]{1,100})\}|\\[dt]?frac\{(-[0-9]{1,100})\}\{([0-9]{1,100})\}"
)
_ROOT = re.compile(r"√(?:([0-9]+(?:\.[0-9]+)?)|(?=\())")


def plain_answer(text: str, *, unknown: str = "", thousands: bool = False) -> str:
    r"""An answer without its usual clothes; a text of more than `LONGEST` characters stays as it is.

    Around the whole, in any order: `$...$`, `$$...$$`, `\(...\)`, `\[...\]`, `\boxed{...}`; one full stop at the end; the
    name of the unknown and `=`. Inside: `√66` is `sqrt(66)`, and the minus sign of typesetters is `-`. If the whole is one
    number, `\frac{1}{2}` is `1/2`.

    Args:
        text: the answer.
        unknown: the letter whose value is asked for, if one is: `x = 3` says `3` then.
        thousands: whether commas group the digits of a whole number; wrong where an answer may be a list.

    Returns:
        The text after all of that; it is plain, so that doing it again changes nothing.
    """
    if len(text) > LONGEST:
        return text
    plain = text.strip()
    for _ in range(_MOST_LAYERS):
        before, plain = plain, _without_a_layer(plain, unknown, thousands=thousands)
        if plain == before:
            return plain
    return text


def _without_a_layer(text: str, unknown: str, *, thousands: bool) -> str:
    text = _ROOT.sub(lambda root: f"sqrt({root[1]})" if root[1] else "sqrt", text.replace("−", "-"))
    picture = ".." in text or ("#" in text and text.count(".") > 1)  # in which a dot is a cell
    if text.endswith(".") and not picture:
        text = text[:-1].rstrip() or text
    text = _outside_of_maths(_outside_of_box(text))
    if unknown:
        name, equals, value = text.partition("=")
        if equals and name.strip() == unknown and "=" not in value:
            text = value.strip() or text
    if fraction := _FRACTION.fullmatch(text):
        sign, above, below, signed, under = fraction.groups()
        return f"{signed}/{under}" if signed else f"{sign}{above}/{below}"
    return text.replace(",", "") if thousands and _GROUPED.fullmatch(text) else text


def _outside_of_maths(text: str) -> str:
    for opening, closing in _MATHS:
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening) + len(closing):
            inner = text[len(opening) : -len(closing)].strip()
            if inner and not _MATHS_MARK.search(inner):
                return inner
    return text


def _outside_of_box(text: str) -> str:
    if not text.startswith(_BOX) or not text.endswith("}"):
        return text
    inner, depth = text[len(_BOX) : -1], 0
    for brace in re.findall(r"[{}]", inner):
        depth += 1 if brace == "{" else -1
        if depth < 0:  # the box ends before the text does
            return text
    return text if depth or _BOX in inner else inner.strip() or text
