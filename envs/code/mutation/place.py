"""`Place`: what an operator looks at, a function in its text."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from textgym.envs.code.mutation.functions import Function, local_names, own_nodes
from textgym.envs.code.mutation.text import Splice, Text

NodeT = TypeVar("NodeT", bound=ast.AST)


@dataclass(frozen=True)
class Place:
    """A function and the text that it stands in."""

    text: Text
    function: Function

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The function's own nodes."""
        return list(own_nodes(self.function))

    @cached_property
    def locals(self) -> list[str]:
        """Its arguments and local variables."""
        return local_names(self.function)

    @cached_property
    def blocks(self) -> list[list[ast.stmt]]:
        """The blocks of statements of the function, its body first."""
        found = [self.function.body]
        for node in self.nodes:
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                    found.append(block)
        return found

    def each(self, kind: type[NodeT]) -> Iterator[NodeT]:
        """The function's nodes of one type."""
        return (node for node in self.nodes if isinstance(node, kind))

    def replace(self, node: ast.AST, replacement: str) -> Splice:
        """The splice that puts `replacement` where a node is."""
        return Splice(*self.text.span(node), replacement)

    def exchange(self, first: ast.AST, second: ast.AST) -> Splice:
        """The splice that swaps two nodes, of which the first stands before the second."""
        start, first_end = self.text.span(first)
        second_start, end = self.text.span(second)
        source = self.text.source
        return Splice(start, end, source[second_start:end] + source[first_end:second_start] + source[start:first_end])


Operator = Callable[[Place], Iterator[Splice]]
