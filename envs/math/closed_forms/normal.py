"""A normal form: two formulas that have the same one are equal, and in most of the notation the reverse holds too.

A formula becomes a quotient of two sums of terms `c * atoms * exp(u) * trig(v)`: a rational coefficient, powers of atoms
(`x`, `pi`, roots and logarithms of primes, and roots and logarithms of sums), one exponential and one sine or cosine, whose
arguments are such sums again. Products of sines and cosines become sums, exponentials are joined, logarithms are taken
apart, pi is taken out of arguments. `x` is taken to be positive where a root or a logarithm of it is taken apart; the
numeric comparison beside this one sees where that matters.

Terms with different atoms, exponentials and trigonometric parts are linearly independent (Lindemann-Weierstrass for the
exponentials of algebraic numbers; for pi and logarithms beside each other nobody has proved it, nor doubts it), so a sum
is 0 only if it has no terms. Roots and logarithms of sums are the exception: between them relations may hold that are not
seen here, and `Normal.complete` is then False.
"""

from dataclasses import dataclass
from fractions import Fraction

from textgym.envs.math.closed_forms.numeric import exact_exponent
from textgym.envs.math.closed_forms.syntax import Call, Formula, Negative, Number, Power, Product, Sum, Symbol
from textgym.envs.math.closed_forms.terms import (
    ONE,
    UNIT,
    Key,
    Terms,
    added,
    content_of,
    is_linear,
    prime_factors,
    scaled,
)

_MOST_WORK = 10_000
_MOST_BITS = 2_000
_LARGEST_POWER = 60
_HALF = Fraction(1, 2)


class UndecidedError(ArithmeticError):
    """The formula is outside the class that has a normal form, or takes too much work."""


@dataclass(frozen=True)
class Quotient:
    """A sum of terms over another that has at least one."""

    above: Terms
    below: Terms


def is_zero(formula: Formula) -> bool | None:
    """True if the formula is 0 wherever it is defined, False if it is not, None if that was not decided."""
    normaliser = _Normaliser()
    try:
        zero = not normaliser.without_root_denominators(normaliser.of(formula).above)
    except UndecidedError:
        return None
    if zero:
        return True
    return False if normaliser.complete else None


class _Normaliser:
    """One comparison: the names of sums that stand inside exp, sin, cos, ln and sqrt, and the work done so far."""

    def __init__(self) -> None:
        self.named: dict[str, Terms] = {"": {}}
        self.names: dict[frozenset[tuple[Key, Fraction]], str] = {}
        self.complete = True
        self.work = 0

    # -- quotients -----------------------------------------------------------------------------------------------------

    def of(self, formula: Formula) -> Quotient:
        match formula:
            case Number(value):
                return self._constant(value)
            case Symbol("e"):
                return Quotient({((), self._name(UNIT), "", ""): Fraction(1)}, UNIT)
            case Symbol(name):
                return Quotient(self._atom(name), UNIT)
            case Negative(of):
                inner = self.of(of)
                return Quotient(scaled(inner.above, Fraction(-1)), inner.below)
            case Sum(terms):
                total = self.of(terms[0])
                for term in terms[1:]:
                    total = self._added(total, self.of(term))
                return total
            case Product(above, below):
                product = self._constant(Fraction(1))
                for factor in above:
                    product = self._multiplied(product, self.of(factor))
                for factor in below:
                    product = self._multiplied(product, self._inverse(self.of(factor)))
                return product
            case Power(base, exponent):
                rational = exact_exponent(exponent)
                if rational is None:
                    whole = self._multiplied(self.of(exponent), self._logarithm(self.of(base)))
                    return self._exponential(self._sum_of(whole))
                return self._raised(self.of(base), rational)
            case Call("sqrt", of):
                return self._raised(self.of(of), _HALF)
            case Call("ln", of):
                return self._logarithm(self.of(of))
            case Call("exp", of):
                return self._exponential(self._sum_of(self.of(of)))
            case Call("tan", of):
                angle = self._sum_of(self.of(of))
                return self._multiplied(
                    Quotient(self._trig("s", angle), UNIT), self._inverse(Quotient(self._trig("c", angle), UNIT))
                )
            case Call(function, of):
                return Quotient(self._trig(function[0], self._sum_of(self.of(of))), UNIT)

    def _constant(self, value: Fraction) -> Quotient:
        return Quotient({ONE: value} if value else {}, UNIT)

    def _atom(self, name: str, exponent: Fraction = Fraction(1)) -> Terms:
        return {(((name, exponent),), "", "", ""): Fraction(1)}

    def _added(self, one: Quotient, other: Quotient) -> Quotient:
        if one.below == other.below:
            return Quotient(added(one.above, other.above), one.below)
        above = added(self._product(one.above, other.below), self._product(other.above, one.below))
        return Quotient(above, self._product(one.below, other.below))

    def _multiplied(self, one: Quotient, other: Quotient) -> Quotient:
        return self._tidy(self._product(one.above, other.above), self._product(one.below, other.below))

    def _inverse(self, of: Quotient) -> Quotient:
        if not of.above:
            raise UndecidedError("division by zero")
        return self._tidy(of.below, of.above)

    def _tidy(self, above: Terms, below: Terms) -> Quotient:
        """A denominator of one term without sine and cosine is multiplied into the numerator."""
        if below == UNIT or len(below) != 1:
            return Quotient(above, below)
        ((powers, exponential, trig, _), coefficient) = next(iter(below.items()))
        if trig:
            return Quotient(above, below)
        opposite = self._name(scaled(self.named[exponential], Fraction(-1)))
        inverse: Terms = {(tuple((name, -n) for name, n in powers), opposite, "", ""): 1 / coefficient}
        return Quotient(self._product(above, inverse), UNIT)

    def _sum_of(self, of: Quotient) -> Terms:
        if of.below != UNIT:
            raise UndecidedError("a quotient inside a function")
        return of.above

    # -- sums of terms -------------------------------------------------------------------------------------------------

    def _name(self, terms: Terms) -> str:
        """The name of a sum: the same short text for the same sum."""
        if not terms:
            return ""
        content = frozenset(terms.items())
        name = self.names.setdefault(content, f"({len(self.names)})")
        self.named[name] = terms
        return name

    def _spend(self, work: int) -> None:
        self.work += work
        if self.work > _MOST_WORK:
            raise UndecidedError("too much work")

    def _product(self, one: Terms, other: Terms) -> Terms:
        if one is UNIT or one == UNIT:
            return other
        if other is UNIT or other == UNIT:
            return one
        self._spend(len(one) * len(other))
        total: Terms = {}
        for first, a in one.items():
            for second, b in other.items():
                for key, c in self._joined(first, second).items():
                    value = total.get(key, Fraction(0)) + a * b * c
                    if value.numerator.bit_length() + value.denominator.bit_length() > _MOST_BITS:
                        raise UndecidedError("a coefficient is too large")
                    if value:
                        total[key] = value
                    else:
                        total.pop(key, None)
        return total

    def _joined(self, one: Key, other: Key) -> Terms:
        """The product of two terms with coefficient 1."""
        exponential = one[1] or other[1]
        if one[1] and other[1]:
            exponential = self._name(added(self.named[one[1]], self.named[other[1]]))
        powers = dict(one[0])
        for name, exponent in other[0]:
            powers[name] = powers.get(name, Fraction(0)) + exponent
        coefficient, factors = self._reduced(powers)
        key = tuple(sorted(powers.items()))
        total: Terms = {}
        for trig, angle, half in self._trig_product(one[2:], other[2:]):
            place = (key, exponential, trig, angle)
            total[place] = total.get(place, Fraction(0)) + coefficient * half
        total = {place: value for place, value in total.items() if value}
        for factor in factors:
            total = self._product(total, factor)
        return total

    def _reduced(self, powers: dict[str, Fraction]) -> tuple[Fraction, list[Terms]]:
        """Whole powers of roots taken out of `powers`: as a number, and as sums to multiply with."""
        coefficient, factors = Fraction(1), []
        for name, exponent in list(powers.items()):
            if not exponent:
                del powers[name]
            elif name[0] == "r" and not 0 < exponent < 2:
                whole = exponent // 2
                left = exponent - 2 * whole
                if name[1] == "(":
                    if whole < 0:  # 1/sqrt(u) is kept, so that no denominator is needed
                        continue
                    factors += [self.named[name[1:]]] * int(whole)
                else:
                    coefficient *= Fraction(int(name[1:])) ** int(whole)
                if left:
                    powers[name] = left
                else:
                    del powers[name]
        return coefficient, factors

    def without_root_denominators(self, terms: Terms) -> Terms:
        """The sum times the roots of sums by which its terms are divided."""
        lowest: dict[str, Fraction] = {}
        for powers, *_ in terms:
            for name, exponent in powers:
                if name.startswith("r(") and exponent < lowest.get(name, Fraction(0)):
                    lowest[name] = exponent
        for name, exponent in lowest.items():
            terms = self._product(terms, self._atom(name, -exponent))
        return terms

    # -- functions -----------------------------------------------------------------------------------------------------

    def _raised(self, base: Quotient, exponent: Fraction) -> Quotient:
        if exponent.denominator == 1:
            return self._whole_power(base, int(exponent))
        if not base.above:
            if exponent < 0:
                raise UndecidedError("division by zero")
            return self._constant(Fraction(0))
        above = self._rooted(base.above, exponent)
        return self._multiplied(above, self._inverse(self._rooted(base.below, exponent)))

    def _whole_power(self, base: Quotient, exponent: int) -> Quotient:
        if abs(exponent) > _LARGEST_POWER:
            raise UndecidedError("a power is too large")
        if exponent < 0:
            base = self._inverse(base)
        above = below = UNIT
        for bit in f"{abs(exponent):b}":
            above, below = self._product(above, above), self._product(below, below)
            if bit == "1":
                above, below = self._product(above, base.above), self._product(below, base.below)
        return self._tidy(above, below)

    def _rooted(self, terms: Terms, exponent: Fraction) -> Quotient:
        """A sum to a fractional exponent."""
        if len(terms) == 1:
            ((powers, exponential, trig, _), coefficient) = next(iter(terms.items()))
            if not trig:
                return self._root_of_term(powers, exponential, coefficient, exponent)
        if exponent.denominator != 2:
            raise UndecidedError("a root of a sum other than the square root")
        self.complete = False
        content = content_of(terms)
        primitive = scaled(terms, 1 / content)
        whole = exponent - _HALF
        outside = self._whole_power(Quotient(primitive, UNIT), int(whole))
        inside = Quotient(self._atom("r" + self._name(primitive)), UNIT)
        number = self._number_power(content, exponent)
        return self._multiplied(self._multiplied(outside, inside), Quotient(number, UNIT))

    def _root_of_term(
        self, powers: tuple[tuple[str, Fraction], ...], exponential: str, coefficient: Fraction, exponent: Fraction
    ) -> Quotient:
        if coefficient < 0:
            raise UndecidedError("a root of a negative term")
        if any(name[0] == "r" for name, _ in powers):
            raise UndecidedError("a root of a root")
        raised = tuple((name, power * exponent) for name, power in powers)
        named = self._name(scaled(self.named[exponential], exponent))
        return Quotient(
            self._product({(raised, named, "", ""): Fraction(1)}, self._number_power(coefficient, exponent)), UNIT
        )

    def _number_power(self, value: Fraction, exponent: Fraction) -> Terms:
        """A positive rational number to a rational exponent."""
        product = UNIT
        for prime, count in self._primes(value):
            power = count * exponent
            if power.denominator > 2:
                raise UndecidedError("a root of a number other than the square root")
            if abs(power) > _LARGEST_POWER:
                raise UndecidedError("a power is too large")
            whole = power.numerator // power.denominator
            term: Terms = {ONE: Fraction(prime) ** whole}
            if power != whole:
                term = scaled(self._atom(f"r{prime}"), term[ONE])
            product = self._product(product, term)
        return product

    def _primes(self, value: Fraction) -> list[tuple[int, int]]:
        factors, certain = prime_factors(value)
        self.complete = self.complete and certain
        return factors

    def _logarithm(self, of: Quotient) -> Quotient:
        return Quotient(added(self._log(of.above), scaled(self._log(of.below), Fraction(-1))), UNIT)

    def _log(self, terms: Terms) -> Terms:
        if not terms:
            raise UndecidedError("the logarithm of 0")
        content = content_of(terms)
        total: Terms = {}
        for prime, count in self._primes(content):
            total = added(total, scaled(self._atom(f"l{prime}"), Fraction(count)))
        if len(terms) == 1:
            ((powers, exponential, trig, _), coefficient) = next(iter(terms.items()))
            if not trig and coefficient > 0:
                for name, exponent in powers:
                    total = added(total, self._log_of_atom(name, exponent))
                return added(total, self.named[exponential])
        primitive = scaled(terms, 1 / content)
        if not is_linear(primitive):
            self.complete = False
        return added(total, self._atom("l" + self._name(primitive)))

    def _log_of_atom(self, name: str, exponent: Fraction) -> Terms:
        if name[0] == "r":
            return scaled(self._atom("l" + name[1:]), exponent / 2)
        if name[0] == "l":
            raise UndecidedError("the logarithm of a logarithm")
        return scaled(self._atom("l" + self._name(self._atom(name))), exponent)

    def _exponential(self, terms: Terms) -> Quotient:
        """exp of a sum: terms `q*ln(u)` become `u^q`, the others stay."""
        rest = dict(terms)
        product = self._constant(Fraction(1))
        for key, coefficient in terms.items():
            powers, exponential, trig, _ = key
            if exponential or trig or len(powers) != 1 or powers[0][0][0] != "l" or powers[0][1] != 1:
                continue
            name = powers[0][0][1:]
            base = self.named[name] if name[0] == "(" else {ONE: Fraction(int(name))}
            product = self._multiplied(product, self._raised(Quotient(base, UNIT), coefficient))
            del rest[key]
        return self._multiplied(product, Quotient({((), self._name(rest), "", ""): Fraction(1)}, UNIT))

    def _trig(self, kind: str, angle: Terms) -> Terms:
        """The sine (`s`) or cosine (`c`) of a sum."""
        pi: Key = ((("pi", Fraction(1)),), "", "", "")
        turns = angle.get(pi, Fraction(0)) % 2
        rest = {key: value for key, value in angle.items() if key != pi}
        table = self._of_turns(turns)
        if table is None:
            self.complete = False
            return self._plain_trig(kind, angle)
        sine, cosine = table
        if kind == "s":
            one, other = self._plain_trig("s", rest), self._plain_trig("c", rest)
        else:
            one, other = self._plain_trig("c", rest), scaled(self._plain_trig("s", rest), Fraction(-1))
        return added(self._product(one, cosine), self._product(other, sine))

    def _of_turns(self, turns: Fraction) -> tuple[Terms, Terms] | None:
        """Sine and cosine of `turns` times pi, for multiples of a sixth and of a quarter."""
        if (turns * 12).denominator != 1 or turns.denominator == 12:
            return None
        twelfths = int(turns * 12)
        return self._sine(twelfths), self._sine(twelfths + 6)

    def _sine(self, twelfths: int) -> Terms:
        twelfths %= 24
        if twelfths >= 12:
            return scaled(self._sine(twelfths - 12), Fraction(-1))
        first = min(twelfths, 12 - twelfths)
        if first == 0:
            return {}
        roots = {2: 1, 3: 2, 4: 3, 6: 4}
        return self._number_power(Fraction(roots[first], 4), _HALF)

    def _plain_trig(self, kind: str, angle: Terms) -> Terms:
        if not angle:
            return UNIT if kind == "c" else {}
        if min((str(key), value) for key, value in angle.items())[1] > 0:
            return {((), "", kind, self._name(angle)): Fraction(1)}
        opposite = self._name(scaled(angle, Fraction(-1)))
        return {((), "", kind, opposite): Fraction(1 if kind == "c" else -1)}

    def _trig_product(self, one: tuple[str, str], other: tuple[str, str]) -> list[tuple[str, str, Fraction]]:
        """A product of two sines or cosines as a sum of them: kind, name of the angle, coefficient."""
        if not one[0] or not other[0]:
            kind, angle = one if one[0] else other
            return [(kind, angle, Fraction(1))]
        if (one[0], other[0]) == ("c", "s"):
            one, other = other, one
        first, second = self.named[one[1]], self.named[other[1]]
        difference, together = added(first, scaled(second, Fraction(-1))), added(first, second)
        kind = "s" if one[0] != other[0] else "c"
        sign = Fraction(-1 if one[0] == other[0] == "s" else 1)
        parts = []
        for angle_sum, factor in ((difference, Fraction(1)), (together, sign)):
            for (_, _, trig, name), value in self._plain_trig(kind, angle_sum).items():
                parts.append((trig, name, value * factor / 2))
        return parts
