"""DiophantineLinear: a solution in whole numbers of a linear equation."""

from math import gcd
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import named, whole_number
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_NAMES = ("x", "y", "z", "w")


class DiophantineLinearConfig(LevelledConfig):
    """Knobs of DiophantineLinear."""

    unknowns: int = Field(2, ge=2, le=4, description="how many unknowns there are")
    largest: int = Field(300, ge=20, le=10**6, description="largest coefficient in size")
    largest_value: int = Field(50, ge=5, le=10**6, description="bound on the size of the solution that is known")
    positive: bool = Field(False, description="only solutions in positive numbers count; one exists")

    levels: ClassVar[Levels] = {
        "easy": {"largest": 60, "largest_value": 20},
        "hard": {"unknowns": 3, "largest": 2_000, "positive": True},
    }


class DiophantineLinear(SingleAnswer[DiophantineLinearConfig]):
    """Find whole numbers that solve a linear equation.

    Observation: an equation such as 91x - 64y = 17; with `positive`, the demand that the numbers be positive.
    Action: a value for every unknown inside one <answer></answer>, such as `x = 3, y = -4`. Text outside the tags is not
        read; an answer that leaves out an unknown, or gives anything but whole numbers, is invalid.
    Reward: 1 if the numbers solve the equation, whichever of its solutions they are; else 0.
    Ends: after the answer.
    Splits: by the sizes of the coefficients, whatever their order, their signs and the right side.
    Oracle: gives the solution that the equation was made from.

    No coefficient divides another one or the right side, so no solution has all unknowns but one at 0. The difficulty of
    a task is the largest coefficient in size.
    """

    answer_form = "a whole number for every unknown, such as x = 3, y = -4"

    def generate(self, rng: Random) -> Task:
        config = self.config
        sizes = [rng.randint(10, config.largest) for _ in range(config.unknowns)]
        if any(one % other == 0 for i, one in enumerate(sizes) for j, other in enumerate(sizes) if i != j):
            raise RedrawError("a coefficient divides another")
        family = rng.claim(f"coefficients {sorted(sizes)}")
        coefficients = [size * rng.choice((-1, 1)) for size in sizes]
        lowest = 1 if config.positive else -config.largest_value
        solution = [rng.randint(lowest, config.largest_value) for _ in sizes]
        total = sum(a * x for a, x in zip(coefficients, solution, strict=True))
        if any(total % size == 0 for size in sizes) or gcd(*sizes) > 1:
            raise RedrawError("solved by one unknown alone")
        names = _NAMES[: config.unknowns]
        demand = "positive" if config.positive else "of either sign or 0"
        return Task(
            prompt=self.ask(
                f"Find whole numbers {', '.join(names[:-1])} and {names[-1]}, {demand}, such that\n\n"
                f"{equation(coefficients, names)} = {total}\n\nAny solution counts."
            ),
            secret={"answer": ", ".join(f"{name} = {x}" for name, x in zip(names, solution, strict=True))},
            data={"coefficients": coefficients, "total": total},
            family=family,
            difficulty=max(sizes),
        )

    def judge(self, task: Task, answer: str) -> bool:
        coefficients = task.data["coefficients"]
        names = _NAMES[: len(coefficients)]
        values = {name: whole_number(value) for name, value in (named(answer, names) or {}).items()}
        numbers = [value for name in names if (value := values.get(name)) is not None]
        if len(numbers) < len(names):
            raise Unreadable("A whole number is needed for every unknown, each once.")
        if self.config.positive and min(numbers) < 1:
            return False
        return bool(sum(a * x for a, x in zip(coefficients, numbers, strict=True)) == task.data["total"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names = _NAMES[: len(task.data["coefficients"])]
        return committed(", ".join(f"{name} = {rng.randint(-50, 50)}" for name in names))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        coefficients, total = task.data["coefficients"], task.data["total"]
        rest = ", ".join(f"{name} = 0" for name in _NAMES[1 : len(coefficients)])
        return super().cheats(task) | {
            "a fraction": [committed(f"x = {total}/{coefficients[0]}, {rest}")],
            "all at nothing": [committed(f"x = 0, {rest}")],
            "an unknown twice": [committed(f"{answer}, x = 1")],
            "an unknown that is not there": [committed(f"{answer}, q = 1")],
            "the numbers without their names": [committed(answer.replace("x = ", ""))],
        }


def equation(coefficients: list[int], names: tuple[str, ...]) -> str:
    """The left side of a linear equation as text; coefficients are not 0."""
    text = ""
    for a, name in zip(coefficients, names, strict=True):
        size = "" if abs(a) == 1 else str(abs(a))
        sign = ("-" if a < 0 else "") if not text else " - " if a < 0 else " + "
        text += f"{sign}{size}{name}"
    return text
