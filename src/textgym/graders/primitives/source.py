"""Leaves about Python source: that it parses, and that two sources are the same tree. Nothing is compiled, nothing is run."""

import ast
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from textgym.core import syntax
from textgym.core.outcome import Score
from textgym.graders.base import passed
from textgym.graders.code.written import written_code
from textgym.graders.errors import Invalid
from textgym.graders.primitives.leaf import Against, TextLeaf, secret, seen
from textgym.graders.sample import Item, Sample

_LANGUAGES = ("python", "py", "python3")
# Python parses a name with n dots in time n^2: with this many characters that stays below a second.
_LONGEST = 50_000
# Far below what the parser's own stack takes, wherever on our stack it is called: there the answer would hang on the caller.
_DEEPEST = 200
_SPELLING = frozenset({"kind", "type_comment", "type_ignores", "ctx"})
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class NotSource(Exception):  # noqa: N818 (a verdict about a text)
    """A text is no Python source that is read; the message says why."""


class Compiles(TextLeaf):
    """1 if the input is Python source that parses, by the grammar of the Python that runs here.

    The source is the one fenced block in the input, or all of it where there is no fence; without any statement it earns 0.
    It is parsed, and neither compiled nor run: `return` outside of a function parses.
    """

    type: Literal["compiles"] = "compiles"
    longest: ClassVar[int | None] = _LONGEST

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        try:
            written_tree(text)
        except NotSource as problem:
            return passed(0.0, str(problem), seen(text))
        return passed(1.0, "it parses", seen(text))


class AstEqual(Against):
    """1 if the input is Python source with the syntax tree of the reference.

    So layout, comments, quotes, parentheses that change nothing and the spelling of numbers do not count; names, their
    order, and everything else does. The source in the input is found as by `compiles`; the reference is source as it is.

    Attributes:
        docstrings: whether docstrings count.
    """

    type: Literal["ast_equal"] = "ast_equal"
    longest: ClassVar[int | None] = _LONGEST
    docstrings: bool = True

    def _judge(self, text: str, item: Item, sample: Sample) -> Score:
        golds = self.references(item, sample)
        trees = []
        for gold in golds:
            try:
                trees.append(source_tree(gold))
            except NotSource as problem:
                raise Invalid("error", f"the reference is no Python source: {problem}") from None
        try:
            ours = written_tree(text)
        except NotSource as problem:
            return passed(0.0, str(problem), seen(text), secret(golds))
        equal = any(same_tree(ours, tree, docstrings=self.docstrings) for tree in trees)
        return passed(float(equal), "the same tree" if equal else "another tree", seen(text), secret(golds))


def written_tree(text: str) -> ast.Module:
    """The tree of the source that an output commits to.

    Raises:
        NotSource: there is none, or it does not parse.
    """
    source = written_code(text, _LANGUAGES)
    if source is None:
        raise NotSource("the output commits to no one program")
    return source_tree(source)


def source_tree(source: str) -> ast.Module:
    """The tree of a source of bounded length; at least one statement, at most `_DEEPEST` levels.

    Raises:
        NotSource: it has none.
    """
    try:
        tree = syntax.parse(source)
    except SyntaxError as error:
        at = f", line {error.lineno}" if error.lineno else ""
        raise NotSource(f"it does not parse{at}") from None
    except (ValueError, RecursionError, MemoryError):
        raise NotSource("it does not parse") from None
    if not tree.body:
        raise NotSource("it holds no statement")
    level: list[ast.AST] = [tree]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return tree
    raise NotSource(f"it is nested deeper than {_DEEPEST} levels")


def same_tree(one: ast.AST, other: ast.AST, *, docstrings: bool) -> bool:
    """Whether two trees are the same, places in the text apart; without recursion."""
    pairs: list[tuple[Any, Any]] = [(one, other)]
    while pairs:
        left, right = pairs.pop()
        if type(left) is not type(right):
            return False
        if isinstance(left, ast.AST):
            pairs += zip(_parts(left, docstrings), _parts(right, docstrings), strict=True)
        elif isinstance(left, list):
            if len(left) != len(right):
                return False
            pairs += zip(left, right, strict=True)
        elif left != right:
            return False
    return True


def _parts(node: ast.AST, docstrings: bool) -> Iterator[Any]:
    """What a node is made of; nodes of one kind have equally many parts."""
    for name in node._fields:
        if name not in _SPELLING:
            part: Any = getattr(node, name, None)
            if name == "body" and not docstrings and isinstance(node, _DOCUMENTED) and _has_docstring(part):
                part = part[1:] or [ast.Pass()]
            yield part


def _has_docstring(body: list[ast.stmt]) -> bool:
    first = body[0] if body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
