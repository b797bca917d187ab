"""FiniteSum: the exact value of a finite sum."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.draws import nonzero
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer
from textgym.envs.math.polynomials import Poly, value_at, written

_KINDS = ("polynomial", "alternating", "geometric", "telescoping", "mixed")


class FiniteSumConfig(LevelledConfig):
    """Knobs of FiniteSum."""

    max_degree: int = Field(2, ge=1, le=4, description="highest degree of a polynomial that is added up")
    largest: int = Field(15, ge=3, le=1_000, description="largest coefficient in size")
    min_terms: int = Field(8, ge=5, le=1_000, description="fewest terms of a sum of polynomials or of fractions")
    max_terms: int = Field(40, ge=5, le=1_000, description="most terms of a sum of polynomials or of fractions")
    max_powers: int = Field(9, ge=4, le=40, description="most terms of a sum of powers")

    levels: ClassVar[Levels] = {
        "easy": {"max_degree": 1, "max_powers": 6, "max_terms": 25},
        "hard": {"max_degree": 3, "largest": 20, "min_terms": 20, "max_terms": 100, "max_powers": 12},
    }


class FiniteSum(RationalAnswer[FiniteSumConfig]):
    """Find the exact value of a finite sum.

    Observation: the term and the range of its index: a polynomial, one with alternating signs, a geometric sequence, a
        polynomial times one, or fractions of which most cancels.
    Action: the value inside one <answer></answer>: a whole number, a fraction p/q in lowest terms or not, or a decimal,
        compared exactly. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the value, else 0.
    Ends: after the answer.
    Splits: by the term, whatever its range and its constant factor or summand.
    Oracle: gives the value.

    The difficulty of a task is the number of terms.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        kind = rng.choice(_KINDS)
        first = rng.randint(0 if kind in ("geometric", "mixed") else 1, 20)
        most = config.max_powers if kind in ("geometric", "mixed") else max(config.min_terms, config.max_terms)
        least = 4 if kind in ("geometric", "mixed") else config.min_terms
        count = rng.randint(least, most)
        if kind == "telescoping":
            family, text, answer = self._telescoping(first, count, rng)
        elif kind in ("geometric", "mixed"):
            family, text, answer = self._powers(kind, first, count, rng)
        else:
            family, text, answer = self._polynomial(kind, first, count, rng)
        rng.claim(family)
        if answer in (0, 1, -1):
            raise RedrawError("too easy to guess")
        return Task(
            prompt=self.ask(
                f"What is the sum of\n\n{text}\n\nfor all whole numbers k from {first} to {first + count - 1}?"
            ),
            secret={"answer": str(answer)},
            data={"term": text, "first": first, "count": count},
            family=family,
            difficulty=count,
        )

    def _term(self, rng: Random) -> Poly:
        config = self.config
        lower = [rng.randint(-config.largest, config.largest) for _ in range(rng.randint(1, config.max_degree))]
        return (*lower, nonzero(rng, config.largest))

    def _polynomial(self, kind: str, first: int, count: int, rng: Random) -> tuple[str, str, Fraction]:
        term = self._term(rng)
        alternating = kind == "alternating"
        values = (value_at(term, k) * (-1 if alternating and k % 2 else 1) for k in range(first, first + count))
        text = f"(-1)^k*({written(term, 'k')})" if alternating else written(term, "k")
        return f"{kind} {term[1:]}", text, Fraction(sum(values))

    def _powers(self, kind: str, first: int, count: int, rng: Random) -> tuple[str, str, Fraction]:
        above, below = rng.randint(1, 5), rng.randint(1, 5)
        ratio = Fraction(above * rng.choice((1, 1, -1)), below)
        if abs(ratio) == 1:
            raise RedrawError("no geometric sequence")
        term: Poly = (nonzero(rng, self.config.largest * 20),)
        if kind == "mixed":
            term = (nonzero(rng, self.config.largest), nonzero(rng, self.config.largest))
        total = sum((Fraction(value_at(term, k)) * ratio**k for k in range(first, first + count)), Fraction(0))
        power = f"{ratio}^k" if ratio > 0 and ratio.denominator == 1 else f"({ratio})^k"
        text = f"({written(term, 'k')})*{power}" if kind == "mixed" or term[0] < 0 else f"{written(term, 'k')}*{power}"
        return f"{kind} {ratio} {term[1:]}", text, total

    def _telescoping(self, first: int, count: int, rng: Random) -> tuple[str, str, Fraction]:
        """c / ((ak + b)(ak + b + ad)) is c/(ad) times the difference of two fractions, d places apart."""
        a, b, distance = rng.randint(1, 5), rng.randint(0, 9), rng.randint(1, 3)
        above = rng.randint(1, self.config.largest)
        factors = [written((b, a), "k"), written((b + a * distance, a), "k")]
        parts = [Fraction(1, a * k + b) for k in range(first, first + distance)]
        rest = [Fraction(1, a * k + b) for k in range(first + count, first + count + distance)]
        total = Fraction(above, a * distance) * (sum(parts, Fraction(0)) - sum(rest, Fraction(0)))
        product = "*".join(f"({factor})" if " " in factor else factor for factor in factors)
        return f"telescoping {a} {b} {distance}", f"{above}/({product})", total

    def cheats(self, task: Task) -> dict[str, list[str]]:
        term, count = task.data["term"], task.data["count"]
        return super().cheats(task) | {
            "the term itself": [committed(term), committed(f"{count}*({term})")],
            "a decimal close by": [committed(f"{float(Fraction(task.secret['answer'])):.12f}1")],
        }
