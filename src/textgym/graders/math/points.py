"""Whether two expressions agree at random points, by relative difference at many digits.

The points are drawn from a hash of both expressions, so that nobody can write an answer that agrees at known points.
A point counts where both sides are real, and all that they are made of. Where one is and the other is not, the domains
differ. Where neither is, a point counts if the expressions speak of complex numbers, or if no others decide.
"""

import hashlib
from typing import Any, Literal

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.numeric import Evaluator, Undefined, arithmetic, context
from textgym.graders.math.tree import Add, Big, Call, Const, Neg, Node, Pow, fingerprint, symbols, walk

Agreement = Literal["equal", "unequal", "undecided"]

_DIGITS, _MORE_DIGITS = 50, 300
_POINTS, _FEWEST, _TRIES = 8, 4, 26
_POSITIVE, _SIGNED, _POSITIVE_AGAIN, _BELOW_ONE = 5, 9, 14, 20
_LARGEST_TOLD = 150  # decimal digits before the point beyond which a term of a sum may be too small to be seen
_WHOLE = frozenset("nmkNMKjlr")
_COMPLEX = ("z", "w")
_PARTS = ("re", "im", "conj", "arg")
_STEPS = ("floor", "ceil", "sgn", "mod")
Point = dict[str, tuple[int, int, int]]


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
    complex_too = points.complex
    counted = apart = 0
    latest: Point = {}
    beside: list[bool] = []  # whether they agree where neither is real
    for attempt in range(_TRIES):
        point = points.draw(attempt)
        try:
            found, real = _at(left, right, point, budget, log, _DIGITS)
        except TooHard as error:
            if error.timed:
                raise
            return "undecided"
        apart += found == "apart"
        if not (real or complex_too):
            beside += [found == "equal"] if found in ("equal", "unequal") else []
            continue
        if found == "unequal":
            return "unequal"
        if found == "equal":
            counted, latest = counted + 1, point
        if counted >= _POINTS and attempt >= _SIGNED:
            break
    if counted >= _FEWEST and (counted >= _POINTS or apart <= counted):
        more, _ = _at(left, right, latest, budget, log, _MORE_DIGITS)
        return "unequal" if more == "unequal" else "equal"
    if apart > counted or not all(beside):
        return "unequal"
    return "equal" if not apart and counted + len(beside) >= _POINTS else "undecided"


class _Points:
    """Random points: first positive ones, then of either sign; whole ones where the variables count something."""

    def __init__(self, left: Node, right: Node, names: list[str]) -> None:
        self.seed = b"".join(sorted((fingerprint(left), fingerprint(right))))
        self.names = names
        nodes = (*walk(left), *walk(right))
        self.steps = any(isinstance(node, Call) and node.name in _STEPS for node in nodes)
        self.complex = speaks_of_complex_numbers(nodes)
        self.whole = set(names) <= _WHOLE and any(map(_counts, (*walk(left), *walk(right))))

    def draw(self, attempt: int) -> Point:
        """The values of the variables as fractions: numerators of the real and the imaginary part, and the denominator."""
        point = {}
        for place, name in enumerate(self.names):
            digest = hashlib.sha256(
                self.seed + bytes((attempt, place % 256)) + name.encode("utf-8", "surrogatepass")
            ).digest()
            if self.whole:
                point[name] = (1 + int.from_bytes(digest[:4], "big") % (4 + 2 * attempt), 0, 1)
                continue
            if self.steps and attempt % 3 == 1:  # where steps are
                whole = 1 + digest[0] % 7
                point[name] = (-whole if self._negative(attempt, place, digest[15]) else whole, 0, 1)
                continue
            size = (1 << 120) // 4 + int.from_bytes(digest[:15], "big") * 3
            if attempt >= _BELOW_ONE:
                size = (size >> 2) + (1 << 113)
            beside = int.from_bytes(digest[16:31], "big") if self.complex and name[0] in _COMPLEX else 0
            point[name] = (-size if self._negative(attempt, place, digest[15]) else size, beside, 1 << 120)
        return point

    def _negative(self, attempt: int, place: int, random: int) -> bool:
        """First all are positive, then all negative, then every other one, then as it falls; in the end all are positive."""
        if attempt < _POSITIVE or attempt >= _POSITIVE_AGAIN:
            return False
        if attempt == _POSITIVE:
            return True
        return bool((place + attempt) & 1 if attempt < _POSITIVE + 3 else random & 1)


def speaks_of_complex_numbers(nodes: tuple[Node, ...]) -> bool:
    """Whether expressions are about complex numbers, in which z and w are such."""
    return any(node == Const("i") or (isinstance(node, Call) and node.name in _PARTS) for node in nodes)


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
            verdict, _ = _at(left, right, {}, budget, log, digits)
            if verdict == "undefined":
                return "undecided"
            if verdict != "equal":
                return "unequal"
        if _too_large_to_tell(left, right, budget, log):
            return "undecided"
    except TooHard as error:
        if error.timed:
            raise
        return "undecided"
    return "equal"


def _too_large_to_tell(left: Node, right: Node, budget: Budget, log: str) -> bool:
    """Whether constants with sums or functions in them are so large that what they differ by may not be seen."""
    if not any(isinstance(node, Add | Big | Call) for node in (*walk(left), *walk(right))):
        return False
    ctx = context(_MORE_DIGITS)
    for node in (left, right):
        evaluator = Evaluator(_MORE_DIGITS, {}, budget, log)
        value = _value(evaluator, node)
        if value is not None and max(abs(value), evaluator.scale) > ctx.mpf(10) ** _LARGEST_TOLD:
            return True
    return False


def _at(  # noqa: PLR0917 (a private step of the loop above)
    left: Node, right: Node, point: Point, budget: Budget, log: str, digits: int
) -> tuple[Literal["equal", "unequal", "undefined", "apart"], bool]:
    """How two expressions compare at one point, `apart` where only one is real; and whether both are real."""
    ctx = context(digits)
    values = _values(ctx, point)
    one, other = Evaluator(digits, values, budget, log), Evaluator(digits, values, budget, log)
    a, b = _value(one, left), _value(other, right)
    if a is None or b is None:
        return ("undefined" if a is b else "apart"), True
    if not (ctx.isfinite(a) and ctx.isfinite(b)):
        if not point:
            return ("equal" if a == b else "unequal"), True
        return ("apart" if ctx.isfinite(a) or ctx.isfinite(b) else "undefined"), True
    real = one.real and other.real
    if isinstance(a, ctx.mpc) != isinstance(b, ctx.mpc):
        return ("apart" if point else "unequal"), False
    difference = abs(a - b)
    if not difference or difference <= ctx.mpf(10) ** (-digits * 3 // 5) * max(abs(a), abs(b)):
        return "equal", real
    scale = max(one.scale, other.scale)
    if digits < 100 and difference <= ctx.mpf(10) ** (12 - digits) * scale:
        return _at(left, right, point, budget, log, 3 * digits)  # rounding, or a small number: more digits tell
    return ("equal" if digits >= 100 and difference <= ctx.mpf(10) ** (15 - digits) * scale else "unequal"), real


def _values(ctx: Any, point: Point) -> dict[str, Any]:
    return {
        name: ctx.mpc(ctx.mpf(top) / bottom, ctx.mpf(beside) / bottom) if beside else ctx.mpf(top) / bottom
        for name, (top, beside, bottom) in point.items()
    }


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
            values = _values(ctx, points.draw(attempt))
            try:
                a = _value(Evaluator(_DIGITS, values, budget, log), left)
                b = _value(Evaluator(_DIGITS, values, budget, log), right)
            except TooHard as error:
                if error.timed:
                    raise
                return 0
            if a is None or b is None or not a or not b or isinstance(a, ctx.mpc) or isinstance(b, ctx.mpc):
                continue
            if not (ctx.isfinite(a) and ctx.isfinite(b)):
                continue
            ratios.append(a / b)
            if abs(ratios[-1] - ratios[0]) > ctx.mpf(10) ** (-_DIGITS * 3 // 5) * abs(ratios[0]):
                return 0
            if len(ratios) >= _POINTS:
                return 1 if ratios[0] > 0 else -1
    return 0
