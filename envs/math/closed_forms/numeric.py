"""The value of a formula at a point, as an interval that is proven to contain it.

The interval arithmetic is that of mpmath's `libmp`, whose functions are told their precision with each call and share no
state that matters: any number of threads may evaluate at once.
"""

from fractions import Fraction
from functools import cache
from typing import Any

from textgym.envs.math.closed_forms.syntax import Call, Formula, Negative, Number, Power, Product, Sum, Symbol

Interval = tuple[Any, Any]
"""Lower and upper end, as raw numbers of `libmp`."""

_LARGEST_BITS = 400
_LARGEST_EXPONENT = 200
_WARM_BITS = 8_192


class UndefinedError(ArithmeticError):
    """The formula has no real value at the point, or one of its parts is too large or too small to be graded."""


@cache
def _libmp() -> Any:
    """The library, with the constants that it keeps computed once and for all, so that threads only read them."""
    from mpmath import libmp

    for constant in (libmp.mpf_pi, libmp.mpf_e, libmp.mpf_ln2, libmp.mpf_ln10):
        constant(_WARM_BITS, "n")
    return libmp


def value(formula: Formula, x: Fraction | None, bits: int) -> Interval:
    """The value at `x` to about `bits` bits.

    Raises:
        UndefinedError: there is none: a division by something that may be 0, the logarithm or root of something that
            may be negative, or a part beyond 2^400 or, other than 0, below 2^-400.
    """
    return _Evaluator(x, bits + 40).of(formula)


def agree(one: Interval, other: Interval, bits: int) -> bool | None:
    """True if two values agree to a relative (below 1: absolute) `bits` bits, False if they are proven to differ.

    None if one of them is not known well enough: evaluate again with more bits.
    """
    lib = _libmp()
    if lib.mpf_lt(one[1], other[0]) or lib.mpf_lt(other[1], one[0]):
        return False
    low = other[0] if lib.mpf_lt(other[0], one[0]) else one[0]
    high = other[1] if lib.mpf_lt(one[1], other[1]) else one[1]
    size = max(0, _magnitude(low), _magnitude(high))
    width = lib.mpf_sub(high, low)
    return True if width == lib.fzero or _magnitude(width) <= size - bits else None


def _magnitude(raw: Any) -> int:
    """The bits in front of the binary point: `|raw| < 2^magnitude`. Very small for 0."""
    _, mantissa, exponent, length = raw
    return exponent + length if mantissa else -(10**9)


class _Evaluator:
    def __init__(self, x: Fraction | None, bits: int) -> None:
        self.lib = _libmp()
        self.bits = bits
        self.x = None if x is None else self._rational(x)

    def of(self, formula: Formula) -> Interval:
        interval = self._of(formula)
        low, high = interval
        for end in interval:
            if not end[1] and end != self.lib.fzero:
                raise UndefinedError("not finite")
        if max(_magnitude(low), _magnitude(high)) > _LARGEST_BITS:
            raise UndefinedError("out of range")
        if self._sign(interval) and max(_magnitude(low), _magnitude(high)) < -_LARGEST_BITS:
            raise UndefinedError("out of range")
        return interval

    def _of(self, formula: Formula) -> Interval:
        lib, bits = self.lib, self.bits
        match formula:
            case Number(number):
                return self._rational(number)
            case Symbol("x"):
                if self.x is None:
                    raise UndefinedError("a constant has no x")
                return self.x
            case Symbol("pi"):
                return lib.mpf_pi(bits, "f"), lib.mpf_pi(bits, "c")
            case Symbol():
                return lib.mpf_e(bits, "f"), lib.mpf_e(bits, "c")
            case Negative(of):
                return self._interval(lib.mpi_neg(self.of(of), bits))
            case Sum(terms):
                total = (lib.fzero, lib.fzero)
                for term in terms:
                    total = lib.mpi_add(total, self.of(term), bits)
                return self._interval(total)
            case Product(above, below):
                product = (lib.fone, lib.fone)
                for factor in above:
                    product = self._in_range(lib.mpi_mul(product, self.of(factor), bits))
                for factor in below:
                    product = self._in_range(self._divided(product, self.of(factor)))
                return self._interval(product)
            case Power(base, exponent):
                return self._power(base, exponent)
            case Call(function, of):
                return self._call(function, self.of(of))

    def _interval(self, pair: Any) -> Interval:
        return pair[0], pair[1]

    def _in_range(self, interval: Interval) -> Interval:
        if max(map(_magnitude, interval)) > _LARGEST_BITS:
            raise UndefinedError("out of range")
        return interval

    def _rational(self, number: Fraction) -> Interval:
        lib, bits = self.lib, self.bits
        return lib.from_rational(number.numerator, number.denominator, bits, "f"), lib.from_rational(
            number.numerator, number.denominator, bits, "c"
        )

    def _divided(self, above: Interval, below: Interval) -> Interval:
        if self._sign(below) == 0:
            raise UndefinedError("division by what may be 0")
        return self._interval(self.lib.mpi_div(above, below, self.bits))

    def _sign(self, interval: Interval) -> int:
        """1 or -1 if the whole interval is positive or negative, else 0."""
        low, high = self.lib.mpf_sign(interval[0]), self.lib.mpf_sign(interval[1])
        return int(low) if low == high else 0

    def _power(self, base: Formula, exponent: Formula) -> Interval:
        lib, bits = self.lib, self.bits
        rational = exact_exponent(exponent)
        below = self.of(base)
        if rational is not None and rational.denominator == 1:
            if abs(rational) > _LARGEST_EXPONENT:
                raise UndefinedError("the exponent is too large")
            raised = self._in_range(self._interval(lib.mpi_pow_int(below, abs(int(rational)), bits)))
            return raised if rational >= 0 else self._divided((lib.fone, lib.fone), raised)
        if below == (lib.fzero, lib.fzero) and rational is not None and rational > 0:
            return below
        if self._sign(below) != 1:
            raise UndefinedError("a power of what may be negative")
        above = self._rational(rational) if rational is not None else self.of(exponent)
        return self._call("exp", self._interval(lib.mpi_mul(above, lib.mpi_log(below, bits), bits)))

    def _call(self, function: str, inner: Interval) -> Interval:
        lib, bits = self.lib, self.bits
        match function:
            case "exp":
                if max(map(_magnitude, inner)) > 9:
                    raise UndefinedError("the exponent is too large")
                return self._interval(lib.mpi_exp(inner, bits))
            case "ln":
                if self._sign(inner) != 1:
                    raise UndefinedError("the logarithm of what may not be positive")
                return self._interval(lib.mpi_log(inner, bits))
            case "sqrt":
                if lib.mpf_sign(inner[0]) < 0:
                    raise UndefinedError("the root of what may be negative")
                return self._interval(lib.mpi_sqrt(inner, bits))
            case "sin":
                return self._interval(lib.mpi_sin(inner, bits))
            case "cos":
                return self._interval(lib.mpi_cos(inner, bits))
            case _:
                return self._divided(lib.mpi_sin(inner, bits), lib.mpi_cos(inner, bits))


def exact_exponent(formula: Formula) -> Fraction | None:
    """The rational number that an exponent such as `2`, `-1` or `(3/2)` is, or None."""
    match formula:
        case Number(number):
            return number
        case Negative(of):
            inner = exact_exponent(of)
            return None if inner is None else -inner
        case Product((Number(above),), (Number(below),)) if below:
            return above / below
    return None
