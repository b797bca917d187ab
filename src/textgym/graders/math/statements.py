"""What a whole answer says: the parts of its outermost list and relation put in one of the forms that mean the same."""

from textgym.graders.math.residues import shared
from textgym.graders.math.tree import (
    STRUCTURES,
    Add,
    Big,
    Neg,
    Node,
    PlusMinus,
    Relation,
    Sequence,
    Sym,
    walk,
)
from textgym.graders.math.vectors import UNIT_VECTORS, as_tuple


def settled(node: Node, text: str) -> Node:
    """The answer with what it leaves out: a modulus, a sign before each number of a list, a constant of integration.

    Args:
        node: the tree of the whole answer.
        text: what it was made of.
    """
    node = _excluded(shared(node))
    if any(mark in text for mark in UNIT_VECTORS):
        node = as_tuple(node)
    if isinstance(node, Big) and node.kind == "int" and node.lower is None and node.upper is None:
        return Add((node, Sym("C")))
    return node


def _excluded(node: Node) -> Node:
    """What a variable is not, as a list of which everything holds: x != 1, 2 and x != +-1."""
    items = node.items if isinstance(node, Sequence) and node.kind == "list" else (node,)
    first = items[0]
    if not isinstance(first, Relation) or first.ops != ("!=",):
        return node
    if isinstance(node, Sequence) and node.joiner == "or":
        return node
    found: list[Node] = []
    for item in items:
        if isinstance(item, Relation) and item.ops == ("!=",):
            left, right = item.sides
        elif isinstance(item, STRUCTURES):
            return node
        else:
            left, right = first.sides[0], item
        found += [Relation(("!=",), (left, value)) for value in _both(right)]
    return Sequence("list", tuple(found), "and") if len(found) > 1 else found[0]


def _both(node: Node) -> list[Node]:
    """Both values of one sign of plus-minus."""
    if not isinstance(node, PlusMinus) or any(isinstance(at, PlusMinus) for at in walk(node.right)):
        return [node]
    if node.left is None:
        return [node.right, Neg(node.right)]
    if any(isinstance(at, PlusMinus) for at in walk(node.left)):
        return [node]
    return [Add((node.left, node.right)), Add((node.left, Neg(node.right)))]


def split(found: list[Node], joiners: list[str], at: str) -> list[Node]:
    """The things of a list in groups, each a list of its own: what stands between two of the joiners."""
    groups: list[list[Node]] = [[found[0]]]
    for joiner, item in zip(joiners, found[1:], strict=True):
        if joiner == at:
            groups.append([item])
        else:
            groups[-1].append(item)
    if at == "or" and len({len(group) for group in groups}) > 1:
        return [item for group in groups for item in group]
    return [group[0] if len(group) == 1 else Sequence("list", tuple(group)) for group in groups]
