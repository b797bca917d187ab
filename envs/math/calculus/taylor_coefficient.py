"""TaylorCoefficient: a coefficient of a power series around 0."""

from fractions import Fraction
from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.calculus.power_series import Series, basic, composed, multiplied
from textgym.envs.math.closed_forms import Call, Formula, Product, Sum, X, number, power, times, total, written
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

_FUNCTIONS = ("exp", "sin", "cos", "ln", "inverse", "sqrt")
_ZERO_AT_ZERO = ("sin", "ln")

Drawn = tuple[Formula, Series, str]
"""A formula, its series, and its structure."""


class TaylorCoefficientConfig(LevelledConfig):
    """Knobs of TaylorCoefficient."""

    min_order: int = Field(3, ge=1, le=12, description="smallest power of x whose coefficient is asked for")
    max_order: int = Field(6, ge=1, le=12, description="largest power of x whose coefficient is asked for")
    products: int = Field(1, ge=0, le=3, description="products of two functions that are added up")
    compositions: int = Field(0, ge=0, le=2, description="compositions of two functions that are added up")
    largest: int = Field(9, ge=2, le=50, description="largest number in the formula")

    levels: ClassVar[Levels] = {
        "easy": {"min_order": 3, "max_order": 4, "products": 0, "largest": 30},
        "hard": {"min_order": 4, "max_order": 7, "products": 1, "compositions": 1, "largest": 6},
    }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_order > self.max_order:
            raise ValueError(f"min_order ({self.min_order}) must not be above max_order ({self.max_order})")
        return self


class TaylorCoefficient(RationalAnswer[TaylorCoefficientConfig]):
    """Find a coefficient of the Taylor series of a formula around 0.

    Observation: a formula in x, and a power of x.
    Action: the coefficient of that power in the Taylor series of the formula around 0, inside one <answer></answer>, as a
        whole number, a fraction p/q or an exact decimal. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the exact coefficient, else 0.
    Ends: after the answer.
    Splits: by the functions, how they are joined, and the power of x, with the sizes of the numbers inside them, whatever the polynomial and the order.
    Oracle: gives the coefficient.

    The formula is a quadratic polynomial times a function, plus products and compositions of functions. The coefficient
    is not 0. The difficulty of a task is the power of x plus twice the number of products and compositions.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        order = rng.randint(config.min_order, config.max_order)
        size = order + 1
        parts = [self._polynomial_times(size, rng)]
        parts += [self._product(size, rng) for _ in range(config.products)]
        parts += [self._composition(size, rng) for _ in range(config.compositions)]
        family = rng.claim(f"taylor {order} {sorted(structure for _, _, structure in parts)}")
        answer = sum((series[order] for _, series, _ in parts), Fraction(0))
        if not answer:
            raise RedrawError("the coefficient is 0")
        function = written(total(*(formula for formula, _, _ in parts)))
        return Task(
            prompt=self.ask(
                f"What is the coefficient of x^{order} in the Taylor series around x = 0 of\n\nf(x) = {function}\n\nGive the "
                "coefficient itself: the derivative there, divided by the factorial."
            ),
            secret={"answer": str(answer)},
            data={"function": function, "order": order},
            family=family,
            difficulty=order + 2 * (config.products + config.compositions),
        )

    def _basic(self, size: int, rng: Random, functions: tuple[str, ...] = _FUNCTIONS) -> Drawn:
        name = rng.choice(functions)
        a = rng.choice([-1, 1]) * rng.randint(1, self.config.largest)
        return _formula(name, times(number(a), X)), basic(name, a, size), f"{name} {abs(a)}"

    def _polynomial_times(self, size: int, rng: Random) -> Drawn:
        largest = self.config.largest
        polynomial = [rng.choice([-1, 1]) * rng.randint(1, largest) for _ in range(3)]
        formula, series, name = self._basic(size, rng)
        factor = total(*(times(number(c), power(X, n)) for n, c in reversed(list(enumerate(polynomial)))))
        padded = [Fraction(c) for c in polynomial] + [Fraction(0)] * max(0, size - 3)
        return times(factor, formula), multiplied(padded, series), f"polynomial {name}"

    def _product(self, size: int, rng: Random) -> Drawn:
        one, first, name = self._basic(size, rng)
        other, second, another = self._basic(size, rng)
        return times(one, other), multiplied(first, second), f"product {sorted((name, another))}"

    def _composition(self, size: int, rng: Random) -> Drawn:
        inner, inside, another = self._basic(size, rng, _ZERO_AT_ZERO)
        name = rng.choice(_FUNCTIONS)
        return _formula(name, inner), composed(basic(name, 1, size), inside), f"{name} of {another}"

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        order = task.data["order"]
        below = rng.choice([1, 2, 3, 6, 8, 24, 120])
        return committed(str(Fraction(rng.randint(-(3**order), 3**order), below)))


def _formula(name: str, argument: Formula) -> Formula:
    match name:
        case "ln" | "sqrt":
            return Call(name, Sum((number(1), argument)))
        case "inverse":
            return Product((number(1),), (Sum((number(1), times(number(-1), argument))),))
    return Call(name, argument)
