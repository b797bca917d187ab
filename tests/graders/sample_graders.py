"""Graders whose values a test decides, and random trees over all combinators."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, Literal

from textgym import Score
from textgym.core import Random
from textgym.graders import (
    Affine,
    Budget,
    Cache,
    Case,
    Clip,
    Constant,
    FirstValid,
    FormulaGrader,
    Gate,
    GeometricMean,
    Grader,
    GraderSpecError,
    Invalid,
    Invert,
    Item,
    KOfN,
    Max,
    Median,
    Min,
    Not,
    Penalty,
    Power,
    Product,
    Quantile,
    Root,
    Sample,
    Sigmoid,
    Sum,
    Threshold,
    Timeout,
    TrimmedMean,
    WeightedMean,
    charge,
    passed,
)

NAMES = ("a", "b", "c", "d")
STATUSES = ("skipped", "unparseable", "refused", "timeout", "error", "over_budget")


class Given(Grader):
    """The item's number of this name; where it is a text, a failure of that status."""

    type: Literal["given"] = "given"
    key: str
    low: float = 0.0
    high: float = 1.0

    @property
    def bounds(self) -> tuple[float, float]:
        return (self.low, self.high)

    def _grade(self, item: Item, sample: Sample) -> Score:
        value = item[self.key]
        if isinstance(value, str):
            raise Invalid(value, f"{self.key} is missing", code=f"{value}_code")
        return passed(value, f"{self.key} was given")


class Judge(Grader):
    """Waits for the item's number of this name, and pays for it; says when it was asked."""

    type: Literal["test_judge"] = "test_judge"
    waits_itself = True
    key: str = "a"
    usd: float = 0.01
    seconds: float = 0.0

    async def _agrade(self, item: Item, sample: Sample) -> Score:
        charge(calls=1)
        ASKED.append((self.key, sample.output_text))
        await asyncio.sleep(self.seconds)
        charge(usd=self.usd, tokens=10)
        value = item[self.key]
        if isinstance(value, str):
            raise Invalid(value, f"{self.key} is missing", cost=self.usd, tokens=10)
        return Score(value=value, cost=self.usd, tokens=10)


ASKED: list[tuple[str, str]] = []


class LongText(Grader):
    """The share of 10 characters that the output has."""

    type: Literal["long_text"] = "long_text"

    def _grade(self, item: Item, sample: Sample) -> float:
        return min(1.0, len(sample.output_text) / 10)


def nodes(score: Score) -> Iterator[Score]:
    yield score
    for child in score.children:
        yield from nodes(child)


def number(rng: Random, low: float = -2, high: float = 2) -> float:
    """A number with a short form, or one with all its digits, or an end."""
    return rng.choice([float(rng.randint(int(low), int(high))), rng.uniform(low, high), low, high])


def leaf(rng: Random) -> Grader:
    if rng.random() < 0.15:
        return Constant(value=number(rng))
    low, high = sorted((number(rng, -1, 1), number(rng)))
    ends = {} if rng.random() < 0.6 else {"low": low, "high": high}
    return Given(key=rng.choice(NAMES), name=rng.choice([None, None, "a name", "名"]), **ends)


FORMULAS = (
    "x",
    "0.25 * x + y / 3 - 1",
    "max(x, y) ^ 2 * abs(x - y)",
    "min(exp(x), 4) + floor(10 * y) / 10",
    "clip",
    "sqrt(abs(x)) + ceil(y)",
    "min(1, x / (abs(y) + 0.5))",
    "-x ** 2 + log(2 + abs(y))",
)


def formula(rng: Random, part: Callable[[], Grader]) -> Grader:
    text = rng.choice(FORMULAS)
    if text == "clip":
        return FormulaGrader(formula="1 / x", graders={"x": part()}, within=(-1e9, 1e9))
    return FormulaGrader(formula=text, graders={"x": part(), "y": part()})


def random_tree(rng: Random, depth: int) -> Grader:
    """A tree of at most this depth; it has nodes of every kind that grades a sample by itself."""
    if depth <= 1 or rng.random() < 0.1:
        return leaf(rng)

    def part() -> Grader:
        return random_tree(rng, depth - 1)

    def some(most: int = 4) -> tuple[Grader, ...]:
        return tuple(part() for _ in range(rng.randint(1, most)))

    def weighted(low: float) -> dict[str, Any]:
        graders = some()
        return {"graders": graders, "weights": tuple(number(rng, low) for _ in graders) if rng.random() < 0.7 else ()}

    name = rng.choice([None, None, None, "part"])
    makers: list[Callable[[], Grader]] = [
        lambda: Sum(name=name, bias=number(rng), **weighted(-2)),
        lambda: number(rng) * part() + number(rng) * part() - part(),
        lambda: WeightedMean(name=name, optional=rng.random() < 0.5, **weighted(0)),
        lambda: Product(name=name, graders=some(3)),
        lambda: part() * part(),
        lambda: GeometricMean(name=name, **weighted(1)),
        lambda: Min(name=name, graders=some()),
        lambda: Max(name=name, graders=some()),
        lambda: part() & part() | part(),
        lambda: Median(name=name, graders=some(5)),
        lambda: TrimmedMean(name=name, graders=some(6), trim=rng.choice([0.0, 0.2, 0.34, 0.49])),
        lambda: Quantile(name=name, graders=some(5), q=rng.random()),
        lambda: KOfN(name=name, graders=some(), k=1, at_least=number(rng)),
        lambda: Not(name=name, grader=part()),
        lambda: ~part() >= number(rng),
        lambda: Threshold(name=name, grader=part(), at_least=number(rng)),
        lambda: Affine(name=name, grader=part(), scale=number(rng), offset=number(rng)),
        lambda: Clip(name=name, grader=part(), low=-0.5, high=number(rng, 0)),
        lambda: Invert(name=name, grader=part(), total=number(rng)),
        lambda: Power(name=name, grader=part(), exponent=rng.uniform(0.1, 3)),
        lambda: Sigmoid(name=name, grader=part(), midpoint=number(rng), steepness=number(rng, -20, 20)),
        lambda: Penalty(name=name, base=part(), penalty=part(), weight=abs(number(rng)), floor=number(rng)),
        lambda: Gate(name=name, condition=part(), at_least=number(rng), then=part(), else_=part()),
        lambda: Gate(name=name, condition=part(), then=part()),
        lambda: Case(name=name, on="{{ item.kind }}", graders={"one": part(), "two": part()}, default=part()),
        lambda: FirstValid(name=name, graders=some()),
        lambda: Cache(name=name, grader=part()),
        lambda: Timeout(name=name, grader=part(), seconds=60.0),
        lambda: Budget(name=name, grader=part(), usd=1.0, calls=rng.choice([None, 100])),
        lambda: formula(rng, part),
    ]
    while True:
        try:
            return rng.choice(makers)()
        except GraderSpecError:
            raise
        except ValueError:  # a part that may be negative where none may
            continue


def random_root(rng: Random, depth: int) -> Grader:
    tree = random_tree(rng, depth)
    return Root(grader=tree, on_invalid=rng.choice(["drop", "zero", "min"])) if rng.random() < 0.3 else tree


def random_item(rng: Random, tree: Grader, missing: float) -> dict[str, Any]:
    """Values that every leaf of the tree may have, now and then at an end; some are missing."""
    item: dict[str, Any] = {"kind": rng.choice(["one", "two", "three"])}
    for name in NAMES:
        ends = [node.bounds for node in tree.walk() if isinstance(node, Given) and node.key == name]
        low, high = max([low for low, _ in ends], default=0), min([high for _, high in ends], default=1)
        item[name] = low if low > high else rng.choice([low, high, rng.uniform(low, high)])
        if low > high or rng.random() < missing:
            item[name] = rng.choice(STATUSES)
    return item
