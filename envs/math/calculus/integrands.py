"""Functions with a known antiderivative, drawn by kind."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from textgym.core import Random
from textgym.envs.math.closed_forms import (
    Call,
    Formula,
    Sum,
    X,
    negative,
    number,
    over,
    power,
    times,
    total,
)


@dataclass(frozen=True)
class Integrand:
    """A function, one of its antiderivatives, and its structure.

    Attributes:
        function: the function, without its coefficient.
        antiderivative: one antiderivative of it.
        structure: its kind and the numbers inside it.
        positive_only: whether it, or the antiderivative, is undefined at 0.
    """

    function: Formula
    antiderivative: Formula
    structure: str
    positive_only: bool = False

    def scaled(self, coefficient: int) -> "Integrand":
        """The function times a number."""
        factor = number(coefficient)
        return Integrand(
            times(factor, self.function), times(factor, self.antiderivative), self.structure, self.positive_only
        )


def _shifted(shift: int) -> Formula:
    return Sum((X, number(shift))) if shift else X


def _power(rng: Random) -> Integrand:
    n = rng.randint(1, 7)
    return Integrand(power(X, n), over(power(X, n + 1), number(n + 1)), f"power {n}")


def _exp(rng: Random) -> Integrand:
    k = rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5])
    function = Call("exp", times(number(k), X))
    return Integrand(function, over(function, number(k)), f"exp {k}")


def _sine(rng: Random) -> Integrand:
    k = rng.randint(1, 9)
    angle = times(number(k), X)
    return Integrand(Call("sin", angle), negative(over(Call("cos", angle), number(k))), f"sin {k}")


def _cosine(rng: Random) -> Integrand:
    k = rng.randint(1, 9)
    angle = times(number(k), X)
    return Integrand(Call("cos", angle), over(Call("sin", angle), number(k)), f"cos {k}")


def _reciprocal(rng: Random) -> Integrand:
    b = rng.randint(0, 9)
    return Integrand(over(number(1), _shifted(b)), Call("ln", _shifted(b)), f"reciprocal {b}", b == 0)


def _reciprocal_power(rng: Random) -> Integrand:
    b, n = rng.randint(0, 9), rng.randint(2, 4)
    whole = over(number(1), power(_shifted(b), n))
    below = times(number(n - 1), power(_shifted(b), n - 1))
    return Integrand(whole, negative(over(number(1), below)), f"reciprocal power {b} {n}", b == 0)


def _root(rng: Random) -> Integrand:
    b = rng.randint(0, 9)
    raised = power(_shifted(b), Fraction(3, 2))
    return Integrand(Call("sqrt", _shifted(b)), times(number(Fraction(2, 3)), raised), f"root {b}")


def _inner_power(rng: Random) -> Integrand:
    b, n, m = rng.randint(1, 9), rng.randint(2, 6), rng.randint(2, 3)
    inner = Sum((power(X, m), number(b)))
    function = times(power(X, m - 1), power(inner, n))
    return Integrand(function, over(power(inner, n + 1), number(m * (n + 1))), f"inner power {b} {n} {m}")


def _inner_exp(rng: Random) -> Integrand:
    k, m = rng.choice([-3, -2, -1, 1, 2]), rng.randint(2, 3)
    outer = Call("exp", times(number(k), power(X, m)))
    return Integrand(times(power(X, m - 1), outer), over(outer, number(k * m)), f"inner exp {k} {m}")


def _inner_sine(rng: Random) -> Integrand:
    k, m = rng.randint(1, 4), rng.randint(2, 3)
    angle = times(number(k), power(X, m))
    function = times(power(X, m - 1), Call("sin", angle))
    return Integrand(function, negative(over(Call("cos", angle), number(k * m))), f"inner sin {k} {m}")


def _inner_log(rng: Random) -> Integrand:
    b, c = rng.randint(0, 6), rng.randint(1, 9)
    inner = total(power(X, 2), times(number(b), X), number(c))
    slope = total(times(number(2), X), number(b))
    return Integrand(over(slope, inner), Call("ln", inner), f"inner log {b} {c}")


def _parts_exp(rng: Random) -> Integrand:
    k, b = rng.choice([-3, -2, -1, 1, 2, 3]), rng.randint(-9, 9)
    outer = Call("exp", times(number(k), X))
    line = total(X, number(b))
    inner = total(over(line, number(k)), number(Fraction(-1, k * k)))
    return Integrand(times(line, outer), times(inner, outer), f"parts exp {k} {b}")


def _parts_cosine(rng: Random) -> Integrand:
    k, b = rng.randint(1, 5), rng.randint(-9, 9)
    angle = times(number(k), X)
    line = total(X, number(b))
    parts = total(
        over(times(line, Call("sin", angle)), number(k)), times(number(Fraction(1, k * k)), Call("cos", angle))
    )
    return Integrand(times(line, Call("cos", angle)), parts, f"parts cos {k} {b}")


def _parts_log(rng: Random) -> Integrand:
    n = rng.randint(0, 5)
    log = Call("ln", X)
    inner = total(over(log, number(n + 1)), number(Fraction(-1, (n + 1) ** 2)))
    return Integrand(times(power(X, n), log), times(power(X, n + 1), inner), f"parts log {n}", True)


def _parts_twice(rng: Random) -> Integrand:
    k, m = rng.choice([-3, -2, -1, 1, 2, 3]), rng.randint(1, 5)
    outer, angle = Call("exp", times(number(k), X)), times(number(m), X)
    inner = total(times(number(k), Call("cos", angle)), times(number(m), Call("sin", angle)))
    whole = over(times(inner, outer), number(k * k + m * m))
    return Integrand(times(outer, Call("cos", angle)), whole, f"parts twice {k} {m}")


_TABLE: tuple[Callable[[Random], Integrand], ...] = (_power, _exp, _sine, _cosine, _reciprocal)
_SUBSTITUTION = (_reciprocal_power, _root, _inner_power, _inner_exp, _inner_sine, _inner_log)
_PARTS = (_parts_exp, _parts_cosine, _parts_log, _parts_twice)

TECHNIQUES: dict[str, tuple[Callable[[Random], Integrand], ...]] = {
    "table": _TABLE,
    "substitution": _TABLE + _SUBSTITUTION,
    "parts": _SUBSTITUTION + _PARTS,
}
"""Kinds of functions by the hardest technique that they need."""


def draw_integrand(technique: str, terms: int, largest: int, rng: Random) -> Integrand:
    """A sum of so many functions of different structure, each with a coefficient other than 0 up to `largest`."""
    parts: dict[str, Integrand] = {}
    while len(parts) < terms:
        part = rng.choice(TECHNIQUES[technique])(rng)
        parts.setdefault(part.structure, part)
    scaled = [part.scaled(rng.choice([-1, 1, 1]) * rng.randint(1, largest)) for part in parts.values()]
    return Integrand(
        total(*(part.function for part in scaled)),
        total(*(part.antiderivative for part in scaled)),
        "; ".join(sorted(parts)),
        any(part.positive_only for part in scaled),
    )
