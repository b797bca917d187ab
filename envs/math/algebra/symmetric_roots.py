"""SymmetricRoots: expressions in all roots of a polynomial that need none of them."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.draws import nonzero, sign_pattern, signed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer
from textgym.envs.math.polynomials import Poly, rational_root, scaled, value_at, written

_ASKED = {
    "sum of squares": "the sum of the squares of its {n} roots",
    "sum of cubes": "the sum of the third powers of its {n} roots",
    "sum of fourth powers": "the sum of the fourth powers of its {n} roots",
    "sum of inverses": "the sum of 1/r over its {n} roots r",
    "sum of inverse squares": "the sum of 1/r^2 over its {n} roots r",
    "shifted product": "the product of (r {shift}) over its {n} roots r",
    "sum of shifted inverses": "the sum of 1/(r {shift}) over its {n} roots r",
}


class SymmetricRootsConfig(LevelledConfig):
    """Knobs of SymmetricRoots."""

    min_degree: int = Field(3, ge=2, le=8, description="lowest degree")
    max_degree: int = Field(5, ge=2, le=8, description="highest degree")
    largest: int = Field(20, ge=3, le=1_000, description="largest coefficient in size")
    largest_leading: int = Field(3, ge=1, le=50, description="largest leading coefficient")

    levels: ClassVar[Levels] = {
        "easy": {"min_degree": 2, "max_degree": 3, "largest": 20, "largest_leading": 1},
        "hard": {"min_degree": 4, "max_degree": 6, "largest": 12, "largest_leading": 5},
    }


class SymmetricRoots(RationalAnswer[SymmetricRootsConfig]):
    """Evaluate an expression in all roots of a polynomial, complex ones included.

    Observation: the polynomial and the expression, such as the sum of the squares of the roots.
    Action: the number inside one <answer></answer>: a whole number, a fraction p/q in lowest terms or not, or a decimal,
        compared exactly. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the number, else 0.
    Ends: after the answer.
    Splits: by the expression and the signs of the coefficients, with 0 where a power is missing.
    Oracle: gives the number, by Newton's identities.

    No root is rational, so that the roots cannot be found by trying. A root counts as often as it is repeated. The
    difficulty of a task is the degree.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        size = rng.randint(config.min_degree, max(config.min_degree, config.max_degree))
        asked = rng.choice(list(_ASKED))
        middle = [rng.randint(-config.largest, config.largest) for _ in range(size - 1)]
        p: Poly = (nonzero(rng, config.largest), *middle, rng.randint(1, config.largest_leading))
        family = rng.claim(f"{asked} {sign_pattern(p)}")
        if rational_root(p) is not None:
            raise RedrawError("a root is rational")
        shift = nonzero(rng, 4)
        answer = _answer(asked, p, shift)
        if answer in (0, 1, -1):
            raise RedrawError("too easy to guess")
        said = _ASKED[asked].format(n=size, shift=signed(shift))
        return Task(
            prompt=self.ask(
                f"What is {said}, for the polynomial\n\n{written(p)}\n\nRoots are complex numbers, each counted as often as "
                "it is repeated."
            ),
            secret={"answer": str(answer)},
            data={"coefficients": list(p), "asked": asked, "shift": shift},
            family=family,
            difficulty=size,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        coefficients = task.data["coefficients"]
        return super().cheats(task) | {
            "the polynomial": [committed(written(coefficients))],
            "decimals": [committed(f"{float(Fraction(task.secret['answer'])):.3f}1")],
        }


def _answer(asked: str, p: Poly, shift: int) -> Fraction:
    """The value of the expression, without finding a root."""
    if asked == "shifted product":  # p(x) = a (x - r1)...(x - rn), at x = -shift
        return Fraction(value_at(p, -shift), p[-1]) * (1 if len(p) % 2 else -1)
    if asked == "sum of shifted inverses":  # -p'/p at x = -shift
        slope = tuple(k * a for k, a in enumerate(p))[1:]
        return -Fraction(value_at(slope, -shift), 1) / value_at(p, -shift)
    if asked.startswith("sum of inverse"):
        p = tuple(reversed(p))
    order = {"sum of squares": 2, "sum of cubes": 3, "sum of fourth powers": 4, "sum of inverse squares": 2}.get(
        asked, 1
    )
    return power_sum(p, order)


def power_sum(p: Poly, order: int) -> Fraction:
    """The sum of the powers of all roots of a polynomial that is not constant, by Newton's identities."""
    monic = [Fraction(a) / p[-1] for a in reversed(scaled(p, 1))]
    size = len(monic) - 1
    sums: list[Fraction] = [Fraction(size)]
    for k in range(1, order + 1):
        total = -k * monic[k] if k <= size else Fraction(0)
        for i in range(1, min(k - 1, size) + 1):
            total -= monic[i] * sums[k - i]
        sums.append(total)
    return sums[order]
