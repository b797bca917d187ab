"""ExponentLaws: write a product and quotient of powers of monomials as one monomial."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.draws import nonzero
from textgym.envs.math.formulas import FormulaError, Ring, formula_value
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_LETTERS = "abcdkmnpqrstuvwxyz"
_MAX_BITS = 512
Powers = dict[str, int]


class ExponentLawsConfig(LevelledConfig):
    """Knobs of ExponentLaws."""

    min_parts: int = Field(2, ge=2, le=6, description="fewest powers of monomials")
    max_parts: int = Field(3, ge=2, le=6, description="most powers of monomials")
    letters: int = Field(3, ge=1, le=5, description="how many letters there are")
    largest_exponent: int = Field(5, ge=2, le=30, description="largest exponent inside a monomial in size")
    largest_power: int = Field(3, ge=2, le=6, description="largest power of a monomial in size")
    negative: bool = Field(True, description="exponents may be negative")

    levels: ClassVar[Levels] = {
        "easy": {"max_parts": 2, "letters": 2, "largest_exponent": 9, "negative": False},
        "hard": {"min_parts": 3, "max_parts": 5, "letters": 4, "largest_exponent": 9, "largest_power": 4},
    }


@dataclass(frozen=True)
class Monomial:
    """A number times powers of letters.

    Attributes:
        number: the number, 1 if none is written.
        powers: the exponent of each letter, without zeros, in alphabetical order.
        numbers: how many numbers are written above the line and below it.
        bare: whether it is nothing but a letter, or nothing but a number.
    """

    number: Fraction
    powers: tuple[tuple[str, int], ...] = ()
    numbers: tuple[int, int] = (0, 0)
    bare: bool = False


class ExponentLaws(SingleAnswer[ExponentLawsConfig]):
    """Simplify a product and quotient of powers to one monomial.

    Observation: the expression.
    Action: the monomial inside one <answer></answer>: one number or quotient of two, and each letter at most once, with a
        whole exponent, negative ones allowed: `9x^4y^-6/2` or `9x^4/(2y^6)`. Text outside the tags is not read; anything
        else is invalid, also an expression that is not simplified.
    Reward: 1 if it equals the expression, else 0.
    Ends: after the answer.
    Splits: by the shape of the expression: which letters its parts have, with the signs of exponents and powers.
    Oracle: gives the monomial.

    The difficulty of a task is the number of powers of monomials.
    """

    answer_form = "one number or quotient, and each letter at most once, such as 9x^4y^-6/2"

    def generate(self, rng: Random) -> Task:
        config = self.config
        letters = rng.sample(_LETTERS, config.letters)
        number, powers = Fraction(1), dict.fromkeys(sorted(letters), 0)
        text, shapes = "", []
        for place in range(rng.randint(config.min_parts, max(config.min_parts, config.max_parts))):
            used = [letter for letter in letters if rng.random() < 0.8] or [letters[0]]
            factor = rng.choice((1, 2, 3, 5, -1, -2))
            exponents = {letter: self._exponent(rng) for letter in used}
            power = rng.randint(2, config.largest_power) * (-1 if config.negative and rng.random() < 0.3 else 1)
            divides = bool(place) and bool(rng.getrandbits(1))
            sign = -1 if divides else 1
            number *= Fraction(factor) ** (sign * power)
            for letter, exponent in exponents.items():
                powers[letter] += sign * power * exponent
            inner = written_monomial(Fraction(factor), exponents)
            text += (" / " if divides else " * " if place else "") + f"({inner})^{power}"
            shape = [(letters.index(letter), exponent > 0) for letter, exponent in exponents.items()]
            shapes.append(f"{'/' if divides else '*'}{shape}{power > 0}{factor > 0}")
        family = rng.claim(" ".join(shapes))
        if not any(powers.values()) or max(abs(number.numerator), number.denominator) > 10**6:
            raise RedrawError("all cancels, or the number is too large")
        return Task(
            prompt=self.ask(f"Simplify:\n\n{text}\n\nProducts and quotients are worked out from left to right."),
            secret={"answer": written_monomial(number, powers)},
            data={"expression": text},
            family=family,
            difficulty=len(shapes),
        )

    def _exponent(self, rng: Random) -> int:
        largest = self.config.largest_exponent
        return nonzero(rng, largest) if self.config.negative else rng.randint(1, largest)

    def judge(self, task: Task, answer: str) -> bool:
        try:
            given = formula_value(answer, MonomialRing())
        except FormulaError as error:
            raise Unreadable(f"That is no simplified monomial: {error}.") from None
        right = formula_value(task.secret["answer"], MonomialRing())
        return (given.number, given.powers) == (right.number, right.powers)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        letters = sorted(set(task.data["expression"]) & set(_LETTERS))
        return committed(written_monomial(Fraction(rng.randint(1, 9)), {letter: nonzero(rng, 9) for letter in letters}))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer, expression = task.secret["answer"], task.data["expression"]
        return super().cheats(task) | {
            "the expression itself": [committed(expression), committed(f"1*({expression})")],
            "a power of the answer": [committed(f"({answer})^1")],
            "a sum": [committed(f"{answer} + 0")],
            "a letter more than once": [committed(f"{answer} * {expression[-1]} / x * x")],
            "a tower of powers": [committed("x^9^9^9"), committed("9^999999999")],
        }


class MonomialRing(Ring[Monomial]):
    """Formulas that are one simplified monomial: at most one number above the line and one below, no letter twice."""

    def number(self, value: Fraction) -> Monomial:
        return Monomial(value, numbers=(1, 0), bare=True)

    def name(self, name: str) -> Monomial:
        return Monomial(Fraction(1), ((name, 1),), bare=True)

    def negate(self, value: Monomial) -> Monomial:
        return Monomial(-value.number, value.powers, value.numbers, value.bare and not value.powers)

    def multiply(self, left: Monomial, right: Monomial) -> Monomial:
        return _joined(left, right)

    def divide(self, left: Monomial, right: Monomial) -> Monomial:
        if not right.number:
            raise FormulaError("division by zero")
        powers = tuple((letter, -exponent) for letter, exponent in right.powers)
        return _joined(left, Monomial(1 / right.number, powers, (right.numbers[1], right.numbers[0])))

    def power(self, base: Monomial, exponent: Monomial) -> Monomial:
        if not base.bare or not base.powers:
            raise FormulaError("only letters have exponents; everything else must be worked out")
        if not exponent.bare or exponent.powers or exponent.number.denominator > 1 or abs(exponent.number) > 10**6:
            raise FormulaError("exponents are whole numbers")
        return Monomial(Fraction(1), ((base.powers[0][0], int(exponent.number)),))


def _joined(left: Monomial, right: Monomial) -> Monomial:
    above, below = (one + other for one, other in zip(left.numbers, right.numbers, strict=True))
    powers = left.powers + right.powers
    if above > 1 or below > 1:
        raise FormulaError("there are numbers that must be multiplied or cancelled")
    if len({letter for letter, _ in powers}) < len(powers):
        raise FormulaError("a letter occurs twice")
    return Monomial(left.number * right.number, tuple(sorted(one for one in powers if one[1])), (above, below))


def written_monomial(number: Fraction, powers: Powers) -> str:
    """A monomial as text, with negative exponents as they are: `-9x^4y^-6/2`."""
    letters = "".join(
        letter if exponent == 1 else f"{letter}^{exponent}" for letter, exponent in powers.items() if exponent
    )
    above = str(number.numerator) if abs(number.numerator) != 1 or not letters else "-"[: number < 0]
    return f"{above}{letters}" + (f"/{number.denominator}" if number.denominator > 1 else "")
