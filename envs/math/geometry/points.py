"""Points and vectors of the plane and of space, exact."""

from fractions import Fraction
from itertools import pairwise
from math import gcd

from textgym.core import Random
from textgym.envs.math.closed_forms import Formula, FormulaError, read_surd

Point = tuple[int, ...]

_MOST_CHARS = 1_000


def draw_point(dimension: int, largest: int, rng: Random) -> Point:
    """A point with whole coordinates from `-largest` to `largest`."""
    return tuple(rng.randint(-largest, largest) for _ in range(dimension))


def draw_vector(dimension: int, largest: int, rng: Random) -> Point:
    """A vector other than 0 with whole coordinates that have no common divisor."""
    while True:
        vector = draw_point(dimension, largest, rng)
        if gcd(*vector) == 1:
            return vector


def minus(one: Point, other: Point) -> Point:
    """The vector from the other point to the one."""
    return tuple(a - b for a, b in zip(one, other, strict=True))


def dot(one: Point, other: Point) -> int:
    """The scalar product."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def cross(one: Point, other: Point) -> Point:
    """The vector product in space."""
    (a, b, c), (d, e, f) = one, other
    return (b * f - c * e, c * d - a * f, a * e - b * d)


def turn(one: Point, other: Point) -> int:
    """The determinant of two vectors of the plane: above 0 where the second is to the left of the first."""
    return one[0] * other[1] - one[1] * other[0]


def equation(coefficients: Point, constant: int | Fraction, names: str = "xyz") -> str:
    """A linear equation such as `3x - 2y = 5`."""
    text = ""
    for coefficient, name in zip(coefficients, names, strict=False):
        if coefficient:
            size = "" if abs(coefficient) == 1 else str(abs(coefficient))
            sign = ("-" if coefficient < 0 else "") if not text else (" - " if coefficient < 0 else " + ")
            text += f"{sign}{size}{name}"
    return f"{text} = {constant}"


def read_surd_points(text: str, most: int) -> list[tuple[Formula, Formula]]:
    """Points such as `(1, 2 - sqrt(3)); (4/5, 0)`.

    Raises:
        FormulaError: the text is none, or has more than `most` points.
    """
    if len(text) > _MOST_CHARS or text.count(";") >= most:
        raise FormulaError(f"Give at most {most} points.")
    points = []
    for part in text.split(";"):
        inner = part.strip()
        commas = inner.count(",")
        if commas != 1 or not (inner.startswith("(") and inner.endswith(")")):
            raise FormulaError("Write points as (x, y), and a semicolon between two of them.")
        first, _, second = inner[1:-1].partition(",")
        points.append((read_surd(first), read_surd(second)))
    return points


def draw_polygon(corners: int, size: int, rng: Random) -> list[Point] | None:
    """A simple polygon with whole coordinates around the origin, against the clock; None if this draw gives none.

    Every corner is seen from the origin in another direction, and no two neighbours' directions are 180 degrees or more
    apart, so the polygon has no crossings. No three corners in a row are in line.
    """
    points = [draw_point(2, size, rng) for _ in range(corners)]
    if (0, 0) in points:
        return None
    # Directions in order, from the positive x axis against the clock: by half plane, then by slope.
    points.sort(
        key=lambda p: (p[1] < 0 or (p[1] == 0 and p[0] < 0), -Fraction(p[0], p[1]) if p[1] else Fraction(-(10**9)))
    )
    closed = [*points, *points[:2]]
    if any(turn(one, other) <= 0 for one, other in pairwise(closed[:-1])):
        return None
    edges = [minus(other, one) for one, other in pairwise(closed)]
    return points if all(turn(one, other) for one, other in pairwise(edges)) else None


def twice_area(polygon: list[Point]) -> int:
    """Twice the area of a polygon, by the shoelace formula; positive against the clock."""
    return sum(turn(one, other) for one, other in pairwise([*polygon, polygon[0]]))


def edges_of(polygon: list[Point]) -> list[Point]:
    """The vectors along the edges."""
    return [minus(other, one) for one, other in pairwise([*polygon, polygon[0]])]


def shape_of(polygon: list[Point]) -> list[int]:
    """The squared lengths of the edges in order of size: the same for polygons that are moved, turned or mirrored."""
    return sorted(dot(edge, edge) for edge in edges_of(polygon))


def moved(polygon: list[Point], largest: int, rng: Random) -> list[Point]:
    """The polygon somewhere else, from another corner on, and in either direction."""
    offset = draw_point(2, largest, rng)
    start = rng.randrange(len(polygon))
    points: list[Point] = [(x + offset[0], y + offset[1]) for x, y in polygon[start:] + polygon[:start]]
    return points[::-1] if rng.getrandbits(1) else points
