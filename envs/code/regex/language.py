"""A set of strings as a tree: its regular expression, random members, and the sets that are one mistake away."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace

from textgym.core import Random

PRINTABLE = "".join(map(chr, range(32, 127)))
_CLASSES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_OPEN_SAMPLES = 4
"""How many times more than its minimum an unbounded repetition is drawn at most."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set, given as a sorted text without doubles."""

    chars: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Seq:
    """Parts one after the other."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Alt:
    """One of several parts."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part, `low` to `high` times; without end where `high` is None."""

    part: "Node"
    low: int
    high: int | None


Node = Chars | Text | Seq | Alt | Repeat


@dataclass(frozen=True, slots=True)
class Language:
    """A set of strings: those of a tree that also keep to conditions on the whole.

    Attributes:
        node: the tree.
        needs: sets of characters, of each of which a member holds one at least.
        bans: texts that no member contains.
    """

    node: Node
    needs: tuple[str, ...] = ()
    bans: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """A regular expression that matches, as a whole, the members and nothing else among strings of `PRINTABLE`."""
        conditions = [f"(?=.*{_class(chars)})" for chars in self.needs]
        conditions += [f"(?!.*{re.escape(text)})" for text in self.bans]
        body = written(self.node)
        return "".join(conditions) + (f"(?:{body})" if conditions and isinstance(self.node, Alt) else body)

    def sample(self, rng: Random) -> str | None:
        """A random member; None where the conditions refused the one that was drawn."""
        text = _sample(self.node, rng)
        if any(ban in text for ban in self.bans) or any(not set(chars) & set(text) for chars in self.needs):
            return None
        return text

    def neighbours(self) -> list["Language"]:
        """Languages that differ from this one in one place, as somebody's mistake would; some may be the same set."""
        found = [replace(self, node=node) for node in _changes(self.node)]
        found += [replace(self, needs=self.needs[:i] + self.needs[i + 1 :]) for i in range(len(self.needs))]
        found += [replace(self, bans=self.bans[:i] + self.bans[i + 1 :]) for i in range(len(self.bans))]
        return list({language.pattern: language for language in found if language.pattern != self.pattern}.values())


def charset(*groups: str) -> Chars:
    """One character of any of the groups."""
    return Chars("".join(sorted(set("".join(groups)))))


def optional(node: Node) -> Repeat:
    """The part, or nothing."""
    return Repeat(node, 0, 1)


def written(node: Node) -> str:
    """The regular expression of a tree."""
    match node:
        case Chars(chars):
            return _class(chars)
        case Text(text):
            return re.escape(text)
        case Seq(parts):
            return "".join(f"(?:{written(part)})" if isinstance(part, Alt) else written(part) for part in parts)
        case Alt(parts):
            return "|".join(written(part) for part in parts)
        case Repeat(part, low, high):
            alone = isinstance(part, Chars) or (isinstance(part, Text) and len(part.text) == 1)
            return (written(part) if alone else f"(?:{written(part)})") + _times(low, high)


def _times(low: int, high: int | None) -> str:
    short = {(0, 1): "?", (0, None): "*", (1, None): "+", (1, 1): ""}.get((low, high))
    if short is not None:
        return short
    return f"{{{low},}}" if high is None else f"{{{low}}}" if low == high else f"{{{low},{high}}}"


def _class(chars: str) -> str:
    if len(chars) == 1:
        return re.escape(chars)
    if chars == string.digits:
        return r"\d"
    left_out = [char for char in PRINTABLE if char not in chars]
    if 0 < len(left_out) <= 6:
        return f"[^{''.join(map(_quoted, left_out))}]"
    if not left_out:
        return "."
    pieces, start = [], 0
    for i in range(1, len(chars) + 1):
        if i == len(chars) or ord(chars[i]) != ord(chars[i - 1]) + 1:
            run = chars[start:i]
            pieces.append("".join(map(_quoted, run)) if len(run) < 3 else f"{_quoted(run[0])}-{_quoted(run[-1])}")
            start = i
    return f"[{''.join(pieces)}]"


def _quoted(char: str) -> str:
    return char if char.isalnum() else "\\" + char


def _sample(node: Node, rng: Random) -> str:
    match node:
        case Chars(chars):
            return rng.choice(chars)
        case Text(text):
            return text
        case Seq(parts):
            return "".join([_sample(part, rng) for part in parts])
        case Alt(parts):
            return _sample(rng.choice(parts), rng)
        case Repeat(part, low, high):
            most = low + _OPEN_SAMPLES if high is None else high
            throw = rng.randrange(4)  # the ends are where mistakes show
            times = low if throw == 0 else most if throw == 1 else rng.randint(low, most)
            return "".join([_sample(part, rng) for _ in range(times)])


def _changes(node: Node) -> Iterator[Node]:
    """The tree with one mistake in it, for each place and each mistake."""
    match node:
        case Chars(chars):
            yield from _other_chars(chars)
        case Text(text):
            yield from _other_texts(text)
        case Seq(parts):
            for i, part in enumerate(parts):
                before, after = parts[:i], parts[i + 1 :]
                yield from (Seq((*before, changed, *after)) for changed in _changes(part))
                if len(parts) > 1:
                    yield Seq((*before, *after))
                if not isinstance(part, Repeat):
                    yield Seq((*before, optional(part), *after))
        case Alt(parts):
            for i, part in enumerate(parts):
                before, after = parts[:i], parts[i + 1 :]
                yield from (Alt((*before, changed, *after)) for changed in _changes(part))
                if len(parts) > 1:
                    yield Alt((*before, *after)) if len(parts) > 2 else (*before, *after)[0]
        case Repeat(part, low, high):
            yield from (Repeat(changed, low, high) for changed in _changes(part))
            bounds = [(low - 1, high), (low + 1, high)]
            bounds += [(low, 2 * low + 2)] if high is None else [(low, high - 1), (low, high + 1), (low, None)]
            for fewest, most in bounds:
                if fewest >= 0 and (most is None or (most >= fewest and most > 0)):
                    yield Repeat(part, fewest, most)


def _other_chars(chars: str) -> Iterator[Node]:
    if len(chars) > 1:
        yield Chars(chars[1:])
        yield Chars(chars[:-1])
    for group in _CLASSES:
        if not set(group) <= set(chars):
            yield charset(chars, group)
        elif len(chars) > len(group):
            yield Chars("".join(char for char in chars if char not in group))
    for extra in "_-. ":
        if extra not in chars:
            yield charset(chars, extra)
        elif len(chars) > 1:
            yield Chars(chars.replace(extra, ""))


def _other_texts(text: str) -> Iterator[Node]:
    if text.swapcase() != text:
        yield Alt((Text(text), Text(text.swapcase())))
    if "." in text:
        yield Seq(tuple(charset(PRINTABLE) if char == "." else Text(char) for char in text))
    if len(text) > 1:
        yield Text(text[:-1])
        yield Text(text[1:])
    elif not text.isalnum():
        yield charset(text, "-_./: ")
