"""Exact numbers a + b√d with rational a and b and one fixed d, and a bounded reader of them."""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from textgym.envs.math.formulas import FormulaError, Ring, formula_value

_MAX_BITS = 512
_MAX_POWER = 16


class ForeignRootError(Exception):
    """The text holds a root that is no rational multiple of the one in question: it cannot be one of these numbers."""


@dataclass(frozen=True, slots=True)
class Surd:
    """The number `rational + multiple * √radicand`."""

    rational: Fraction
    multiple: Fraction
    radicand: int

    def __add__(self, other: "Surd") -> "Surd":
        return Surd(self.rational + other.rational, self.multiple + other.multiple, self.radicand)

    def __neg__(self) -> "Surd":
        return Surd(-self.rational, -self.multiple, self.radicand)

    def __mul__(self, other: "Surd") -> "Surd":
        a, b, c, e = self.rational, self.multiple, other.rational, other.multiple
        return Surd(a * c + b * e * self.radicand, a * e + b * c, self.radicand)

    def inverse(self) -> "Surd":
        """One over the number; `ZeroDivisionError` for 0."""
        norm = self.rational**2 - self.radicand * self.multiple**2
        return Surd(self.rational / norm, -self.multiple / norm, self.radicand)


class SurdRing(Ring[Surd]):
    """Formulas of rational numbers and square roots that come to numbers a + b√d, for one square-free d."""

    functions = ("sqrt",)

    def __init__(self, radicand: int) -> None:
        self.radicand = radicand

    def number(self, value: Fraction) -> Surd:
        return Surd(value, Fraction(0), self.radicand)

    def call(self, function: str, value: Surd) -> Surd:
        if value.multiple or value.rational < 0:
            raise FormulaError("a root is taken of a rational number that is not negative")
        # √(p/q) is √(pq)/q, and √n is √(nd)/d · √d where nd is a square.
        below = value.rational.denominator
        n = value.rational.numerator * below
        if isqrt(n) ** 2 == n:
            return Surd(Fraction(isqrt(n), below), Fraction(0), self.radicand)
        root = isqrt(n * self.radicand)
        if root**2 != n * self.radicand:
            raise ForeignRootError
        return Surd(Fraction(0), Fraction(root, self.radicand * below), self.radicand)

    def add(self, left: Surd, right: Surd) -> Surd:
        return _bounded(left + right)

    def negate(self, value: Surd) -> Surd:
        return -value

    def multiply(self, left: Surd, right: Surd) -> Surd:
        return _bounded(left * right)

    def divide(self, left: Surd, right: Surd) -> Surd:
        if not right.rational and not right.multiple:
            raise FormulaError("division by zero")
        return _bounded(left * right.inverse())

    def power(self, base: Surd, exponent: Surd) -> Surd:
        if exponent.multiple or exponent.rational.denominator > 2 or not 0 <= exponent.rational <= _MAX_POWER:
            raise FormulaError(f"exponents are 1/2 and whole numbers up to {_MAX_POWER}")
        if exponent.rational == Fraction(1, 2):
            return self.call("sqrt", base)
        found = self.number(Fraction(1))
        for _ in range(int(exponent.rational)):
            found = self.multiply(found, base)
        return found


def _bounded(value: Surd) -> Surd:
    for part in (value.rational, value.multiple):
        if max(part.numerator.bit_length(), part.denominator.bit_length()) > _MAX_BITS:
            raise FormulaError("a number is too large")
    return value


def read_surd(text: str, radicand: int) -> Surd:
    """The number a + b√d that a text of bounded length comes to.

    Raises:
        FormulaError: it is no formula of rational numbers and roots.
        ForeignRootError: it has a root that is no rational multiple of √d.
    """
    return formula_value(text, SurdRing(radicand))


def square_free(n: int) -> tuple[int, int]:
    """(k, d) with n = k²d and no square in d, for a positive n; time grows with the square root of n."""
    square, factor = 1, 2
    while factor * factor <= n:
        while n % (factor * factor) == 0:
            n //= factor * factor
            square *= factor
        factor += 1
    return square, n
