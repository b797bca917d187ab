"""Two prepared answers compared: names and lists first, then structures, then units, then values."""

from collections import Counter
from collections.abc import Sequence as Items
from fractions import Fraction
from itertools import permutations
from typing import Literal

from textgym.graders.math import points, rational
from textgym.graders.math.budget import Budget
from textgym.graders.math.forms import is_region, leaves
from textgym.graders.math.lists import (
    any_named,
    bare,
    is_mapping,
    names_one,
    names_several,
    numbered,
    shared_name,
    spread_chain,
    unlisted,
    unrestricted,
    whole_alike,
)
from textgym.graders.math.names import by_place, constant_renamed, counters_renamed, named, without_constant
from textgym.graders.math.options import MathOptions
from textgym.graders.math.regions import Regions, reaches_infinity
from textgym.graders.math.relations import same_relation
from textgym.graders.math.tables import same_matrix
from textgym.graders.math.tree import (
    STRUCTURES,
    ZERO,
    Add,
    Builder,
    Div,
    Interval,
    Matrix,
    Mul,
    Neg,
    Node,
    Num,
    Quantity,
    Ratio,
    Relation,
    Sequence,
    SetOp,
    Sym,
    Word,
    number,
    substitute,
    symbols,
)
from textgym.graders.math.units import is_sure
from textgym.graders.math.vocabulary import SYNONYMS

Step = Literal["text", "number", "words", "structure", "units", "rational", "points", "symbolic"]
"""The steps, in their order."""
STEPS: tuple[Step, ...] = ("text", "number", "words", "structure", "units", "rational", "points", "symbolic")
_AS_NODES: dict[str, Node] = {
    "empty set": Sequence("set", ()),
    "null set": Sequence("set", ()),
    "all real numbers": Sym("mathbb R"),
    "real numbers": Sym("mathbb R"),
}
_ONE_NAME = ({"lb", "£"}, {"yuan", "¥"})
"""Units of one name, or of one sign."""
_FUNCTION_OF_X = {"f/1", "y"}
"""Names of which either may stand for the other: y = x^2 and f(x) = x^2."""
_MOST_RENAMED = 4


class Comparison:
    """One comparison of a reference with an answer.

    Args:
        options: which conventions count.
        budget: bounds the work.

    Attributes:
        step: the latest step that was asked.
        unsettled: pairs that points do not decide, the reason beside them; the answer depends on them.
    """

    def __init__(self, options: MathOptions, budget: Budget) -> None:
        self.options = options
        self.budget = budget
        self.step: Step = "structure"
        self.unsettled: list[tuple[Node, Node]] = []

    def reached(self, step: Step) -> None:
        """Note that a step was asked."""
        if STEPS.index(step) > STEPS.index(self.step):
            self.step = step

    # -- names and lists -----------------------------------------------------------------------------------------------

    def answers(self, a: Node, b: Node) -> bool:
        """Whether two answers, or two members of lists, say the same."""
        self.budget.spend()
        if a == b:
            return True
        a, b = unlisted(unrestricted(a, self.budget)), unlisted(unrestricted(b, self.budget))
        a, b = whole_alike(*whole_alike(a, b)[::-1])[::-1]
        a, b = spread_chain(*self._results(a, b))
        if not self.options.constant:
            b = constant_renamed(b, a)
        b = counters_renamed(b, a)
        if is_region(a) or is_region(b):
            found = self._regions(a, b)
            if found is not None:
                return found
        listed = [isinstance(one, Sequence) and one.kind == "list" for one in (a, b)]
        if any(listed):
            return self._lists(
                *(one if is_list else named(one)[1] for one, is_list in zip((a, b), listed, strict=True))
            )
        (left, value), (right, other) = named(a), named(b)
        if left is None and right is None:
            return self.same(self._without_constant(value), self._without_constant(other))
        if left is not None and right is not None:
            if left == right or not left or not right:
                return self._values(by_place(a), by_place(b))
            return same_relation(self, a, b) or ({left, right} == _FUNCTION_OF_X and self._values(value, other))
        unnamed = b if right is None else a
        if isinstance(unnamed, Relation) and not is_region(value if right is None else other):
            return same_relation(self, a, b)
        return self._values(value, other)

    def _results(self, a: Node, b: Node) -> tuple[Node, Node]:
        """A sum that is worked out, as in 2 * 5 = 10, stands for its result where the other answer is a value."""
        if isinstance(a, Relation) == isinstance(b, Relation):
            return a, b
        return (self._result(a), b) if isinstance(a, Relation) else (a, self._result(b))

    def _result(self, node: Node) -> Node:
        if not isinstance(node, Relation) or symbols(node) or leaves(node) & {*STRUCTURES} != {Relation}:
            return node
        sides = node.sides
        if len(sides) == 2 and _places(sides[1]) is not None and self._rounded(*sides):
            return sides[0]
        if {*node.ops} != {"="} or not all(self.values(one, sides[-1]) for one in sides[:-1]):
            return node
        return sides[-1]

    def _values(self, a: Node, b: Node) -> bool:
        a, b = self._without_constant(a), self._without_constant(b)
        return self.answers(a, b) if is_region(a) or is_region(b) else self.same(a, b)

    def _without_constant(self, node: Node) -> Node:
        return without_constant(node) if self.options.constant else node

    def _lists(self, a: Node, b: Node) -> bool:
        """A list without brackets: unordered beside another one or a set, ordered beside a tuple."""
        if not isinstance(a, Sequence) or not isinstance(b, Sequence):
            return False
        unordered = "set" in (a.kind, b.kind) or {a.joiner, b.joiner} == {"or", ","}
        if unordered and names_several(a.items) != names_several(b.items):
            return False
        if "set" in (a.kind, b.kind):
            return self._as_sets(shared_name(a.items), shared_name(b.items))
        if a.kind != b.kind:  # beside a tuple
            ordered = "or" not in (a.joiner, b.joiner) and not any(
                one.kind == "list" and names_one(one.items) for one in (a, b)
            )
            return ordered and self._in_order(bare(a.items), bare(b.items))
        if numbered(a.items, b.items) or numbered(b.items, a.items):
            return self._in_any_order(bare(a.items), bare(b.items))
        if is_mapping(a.items) != is_mapping(b.items):
            if names_one(a.items) or names_one(b.items):
                return False
            if not (any_named(a.items) and any_named(b.items)):
                return self._in_order(bare(a.items), bare(b.items))
        if all(isinstance(item, Sequence) for item in (*a.items, *b.items)):
            return self._as_sets(a.items, b.items)  # solutions one after the other, and none counts twice
        return self._in_any_order(shared_name(a.items), shared_name(b.items))

    def _in_order(self, a: Items[Node], b: Items[Node]) -> bool:
        return len(a) == len(b) and all(self.answers(one, other) for one, other in zip(a, b, strict=True))

    def _in_any_order(self, a: Items[Node], b: Items[Node]) -> bool:
        if len(a) != len(b):
            return False
        exact, others = self._exact(a), self._exact(b)
        if None not in exact and None not in others and self.options.decimals == "exact":
            return Counter(exact) == Counter(others)
        left = list(b)
        for one in a:
            for place, other in enumerate(left):
                if self.answers(one, other):
                    del left[place]
                    break
            else:
                return False
        return True

    def _as_sets(self, a: Items[Node], b: Items[Node]) -> bool:
        exact, others = self._exact(a), self._exact(b)
        if None not in exact and None not in others and self.options.decimals == "exact":
            return set(exact) == set(others)
        return all(any(self._members(one, other) for other in b) for one in a) and all(
            any(self._members(one, other) for one in a) for other in b
        )

    def _members(self, a: Node, b: Node) -> bool:
        """Whether members of two sets are the same. There a set of one thing is not that thing."""
        sets = [isinstance(one, Sequence) and one.kind == "set" for one in (a, b)]
        return sets[0] == sets[1] and self.answers(a, b)

    def _exact(self, items: Items[Node]) -> list[Fraction | None]:
        return [rational.constant(item, self.budget) if isinstance(item, Num | Neg | Div) else None for item in items]

    # -- structures ----------------------------------------------------------------------------------------------------

    def same(self, a: Node, b: Node) -> bool:
        """Whether two values, sets, matrices or relations are the same."""
        self.budget.spend()
        if a == b:
            return True
        a, b = _unworded(a), _unworded(b)
        if isinstance(a, Quantity) or isinstance(b, Quantity):
            return self._quantities(a, b)
        if not isinstance(a, STRUCTURES) and not isinstance(b, STRUCTURES):
            return self.values(a, b)
        if is_region(a) or is_region(b) or isinstance(a, Builder) or isinstance(b, Builder):
            found = self._regions(a, b)
            if found is not None:
                return found
        if isinstance(a, Word) and isinstance(b, Word):
            return _word(a) == _word(b)
        if isinstance(a, Ratio) or isinstance(b, Ratio):
            return self._ratios(a, b)
        if isinstance(a, Matrix) or isinstance(b, Matrix):
            return same_matrix(self, a, b)
        if isinstance(a, Relation) and isinstance(b, Relation):
            return same_relation(self, a, b)
        if isinstance(a, Interval) and isinstance(b, Interval):
            return (
                (a.low_in, a.high_in) == (b.low_in, b.high_in) and self.same(a.low, b.low) and self.same(a.high, b.high)
            )
        if isinstance(a, SetOp) and isinstance(b, SetOp):
            if a.op != b.op or a.op == "setminus":
                return a.op == b.op and self._in_order(a.parts, b.parts)
            return self._as_sets(a.parts, b.parts)
        if isinstance(a, Builder) and isinstance(b, Builder):
            return self.answers(a.element, b.element) and self.answers(a.condition, b.condition)
        return self._sequences(a, b)

    def _sequences(self, a: Node, b: Node) -> bool:
        if isinstance(a, Sequence) and isinstance(b, Sequence):
            if "list" in (a.kind, b.kind):
                return self._lists(a, b)
            if (a.kind == "set") != (b.kind == "set"):
                return False
            return self._as_sets(a.items, b.items) if a.kind == "set" else self._in_order(a.items, b.items)
        for one, other in ((a, b), (b, a)):
            if isinstance(one, Sequence) and one.kind == "set" and len(one.items) == 1:
                alone = one.items[0]
                return not isinstance(alone, Sequence | Interval) and self.answers(alone, other)
        return False

    def _ratios(self, a: Node, b: Node) -> bool:
        if isinstance(a, Ratio) and isinstance(b, Ratio):
            if (a.clock and b.clock) or len(a.items) != len(b.items) or ZERO in (*a.items, *b.items):
                return self._in_order(a.items, b.items)
            first, other = a.items[0], b.items[0]
            return all(
                self.values(Mul((first, y)), Mul((x, other)))
                for x, y in zip(a.items[1:], b.items[1:], strict=True)
            )  # fmt: skip
        ratio, value = (a, b) if isinstance(a, Ratio) else (b, a)
        assert isinstance(ratio, Ratio)
        if len(ratio.items) != 2 or isinstance(value, STRUCTURES):
            return False
        return self.values(Div(ratio.items[0], ratio.items[1]), value)

    def _regions(self, a: Node, b: Node) -> bool | None:
        """Sets of numbers by membership, where both are such sets; None otherwise."""
        if isinstance(a, Interval) and isinstance(b, Interval):
            return None
        if not self.options.inequality_for_set and _is_inequality(b) and not _is_inequality(a):
            return False
        if (
            {*symbols(a)}
            and {*symbols(b)}
            and {*symbols(a)} != {*symbols(b)}
            and "mathbb R" not in (*symbols(a), *symbols(b))
        ):
            return None
        if reaches_infinity(a) != reaches_infinity(b):
            return False
        return Regions(self.budget, self.options.log).same(a, b)

    # -- units ---------------------------------------------------------------------------------------------------------

    def _quantities(self, a: Node, b: Node) -> bool:
        self.reached("units")
        if isinstance(a, Quantity) and isinstance(b, Quantity):
            if isinstance(a.value, Quantity) != isinstance(b.value, Quantity):  # 3 cups of flour, and 3 cups
                return self.same(a.value, b) if isinstance(a.value, Quantity) else self.same(a, b.value)
            if a.unit == b.unit:
                return self.same(a.value, b.value)
            if {a.unit.name, b.unit.name} in _ONE_NAME:
                return self.same(a.value, b.value)
            if a.unit.dims != b.unit.dims or (self.options.unit == "required" and a.unit.dims):
                return False
            return self.values(_in_base_units(a), _in_base_units(b))
        quantity, other = (a, b) if isinstance(a, Quantity) else (b, a)
        assert isinstance(quantity, Quantity)
        if isinstance(quantity.value, Ratio) and not isinstance(other, Ratio):
            return False  # 10:30 am is no third
        if not quantity.unit.dims:  # a share of a hundred
            return not isinstance(other, STRUCTURES) and self.values(_in_base_units(quantity), other)
        if self.options.unit != "optional" or not is_sure(quantity.unit):
            return False
        if self.same(quantity.value, other):
            return True
        angle = quantity.unit.angle and not isinstance(other, STRUCTURES)
        return angle and self.values(_in_base_units(quantity), other)

    # -- values --------------------------------------------------------------------------------------------------------

    def values(self, a: Node, b: Node) -> bool:
        """Whether two expressions are equal: by their normal forms, else at points."""
        if a == b:
            return True
        if leaves(a).union(leaves(b)).intersection(STRUCTURES):
            return False
        if self.options.decimals == "rounded" and (found := self._rounded(a, b)) is not None:
            return found
        self.reached("rational")
        found = rational.equal(a, b, self.budget)
        if found is None:
            found = self._at_points(a, b)
        if not found and self.options.rename:
            return self._renamed(a, b)
        return found

    def _at_points(self, a: Node, b: Node) -> bool:
        self.reached("points")
        verdict = points.agree(a, b, self.budget, self.options.log)
        if verdict == "undecided":
            self.unsettled.append((a, b))
        return verdict == "equal"

    def _renamed(self, a: Node, b: Node) -> bool:
        names, others = symbols(a), symbols(b)
        if len(names) != len(others) or len(names) > _MOST_RENAMED:
            return False
        for order in permutations(names):
            renamed = substitute(b, dict(zip(others, order, strict=True)))
            found = rational.equal(a, renamed, self.budget)
            if found or (found is None and points.agree(a, renamed, self.budget, self.options.log) == "equal"):
                return True
        return False

    def _rounded(self, a: Node, b: Node) -> bool | None:
        """Whether one is a decimal fraction to which the other rounds; None where neither is a decimal fraction."""
        decimals = [(_places(one), one, other) for one, other in ((a, b), (b, a)) if _places(one) is not None]
        if not decimals:
            return None
        places, decimal, other = min(decimals, key=lambda entry: entry[0] or 0)
        if symbols(other):
            return None
        self.reached("points")
        value = rational.constant(decimal, self.budget)
        half = number(Fraction(1, 2 * 10 ** (places or 0)))
        assert value is not None
        inside = Interval(Add((number(value), Neg(half))), Add((number(value), half)), True, True)
        return Regions(self.budget, self.options.log).holds(inside, other)


def _places(node: Node) -> int | None:
    while isinstance(node, Neg):
        node = node.of
    return node.places if isinstance(node, Num) else None


def _in_base_units(quantity: Quantity) -> Node:
    if quantity.unit.angle:
        return quantity  # its value is in radians
    return Mul((number(quantity.unit.factor), quantity.value))


def _unworded(node: Node) -> Node:
    return _AS_NODES.get(_word(node), node) if isinstance(node, Word) else node


def _word(word: Word) -> str:
    return SYNONYMS.get(word.text, word.text)


def _is_inequality(node: Node) -> bool:
    return isinstance(node, Relation) and node.ops != ("in",)
