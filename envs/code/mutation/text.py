"""Where the nodes of a syntax tree stand in the text: offsets, brackets around them, operators between them."""

import ast
import bisect
import re
from dataclasses import dataclass
from functools import cached_property

_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"#[^\r\n]*")
_SPACE = " \t\r\n\f\\"


@dataclass(frozen=True, slots=True)
class Splice:
    """One replacement in a text: characters `start` to `end` become `replacement`."""

    start: int
    end: int
    replacement: str

    def apply(self, text: str) -> str:
        """The text after the replacement."""
        return text[: self.start] + self.replacement + text[self.end :]


class Text:
    """A source text, addressed by the positions of `ast` (lines from 1, columns in UTF-8 bytes)."""

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.source))]

    def offset(self, line: int, column: int) -> int:
        """The character offset of a position."""
        start = self._starts[line - 1]
        piece = self.source[start : start + column]
        if piece.isascii():
            return start + column
        return start + len(piece.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """First character of a node and the one after its last: with its decorators, without brackets around it."""
        decorators = getattr(node, "decorator_list", None)
        first_line = decorators[0].lineno if decorators else node.lineno  # type: ignore[attr-defined]
        return (
            self.offset(first_line, node.col_offset),  # type: ignore[attr-defined]
            self.offset(node.end_lineno, node.end_col_offset),  # type: ignore[attr-defined]
        )

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        start, end = self.span(node)
        return self.source[start:end]

    def line(self, offset: int) -> int:
        """The line of a character, from 1."""
        return bisect.bisect_right(self._starts, offset)

    def line_start(self, offset: int) -> int:
        """Where the line of a character begins."""
        return max(self.source.rfind("\n", 0, offset), self.source.rfind("\r", 0, offset)) + 1

    def indentation(self, node: ast.AST) -> str | None:
        """The white space in front of a statement that stands first in its line; None where it does not."""
        start = self.span(node)[0]
        before = self.source[self.line_start(start) : start]
        return before if not before.strip() else None

    def bracketed(self, node: ast.AST) -> tuple[int, int]:
        """The span of an operand, an argument or an element together with the brackets that are its own.

        The node must not be all that stands between the brackets of its parent.
        """
        start, end = self.span(node)
        while True:
            left, right = start - 1, end
            while left >= 0 and self.source[left] in _SPACE:
                left -= 1
            while right < len(self.source) and self.source[right] in _SPACE:
                right += 1
            if left < 0 or right >= len(self.source) or self.source[left] != "(" or self.source[right] != ")":
                return start, end
            start, end = left, right + 1

    def operator(self, left: ast.AST, right: ast.AST) -> tuple[int, int] | None:
        """The span of the operator between two neighbouring operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = _COMMENT.sub(lambda match: " " * len(match[0]), self.source[start:end])
        inner = gap.strip("()" + _SPACE)
        if not inner:
            return None
        first = gap.index(inner)
        return start + first, start + first + len(inner)


def wrapped(text: str, node: ast.expr) -> str:
    """The text of an operand, in brackets where its new neighbours would tear it apart and it has none of its own."""
    loose = (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.IfExp, ast.Lambda, ast.Await)
    unbound = (ast.NamedExpr, ast.Yield, ast.YieldFrom)
    return f"({text})" if isinstance(node, (*loose, *unbound)) else text
