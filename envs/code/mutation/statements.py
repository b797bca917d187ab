"""Operators on statements: what is left out, unwrapped, or done in another order."""

import ast
import itertools
import re
from collections.abc import Iterator

from textgym.envs.code.mutation.place import Place
from textgym.envs.code.mutation.text import Splice

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Delete)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def shuffle_lines(place: Place) -> Iterator[Splice]:
    """Two neighbouring simple statements change places."""
    for block in place.blocks:
        for first, second in itertools.pairwise(block):
            if isinstance(first, _SIMPLE) and isinstance(second, _SIMPLE):
                yield place.exchange(first, second)


def return_none(place: Place) -> Iterator[Splice]:
    """`return a` becomes `return None`."""
    for node in place.each(ast.Return):
        if node.value is not None:
            yield place.replace(node, "return None")


def remove_assign(place: Place) -> Iterator[Splice]:
    """An assignment is left out."""
    for node in place.nodes:
        if isinstance(node, ast.Assign | ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value):
            yield place.replace(node, "pass")


def aug_to_assign(place: Place) -> Iterator[Splice]:
    """`a += b` becomes `a = b`."""
    for node in place.each(ast.AugAssign):
        span = place.text.operator(node.target, node.value)
        if span:
            yield Splice(*span, "=")


def break_continue(place: Place) -> Iterator[Splice]:
    """`break` becomes `continue`, and the other way round."""
    for node in place.nodes:
        if isinstance(node, ast.Break | ast.Continue):
            yield place.replace(node, "continue" if isinstance(node, ast.Break) else "break")


def remove_raise(place: Place) -> Iterator[Splice]:
    """A `raise` is left out."""
    for node in place.each(ast.Raise):
        yield place.replace(node, "pass")


def remove_loop(place: Place) -> Iterator[Splice]:
    """A loop is left out."""
    for node in place.nodes:
        if isinstance(node, _LOOPS):
            yield place.replace(node, "pass")


def remove_cond(place: Place) -> Iterator[Splice]:
    """An `if` without `else` is left out; or its body is run always."""
    for node in place.each(ast.If):
        if node.orelse or place.text.source.startswith("elif", place.text.span(node)[0]):
            continue
        yield place.replace(node, "pass")
        yield from _unwrapped(place, node, node.body)


def remove_else(place: Place) -> Iterator[Splice]:
    """The `else` of an `if` does nothing."""
    for node in place.each(ast.If):
        if node.orelse and not (len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)):
            yield Splice(place.text.span(node.orelse[0])[0], place.text.span(node.orelse[-1])[1], "pass")


def remove_try(place: Place) -> Iterator[Splice]:
    """A `try` loses its handlers: what it raises is raised."""
    for node in place.each(ast.Try):
        if not node.orelse and not node.finalbody:
            yield from _unwrapped(place, node, node.body)


def _unwrapped(place: Place, node: ast.stmt, body: list[ast.stmt]) -> Iterator[Splice]:
    """The body of a statement in its place, moved to the left, if no text inside spans lines."""
    outer, inner = place.text.indentation(node), place.text.indentation(body[0])
    if outer is None or inner is None or not inner.startswith(outer):
        return
    strings = (part for statement in body for part in ast.walk(statement) if isinstance(part, ast.expr))
    if any(_is_text(part) and part.lineno != part.end_lineno for part in strings):
        return
    start, end = place.text.span(body[0])[0], place.text.span(body[-1])[1]
    moved = re.sub(rf"(?m)^{re.escape(inner)}", outer, place.text.source[start:end])
    yield place.replace(node, moved)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def remove_method(place: Place) -> Iterator[Splice]:
    """A method is left out of its class."""
    function = place.function
    if not function.method:
        return
    start, end = place.text.span(function.node)
    yield Splice(start, end, "pass") if function.only else Splice(place.text.line_start(start), end, "")


def remove_body(place: Place) -> Iterator[Splice]:
    """All of a function after its docstring becomes `raise NotImplementedError`."""
    body = place.function.body
    if body:
        yield Splice(place.text.span(body[0])[0], place.text.span(body[-1])[1], "raise NotImplementedError")
