"""How far two expressions are apart at random points, against a tolerance."""

import hashlib

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.numeric import Evaluator, Undefined, arithmetic, context
from textgym.graders.math.tree import Node, fingerprint, symbols

_DIGITS = 30


def largest_difference(
    left: Node, right: Node, rtol: float, atol: float, *, points: int, domain: tuple[float, float]
) -> float | None:
    """The largest difference of two expressions in units of the tolerance max(atol, rtol * larger value).

    Args:
        left: an expression.
        right: another one.
        rtol: relative tolerance.
        atol: absolute tolerance.
        points: how many points must count; one, where there are no variables.
        domain: least and greatest value of a variable.

    Returns:
        None where too few points have values.
    """
    names = sorted({*symbols(left), *symbols(right)})
    needed = points if names else 1
    seed = fingerprint(left, right)
    budget = Budget()
    ctx = context(_DIGITS)
    worst, counted = 0.0, 0
    with arithmetic():
        for attempt in range(2 * needed):
            values = {}
            for place, name in enumerate(names):
                digest = hashlib.sha256(seed + attempt.to_bytes(2, "big") + place.to_bytes(2, "big")).digest()
                share = ctx.mpf(int.from_bytes(digest[:12], "big")) / (1 << 96)
                values[name] = domain[0] + (domain[1] - domain[0]) * share
            try:
                a, b = (Evaluator(_DIGITS, values, budget).value(node) for node in (left, right))
            except Undefined:
                continue
            except TooHard:
                return None
            if ctx.isinf(a) or ctx.isinf(b):
                return 0.0 if a == b else None
            tolerance = max(atol, rtol * max(abs(a), abs(b)))
            difference = abs(a - b)
            worst = max(worst, float(difference / tolerance) if difference else 0.0)
            counted += 1
            if counted >= needed or worst > 1:
                return worst
    return None
