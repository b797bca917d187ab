"""PolynomialDivision: quotient and remainder of two polynomials."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, State, Task
from textgym.envs.math.answer_parts import named
from textgym.envs.math.draws import nonzero, sign_pattern
from textgym.envs.math.formulas import FormulaError
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.polynomials import Poly, degree, divided, plus, poly, read_polynomial, times, written
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class PolynomialDivisionConfig(LevelledConfig):
    """Knobs of PolynomialDivision."""

    min_divisor: int = Field(1, ge=1, le=5, description="lowest degree of the divisor")
    max_divisor: int = Field(2, ge=1, le=5, description="highest degree of the divisor")
    min_quotient: int = Field(1, ge=1, le=6, description="lowest degree of the quotient")
    max_quotient: int = Field(3, ge=1, le=6, description="highest degree of the quotient")
    largest: int = Field(
        9, ge=3, le=1_000, description="largest coefficient of divisor, quotient and remainder in size"
    )
    monic: bool = Field(False, description="the divisor's leading coefficient is 1")
    zeros: float = Field(0.2, ge=0, le=0.6, description="probability that a power is missing")

    levels: ClassVar[Levels] = {
        "easy": {"max_divisor": 1, "max_quotient": 2, "monic": True},
        "hard": {"min_divisor": 2, "max_divisor": 3, "min_quotient": 2, "max_quotient": 4, "largest": 15},
    }


class PolynomialDivision(SingleAnswer[PolynomialDivisionConfig]):
    """Divide one polynomial by another, with remainder.

    Observation: the two polynomials.
    Action: quotient and remainder inside one <answer></answer>, as `q = 3x^2 - x, r = 5`, in either order. Each is a formula
        of numbers, x, + - * ^ and parentheses, multiplied out or not; division is by numbers only. Text outside the tags is
        not read; anything else is invalid.
    Reward: 1 if both are right, else 0.
    Ends: after the answer.
    Splits: by the signs of the coefficients of divisor and quotient, with 0 where a power is missing.
    Oracle: gives both.

    Quotient and remainder have whole coefficients. The difficulty of a task is the degree of the dividend.
    """

    answer_form = "quotient and remainder, such as q = 3x^2 - x, r = 5"

    def generate(self, rng: Random) -> Task:
        config = self.config
        size = rng.randint(config.min_divisor, max(config.min_divisor, config.max_divisor))
        divisor = self._polynomial(size, rng)
        if config.monic:
            divisor = (*divisor[:-1], 1)
        quotient = self._polynomial(
            rng.randint(config.min_quotient, max(config.min_quotient, config.max_quotient)), rng
        )
        family = rng.claim(f"{sign_pattern(divisor)} {sign_pattern(quotient)}")
        remainder = poly(rng.randint(-config.largest, config.largest) for _ in range(size))
        dividend = plus(times(divisor, quotient), remainder)
        return Task(
            prompt=self.ask(
                f"Divide\n\n{written(dividend)}\n\nby\n\n{written(divisor)}\n\nand give the quotient q and the remainder r, "
                f"whose degree is below {size}."
            ),
            secret={"answer": f"q = {written(quotient)}, r = {written(remainder)}"},
            data={"dividend": list(dividend), "divisor": list(divisor)},
            family=family,
            difficulty=degree(dividend),
        )

    def _polynomial(self, size: int, rng: Random) -> Poly:
        config = self.config
        lower = [0 if rng.random() < config.zeros else nonzero(rng, config.largest) for _ in range(size)]
        return (*lower, nonzero(rng, config.largest))

    def judge(self, task: Task, answer: str) -> bool:
        found = named(answer, ("q", "r"))
        if found is None:
            raise Unreadable("Quotient and remainder are needed, each once.")
        try:
            given = read_polynomial(found["q"]), read_polynomial(found["r"])
        except FormulaError as error:
            raise Unreadable(f"That is no polynomial that can be read: {error}.") from None
        return given == divided(tuple(task.data["dividend"]), tuple(task.data["divisor"]))

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        quotient = self._polynomial(len(task.data["dividend"]) - len(task.data["divisor"]), rng)
        return committed(f"q = {written(quotient)}, r = {rng.randint(-9, 9)}")

    def cheats(self, task: Task) -> dict[str, list[str]]:
        dividend, divisor = written(task.data["dividend"]), written(task.data["divisor"])
        return super().cheats(task) | {
            "everything as the remainder": [committed(f"q = 0, r = {dividend}")],
            "the division itself": [committed(f"q = ({dividend})/({divisor}), r = 0")],
            "the quotient alone": [committed(task.secret["answer"].split(",")[0])],
            "a tower of powers": [committed("q = x^9^9^9, r = (x+1)^24^24")],
            "many brackets": [committed(f"q = {'(' * 900}x{')' * 900}, r = 0")],
        }
