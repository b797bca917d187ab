"""A place in the tokens of an answer, and what can be asked about it."""

from textgym.graders.math.options import MAX_DEPTH, MAX_NODES
from textgym.graders.math.tokens import Token
from textgym.graders.math.tree import Node, NotMath, children
from textgym.graders.math.vocabulary import JOINERS, RELATIONS, SETS

_ENDING = frozenset(")]},;&")
_ENDING_COMMANDS = frozenset(["}", "rangle", "rfloor", "rceil", "newrow", "end", "mid", "|"])


class Cursor:
    """The tokens of one answer, read from left to right.

    Args:
        text: the cleaned text.
        tokens: its tokens.
    """

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.place = 0
        self.depth = 0
        self.bars = 0  # how many absolute values are open

    @property
    def token(self) -> Token:
        """The token that is next."""
        return self.tokens[self.place]

    def peek(self, ahead: int = 1) -> Token:
        """A later token."""
        return self.tokens[min(self.place + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Step over the next token."""
        token = self.token
        if token.kind != "end":
            self.place += 1
        return token

    def at(self, *signs: str) -> bool:
        """Whether one of these operators is next."""
        return self.token.kind == "op" and self.token.text in signs

    def at_command(self, *names: str) -> bool:
        """Whether one of these commands is next."""
        return self.token.kind == "cmd" and self.token.text in names

    def accept(self, *signs: str) -> bool:
        """Step over one of these operators if it is next."""
        found = self.at(*signs)
        self.place += found
        return found

    def expect(self, sign: str) -> None:
        """Step over an operator that must be next."""
        if not self.accept(sign):
            raise NotMath(f"{sign} is missing before {self.token.text!r}")

    def opens(self, token: Token) -> bool:
        """Whether a token opens a round bracket."""
        return token.kind == "op" and token.text == "("

    def joiner(self) -> str | None:
        """`,`, `;`, `and` or `or`, where one of them is next."""
        token = self.token
        if token.kind == "op" and token.text in (",", ";"):
            return token.text
        if token.kind in ("word", "text", "cmd"):
            return JOINERS.get(token.text)
        return None

    def relation(self) -> str | None:
        """The sign of a relation that is next."""
        token = self.token
        return RELATIONS.get(token.text) if token.kind in ("op", "cmd") else None

    def set_sign(self) -> str | None:
        """The sign between sets that is next; a capital U between brackets is one."""
        token, after = self.token, self.peek()
        if token.kind == "cmd":
            return SETS.get(token.text)
        closed = self.place > 0 and self.tokens[self.place - 1].text in (")", "]", "}")
        if token.kind == "word" and token.text == "U" and closed and after.text in ("(", "[", "{"):
            return "cup"
        return None

    def ends(self) -> bool:
        """Whether what is read here ends before the next token."""
        token = self.token
        if token.kind == "end":
            return True
        if token.kind == "op":
            return token.text in _ENDING or (token.text == "|" and self.bars > 0) or token.text in RELATIONS
        if token.kind == "cmd" and (token.text in _ENDING_COMMANDS or token.text in RELATIONS):
            return True
        return self.joiner() is not None or self.set_sign() is not None

    def enter(self) -> None:
        """One level deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotMath(f"nested deeper than {MAX_DEPTH} levels")

    def leave(self) -> None:
        """One level up."""
        self.depth -= 1

    def split_word(self, length: int) -> None:
        """Make two tokens of the word that is next, the first of this length."""
        token = self.token
        if len(token.text) > length:
            rest = Token(token.kind, token.text[length:], False, token.at + length)
            self.tokens.insert(self.place + 1, rest)
            token.text = token.text[:length]


def bounded(tree: Node) -> Node:
    """The tree, if it is within the limits.

    Raises:
        NotMath: it is too large or too deep.
    """
    level, count, depth = [tree], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MAX_NODES or depth > MAX_DEPTH + 32:
            raise NotMath("the answer is larger than what is read")
        level = [child for node in level for child in children(node)]
    return tree
