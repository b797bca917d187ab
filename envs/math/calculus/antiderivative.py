"""Antiderivative: a function whose derivative is given."""

from typing import ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, Task
from textgym.envs.math.calculus.integrands import TECHNIQUES, draw_integrand
from textgym.envs.math.closed_forms import Formula, derivative, read_formula, same_function, written
from textgym.envs.math.closed_forms.answers import FunctionAnswer
from textgym.envs.math.levels import LevelledConfig, Levels


class AntiderivativeConfig(LevelledConfig):
    """Knobs of Antiderivative."""

    technique: Literal["table", "substitution", "parts"] = Field(
        "substitution", description="the hardest technique that may be needed"
    )
    terms: int = Field(2, ge=1, le=5, description="how many functions are added up")
    largest: int = Field(30, ge=2, le=1_000, description="largest coefficient")

    levels: ClassVar[Levels] = {
        "easy": {"technique": "table", "terms": 2, "largest": 100},
        "hard": {"technique": "parts", "terms": 3},
    }


class Antiderivative(FunctionAnswer[AntiderivativeConfig]):
    """Find an antiderivative of a function.

    Observation: a function f of x, for x above 0.
    Action: a function whose derivative is f, as a formula inside one <answer></answer>, in any form; a constant may be
        added or left out, and a last `+ C` is ignored. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if the derivative of the answer is f, by normal forms and at sample points, else 0.
    Ends: after the answer.
    Splits: by the functions that are added up, whatever their coefficients and order.
    Oracle: gives the antiderivative from which the task was made.

    The difficulty of a task is its number of terms, plus 1 for substitution and 2 for parts.
    """

    answer_form = "one formula in x"

    def generate(self, rng: Random) -> Task:
        config = self.config
        drawn = draw_integrand(config.technique, config.terms, config.largest, rng)
        family = rng.claim(f"antiderivative {drawn.structure}")
        function = written(drawn.function)
        return Task(
            prompt=self.ask(
                f"Find a function F(x) with F'(x) = f(x) for all x > 0, where\n\nf(x) = {function}\n\nAny antiderivative will "
                "do; leave out the constant of integration."
            ),
            secret={"answer": written(drawn.antiderivative)},
            data={"function": function, "domain": ["1/4", "9/4"]},
            family=family,
            difficulty=config.terms + list(TECHNIQUES).index(config.technique),
        )

    def read(self, answer: str) -> Formula:
        """The formula, without a constant of integration at its end."""
        text = answer.rstrip()
        if text.endswith("C") and text[:-1].rstrip().endswith("+"):
            text = text[:-1].rstrip()[:-1]
        return super().read(text)

    def same(self, task: Task, answer: Formula, reference: Formula) -> bool:
        return same_function(derivative(answer), read_formula(task.data["function"]), self.points(task))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        cheats = super().cheats(task)
        answer = task.secret["answer"]
        # A constant that is added changes no derivative: only another factor is wrong.
        cheats["close by"] = [committed(f"({answer})*(1 + 10^(-39))"), committed(f"{answer} + x/10^30")]
        return cheats | {
            "the function itself": [committed(task.data["function"])],
            "a constant only": [committed("C"), committed("0 + C"), committed("7")],
        }
