"""Formulas in n that are sums of polynomials times powers b^n: compared exactly for all n, and read within bounds."""

from fractions import Fraction

from textgym.envs.math.formulas import FormulaError, Ring, formula_value
from textgym.envs.math.polynomials import MAX_DEGREE, Poly, bounded, degree, plus, poly, scaled, times

ExponentialSum = dict[Fraction, Poly]
"""The polynomial in front of each b^n, by b; no polynomial is 0, no b is 0, and b = 1 has the polynomial without a power.

Powers of different b are linearly independent over the polynomials, so two such sums agree for all n >= 1 exactly if they
are equal.
"""

_MOST_BASES = 12
_MOST_BITS = 128
_LARGEST_EXPONENT = 64
_ONE = Fraction(1)


class ExponentialRing(Ring[ExponentialSum]):
    """Formulas of numbers, n, + - * /, powers with a small whole exponent, and b^(kn + m) for a number b."""

    def number(self, value: Fraction) -> ExponentialSum:
        return {_ONE: bounded((value,))} if value else {}

    def name(self, name: str) -> ExponentialSum:
        if name != "n":
            raise FormulaError(f"the only letter is n, not {name}")
        return {_ONE: (0, 1)}

    def add(self, left: ExponentialSum, right: ExponentialSum) -> ExponentialSum:
        found = dict(left)
        for base, p in right.items():
            found[base] = bounded(plus(found.get(base, ()), p))
        return _checked(found)

    def negate(self, value: ExponentialSum) -> ExponentialSum:
        return {base: scaled(p, -1) for base, p in value.items()}

    def multiply(self, left: ExponentialSum, right: ExponentialSum) -> ExponentialSum:
        if len({b * c for b in left for c in right}) > _MOST_BASES:
            raise FormulaError("the formula is too large")
        found: ExponentialSum = {}
        for b, p in left.items():
            for c, q in right.items():
                if degree(p) + degree(q) > MAX_DEGREE:
                    raise FormulaError(f"a power of n is higher than {MAX_DEGREE}")
                found[b * c] = bounded(plus(found.get(b * c, ()), times(p, q)))
        return _checked(found)

    def divide(self, left: ExponentialSum, right: ExponentialSum) -> ExponentialSum:
        if len(right) != 1:
            raise FormulaError("division is by numbers and by powers of numbers only")
        ((base, p),) = right.items()
        if len(p) != 1:
            raise FormulaError("division is by numbers and by powers of numbers only")
        return self.multiply(left, {1 / base: (1 / Fraction(p[0]),)})

    def power(self, base: ExponentialSum, exponent: ExponentialSum) -> ExponentialSum:
        line = exponent.get(_ONE, ())
        numbers = [Fraction(a) for a in (*line, 0, 0)]
        constant, slope = numbers[:2]
        if exponent.keys() - {_ONE} or len(line) > 2 or constant.denominator > 1 or slope.denominator > 1:
            raise FormulaError("exponents are whole numbers, or n times a whole number plus one")
        if max(abs(constant), abs(slope)) > _LARGEST_EXPONENT:
            raise FormulaError(f"exponents have no number above {_LARGEST_EXPONENT}")
        number = base.get(_ONE, ())
        if base.keys() == {_ONE} and len(number) == 1:
            value = Fraction(number[0])
            if value.numerator.bit_length() + value.denominator.bit_length() > _MOST_BITS // 8:
                raise FormulaError("a number with an exponent is too large")
            return _checked({value ** int(slope): bounded((value ** int(constant),))})
        if slope or constant < 0 or constant > MAX_DEGREE:
            raise FormulaError("only numbers have n in their exponent, or a negative one")
        found = self.number(_ONE)
        for _ in range(int(constant)):
            found = self.multiply(found, base)
        return found


def _checked(found: ExponentialSum) -> ExponentialSum:
    """The same without zeros, if it is of a size that is read."""
    found = {base: p for base, p in found.items() if p}
    if len(found) > _MOST_BASES or any(
        base.numerator.bit_length() + base.denominator.bit_length() > _MOST_BITS for base in found
    ):
        raise FormulaError("the formula is too large")
    return found


def read_exponential(text: str) -> ExponentialSum:
    """The sum that a text of bounded length comes to.

    Raises:
        FormulaError: it is none.
    """
    return formula_value(text, ExponentialRing())


def value_at(found: ExponentialSum, n: int) -> Fraction:
    """The value for one n."""
    total = Fraction(0)
    for base, p in found.items():
        total += sum((Fraction(a) * n**k for k, a in enumerate(p)), Fraction(0)) * base**n
    return total


def exponential(*terms: tuple[int, Poly]) -> ExponentialSum:
    """The sum of polynomials times powers, from pairs (b, polynomial)."""
    found: ExponentialSum = {}
    for base, p in terms:
        found[Fraction(base)] = plus(found.get(Fraction(base), ()), poly(p))
    return {base: p for base, p in found.items() if p}
