"""PolynomialSystem: where a line meets a conic."""

from fractions import Fraction
from math import gcd
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import pairs
from textgym.envs.math.draws import nonzero, sign_pattern, signed_sum
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Point = tuple[Fraction, Fraction]
_MONOMIALS = ("x^2", "xy", "y^2", "x", "y", "")


class PolynomialSystemConfig(LevelledConfig):
    """Knobs of PolynomialSystem."""

    largest: int = Field(12, ge=4, le=1_000, description="bound on the solutions in size")
    largest_denominator: int = Field(1, ge=1, le=10, description="largest denominator of a solution")
    largest_weight: int = Field(3, ge=1, le=20, description="how much the conic's coefficients vary")

    levels: ClassVar[Levels] = {
        "easy": {"largest_weight": 1},
        "hard": {"largest": 9, "largest_denominator": 3, "largest_weight": 5},
    }


class PolynomialSystem(SingleAnswer[PolynomialSystemConfig]):
    """Solve a system of one linear and one quadratic equation in two unknowns.

    Observation: the two equations.
    Action: all solutions (x, y) inside one <answer></answer>, such as `(1, 2), (-3, 1/2)`, in any order; whole numbers,
        fractions and decimals, all exact. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if both solutions are there and nothing else, else 0.
    Ends: after the answer.
    Splits: by the signs of the coefficients of both equations, with 0 for a term that is missing.
    Oracle: gives the solutions.

    There are exactly two solutions, both rational. The difficulty of a task is the number of terms.
    """

    answer_form = "all pairs (x, y), such as (1, 2), (-3, 1/2)"

    def generate(self, rng: Random) -> Task:
        one, two = self._point(rng), self._point(rng)
        (x1, y1), (x2, y2) = one, two
        if x1 == x2 or y1 == y2:
            raise RedrawError("one unknown is given away")
        size = self.config.largest_weight
        line = _whole([y2 - y1, x1 - x2, x1 * (y2 - y1) - y1 * (x2 - x1)])
        # Each of these products is 0 at both points, so any sum of them is a conic through both.
        a, b, c = (rng.randint(-size, size) for _ in range(3))
        conic = [
            Fraction(a),
            Fraction(c),
            Fraction(b),
            -a * (x1 + x2) - c * y2,
            -b * (y1 + y2) - c * x1,
            a * x1 * x2 + b * y1 * y2 + c * x1 * y2,
        ]
        dx, dy = x2 - x1, y2 - y1
        if a * dx * dx + b * dy * dy + c * dx * dy == 0:
            raise RedrawError("the line is a part of the conic")
        numbers = _whole(conic)
        family = rng.claim(f"signs {sign_pattern(line)} {sign_pattern(numbers)}")
        first = f"{signed_sum(zip(line[:2], 'xy', strict=True))} = {line[2]}"
        second = f"{signed_sum(zip(numbers[:5], _MONOMIALS[:5], strict=True))} = {-numbers[5]}"
        points = [one, two] if rng.getrandbits(1) else [two, one]
        return Task(
            prompt=self.ask(f"Find all solutions (x, y) of the system\n\n{first}\n{second}"),
            secret={"answer": ", ".join(f"({x}, {y})" for x, y in points)},
            data={"line": line, "conic": numbers},
            family=family,
            difficulty=sum(1 for n in (*line, *numbers) if n),
        )

    def _point(self, rng: Random) -> Point:
        config = self.config
        below = rng.randint(1, config.largest_denominator)
        return Fraction(nonzero(rng, config.largest * below), below), Fraction(
            nonzero(rng, config.largest * below), below
        )

    def judge(self, task: Task, answer: str) -> bool:
        given = pairs(answer)
        if given is None:
            raise Unreadable("Those are no pairs of numbers.")
        # A line that is no part of a conic meets it in at most two points: two different solutions are all.
        return len(given) == 2 and given[0] != given[1] and all(_solves(task, x, y) for x, y in given)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(", ".join(f"({nonzero(rng, 12)}, {nonzero(rng, 12)})" for _ in range(2)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        right = pairs(task.secret["answer"]) or []
        (x1, y1), (x2, y2) = right
        return super().cheats(task) | {
            "one solution alone": [committed(f"({x1}, {y1})")],
            "one solution twice": [committed(f"({x1}, {y1}), ({x1}, {y1})")],
            "a point too many": [committed(f"({x1}, {y1}), ({x2}, {y2}), (0, 0)")],
            "pairs the other way round": [committed(f"({y1}, {x1}), ({y2}, {x2 + 1})")],
            "all points of a square": [
                committed(", ".join(f"({x}, {y})" for x in range(-9, 10) for y in range(-9, 10)))
            ],
        }


def _solves(task: Task, x: Fraction, y: Fraction) -> bool:
    a, b, c = task.data["line"]
    if a * x + b * y != c:
        return False
    values = (x * x, x * y, y * y, x, y, 1)
    return bool(sum(n * value for n, value in zip(task.data["conic"], values, strict=True)) == 0)


def _whole(numbers: list[Fraction]) -> list[int]:
    """The same equation with whole coefficients that have no common divisor."""
    below = 1
    for number in numbers:
        below = below * number.denominator // gcd(below, number.denominator)
    whole = [int(number * below) for number in numbers]
    return [number // gcd(*whole) for number in whole]
