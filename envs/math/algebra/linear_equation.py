"""LinearEquation: solve an equation in one unknown that has to be multiplied out first."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.draws import nonzero, signed, signed_sum
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer

Line = tuple[Fraction, Fraction]
"""Slope and constant of a linear expression."""

_PLAIN = ("number", "multiple")
_NESTED = ("bracket", "quotient", "nested")
_LETTERS = "abkmnpqrstuvwxyz"


class LinearEquationConfig(LevelledConfig):
    """Knobs of LinearEquation."""

    min_terms: int = Field(2, ge=1, le=6, description="fewest terms of a side")
    max_terms: int = Field(3, ge=1, le=6, description="most terms of a side")
    largest: int = Field(12, ge=5, le=10_000, description="largest number in the equation")
    largest_answer: int = Field(500, ge=20, le=10**9, description="bound on numerator and denominator of the answer")
    fractions: bool = Field(True, description="the answer may be a fraction, and terms may be quotients")

    levels: ClassVar[Levels] = {
        "easy": {"min_terms": 1, "max_terms": 2, "fractions": False},
        "hard": {"min_terms": 3, "max_terms": 5, "largest": 25, "largest_answer": 10_000},
    }


class LinearEquation(RationalAnswer[LinearEquationConfig]):
    """Solve a linear equation in one unknown.

    Observation: the equation, with brackets and quotients on both sides, and the letter that is looked for.
    Action: the number inside one <answer></answer>: a whole number, a fraction p/q in lowest terms or not, or a decimal,
        compared exactly. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the solution, else 0.
    Ends: after the answer.
    Splits: by the shape of both sides with their signs, without the numbers and the letter.
    Oracle: gives the solution.

    There is exactly one solution, and it is not 0, 1 or -1. The difficulty of a task is the number of terms.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        kinds = (*_PLAIN, *(_NESTED if config.fractions else ("bracket", "nested")))
        sides = [
            [(rng.choice("+-"), rng.choice(kinds)) for _ in range(rng.randint(config.min_terms, self._most_terms))]
            for _ in range(2)
        ]
        if not any(kind != "number" for side in sides for _, kind in side):
            raise RedrawError("no unknown")
        family = rng.claim(" = ".join(" ".join(sign + kind for sign, kind in side) for side in sides))
        letter = rng.choice(_LETTERS)
        (left, (a, b)), (right, (c, d)) = (self._side(side, letter, rng) for side in sides)
        if a == c:
            raise RedrawError("no solution, or all numbers")
        if not config.fractions:  # a number on the right makes the solution whole
            more = (a - c) * nonzero(rng, min(config.largest_answer, 4 * config.largest)) - (d - b)
            right, d = f"{right} {signed(more)}" if more else right, d + more
        answer = (d - b) / (a - c)
        largest = max(abs(answer.numerator), answer.denominator)
        if not 2 <= largest <= config.largest_answer:
            raise RedrawError("too easy to guess, or too large")
        return Task(
            prompt=self.ask(f"Solve for {letter}:\n\n{left} = {right}"),
            secret={"answer": str(answer)},
            data={"equation": f"{left} = {right}", "letter": letter},
            family=family,
            difficulty=len(sides[0]) + len(sides[1]),
        )

    @property
    def _most_terms(self) -> int:
        return max(self.config.min_terms, self.config.max_terms)

    def _side(self, shape: list[tuple[str, str]], letter: str, rng: Random) -> tuple[str, Line]:
        text, slope, constant = "", Fraction(0), Fraction(0)
        for sign, kind in shape:
            term, (a, b) = self._term(kind, letter, rng)
            text += (f" {sign} " if text else "-" if sign == "-" else "") + term
            slope, constant = (slope + a, constant + b) if sign == "+" else (slope - a, constant - b)
        return text, (slope, constant)

    def _term(self, kind: str, letter: str, rng: Random) -> tuple[str, Line]:
        """A term without a sign in front, and what it comes to."""
        largest = self.config.largest
        factor = rng.randint(2, largest)
        if kind == "number":
            return str(factor), (Fraction(0), Fraction(factor))
        if kind == "multiple":
            return f"{factor}{letter}", (Fraction(factor), Fraction(0))
        a, b = nonzero(rng, largest), nonzero(rng, largest)
        inner = signed_sum([(a, letter), (b, "")])
        if kind == "bracket":
            return f"{factor}({inner})", (Fraction(factor * a), Fraction(factor * b))
        if kind == "quotient":
            return f"({inner})/{factor}", (Fraction(a, factor), Fraction(b, factor))
        times, more = nonzero(rng, largest), nonzero(rng, largest)
        sign = "-" if times < 0 else "+"
        size = "" if abs(times) == 1 else str(abs(times))
        return (
            f"{factor}({more} {sign} {size}({inner}))",
            (Fraction(factor * times * a), Fraction(factor * (more + times * b))),
        )

    def unknown(self, task: Task) -> str:
        return str(task.data["letter"])

    def cheats(self, task: Task) -> dict[str, list[str]]:
        letter, answer = task.data["letter"], task.secret["answer"]
        return super().cheats(task) | {
            "the equation itself": [committed(task.data["equation"])],
            "the letter": [committed(letter), committed(f"{letter} = {letter}")],
            "any number": [committed(f"{answer}, any number")],
        }
