"""Nodes made of what was read: numbers from digits, fractions of products, functions by their names."""

from fractions import Fraction

from textgym.graders.math.tree import (
    Call,
    Const,
    Div,
    Interval,
    Mul,
    Node,
    NotMath,
    Num,
    Pow,
    Relation,
    Sequence,
    SetOp,
    number,
)


def quotient(above: list[Node], below: list[Node]) -> Node:
    """A fraction of two products; what has no value can only stand alone."""
    if any(isinstance(factor, Sequence | Interval | SetOp | Relation) for factor in (*above, *below)):
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
    if name == "lg":
        return Call("log", (number(10), *args))
    if name == "log":
        if base is not None and len(args) == 1:
            return Call("log", (base, args[0]))
        return Call("log", args if len(args) == 1 else args[::-1])
    if base is not None:
        raise NotMath(f"a subscript of {name} means nothing here")
    return Call(name, args)
