"""Lists of answers: what their members name, and what they say of their letters."""

from collections.abc import Sequence as Items

from textgym.graders.math.forms import WHOLE, named, whole_letter
from textgym.graders.math.tree import Node, Relation, Sequence, Sym, substitute, symbols


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


def any_named(items: Items[Node]) -> bool:
    """Whether any member has a name, as in x = 1."""
    return any(named(item)[0] is not None for item in items)


def is_mapping(items: Items[Node]) -> bool:
    """Whether each member names something else, as in x = 1, y = 2."""
    names = [named(item)[0] for item in items]
    return len(names) > 1 and None not in names and len(set(names)) == len(names)


def bare(items: Items[Node]) -> list[Node]:
    """Members without their names."""
    return [named(item)[1] for item in items]


def shared_name(items: Items[Node]) -> list[Node]:
    """Members without the name that the first gives to all of them, as in x = 1, 2, 3."""
    names = [named(item)[0] for item in items]
    if names and names[0] is not None and not any(names[1:]):
        return [named(items[0])[1], *items[1:]]
    return list(items)
