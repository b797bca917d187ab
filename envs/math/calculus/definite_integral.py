"""DefiniteIntegral: the exact value of an integral."""

from typing import ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.calculus.integrands import TECHNIQUES, draw_integrand
from textgym.envs.math.closed_forms import (
    PI,
    Formula,
    is_zero,
    negative,
    number,
    over,
    read_formula,
    substituted,
    times,
    total,
    written,
)
from textgym.envs.math.closed_forms.answers import ConstantAnswer
from textgym.envs.math.levels import LevelledConfig, Levels

_LONGEST = 500


class DefiniteIntegralConfig(LevelledConfig):
    """Knobs of DefiniteIntegral."""

    technique: Literal["table", "substitution", "parts"] = Field(
        "substitution", description="the hardest technique that may be needed"
    )
    terms: int = Field(2, ge=1, le=5, description="how many functions are added up")
    largest: int = Field(20, ge=2, le=1_000, description="largest coefficient")

    levels: ClassVar[Levels] = {
        "easy": {"technique": "table", "terms": 2, "largest": 40},
        "hard": {"technique": "parts", "terms": 2},
    }


class DefiniteIntegral(ConstantAnswer[DefiniteIntegralConfig]):
    """Find the exact value of a definite integral.

    Observation: a function of x, and two bounds: whole numbers, or multiples of pi where only powers, sines and cosines
        are integrated.
    Action: the value in closed form inside one <answer></answer>: numbers, pi, e, roots, logarithms, exponentials, in any
        form. A decimal is right only where it is exact. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the exact value, by normal forms and by numbers to 50 digits, else 0.
    Ends: after the answer.
    Splits: by the functions that are added up, whatever their coefficients, their order and the bounds.
    Oracle: gives the difference of an antiderivative's values.

    The value is not 0. The difficulty of a task is its number of terms, plus 1 for substitution and 2 for parts.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        drawn = draw_integrand(config.technique, config.terms, config.largest, rng)
        family = rng.claim(f"integral {drawn.structure}")
        low, high = self._bounds(drawn.structure, drawn.positive_only, rng)
        answer = total(substituted(drawn.antiderivative, high), negative(substituted(drawn.antiderivative, low)))
        text = written(answer)
        if len(text) > _LONGEST or is_zero(answer) is not False:
            raise RedrawError("the value is 0, or its formula too long")
        function = written(drawn.function)
        return Task(
            prompt=self.ask(
                f"What is the exact value of the integral of\n\nf(x) = {function}\n\nfrom x = {written(low)} to "
                f"x = {written(high)}?"
            ),
            secret={"answer": text},
            data={"function": function, "low": written(low), "high": written(high)},
            family=family,
            difficulty=config.terms + list(TECHNIQUES).index(config.technique),
        )

    def _bounds(self, structure: str, positive: bool, rng: Random) -> tuple[Formula, Formula]:
        if all(part.split()[0] in ("sin", "cos", "power") for part in structure.split("; ")) and (
            "sin" in structure or "cos" in structure
        ):
            unit = over(PI, number(rng.choice([1, 2, 3, 4, 6])))
            return number(0), times(number(rng.choice([1, 1, 2])), unit)
        if "inner exp" in structure:  # exp(2*27) is large enough
            return number(rng.randint(int(positive), 1)), number(rng.randint(2, 3))
        low = rng.randint(int(positive), 3)
        return number(low), number(low + rng.randint(1, 4))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        function = read_formula(task.data["function"])
        low, high = read_formula(task.data["low"]), read_formula(task.data["high"])
        ends = total(substituted(function, high), negative(substituted(function, low)))
        wrong = is_zero(total(ends, negative(read_formula(task.secret["answer"])))) is False
        return super().cheats(task) | {
            "the function, not integrated": [committed(task.data["function"])],
            "the difference of the function's values": [committed(written(ends))] if wrong else [],
            "the bounds exchanged": [committed(f"-({task.secret['answer']})")],
        }
