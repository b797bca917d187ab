"""Nodes made of what was read: numbers from digits, fractions of products, functions by their names."""

from fractions import Fraction
from math import prod

from textgym.graders.math.tree import (
    Add,
    Call,
    Const,
    Div,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    NotMath,
    Num,
    Pow,
    Relation,
    Sequence,
    SetOp,
    Sym,
    number,
    rebuild,
    walk,
)

_ARGUMENTS = {
    "mod": (2, 2),
    "binom": (2, 2),
    "log": (1, 2),
    "gcd": (1, 64),
    "lcm": (1, 64),
    "max": (1, 64),
    "min": (1, 64),
}
"""How many arguments a function has, at least and at most; the others have one."""
_LARGEST_DOUBLE = 1000


def quotient(above: list[Node], below: list[Node]) -> Node:
    """A fraction of two products; what has no value can only stand alone."""
    if any(
        isinstance(factor, Sequence | Interval | SetOp | Relation) or is_cases(factor) for factor in (*above, *below)
    ):
        if len(above) == 1 and not below:
            return above[0]
        raise NotMath("a set or a list is multiplied")
    top = above[0] if len(above) == 1 else Mul(tuple(above))
    if not below:
        return top
    return Div(top, below[0] if len(below) == 1 else Mul(tuple(below)))


def written(text: str) -> Num:
    """A number from its digits; a power of ten may follow."""
    lowered = text.lower()
    digits, _, power = lowered.partition("e")
    whole, _, after = digits.partition(".")
    value = Fraction(int(whole + after or "0"), 10 ** len(after))
    if power:
        return Num(value * Fraction(10) ** int(power))
    return Num(value, len(after) or None)


def in_base(number_: Num, base: str) -> Num:
    """The digits of a number read in another base."""
    if not base.isdigit() or not 2 <= int(base) <= 36 or number_.value.denominator != 1:
        raise NotMath("a base is not understood")
    try:
        return number(int(str(number_.value), int(base)))
    except ValueError:
        raise NotMath(f"digits that base {base} does not have") from None


def called(name: str, base: Node | None, args: tuple[Node, ...]) -> Node:
    """A function applied to arguments; `base` is the subscript of a logarithm."""
    if name == "exp" and len(args) == 1:
        return Pow(Const("e"), args[0])
    if name == "cis" and len(args) == 1:
        return Pow(Const("e"), Mul((Const("i"), args[0])))
    if name == "lg" and len(args) == 1:
        return Call("log", (number(10), *args))
    if name == "log":
        if base is not None and len(args) == 1:
            return Call("log", (base, args[0]))
        return Call("log", args if len(args) == 1 else args[::-1])
    if base is not None:
        raise NotMath(f"a subscript of {name} means nothing here")
    least, most = _ARGUMENTS.get(name, (1, 1))
    if not least <= len(args) <= most or any(map(is_cases, args)):
        raise NotMath(f"{name} has other arguments")
    return Call(name, args)


def is_cases(node: Node) -> bool:
    """Whether a node is rows after a brace, with which nothing is worked out."""
    return isinstance(node, Matrix) and node.kind == "cases"


def arrangements(things: Node, places: Node) -> Node:
    """How many ways there are to fill places with things in order: n! / (n - k)!."""
    return Div(Call("factorial", (things,)), Call("factorial", (Add((things, Neg(places))),)))


def double_factorial(of: Node) -> Node:
    """Every other factor of a factorial: worked out for a number, else continued from the whole numbers by n!! = 2^(n/2)
    (n/2)! (pi/2)^((cos(pi n) - 1)/4)."""
    if isinstance(of, Num):
        if of.value.denominator != 1 or not 0 <= of.value <= _LARGEST_DOUBLE:
            raise NotMath("a double factorial that is not worked out")
        return number(prod(range(int(of.value), 0, -2)))
    half, turn = Div(of, number(2)), Call("cos", (Mul((Const("pi"), of)),))
    odd = Pow(Div(Const("pi"), number(2)), Div(Add((turn, number(-1))), number(4)))
    return Mul((Pow(number(2), half), Call("factorial", (half,)), odd))


def conjugate(node: Node) -> Node:
    """The conjugate of an expression in which i stands and every letter is a real number.

    Raises:
        NotMath: it has no i, or a letter that may be a complex number.
    """
    nodes = set(walk(node))
    if Const("i") not in nodes or any(isinstance(at, Sym) and at.name[-1] in "zw" for at in nodes):
        raise NotMath("a bar stands over more than a name")
    return _conjugate(node)


def _conjugate(node: Node) -> Node:
    if node == Const("i"):
        return Neg(node)
    if isinstance(node, Pow | Call):  # a power may have another branch
        return Call("conj", (node,))
    return rebuild(node, _conjugate)
