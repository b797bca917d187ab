"""Operators on expressions: arithmetic, comparisons, conditions, constants."""

import ast
import itertools
from collections.abc import Iterator

from textgym.envs.code.mutation.place import Place
from textgym.envs.code.mutation.text import Splice, wrapped

_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "//",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "//",
    ast.Pow: "*",
    ast.LShift: ">>",
    ast.RShift: "<<",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.BitXor: "&",
}
_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">"),
    ast.LtE: ("<", ">="),
    ast.Gt: (">=", "<"),
    ast.GtE: (">", "<="),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
}
_SYMMETRIC = (ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def binop(place: Place) -> Iterator[Splice]:
    """Another arithmetic operator: `a + b` becomes `a - b`."""
    for node in place.each(ast.BinOp):
        span = place.text.operator(node.left, node.right)
        if span and type(node.op) in _ARITHMETIC:
            yield Splice(*span, _ARITHMETIC[type(node.op)])


def cmp(place: Place) -> Iterator[Splice]:
    """Another comparison: `a < b` becomes `a <= b`, and `a > b`."""
    for node in place.each(ast.Compare):
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            span = place.text.operator(left, right)
            if span:
                for other in _COMPARISONS[type(operator)]:
                    yield Splice(*span, other)


def boolop(place: Place) -> Iterator[Splice]:
    """`and` becomes `or`, and the other way round."""
    for node in place.each(ast.BoolOp):
        other = "or" if isinstance(node.op, ast.And) else "and"
        for left, right in zip(node.values, node.values[1:], strict=False):
            span = place.text.operator(left, right)
            if span:
                yield Splice(*span, other)


def drop_cond_term(place: Place) -> Iterator[Splice]:
    """`a and b` becomes `b`, and `a`."""
    for node in place.each(ast.BoolOp):
        spans = [place.text.bracketed(value) for value in node.values]
        yield Splice(spans[0][0], spans[1][0], "")
        for (_, before), (_, end) in itertools.pairwise(spans):
            yield Splice(before, end, "")


def drop_unary(place: Place) -> Iterator[Splice]:
    """`not a`, `-a` and `~a` become `a`."""
    for node in place.each(ast.UnaryOp):
        start, end = place.text.span(node)
        inner = place.text.source[place.text.span(node)[0] : end]
        symbol = "not" if isinstance(node.op, ast.Not) else inner[0]
        yield Splice(start, end, inner[len(symbol) :].lstrip() or inner)


def swap_operands(place: Place) -> Iterator[Splice]:
    """`a - b` becomes `b - a`, `a < b` becomes `b < a`."""
    for node in place.each(ast.BinOp):
        if not isinstance(node.op, _SYMMETRIC):
            yield from _swapped(place, node.left, node.right)
    for compared in place.each(ast.Compare):
        if len(compared.ops) == 1 and isinstance(compared.ops[0], _ORDERED):
            yield from _swapped(place, compared.left, compared.comparators[0])


def _swapped(place: Place, left: ast.expr, right: ast.expr) -> Iterator[Splice]:
    source = place.text.source
    (start, left_end), (right_start, end) = place.text.bracketed(left), place.text.bracketed(right)
    if left_end <= right_start:
        first, second = source[right_start:end], source[start:left_end]
        if (right_start, end) == place.text.span(right):
            first = wrapped(first, right)
        if (start, left_end) == place.text.span(left):
            second = wrapped(second, left)
        yield Splice(start, end, first + source[left_end:right_start] + second)


def invert_ifexp(place: Place) -> Iterator[Splice]:
    """`a if c else b` becomes `b if c else a`."""
    for node in place.each(ast.IfExp):
        yield from _swapped(place, node.body, node.orelse)


def invert_if(place: Place) -> Iterator[Splice]:
    """`if c:` becomes `if not (c):`."""
    for node in place.each(ast.If):
        start, end = place.text.span(node.test)
        if isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not):
            continue
        yield Splice(start, end, f"not ({place.text.of(node.test)})")


def bool_const(place: Place) -> Iterator[Splice]:
    """`True` becomes `False`, and the other way round."""
    for node in place.each(ast.Constant):
        if isinstance(node.value, bool):
            yield place.replace(node, str(not node.value))


def off_by_one(place: Place) -> Iterator[Splice]:
    """A whole number, a bound of a slice or an argument of `range` becomes one more, and one less."""
    bounds: list[ast.expr] = []
    for node in place.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int and place.text.of(node).isdecimal():
            for number in (node.value + 1, node.value - 1):
                yield place.replace(node, str(number) if number >= 0 else f"({number})")
        elif isinstance(node, ast.Slice):
            bounds += [bound for bound in (node.lower, node.upper) if bound is not None]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
            bounds += node.args
    for bound in bounds:
        if isinstance(bound, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.BinOp):
            for more in ("+ 1", "- 1"):
                yield place.replace(bound, f"{place.text.of(bound)} {more}")


def drop_bound(place: Place) -> Iterator[Splice]:
    """`a[b:c]` becomes `a[:c]`, and `a[b:]`."""
    for node in place.each(ast.Slice):
        for bound in (node.lower, node.upper):
            if bound is not None:
                yield place.replace(bound, "")


def swap_elements(place: Place) -> Iterator[Splice]:
    """Two neighbouring elements of a tuple or a list change places."""
    for node in place.nodes:
        if isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
            for first, second in zip(node.elts, node.elts[1:], strict=False):
                if not isinstance(first, ast.Starred) and not isinstance(second, ast.Starred):
                    yield from _swapped(place, first, second)
