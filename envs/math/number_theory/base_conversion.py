"""BaseConversion: numbers in other bases, converted, added and multiplied."""

from collections.abc import Callable
from functools import lru_cache
from itertools import permutations
from operator import add, itemgetter, mul, sub
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task, of_split
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST = 400
_BUILT_IN = {2: "b", 8: "o", 10: "d", 16: "x"}
_OPERATIONS: dict[str, Callable[..., int]] = {"plus": add, "minus": sub, "times": mul}


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
            conversions = _conversions(config.largest_base, config.min_digits, config.max_digits, rng.split)
            family, target, base, least = rng.choice(conversions)
            value = rng.randint(least, least * base - 1)
            texts = [text := digits(value, base)]
            task = f"{text} (base {base})"
        else:
            target, *bases = rng.choices(range(2, config.largest_base + 1), k=3)
            family = rng.claim(f"{operation} {bases} {target}")
            if target in bases:
                raise RedrawError("the bases are the same")
            given = [self._number(base, rng) for base in bases]
            value = _OPERATIONS[operation](*given)
            texts = list(map(digits, given, bases))
            task = f" {operation} ".join(map("{} (base {})".format, texts, bases))
        answer = digits(value, target) if value >= target**2 else ""
        if not answer or answer in texts:
            raise RedrawError("too easy to guess, or below 0")
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
        config = self.config
        least = base ** (rng.randint(min(config.min_digits, config.max_digits), config.max_digits) - 1)
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


@lru_cache
def _conversions(largest: int, fewest: int, most: int, split: str | None) -> list[tuple[str, int, int, int]]:
    """The conversions of a split of which some answer has three digits.

    Each is a family, the base of the answer, the base of what is given, and the least number that has the right length.
    """
    found = [
        (f"to [{base}] {target}", target, base, base ** (length - 1))
        for target, base in permutations(range(2, largest + 1), 2)
        for length in range(min(fewest, most), most + 1)
        if base**length > target**2
    ]
    return of_split(found, split, itemgetter(0))


def digits(number: int, base: int) -> str:
    """A positive number in a base from 2 to 36."""
    if base in _BUILT_IN:
        return format(number, _BUILT_IN[base])
    pairs = _two_digits(base)
    square = base * base
    text = ""
    while number >= square:
        number, low = divmod(number, square)
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
