"""Derivative: differentiate a formula."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.calculus.differentiable import draw_function
from textgym.envs.math.closed_forms import X, derivative, is_zero, negative, read_formula, total, written
from textgym.envs.math.closed_forms.answers import FunctionAnswer
from textgym.envs.math.levels import LevelledConfig, Levels

_LONGEST = 450
_NAMES = {1: "first", 2: "second", 3: "third"}


class DerivativeConfig(LevelledConfig):
    """Knobs of Derivative."""

    operations: int = Field(2, ge=1, le=6, description="how many products, quotients, sums and compositions")
    order: int = Field(1, ge=1, le=3, description="how many times to differentiate")
    largest: int = Field(20, ge=3, le=1_000, description="largest coefficient")

    levels: ClassVar[Levels] = {
        "easy": {"operations": 1, "largest": 200},
        "hard": {"operations": 3, "largest": 12},
    }


class Derivative(FunctionAnswer[DerivativeConfig]):
    """Differentiate a formula.

    Observation: a formula in x, smooth for x above 0.
    Action: its derivative (with `order` above 1, the derivative of that order), as a formula inside one
        <answer></answer>, in any form. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if the answer is the same function, by normal forms and at sample points to 50 digits, else 0.
    Ends: after the answer.
    Splits: by the structure of the formula: its operations, functions and exponents, whatever its other numbers.
    Oracle: gives the derivative.

    The difficulty of a task is its number of operations times the order.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        function, structure = draw_function(config.operations, config.largest, rng)
        family = rng.claim(f"derivative {structure}")
        answer = function
        for _ in range(config.order):
            answer = derivative(answer)
        text, shown = written(answer), written(function)
        if len(text) > _LONGEST or "x" not in text.replace("exp", "") or shown == text:
            raise RedrawError("the derivative is constant, or its formula too long")
        return Task(
            prompt=self.ask(f"Find the {_NAMES[config.order]} derivative, for x > 0, of\n\nf(x) = {shown}"),
            secret={"answer": text},
            data={"function": shown, "domain": ["1/4", "9/4"]},
            family=family,
            difficulty=config.operations * config.order,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        function, answer = read_formula(task.data["function"]), read_formula(task.secret["answer"])
        step = "1/10^20"
        shifted = task.data["function"].replace("exp", "E").replace("x", f"(x + {step})").replace("E", "exp")
        return super().cheats(task) | {
            "the function itself": [committed(written(function))]
            if is_zero(total(function, negative(answer))) is not True
            else [],
            "a difference quotient": [committed(f"(({shifted}) - ({task.data['function']}))*10^20")],
            "x": [committed(written(X))] if task.secret["answer"] != "x" else [],
        }
