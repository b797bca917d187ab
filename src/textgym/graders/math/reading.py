"""What a text says, worked out as far as a comparison asks for it, and kept: a reference is read once."""

import re
from contextlib import suppress
from functools import cached_property, lru_cache

from textgym.graders.math.choices import Choice, choice
from textgym.graders.math.clauses import named_function, named_points, without_clauses
from textgym.graders.math.everyday import everyday, full_hour
from textgym.graders.math.forms import prepared
from textgym.graders.math.numbers import Exact, exact
from textgym.graders.math.parser import parse
from textgym.graders.math.text import clean, folded
from textgym.graders.math.tree import Const, Mul, Node, NotMath, Num, Quantity, Sequence, Sym, Word, number
from textgym.graders.math.units import PERCENT, SCALES, named
from textgym.graders.math.vocabulary import CONSTANTS, EMPTY, FUNCTIONS, GREEK, JOINERS, SYNONYMS, is_product

_LONGEST_KEPT = 512
_PHRASE = re.compile(r"[^\W\d_][^\W\d_]*(?:[ ,'-]+[^\W\d_]+)*!?")
_TEXT = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mbox|mathbf|operatorname|textnormal) *\{((?:[^{}\\]|\\[$%,; ])*)\}"
)
_FEW_LETTERS = re.compile(r"[A-Za-z]{2,4}")
_SEPARATED = re.compile(r"-?[1-9]\d{0,2}(?:,[1-9]\d\d)+")
_EULER = re.compile(r"\d[eE][+-]\d")
_LETTER_UNIT = re.compile(r"\d ?[A-Za-z](?![A-Za-z])")
_GLUED = re.compile(r"(?<=[\d)}\]]) ?(or|and) ?(?=[\d(\\{\[-]|[A-Za-z](?![A-Za-z]))")
_INEQUALITY = re.compile(r"[<>]|\\[lg]e(?![a-z])")
_UNFINISHED = re.compile(r"\b(?:and|or)\b[^A-Za-z0-9]*$")
_BETWEEN = re.compile(r",|\b(?:and|or)\b")


class Reading:
    """One text.

    Args:
        given: the text; at most `options.MAX_CHARS` characters.
        decimal_comma: whether 1,5 is a decimal.
    """

    def __init__(self, given: str, decimal_comma: bool) -> None:
        self.decimal_comma = decimal_comma
        self._prepared: dict[bool, list[Node]] = {}
        self.text, self._groups = clean(given)
        whole = _TEXT.fullmatch(self.text)
        if whole and not whole[1].strip().isalpha():
            self.text, self._groups = clean(whole[1])
        self.text = named_function(without_clauses(self.text))
        whole = _TEXT.fullmatch(self.text)
        self.exact: Exact | None = exact(whole[1].strip() if whole else self.text)
        if self.exact is None and (said := everyday(self.text)) != self.text:
            self.text, self.exact = said, exact(said)
        self.ambiguous = self.exact is not None and _SEPARATED.fullmatch(self.text) is not None

    @cached_property
    def choice(self) -> Choice | None:
        """The letter of a choice and its content, where both are there."""
        return choice(self.text)

    @cached_property
    def words(self) -> str | None:
        """The words, folded, where the text is nothing but words; None where it may be mathematics."""
        whole = _TEXT.fullmatch(self.text)
        text = whole[1] if whole else self.text
        if not _PHRASE.fullmatch(text):
            return None
        parts = re.split(r"[ ,'!-]+", text.strip("! "))
        letters_only = len(parts) == 1 and whole is not None and len(parts[0]) > 1
        if not letters_only and all(_known(part) for part in parts):
            return None
        found = folded(text)
        return SYNONYMS.get(found, found)

    @property
    def lists_words(self) -> bool:
        """Whether the words may be a list."""
        return _BETWEEN.search(self.text) is not None

    @cached_property
    def trees(self) -> tuple[Node, ...]:
        """The syntax trees of all ways to read the text, the likeliest first; none where it is not understood."""
        if self.exact is not None:
            written = Num(self.exact.value, self.exact.places)
            return (Quantity(written, PERCENT) if self.exact.percent else written, *self._listed())
        if self.words is not None and not self.lists_words:
            return (Word(self.words), *self._letters(), *([Sequence("set", ())] if self.words in EMPTY else []))
        if self.words is not None:
            parts = [folded(part) for part in _BETWEEN.split(self.text)]
            return (Sequence("list", tuple(Word(part) for part in parts if part)), Word(self.words))
        if _UNFINISHED.search(self.text):
            return ()
        found: list[Node] = []
        text = _GLUED.sub(r" \1 ", self.text)
        if "\\cup" in text and _INEQUALITY.search(text) and not re.search(r"[(\[{]", text):
            text = text.replace("\\cup", " or ")  # x < 1 \cup x > 2
        ways = [{"powers_of_ten": True}]
        if self.decimal_comma:
            ways.append({"decimal_comma": True})
        if _EULER.search(text):
            ways.append({"powers_of_ten": False})
        if _LETTER_UNIT.search(text):
            ways.append({"letter_units": True})
        for way in ways:
            try:
                tree = parse(text, groups=self._groups, **way)
            except NotMath:
                continue
            if tree not in found:
                found.append(tree)
        if (hour := full_hour(text)) is not None:
            found.append(parse(hour))
        if (points := named_points(text)) is not None:
            with suppress(NotMath):
                found.append(parse(points, groups=self._groups))
        return tuple(found)

    def prepared(self, percent_is_number: bool) -> list[Node]:
        """The trees in the form for comparison; those that make no sense are left out."""
        if percent_is_number not in self._prepared:
            found = []
            for tree in self.trees:
                with suppress(NotMath):
                    found.append(prepared(tree, percent_is_number))
            self._prepared[percent_is_number] = found
        return self._prepared[percent_is_number]

    def _letters(self) -> list[Node]:
        """A few letters may also be a product: lw beside l * w. Beside another word they are a word."""
        if not _FEW_LETTERS.fullmatch(self.text) or self.text.isupper() or len(set(self.text)) < len(self.text):
            return []  # the order of capitals may count: matrices, ends of a segment
        return [Mul(tuple(Const(CONSTANTS[one]) if one in CONSTANTS else Sym(one) for one in self.text))]

    def _listed(self) -> list[Node]:
        """Three digits between commas may also be members of a list."""
        if not self.ambiguous:
            return []
        return [Sequence("list", tuple(number(int(part)) for part in self.text.split(",")))]


def _known(word: str) -> bool:
    """Whether a word of letters is mathematics."""
    if len(word) == 1:
        return True
    if word in FUNCTIONS or word in CONSTANTS or word in GREEK or word in JOINERS or word in SCALES:
        return True
    return is_product(word) or (named(word) is not None and word not in ("in", "a"))


def read(text: str, decimal_comma: bool) -> Reading:
    """The reading of a text; that of a short one is kept for the next time."""
    return _kept(text, decimal_comma) if len(text) <= _LONGEST_KEPT else Reading(text, decimal_comma)


@lru_cache(maxsize=2048)
def _kept(text: str, decimal_comma: bool) -> Reading:
    return Reading(text, decimal_comma)
