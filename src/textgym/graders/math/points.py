"""Whether two expressions agree at random points, by relative difference at many digits.

The points are drawn from a hash of both expressions, so that nobody can write an answer that agrees at known points.
A point counts where both sides are real, or both are not; elsewhere the expressions have different domains there.
"""

import hashlib
from typing import Any, Literal

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.numeric import Evaluator, Undefined, arithmetic, context
from textgym.graders.math.tree import Big, Call, Const, Neg, Node, Pow, fingerprint, symbols, walk

Agreement = Literal["equal", "unequal", "undecided"]

_DIGITS, _MORE_DIGITS = 50, 300
_POINTS, _TRIES = 8, 26
_POSITIVE, _SIGNED = 5, 9
_WHOLE = frozenset("nmkNMKjlr")


def agree(left: Node, right: Node, budget: Budget, log: str = "10") -> Agreement:
    """Compare two expressions; `undecided` where too few points could be worked out.

    Raises:
        TooHard: the time is over.
    """
    with arithmetic():
        names = sorted({*symbols(left), *symbols(right)})
        return _expressions(left, right, names, budget, log) if names else _constants(left, right, budget, log)


def _expressions(left: Node, right: Node, names: list[str], budget: Budget, log: str) -> Agreement:
    points = _Points(left, right, names)
    counted = apart = 0
    for attempt in range(_TRIES):
        point = points.draw(attempt)
        try:
            verdict = _at(left, right, point, budget, log, _DIGITS)
        except TooHard as error:
            if error.timed:
                raise
            return "undecided"
        if verdict == "unequal":
            return "unequal"
        counted += verdict == "equal"
        apart += verdict == "apart"
        if counted >= _POINTS and attempt >= _SIGNED:
            return "equal"
    return "unequal" if apart > counted else "undecided"


class _Points:
    """Random points: first positive ones, then of either sign; whole ones where the variables count something."""

    def __init__(self, left: Node, right: Node, names: list[str]) -> None:
        self.seed = fingerprint(left, right)
        self.names = names
        self.whole = set(names) <= _WHOLE and any(map(_counts, (*walk(left), *walk(right))))

    def draw(self, attempt: int) -> dict[str, tuple[int, int]]:
        """The values of the variables as fractions."""
        point = {}
        for place, name in enumerate(self.names):
            digest = hashlib.sha256(
                self.seed + bytes((attempt, place % 256)) + name.encode("utf-8", "surrogatepass")
            ).digest()
            if self.whole:
                point[name] = (1 + int.from_bytes(digest[:4], "big") % (4 + 2 * attempt), 1)
                continue
            size = (1 << 120) // 4 + int.from_bytes(digest[:15], "big") * 3
            point[name] = (-size if self._negative(attempt, place, digest[15]) else size, 1 << 120)
        return point

    def _negative(self, attempt: int, place: int, random: int) -> bool:
        """First all are positive, then all negative, then every other one, then they are as it falls."""
        if attempt < _POSITIVE:
            return False
        if attempt == _POSITIVE:
            return True
        return bool((place + attempt) & 1 if attempt < _POSITIVE + 3 else random & 1)


def _counts(node: Node) -> bool:
    """Whether a node makes sense for whole numbers above all: a power of a negative number, a factorial, a sum up to n."""
    if isinstance(node, Pow):
        return isinstance(node.base, Neg) and bool(symbols(node.exponent))
    if isinstance(node, Call) and node.name in ("cos", "sin"):
        return any(isinstance(inner, Const) for inner in walk(node))
    if isinstance(node, Call):
        return node.name in ("factorial", "binom", "floor", "ceil", "mod", "gcd")
    return isinstance(node, Big)


def _constants(left: Node, right: Node, budget: Budget, log: str) -> Agreement:
    """Expressions without variables: at many digits, and where they agree at many more."""
    try:
        for digits in (_DIGITS, _MORE_DIGITS):
            verdict = _at(left, right, {}, budget, log, digits)
            if verdict == "undefined":
                return "undecided"
            if verdict != "equal":
                return "unequal"
    except TooHard as error:
        if error.timed:
            raise
        return "undecided"
    return "equal"


def _at(  # noqa: PLR0917 (a private step of the loop above)
    left: Node, right: Node, point: dict[str, tuple[int, int]], budget: Budget, log: str, digits: int
) -> Literal["equal", "unequal", "undefined", "apart"]:
    """How two expressions compare at one point; `apart` where one is real and the other is not."""
    ctx = context(digits)
    values = {name: ctx.mpf(top) / bottom for name, (top, bottom) in point.items()}
    one, other = Evaluator(digits, values, budget, log), Evaluator(digits, values, budget, log)
    a, b = _value(one, left), _value(other, right)
    if a is None or b is None:
        return "undefined" if a is b else "apart"
    if ctx.isinf(a) or ctx.isinf(b):
        return "equal" if a == b else "unequal"
    if isinstance(a, ctx.mpc) != isinstance(b, ctx.mpc):
        return "apart" if point else "unequal"
    difference = abs(a - b)
    if not difference or difference <= ctx.mpf(10) ** (-digits * 3 // 5) * max(abs(a), abs(b)):
        return "equal"
    scale = max(one.scale, other.scale)
    if digits < 100 and difference <= ctx.mpf(10) ** (12 - digits) * scale:
        return _at(left, right, point, budget, log, 3 * digits)  # rounding, or a small number: more digits tell
    return "equal" if digits >= 100 and difference <= ctx.mpf(10) ** (15 - digits) * scale else "unequal"


def _value(evaluator: Evaluator, node: Node) -> Any:
    try:
        return evaluator.value(node)
    except Undefined:
        return None


def ratio_sign(left: Node, right: Node, budget: Budget, log: str = "10") -> int:
    """The sign of the constant c with left = c * right at all points that count; 0 where there is no such number."""
    names = sorted({*symbols(left), *symbols(right)})
    points = _Points(left, right, names)
    ctx = context(_DIGITS)
    ratios: list[Any] = []
    with arithmetic():
        for attempt in range(_TRIES):
            values = {name: ctx.mpf(top) / bottom for name, (top, bottom) in points.draw(attempt).items()}
            try:
                a = _value(Evaluator(_DIGITS, values, budget, log), left)
                b = _value(Evaluator(_DIGITS, values, budget, log), right)
            except TooHard as error:
                if error.timed:
                    raise
                return 0
            if a is None or b is None or not a or not b or isinstance(a, ctx.mpc) or isinstance(b, ctx.mpc):
                continue
            ratios.append(a / b)
            if abs(ratios[-1] - ratios[0]) > ctx.mpf(10) ** (-_DIGITS * 3 // 5) * abs(ratios[0]):
                return 0
            if len(ratios) >= _POINTS:
                return 1 if ratios[0] > 0 else -1
    return 0
