"""SurdDistance: the exact distance between points, lines and planes."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.closed_forms import surd, written
from textgym.envs.math.closed_forms.answers import SurdAnswer
from textgym.envs.math.geometry.points import cross, dot, draw_point, draw_vector, equation, minus
from textgym.envs.math.levels import LevelledConfig, Levels

Drawn = tuple[str, Fraction, dict[str, Any]]
"""The question, the square of the distance, and the numbers behind it."""


class SurdDistanceConfig(LevelledConfig):
    """Knobs of SurdDistance."""

    between: Literal["points", "planes", "lines"] = Field(
        "planes",
        description="points (two points, a point and a line of the plane), planes (a point or a plane and a plane, "
        "parallel lines of the plane), or lines (a point or a line and a line in space)",
    )
    largest: int = Field(40, ge=4, le=1_000, description="largest absolute value of a coordinate")
    largest_direction: int = Field(9, ge=2, le=100, description="largest absolute value in a direction or normal")

    levels: ClassVar[Levels] = {
        "easy": {"between": "points", "largest": 60, "largest_direction": 12},
        "hard": {"between": "lines", "largest": 9, "largest_direction": 6},
    }


class SurdDistance(SurdAnswer[SurdDistanceConfig]):
    """Find the exact distance between two points, lines or planes.

    Observation: two of them, with whole coordinates, in the plane or in space.
    Action: the distance inside one <answer></answer>, as an exact number of the form 3/4 or 5*sqrt(2)/3: at most one
        square root, with one number inside. Text outside the tags is not read; anything else, such as a computation that
        is not carried out, is invalid.
    Reward: 1 for the exact distance, else 0.
    Ends: after the answer.
    Splits: by what the distance is between, and its square.
    Oracle: gives the distance.

    The distance is not 0. The difficulty of a task is 1 for points, 2 for planes and 3 for lines.
    """

    def generate(self, rng: Random) -> Task:
        kinds = _KINDS[self.config.between]
        place = rng.randrange(len(kinds))
        question, square, data = kinds[place](self.config, rng)
        family = rng.claim(f"distance {self.config.between} {place} {square}")
        if not square:
            raise RedrawError("the distance is 0")
        answer = surd(Fraction(0), Fraction(1, square.denominator), square.numerator * square.denominator)
        return Task(
            prompt=self.ask(f"What is the distance between {question}?"),
            secret={"answer": written(answer)},
            data=data,
            family=family,
            difficulty=list(_KINDS).index(self.config.between) + 1,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        return super().cheats(task) | {
            "the wrong sign": [committed(f"-({answer})")],
            "a computation": [committed(f"sqrt(({answer})^2)"), committed(f"sqrt(0*0 + ({answer})*({answer}))")],
        }


def _two_points(config: SurdDistanceConfig, rng: Random) -> Drawn:
    dimension = rng.choice([2, 3])
    one, other = (draw_point(dimension, config.largest, rng) for _ in range(2))
    between = minus(one, other)
    return f"the points {one} and {other}", Fraction(dot(between, between)), {"kind": "points", "points": [one, other]}


def _point_and_line(config: SurdDistanceConfig, rng: Random) -> Drawn:
    return _point_and_normal(config, 2, "line", rng)


def _point_and_plane(config: SurdDistanceConfig, rng: Random) -> Drawn:
    return _point_and_normal(config, 3, "plane", rng)


def _point_and_normal(config: SurdDistanceConfig, dimension: int, kind: str, rng: Random) -> Drawn:
    point, normal = draw_point(dimension, config.largest, rng), draw_vector(dimension, config.largest_direction, rng)
    constant = rng.randint(-config.largest, config.largest)
    square = Fraction((dot(normal, point) - constant) ** 2, dot(normal, normal))
    data = {"kind": f"point and {kind}", "point": point, "normal": normal, "constant": constant}
    return f"the point {point} and the {kind} {equation(normal, constant)}", square, data


def _parallel(config: SurdDistanceConfig, rng: Random) -> Drawn:
    dimension = rng.choice([2, 3])
    normal, factor = draw_vector(dimension, config.largest_direction, rng), rng.choice([-3, -2, 2, 3])
    first, second = (rng.randint(-config.largest, config.largest) for _ in range(2))
    other = tuple(factor * entry for entry in normal)
    square = Fraction((factor * first - second) ** 2, dot(other, other))
    kind = "lines" if dimension == 2 else "planes"
    data = {"kind": f"parallel {kind}", "normal": normal, "factor": factor, "constants": [first, second]}
    return f"the parallel {kind} {equation(normal, first)} and {equation(other, second)}", square, data


def _line(point: tuple[int, ...], direction: tuple[int, ...], name: str) -> str:
    return f"the line {point} + {name}*{direction}"


def _point_and_line_in_space(config: SurdDistanceConfig, rng: Random) -> Drawn:
    point, start = (draw_point(3, config.largest, rng) for _ in range(2))
    direction = draw_vector(3, config.largest_direction, rng)
    area = cross(minus(point, start), direction)
    data = {"kind": "point and line in space", "point": point, "start": start, "direction": direction}
    return (
        f"the point {point} and {_line(start, direction, 't')}",
        Fraction(dot(area, area), dot(direction, direction)),
        data,
    )


def _two_lines(config: SurdDistanceConfig, rng: Random) -> Drawn:
    starts = [draw_point(3, config.largest, rng) for _ in range(2)]
    directions = [draw_vector(3, config.largest_direction, rng) for _ in range(2)]
    normal = cross(*directions)
    if not any(normal):
        raise RedrawError("the lines are parallel")
    square = Fraction(dot(normal, minus(*starts)) ** 2, dot(normal, normal))
    one, other = (
        _line(start, direction, name) for start, direction, name in zip(starts, directions, "st", strict=True)
    )
    return f"{one} and {other}", square, {"kind": "two lines", "starts": starts, "directions": directions}


_KINDS: dict[str, tuple[Callable[[SurdDistanceConfig, Random], Drawn], ...]] = {
    "points": (_two_points, _point_and_line),
    "planes": (_point_and_plane, _parallel),
    "lines": (_point_and_line_in_space, _two_lines),
}
