"""Derivatives of small expressions, by the rules of school."""

from collections.abc import Callable

from textgym.graders.math.tree import (
    ONE,
    ZERO,
    Add,
    Call,
    Const,
    Div,
    Mul,
    Neg,
    Node,
    Num,
    Pow,
    Sym,
    number,
    symbols,
    walk,
)

_LARGEST = 60
_PARAMETERS = frozenset([*"abckmnpqABCK", "alpha", "beta", "gamma", "lambda", "mu", "omega", "sigma"])
"""Letters that are constants beside a variable; others may be functions of it."""


class _Unknown(Exception):  # noqa: N818 (it never leaves this module)
    """A node whose derivative is not known."""


def derivative(body: Node, variable: str, *, partial: bool) -> Node:
    """The derivative of an expression; where it is not worked out, a call that equals itself alone.

    Args:
        body: the expression.
        variable: the letter by which it is differentiated.
        partial: whether other letters do not depend on it.
    """
    nodes = list(walk(body))
    others = {name.partition("_")[0] for name in symbols(body) if name != variable}
    if len(nodes) <= _LARGEST and (partial or others <= _PARAMETERS):
        try:
            return _of(body, variable)
        except _Unknown:
            pass
    return Call("derivative", (Sym(variable), body))


def _of(node: Node, x: str) -> Node:
    if x not in _names(node):
        if not all(isinstance(at, Num | Sym | Const | Add | Mul | Div | Neg | Pow | Call) for at in walk(node)):
            raise _Unknown
        return ZERO
    if isinstance(node, Sym):
        return ONE
    if isinstance(node, Neg):
        return Neg(_of(node.of, x))
    if isinstance(node, Add):
        return Add(tuple(_of(term, x) for term in node.terms))
    if isinstance(node, Mul):
        factors = node.factors
        return Add(
            tuple(
                Mul((*factors[:place], _of(factor, x), *factors[place + 1 :]))
                for place, factor in enumerate(factors)
                if x in _names(factor)
            )
        )
    if isinstance(node, Div):
        top, bottom = node.top, node.bottom
        if x not in _names(bottom):
            return Div(_of(top, x), bottom)
        above = Add((Mul((_of(top, x), bottom)), Neg(Mul((top, _of(bottom, x))))))
        return Div(above, Pow(bottom, number(2)))
    if isinstance(node, Pow):
        return _power(node.base, node.exponent, x)
    if isinstance(node, Call):
        return _call(node, x)
    raise _Unknown


def _names(node: Node) -> set[str]:
    return {at.name for at in walk(node) if isinstance(at, Sym)}


def _power(base: Node, exponent: Node, x: str) -> Node:
    if x not in _names(exponent):
        return Mul((exponent, Pow(base, Add((exponent, Neg(ONE)))), _of(base, x)))
    grown = Mul((_of(exponent, x), Call("ln", (base,))))
    if x in _names(base):
        grown = Add((grown, Div(Mul((exponent, _of(base, x))), base)))  # type: ignore[assignment]
    return Mul((Pow(base, exponent), grown))


def _call(node: Call, x: str) -> Node:
    *parameters, inner = node.args
    if any(x in _names(one) for one in parameters) or len(parameters) > 1:
        raise _Unknown
    if node.name == "root":
        return _power(inner, Div(ONE, parameters[0]), x)
    if node.name == "log":
        two = number(2)
        scale = Call("ln", (parameters[0],)) if parameters else Div(Call("ln", (two,)), Call("log", (two,)))
        return Div(_of(inner, x), Mul((inner, scale)))
    if parameters or node.name not in _OUTER:
        raise _Unknown
    return Mul((_OUTER[node.name](inner), _of(inner, x)))


def _square(node: Node) -> Node:
    return Pow(node, number(2))


def _root(node: Node) -> Node:
    return Call("root", (number(2), node))


def _less_square(node: Node) -> Node:
    """1 - u^2."""
    return Add((ONE, Neg(_square(node))))


def _more_square(node: Node) -> Node:
    """1 + u^2."""
    return Add((ONE, _square(node)))


_OUTER: dict[str, Callable[[Node], Node]] = {
    "sin": lambda u: Call("cos", (u,)),
    "cos": lambda u: Neg(Call("sin", (u,))),
    "tan": lambda u: _square(Call("sec", (u,))),
    "cot": lambda u: Neg(_square(Call("csc", (u,)))),
    "sec": lambda u: Mul((Call("sec", (u,)), Call("tan", (u,)))),
    "csc": lambda u: Neg(Mul((Call("csc", (u,)), Call("cot", (u,))))),
    "arcsin": lambda u: Div(ONE, _root(_less_square(u))),
    "arccos": lambda u: Neg(Div(ONE, _root(_less_square(u)))),
    "arctan": lambda u: Div(ONE, _more_square(u)),
    "arccot": lambda u: Neg(Div(ONE, _more_square(u))),
    "sinh": lambda u: Call("cosh", (u,)),
    "cosh": lambda u: Call("sinh", (u,)),
    "tanh": lambda u: _square(Call("sech", (u,))),
    "asinh": lambda u: Div(ONE, _root(_more_square(u))),
    "atanh": lambda u: Div(ONE, _less_square(u)),
    "ln": lambda u: Div(ONE, u),
    "abs": lambda u: Div(u, Call("abs", (u,))),
}
"""The derivative of each function, of what stands inside."""
