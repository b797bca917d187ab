"""LeastSquares: the exact best fit."""

from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from textgym.core import Random, RedrawError, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.linear_algebra.matrix_answer import VectorAnswer
from textgym.envs.math.matrices import applied, exact, product, rank, shown_vector, solution, transposed


class LeastSquaresConfig(LevelledConfig):
    """Knobs of LeastSquares."""

    points: int = Field(5, ge=3, le=12, description="how many points are fitted")
    degree: int = Field(1, ge=1, le=3, description="degree of the polynomial that is fitted")
    largest: int = Field(12, ge=5, le=1_000, description="largest absolute value of a coordinate")

    levels: ClassVar[Levels] = {
        "easy": {"points": 4, "degree": 1, "largest": 12},
        "hard": {"points": 6, "degree": 2, "largest": 6},
    }


class LeastSquares(VectorAnswer[LeastSquaresConfig]):
    """Fit a polynomial to points by least squares, exactly.

    Observation: points with whole coordinates, and the degree of the polynomial.
    Action: its coefficients from the constant upwards inside one <answer></answer>, such as [1/2, -3, 2], as whole
        numbers, fractions or exact decimals. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if every coefficient is exact, else 0.
    Ends: after the answer.
    Splits: by the first coordinates, moved and turned so that they start at 0, whatever the second ones.
    Oracle: gives the solution of the normal equations.

    The fit is unique, and misses at least one point. The difficulty of a task is the number of points times the number of
    coefficients.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        xs = sorted(rng.sample(range(-config.largest, config.largest + 1), config.points))
        gaps = [b - a for a, b in pairwise(xs)]
        family = rng.claim(f"fit {config.degree} {min(gaps, gaps[::-1])}")
        if config.points <= config.degree:
            raise RedrawError("too few points for the degree")
        ys = [rng.randint(-config.largest, config.largest) for _ in xs]
        answer = fit(xs, ys, config.degree)
        if all(sum(c * x**n for n, c in enumerate(answer)) == y for x, y in zip(xs, ys, strict=True)):
            raise RedrawError("the fit is perfect")
        order = rng.sample(range(len(xs)), len(xs))
        shape = ["c0", "c1*x", "c2*x^2", "c3*x^3"][: config.degree + 1]
        return Task(
            prompt=self.ask(
                f"The polynomial y = {' + '.join(shape)} is fitted by least squares, that is with the smallest sum of squared "
                f"differences in y, to the points {', '.join(str((xs[n], ys[n])) for n in order)}. What are its coefficients "
                f"[{', '.join(f'c{n}' for n in range(config.degree + 1))}], exactly?"
            ),
            secret={"answer": shown_vector(answer)},
            data={"points": [[xs[n], ys[n]] for n in order], "degree": config.degree},
            family=family,
            difficulty=config.points * (config.degree + 1),
        )


def fit(xs: list[int], ys: list[int], degree: int) -> list[Fraction]:
    """The coefficients of the best polynomial, from the constant upwards, by the normal equations."""
    matrix = exact([[x**n for n in range(degree + 1)] for x in xs])
    turned = transposed(matrix)
    normal = product(turned, matrix)
    found = solution(normal, applied(turned, [Fraction(y) for y in ys]))
    assert found is not None
    assert rank(normal) == degree + 1
    return found
