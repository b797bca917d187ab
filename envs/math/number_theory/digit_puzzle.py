"""DigitPuzzle: the smallest number above a bound whose digits and remainders have given properties."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_KINDS = ("multiple", "sum", "alternating", "distinct", "last", "even digits", "without", "largest")
_MOST_TRIED = 3_000


class DigitPuzzleConfig(LevelledConfig):
    """Knobs of DigitPuzzle."""

    digits: int = Field(5, ge=4, le=12, description="digits of the number that is looked for")
    conditions: int = Field(3, ge=2, le=5, description="how many properties it must have")
    largest_divisor: int = Field(60, ge=5, le=1_000, description="largest number that it must be a multiple of")

    levels: ClassVar[Levels] = {
        "easy": {"digits": 4, "conditions": 2, "largest_divisor": 25},
        "hard": {"digits": 7, "conditions": 4, "largest_divisor": 250},
    }


class DigitPuzzle(WholeNumberAnswer[DigitPuzzleConfig]):
    """Find the smallest number above a bound with given properties of its digits and divisors.

    Observation: the bound and the properties: a divisor, the sum of the digits, no digit twice, and others.
    Action: one whole number inside one <answer></answer>. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the smallest number with all properties, else 0.
    Ends: after the answer.
    Splits: by the properties with their numbers, whatever the bound is.
    Oracle: gives the number, found by trying all numbers from the bound on.

    The number asked for is at least ten candidates away from the bound. The difficulty of a task is the number of
    properties.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        witness = rng.randint(10 ** (config.digits - 1) + _MOST_TRIED, 10**config.digits - 1)
        divisor = rng.randint(3, config.largest_divisor)
        witness -= witness % divisor
        kinds = ["multiple", *rng.sample(_KINDS[1:], config.conditions - 1)]
        properties = [(kind, divisor if kind == "multiple" else _measure(kind, witness)) for kind in kinds]
        if any(value is None for _, value in properties):
            raise RedrawError("the witness has no such property")
        family = rng.claim(f"{sorted(properties, key=str)}")
        above = witness - divisor * rng.randint(10, min(200, _MOST_TRIED // divisor + 10)) - rng.randrange(divisor)
        if above < 1:
            raise RedrawError("the bound would not be positive")
        wanted = [(kind, value) for kind, value in properties if kind != "multiple"]
        answer = above - above % divisor + divisor
        tried = 0
        while not all(_measure(kind, answer) == value for kind, value in wanted):
            answer += divisor
            tried += 1
        if tried < 10:
            raise RedrawError("too close to the bound")
        clauses = "\n".join(f"- {_said(kind, value)}" for kind, value in properties)
        return Task(
            prompt=self.ask(
                f"Find the smallest whole number greater than {above} with all of these properties:\n\n{clauses}"
            ),
            secret={"answer": answer},
            data={"above": above, "properties": [list(one) for one in properties]},
            family=family,
            difficulty=len(properties),
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        above = task.data["above"]
        divisor = task.data["properties"][0][1]
        return committed(str(above - above % divisor + divisor * rng.randint(1, 200)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        above, divisor = task.data["above"], task.data["properties"][0][1]
        return super().cheats(task) | {
            "the bound": [committed(str(above))],
            "the first multiple": [committed(str(above - above % divisor + divisor))],
            "a leading zero and a sign": [
                committed(f"0{task.secret['answer']}0"),
                committed(f"-{task.secret['answer']}"),
            ],
        }


def _measure(kind: str, number: int) -> int | None:
    """What a number has of a property; None where it lacks it."""
    digits = [int(digit) for digit in str(number)]
    if kind == "sum":
        return sum(digits)
    if kind == "alternating":
        return sum(digits[0::2]) - sum(digits[1::2])
    if kind == "distinct":
        return 1 if len(set(digits)) == len(digits) else None
    if kind == "last":
        return digits[-1]
    if kind == "even digits":
        return sum(digit % 2 == 0 for digit in digits)
    if kind == "without":
        return next((digit for digit in range(9, 0, -1) if digit not in digits), None)
    return max(digits)


def _said(kind: str, value: int | None) -> str:
    return {
        "multiple": f"it is a multiple of {value}",
        "sum": f"its digits add up to {value}",
        "alternating": f"first digit - second digit + third digit - ... comes to {value}",
        "distinct": "no digit occurs twice in it",
        "last": f"its last digit is {value}",
        "even digits": f"exactly {value} of its digits are even (0 is even)",
        "without": f"{value} is the largest digit from 1 to 9 that does not occur in it",
        "largest": f"its largest digit is {value}",
    }[kind]
