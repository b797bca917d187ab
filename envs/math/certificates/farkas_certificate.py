"""The FarkasCertificate environment: prove that inequalities contradict each other, by adding them up."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_numbers
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_NAMES = "xyzuvw"
_TRIES = 50
_LARGEST_IN_TEXT = 60


class FarkasCertificateConfig(LevelledConfig):
    """Knobs of FarkasCertificate."""

    levels: ClassVar[Levels] = {
        "easy": {"variables": 2, "used": 3, "extra": 1, "largest": 3},
        "medium": {"variables": 3, "used": 4, "extra": 2, "largest": 4},
        "hard": {"variables": 4, "used": 5, "extra": 4, "largest": 6},
    }

    variables: int = Field(3, ge=1, le=6, description="variables; 2, 3 or 4 by difficulty")
    used: int = Field(4, ge=3, le=8, description="inequalities that contradict each other; 3, 4 or 5 by difficulty")
    extra: int = Field(2, ge=0, le=10, description="inequalities beside them; 1, 2 or 4 by difficulty")
    largest: int = Field(
        4, ge=2, le=9, description="largest factor in the certificate that is known; 3, 4 or 6 by difficulty"
    )


class FarkasCertificate(SingleAnswer[FarkasCertificateConfig]):
    """Prove that linear inequalities have no solution: add them up, times factors, to an impossible one.

    Observation: the inequalities, all of the form "... <= number".
    Action: a factor for each, in order, separated by commas: whole numbers of at least 0, in one <answer></answer>. Text
        outside the tags is not read; an action without exactly one such pair, or with anything but that many whole numbers
        in it, is invalid.
    Reward: 1 if no factor is negative, all variables cancel in the sum of the inequalities times their factors, and its right
        side is below 0; else 0. Any such factors are right (Farkas's lemma).
    Ends: after the answer.
    Splits: by the factors and the number of variables in each of the inequalities that are needed.
    Oracle: gives the factors that the inequalities were made from.

    The difficulty of a task is the number of its inequalities.
    """

    answer_form = "a whole number of at least 0 for each inequality, in order, separated by commas"

    def generate(self, rng: Random) -> Task:
        config = self.config
        factors, rows = _contradiction(config, rng)
        widths = sorted(f"{factor}.{sum(map(bool, row[:-1]))}" for factor, row in zip(factors, rows, strict=True))
        family = rng.claim(f"farkas {config.variables} {' '.join(widths)}")
        for _ in range(config.extra):
            row = [rng.randint(-5, 5) for _ in range(config.variables)]
            row[rng.randrange(config.variables)] = rng.choice((-1, 1)) * rng.randint(1, 5)
            rows.append([*row, rng.randint(0, 20)])
            factors.append(0)
        order = rng.sample(range(len(rows)), len(rows))
        rows, factors = [rows[at] for at in order], [factors[at] for at in order]
        lines = "\n".join(f"({at}) {_say(row)}" for at, row in enumerate(rows, 1))
        return Task(
            prompt=self.ask(
                f"No real numbers {', '.join(_NAMES[: config.variables])} satisfy all of these inequalities:\n\n{lines}\n\nProve "
                "it: give each inequality a factor, a whole number of at least 0, such that in the sum of all inequalities, "
                "each times its factor, every variable cancels on the left side and the right side is below 0."
            ),
            secret={"answer": ", ".join(map(str, factors))},
            data={"rows": rows},
            family=family,
            difficulty=len(rows),
        )

    def judge(self, task: Task, answer: str) -> bool:
        factors = whole_numbers(answer)
        if factors is None or len(factors) != len(task.data["rows"]):
            raise Unreadable("That is not one whole number for each inequality.")
        return contradicts(factors, task.data["rows"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(", ".join(str(rng.randint(0, self.config.largest)) for _ in task.data["rows"]))

    def candidates(self, task: Task) -> list[str]:
        count = len(task.data["rows"])
        return [committed(", ".join([str(number)] * count)) for number in range(4)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        rows = task.data["rows"]
        return super().cheats(task) | {
            "all zero": [committed(", ".join(["0"] * len(rows)))],
            "all one": [committed(", ".join(["1"] * len(rows)))],
            "less than nothing": [committed(", ".join(["-1"] * len(rows)))],
            "one inequality alone": [committed(", ".join(["1", *["0"] * (len(rows) - 1)]))],
            "huge": [committed(", ".join(["9" * 90] * len(rows)))],
        }


def contradicts(factors: Sequence[int], rows: Sequence[Sequence[int]]) -> bool:
    """Whether the rows, each times its factor, add up to zeros and something below zero; no factor may be negative."""
    *left, right = [
        sum(factor * row[at] for factor, row in zip(factors, rows, strict=True)) for at in range(len(rows[0]))
    ]
    return min(factors) >= 0 and not any(left) and right < 0


def _contradiction(config: FarkasCertificateConfig, rng: Random) -> tuple[list[int], list[list[int]]]:
    """Factors, and rows of coefficients and right sides that they add up to something impossible.

    All rows but one are drawn. The last one is what is missing; the first, whose factor is 1, makes it come out whole.
    """
    for _ in range(_TRIES):
        factors = [1, *(rng.randint(1, config.largest) for _ in range(config.used - 1))]
        rows = [[rng.randint(-5, 5) for _ in range(config.variables)] + [rng.randint(-9, 20)] for _ in factors[1:]]
        last = factors[-1]
        sums = [sum(factor * row[at] for factor, row in zip(factors, rows, strict=False)) for at in range(len(rows[0]))]
        sums[-1] += rng.randint(1, 5)  # the right side is to be below 0
        for at, total in enumerate(sums):
            rows[0][at] -= total % last
        rows.append([-((total - total % last) // last) for total in sums])
        if (
            all(any(row[:-1]) for row in rows)
            and max(abs(number) for row in rows for number in row) <= _LARGEST_IN_TEXT
        ):
            return factors, rows
    raise RedrawError("the numbers grew too large")


def _say(row: list[int]) -> str:
    text = ""
    for name, number in zip(_NAMES, row[:-1], strict=False):
        if number:
            size = name if abs(number) == 1 else f"{abs(number)}{name}"
            sign = "-" if number < 0 else "+"
            text += f" {sign} {size}" if text else f"-{size}" if number < 0 else size
    return f"{text} <= {row[-1]}"
