"""CircleLine: where a line meets a circle."""

from fractions import Fraction
from math import gcd, isqrt
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.closed_forms import Formula, FormulaError, TooLongError, same_constant, surd, written
from textgym.envs.math.geometry.points import Point, dot, draw_point, draw_vector, equation, minus, read_surd_points
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

NONE = "none"
_NONE_SHARE = 0.03
_TANGENT_SHARE = 0.15


class CircleLineConfig(LevelledConfig):
    """Knobs of CircleLine."""

    surds: bool = Field(True, description="the points may have irrational coordinates; else they are whole")
    expanded: bool = Field(False, description="the circle is given by its equation multiplied out")
    largest: int = Field(20, ge=4, le=100, description="largest absolute value of the centre's coordinates")
    largest_radius: int = Field(12, ge=4, le=100, description="largest radius")

    levels: ClassVar[Levels] = {
        "easy": {"surds": False, "largest": 30, "largest_radius": 30},
        "hard": {"expanded": True, "largest": 20, "largest_radius": 20},
    }


class CircleLine(SingleAnswer[CircleLineConfig]):
    """Find all points in which a line meets a circle.

    Observation: the equations of the circle and of the line.
    Action: inside one <answer></answer> the points, as (x, y), with a semicolon between two of them, in any order; or the
        word none. Coordinates are exact numbers of the form 3/4 or 1/2 + 5*sqrt(2)/3: at most one square root, with one
        number inside. Text outside the tags is not read; anything else is invalid.
    Reward: 1 for all points and no other, exactly, else 0.
    Ends: after the answer.
    Splits: by the square of the radius with the sizes of the line's coefficients, whatever the centre.
    Oracle: gives the points.

    In about 3 of 100 tasks the line misses the circle, in about 15 it touches it. The difficulty of a task is 1, and 1
    more each for irrational points and for a circle that is multiplied out.
    """

    answer_form = (
        "the points as (x, y), separated by a semicolon, such as (1/2, 2 + 3*sqrt(5)); (0, -1), or the word none"
    )

    def generate(self, rng: Random) -> Task:
        config = self.config
        centre = draw_point(2, config.largest, rng)
        chance = rng.random()
        if chance < _TANGENT_SHARE:
            normal, gap, square = self._touching(rng)
        elif config.surds or chance > 1 - _NONE_SHARE:
            normal, gap, square = self._any(rng, misses=chance > 1 - _NONE_SHARE)
        else:
            normal, gap, square = self._whole_chord(rng)
        family = rng.claim(f"circle {square} {sorted(map(abs, normal))}")
        constant = dot(normal, centre) - gap
        points = intersections(centre, square, normal, constant)
        shown = "; ".join(f"({written(x)}, {written(y)})" for x, y in points) or NONE
        circle = _expanded(centre, square) if config.expanded else _centred(centre, square)
        return Task(
            prompt=self.ask(
                f"In which points does the line {equation(normal, constant)} meet the circle {circle}? Write square roots as "
                f"sqrt(), and every product with *. If they do not meet, answer {NONE}."
            ),
            secret={"answer": shown},
            data={"centre": centre, "square": square, "normal": normal, "constant": constant},
            family=family,
            difficulty=1 + config.surds + config.expanded,
        )

    def _touching(self, rng: Random) -> tuple[Point, int, int]:
        """A normal, the value of the line's equation at the centre, and the square of the radius."""
        normal, factor = draw_vector(2, 7, rng), rng.choice([-2, -1, 1, 2])
        length = dot(normal, normal)
        return normal, factor * length, factor * factor * length

    def _any(self, rng: Random, *, misses: bool) -> tuple[Point, int, int]:
        normal = draw_vector(2, 7, rng)
        square = rng.randint(4, self.config.largest_radius**2)
        edge = isqrt(square * dot(normal, normal))  # the largest gap at which the line still meets the circle
        sign = rng.choice([-1, 1])
        if misses:
            return normal, sign * rng.randint(edge + 1, 2 * edge), square
        if edge * edge == square * dot(normal, normal):
            edge -= 1
        return normal, sign * rng.randint(0, edge), square

    def _whole_chord(self, rng: Random) -> tuple[Point, int, int]:
        """A chord between two of the whole points that a radius vector gives by exchanging and negating coordinates."""
        a, b = draw_point(2, self.config.largest_radius, rng)
        if a == b == 0:
            raise RedrawError("a circle without a radius")
        one, other = rng.sample(
            sorted({(x * s, y * t) for x, y in ((a, b), (b, a)) for s in (-1, 1) for t in (-1, 1)}), 2
        )
        along = minus(other, one)
        divisor = gcd(*along)
        normal = (along[1] // divisor, -along[0] // divisor)
        return normal, -dot(normal, one), dot(one, one)

    def judge(self, task: Task, answer: str) -> bool:
        right = task.secret["answer"]
        if answer.strip().lower() == NONE:
            return bool(right == NONE)
        try:
            points = read_surd_points(answer, 2)
            if right == NONE:
                return False
            expected = read_surd_points(right, 2)
            if len(points) != len(expected):
                return False
            orders = (points, points[::-1])
            return any(all(map(_same, order, expected)) for order in orders)
        except (FormulaError, TooLongError) as error:
            raise Unreadable(str(error)) from None

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        if rng.random() < 0.2:
            return committed(NONE)
        points = [draw_point(2, 2 * self.config.largest, rng) for _ in range(rng.randint(1, 2))]
        return committed("; ".join(map(str, points)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        if answer == NONE:
            return {"one or none": [committed("none; (0, 0)"), committed("none or (0, 0)")]}
        first, _, second = answer.partition("; ")
        cheats = {
            "the first point twice": [committed(f"{first}; {first}")],
            "a point more": [committed(f"{answer}; (0, 0)")],
            "points or none": [committed(f"{answer}; none"), committed(f"{answer} or none")],
        }
        if second:
            cheats["one point only"] = [committed(first), committed(second)]
        return super().cheats(task) | cheats


def _same(one: tuple[Formula, Formula], other: tuple[Formula, Formula]) -> bool:
    return same_constant(one[0], other[0]) and same_constant(one[1], other[1])


def intersections(centre: Point, square: int, normal: Point, constant: int) -> list[tuple[Formula, Formula]]:
    """The points at which `normal . p = constant` meets the circle with this centre and squared radius."""
    length = dot(normal, normal)
    gap = dot(normal, centre) - constant
    under = square * length - gap * gap
    if under < 0:
        return []
    foot = [Fraction(c * length - gap * n, length) for c, n in zip(centre, normal, strict=True)]
    along = (-normal[1], normal[0])
    signs = (1, -1) if under else (1,)
    return [
        (
            surd(foot[0], Fraction(sign * along[0], length), under),
            surd(foot[1], Fraction(sign * along[1], length), under),
        )
        for sign in signs
    ]


def _centred(centre: Point, square: int) -> str:
    parts = []
    for value, name in zip(centre, "xy", strict=True):
        parts.append(f"{name}^2" if value == 0 else f"({name} {'-' if value > 0 else '+'} {abs(value)})^2")
    return f"{' + '.join(parts)} = {square}"


def _expanded(centre: Point, square: int) -> str:
    text = "x^2 + y^2"
    for value, name in zip(centre, "xy", strict=True):
        if value:
            text += f" {'-' if value > 0 else '+'} {2 * abs(value)}{name}"
    rest = dot(centre, centre) - square
    if rest:
        text += f" {'+' if rest > 0 else '-'} {abs(rest)}"
    return f"{text} = 0"
