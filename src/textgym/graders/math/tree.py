"""The syntax tree of an answer: frozen nodes that are equal when they are written alike."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from typing import Any, Literal, TypeAlias


class NotMath(Exception):  # noqa: N818 (a verdict about a text, never shown to a user)
    """A text is no mathematics that is understood here, or it is beyond the limits."""


@dataclass(frozen=True, slots=True)
class Num:
    """An exact number; `places` are the digits after its decimal point, None where it has none."""

    value: Fraction
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Sym:
    """A variable, or a thing with a name."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """One of `pi`, `e`, `i`, `oo`."""

    name: str


@dataclass(frozen=True, slots=True)
class Add:
    """A sum."""

    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Mul:
    """A product."""

    factors: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Div:
    """A fraction."""

    top: "Node"
    bottom: "Node"


@dataclass(frozen=True, slots=True)
class Neg:
    """The opposite."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Pow:
    """A power."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function that is known by name, such as `sin` or `root`."""

    name: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Apply:
    """A function that is not known, such as f."""

    name: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class PlusMinus:
    """Both values of a plus-minus sign; `upper` is the sign of the first."""

    left: "Node | None"
    right: "Node"
    upper: Literal["+", "-"]


@dataclass(frozen=True, slots=True)
class Big:
    """A sum, product, integral, limit or derivative over a variable; None where a limit is not given."""

    kind: Literal["sum", "prod", "int", "lim", "diff"]
    variable: str
    lower: "Node | None"
    upper: "Node | None"
    body: "Node"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `factor` (times pi where `angle`) base units of the dimensions `dims`."""

    name: str
    factor: Fraction
    dims: tuple[tuple[str, int], ...]
    angle: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with a unit."""

    value: "Node"
    unit: Unit


@dataclass(frozen=True, slots=True)
class Sequence:
    """Things beside one another.

    `tuple` is in parentheses, `square` in brackets, `set` in braces; a `list` has no brackets. `joiner` is what stands
    between the things: `,` or `or` or `and`.
    """

    kind: Literal["tuple", "square", "set", "list"]
    items: tuple["Node", ...]
    joiner: str = ","


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval with its ends in or out."""

    low: "Node"
    high: "Node"
    low_in: bool
    high_in: bool


@dataclass(frozen=True, slots=True)
class SetOp:
    """A union, an intersection or a difference of sets."""

    op: Literal["cup", "cap", "setminus"]
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Builder:
    """The set of what makes a condition true."""

    element: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of entries; `cases` are the rows after a brace."""

    rows: tuple[tuple["Node", ...], ...]
    kind: Literal["matrix", "det", "cases"] = "matrix"


@dataclass(frozen=True, slots=True)
class Relation:
    """Sides and the signs between them, such as a < b <= c."""

    ops: tuple[str, ...]
    sides: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A proportion such as 3:2; `clock` where it may also be a time of day."""

    items: tuple["Node", ...]
    clock: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Words, folded for comparison."""

    text: str


Node: TypeAlias = (
    Num | Sym | Const | Add | Mul | Div | Neg | Pow | Call | Apply | PlusMinus | Big | Quantity | Sequence | Interval
    | SetOp | Builder | Matrix | Relation | Ratio | Word
)  # fmt: skip

ZERO, ONE = Num(Fraction(0)), Num(Fraction(1))
INFINITE = Const("oo")
STRUCTURES = (Sequence, Interval, SetOp, Builder, Matrix, Relation, Ratio, Word)
"""Nodes that are no expressions: they have no numeric value."""


def number(value: int | Fraction) -> Num:
    """A number without decimal places."""
    return Num(Fraction(value))


def children(node: Node) -> Iterator[Node]:
    """The nodes right below a node."""
    for name in _NODE_FIELDS[type(node)]:
        yield from _nodes(getattr(node, name))


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, tuple):
        for inner in value:
            yield from _nodes(inner)
    elif type(value) in _NODE_FIELDS:
        yield value


def walk(node: Node) -> Iterator[Node]:
    """A node and everything below it."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        yield at
        waiting.extend(children(at))


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """The same node with each child changed."""

    def changed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(changed(inner) for inner in value)
        return change(value) if type(value) in _NODE_FIELDS else value

    names = _NODE_FIELDS[type(node)]
    return replace(node, **{name: changed(getattr(node, name)) for name in names}) if names else node


def symbols(node: Node) -> list[str]:
    """Names of variables in the order of the alphabet; the variables of sums and the like are not among them."""
    found: set[str] = set()
    bound: set[str] = set()
    for at in walk(node):
        if isinstance(at, Sym):
            found.add(at.name)
        elif isinstance(at, Big) and at.kind != "diff":
            bound.add(at.variable)
    return sorted(found - bound)


def substitute(node: Node, names: dict[str, str]) -> Node:
    """The same tree with variables renamed."""
    if isinstance(node, Sym):
        return Sym(names.get(node.name, node.name))
    return rebuild(node, lambda child: substitute(child, names))


def fingerprint(*nodes: Node) -> bytes:
    """Thirty-two bytes of a hash that depends on nothing but the trees."""
    spelled = hashlib.sha256()
    waiting: list[Any] = list(reversed(nodes))
    while waiting:
        at = waiting.pop()
        if isinstance(at, tuple):
            spelled.update(b"%d(" % len(at))
            waiting.extend(reversed(at))
        elif isinstance(at, Fraction):
            spelled.update(b"%x/%x;" % (at.numerator, at.denominator))
        elif is_dataclass(at):
            spelled.update(type(at).__name__.encode())
            waiting.extend(getattr(at, field.name) for field in reversed(fields(at)))
        else:
            spelled.update(f"{at!r};".encode("utf-8", "surrogatepass"))
    return spelled.digest()


_NODE_FIELDS: dict[type, tuple[str, ...]] = {
    Num: (),
    Sym: (),
    Const: (),
    Word: (),
    Add: ("terms",),
    Mul: ("factors",),
    Div: ("top", "bottom"),
    Neg: ("of",),
    Pow: ("base", "exponent"),
    Call: ("args",),
    Apply: ("args",),
    PlusMinus: ("left", "right"),
    Big: ("lower", "upper", "body"),
    Quantity: ("value",),
    Sequence: ("items",),
    Interval: ("low", "high"),
    SetOp: ("parts",),
    Builder: ("element", "condition"),
    Matrix: ("rows",),
    Relation: ("sides",),
    Ratio: ("items",),
}
