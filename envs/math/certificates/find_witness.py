"""The FindWitness environment: a number, or some, that show a claim to be true."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import whole_numbers
from textgym.envs.math.certificates.primes import draw_prime
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Kind = Literal["subset_sum", "square_root", "two_squares", "discrete_log"]
_KINDS: tuple[Kind, ...] = ("subset_sum", "square_root", "two_squares", "discrete_log")
_SMALLEST_ORDER = 100


class FindWitnessConfig(LevelledConfig):
    """Knobs of FindWitness."""

    levels: ClassVar[Levels] = {
        "easy": {"size": 10, "largest": 5_000},
        "medium": {"size": 12, "largest": 20_000},
        "hard": {"size": 18, "largest": 1_000_000},
    }

    kind: Literal["any", "subset_sum", "square_root", "two_squares", "discrete_log"] = Field(
        "any", description="what is to be found; any: drawn for each task"
    )
    size: int = Field(12, ge=6, le=40, description="numbers to choose a subset of; 10, 12 or 18 by difficulty")
    largest: int = Field(
        20_000,
        ge=1_000,
        le=10**9,
        description="bound on moduli and on those numbers; 5000, 20000 or 1000000 by difficulty",
    )


class FindWitness(SingleAnswer[FindWitnessConfig]):
    """Prove that something exists by showing it.

    Observation: what is to be found: numbers of a list with a given sum, a square root or a logarithm modulo a prime, or two
        whole numbers whose squares have a given sum.
    Action: the number, or the numbers separated by commas, in one <answer></answer>. Text outside the tags is not read; an
        action without exactly one such pair, or with anything but whole numbers in it, is invalid.
    Reward: 1 if the numbers are what was asked for, else 0. Any that are, are right: they are put into the claim.
    Ends: after the answer.
    Splits: by the numbers of the list, the prime, or the sum of squares.
    Oracle: gives the numbers that the task was made from.

    The difficulty of a task is the largest number in it, in bits.
    """

    answer_form = "the number, or the numbers separated by commas"

    def generate(self, rng: Random) -> Task:
        config = self.config
        kind: Kind = rng.choice(_KINDS) if config.kind == "any" else config.kind
        question, witness, facts, family = _MAKE[kind](config, rng)
        return Task(
            prompt=self.ask(question),
            secret={"answer": ", ".join(map(str, witness))},
            data={"kind": kind, **facts},
            family=family,
            difficulty=max(*facts.get("numbers", [0]), facts.get("modulus", 0), facts.get("sum", 0)).bit_length(),
        )

    def unknown(self, task: Task) -> str:
        return "x" if task.data["kind"] in ("square_root", "discrete_log") else ""

    def judge(self, task: Task, answer: str) -> bool:
        numbers = whole_numbers(answer)
        if numbers is None:
            raise Unreadable("That is not a whole number, or several.")
        return _IS_WITNESS[task.data["kind"]](task.data, numbers)

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        data = task.data
        match data["kind"]:
            case "subset_sum":
                guess = [number for number in data["numbers"] if rng.getrandbits(1)] or data["numbers"][:1]
            case "two_squares":
                root = int(data["sum"] ** 0.5)
                guess = [rng.randint(1, root), rng.randint(1, root)]
            case _:
                guess = [rng.randint(2, data["modulus"] - 1)]
        return committed(", ".join(map(str, guess)))

    def candidates(self, task: Task) -> list[str]:
        return [committed(str(number)) for number in range(200)]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        data = task.data
        scripts = {
            "nothing": [committed("0")],
            "the modulus or the sum itself": [committed(str(data.get("modulus", data.get("sum"))))],
            "the sum and nothing": [committed(f"{data.get('sum', 1)}, 0")],
        }
        if data["kind"] == "subset_sum":
            number = data["numbers"][0]
            scripts["one number over and over"] = [committed(", ".join([str(number)] * (data["sum"] // number)))]
            scripts["all numbers"] = [committed(", ".join(map(str, data["numbers"])))]
            scripts["the sum, split"] = [committed(f"{data['sum'] - 1}, 1")]
        return super().cheats(task) | scripts


Made = tuple[str, list[int], dict[str, Any], str]
"""The question, a witness, the facts that a witness is held against, and the family, which was claimed."""


def _subset_sum(config: FindWitnessConfig, rng: Random) -> Made:
    numbers = rng.sample(range(config.largest // 20, config.largest), config.size)
    family = rng.claim(f"subset sum {sorted(numbers)}")
    chosen = rng.sample(numbers, rng.randint(config.size // 3, config.size // 2))
    total = sum(chosen)
    if total in numbers:
        raise RedrawError("a single number is the sum")
    question = (
        f"Choose some of the numbers {', '.join(map(str, numbers))} whose sum is {total}. Each may be chosen once. Name the "
        "numbers chosen."
    )
    return question, sorted(chosen), {"numbers": numbers, "sum": total}, family


def _square_root(config: FindWitnessConfig, rng: Random) -> Made:
    modulus = draw_prime(config.largest // 2, config.largest, rng)
    family = rng.claim(f"square root {modulus}")
    root = rng.randint(int(modulus**0.5) + 1, modulus // 2)  # a smaller one would have a plain square
    square = root * root % modulus
    question = (
        f"Find a whole number x such that x * x leaves the remainder {square} when divided by the prime {modulus}."
    )
    return question, [root], {"modulus": modulus, "square": square}, family


def _two_squares(config: FindWitnessConfig, rng: Random) -> Made:
    one, two = sorted(rng.sample(range(config.largest // 200, config.largest // 6), 2))
    total = one * one + two * two
    family = rng.claim(f"two squares {total}")
    return f"Find two whole numbers whose squares add up to {total}.", [one, two], {"sum": total}, family


def _discrete_log(config: FindWitnessConfig, rng: Random) -> Made:
    modulus = draw_prime(config.largest // 2, config.largest, rng)
    family = rng.claim(f"discrete log {modulus}")
    base = rng.randint(2, min(modulus - 2, 50))
    powers, power = {1: 0}, base
    while power not in powers and len(powers) < _SMALLEST_ORDER:
        powers[power] = len(powers)
        power = power * base % modulus
    if len(powers) < _SMALLEST_ORDER:
        raise RedrawError("the powers repeat too soon")
    exponent = rng.randint(20, modulus - 2)
    value = pow(base, exponent, modulus)
    if value in powers and powers[value] < 20:
        raise RedrawError("a small exponent will do")
    question = (
        f"Find a whole number x, at least 0, such that {base} to the power of x leaves the remainder {value} when divided by "
        f"the prime {modulus}."
    )
    return question, [exponent], {"modulus": modulus, "base": base, "value": value}, family


def _sums(data: dict[str, Any], numbers: list[int]) -> bool:
    return sum(numbers) == data["sum"] and not Counter(numbers) - Counter(data["numbers"])


def _is_root(data: dict[str, Any], numbers: list[int]) -> bool:
    return len(numbers) == 1 and numbers[0] ** 2 % data["modulus"] == data["square"]


def _are_squares(data: dict[str, Any], numbers: list[int]) -> bool:
    return len(numbers) == 2 and numbers[0] ** 2 + numbers[1] ** 2 == data["sum"]


def _is_exponent(data: dict[str, Any], numbers: list[int]) -> bool:
    return len(numbers) == 1 and numbers[0] >= 0 and pow(data["base"], numbers[0], data["modulus"]) == data["value"]


_MAKE: dict[Kind, Callable[[FindWitnessConfig, Random], Made]] = {
    "subset_sum": _subset_sum,
    "square_root": _square_root,
    "two_squares": _two_squares,
    "discrete_log": _discrete_log,
}
_IS_WITNESS: dict[Kind, Callable[[dict[str, Any], list[int]], bool]] = {
    "subset_sum": _sums,
    "square_root": _is_root,
    "two_squares": _are_squares,
    "discrete_log": _is_exponent,
}
