"""BaseConversion: numbers in other bases, converted, added and multiplied."""

from collections.abc import Callable
from functools import lru_cache
from itertools import permutations
from operator import add, mul, sub
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task, split_of
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST = 400
_BUILT_IN = {2: "b", 8: "o", 10: "d", 16: "x"}
_OPERATIONS: dict[str, Callable[..., int]] = {"to": int, "plus": add, "minus": sub, "times": mul}


class BaseConversionConfig(LevelledConfig):
    """Knobs of BaseConversion."""

    min_digits: int = Field(4, ge=3, le=30, description="fewest digits of a number that is given")
    max_digits: int = Field(6, ge=3, le=30, description="most digits of a number that is given")
    largest_base: int = Field(36, ge=5, le=36, description="largest base; the smallest is 2")
    arithmetic: bool = Field(True, description="two numbers in different bases may be added, subtracted or multiplied")

    levels: ClassVar[Levels] = {
        "easy": {"min_digits": 4, "max_digits": 5, "largest_base": 16, "arithmetic": False},
        "hard": {"min_digits": 6, "max_digits": 9},
    }


class BaseConversion(SingleAnswer[BaseConversionConfig]):
    """Write a number, or the result of two, in another base.

    Observation: one number and its base, or two of them and an operation; and the base of the answer.
    Action: the digits of the answer inside one <answer></answer>, with a to z for 10 to 35, in either case. No prefix, no
        point, no separators; leading zeros are allowed. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the number asked for, else 0.
    Ends: after the answer.
    Splits: by the bases and the operation.
    Oracle: gives the digits.

    The difficulty of a task is the number of digits that are given.
    """

    answer_form = "digits, with letters for digits above 9"

    def generate(self, rng: Random) -> Task:
        config = self.config
        operation = rng.choice(("to", "plus", "minus", "times")) if config.arithmetic else "to"
        if operation == "to":
            family, target, *bases = rng.choice(_conversions(config.largest_base, config.max_digits, rng.split))
        else:
            target, *bases = rng.choices(range(2, config.largest_base + 1), k=3)
            family = rng.claim(_family(operation, bases, target))
        if target in bases:
            raise RedrawError("the bases are the same")
        given = [self._number(base, rng) for base in bases]
        texts = list(map(digits, given, bases))
        value = _OPERATIONS[operation](*given)
        answer = digits(value, target) if value >= target**2 else ""
        if not answer or answer in texts:
            raise RedrawError("too easy to guess, or below 0")
        task = f" {operation} ".join(map("{} (base {})".format, texts, bases))
        return Task(
            prompt=self.ask(
                f"Write {task} in base {target}. In every base the letters a, b, ..., z stand for the digits 10, 11, ..., "
                "35, where it has them."
            ),
            secret={"answer": answer, "value": value},
            data={"base": target, "given": texts},
            family=family,
            difficulty=sum(map(len, texts)),
        )

    def _number(self, base: int, rng: Random) -> int:
        fewest, most = self.config.min_digits, self.config.max_digits
        least = base ** (rng.randint(fewest, most) - 1 if fewest < most else most - 1)
        return rng.randint(least, least * base - 1)

    def judge(self, task: Task, answer: str) -> bool:
        base = task.data["base"]
        value = value_of(answer.strip(), base)
        if value is None:
            raise Unreadable(f"That is not a number in base {base}.")
        return bool(value == task.secret["value"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        length = len(task.data["given"][0])
        return committed("".join(rng.choice(DIGITS[: task.data["base"]]) for _ in range(length)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer, base = task.secret["answer"], task.data["base"]
        value = task.secret["value"]
        decimal = {"the value in base ten": [committed(str(value))]} if base != 10 else {}
        return (
            super().cheats(task)
            | decimal
            | {
                "the number as it is given": [committed(task.data["given"][0])],
                "with its base": [committed(f"{answer} (base {base})"), committed(f"{answer}_{base}")],
                "a sign": [committed(f"-{answer}"), committed(f"+{answer}")],
                "separators": [committed("_".join(answer)), committed(" ".join(answer))],
                "a number too long": [committed("1" * 90_000)],
            }
        )


def _family(operation: str, bases: list[int], target: int) -> str:
    return f"{operation} {bases} {target}"


@lru_cache
def _conversions(largest: int, longest: int, split: str | None) -> list[tuple[str, int, int]]:
    """The conversions of a split, or all if it has none, of which some answer has three digits.

    Each is a family, the base of the answer, and the base of what is given.
    """
    pairs = [
        (_family("to", [base], target), target, base)
        for target, base in permutations(range(2, largest + 1), 2)
        if base**longest > target**2
    ]
    return [pair for pair in pairs if split in (None, split_of(pair[0]))] or pairs


def digits(number: int, base: int) -> str:
    """A positive number in a base from 2 to 36."""
    if base in _BUILT_IN:
        return format(number, _BUILT_IN[base])
    pairs = _two_digits(base)
    text = ""
    while number >= base * base:
        number, low = divmod(number, base * base)
        text = pairs[low] + text
    return pairs[number].removeprefix("0") + text


@lru_cache
def _two_digits(base: int) -> list[str]:
    """The numbers below the base's square, two digits each."""
    return [high + low for high in DIGITS[:base] for low in DIGITS[:base]]


def value_of(text: str, base: int) -> int | None:
    """The number that at most 400 digits stand for in a base; None where one of them is no digit of it."""
    allowed = DIGITS[:base]
    text = text.lower()
    if not text or len(text) > _LONGEST or any(char not in allowed for char in text):
        return None
    return int(text, base)
