"""Equations and inequalities: equal up to a factor that is not zero, and for inequalities positive."""

from typing import TYPE_CHECKING

from textgym.graders.math import points, rational
from textgym.graders.math.budget import TooHard
from textgym.graders.math.tree import STRUCTURES, Add, Neg, Node, Relation, symbols, walk

if TYPE_CHECKING:
    from textgym.graders.math.comparison import Comparison

_TURNED = {">": "<", ">=": "<="}
_FLIPPED = {"<": ">", "<=": ">=", "=": "=", "!=": "!="}
Pair = tuple[Node, str, Node]


def same_relation(comparison: "Comparison", a: Node, b: Node) -> bool:
    """Whether two relations hold for the same values: sign by sign, in any order."""
    if not isinstance(a, Relation) or not isinstance(b, Relation):
        return False
    ours, theirs = _pairs(a), _pairs(b)
    if len(ours) != len(theirs):
        return False
    for one in ours:
        for place, other in enumerate(theirs):
            if _same_pair(comparison, one, other):
                del theirs[place]
                break
        else:
            return False
    return True


def _pairs(relation: Relation) -> list[Pair]:
    """Its signs one by one, none of them "greater than"."""
    pairs = []
    for left, op, right in zip(relation.sides, relation.ops, relation.sides[1:], strict=False):
        pairs.append((right, _TURNED[op], left) if op in _TURNED else (left, "=" if op == "~" else op, right))
    return pairs


def _same_pair(comparison: "Comparison", one: Pair, other: Pair) -> bool:
    (a, op, b), (c, sign, d) = one, other
    if op != sign:
        return False
    if comparison.answers(a, c) and comparison.answers(b, d):
        return True
    if op not in _FLIPPED or any(isinstance(node, STRUCTURES) for side in (a, b, c, d) for node in walk(side)):
        return False
    left, right = Add((a, Neg(b))), Add((c, Neg(d)))
    comparison.reached("rational")
    factor = _factor(comparison, left, right, op)
    return factor > 0 or (factor < 0 and op in ("=", "!="))


def _factor(comparison: "Comparison", left: Node, right: Node, op: str) -> int:
    """The sign of the factor between two sides that are compared with zero; 0 where there is none."""
    if not symbols(left) and not symbols(right):
        return 0  # any two constants have a factor between them
    whole = rational.is_polynomial(left, comparison.budget) and rational.is_polynomial(right, comparison.budget)
    if whole or op in ("=", "!="):
        found = rational.factor_between(left, right, comparison.budget)
        if found is not None:
            return 1 if found > 0 else -1
        if whole:
            return 0
    comparison.reached("points")
    try:
        return points.ratio_sign(left, right, comparison.budget, comparison.options.log)
    except TooHard as error:
        if error.timed:
            raise
        return 0
