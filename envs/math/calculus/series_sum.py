"""SeriesSum: the exact sum of an infinite series."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.closed_forms import Call, Formula, is_zero, number, read_formula, times, total, written
from textgym.envs.math.closed_forms.answers import ConstantAnswer
from textgym.envs.math.levels import LevelledConfig, Levels

DIVERGES = "diverges"
_DIVERGENT = 0.03


@dataclass(frozen=True)
class Summand:
    """What is added up for n from a start on: in words, its sum, and its structure."""

    text: str
    sum: Formula
    structure: str


class SeriesSumConfig(LevelledConfig):
    """Knobs of SeriesSum."""

    kinds: int = Field(4, ge=2, le=6, description="how many kinds of series occur: the first so many of the list")
    terms: int = Field(2, ge=1, le=3, description="how many series are added up term by term")
    largest: int = Field(12, ge=4, le=100, description="largest number in a term")

    levels: ClassVar[Levels] = {"easy": {"kinds": 2, "terms": 2, "largest": 20}, "hard": {"kinds": 6, "terms": 2}}


class SeriesSum(ConstantAnswer[SeriesSumConfig]):
    """Find the exact sum of an infinite series, or see that it has none.

    Observation: the terms of a series and where it starts. Its parts are, by `kinds`: 1 geometric, 2 telescoping, 3 a
        linear factor times a geometric one, 4 a power of a fraction over n, 5 a power over n!, 6 a square times a
        geometric one.
    Action: the sum in closed form inside one <answer></answer>, in any form; or the word diverges. A decimal is right only
        where it is exact. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for the exact sum, by normal forms and by numbers to 50 digits, or for `diverges` where there is no finite
        sum; else 0.
    Ends: after the answer.
    Splits: by the kinds of parts with the numbers inside them and the start, whatever the coefficients and the order.
    Oracle: gives the sum.

    About three series in a hundred diverge. The difficulty of a task is the number of its parts plus the number of kinds.
    """

    answer_form = "one exact number in closed form, not a decimal approximation, or the word diverges"

    def generate(self, rng: Random) -> Task:
        config = self.config
        start = rng.randint(1, 4)
        divergent = rng.random() < _DIVERGENT
        parts: dict[str, Summand] = {}
        while len(parts) < config.terms:
            kind = _divergent if divergent and not parts else rng.choice(_KINDS[: config.kinds])
            part = kind(start, config.largest, rng)
            parts.setdefault(part.structure, part)
        family = rng.claim(f"series {start} {sorted(parts)}")
        coefficients = [rng.choice([-1, 1, 1]) * rng.randint(1, config.largest) for _ in parts]
        pairs = list(zip(coefficients, parts.values(), strict=True))
        answer = total(*(times(number(c), part.sum) for c, part in pairs))
        if not divergent and is_zero(answer) is not False:
            raise RedrawError("the sum is 0")
        rng.shuffle(pairs)
        text = " ".join(f"{'-' if c < 0 else '+'} {abs(c)}*{part.text}" for c, part in pairs).removeprefix("+ ")
        return Task(
            prompt=self.ask(
                f"What is the exact sum, for n from {start} to infinity, of the terms\n\na(n) = {text}\n\nIf the series has no "
                f"finite sum, answer {DIVERGES}."
            ),
            secret={"answer": DIVERGES if divergent else written(answer)},
            data={"terms": text, "start": start},
            family=family,
            difficulty=config.terms + config.kinds,
        )

    def judge(self, task: Task, answer: str) -> bool:
        diverges = bool(task.secret["answer"] == DIVERGES)
        if answer.strip().lower() == DIVERGES:
            return diverges
        if diverges:
            self.read(answer)
            return False
        return super().judge(task, answer)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(DIVERGES) if rng.random() < 0.2 else super().random_action(task, state, rng)

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        if answer == DIVERGES:
            return {"infinity": [committed("infinity"), committed("1/0"), committed("the series diverges")]}
        first = Fraction(1, 10**6)
        return super().cheats(task) | {
            "a partial sum": [committed(written(total(read_formula(answer), number(-first))))],
            "both": [committed(f"{answer} or {DIVERGES}"), committed(f"{DIVERGES} {answer}")],
        }


def _ratio(largest: int, rng: Random) -> Fraction:
    """A ratio other than 0 between -1 and 1."""
    below = rng.randint(2, largest)
    return Fraction(rng.choice([-1, 1, 1]) * rng.randint(1, below - 1), below)


def _raised(ratio: Fraction) -> str:
    return f"({ratio})^n"


def _moments(ratio: Fraction, start: int) -> tuple[Fraction, Fraction, Fraction]:
    """The sums of r^n, n*r^n and n^2*r^n over all n from the start."""
    r, whole = ratio, 1 / (1 - ratio)
    zeroth, first, second = whole, r * whole**2, r * (1 + r) * whole**3
    for n in range(start):
        power = r**n
        zeroth, first, second = zeroth - power, first - n * power, second - n * n * power
    return zeroth, first, second


def _geometric(start: int, largest: int, rng: Random) -> Summand:
    ratio = _ratio(largest, rng)
    return Summand(_raised(ratio), number(_moments(ratio, start)[0]), f"geometric {ratio}")


def _telescoping(start: int, largest: int, rng: Random) -> Summand:
    a, gap = rng.randint(0, largest), rng.randint(1, 5)
    first = "n" if a == 0 else f"(n + {a})"
    value = sum((Fraction(1, start + a + k) for k in range(gap)), Fraction(0)) / gap
    return Summand(f"1/({first}*(n + {a + gap}))", number(value), f"telescoping {a} {gap}")


def _linear(start: int, largest: int, rng: Random) -> Summand:
    ratio, b = _ratio(min(largest, 12), rng), rng.choice([-1, 1]) * rng.randint(1, largest)
    zeroth, first, _ = _moments(ratio, start)
    shifted = f"(n {'+' if b > 0 else '-'} {abs(b)})"
    return Summand(f"{shifted}*{_raised(ratio)}", number(first + b * zeroth), f"linear {ratio} {b}")


def _over_n(start: int, largest: int, rng: Random) -> Summand:
    ratio = _ratio(largest, rng)
    head = sum((ratio**n / n for n in range(1, start)), Fraction(0))
    value = total(times(number(-1), Call("ln", number(1 - ratio))), number(-head))
    return Summand(f"{_raised(ratio)}/n", value, f"over n {ratio}")


def _over_factorial(start: int, largest: int, rng: Random) -> Summand:
    a = rng.choice([-5, -4, -3, -2, -1, 2, 3, 4, 5])
    head, term = Fraction(0), Fraction(1)
    for n in range(start):
        head += term
        term = term * a / (n + 1)
    text = f"{a}^n/n!" if a > 0 else f"({a})^n/n!"
    return Summand(text, total(Call("exp", number(a)), number(-head)), f"over factorial {a}")


def _quadratic(start: int, largest: int, rng: Random) -> Summand:
    ratio, b = _ratio(min(largest, 9), rng), rng.randint(1, largest)
    zeroth, _, second = _moments(ratio, start)
    return Summand(f"(n^2 + {b})*{_raised(ratio)}", number(second + b * zeroth), f"quadratic {ratio} {b}")


def _divergent(start: int, largest: int, rng: Random) -> Summand:
    a = rng.randint(1, largest)
    text = rng.choice(
        [f"1/(n + {a})", f"({a + 1}/{a})^n", f"n/(n + {a})", f"(-{a + 1}/{a})^n/n", f"(n + {a})/(n^2 + 1)"]
    )
    return Summand(text, number(0), f"divergent {text}")


_KINDS: tuple[Callable[[int, int, Random], Summand], ...] = (
    _geometric,
    _telescoping,
    _linear,
    _over_n,
    _over_factorial,
    _quadratic,
)
