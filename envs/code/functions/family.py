"""`Family`: one problem, its wording and its reference solution, with the places that vary left open."""

import ast
import functools
import itertools
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template
from typing import Any

from textgym.core import Random, syntax

_WIDTH = 96


def each(**choices: Sequence[object]) -> tuple[dict[str, str], ...]:
    """All combinations of independent choices, as variants: `each(most=(1, 2), sign=("<", ">"))` makes four."""
    return tuple(
        {name: str(value) for name, value in zip(choices, values, strict=True)}
        for values in itertools.product(*choices.values())
    )


@dataclass(frozen=True)
class Family:
    """One problem with a reference solution; the package's docstring says how to write one.

    Attributes:
        says: docstrings in different words, templates.
        source: the reference, a template; its last function is the one asked for.
        variants: fillings of the templates.
        inputs: draws one list of arguments.
        examples: arguments and results of the first variant, worked out by hand.
        difficulty: 1 to 5.
    """

    says: tuple[str, ...]
    source: str
    variants: tuple[Mapping[str, str], ...]
    inputs: Callable[[Random], list[Any]] = field(repr=False)
    examples: tuple[tuple[list[Any], Any], ...] = field(repr=False)
    difficulty: int = 2

    @functools.cached_property
    def name(self) -> str:
        """The name of the function asked for in the first variant; unique among families."""
        return entry_of(self.reference(0))

    def reference(self, variant: int) -> str:
        """The reference's source, without a docstring."""
        return Template(self.source).substitute(self.variants[variant]).strip("\n") + "\n"

    def docstring(self, variant: int, wording: int) -> str:
        """What the function does, in one of the wordings."""
        return Template(self.says[wording]).substitute(self.variants[variant])


def entry_of(source: str) -> str:
    """The name of the last top-level function of a source."""
    return last_function(syntax.parse(source)).name


def last_function(tree: ast.Module) -> ast.FunctionDef:
    """The last top-level function.

    Raises:
        ValueError: there is none.
    """
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        raise ValueError("the source defines no function")
    return functions[-1]


def with_docstring(source: str, text: str) -> str:
    """`source` with `text` as the docstring of its last function, which has none."""
    body = last_function(syntax.parse(source)).body[0]
    lines = source.splitlines(keepends=True)
    indent = " " * body.col_offset
    wrapped = textwrap.wrap(text, _WIDTH - len(indent) - 6, break_long_words=False, break_on_hyphens=False)
    whole = f'"""{wrapped[0]}"""' if len(wrapped) == 1 else '"""' + "\n".join([*wrapped, '"""'])
    lines.insert(body.lineno - 1, textwrap.indent(whole, indent) + "\n")
    return "".join(lines)
