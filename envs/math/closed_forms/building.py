"""Formulas made from formulas: constructors that leave out zeros and ones, and the derivative."""

from fractions import Fraction

from textgym.envs.math.closed_forms.syntax import Call, Formula, Negative, Number, Power, Product, Sum, Symbol

ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


_PLAIN: dict[tuple[str, Formula], Formula] = {
    ("exp", ZERO): ONE,
    ("cos", ZERO): ONE,
    ("sin", ZERO): ZERO,
    ("sqrt", ZERO): ZERO,
    ("sqrt", ONE): ONE,
    ("ln", ONE): ZERO,
}
"""Values of functions that a person would not leave as they are."""


def number(value: Fraction | int) -> Number:
    """A number as a formula."""
    return Number(Fraction(value))


def negative(of: Formula) -> Formula:
    """Minus a formula; two minus signs cancel."""
    match of:
        case Number(value):
            return Number(-value)
        case Negative(inner):
            return inner
        case Product((Number(value), *rest), below):
            return Product((Number(-value), *rest), below)
    return Negative(of)


def total(*terms: Formula) -> Formula:
    """The sum, without zeros; numbers are added up and stand last."""
    flat: list[Formula] = []
    constant = Fraction(0)
    for term in terms:
        for part in term.terms if isinstance(term, Sum) else (term,):
            if isinstance(part, Number):
                constant += part.value
            else:
                flat.append(part)
    if constant or not flat:
        flat.append(Number(constant))
    return flat[0] if len(flat) == 1 else Sum(tuple(flat))


def times(*factors: Formula) -> Formula:
    """The product, without ones; numbers are multiplied and stand first, and 0 swallows the rest."""
    coefficient = Fraction(1)
    above: list[Formula] = []
    below: list[Formula] = []
    for factor in factors:
        while isinstance(factor, Negative):
            coefficient, factor = -coefficient, factor.of
        if isinstance(factor, Product):
            parts = factor.above
            for part in factor.below:
                if isinstance(part, Number) and part.value:
                    coefficient /= part.value
                else:
                    below.append(part)
        else:
            parts = (factor,)
        for part in parts:
            if isinstance(part, Number):
                coefficient *= part.value
            else:
                above.append(part)
    if not coefficient:
        return ZERO
    if coefficient.denominator > 1 and above:
        below.insert(0, number(coefficient.denominator))
        coefficient = Fraction(coefficient.numerator)
    if coefficient == -1 and above:
        return Negative(Product(tuple(above), tuple(below)) if len(above) > 1 or below else above[0])
    if coefficient != 1 or not above:
        above.insert(0, Number(coefficient))
    return above[0] if len(above) == 1 and not below else Product(tuple(above), tuple(below))


def over(above: Formula, below: Formula) -> Formula:
    """The quotient of two formulas."""
    if isinstance(below, Number) and below.value:
        return times(Number(1 / below.value), above)
    if above == ZERO:
        return ZERO
    return Product((above,), (below,))


def power(base: Formula, exponent: Fraction | int) -> Formula:
    """A base to a rational exponent."""
    exponent = Fraction(exponent)
    if exponent == 0:
        return ONE
    if exponent == 1:
        return base
    if isinstance(base, Number) and exponent.denominator == 1 and (base.value or exponent > 0):
        return Number(base.value ** int(exponent))
    return Power(base, Number(exponent))


def substituted(formula: Formula, x: Formula) -> Formula:
    """The formula with another in place of `x`; what becomes a number is computed."""
    match formula:
        case Symbol("x"):
            return x
        case Number() | Symbol():
            return formula
        case Negative(of):
            return negative(substituted(of, x))
        case Sum(terms):
            return total(*(substituted(term, x) for term in terms))
        case Product(above, below):
            top = times(*(substituted(factor, x) for factor in above))
            for factor in below:
                top = over(top, substituted(factor, x))
            return top
        case Power(base, exponent):
            raised = substituted(exponent, x)
            return (
                power(substituted(base, x), raised.value)
                if isinstance(raised, Number)
                else Power(substituted(base, x), raised)
            )
        case Call(function, of):
            inner = substituted(of, x)
            return _PLAIN.get((function, inner), Call(function, inner))


def derivative(of: Formula) -> Formula:
    """The derivative by `x`, simplified no further than the constructors do."""
    match of:
        case Number():
            return ZERO
        case Symbol(name):
            return ONE if name == "x" else ZERO
        case Negative(inner):
            return negative(derivative(inner))
        case Sum(terms):
            return total(*(derivative(term) for term in terms))
        case Product(above, below):
            return _of_product(above, below)
        case Power(base, exponent):
            return _of_power(base, exponent)
        case Call(function, inner):
            return times(_of_call(function, inner), derivative(inner))


def _of_product(above: tuple[Formula, ...], below: tuple[Formula, ...]) -> Formula:
    terms: list[Formula] = []
    for place, factor in enumerate(above):
        change = derivative(factor)
        if change != ZERO:
            top = times(*above[:place], change, *above[place + 1 :])
            terms.append(Product((top,), below) if below else top)
    for factor in below:
        change = derivative(factor)
        if change != ZERO:
            terms.append(negative(Product((times(change, *above),), (*below, factor))))
    return total(*terms)


def _of_power(base: Formula, exponent: Formula) -> Formula:
    if isinstance(exponent, Negative) and isinstance(exponent.of, Number):
        exponent = Number(-exponent.of.value)
    if isinstance(exponent, Number):
        return times(number(exponent.value), power(base, exponent.value - 1), derivative(base))
    whole = Power(base, exponent)
    if base == Symbol("e"):
        return times(derivative(exponent), whole)
    by_exponent = times(derivative(exponent), Call("ln", base), whole)
    slope = derivative(base)
    return total(by_exponent, ZERO if slope == ZERO else times(exponent, slope, Product((whole,), (base,))))


def _of_call(function: str, inner: Formula) -> Formula:
    """The outer derivative."""
    match function:
        case "sin":
            return Call("cos", inner)
        case "cos":
            return Negative(Call("sin", inner))
        case "tan":
            return Product((ONE,), (Power(Call("cos", inner), number(2)),))
        case "exp":
            return Call("exp", inner)
        case "ln":
            return over(ONE, inner)
        case "sqrt":
            return Product((ONE,), (number(2), Call("sqrt", inner)))
    raise ValueError(f"no function {function!r}")
