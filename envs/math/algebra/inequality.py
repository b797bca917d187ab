"""Inequality: all numbers that solve an inequality, as a union of intervals."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.draws import nonzero, sign_pattern, signed
from textgym.envs.math.intervals import Interval, Region, read_region, region, written_region
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.polynomials import Poly, plus, poly, product, scaled, written
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class InequalityConfig(LevelledConfig):
    """Knobs of Inequality."""

    min_points: int = Field(2, ge=2, le=6, description="fewest numbers at which the sign may change")
    max_points: int = Field(4, ge=2, le=6, description="most numbers at which the sign may change")
    largest: int = Field(16, ge=4, le=1_000, description="bound on these numbers in size")
    largest_denominator: int = Field(4, ge=1, le=20, description="largest denominator of these numbers")
    quotients: bool = Field(True, description="the inequality may be one of quotients")
    absolute: bool = Field(True, description="the inequality may be one of absolute values")

    levels: ClassVar[Levels] = {
        "easy": {"max_points": 2, "largest": 20, "largest_denominator": 1, "quotients": False, "absolute": False},
        "hard": {"min_points": 3, "max_points": 5, "largest": 20, "largest_denominator": 5},
    }


class Inequality(SingleAnswer[InequalityConfig]):
    """Find all real numbers that solve an inequality.

    Observation: an inequality of polynomials, multiplied out or in factors, of quotients, or of absolute values.
    Action: the set of solutions inside one <answer></answer>, a union of intervals and points such as
        `(-inf, -3) U [1/2, 5) U {7}`. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if it is the set of solutions, however it is cut into intervals; else 0.
    Ends: after the answer.
    Splits: by the kind of inequality, its relation, and the order and multiplicity of zeros and poles.
    Oracle: gives the set.

    All ends of the intervals are rational. The set is neither empty nor all numbers. The difficulty of a task is the number
    of points at which the sign may change.
    """

    answer_form = "a union of intervals and points such as (-inf, -3) U [1/2, 5) U {7}"

    def generate(self, rng: Random) -> Task:
        config = self.config
        kinds = [
            "expanded",
            "factors",
            "factors",
            *["quotient"] * 2 * config.quotients,
            *["absolute"] * config.absolute,
        ]
        kind = rng.choice(kinds)
        relation = rng.choice(list(_FLIPPED))
        if kind == "absolute":
            text, found, structure = self._absolute(relation, rng)
            count = 2
        else:
            count = rng.randint(config.min_points, max(config.min_points, config.max_points))
            text, found, structure = self._signs(kind, count, relation, rng)
        family = rng.claim(f"{kind} {relation} {structure}")
        if not found or found == (Interval(None, None),):
            raise RedrawError("none or all numbers")
        return Task(
            prompt=self.ask(f"For which real numbers x is\n\n{text}\n\nWrite inf and -inf for the infinite ends."),
            secret={"answer": written_region(found)},
            data={"inequality": text},
            family=family,
            difficulty=count,
        )

    def _point(self, rng: Random) -> Fraction:
        below = rng.randint(1, self.config.largest_denominator)
        return Fraction(rng.randint(-self.config.largest * below, self.config.largest * below), below)

    def _signs(self, kind: str, count: int, relation: str, rng: Random) -> tuple[str, Region, str]:
        """An inequality against 0 of a product or quotient of linear factors, and where it holds."""
        points = sorted({self._point(rng) for _ in range(count)})
        if len(points) < count or (kind == "expanded" and count > 3):
            raise RedrawError("a point twice, or a power too high to multiply out")
        orders = [1 if kind == "expanded" else rng.choice((1, 1, 1, 2, 3)) for _ in points]
        poles = [kind == "quotient" and bool(rng.getrandbits(1)) for _ in points]
        if kind == "quotient" and (all(poles) or not any(poles)):
            raise RedrawError("no quotient")
        negative = bool(rng.getrandbits(1))
        found = solved(points, orders, poles, negative, relation)
        factors = [poly((-point.numerator, point.denominator)) for point in points]
        structure = f"{orders} {poles} {negative}"
        if kind == "expanded":
            left = scaled(product(factors), -1 if negative else 1)
            right = poly(rng.randint(-9, 9) for _ in range(rng.randint(0, 3)))
            return f"{written(plus(left, right))} {relation} {written(right)}", found, structure
        mixed = list(zip(factors, orders, poles, strict=True))
        rng.shuffle(mixed)
        above = "".join(_power(factor, order) for factor, order, pole in mixed if not pole)
        below = "".join(_power(factor, order) for factor, order, pole in mixed if pole)
        sign = "-" if negative else ""
        return f"{sign}{above}{f' / ({below})' if below else ''} {relation} 0", found, structure

    def _absolute(self, relation: str, rng: Random) -> tuple[str, Region, str]:
        """|ax + b| against a number, or against |cx + d|."""
        largest = self.config.largest
        one: Poly = (nonzero(rng, largest), rng.randint(1, self.config.largest_denominator + 1))
        two_sided = bool(rng.getrandbits(1))
        two: Poly = (nonzero(rng, largest), one[1] + rng.randint(1, 3)) if two_sided else (rng.randint(1, 2 * largest),)
        # |p| < |q| is (p - q)(p + q) < 0; the leading coefficient of p^2 - q^2 is negative with two sides.
        lines = [plus(one, two), plus(one, scaled(two, -1))]
        points = sorted(Fraction(-line[0], line[1]) if len(line) == 2 and line[0] else Fraction(0) for line in lines)
        if points[0] == points[1]:
            raise RedrawError("one point")
        found = solved(points, [1, 1], [False, False], two_sided, relation)
        more = nonzero(rng, largest)
        right = f"|{written(two)}| {signed(more)}" if two_sided else written((two[0] + more,))
        signs = sign_pattern((one[0], two[0]))
        whole = [point.denominator for point in points]
        return (
            f"|{written(one)}| {signed(more)} {relation} {right}",
            found,
            f"{two_sided} {signs} {one[1:]} {whole}",
        )

    def judge(self, task: Task, answer: str) -> bool:
        given = read_region(answer)
        if given is None:
            raise Unreadable("That is no set that can be read.")
        return given == read_region(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        low = rng.randint(-9, 8)
        high = rng.randint(low + 1, 9)
        opening, closing = rng.choice("[("), rng.choice("])")
        inner = f"{opening}{low}, {high}{closing}"
        outer = f"(-inf, {low}{closing} U {opening}{high}, inf)"
        return committed(rng.choice((inner, outer)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        found = read_region(answer) or ()
        low, high = found[0].low, found[0].high
        gap = found[1].low if len(found) > 1 else None
        outside = low - 1 if low is not None else ((high or 0) + gap) / 2 if gap is not None else (high or 0) + 1
        swapped = answer.translate(str.maketrans("[]()", "()[]"))
        return super().cheats(task) | {
            "all numbers": [committed("(-inf, inf)")],
            "no number": [committed("{}")],
            "the inequality itself": [committed(task.data["inequality"])],
            "the ends the other way": [committed(swapped)],
            "one point more": [committed(f"{answer} U {{{outside}}}")],
            "an infinite end that belongs to it": [committed("[-inf, inf]")],
        }


def solved(points: list[Fraction], orders: list[int], poles: list[bool], negative: bool, relation: str) -> Region:
    """Where a product of powers of (x - point), times -1 if `negative`, stands in a relation to 0.

    Args:
        points: in ascending order.
        orders: how often each point is a zero, or a pole.
        poles: which points are poles, where nothing holds.
        negative: whether the product is negative to the right of all points.
        relation: one of `<`, `>`, `<=`, `>=`.
    """
    wants_positive = relation[0] == ">"
    positive = not negative
    found: list[Interval] = []
    high: Fraction | None = None
    for point, order, pole in reversed(list(zip(points, orders, poles, strict=True))):
        if positive == wants_positive:
            found.append(Interval(point, high))
        if len(relation) == 2 and not pole:
            found.append(Interval(point, point, True, True))
        if order % 2:
            positive = not positive
        high = point
    if positive == wants_positive:
        found.append(Interval(None, high))
    return region(found)


def _power(factor: Poly, order: int) -> str:
    return f"({written(factor)})" + (f"^{order}" if order > 1 else "")
