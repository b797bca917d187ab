"""Answers brought into the form in which they are compared: signs of plus-minus spread, matrices worked out, units
gathered."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from textgym.graders.math.tree import (
    Add,
    Call,
    Div,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    NotMath,
    PlusMinus,
    Quantity,
    Relation,
    Sequence,
    SetOp,
    Sym,
    number,
    rebuild,
    substitute,
    walk,
)
from textgym.graders.math.units import PERCENT

WHOLE = "whole"
"""The name of a letter that an answer itself calls a whole number."""
_MOST_VARIANTS = 32
_LARGEST_MATRIX = 8


def prepared(node: Node, percent_is_number: bool) -> Node:
    """The whole answer in the form for comparison.

    Raises:
        NotMath: it is larger than what is compared, or makes no sense.
    """
    kinds = {type(at) for at in walk(node)}
    if Quantity in kinds:
        node = _gathered(node, percent_is_number)
    if Matrix in kinds:
        node = _folded(node)
    if Sequence in kinds and Add in kinds:
        node = _difference(node)
    if isinstance(node, Sequence) and node.kind == "list":
        node = _counted(node)
    if PlusMinus in kinds:
        found = _spread(node)
        node = found[0] if len(found) == 1 else Sequence("list", tuple(found), "or")
    return node


def _counted(node: Sequence) -> Node:
    """A list whose last member says that a letter is a whole number, whatever the letter: k pi, k in Z."""
    letter = whole_letter(node)
    return node if letter is None else substitute(node, {letter: WHOLE})


def whole_letter(node: Node) -> str | None:
    """The letter that the last member of a list says to be a whole number, or a natural one."""
    if not (isinstance(node, Sequence) and node.kind == "list" and len(node.items) > 1):
        return None
    last = node.items[-1]
    if not (isinstance(last, Relation) and last.ops == ("in",) and isinstance(last.sides[0], Sym)):
        return None
    known = last.sides[1]
    if not (isinstance(known, Sym) and known.name.startswith("mathbb ")) or known.name == "mathbb R":
        return None
    return last.sides[0].name


def _difference(node: Node) -> Node:
    """The reals less a set, written with a minus sign."""
    node = rebuild(node, _difference)
    if isinstance(node, Add) and len(node.terms) == 2 and isinstance(node.terms[1], Neg):
        taken = node.terms[1].of
        if isinstance(taken, Sequence) and taken.kind == "set":
            return SetOp("setminus", (node.terms[0], taken))
    return node


# -- plus-minus ------------------------------------------------------------------------------------------------------------


def _spread(node: Node) -> list[Node]:
    """All that an answer says at once, each without signs of plus-minus."""
    if isinstance(node, Sequence) and node.kind in ("list", "set"):
        items = tuple(variant for item in node.items for variant in _spread(item))
        if len(items) > 4 * _MOST_VARIANTS:
            raise NotMath("more values than are compared")
        return [Sequence(node.kind, items, node.joiner)]
    signs = [at.upper for at in walk(node) if isinstance(at, PlusMinus)]
    if not signs:
        return [node]
    if 2 ** len(signs) > _MOST_VARIANTS:
        raise NotMath("more signs of plus-minus than are compared")
    together = "-" in signs
    choices = (
        [(True,) * len(signs), (False,) * len(signs)] if together else list(product((True, False), repeat=len(signs)))
    )
    return [_chosen(node, iter(choice)) for choice in choices]


def _chosen(node: Node, upper: Iterator[bool]) -> Node:
    if not isinstance(node, PlusMinus):
        return rebuild(node, lambda child: _chosen(child, upper))
    positive = (node.upper == "+") == next(upper)
    left = _chosen(node.left, upper) if node.left is not None else None
    right = _chosen(node.right, upper)
    right = right if positive else Neg(right)
    return right if left is None else Add((left, right))


# -- matrices --------------------------------------------------------------------------------------------------------------


def _folded(node: Node) -> Node:
    """Sums and products of matrices worked out."""
    node = rebuild(node, _folded)
    if isinstance(node, Matrix) and node.kind == "det":
        return _determinant(node.rows)
    if isinstance(node, Call) and node.name in ("transpose", "det") and isinstance(node.args[0], Matrix):
        rows = node.args[0].rows
        return Matrix(tuple(zip(*rows, strict=True))) if node.name == "transpose" else _determinant(rows)
    if isinstance(node, Neg) and isinstance(node.of, Matrix):
        return _each(node.of, Neg)
    if isinstance(node, Add) and all(isinstance(term, Matrix) for term in node.terms):
        return _added([term for term in node.terms if isinstance(term, Matrix)])
    if isinstance(node, Mul) and any(isinstance(factor, Matrix) for factor in node.factors):
        scalars = tuple(factor for factor in node.factors if not isinstance(factor, Matrix))
        whole: Matrix | None = None
        for factor in node.factors:
            if isinstance(factor, Matrix):
                whole = factor if whole is None else _multiplied(whole, factor)
        assert whole is not None
        return _each(whole, lambda entry: Mul((*scalars, entry))) if scalars else whole
    if isinstance(node, Div) and isinstance(node.top, Matrix):
        bottom = node.bottom
        return _each(node.top, lambda entry: Div(entry, bottom))
    return node


def _each(matrix: Matrix, change) -> Matrix:  # type: ignore[no-untyped-def]
    return Matrix(tuple(tuple(change(entry) for entry in row) for row in matrix.rows), matrix.kind)


def _added(matrices: list[Matrix]) -> Matrix:
    if len({(len(one.rows), len(one.rows[0])) for one in matrices}) > 1:
        raise NotMath("matrices whose shapes do not go together")
    entries = zip(*(tuple(entry for row in one.rows for entry in row) for one in matrices), strict=True)
    sums = [Add(tuple(terms)) for terms in entries]
    width = len(matrices[0].rows[0])
    return Matrix(tuple(tuple(sums[start : start + width]) for start in range(0, len(sums), width)))


def _multiplied(left: Matrix, right: Matrix) -> Matrix:
    if (
        len(left.rows[0]) != len(right.rows)
        or max(len(left.rows), len(right.rows), len(right.rows[0])) > _LARGEST_MATRIX
    ):
        raise NotMath("matrices whose shapes do not go together")
    columns = list(zip(*right.rows, strict=True))
    return Matrix(
        tuple(
            tuple(Add(tuple(Mul((a, b)) for a, b in zip(row, column, strict=True))) for column in columns)
            for row in left.rows
        )
    )


def _determinant(rows: tuple[tuple[Node, ...], ...]) -> Node:
    if len(rows) != len(rows[0]) or len(rows) > 4:
        raise NotMath("a determinant that is not worked out")
    if len(rows) == 1:
        return rows[0][0]
    terms: list[Node] = []
    for place, entry in enumerate(rows[0]):
        minor = tuple(row[:place] + row[place + 1 :] for row in rows[1:])
        term = Mul((entry, _determinant(minor)))
        terms.append(Neg(term) if place % 2 else term)
    return Add(tuple(terms))


# -- units -----------------------------------------------------------------------------------------------------------------


def _gathered(node: Node, percent_is_number: bool) -> Node:
    """Units at the outside: 5 feet 6 inches is one quantity, and so is the opposite of one."""
    node = rebuild(node, lambda child: _gathered(child, percent_is_number))
    if isinstance(node, Quantity) and node.unit == PERCENT and percent_is_number:
        return node.value
    if isinstance(node, Neg) and isinstance(node.of, Quantity):
        return Quantity(Neg(node.of.value), node.of.unit)
    if isinstance(node, Add) and all(isinstance(term, Quantity) for term in node.terms):
        terms = [term for term in node.terms if isinstance(term, Quantity)]
        unit = terms[0].unit
        if len({(term.unit.dims, term.unit.angle) for term in terms}) == 1:
            return Quantity(Add(tuple(_in_unit(term, unit.factor) for term in terms)), unit)
    if isinstance(node, Mul) and sum(isinstance(factor, Quantity) for factor in node.factors) == 1:
        for place, factor in enumerate(node.factors):
            if isinstance(factor, Quantity):
                rest = node.factors[:place] + node.factors[place + 1 :]
                return Quantity(Mul((*rest, factor.value)), factor.unit)
    return node


def _in_unit(quantity: Quantity, factor: Fraction) -> Node:
    if quantity.unit.factor == factor:
        return quantity.value
    return Mul((number(quantity.unit.factor / factor), quantity.value))


def is_region(node: Node) -> bool:
    """Whether an answer is a set of numbers of the line beyond doubt."""
    if isinstance(node, Interval | SetOp) or node == Sym("mathbb R"):
        return True
    if isinstance(node, Relation):
        return bool(set(node.ops) & {"<", ">", "<=", ">=", "!="})
    return isinstance(node, Sequence) and node.kind == "list" and bool(node.items) and all(map(is_region, node.items))


def leaves(node: Node) -> set[type]:
    """The kinds of nodes in a tree."""
    return {type(at) for at in walk(node)}
