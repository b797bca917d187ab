"""LinearCongruence: all solutions of a congruence in one unknown."""

from math import gcd
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_numbers
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class LinearCongruenceConfig(LevelledConfig):
    """Knobs of LinearCongruence."""

    smallest: int = Field(60, ge=40, le=10_000, description="smallest modulus")
    largest: int = Field(600, ge=60, le=10**6, description="largest modulus")
    most_solutions: int = Field(4, ge=1, le=8, description="most solutions that the congruence may have")

    levels: ClassVar[Levels] = {
        "easy": {"smallest": 40, "largest": 120, "most_solutions": 2},
        "hard": {"smallest": 500, "largest": 10_000, "most_solutions": 6},
    }


class LinearCongruence(SingleAnswer[LinearCongruenceConfig]):
    """Find all solutions of a linear congruence.

    Observation: a congruence ax + b = cx + d (mod m).
    Action: all of its solutions from 0 to m - 1 inside one <answer></answer>, separated by commas, in any order. Text
        outside the tags is not read; anything but whole numbers is invalid.
    Reward: 1 for the whole set, else 0; a number too many or too few, or one outside the range, earns nothing.
    Ends: after the answer.
    Splits: by the modulus and the number of solutions.
    Oracle: gives the solutions.

    There is at least one solution. The difficulty of a task is the number of solutions.
    """

    answer_form = "all solutions, separated by commas"

    def generate(self, rng: Random) -> Task:
        config = self.config
        modulus = rng.randint(config.smallest, max(config.smallest, config.largest))
        a, c = rng.randint(2, modulus - 1), rng.randint(0, modulus // 3)
        count = gcd(a - c, modulus)
        if count > config.most_solutions:
            raise RedrawError("too many solutions, or none")
        family = rng.claim(f"{count} solutions mod {modulus}")
        period = modulus // count
        smallest = rng.randrange(2, period)
        b = rng.randrange(1, modulus)
        d = ((a - c) * smallest + b) % modulus
        solutions = [smallest + period * k for k in range(count)]
        right = f"{c}x + {d}" if c > 1 else f"x + {d}" if c else str(d)
        return Task(
            prompt=self.ask(
                f"Find all whole numbers x from 0 to {modulus - 1} for which\n\n{a}x + {b} ≡ {right} (mod {modulus})"
            ),
            secret={"answer": ", ".join(map(str, solutions)), "solutions": solutions},
            data={"modulus": modulus},
            family=family,
            difficulty=count,
        )

    def unknown(self, task: Task) -> str:
        return "x"

    def judge(self, task: Task, answer: str) -> bool:
        numbers = whole_numbers(answer)
        if numbers is None:
            raise Unreadable("Those are not whole numbers separated by commas.")
        return bool(sorted(numbers) == task.secret["solutions"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randrange(task.data["modulus"])))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        solutions, modulus = task.secret["solutions"], task.data["modulus"]
        cheats = super().cheats(task) | {
            "every number there is": [committed(", ".join(map(str, range(modulus))))],
            "one too many": [committed(", ".join(map(str, [*solutions, solutions[0] + 1])))],
            "one of them twice": [committed(", ".join(map(str, [*solutions, solutions[0]])))],
            "outside the range": [committed(", ".join(str(x + modulus) for x in solutions))],
        }
        if len(solutions) > 1:
            cheats["only one of several"] = [committed(str(solutions[0]))]
        return cheats
