"""PolynomialFactor: write a polynomial as a product of irreducible ones."""

from collections import Counter
from fractions import Fraction
from math import gcd
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.draws import nonzero, sign_pattern
from textgym.envs.math.formulas import FormulaError, Ring, formula_value
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.polynomials import (
    MAX_DEGREE,
    Poly,
    PolynomialRing,
    degree,
    is_irreducible,
    primitive,
    product,
    scaled,
    small_exponent,
    written,
)
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Factors = tuple[Poly, ...]


class PolynomialFactorConfig(LevelledConfig):
    """Knobs of PolynomialFactor."""

    min_factors: int = Field(3, ge=2, le=8, description="fewest irreducible factors, counted with multiplicity")
    max_factors: int = Field(4, ge=2, le=8, description="most irreducible factors, counted with multiplicity")
    largest: int = Field(30, ge=3, le=100, description="largest constant of a factor in size")
    largest_leading: int = Field(4, ge=1, le=20, description="largest leading coefficient of a factor")
    quadratics: float = Field(0.3, ge=0, le=1, description="probability that a factor is an irreducible quadratic")
    repeated: float = Field(0.08, ge=0, le=1, description="probability that a factor repeats the one before it")

    levels: ClassVar[Levels] = {
        "easy": {"min_factors": 2, "max_factors": 2, "largest": 60, "quadratics": 0.0, "repeated": 0.0},
        "hard": {"min_factors": 4, "max_factors": 6, "largest_leading": 5, "quadratics": 0.4},
    }


class PolynomialFactor(SingleAnswer[PolynomialFactorConfig]):
    """Write a polynomial as a product of polynomials that cannot be factored further over the whole numbers.

    Observation: the polynomial, multiplied out.
    Action: a product inside one <answer></answer>, such as `-2(x - 3)^2(x^2 + x + 1)`, factors in any order and with either
        sign. Text outside the tags is not read; anything but a formula of numbers, x, + - * ^ and parentheses is invalid.
    Reward: 1 if the product is the polynomial and every factor in it is irreducible over the rational numbers, else 0.
    Ends: after the answer.
    Splits: by the degrees of the factors with their multiplicities, the signs of the factors' coefficients and the sign of
        the constant factor.
    Oracle: gives the factors that the polynomial was made from.

    Factors with the same degree may differ by a constant: `(2x - 6)(x + 1)` is as good as `2(x - 3)(x + 1)`. The difficulty
    of a task is the degree of the polynomial.
    """

    answer_form = "a product of factors such as -2(x - 3)^2(x^2 + x + 1)"

    def generate(self, rng: Random) -> Task:
        config = self.config
        factors: list[Poly] = []
        for _ in range(rng.randint(config.min_factors, max(config.min_factors, config.max_factors))):
            again = factors and rng.random() < config.repeated
            factors.append(factors[-1] if again else self._factor(rng))
        constant = rng.choice((1, 1, 1, -1, 2, 3))
        shapes = Counter(map(sign_pattern, factors))
        repeats = sorted(Counter(factors).values())
        family = rng.claim(f"{sorted(shapes.items())} {repeats} {'-+'[constant > 0]}")
        expanded = scaled(product(factors), constant)
        return Task(
            prompt=self.ask(f"Factor completely over the whole numbers:\n\n{written(expanded)}"),
            secret={"answer": written_product(constant, factors)},
            data={"coefficients": list(expanded)},
            family=family,
            difficulty=degree(expanded),
        )

    def _factor(self, rng: Random) -> Poly:
        config = self.config
        leading, constant = rng.randint(1, config.largest_leading), nonzero(rng, config.largest)
        if rng.random() < config.quadratics:
            factor: Poly = (constant, rng.randint(-config.largest, config.largest), leading)
        else:
            factor = (constant, leading)
        if gcd(*map(int, factor)) > 1 or not is_irreducible(factor):
            raise RedrawError("it can be factored further")
        return factor

    def judge(self, task: Task, answer: str) -> bool:
        try:
            given = formula_value(answer, FactorRing())
        except FormulaError as error:
            raise Unreadable(f"That is no product that can be read: {error}.") from None
        if product(given) != tuple(task.data["coefficients"]):
            return False
        # Factorisation is unique but for constants: it is complete if and only if it is the one the task was made from.
        right = formula_value(task.secret["answer"], FactorRing())
        return _essence(given) == _essence(right)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(
            "".join(f"({written((nonzero(rng, 9), 1))})" for _ in range(len(task.data["coefficients"]) - 1))
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        coefficients = task.data["coefficients"]
        right = formula_value(task.secret["answer"], FactorRing())
        merged = product(right)
        return super().cheats(task) | {
            "the polynomial itself": [
                committed(written(coefficients)),
                committed(f"({written(coefficients)})"),
                committed(f"1({written(merged)})^1"),
                committed(f"2({written(scaled(merged, Fraction(1, 2)))})"),
            ],
            "a factor that is a sum": [
                committed(f"{task.secret['answer']} + 0"),
                committed(f"0 + {task.secret['answer']}"),
            ],
            "a tower of powers": [committed("(x+1)^24^24^24"), committed("(((x^9)^9)^9)^9")],
            "too many factors": [committed("(x+1)" * 399)],
        }


class FactorRing(Ring[Factors]):
    """Formulas read as products: the factors stay apart, a sum makes one factor of all that is added."""

    def __init__(self) -> None:
        self.sums = PolynomialRing("x")

    def number(self, value: Fraction) -> Factors:
        return (self.sums.number(value),)

    def name(self, name: str) -> Factors:
        return (self.sums.name(name),)

    def add(self, left: Factors, right: Factors) -> Factors:
        return (self.sums.add(product(left), product(right)),)

    def negate(self, value: Factors) -> Factors:
        return ((-1,), *value)

    def multiply(self, left: Factors, right: Factors) -> Factors:
        constants = [factor for factor in left + right if len(factor) < 2]
        others = [factor for factor in left + right if len(factor) > 1]
        if sum(map(degree, others)) > MAX_DEGREE:
            raise FormulaError(f"a power is higher than {MAX_DEGREE}")
        constant: Poly = (1,)
        for factor in constants:
            constant = self.sums.multiply(constant, factor)
        return (constant, *others)

    def divide(self, left: Factors, right: Factors) -> Factors:
        return self.multiply(left, (self.sums.divide((1,), product(right)),))

    def power(self, base: Factors, exponent: Factors) -> Factors:
        found: Factors = ((1,),)
        for _ in range(small_exponent(product(exponent))):
            found = self.multiply(found, base)
        return found


def _essence(factors: Factors) -> Counter[Poly]:
    """The factors that are no constants, each in its primitive form."""
    return Counter(primitive(factor) for factor in factors if degree(factor) > 0)


def written_product(constant: int, factors: list[Poly]) -> str:
    """A constant and factors as text, equal factors as powers: `-2(x - 3)^2(x + 1)`."""
    text = {1: "", -1: "-"}.get(constant, str(constant))
    for factor, times in Counter(factors).items():
        text += f"({written(factor)})" + (f"^{times}" if times > 1 else "")
    return text
