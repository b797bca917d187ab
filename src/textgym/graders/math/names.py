"""What an answer names, as in x = 5 and sin A = 3/5, and the letters that may have any name: constants, counters of periods."""

import re

from textgym.graders.math.forms import leaves
from textgym.graders.math.tree import (
    STRUCTURES,
    Add,
    Apply,
    Call,
    Const,
    Div,
    Matrix,
    Mul,
    Neg,
    Node,
    Num,
    Pow,
    Ratio,
    Relation,
    Sequence,
    Sym,
    Word,
    number,
    substitute,
    symbols,
    walk,
)
from textgym.graders.math.vocabulary import GREEK

_OF_ANGLES = frozenset(["sin", "cos", "tan", "cot", "sec", "csc"])
_SQUARED = frozenset(["sigma", "chi"])
"""Letters whose squares are names of their own: a variance, a statistic."""
_OPERATORS = frozenset([Sym("\\dim"), Sym("\\nabla"), Sym("\\deg")])
_INDEXED = re.compile(r"[cCkK]_\w{1,2}")


def named(node: Node) -> tuple[str | None, Node]:
    """What an answer such as `x = 5` names, and the value; the name is None where it names nothing."""
    if not isinstance(node, Relation):
        return None, node
    if node.ops == ("in",):
        known = node.sides[1]
        if isinstance(known, Sequence) and known.kind == "set" and len(known.items) == 1:
            known = known.items[0]
        return (_name(node.sides[0]), known) if isinstance(node.sides[0], Sym | Sequence) else (None, node)
    ops, sides = node.ops, node.sides
    if "~" in ops and set(ops) <= {"~", "="}:
        exact = ops.index("~") or 1
        ops, sides = ("=",) * exact, sides[: exact + 1]
    if set(ops) != {"="}:
        return None, node
    left, right = sides[0], sides[-1]
    for one, other in ((left, right), (right, left)):
        name = _name(one) or (_matrix_name(one) if isinstance(other, Matrix) else None)
        if name is None or (one is right and symbols(other)):
            continue
        if isinstance(one, Apply) or _is_derivative(one):
            return name, other
        if not set(symbols(one)) & set(symbols(other)) and not isinstance(other, Relation):
            return name, other
    if len(sides) > 2 and any(_name(side) for side in sides) and not symbols(right):
        return "", right  # 1 = z = x = 0
    between = {name for side in sides[1:-1] for name in symbols(side)}
    if len(sides) > 2 and between <= {*symbols(left), *symbols(right)}:
        return None, Relation(("=",), (left, right))
    return None, node  # x/2 = y/3 = z/4


def by_place(node: Node) -> Node:
    """The value of a named function with its arguments called by their places, so that f(x) = x is f(t) = t."""
    value = named(node)[1]
    if not isinstance(node, Relation):
        return value
    applied = next((side for side in (node.sides[0], node.sides[-1]) if isinstance(side, Apply)), None)
    args = applied.args if applied is not None else ()
    return substitute(value, {arg.name: f"argument {place}" for place, arg in enumerate(args) if isinstance(arg, Sym)})


def _name(node: Node) -> str | None:
    """The name that a side of an equation is: a variable, f(x), a tuple of variables, or lengths of a figure."""
    if isinstance(node, Sym):
        return node.name
    if isinstance(node, Word):
        return node.text
    if isinstance(node, Apply):
        return node.name + _arguments(node)
    if isinstance(node, Sequence) and node.kind == "tuple" and all(isinstance(item, Sym) for item in node.items):
        return "(" + ",".join(item.name for item in node.items if isinstance(item, Sym)) + ")"
    if _is_derivative(node):
        return _derivative_name(node)
    return repr(node) if _is_measure(node) else None


def _matrix_name(node: Node) -> str | None:
    """What a matrix is called: a power or a product of capitals, as in A^{-1} and AB."""
    of_capitals = leaves(node) <= {Sym, Mul, Pow, Neg, Num, Call} and all(
        at.name[0].isupper() for at in walk(node) if isinstance(at, Sym)
    )
    return repr(node) if of_capitals and isinstance(node, Pow | Mul | Call) else None


def _is_measure(node: Node) -> bool:
    """Whether an expression stands for one number by itself, and not for a condition on an unknown: a product or ratio of
    capitals, sums and squares of lengths, the size of a vector, the sine of an angle, a variance, a determinant."""
    if isinstance(node, Pow):
        squared = node.exponent == number(2)
        base = node.base
        if isinstance(base, Sym):
            return squared and base.name.partition("_")[0] in _SQUARED
        return (
            squared and isinstance(base, Call) and (base.name in _OF_ANGLES or base.name == "abs") and _is_measure(base)
        )
    if isinstance(node, Call):
        names = [at.name for at in walk(node) if isinstance(at, Sym)]
        if node.name in _OF_ANGLES:
            return bool(names) and all(map(_is_angle, names))
        if node.name in ("abs", "norm") and names and all(name.startswith("vec ") for name in names):
            return True
        return node.name in ("abs", "det", "norm") and bool(names) and _of_capitals(node, Call)
    if isinstance(node, Add):
        return all(isinstance(term, Mul) and _is_measure(term) for term in node.terms)
    if isinstance(node, Mul) and node.factors[0] in _OPERATORS:
        return len(node.factors) == 2 and isinstance(node.factors[1], Sym)
    if isinstance(node, Mul) and isinstance(node.factors[0], Word):
        return len(node.factors) == 2 and _is_measure(node.factors[1])  # Var(X)
    if isinstance(node, Mul):
        *ends, last = node.factors
        if isinstance(last, Pow) and last.exponent == number(2):  # AB^2 is read as A * B^2
            return _of_capitals(Mul((*ends, last.base)), Call)
    return _of_capitals(node, Call)


def _of_capitals(node: Node, *also: type) -> bool:
    names = [at.name for at in walk(node) if isinstance(at, Sym)]
    inner = leaves(node) <= {Sym, Mul, Div, Ratio, *also}
    calls = {at.name for at in walk(node) if isinstance(at, Call)}
    return (
        inner
        and calls <= {"abs", "det", "norm"}
        and bool(names)
        and all(name.removeprefix("mathbb ")[0].isupper() for name in names)
    )


def _is_angle(name: str) -> bool:
    """Whether a name is that of an angle of a figure: a capital, a Greek letter, or what stands after the sign of an angle."""
    return name[0].isupper() or name.startswith("angle ") or name.partition("_")[0] in GREEK


def _arguments(function: Apply) -> str:
    """Arguments as a part of a name: those of f(x) are called by their number, an event or a value by what it is."""
    if all(isinstance(arg, Sym) and not arg.name[0].isupper() for arg in function.args):
        return f"/{len(function.args)}"
    return repr(function.args)


def _is_derivative(node: Node) -> bool:
    """Whether a fraction is dy/dx, or a partial derivative."""
    return isinstance(node, Div) and any(
        all(
            isinstance(part, Mul) and len(part.factors) == 2 and part.factors[0] == sign
            for part in (node.top, node.bottom)
        )
        for sign in (Sym("d"), Sym("\\partial"))
    )


def _derivative_name(node: Node) -> str:
    """dy/dx is y' too."""
    match node:
        case Div(Mul((Sym("d"), Sym(name))), Mul((Sym("d"), Sym("x")))):
            return f"{name}'"
        case _:
            return repr(node)


def without_constant(node: Node) -> Node:
    """A sum without an added constant of integration."""
    if not isinstance(node, Add):
        return node
    kept = tuple(term for term in node.terms if not (isinstance(term, Sym) and _is_constant(term)))
    return kept[0] if len(kept) == 1 else Add(kept) if kept else number(0)


def constant_renamed(node: Node, other: Node) -> Node:
    """`node` with its constant of integration called as that of `other`, where one of the two is called C."""
    mine, theirs = _constant_of(node), _constant_of(other)
    if not mine or not theirs or mine == theirs or "C" not in (mine, theirs):
        return node
    if len({*symbols(node)} - {mine, *_names(node)}) > 1:
        return node  # a x^2 + b x + c is no integral
    return node if mine in symbols(other) or theirs in symbols(node) else substitute(node, {mine: theirs})


def counters_renamed(node: Node, other: Node) -> Node:
    """`node` with the letter that counts its periods, as in pi/4 + k pi, called as that of `other`; and c_1 called C_1."""
    mine, theirs = {*symbols(node)} - {*symbols(other)}, {*symbols(other)} - {*symbols(node)}
    if mine and theirs and all(map(_INDEXED.fullmatch, mine | theirs)):
        capital = {name.lower(): name for name in theirs}
        alike = len(capital) == len(theirs) and {name.lower() for name in mine} == {*capital}
        return (
            substitute(node, {name: capital[name.lower()] for name in mine})
            if alike and len(mine) == len(theirs)
            else node
        )
    if len(mine) != 1 or len(theirs) != 1 or not (_counts_periods(node, *mine) and _counts_periods(other, *theirs)):
        return node
    return substitute(node, {mine.pop(): theirs.pop()})


def _counts_periods(node: Node, letter: str) -> bool:
    """Whether a letter stands for a whole number beyond doubt: k, m or n, and only in products with pi."""
    if letter not in ("k", "m", "n"):
        return False
    beside_pi = [
        at for at in walk(node) if isinstance(at, Mul) and Sym(letter) in at.factors and Const("pi") in at.factors
    ]
    return len(beside_pi) == sum(at == Sym(letter) for at in walk(node))


def _names(node: Node) -> tuple[str, ...]:
    name = named(node)[0]
    return () if name is None else (name,)


def _constant_of(node: Node) -> str | None:
    value = named(node)[1]
    if not isinstance(value, Add):
        return None
    found = [term.name for term in value.terms if isinstance(term, Sym) and _is_constant(term)]
    used = sum(at == Sym(found[0]) for at in walk(node)) if found else 0
    return found[0] if len(found) == used == 1 else None


def _is_constant(term: Sym) -> bool:
    return term.name in ("C", "c", "K", "k") or term.name.startswith("C_")


def is_value(node: Node) -> bool:
    """Whether an answer is one expression, with or without a name before it."""
    return leaves(named(node)[1]).isdisjoint(STRUCTURES)
