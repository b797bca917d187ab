"""Lists of answers: what their members name, and what they say of their letters."""

from collections.abc import Sequence as Items

from textgym.graders.math import rational
from textgym.graders.math.budget import Budget
from textgym.graders.math.forms import WHOLE, whole_letter
from textgym.graders.math.names import named
from textgym.graders.math.tree import Div, Node, Relation, Sequence, Sym, rebuild, substitute, symbols, walk

_MOST_RESTRICTIONS = 8


def whole_alike(a: Node, b: Node) -> tuple[Node, Node]:
    """An answer that says of its letter that it is whole, k pi with k in Z, without the words where the other has none."""
    if not isinstance(a, Sequence) or whole_letter(a) is None or whole_letter(b) is not None:
        return a, b
    last = a.items[-1]
    if not isinstance(last, Relation) or last.sides[1] != Sym("mathbb Z"):
        return a, b
    rest = a.items[0] if len(a.items) == 2 else Sequence("list", a.items[:-1], a.joiner)
    others = {*symbols(b)} - {*symbols(rest)}
    if WHOLE not in symbols(rest) or len(others) != 1:
        return a, b
    return rest, substitute(b, {others.pop(): WHOLE})


def unlisted(node: Node) -> Node:
    """The only member of a list of one; any other answer as it is."""
    return node.items[0] if isinstance(node, Sequence) and node.kind == "list" and len(node.items) == 1 else node


def unrestricted(node: Node, budget: Budget) -> Node:
    """A value without what its variable is said not to be, where it has no value there anyway: 1/x, x != 0."""
    if not isinstance(node, Sequence) or node.kind != "list" or len(node.items) > _MOST_RESTRICTIONS:
        return node
    first, *others = node.items
    value = named(first)[1]
    bottoms = [at.bottom for at in walk(value) if isinstance(at, Div)]
    for one in others:
        if not (isinstance(one, Relation) and one.ops == ("!=",) and isinstance(one.sides[0], Sym)):
            return node
        where = {one.sides[0]: one.sides[1]}
        if not any(rational.constant(_put(bottom, where), budget) == 0 for bottom in bottoms):
            return node
    return first if others else node


def _put(node: Node, where: dict[Sym, Node]) -> Node:
    if isinstance(node, Sym):
        return where.get(node, node)
    return rebuild(node, lambda child: _put(child, where))


def spread_chain(a: Node, b: Node) -> tuple[Node, Node]:
    """x = y = z = 1 as a list of x = 1, y = 1, z = 1, where the other answer is a list or a tuple."""
    others = [
        isinstance(one, Sequence) or (isinstance(one, Relation) and isinstance(one.sides[0], Sequence))
        for one in (a, b)
    ]
    return (_spread(a) if others[1] else a), (_spread(b) if others[0] else b)


def _spread(node: Node) -> Node:
    if not isinstance(node, Relation) or len(node.sides) < 3 or {*node.ops} != {"="}:
        return node
    *names, value = node.sides
    if len({*names}) < len(names) or not all(isinstance(name, Sym) for name in names) or symbols(value):
        return node
    return Sequence("list", tuple(Relation(("=",), (name, value)) for name in names))


def any_named(items: Items[Node]) -> bool:
    """Whether any member has a name, as in x = 1."""
    return any(named(item)[0] is not None for item in items)


def is_mapping(items: Items[Node]) -> bool:
    """Whether each member names something else, as in x = 1, y = 2."""
    names = [named(item)[0] for item in items]
    return len(names) > 1 and None not in names and len(set(names)) == len(names)


def numbered(items: Items[Node], others: Items[Node]) -> bool:
    """Whether members are numbered values of one variable, x_1 = 2, x_2 = 3, and the others are values of that variable."""
    names, plain = [named(item)[0] or "" for item in items], [named(item)[0] for item in others]
    bases = {name.partition("_")[0] for name in names}
    alike = {*plain} == bases or ({plain[0]} == bases and not any(plain[1:]))
    return alike and is_mapping(items) and all(name.partition("_")[2].isdigit() for name in names)


def names_several(items: Items[Node]) -> bool:
    """Whether members are values of several variables, as in x = 1, y = 2, and not in x_1 = 1, x_2 = 2."""
    return is_mapping(items) and len({(named(item)[0] or "").partition("_")[0] for item in items}) > 1


def names_one(items: Items[Node]) -> bool:
    """Whether members are values of one variable, as in x = 1, 2 and in x = 1, x = 2."""
    names = {named(item)[0] for item in items[1:]}
    first = named(items[0])[0]
    return first is not None and len(items) > 1 and names <= {None, first} and len(names) == 1


def bare(items: Items[Node]) -> list[Node]:
    """Members without their names."""
    return [named(item)[1] for item in items]


def shared_name(items: Items[Node]) -> list[Node]:
    """Members without the name that the first gives to all of them, as in x = 1, 2, 3."""
    names = [named(item)[0] for item in items]
    if names and names[0] is not None and not any(names[1:]):
        return [named(items[0])[1], *items[1:]]
    return list(items)
