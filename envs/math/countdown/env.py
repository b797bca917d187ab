"""The Countdown environment: combine given numbers into an expression that hits a target."""

from collections import Counter
from fractions import Fraction
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed, final_answer
from textgym.core import Config, Random, RedrawError, Reply, State, Task, TextEnv
from textgym.envs.math.countdown.search import Search, Value
from textgym.envs.math.exact import ExpressionError, read_expression
from textgym.envs.math.expression import Binary, Expression, Number, written

_TARGETS = 10
_TRIES_PER_TARGET = 50


class CountdownConfig(Config):
    """Knobs of Countdown."""

    count: int = Field(5, ge=3, le=7, description="how many numbers are given")
    smallest: int = Field(1, ge=1, le=10_000, description="smallest number that may be given")
    largest: int = Field(100, ge=1, le=10_000, description="largest number that may be given")
    target_min: int = Field(100, ge=1, le=10**9, description="smallest target")
    target_max: int = Field(999, ge=1, le=10**9, description="largest target")
    min_used: int = Field(3, ge=2, le=7, description="fewest numbers that the shortest solution may use")
    require_all: bool = Field(False, description="each number must be used exactly once, instead of at most once")
    integers_only: bool = Field(True, description="every value on the way must be whole")
    near_credit: float = Field(
        0.0, ge=0, lt=1, description="reward of a lawful expression that misses, times its closeness to the target"
    )
    max_turns: int = Field(1, ge=1, description="actions after which the episode is truncated")
    not_in_task: ClassVar[frozenset[str]] = frozenset({"near_credit"})

    @model_validator(mode="after")
    def _ranges(self) -> Self:
        if self.smallest > self.largest:
            raise ValueError(f"smallest ({self.smallest}) must not be above largest ({self.largest})")
        if self.target_min > self.target_max:
            raise ValueError(f"target_min ({self.target_min}) must not be above target_max ({self.target_max})")
        if self.min_used > self.count:
            raise ValueError(f"min_used ({self.min_used}) must not be above count ({self.count})")
        return self


class Countdown(TextEnv[CountdownConfig, State]):
    """Combine given numbers with + - * / so that they come to a target.

    Observation: the numbers, the target and the rules.
    Action: an arithmetic expression inside one <answer></answer>: whole numbers from the list, each at most once (exactly
        once with `require_all`), joined by + - * / and parentheses. With `integers_only` every division must come out
        even. Text outside the tags is not read; an action without exactly one such pair, or with something else than an
        expression in it, is invalid.
    Reward: 1 if the expression keeps to the rules and its value, in exact rational arithmetic, is the target; else 0.
        With `near_credit` c above 0, an expression that keeps to the rules and misses earns
        c * max(0, 1 - |value - target| / target).
    Ends: after the answer.
    Splits: by the numbers, whatever their order and the target.
    Oracle: gives a solution with as few numbers as any has. That number is the difficulty; it is proven by exact search
        over the subsets of the numbers (with `require_all`, all are used).
    """

    noop_action = ""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.random_ceiling = 0.05 + self.config.near_credit / 2

    def generate(self, rng: Random) -> Task:
        config = self.config
        numbers = [rng.randint(config.smallest, config.largest) for _ in range(config.count)]
        family = rng.claim(f"countdown {sorted(numbers)}")
        target, used, solution = self._target(numbers, rng)
        return Task(
            prompt=self._prompt(numbers, target),
            secret={"solution": written(solution)},
            data={"numbers": numbers, "target": target},
            family=family,
            difficulty=used,
        )

    def _target(self, numbers: list[int], rng: Random) -> tuple[int, int, Expression]:
        """A target for these numbers, how many of them its shortest solution uses, and that solution."""
        config = self.config
        search = Search(numbers, whole=config.integers_only)
        for _ in range(_TARGETS):
            for _ in range(_TRIES_PER_TARGET):
                used = config.count if config.require_all else rng.randint(config.min_used, config.count)
                value, tree = _random_expression(rng.sample(numbers, used), config.integers_only, rng)
                if config.target_min <= value <= config.target_max and value.denominator == 1 and value not in numbers:
                    break
            else:
                break
            target = int(value)
            if config.require_all:
                return target, config.count, tree
            shortest = search.fewest(target)
            assert shortest is not None  # `tree` reaches it
            if shortest[0] >= config.min_used:
                return target, *shortest
        raise RedrawError("no target that fits the settings was found for these numbers")

    def _prompt(self, numbers: list[int], target: int) -> str:
        use = "Use each number exactly once" if self.config.require_all else "Use each number at most once"
        whole = " Every value on the way must be a whole number." if self.config.integers_only else ""
        return (
            f"Make {target} from the numbers {', '.join(map(str, numbers))} with + - * / and parentheses. {use}, and no "
            f"others; a number listed twice may be used twice.{whole} Reply with the expression alone, without an equals "
            "sign, inside <answer></answer>, once. Anything outside the tags is not read."
        )

    def act(self, task: Task, state: State, action: str) -> Reply:
        answer = final_answer(action)
        if answer is None:
            return Reply.malformed("Give your expression inside one pair of tags, <answer></answer>, and only once.")
        try:
            expression = read_expression(answer)
        except ExpressionError as error:
            return Reply.malformed(f"That is not an expression with a value: {error}.")
        numbers, target = task.data["numbers"], task.data["target"]
        used, given = Counter(expression.numbers), Counter(map(Fraction, numbers))
        if used - given:
            return Reply("The expression uses a number that is not given, or one too often.", score=0.0)
        if self.config.require_all and used != given:
            return Reply("The expression leaves out a number.", score=0.0)
        if self.config.integers_only and not expression.whole:
            return Reply("A value on the way is not whole.", score=0.0)
        value = expression.value
        if value == target:
            return Reply("Right.", score=1.0)
        closeness = float(max(0, 1 - abs(value - target) / target))
        return Reply(
            "The expression does not come to the target.", score=self.config.near_credit * closeness, success=False
        )

    def oracle(self, task: Task, state: State) -> str:
        return committed(task.secret["solution"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        numbers = task.data["numbers"]
        used = len(numbers) if self.config.require_all else rng.randint(2, len(numbers))
        return committed(written(_random_expression(rng.sample(numbers, used), self.config.integers_only, rng)[1]))

    def candidates(self, task: Task) -> list[str]:
        numbers = task.data["numbers"]
        return [committed(f"{a} {sign} {b}") for a in numbers for b in numbers for sign in "+-*/"]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        numbers, target = task.data["numbers"], task.data["target"]
        first = numbers[0]
        ones = " + ".join([f"{first} / {first}"] * min(target, 60))
        return {
            "the target itself": [committed(str(target))],
            "the target, the numbers cancelled": [
                committed(f"{target} + 0 * ({' + '.join(map(str, numbers))})"),
            ],
            "the target as an equation": [committed(f"{' + '.join(map(str, numbers))} = {target}")],
            "one number over and over": [committed(f"{ones} + {first} * {max(0, target - 60)} / {first}")],
            "numbers side by side": [committed(" ".join(map(str, numbers)))],
            "divided by nothing": [committed(f"{first} / ({first} - {first})")],
            "code": [committed(f"int('{target}')"), committed(f"__import__('math').floor({target})")],
        }


def _random_expression(numbers: list[int], whole: bool, rng: Random) -> tuple[Value, Expression]:
    """A random expression with a positive value that uses each of the numbers once."""
    pool: list[tuple[Value, Expression]] = [(number, Number(number)) for number in numbers]
    while len(pool) > 1:
        rng.shuffle(pool)
        one, two = pool.pop(), pool.pop()
        if one[0] < two[0]:
            one, two = two, one
        (large, _), (small, _) = one, two
        operators = ["+", "*"]
        if large != small:
            operators.append("-")
        if not whole or large % small == 0:
            operators.append("/")
        operator = rng.choice(operators)
        pool.append((_apply(operator, large, small), Binary(operator, one[1], two[1])))
    return pool[0]


def _apply(operator: str, left: Value, right: Value) -> Value:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    quotient = Fraction(left) / right
    return quotient.numerator if quotient.denominator == 1 else quotient
