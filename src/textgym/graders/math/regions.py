"""Sets of numbers on the line, compared by membership: at their edges, on both sides of them, between and beyond."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.numeric import Evaluator, Undefined, arithmetic, context
from textgym.graders.math.rational import Rationals
from textgym.graders.math.tree import (
    INFINITE,
    Add,
    Apply,
    Builder,
    Interval,
    Neg,
    Node,
    Relation,
    Sequence,
    SetOp,
    Sym,
    rebuild,
    symbols,
    walk,
)

_DIGITS = 50
_REALS = Sym("mathbb R")


@dataclass(frozen=True, slots=True)
class Region:
    """A set of numbers: whether one is in it, where that may change, and whether all such places are known.

    `solved` where it is the solutions of equations alone, which may be single numbers anywhere.
    """

    contains: Callable[[Any], bool]
    edges: tuple[Any, ...]
    complete: bool
    solved: bool = False


class Regions:
    """Makes regions of nodes.

    Args:
        budget: bounds the work.
        log: the base of a logarithm without one.
    """

    def __init__(self, budget: Budget, log: str) -> None:
        self.budget = budget
        self.log = log
        self.ctx = context(_DIGITS)

    def same(self, left: Node, right: Node) -> bool | None:
        """Whether two nodes are the same set; None where it cannot be told.

        Raises:
            TooHard: the time is over.
        """
        with arithmetic():
            try:
                for joined in ("or", "and"):
                    one, other = self._of(left, None, joined), self._of(right, None, joined)
                    if one is None or other is None or not (one.complete or other.complete):
                        return None
                    agreed = self._agree(one, other)
                    if agreed is None:
                        return None
                    if agreed:
                        return True
            except TooHard as error:
                if error.timed:
                    raise
                return None
        return False

    def holds(self, interval: Interval, value: Node) -> bool:
        """Whether a constant is in an interval."""
        with arithmetic():
            found = self._number(value)
            region = self._of(interval, None, "or")
            return found is not None and region is not None and region.contains(found)

    def _agree(self, one: Region, other: Region) -> bool | None:
        """Whether both are the same set; None where no number was found in either, and one may still have some."""
        ctx = self.ctx
        edges = sorted({*one.edges, *other.edges})
        tiny = ctx.mpf(10) ** -15
        points = [ctx.mpf(0), ctx.mpf(10) ** 7, -(ctx.mpf(10) ** 7)]
        for edge in edges:
            step = tiny * max(1, abs(edge))
            points += [edge, edge - step, edge + step]
        points += [(a + b) / 2 for a, b in pairwise(edges)]
        low, high = (edges[0], edges[-1]) if edges else (ctx.mpf(-1), ctx.mpf(1))
        reach = max(1, high - low)
        points += [low - reach * ctx.mpf(place * 7 + 1) / 97 for place in range(24)]
        points += [low + (high - low + reach) * ctx.mpf(place * 13 + 1) / 311 for place in range(24)]
        empty = True
        for point in points:
            self.budget.spend(5)
            inside = one.contains(point)
            if inside != other.contains(point):
                return False
            empty = empty and not inside
        return None if empty and (one.solved or other.solved) else True

    def _of(self, node: Node, variable: str | None, joined: str) -> Region | None:
        if isinstance(node, Interval):
            return self._interval(node.low, node.high, node.low_in, node.high_in)
        if isinstance(node, Sequence):
            return self._sequence(node, variable, joined)
        if isinstance(node, SetOp):
            parts = [self._of(part, variable, joined) for part in node.parts]
            return self._combined([part for part in parts if part is not None], len(parts), node.op)
        if isinstance(node, Relation):
            return self._relation(node)
        if isinstance(node, Builder) and isinstance(node.element, Sym):
            return self._of(node.condition, node.element.name, "and")
        if isinstance(node, Builder) and isinstance(node.element, Relation) and node.element.ops == ("in",):
            return self._of(node.condition, None, "and") if node.element.sides[1] == _REALS else None
        if node == _REALS:
            return Region(lambda x: True, (), True)
        return None

    def _interval(self, low: Node, high: Node, low_in: bool, high_in: bool) -> Region | None:
        a, b = self._number(low), self._number(high)
        if a is None or b is None or a > b or (a == b and not (low_in and high_in)):
            return None  # (7, 3) is a point, if anything

        def contains(x: Any) -> bool:
            return bool((a < x or (low_in and x == a)) and (x < b or (high_in and x == b)))

        return Region(contains, tuple(end for end in (a, b) if self.ctx.isfinite(end)), True)

    def _sequence(self, node: Sequence, variable: str | None, joined: str) -> Region | None:
        if node.kind == "tuple" and len(node.items) == 2:
            return self._interval(node.items[0], node.items[1], False, False)
        if node.kind == "list" and any(isinstance(item, Relation | Interval | SetOp) for item in node.items):
            if len({*symbols(node)} - {_REALS.name}) > 1:
                return None  # not about one line
            parts = [self._of(item, variable, joined) for item in node.items]
            op = {"or": "cup", "and": "cap"}[node.joiner if node.joiner in ("or", "and") else joined]
            return self._combined([part for part in parts if part is not None], len(parts), op)
        if node.kind not in ("set", "list"):
            return None
        values = [self._number(item) for item in node.items]
        if any(value is None for value in values):
            return None
        return Region(lambda x: any(self._near(x, value) for value in values), tuple(values), True)

    def _combined(self, parts: list[Region], count: int, op: str) -> Region | None:
        if len(parts) != count:
            return None
        edges = tuple(edge for part in parts for edge in part.edges)
        complete, solved = all(part.complete for part in parts), all(part.solved for part in parts)
        if op == "cup":
            return Region(lambda x: any(part.contains(x) for part in parts), edges, complete, solved)
        if op == "cap":
            return Region(lambda x: all(part.contains(x) for part in parts), edges, complete, solved)
        return Region(
            lambda x: parts[0].contains(x) and not any(part.contains(x) for part in parts[1:]), edges, complete
        )

    def _relation(self, node: Relation) -> Region | None:
        if node.ops == ("in",) and isinstance(node.sides[0], Sym):
            return self._of(node.sides[1], None, "or")
        unknown = {at for at in walk(node) if isinstance(at, Apply)}
        if len(unknown) == 1:  # 0 < f(x) < 1 is about the values of f
            node = _replaced(node, unknown.pop())
        names = symbols(node)
        if len(names) != 1 or not set(node.ops) <= {"<", ">", "<=", ">=", "=", "!="}:
            return None
        name = names[0]

        def contains(x: Any) -> bool:
            try:
                values = [Evaluator(_DIGITS, {name: x}, self.budget, self.log).value(side) for side in node.sides]
            except Undefined:
                return False
            return all(self._holds(a, op, b) for a, op, b in zip(values, node.ops, values[1:], strict=False))

        edges, complete = [], True
        for left, right in zip(node.sides, node.sides[1:], strict=False):
            roots = self._roots(Add((left, Neg(right))))
            complete &= roots is not None
            edges += roots or []
        if not complete and {"=", "!="} & {*node.ops}:
            return None
        return Region(contains, tuple(edges), complete, {*node.ops} == {"="})

    def _holds(self, a: Any, op: str, b: Any) -> bool:
        if isinstance(a, self.ctx.mpc) or isinstance(b, self.ctx.mpc):
            return False
        if self._near(a, b):
            return op in ("<=", ">=", "=")
        return bool(op == "!=" or (op in ("<", "<=") and a < b) or (op in (">", ">=") and a > b))

    def _near(self, a: Any, b: Any) -> bool:
        if not (self.ctx.isfinite(a) and self.ctx.isfinite(b)):
            return bool(a == b)
        return bool(abs(a - b) <= self.ctx.mpf(10) ** -30 * max(1, abs(a), abs(b)))

    def _roots(self, node: Node) -> list[Any] | None:
        """Where a rational function of one variable may change its sign; None where that is not known."""
        rationals = Rationals(self.budget)
        try:
            quotient = rationals.of(node)
        except (TooHard, ZeroDivisionError):
            return None
        if rationals.opaque or len(rationals.atoms) > 1:
            return None
        roots: list[Any] = []
        for poly in (quotient.top, quotient.bottom):
            degree = max((key[0][1] if key else 0 for key in poly), default=0)
            if degree > 8:
                return None
            exact = [poly.get(((0, power),) if power else ()) for power in range(degree, -1, -1)]
            if degree:
                numbers = [self.ctx.mpf(c.numerator) / c.denominator if c else self.ctx.mpf(0) for c in exact]
                try:
                    found = self.ctx.polyroots(numbers, maxsteps=200, extraprec=200)
                except self.ctx.NoConvergence:
                    return None
                roots += [self.ctx.re(root) for root in found if abs(self.ctx.im(root)) < self.ctx.mpf(10) ** -12]
        return roots

    def _number(self, node: Node) -> Any:
        if symbols(node):
            return None
        try:
            value = Evaluator(_DIGITS, {}, self.budget, self.log).value(node)
        except (Undefined, TooHard) as error:
            if isinstance(error, TooHard) and error.timed:
                raise
            return None
        return None if isinstance(value, self.ctx.mpc) else value


def _replaced(node: Node, unknown: Node) -> Any:
    """The same tree with a variable in the place of a node."""
    return Sym("value") if node == unknown else rebuild(node, lambda child: _replaced(child, unknown))


def reaches_infinity(node: Node) -> bool:
    """Whether an interval has infinity for a member, as in (1, oo]."""
    return any(
        isinstance(at, Interval) and ((at.high_in and at.high == INFINITE) or (at.low_in and at.low == Neg(INFINITE)))
        for at in walk(node)
    )
