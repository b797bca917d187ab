"""Interval arithmetic: where the value of an operation lies, given where its arguments lie.

An interval is a pair of floats, the least and the greatest; ends may be infinite, where an operation has no bound. An
operation that is not defined everywhere (a root, a logarithm, a division) gives the values that it takes where it is.
"""

import math
from collections.abc import Callable, Sequence

Interval = tuple[float, float]
EVERYWHERE: Interval = (-math.inf, math.inf)


def _corners(function: Callable[[float, float], float], one: Interval, other: Interval) -> Interval:
    """The extremes of a function that is monotone along each argument: they lie in corners."""
    values = [function(a, b) for a in one for b in other]
    return min(values), max(values)


def _times(a: float, b: float) -> float:
    return 0.0 if a == 0 or b == 0 else a * b  # zero times an end at infinity: every value on the way there gives zero


def _over(a: float, b: float) -> float:
    return 0.0 if math.isinf(b) else a / b


def _sum(arguments: Sequence[Interval]) -> Interval:
    (a, b), (c, d) = arguments
    return a + c, b + d


def _difference(arguments: Sequence[Interval]) -> Interval:
    (a, b), (c, d) = arguments
    return a - d, b - c


def _product(arguments: Sequence[Interval]) -> Interval:
    return _corners(_times, *arguments)


def _quotient(arguments: Sequence[Interval]) -> Interval:
    above, (low, high) = arguments
    if low > 0 or high < 0:
        return _corners(_over, above, (low, high))
    if low < 0 < high or low == high:
        return EVERYWHERE
    far, close = (high, math.inf) if low == 0 else (low, -math.inf)  # the divisor comes close to zero from one side
    ends = [_over(a, far) for a in above] + [_times(a, close) for a in above]
    return min(ends), max(ends)


def _raised(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except ValueError:  # zero to a negative power
        return math.inf
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf


def _power(arguments: Sequence[Interval]) -> Interval:
    (low, high), (least, most) = arguments
    if low >= 0:
        return _corners(_raised, (low, high), (least, most))
    if least != most or not least.is_integer():
        return EVERYWHERE
    if least < 0 and high >= 0:  # zero is inside, and to a negative power it is anything
        return EVERYWHERE
    ends = sorted((_raised(low, least), _raised(high, least)))
    if least % 2 == 0 and high > 0:
        return (0.0 if least > 0 else 1.0), ends[1]
    return ends[0], ends[1]


def _negation(arguments: Sequence[Interval]) -> Interval:
    ((low, high),) = arguments
    return -high, -low


def _least(arguments: Sequence[Interval]) -> Interval:
    return min(low for low, _ in arguments), min(high for _, high in arguments)


def _greatest(arguments: Sequence[Interval]) -> Interval:
    return max(low for low, _ in arguments), max(high for _, high in arguments)


def _magnitude(arguments: Sequence[Interval]) -> Interval:
    ((low, high),) = arguments
    ends = sorted((abs(low), abs(high)))
    return (0.0 if low <= 0 <= high else ends[0]), ends[1]


def _rising(function: Callable[[float], float], start: float) -> Callable[[Sequence[Interval]], Interval]:
    """The extent of a function that rises, and is defined from `start` on."""

    def extent(arguments: Sequence[Interval]) -> Interval:
        ((low, high),) = arguments
        if high < start:
            return EVERYWHERE
        return function(max(low, start)), function(high)

    return extent


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _logarithm(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _whole(function: Callable[[float], int]) -> Callable[[float], float]:
    return lambda value: value if math.isinf(value) else float(function(value))


EXTENTS: dict[str, Callable[[Sequence[Interval]], Interval]] = {
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _quotient,
    "^": _power,
    "negate": _negation,
    "min": _least,
    "max": _greatest,
    "abs": _magnitude,
    "floor": _rising(_whole(math.floor), -math.inf),
    "ceil": _rising(_whole(math.ceil), -math.inf),
    "exp": _rising(_exponential, -math.inf),
    "sqrt": _rising(math.sqrt, 0.0),
    "log": _rising(_logarithm, 0.0),
}
"""The extents of the operations of formulas, by name."""
