"""Pieces of a language, each with the English that says exactly what it is."""

import string
from collections.abc import Sequence
from dataclasses import dataclass

from textgym.envs.code.regex.language import PRINTABLE, Alt, Node, Repeat, Seq, Text, charset, optional

DIGITS, LOWER, UPPER = string.digits, string.ascii_lowercase, string.ascii_uppercase


@dataclass(frozen=True, slots=True)
class Phrase:
    """A tree and its description, which fits after "the string is made of"."""

    node: Node
    says: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A set of characters and its names."""

    chars: str
    one: str
    several: str


DIGIT = Kind(DIGITS, "digit", "digits")
SMALL = Kind(LOWER, "lower-case letter", "lower-case letters")
CAPITAL = Kind(UPPER, "upper-case letter", "upper-case letters")
LETTER = Kind(LOWER + UPPER, "letter of either case", "letters of either case")
SMALL_HEX = Kind(DIGITS + "abcdef", "lower-case hexadecimal digit", "hexadecimal digits (letters in lower case)")
CAPITAL_HEX = Kind(DIGITS + "ABCDEF", "upper-case hexadecimal digit", "hexadecimal digits (letters in upper case)")
SMALL_OR_DIGIT = Kind(LOWER + DIGITS, "lower-case letter or digit", "lower-case letters or digits")
CAPITAL_OR_DIGIT = Kind(UPPER + DIGITS, "upper-case letter or digit", "upper-case letters or digits")
ANY_OR_DIGIT = Kind(LOWER + UPPER + DIGITS, "letter or digit", "letters or digits")
KINDS = (
    DIGIT, SMALL, CAPITAL, LETTER, SMALL_HEX, CAPITAL_HEX, SMALL_OR_DIGIT, CAPITAL_OR_DIGIT, ANY_OR_DIGIT,
)  # fmt: skip


def of(chars: str) -> Kind:
    """A set spelled out."""
    listed = " ".join(quoted(char) for char in sorted(set(chars)))
    return Kind("".join(sorted(set(chars))), f"character out of {listed}", f"characters out of {listed}")


def joined(kind: Kind, extra: str) -> Kind:
    """A set with more characters."""
    more = " ".join(quoted(char) for char in extra)
    return Kind(kind.chars + extra, f"{kind.one} or one of {more}", f"{kind.several} or any of {more}")


def everything_but(chars: str) -> Kind:
    """All printable ASCII characters, the blank included, but for some."""
    listed = " ".join(quoted(char) for char in chars)
    left = "".join(char for char in PRINTABLE if char not in chars)
    return Kind(left, f"printable character other than {listed}", f"printable characters other than {listed}")


def quoted(text: str) -> str:
    """A text in quotation marks that it does not hold."""
    return f"'{text}'" if '"' in text else f'"{text}"'


def count(low: int, high: int | None) -> str:
    """How often, in words."""
    if high is None:
        return f"{low} or more" if low else "any number (none too) of"
    return f"exactly {low}" if low == high else f"at most {high} (none too)" if low == 0 else f"{low} to {high}"


def run(kind: Kind, low: int = 1, high: int | None = None) -> Phrase:
    """Characters of a kind; `high` None means without end."""
    chars = charset(kind.chars)
    if (low, high) == (1, 1):
        return Phrase(chars, f"one {kind.one}")
    return Phrase(Repeat(chars, low, high), f"{count(low, high)} {kind.several}")


def exactly(kind: Kind, times: int) -> Phrase:
    """Characters of a kind, so many."""
    return run(kind, times, times)


def text(what: str) -> Phrase:
    """A text as it stands."""
    return Phrase(Text(what), f"the text {quoted(what)}")


def among(words: Sequence[str]) -> Phrase:
    """One of several texts."""
    listed = ", ".join(quoted(word) for word in words)
    return Phrase(Alt(tuple(Text(word) for word in words)), f"one of {listed}")


def number(low: int, high: int, width: int = 0) -> Phrase:
    """A whole number in a range; of `width` digits where that is given, else without leading zeros."""
    how = f"always written with {width} digits, zeros in front where needed" if width else "without leading zeros"
    return Phrase(_range(str(low).zfill(width), str(high).zfill(width)), f"a whole number from {low} to {high}, {how}")


def sequence(*parts: Phrase) -> Phrase:
    """Parts one after the other."""
    if len(parts) == 1:
        return parts[0]
    return Phrase(Seq(tuple(part.node for part in parts)), "; then ".join(map(_closed, parts)))


def _closed(part: Phrase) -> str:
    """The description in brackets where it is not clear how far its last alternative goes."""
    return f"({part.says})" if part.says.startswith("either") else part.says


def group(part: Phrase) -> str:
    """The description, in brackets unless it can only be read as one."""
    return f"({part.says})" if any(mark in part.says for mark in (", ", "; ", " or ")) else part.says


def maybe(*parts: Phrase) -> Phrase:
    """The parts, or nothing."""
    whole = sequence(*parts)
    return Phrase(optional(whole.node), f"optionally {group(whole)}")


def either(*parts: Phrase) -> Phrase:
    """One of the parts."""
    return Phrase(Alt(tuple(part.node for part in parts)), "either " + " or ".join(group(part) for part in parts))


def listed(part: Phrase, between: str, low: int, high: int | None) -> Phrase:
    """The part `low` to `high` times, `low` at least 1, with a text between neighbours."""
    more = Repeat(Seq((Text(between), part.node)), low - 1, None if high is None else high - 1)
    return Phrase(Seq((part.node, more)), f"{count(low, high)} times {group(part)}, joined by {quoted(between)}")


def repeated(part: Phrase, low: int, high: int | None) -> Phrase:
    """The part several times, one directly after the other."""
    return Phrase(Repeat(part.node, low, high), f"{count(low, high)} times {group(part)}")


def _range(low: str, high: str) -> Node:
    """The decimal numbers from `low` to `high`, each as long as the text of its bounds asks."""
    if len(low) < len(high):
        parts = [_same_length(low, "9" * len(low))]
        parts += [_same_length("1" + "0" * (n - 1), "9" * n) for n in range(len(low) + 1, len(high))]
        return Alt(tuple(_flat([*parts, _same_length("1" + "0" * (len(high) - 1), high)])))
    return _same_length(low, high)


def _same_length(low: str, high: str) -> Node:
    if len(low) == 1:
        return _digit(low, high)
    if low[0] == high[0]:
        return _followed(Text(low[0]), _same_length(low[1:], high[1:]))
    zeros, nines = "0" * (len(low) - 1), "9" * (len(low) - 1)
    first, last, parts = int(low[0]), int(high[0]), []
    if low[1:] != zeros:
        parts.append(_followed(Text(low[0]), _same_length(low[1:], nines)))
        first += 1
    upper = last if high[1:] == nines else last - 1
    if first <= upper:
        rest = charset(DIGITS) if len(low) == 2 else Repeat(charset(DIGITS), len(low) - 1, len(low) - 1)
        parts.append(_followed(_digit(str(first), str(upper)), rest))
    if high[1:] != nines:
        parts.append(_followed(Text(high[0]), _same_length(zeros, high[1:])))
    return parts[0] if len(parts) == 1 else Alt(tuple(_flat(parts)))


def _digit(low: str, high: str) -> Node:
    return Text(low) if low == high else charset("".join(map(str, range(int(low), int(high) + 1))))


def _followed(head: Node, tail: Node) -> Node:
    if isinstance(head, Text) and isinstance(tail, Text):
        return Text(head.text + tail.text)
    return Seq((head, *tail.parts)) if isinstance(tail, Seq) else Seq((head, tail))


def _flat(parts: list[Node]) -> list[Node]:
    return [inner for part in parts for inner in (part.parts if isinstance(part, Alt) else (part,))]
