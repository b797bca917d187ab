"""Whether an answer is the same formula as the reference: decided by normal forms, and checked by numbers.

Both must hold. The normal form of the difference is 0 (or, for the few relations between roots and logarithms of sums that
it does not see, undecided), and at every sample point the two values, as proven intervals, agree.

**Why a wrong answer does not pass by coincidence.** Where the normal form decides, it decides. Where it does not, the
precision grows with the length of the answer: agreement to 50 + 2n digits is asked of an answer of n characters, powers
written out. There are fewer than 10^(2n) texts of that length, so even an answer built to approximate the reference, by
fractions of many digits say, runs out of characters before it runs out of digits.
"""

from collections.abc import Sequence
from fractions import Fraction

from textgym.core import GraderError, Random
from textgym.envs.math.closed_forms.normal import is_zero
from textgym.envs.math.closed_forms.numeric import UndefinedError, agree, exact_exponent, value
from textgym.envs.math.closed_forms.syntax import Call, Formula, Negative, Number, Power, Product, Sum, Symbol

DIGITS = 50
_BITS_PER_DIGIT = 3.33
_EXTRA_BITS = (0, 300, 1_500)
"""What is added to the precision where the argument of a sine, say, is so large that bits are lost."""
_LONGEST = 5_000
_LONGEST_UNDECIDED = 500
_POINTS = 8
_FEWEST_POINTS = 4
_GRID = 2**24


class TooLongError(ValueError):
    """The answer is outside the class with a normal form, and too long to be compared by numbers alone."""


def same_constant(answer: Formula, reference: Formula) -> bool:
    """Whether two formulas without `x` have the same value.

    Raises:
        TooLongError: the answer is too long to tell.
    """
    return _same(answer, reference, [None])


def same_function(answer: Formula, reference: Formula, points: Sequence[Fraction]) -> bool:
    """Whether two formulas are the same function of `x` on the domain that the points were drawn from.

    Raises:
        TooLongError: the answer is too long to tell.
        GraderError: the reference is undefined at nearly all points.
    """
    return _same(answer, reference, points)


def sample_points(rng: Random, low: Fraction | int, high: Fraction | int) -> list[Fraction]:
    """Points between two bounds, as many as a comparison needs."""
    width = Fraction(high) - low
    return [low + width * Fraction(rng.randint(1, _GRID - 1), _GRID) for _ in range(_POINTS)]


def _same(answer: Formula, reference: Formula, points: Sequence[Fraction | None]) -> bool:
    length = weight(answer)
    if length > _LONGEST:
        raise TooLongError("The answer is too long to be compared; simplify it.")
    zero = is_zero(Sum((answer, Negative(reference))))
    if zero is False:
        return False
    digits = DIGITS
    if zero is None:
        if length > _LONGEST_UNDECIDED:
            raise TooLongError("The answer is too long to be compared; simplify it.")
        digits += 2 * length
    bits = int(digits * _BITS_PER_DIGIT)
    compared = 0
    for point in points:
        try:
            value(reference, point, bits)
        except UndefinedError:
            continue
        if not _agree_at(point, answer, reference, bits):
            return False
        compared += 1
    if compared < min(_FEWEST_POINTS, len(points)):
        raise GraderError("the reference is undefined at nearly all sample points")
    return True


def _agree_at(point: Fraction | None, answer: Formula, reference: Formula, bits: int) -> bool:
    """Whether the values at a point agree; the reference is known to have one there."""
    for extra in _EXTRA_BITS:
        try:
            verdict = agree(value(answer, point, bits + extra), value(reference, point, bits + extra), bits - 20)
        except UndefinedError:
            return False
        if verdict is not None:
            return verdict
    return False


def weight(formula: Formula) -> int:
    """About how many characters the formula has, with whole powers written out; at most 10^6."""
    match formula:
        case Number(number):
            size = len(str(number))
        case Symbol():
            size = 1
        case Negative(of):
            size = 1 + weight(of)
        case Call(_, of):
            size = 3 + weight(of)
        case Sum(terms):
            size = sum(1 + weight(term) for term in terms)
        case Product(above, below):
            size = sum(1 + weight(factor) for factor in (*above, *below))
        case Power(base, exponent):
            rational = exact_exponent(exponent)
            repeated = 1 if rational is None else max(1, min(10**6, abs(int(rational))))
            size = weight(base) * repeated + weight(exponent)
    return min(size, 10**6)
