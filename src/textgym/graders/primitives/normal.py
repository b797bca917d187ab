"""Forms of a text in which differences that do not matter are gone; each in time linear in its length."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Space = Literal["keep", "strip", "collapse", "remove"]

_WORD = re.compile(r"\w+")
_LONGEST_RUN = 64
_LAST_MARK = 0x1F000
"""No mark that can be moved by normalisation has a code point from here on."""
_HIDDEN_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""The only characters that do not combine, and become marks that do in NFKC."""


def normalise(text: str, *, case: bool = False, nfkc: bool = True, space: Space = "collapse") -> str:
    """The text in the form that is compared.

    Args:
        text: any text.
        case: whether upper and lower case stay apart.
        nfkc: whether it is brought into Unicode's form NFKC.
        space: what becomes of white space.
    """
    if nfkc and not text.isascii():
        text = _settled(text)
    if not case:
        text = text.casefold()
    if space == "strip":
        return text.strip()
    if space == "collapse":
        return " ".join(text.split())
    if space == "remove":
        return "".join(text.split())
    return text


def words(text: str) -> list[str]:
    """The words of a text in any script: letters, digits and underscores that stand together."""
    return _WORD.findall(text)


def _settled(text: str) -> str:
    """NFKC in linear time.

    Normalisation sorts the marks on one letter, in time quadratic in their number. No writing has more than a few; of a longer
    run only the first 64 are kept.
    """
    return unicodedata.normalize("NFKC", _marks().sub(lambda run: run[0][:_LONGEST_RUN], text))


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    """A run of marks that is too long."""
    marks = "".join(filter(unicodedata.combining, map(chr, range(0x300, _LAST_MARK))))
    return re.compile(f"[{re.escape(marks)}{_HIDDEN_MARKS}]{{2,}}+")
