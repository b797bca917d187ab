"""Power series around 0, cut off, with rational coefficients: `series[n]` belongs to x^n."""

from fractions import Fraction
from math import comb, factorial

Series = list[Fraction]


def multiplied(one: Series, other: Series) -> Series:
    """The product, cut off where the shorter one is."""
    size = min(len(one), len(other))
    return [sum((one[k] * other[n - k] for k in range(n + 1)), Fraction(0)) for n in range(size)]


def composed(outer: Series, inner: Series) -> Series:
    """`outer` of `inner`, by Horner's rule.

    Raises:
        ValueError: `inner` is not 0 at 0.
    """
    if inner[0]:
        raise ValueError("the inner series must be 0 at 0")
    total = [Fraction(0)] * len(inner)
    for coefficient in reversed(outer[: len(inner)]):
        total = multiplied(total, inner)
        total[0] += coefficient
    return total


def basic(function: str, a: int, size: int) -> Series:
    """The first `size` coefficients of a function of `a*x`.

    Args:
        function: exp, sin, cos, ln (of `1 + a*x`), inverse (`1/(1 - a*x)`) or sqrt (of `1 + a*x`).
        a: the factor of x.
        size: how many coefficients.
    """
    return [_coefficient(function, n) * a**n for n in range(size)]


def _coefficient(function: str, n: int) -> Fraction:
    match function:
        case "exp":
            return Fraction(1, factorial(n))
        case "sin":
            return Fraction((-1) ** (n // 2), factorial(n)) if n % 2 else Fraction(0)
        case "cos":
            return Fraction(0) if n % 2 else Fraction((-1) ** (n // 2), factorial(n))
        case "ln":
            return Fraction((-1) ** (n + 1), n) if n else Fraction(0)
        case "inverse":
            return Fraction(1)
        case "sqrt":
            return Fraction((-1) ** (n + 1) * comb(2 * n, n), 4**n * (2 * n - 1))
    raise ValueError(f"no function {function!r}")
