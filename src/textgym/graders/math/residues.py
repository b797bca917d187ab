"""Numbers modulo another one: 3 (mod 7) is the class of 3, and is no number."""

import re
from collections.abc import Iterator

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.rational import constant
from textgym.graders.math.tokens import Token
from textgym.graders.math.tree import STRUCTURES, Call, Node, Num, Relation, Sequence, Sym, Word, number

MODULO = frozenset(["mod", "bmod", "pmod", "modulo"])
_MARK = Word("(mod)")
"""Words that nobody can write: they are folded without brackets."""
_SPELLED = re.compile(r"(\()? *\b(mod|modulo)\b *(\d{1,9})? *(\))?", re.ASCII)


def residue(value: Node, modulus: Node, budget: Budget) -> Node:
    """The class of a value: its least residue where both are whole numbers, and the modulus.

    It is a sequence that begins with words which nobody can write, so that it equals another class alone.
    """
    try:
        top, bottom = constant(value, budget), constant(modulus, budget)
    except TooHard:
        top = bottom = None
    if top is not None and bottom is not None and top.denominator == bottom.denominator == 1 and bottom > 0:
        value, modulus = number(top % bottom), number(bottom)
    return Sequence("square", (_MARK, value, modulus))


def is_residue(node: Node) -> bool:
    """Whether a node is a class."""
    return isinstance(node, Sequence) and node.kind == "square" and node.items[0] == _MARK


def reduced(node: Node) -> Node:
    """A remainder in which there is nothing to work out, such as 3 mod 7, as the class."""
    if not (isinstance(node, Call) and node.name == "mod"):
        return node
    value, modulus = node.args
    whole = isinstance(value, Num) and isinstance(modulus, Num) and 0 <= value.value < modulus.value
    return Sequence("square", (_MARK, value, modulus)) if whole else node


def congruence(relation: Relation) -> Node:
    """A relation that ends with a class; where it is about a letter alone, it names the class."""
    if relation.ops == ("equiv",) and is_residue(relation.sides[1]) and isinstance(relation.sides[0], Sym):
        return Relation(("=",), relation.sides)
    return relation


def shared(node: Node) -> Node:
    """A list of values of which the last says the modulus for all, as in x = 1, 4 (mod 5)."""
    if not (isinstance(node, Sequence) and node.kind == "list"):
        return node
    first, *others = node.items
    last = node.items[-1]
    name = None
    if isinstance(first, Relation) and first.ops in (("equiv",), ("=",)):
        name, first = first.sides
    values = [first, *others]
    if (
        not isinstance(last, Sequence)
        or not is_residue(last)
        or any(isinstance(one, STRUCTURES) for one in values[:-1])
    ):
        return node
    budget = Budget()
    classes = [residue(one, last.items[2], budget) for one in values[:-1]]
    if name is not None:
        return Sequence("list", (congruence(Relation(("equiv",), (name, classes[0]))), *classes[1:], last), node.joiner)
    return Sequence("list", (*classes, last), node.joiner)


def spelled(tokens: list[Token]) -> list[Token]:
    """The tokens with words of a text command, such as `(mod 7)`, as tokens of their own."""
    if not any(token.kind == "text" and "mod" in token.text for token in tokens):
        return tokens
    return [one for token in tokens for one in _parts(token)]


def _parts(token: Token) -> Iterator[Token]:
    match = _SPELLED.fullmatch(token.text) if token.kind == "text" else None
    if match is None:
        yield token
        return
    for kind, text in zip(("op", "word", "num", "op"), match.groups(), strict=True):
        if text is not None:
            yield Token(kind, text, True, token.at)  # type: ignore[arg-type]


def mark(tokens: list[Token], place: int) -> None:
    """After a sign of congruence, the word before its modulus is a command that ends the expression."""
    for at in range(place, len(tokens)):
        token = tokens[at]
        if token.kind in ("cmd", "word", "text") and token.text in MODULO and tokens[at - 1].text != "(":
            token.kind, token.text = "cmd", "pmod"
        elif token.kind == "op" and token.text in (",", ";"):
            return
