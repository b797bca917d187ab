"""Words after a value that are no unit: those that have an opposite, and those that take it back or leave it open.

The lists are closed and meant to be long. What stands in neither, such as `apples`, is what a number counts.
"""

import re

from textgym.graders.math.spoken import NUMERALS
from textgym.graders.math.tree import Node, NotMath, Sequence, Word


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPPOSITES = {
    word: entry.split()[0]
    for entry in (
        "more extra additional", "less fewer", "above", "below beneath underneath", "ahead", "behind", "profit gain", "loss",
        "increase rise growth", "decrease decline reduction drop", "surplus", "deficit shortfall short", "debt owed",
        "credit", "debit", "discount off", "markup", "deposit", "withdrawal", "up upward upwards", "down downward downwards",
        "north northward", "south southward", "east eastward", "west westward", "northeast", "northwest", "southeast",
        "southwest", "forward forwards", "backward backwards", "clockwise", "counterclockwise anticlockwise",
        "ago earlier before", "later after hence", "early", "late", "inside within", "outside", "warmer hotter",
        "colder cooler", "faster", "slower", "taller higher", "shorter lower", "older", "younger", "heavier", "lighter",
        "larger bigger greater", "smaller", "longer", "over", "under", "positive", "negative", "inward inwards",
        "outward outwards", "gained", "lost", "won", "saved", "spent", "earned", "paid", "maximum max most",
        "minimum least", "odd", "even",
    )
    for word in entry.split()
}  # fmt: skip
"""Words with an opposite, each with the one that stands for it."""
_ADJECTIVES = _words("odd even positive negative")
"""Those that say what is counted where a noun follows: 3 even numbers."""
_HEDGES = _words(
    """
    not nor neither never maybe perhaps possibly probably presumably likely unlikely supposedly unsure uncertain
    guess guessing guessed think believe suppose assume wrong incorrect mistaken invalid wait oops sorry actually
    scratch ignore disregard hmm nope either alternatively else otherwise unless but rather instead
    """
)
"""Words that take back what stands beside them or leave it open, whatever it is."""
_DOUBTS = _HEDGES | _words(
    """
    no non none nothing nobody without except excepting excluding however although though if when whenever where
    while whether because since until till than then or and versus vs seemingly apparently allegedly hopefully
    surely certain sure thought assuming assumed estimate estimated estimation roughly about around approximate
    approx approximated nearly almost near circa ca ish so something somewhere anything whatever whichever kinda
    sorta just only rounded unrounded truncated incorrectly false untrue mistake error erroneous bad impossible
    possible undefined unknown indeterminate cancel lol nah yes ok okay plus minus divided multiplied inverse
    reciprocal negated negation reversed complement root sqrt power choose mod modulo squared cubed factorial
    doubled tripled halved half base is are was were be been being can cannot could may might must should would will
    has have had do does did seems seem equals equal i we you he she they
    """
)
_LAST = _words(
    """
    right correct true imaginary opposite double triple binary octal hexadecimal hex decimal tops also too some any
    these those there here what which who why how that this it me us my your at between beyond from into onto upon
    toward towards to by for as with on through against
    """
)
"""Words that are doubts where they end what stands after a number; with more after them they may belong to a noun."""
_FIRST = _words("to by for as with on through against from into at between beyond that this which who it")
"""Words that are doubts right after a number."""
_NAMELESS = _LAST | _FIRST | _ADJECTIVES
"""Words that name nothing, beside the doubts."""
_NOUNS = _words(
    """
    family fly butterfly jelly lily bully belly july assembly anomaly ally supply reply monopoly daily weekly
    monthly yearly hourly quarterly
    """
)
"""Words that end like an adverb, and are none."""
_MOST_WORDS = 6
_DROPPED = _words("a an the of")


def is_noun(words: list[str]) -> bool:
    """Whether words after a number are what it counts: few, and none that says something else about the number.

    Args:
        words: in lower case; at least one.
    """
    if len(words) > _MOST_WORDS or words[0] in _FIRST or words[-1] in _LAST:
        return False
    if words[0] == "possible" and len(words) > 1:
        words = words[1:]
    if words[0] in ("way", "ways"):  # to choose, to arrange, ...
        return not any(word in _HEDGES for word in words)
    if len(words) > 1 and any(len(word) == 1 and word != "a" for word in words):
        return False  # 5 times x
    return not any(map(_is_doubt, words))


def doubtful(text: str) -> bool:
    """Whether a text takes something back or leaves it open."""
    return any(word in _HEDGES or word.endswith("n't") for word in re.findall(r"[a-z']+", text.casefold()))


def names_nothing(text: str) -> bool:
    """Whether words beside a sign of equality are no name for what stands there, as in "maybe = 5"."""
    words = re.findall(r"[a-z']+", text.casefold())
    return doubtful(text) or (bool(words) and all(_is_doubt(word) or word in _NAMELESS for word in words))


def _is_doubt(word: str) -> bool:
    if word in _DOUBTS or word in NUMERALS or word.endswith("n't"):
        return True
    return word.endswith("ly") and word not in _NOUNS


def opposite(written: str) -> tuple[str, str]:
    """The word with an opposite among those after a value, in the one spelling for it, and the others.

    Returns:
        An empty word where there is none.

    Raises:
        NotMath: there are several.
    """
    words = written.split()
    found = [place for place, word in enumerate(words) if _bare(word) in _OPPOSITES]
    if not found or (_bare(words[found[0]]) in _ADJECTIVES and len(words) > 1):
        return "", written
    if len(found) > 1:
        raise NotMath("two words that change a value")
    rest = words[: found[0]] + words[found[0] + 1 :]
    while len(rest) > 1 and rest[-1] in {*_DROPPED, "in"}:
        rest.pop()
    while rest and rest[0] in _DROPPED:
        rest.pop(0)
    return _OPPOSITES[_bare(words[found[0]])], " ".join(rest)


def _bare(word: str) -> str:
    return word.casefold().rstrip(".,")


def qualified(value: Node, word: str) -> Node:
    """A value with a word that must stand beside another one for both to be equal.

    It begins with words that nobody can write: they are folded without brackets.
    """
    return Sequence("square", (Word(f"({word})"), value))
