"""Limit: the exact limit of a formula at a point or at infinity."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.closed_forms import (
    Call,
    Formula,
    Power,
    Product,
    Sum,
    X,
    is_zero,
    negative,
    number,
    over,
    power,
    times,
    total,
    written,
)
from textgym.envs.math.closed_forms.answers import ConstantAnswer
from textgym.envs.math.levels import LevelledConfig, Levels


@dataclass(frozen=True)
class Part:
    """A formula with a limit that no substitution gives, its limit, and its structure."""

    function: Formula
    limit: Formula
    structure: str


class LimitConfig(LevelledConfig):
    """Knobs of Limit."""

    terms: int = Field(2, ge=1, le=4, description="how many indeterminate formulas are added up")
    largest: int = Field(12, ge=5, le=200, description="largest number in the formulas")

    levels: ClassVar[Levels] = {"easy": {"terms": 1, "largest": 150}, "hard": {"terms": 3}}


class Limit(ConstantAnswer[LimitConfig]):
    """Find the exact limit of a formula.

    Observation: a formula in x, and where x goes: to 0, to another whole number, or to infinity. It is a sum of terms that
        are indeterminate there: 0/0, infinity/infinity, infinity - infinity, or 1^infinity.
    Action: the limit in closed form inside one <answer></answer>, in any form. A decimal is right only where it is exact.
        Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the exact limit, by normal forms and by numbers to 50 digits, else 0.
    Ends: after the answer.
    Splits: by the kinds of terms with the numbers inside them, whatever their coefficients and order.
    Oracle: gives the limit.

    Every limit exists and none is 0. The difficulty of a task is its number of terms.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        where = rng.choice(list(_KINDS))
        target = 0 if where == "zero" else rng.choice([-1, 1]) * rng.randint(1, 9)
        parts: dict[str, Part] = {}
        coefficients: list[int] = []
        while len(parts) < config.terms:
            part = rng.choice(_KINDS[where])(target, config.largest, rng)
            parts.setdefault(part.structure, part)
        family = rng.claim(f"limit {sorted(parts)}")
        coefficients = [rng.choice([-1, 1]) * rng.randint(1, config.largest) for _ in parts]
        weighted = list(zip(coefficients, parts.values(), strict=True))
        function = total(*(times(number(c), part.function) for c, part in weighted))
        answer = total(*(times(number(c), part.limit) for c, part in weighted))
        if is_zero(answer) is not False:
            raise RedrawError("the limit is 0")
        goes_to = "infinity" if where == "infinity" else str(target)
        return Task(
            prompt=self.ask(f"What is the exact limit, as x goes to {goes_to}, of\n\nf(x) = {written(function)}"),
            secret={"answer": written(answer)},
            data={"function": written(function), "target": goes_to},
            family=family,
            difficulty=config.terms,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        return super().cheats(task) | {
            "the function": [committed(task.data["function"])],
            "infinity": [committed("infinity"), committed("1/0")],
        }


def _numbers(count: int, largest: int, rng: Random) -> list[int]:
    return [rng.randint(1, largest) for _ in range(count)]


def _line(slope: int, constant: int) -> Formula:
    return total(times(number(slope), X), number(constant))


def _sines(target: int, largest: int, rng: Random) -> Part:
    a, b = _numbers(2, largest, rng)
    above = Call(rng.choice(["sin", "tan"]), times(number(a), X))
    below: Formula = times(number(b), X)
    if rng.getrandbits(1):
        below = Call("sin", below)
    function = over(above, below)
    return Part(function, number(Fraction(a, b)), written(function))


def _cosine(target: int, largest: int, rng: Random) -> Part:
    a, b = _numbers(2, largest, rng)
    above = Sum((number(1), negative(Call("cos", times(number(a), X)))))
    return Part(Product((above,), (times(number(b), power(X, 2)),)), number(Fraction(a * a, 2 * b)), f"cos {a} {b}")


def _exponentials(target: int, largest: int, rng: Random) -> Part:
    a, b, c = _numbers(3, largest, rng)
    if a == b:
        b += 1
    above = Sum((Call("exp", times(number(a), X)), negative(Call("exp", times(number(b), X)))))
    below = Call("sin", times(number(c), X)) if rng.getrandbits(1) else times(number(c), X)
    return Part(Product((above,), (below,)), number(Fraction(a - b, c)), f"exp {a} {b} {c}")


def _logarithm(target: int, largest: int, rng: Random) -> Part:
    a, b = _numbers(2, largest, rng)
    below = Call("sin", times(number(b), X)) if rng.getrandbits(1) else times(number(b), X)
    return Part(Product((Call("ln", _line(a, 1)),), (below,)), number(Fraction(a, b)), f"ln {a} {b}")


def _power_at_zero(target: int, largest: int, rng: Random) -> Part:
    a, b = rng.randint(1, 15), rng.choice([-1, 1]) * rng.randint(1, 12)
    return Part(Power(_line(a, 1), over(number(b), X)), Call("exp", number(a * b)), f"power at zero {a} {b}")


def _third_order(target: int, largest: int, rng: Random) -> Part:
    a, b = _numbers(2, largest, rng)
    angle = times(number(a), X)
    if rng.getrandbits(1):
        above = Sum((angle, negative(Call("sin", angle))))
        return Part(
            Product((above,), (times(number(b), power(X, 3)),)), number(Fraction(a**3, 6 * b)), f"sin - x {a} {b}"
        )
    above = Sum((Call("exp", angle), negative(angle), number(-1)))
    return Part(Product((above,), (times(number(b), power(X, 2)),)), number(Fraction(a**2, 2 * b)), f"exp - x {a} {b}")


def _rational_at_infinity(target: int, largest: int, rng: Random) -> Part:
    degree = rng.randint(1, 4)
    a, b, c, d, e, f = _numbers(6, largest, rng)
    above = total(times(number(a), power(X, degree)), times(number(c), power(X, degree - 1)), number(-d))
    below = total(times(number(b), power(X, degree)), times(number(-e), power(X, degree - 1)), number(f))
    return Part(Product((above,), (below,)), number(Fraction(a, b)), f"rational {degree} {a} {b}")


def _power_at_infinity(target: int, largest: int, rng: Random) -> Part:
    a, b = rng.choice([-1, 1]) * rng.randint(1, 15), rng.randint(1, 12)
    base = Sum((number(1), over(number(a), X)))
    return Part(Power(base, times(number(b), X)), Call("exp", number(a * b)), f"power at infinity {a} {b}")


def _roots_at_infinity(target: int, largest: int, rng: Random) -> Part:
    a, b, c, d = _numbers(4, largest, rng)
    k = rng.randint(1, 5)
    square = times(number(k * k), power(X, 2))
    one = Call("sqrt", total(square, times(number(a), X), number(b)))
    if rng.getrandbits(1):
        return Part(Sum((one, negative(times(number(k), X)))), number(Fraction(a, 2 * k)), f"root {k} {a}")
    if a == c:
        c += 1
    other = Call("sqrt", total(square, times(number(c), X), number(d)))
    return Part(Sum((one, negative(other))), number(Fraction(a - c, 2 * k)), f"roots {k} {a} {c}")


def _common_factor(target: int, largest: int, rng: Random) -> Part:
    a, b, c, d = _numbers(4, largest, rng)
    b, d = rng.choice([-b, b]), rng.choice([-d, d])
    if c * target + d == 0 or a * target + b == 0:
        d, b = d + 1, b + 1
    if c * target + d == 0 or a * target + b == 0:
        raise RedrawError("another zero at the point")
    above, below = _times_root(a, b, target), _times_root(c, d, target)
    limit = number(Fraction(a * target + b, c * target + d))
    return Part(Product((above,), (below,)), limit, f"factor {target} {a} {b} {c} {d}")


def _times_root(slope: int, constant: int, root: int) -> Formula:
    """`(slope*x + constant) * (x - root)`, multiplied out."""
    return total(
        times(number(slope), power(X, 2)),
        times(number(constant - slope * root), X),
        number(-constant * root),
    )


def _root_quotient(target: int, largest: int, rng: Random) -> Part:
    a, c = _numbers(2, largest, rng)
    root = Call("sqrt", _line(a, c * c - a * target))
    above = Sum((root, number(-c)))
    return Part(Product((above,), (_line(1, -target),)), number(Fraction(a, 2 * c)), f"root at {target} {a} {c}")


def _power_quotient(target: int, largest: int, rng: Random) -> Part:
    n, b = rng.randint(3, 5), rng.randint(1, largest)
    above = Sum((power(X, n), number(-(target**n))))
    below = times(number(b), _line(1, -target))
    return Part(
        Product((above,), (below,)), number(Fraction(n * target ** (n - 1), b)), f"power quotient {target} {n} {b}"
    )


Kind = Callable[[int, int, Random], Part]

_KINDS: dict[str, tuple[Kind, ...]] = {
    "zero": (_sines, _cosine, _exponentials, _logarithm, _power_at_zero, _third_order),
    "infinity": (_rational_at_infinity, _power_at_infinity, _roots_at_infinity, _roots_at_infinity),
    "point": (_common_factor, _root_quotient, _power_quotient),
}
"""Kinds of terms by where x goes. Each is called with that point, the largest number, and a generator."""
