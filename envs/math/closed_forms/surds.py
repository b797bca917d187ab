"""Numbers `a + b*sqrt(c)`: made in lowest terms, and read in no other form."""

from fractions import Fraction

from textgym.envs.math.closed_forms.building import number, times, total
from textgym.envs.math.closed_forms.syntax import (
    Call,
    Formula,
    Negative,
    Number,
    Product,
    Sum,
    read_formula,
)
from textgym.envs.math.formulas import FormulaError

_MOST_NUMBERS = 6


def surd(rational: Fraction, coefficient: Fraction, radicand: int) -> Formula:
    """`rational + coefficient*sqrt(radicand)` in lowest terms, with the radicand free of squares."""
    outside, inside = square_free(radicand)
    if inside == 1:
        return number(rational + coefficient * outside)
    if inside == 0 or not coefficient:
        return number(rational)
    root = times(number(coefficient * outside), Call("sqrt", number(inside)))
    return total(number(rational), root) if not rational else Sum((number(rational), root))


def square_free(value: int) -> tuple[int, int]:
    """`(a, b)` with `value == a*a*b` and no square above 1 dividing `b`; by trial division, for values to about 10^10."""
    if value < 0:
        raise ValueError(f"value must not be negative, not {value}")
    outside, divisor = 1, 2
    while value and divisor * divisor <= value:
        while value % (divisor * divisor) == 0:
            value //= divisor * divisor
            outside *= divisor
        divisor += 1
    return outside, value


def read_surd(text: str) -> Formula:
    """A number such as `-3/4`, `2*sqrt(5)/3` or `(1 + sqrt(5))/2`.

    Only numbers of one square root at most are read, with no more than six numbers: a computation that was left
    undone is not read as its result.

    Raises:
        FormulaError: the text is none.
    """
    formula = read_formula(text, symbols=(), functions=("sqrt",))
    numbers, roots = _counted(formula, inside=False)
    if numbers > _MOST_NUMBERS or roots > 1:
        raise FormulaError("Simplify: at most one square root, as in 1/2 + 3*sqrt(5)/2.")
    return formula


def _counted(formula: Formula, *, inside: bool) -> tuple[int, int]:
    """How many numbers and roots there are."""
    parts: list[Formula] = []
    roots = 0
    match formula:
        case Number():
            return 1, 0
        case Negative(of):
            parts = [of]
        case Product(above, below):
            parts = [*above, *below]
        case Sum(terms) if not inside:
            parts = list(terms)
        case Call(_, of) if not inside:
            parts, roots, inside = [of], 1, True
        case _:
            raise FormulaError("Simplify: no powers, and inside sqrt( ) one number only.")
    counts = [_counted(part, inside=inside) for part in parts]
    return sum(numbers for numbers, _ in counts), roots + sum(more for _, more in counts)
