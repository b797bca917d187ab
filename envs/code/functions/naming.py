"""The same program under other names, so that neither names nor habits give a function away."""

import ast
import builtins
import keyword
import re
from collections.abc import Mapping

from textgym.core import syntax

STYLES = ("own", "letters", "words")
"""The names of the reference; one letter each; words that say nothing."""

_LETTERS = [*"abcdeghijkmnpqrstuvwxyz"]
_WORDS = (
    "value", "item", "part", "data", "entry", "piece", "thing", "element", "state", "result", "current", "other", "extra",
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
_FUNCTIONS = {"letters": "f", "words": "compute"}
_QUOTED = re.compile(r"`(\w+)`")


def new_names(source: str, style: str) -> dict[str, str]:
    """New names for all that a source binds, in the order in which they appear; empty for its own style.

    A mutant of the source is renamed with the same mapping, so that it still differs in one place only.

    Args:
        source: what the references are written in; see the package's docstring for what that leaves out.
        style: one of `STYLES`.
    """
    if style == "own":
        return {}
    tree = syntax.parse(source)
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    inner = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name not in functions]
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(dir(builtins)) | set(functions)
    taken |= {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    bound: dict[str, None] = {}
    for node in sorted(_binders(tree), key=lambda node: (node.lineno, node.col_offset)):
        bound.setdefault(node.arg if isinstance(node, ast.arg) else node.id)
    fresh = (name for name in (_LETTERS if style == "letters" else _WORDS) if name not in taken)
    names = {old: new for old, new in zip(bound, fresh, strict=False) if not keyword.iskeyword(new)}
    stem = _FUNCTIONS[style]
    helpers = [*functions[:-1], *inner]
    return names | {functions[-1]: stem} | {old: f"{stem}_{number}" for number, old in enumerate(helpers, 1)}


def renamed(source: str, names: Mapping[str, str]) -> str:
    """A source with each of its names replaced."""
    lines = source.splitlines(keepends=True)
    for line, column, old in sorted(_places(syntax.parse(source), lines), reverse=True):
        if old in names:
            text = lines[line]
            lines[line] = text[:column] + names[old] + text[column + len(old) :]
    return "".join(lines)


def renamed_text(text: str, names: Mapping[str, str]) -> str:
    """A docstring with the names in backquotes replaced."""
    return _QUOTED.sub(lambda match: f"`{names.get(match[1], match[1])}`", text)


def _binders(tree: ast.Module) -> list[ast.Name | ast.arg]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) or (isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    ]


def _places(tree: ast.Module, lines: list[str]) -> set[tuple[int, int, str]]:
    """Line and column of each name, from 0."""
    found: set[tuple[int, int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add((node.lineno - 1, node.col_offset, node.id))
        elif isinstance(node, ast.arg):
            found.add((node.lineno - 1, node.col_offset, node.arg))
        elif isinstance(node, ast.FunctionDef):
            found.add((node.lineno - 1, lines[node.lineno - 1].index(node.name, node.col_offset + 4), node.name))
        elif isinstance(node, ast.Nonlocal):
            line = lines[node.lineno - 1]
            found |= {(node.lineno - 1, match.start(), match[0]) for match in re.finditer(r"\w+", line)}
    return found
