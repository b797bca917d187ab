"""Quotients of polynomials as they are written, without cancelling, and a bounded reader of them."""

from fractions import Fraction

from textgym.envs.math.formulas import FormulaError, Ring, formula_value
from textgym.envs.math.polynomials import (
    MAX_DEGREE,
    Poly,
    PolynomialRing,
    common_divisor,
    degree,
    divided,
    small_exponent,
    times,
)

Quotient = tuple[Poly, Poly]
"""Numerator and denominator, the latter not 0."""


def lowest_terms(quotient: Quotient) -> Quotient:
    """The same quotient without common factors."""
    above, below = quotient
    common = common_divisor(above, below)
    return divided(above, common)[0], divided(below, common)[0]


def equal(one: Quotient, other: Quotient) -> bool:
    """Whether two quotients are the same rational function."""
    return times(one[0], other[1]) == times(other[0], one[1])


class QuotientRing(Ring[Quotient]):
    """Formulas in x whose value is kept as numerator and denominator, common factors and all."""

    def __init__(self) -> None:
        self.sums = PolynomialRing("x")

    def number(self, value: Fraction) -> Quotient:
        return self.sums.number(value), (1,)

    def name(self, name: str) -> Quotient:
        return self.sums.name(name), (1,)

    def add(self, left: Quotient, right: Quotient) -> Quotient:
        sums = self.sums
        if left[1] == right[1]:
            return sums.add(left[0], right[0]), left[1]
        above = sums.add(sums.multiply(left[0], right[1]), sums.multiply(right[0], left[1]))
        return above, sums.multiply(left[1], right[1])

    def negate(self, value: Quotient) -> Quotient:
        return self.sums.negate(value[0]), value[1]

    def multiply(self, left: Quotient, right: Quotient) -> Quotient:
        return self.sums.multiply(left[0], right[0]), self.sums.multiply(left[1], right[1])

    def divide(self, left: Quotient, right: Quotient) -> Quotient:
        if not right[0]:
            raise FormulaError("division by zero")
        return self.multiply(left, (right[1], right[0]))

    def power(self, base: Quotient, exponent: Quotient) -> Quotient:
        if degree(exponent[1]):
            raise FormulaError(f"exponents are whole numbers up to {MAX_DEGREE}")
        size = self.sums.divide(exponent[0], exponent[1])
        if len(size) == 1 and size[0] < 0:
            base, size = self.divide(((1,), (1,)), base), self.sums.negate(size)
        found: Quotient = ((1,), (1,))
        for _ in range(small_exponent(size)):
            found = self.multiply(found, base)
        return found


def read_quotient(text: str) -> Quotient:
    """The quotient that a text of bounded length comes to, as it is written.

    Raises:
        FormulaError: it is none.
    """
    return formula_value(text, QuotientRing())
