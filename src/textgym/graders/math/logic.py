"""Propositions: what `and`, `or`, `not` and the arrows between statements say, and in which order quantifiers stand.

Each is a call of a name that nothing else bears, and equals another one that is written alike: the order beside `and` and
`or` does not count, and nothing else is worked out.
"""

from textgym.graders.math.tree import Apply, Call, Node, Relation, Sym, fingerprint

QUANTIFIERS = frozenset(["forall", "exists", "nexists"])
NOT = frozenset(["neg", "lnot"])
_NAMES = QUANTIFIERS | {"and", "or", "not"}
_ARROWS = frozenset(["to", "iff"])


def is_proposition(node: Node) -> bool:
    """Whether a statement may be true or false and is no equation: a letter, P(x), or a combination of such."""
    if isinstance(node, Relation):
        return set(node.ops) <= _ARROWS and all(map(is_proposition, node.sides))
    if isinstance(node, Sym):
        return not node.name.startswith(("mathbb", "\\"))
    return isinstance(node, Apply) or (isinstance(node, Call) and node.name in _NAMES)


def is_capital(node: Node) -> bool:
    """Whether a statement is one capital, which names a proposition where the words `and` and `or` stand beside it."""
    return isinstance(node, Sym) and len(node.name) == 1 and node.name.isupper()


def proposition(found: list[Node], joiners: list[str]) -> Node | None:
    """Statements with `and` and `or` between them as one; None where they are none.

    Args:
        found: the statements; an arrow in one of them binds less than what stands between two.
        joiners: what stands between them.
    """
    if not set(joiners) <= {"and", "or"} or not all(map(is_proposition, found)):
        return None
    sides, ops = list[Node](), list[str]()
    operands, signs = list[Node](), list[str]()
    for place, statement in enumerate(found):
        parts = statement.sides if isinstance(statement, Relation) else (statement,)
        arrows = statement.ops if isinstance(statement, Relation) else ()
        signs += [joiners[place - 1]] if place else []
        operands.append(parts[0])
        for op, part in zip(arrows, parts[1:], strict=True):
            sides.append(_connected(operands, signs))
            ops.append(op)
            operands, signs = [part], []
    sides.append(_connected(operands, signs))
    return Relation(tuple(ops), tuple(sides)) if ops else sides[0]


def _connected(operands: list[Node], signs: list[str]) -> Node:
    """`and` binds closer than `or`."""
    groups = [[operands[0]]]
    for sign, operand in zip(signs, operands[1:], strict=True):
        if sign == "or":
            groups.append([operand])
        else:
            groups[-1].append(operand)
    return _unordered("or", [_unordered("and", group) for group in groups])


def _unordered(name: str, operands: list[Node]) -> Node:
    if len(operands) == 1:
        return operands[0]
    flat: list[Node] = []
    for operand in operands:
        flat.extend(operand.args if isinstance(operand, Call) and operand.name == name else (operand,))
    return Call(name, tuple(sorted(flat, key=fingerprint)))
