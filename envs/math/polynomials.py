"""Exact polynomials in one unknown: arithmetic, how they are written, and a bounded reader.

A polynomial is the tuple of its coefficients, constant first, without zeros at its end; `()` is 0. Coefficients are whole
numbers or fractions, and exact throughout.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, isqrt, lcm

from textgym.envs.math.formulas import FormulaError, Ring, formula_value

Number = int | Fraction
Poly = tuple[Number, ...]

MAX_DEGREE = 24
MAX_BITS = 512


def poly(coefficients: Iterable[Number]) -> Poly:
    """The polynomial with these coefficients, constant first."""
    found = list(coefficients)
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def degree(p: Poly) -> int:
    """The degree; -1 for 0."""
    return len(p) - 1


def plus(p: Poly, q: Poly) -> Poly:
    """The sum."""
    if len(p) < len(q):
        p, q = q, p
    return poly([a + b for a, b in zip(p, q, strict=False)] + list(p[len(q) :]))


def scaled(p: Poly, factor: Number) -> Poly:
    """A polynomial times a number."""
    return poly(factor * a for a in p)


def times(p: Poly, q: Poly) -> Poly:
    """The product."""
    if not p or not q:
        return ()
    found: list[Number] = [0] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        if a:
            for j, b in enumerate(q):
                found[i + j] += a * b
    return tuple(found)


def product(factors: Iterable[Poly]) -> Poly:
    """The product of all; 1 for none."""
    found: Poly = (1,)
    for factor in factors:
        found = times(found, factor)
    return found


def value_at(p: Poly, x: Number) -> Number:
    """The value at a point, by Horner's rule."""
    value: Number = 0
    for a in reversed(p):
        value = value * x + a
    return value


def divided(p: Poly, by: Poly) -> tuple[Poly, Poly]:
    """Quotient and remainder of the division with remainder, over the rational numbers.

    Raises:
        ZeroDivisionError: `by` is 0.
    """
    if not by:
        raise ZeroDivisionError("division by the polynomial 0")
    rest = [Fraction(a) for a in p]
    quotient = [Fraction(0)] * max(0, len(p) - len(by) + 1)
    for place in reversed(range(len(quotient))):
        factor = quotient[place] = rest[place + len(by) - 1] / by[-1]
        if factor:
            for i, b in enumerate(by):
                rest[place + i] -= factor * b
    return poly(quotient), poly(rest[: len(by) - 1])


def common_divisor(p: Poly, q: Poly) -> Poly:
    """The greatest common divisor over the rational numbers, primitive; () for two zeros."""
    while q:
        p, q = q, primitive(divided(p, q)[1])
    return primitive(p)


def primitive(p: Poly) -> Poly:
    """The multiple with whole coefficients, no divisor common to all of them, and a positive leading coefficient."""
    if not p:
        return p
    below = lcm(*(Fraction(a).denominator for a in p))
    whole = [int(a * below) for a in p]
    divisor = gcd(*whole) if whole[-1] > 0 else -gcd(*whole)
    return tuple(a // divisor for a in whole)


def rational_root(p: Poly) -> Fraction | None:
    """A rational root of a polynomial with small whole coefficients, or None; by the rational root theorem."""
    if not p or not p[0]:
        return Fraction(0) if p else None
    for above in _divisors(abs(int(p[0]))):
        for below in _divisors(abs(int(p[-1]))):
            for root in (Fraction(above, below), Fraction(-above, below)):
                if value_at(p, root) == 0:
                    return root
    return None


def is_irreducible(p: Poly) -> bool:
    """Whether a primitive polynomial of degree 1 to 3 with whole coefficients is irreducible over the rational numbers."""
    if degree(p) == 1:
        return True
    if degree(p) == 2:
        c, b, a = (int(x) for x in p)
        discriminant = b * b - 4 * a * c
        return discriminant < 0 or isqrt(discriminant) ** 2 != discriminant
    return degree(p) == 3 and rational_root(p) is None


def _divisors(n: int) -> list[int]:
    return [d for d in range(1, n + 1) if n % d == 0]


# -- writing -----------------------------------------------------------------------------------------------------------


def written(p: Sequence[Number], name: str = "x") -> str:
    """The polynomial as text, highest power first: `3x^2 - x + 1/2`; `read_polynomial` reads it back."""
    text = ""
    for power in reversed(range(len(p))):
        a = p[power]
        if not a:
            continue
        size: Number = -a if a < 0 else a
        letter = "" if power == 0 else name if power == 1 else f"{name}^{power}"
        number = "" if size == 1 and letter else f"({size})" if letter and Fraction(size).denominator > 1 else str(size)
        sign = ("-" if a < 0 else "") if not text else " - " if a < 0 else " + "
        text += f"{sign}{number}{letter}"
    return text or "0"


# -- reading -----------------------------------------------------------------------------------------------------------


class PolynomialRing(Ring[Poly]):
    """Formulas that are polynomials in one unknown. Division is by numbers only, powers are whole and small."""

    def __init__(self, name: str = "x") -> None:
        self.unknown = name

    def number(self, value: Fraction) -> Poly:
        return poly((value,))

    def name(self, name: str) -> Poly:
        if name != self.unknown:
            raise FormulaError(f"the only unknown is {self.unknown}, not {name}")
        return (0, 1)

    def add(self, left: Poly, right: Poly) -> Poly:
        return bounded(plus(left, right))

    def negate(self, value: Poly) -> Poly:
        return scaled(value, -1)

    def multiply(self, left: Poly, right: Poly) -> Poly:
        if degree(left) + degree(right) > MAX_DEGREE:
            raise FormulaError(f"a power is higher than {MAX_DEGREE}")
        return bounded(times(left, right))

    def divide(self, left: Poly, right: Poly) -> Poly:
        if len(right) != 1:
            raise FormulaError("division is by numbers other than 0 only")
        return bounded(scaled(left, 1 / Fraction(right[0])))

    def power(self, base: Poly, exponent: Poly) -> Poly:
        found: Poly = (1,)
        for _ in range(small_exponent(exponent)):
            found = self.multiply(found, base)
        return found


def bounded(p: Poly) -> Poly:
    """`p` itself, if its coefficients are of a size that is read.

    Raises:
        FormulaError: they are not.
    """
    for a in p:
        if max(a.numerator.bit_length(), a.denominator.bit_length()) > MAX_BITS:
            raise FormulaError("a number is too large")
    return p


def small_exponent(exponent: Poly) -> int:
    """A constant as an exponent from 0 to `MAX_DEGREE`.

    Raises:
        FormulaError: it is something else.
    """
    number = Fraction(exponent[0]) if len(exponent) == 1 else Fraction(0)
    if len(exponent) > 1 or number.denominator != 1 or not 0 <= number <= MAX_DEGREE:
        raise FormulaError(f"exponents are whole numbers from 0 to {MAX_DEGREE}")
    return int(number)


def read_polynomial(text: str, name: str = "x") -> Poly:
    """The polynomial that a text of bounded length comes to, with or without parentheses.

    Raises:
        FormulaError: it is none.
    """
    return formula_value(text, PolynomialRing(name))
