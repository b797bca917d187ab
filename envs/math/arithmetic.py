"""Arithmetic: evaluate a nested expression exactly."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed, exact_number, final_answer
from textgym.core import Config, Random, RedrawError, Reply, State, Task, TextEnv
from textgym.envs.math.expression import Binary, Expression, Negative, Number, written
from textgym.envs.math.plain_answer import plain_answer

Exact = int | Fraction
"""A whole number as an `int`, which is many times as fast."""

_FILLINGS = 30
_LARGEST_DIVISOR = 99
_SMALLEST_ANSWER = 10


class ArithmeticConfig(Config):
    """Knobs of Arithmetic."""

    min_operations: int = Field(3, ge=2, le=20, description="fewest operators between two operands")
    max_operations: int = Field(6, ge=2, le=20, description="most operators between two operands")
    operators: str = Field("+-*/", pattern=r"^[+\-*/]{1,4}$", description="the operators that may appear")
    largest: int = Field(99, ge=10, le=10**6, description="largest operand; the smallest is 2")
    largest_value: int = Field(
        10**6, ge=100, le=10**30, description="bound on the value of every part, numerator and denominator alike"
    )
    negations: float = Field(0.1, ge=0, le=0.5, description="probability of a minus sign in front of each part")
    allow_fractions: bool = Field(False, description="parts and answer may be fractions; else every division is even")
    max_turns: int = Field(1, ge=1, description="actions after which the episode is truncated")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_operations > self.max_operations:
            raise ValueError(
                f"min_operations ({self.min_operations}) must not be above max_operations ({self.max_operations})"
            )
        if len(set(self.operators)) != len(self.operators):
            raise ValueError(f"operators must name each operator once, not {self.operators!r}")
        return self


class Arithmetic(TextEnv[ArithmeticConfig, State]):
    """Evaluate a nested arithmetic expression exactly.

    Observation: one expression of whole numbers, + - * / and parentheses, with the usual precedence.
    Action: its value inside one <answer></answer>, as a whole number or a fraction p/q, in lowest terms or not. Text
        outside the tags is not read; an action without exactly one such pair, or with anything else in it (a decimal, a
        formula, two numbers), is invalid.
    Reward: 1 if the number equals the value exactly, else 0.
    Ends: after the answer.
    Splits: by skeleton, that is the shape of the expression with its operators and minus signs but without its numbers;
        no skeleton of one split is ever seen in another.
    Oracle: gives the value.

    Without `allow_fractions` every part has a whole value, and what stands right of `/` is a single number. No part comes
    to 0, a whole answer has at least two digits, and none equals an operand, so that guessing does not pay. The
    difficulty of a task is its number of operators.
    """

    noop_action = ""
    random_ceiling = 0.02

    def generate(self, rng: Random) -> Task:
        config = self.config
        operations = rng.randint(config.min_operations, config.max_operations)
        bare = self._skeleton(operations, rng)
        family = rng.claim(f"arithmetic {_shape(bare)}")
        for _ in range(_FILLINGS):
            numbers: list[int] = []
            value = self._fill(bare, rng, numbers)
            if value is None or value in numbers or -value in numbers:
                continue
            if value.denominator == 1 and -_SMALLEST_ANSWER < value < _SMALLEST_ANSWER:
                continue
            text = written(_with_numbers(bare, iter(numbers)))
            return Task(
                prompt=self._prompt(text),
                secret={"answer": str(value)},
                data={"expression": text},
                family=family,
                difficulty=operations,
            )
        raise RedrawError("no numbers fit this skeleton")

    def _skeleton(self, operations: int, rng: Random) -> Expression:
        """A random expression whose numbers are still to be chosen."""
        tree: Expression
        if operations == 0:
            tree = Number(0)
        else:
            operator = rng.choice(self.config.operators)
            on_right = 0 if operator == "/" and not self.config.allow_fractions else rng.randint(0, operations - 1)
            tree = Binary(operator, self._skeleton(operations - 1 - on_right, rng), self._skeleton(on_right, rng))
        return Negative(tree) if rng.random() < self.config.negations else tree

    def _fill(self, bare: Expression, rng: Random, numbers: list[int]) -> Exact | None:
        """The value of the expression with numbers drawn, which go into `numbers` from left to right.

        None where they break a bound or do not divide.
        """
        if isinstance(bare, Number):
            number = rng.randint(2, 9 if rng.getrandbits(1) else self.config.largest)
            numbers.append(number)
            return number
        if isinstance(bare, Negative):
            inner = self._fill(bare.of, rng, numbers)
            return None if inner is None else -inner
        left = self._fill(bare.left, rng, numbers)
        if left is None:
            return None
        if bare.operator == "/" and not self.config.allow_fractions:
            right: Exact | None = self._divide(left, bare.right, rng, numbers)
        else:
            right = self._fill(bare.right, rng, numbers)
        if right is None:
            return None
        value = _apply(bare.operator, left, right)
        most = self.config.largest_value
        return value if value and -most <= value.numerator <= most and value.denominator <= most else None

    def _divide(self, value: Exact, bare: Expression, rng: Random, numbers: list[int]) -> int | None:
        """A number, with a minus sign where the skeleton has one, that divides a whole value evenly."""
        most = min(self.config.largest, _LARGEST_DIVISOR, abs(value.numerator))
        divisors = _divisors(abs(value.numerator), most)
        if not divisors:
            return None
        number = rng.choice(divisors)
        numbers.append(number)
        return -number if isinstance(bare, Negative) else number

    def _prompt(self, text: str) -> str:
        kind = "a whole number or a fraction p/q" if self.config.allow_fractions else "a whole number"
        return (
            f"What is the exact value of\n\n{text}\n\nThe value is {kind}; do not write it as a decimal. Reply with the "
            "number alone inside <answer></answer>, once. Anything outside the tags is not read."
        )

    def act(self, task: Task, state: State, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your answer inside one pair of tags, <answer></answer>, and only once.")
        number = exact_number(answer)
        if number is None:
            number = exact_number(plain_answer(answer, thousands=True))
        if number is None:
            return Reply.malformed("The answer must be one whole number or one fraction p/q, and nothing else.")
        if number == Fraction(task.secret["answer"]):
            return Reply("Right.", score=1.0)
        return Reply("That is not the value.", score=0.0)

    def oracle(self, task: Task, state: State) -> str:
        return committed(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        digits = rng.randint(1, 4)
        number = rng.randint(-(10**digits), 10**digits)
        if self.config.allow_fractions and rng.getrandbits(1):
            return committed(f"{number}/{rng.randint(2, 99)}")
        return committed(str(number))

    def candidates(self, task: Task) -> list[str]:
        return [committed(str(number)) for number in range(-200, 201)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        expression = task.data["expression"]
        numbers = ", ".join(map(str, range(-1_000, 1_001)))
        return {
            "the expression itself": [committed(expression)],
            "the expression over one": [committed(f"({expression})/1")],
            "many numbers in one answer": [committed(numbers)],
            "nothing over nothing": [committed("0/0")],
            "not a number": [committed("nan"), committed("inf")],
            "an empty answer": [committed("")],
            "code": [committed(f"eval({expression!r})")],
        }


def _shape(tree: Expression) -> str:
    """The skeleton in writing, with `n` for every number and all parentheses."""
    if isinstance(tree, Number):
        return "n"
    if isinstance(tree, Negative):
        return f"-{_shape(tree.of)}"
    return f"({_shape(tree.left)}{tree.operator}{_shape(tree.right)})"


def _with_numbers(bare: Expression, numbers: Iterator[int]) -> Expression:
    """The skeleton with its numbers, from left to right."""
    if isinstance(bare, Number):
        return Number(next(numbers))
    if isinstance(bare, Negative):
        return Negative(_with_numbers(bare.of, numbers))
    left = _with_numbers(bare.left, numbers)
    return Binary(bare.operator, left, _with_numbers(bare.right, numbers))


@lru_cache(4096)
def _divisors(value: int, most: int) -> tuple[int, ...]:
    """The divisors of a value from 2 to `most`."""
    return tuple(number for number in range(2, most + 1) if value % number == 0)


def _apply(operator: str, left: Exact, right: Exact) -> Exact:
    """The exact value of an operation; the right side of a division is never 0, since no part is."""
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if type(left) is type(right) is int and left % right == 0:
        return left // right
    value = Fraction(left, right)
    return value.numerator if value.denominator == 1 else value
