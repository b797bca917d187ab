"""The normal form of rational functions: two polynomials with exact coefficients.

Whatever is no rational operation (a root, a sine, pi) stands for itself, as a further variable. Where two normal forms
agree, so do the expressions; where they differ, the expressions do, if there are no such further variables.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.options import MAX_BITS, MAX_FACTORIAL
from textgym.graders.math.tree import (
    INFINITE,
    Add,
    Big,
    Call,
    Const,
    Div,
    Mul,
    Neg,
    Node,
    Num,
    PlusMinus,
    Pow,
    Quantity,
    Sym,
    rebuild,
)

Monomial = tuple[tuple[int, int], ...]
Poly = dict[Monomial, Fraction]
_MOST_TERMS, _LARGEST_POWER = 400, 200


@dataclass(frozen=True, slots=True)
class Quotient:
    """A quotient of polynomials; the second is not zero."""

    top: Poly
    bottom: Poly


class Rationals:
    """Normal forms over one set of variables.

    Args:
        budget: bounds the work.

    Attributes:
        atoms: what stands for itself, in the order in which it was met.
        opaque: whether something else than a variable does.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.atoms: dict[Node, int] = {}
        self.opaque = False

    def of(self, node: Node) -> Quotient:
        """The normal form of an expression.

        Raises:
            TooHard: it is too large.
            ZeroDivisionError: it divides by zero.
        """
        self.budget.spend()
        if isinstance(node, Num):
            return _constant(node.value)
        if isinstance(node, Add):
            total = self.of(node.terms[0])
            for term in node.terms[1:]:
                total = self._add(total, self.of(term))
            return total
        if isinstance(node, Mul):
            whole = self.of(node.factors[0])
            for factor in node.factors[1:]:
                whole = self._times(whole, self.of(factor))
            return whole
        if isinstance(node, Neg):
            inner = self.of(node.of)
            return Quotient({key: -value for key, value in inner.top.items()}, inner.bottom)
        if isinstance(node, Div):
            return self._over(self.of(node.top), self.of(node.bottom))
        if isinstance(node, Pow):
            return self._power(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Quantity) and not node.unit.dims:
            return self._times(self.of(node.value), _constant(node.unit.factor))
        return self._atom(node)

    def _atom(self, node: Node) -> Quotient:
        if node == INFINITE:
            raise TooHard("infinity does not follow the rules of numbers")
        if not isinstance(node, Sym):
            self.opaque = True
            if not isinstance(node, Const):
                node = self._tidy(node)
        place = self.atoms.setdefault(node, len(self.atoms))
        return Quotient({((place, 1),): Fraction(1)}, {(): Fraction(1)})

    def _tidy(self, node: Node) -> Node:
        """An opaque node with the constants inside it worked out, so that sin(2/4) and sin(1/2) are one atom."""
        if isinstance(node, PlusMinus | Big):
            return node
        return rebuild(node, lambda child: Num(value) if (value := constant(child, self.budget)) is not None else child)

    def _power(self, node: Pow) -> Quotient:
        exponent = constant(node.exponent, self.budget)
        if exponent is None or exponent.denominator != 1:
            return self._atom(node)
        base, times = self.of(node.base), int(exponent)
        if times < 0:
            base, times = self._over(_constant(Fraction(1)), base), -times
        if not any(base.top) and not any(base.bottom):  # both constant
            value = _value(base)
            if _bits(value) * times > MAX_BITS:
                raise TooHard("a power is too large")
            return _constant(value**times)
        if times > _LARGEST_POWER:
            raise TooHard("a power is too large")
        result = _constant(Fraction(1))
        while times:
            if times & 1:
                result = self._times(result, base)
            times >>= 1
            if times:
                base = self._times(base, base)
        return result

    def _call(self, node: Call) -> Quotient:
        if node.name in ("factorial", "binom", "abs", "floor", "ceil", "gcd", "lcm", "max", "min", "mod", "root"):
            values = [constant(arg, self.budget) for arg in node.args]
            if None not in values:
                value = _exact_call(node.name, [value for value in values if value is not None])
                if value is not None:
                    return _constant(value)
        return self._atom(node)

    # -- arithmetic ----------------------------------------------------------------------------------------------------

    def _add(self, left: Quotient, right: Quotient) -> Quotient:
        if left.bottom == right.bottom:
            return Quotient(_plus(left.top, right.top), left.bottom)
        top = _plus(self.multiply(left.top, right.bottom), self.multiply(right.top, left.bottom))
        return Quotient(top, self.multiply(left.bottom, right.bottom))

    def _times(self, left: Quotient, right: Quotient) -> Quotient:
        return Quotient(self.multiply(left.top, right.top), self.multiply(left.bottom, right.bottom))

    def _over(self, left: Quotient, right: Quotient) -> Quotient:
        if not right.top:
            raise ZeroDivisionError
        return Quotient(self.multiply(left.top, right.bottom), self.multiply(left.bottom, right.top))

    def multiply(self, left: Poly, right: Poly) -> Poly:
        """The product of two polynomials.

        Raises:
            TooHard: it is too large.
        """
        if len(left) * len(right) > 20 * _MOST_TERMS:
            raise TooHard("a polynomial has too many terms")
        product: Poly = {}
        for first, a in left.items():
            for second, b in right.items():
                key = _together(first, second)
                value = product.get(key, Fraction(0)) + a * b
                if _bits(value) > MAX_BITS:
                    raise TooHard("a coefficient is too large")
                product[key] = value
            self.budget.spend(len(right))
        product = {key: value for key, value in product.items() if value}
        if len(product) > _MOST_TERMS:
            raise TooHard("a polynomial has too many terms")
        return product


def constant(node: Node, budget: Budget) -> Fraction | None:
    """The exact value of an expression without variables, or None where it has none."""
    if isinstance(node, Num):
        return node.value
    rationals = Rationals(budget)
    try:
        found = rationals.of(node)
    except (TooHard, ZeroDivisionError) as error:
        if isinstance(error, TooHard) and error.timed:
            raise
        return None
    return None if rationals.atoms else _value(found)


def _constant(value: Fraction) -> Quotient:
    return Quotient({(): value} if value else {}, {(): Fraction(1)})


def _value(quotient: Quotient) -> Fraction:
    return quotient.top.get((), Fraction(0)) / quotient.bottom[()]


def _plus(left: Poly, right: Poly) -> Poly:
    total = dict(left)
    for key, value in right.items():
        total[key] = total.get(key, Fraction(0)) + value
        if not total[key]:
            del total[key]
    return total


def _together(first: Monomial, second: Monomial) -> Monomial:
    if not first or not second:
        return first or second
    powers = dict(first)
    for atom, power in second:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _exact_call(name: str, values: list[Fraction]) -> Fraction | None:
    """A function of exact numbers whose value is exact; None where it has none, or where it is too large."""
    whole = [int(value) for value in values] if all(value.denominator == 1 for value in values) else None
    if name == "abs":
        return abs(values[0])
    if name in ("floor", "ceil"):
        return Fraction(values[0].__floor__() if name == "floor" else values[0].__ceil__())
    if name in ("max", "min"):
        return max(values) if name == "max" else min(values)
    if name == "root":
        return _root(values[0], values[1])
    if whole is None:
        return None
    if name == "factorial" and 0 <= whole[0] <= MAX_FACTORIAL:
        return Fraction(factorial(whole[0]))
    if name == "binom" and 0 <= whole[1] <= whole[0] <= MAX_FACTORIAL:
        return Fraction(comb(*whole))
    if name == "mod" and len(whole) == 2 and whole[1]:
        return Fraction(whole[0] % whole[1])
    if name in ("gcd", "lcm"):
        from math import gcd, lcm

        found = gcd(*whole) if name == "gcd" else lcm(*whole)
        return Fraction(found) if found.bit_length() <= MAX_BITS else None
    return None


def _root(degree: Fraction, value: Fraction) -> Fraction | None:
    """The exact root of a fraction, if it has one; odd roots of negative numbers are negative."""
    if degree.denominator != 1 or not 2 <= degree <= 64 or _bits(value) > 4096:
        return None
    times = int(degree)
    if value < 0:
        inner = _root(degree, -value) if times % 2 else None
        return None if inner is None else -inner
    top, bottom = _whole_root(value.numerator, times), _whole_root(value.denominator, times)
    return Fraction(top, bottom) if top**times == value.numerator and bottom**times == value.denominator else None


def _whole_root(value: int, times: int) -> int:
    """The largest whole number whose power is at most `value`."""
    low, high = 0, 1 << (value.bit_length() // times + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if middle**times <= value:
            low = middle
        else:
            high = middle - 1
    return low


def equal(left: Node, right: Node, budget: Budget) -> bool | None:
    """Whether two expressions are equal by their normal forms; None where these do not decide it."""
    rationals = Rationals(budget)
    try:
        a, b = rationals.of(left), rationals.of(right)
        same = rationals.multiply(a.top, b.bottom) == rationals.multiply(b.top, a.bottom)
    except (TooHard, ZeroDivisionError) as error:
        if isinstance(error, TooHard) and error.timed:
            raise
        return None
    return True if same else None if rationals.opaque else False


def factor_between(left: Node, right: Node, budget: Budget) -> Fraction | None:
    """The number c with numerator(left) = c * numerator(right), c not 0; None where there is none that is found."""
    rationals = Rationals(budget)
    try:
        a, b = rationals.of(left).top, rationals.of(right).top
    except (TooHard, ZeroDivisionError) as error:
        if isinstance(error, TooHard) and error.timed:
            raise
        return None
    if not a or a.keys() != b.keys():
        return None
    ratios = {a[key] / b[key] for key in a}
    return ratios.pop() if len(ratios) == 1 else None


def is_polynomial(node: Node, budget: Budget) -> bool:
    """Whether an expression is a polynomial in its variables, with nothing else in it."""
    rationals = Rationals(budget)
    try:
        quotient = rationals.of(node)
    except (TooHard, ZeroDivisionError) as error:
        if isinstance(error, TooHard) and error.timed:
            raise
        return False
    return not rationals.opaque and not any(quotient.bottom)
