"""The geometry families: every answer is found anew, by other means, from the text or the figures that the task shows."""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import sympy
from sympy import geometry as other

import textgym
from support.families import tasks_of
from textgym.core import ConfigError

Task = textgym.Task
LEVELS = pytest.mark.parametrize("level", ["easy", "medium", "hard"])


def pay(task: Task, name: str, answer: str) -> float:
    return textgym.make(f"textgym/{name}-v0").start(task).step(f"<answer>{answer}</answer>")[1]


def equal(one: Any, two: Any) -> bool:
    return sympy.simplify(sympy.sympify(one) - sympy.sympify(two)) == 0


def heron(corners: list[Any]) -> Any:
    """Sixteen times the square of the area, from the squared sides."""
    a, b, c = (sum((p - q) ** 2 for p, q in zip(corners[i], corners[i - 1], strict=True)) for i in range(3))
    return 4 * a * b - (a + b - c) ** 2


@LEVELS
def test_triangles_have_the_area_that_their_sides_give(level: str) -> None:
    x, y = sympy.symbols("x y")
    for task in tasks_of("TriangleArea", 30, difficulty=level):
        if "lines" in task.data:
            lines = [a * x + b * y - c for a, b, c in task.data["lines"]]
            points = [sympy.solve([lines[n], lines[n - 1]], [x, y], dict=True)[0] for n in range(3)]
            corners = [(point[x], point[y]) for point in points]
        else:
            corners = task.data["corners"]
            assert all(str(tuple(corner)) in task.prompt for corner in corners)
        assert sympy.expand(16 * sympy.sympify(task.secret["answer"]) ** 2 - heron(corners)) == 0


def crosses(p: Any, q: Any, r: Any, s: Any) -> bool:
    def side(a: Any, b: Any, c: Any) -> int:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return side(p, q, r) * side(p, q, s) <= 0 and side(r, s, p) * side(r, s, q) <= 0


@LEVELS
@pytest.mark.parametrize("name", ["PolygonArea", "LatticePoints"])
def test_polygons_do_not_cross_themselves(name: str, level: str) -> None:
    concave = 0
    for task in tasks_of(name, 30, difficulty=level):
        corners = task.data["corners"]
        edges = list(pairwise([*corners, corners[0]]))
        for i, (p, q) in enumerate(edges):
            for j, (r, s) in enumerate(edges):
                if j > i + 1 and not (i == 0 and j == len(edges) - 1):
                    assert not crosses(p, q, r, s)
        concave += len(corners) > 3 and not other.Polygon(*map(tuple, corners)).is_convex()
    assert concave or level == "easy"


@LEVELS
def test_polygons_have_the_area_that_another_library_finds(level: str) -> None:
    for task in tasks_of("PolygonArea", 20, difficulty=level):
        assert ", ".join(str(tuple(corner)) for corner in task.data["corners"]) in task.prompt
        assert abs(other.Polygon(*map(tuple, task.data["corners"])).area) == sympy.Rational(task.secret["answer"])


def inside(point: tuple[int, int], corners: list[Any]) -> bool:
    """Strictly inside, by a ray to the right, in whole numbers."""
    x, y = point
    odd = False
    for (a, b), (c, d) in pairwise([*corners, corners[0]]):
        turn = (c - a) * (y - b) - (d - b) * (x - a)
        if turn == 0 and min(a, c) <= x <= max(a, c) and min(b, d) <= y <= max(b, d):
            return False
        if (b > y) != (d > y) and (turn > 0) == (d > b):
            odd = not odd
    return odd


@LEVELS
def test_lattice_points_are_counted_one_by_one(level: str) -> None:
    for task in tasks_of("LatticePoints", 10, difficulty=level):
        xs, ys = zip(*task.data["corners"], strict=True)
        box = ((x, y) for x in range(min(xs), max(xs) + 1) for y in range(min(ys), max(ys) + 1))
        assert sum(inside(point, task.data["corners"]) for point in box) == task.secret["answer"]


def distance(data: dict[str, Any]) -> Any:
    kind = data["kind"]
    if kind == "points":
        return other.Point(data["points"][0]).distance(other.Point(data["points"][1]))
    if kind == "point and line":
        (a, b), c = data["normal"], data["constant"]
        return other.Line(a * sympy.Symbol("x") + b * sympy.Symbol("y") - c).distance(other.Point(data["point"]))
    if kind == "point and plane":
        foot = [sympy.Rational(data["constant"] * n, sum(m * m for m in data["normal"])) for n in data["normal"]]
        return other.Plane(other.Point3D(*foot), normal_vector=data["normal"]).distance(other.Point3D(*data["point"]))
    if kind.startswith("parallel"):
        normal, (first, second) = data["normal"], data["constants"]
        length = sum(n * n for n in normal)
        feet = [
            other.Point([sympy.Rational(constant, factor * length) * n for n in normal])
            for constant, factor in ((first, 1), (second, data["factor"]))
        ]
        return feet[0].distance(feet[1])
    if kind == "point and line in space":
        start = other.Point3D(*data["start"])
        return other.Line3D(start, direction_ratio=data["direction"]).distance(other.Point3D(*data["point"]))
    s, t = sympy.symbols("s t")
    gap = [
        a + s * d - b - t * e
        for a, d, b, e in zip(
            data["starts"][0], data["directions"][0], data["starts"][1], data["directions"][1], strict=True
        )
    ]
    square = sum(part**2 for part in gap)
    best = sympy.solve([sympy.diff(square, s), sympy.diff(square, t)], [s, t])
    return sympy.sqrt(sympy.expand(square.subs(best)))


@LEVELS
def test_distances_are_those_of_another_library(level: str) -> None:
    kinds = set()
    for task in tasks_of("SurdDistance", 25, difficulty=level):
        assert equal(task.secret["answer"], distance(task.data)), task.prompt
        kinds.add(task.data["kind"])
    assert len(kinds) >= 2


@LEVELS
def test_lines_meet_circles_where_both_equations_hold(level: str) -> None:
    counts = set()
    for task in tasks_of("CircleLine", 60, difficulty=level):
        data = task.data
        (h, k), (a, b) = data["centre"], data["normal"]
        shown = re.search(r"the line (.+) = (-?\d+) meet the circle (.+) = (\d+)\?", task.prompt)
        assert shown is not None
        left, right = (re.sub(r"(\d)([xy(])", r"\1*\2", shown[n]).replace("^", "**") for n in (1, 3))
        line = sympy.sympify(left) - int(shown[2])
        circle = sympy.sympify(right) - int(shown[4])
        x, y = sympy.symbols("x y")
        assert sympy.expand(line - (a * x + b * y - data["constant"])) == 0
        assert sympy.expand(circle - ((x - h) ** 2 + (y - k) ** 2 - data["square"])) == 0
        gap = (a * h + b * k - data["constant"]) ** 2 - data["square"] * (a * a + b * b)
        points = [] if task.secret["answer"] == "none" else task.secret["answer"].split("; ")
        assert len(points) == (2 if gap < 0 else 1 if gap == 0 else 0)
        assert len(set(points)) == len(points)
        for point in points:
            at = dict(zip((x, y), map(sympy.sympify, point[1:-1].split(", ")), strict=True))
            assert sympy.expand(line.subs(at)) == 0
            assert sympy.expand(circle.subs(at)) == 0
        counts.add(len(points))
    assert counts >= {1, 2}


def test_points_of_a_circle_earn_in_any_order_and_form() -> None:
    for task in tasks_of("CircleLine", 80):
        points = task.secret["answer"].split("; ")
        if task.secret["answer"] == "none":
            assert pay(task, "CircleLine", "None") == 1.0
            assert pay(task, "CircleLine", "(0, 0)") == 0.0
            continue
        assert pay(task, "CircleLine", ";".join(reversed(points)).replace(" ", "")) == 1.0
        assert pay(task, "CircleLine", "none") == 0.0
        if len(points) == 2:
            assert pay(task, "CircleLine", points[0]) == 0.0
            assert pay(task, "CircleLine", f"{points[0]}; {points[0]}") == 0.0
            swapped = "; ".join(re.sub(r"\((.+), (.+)\)", r"(\2, \1)", point) for point in points)
            if sorted(swapped.split("; ")) != sorted(points):
                assert pay(task, "CircleLine", swapped) == 0.0


NUMBER = r"(-?\d+(?:/\d+)?)"


def follow(sentence: str, point: complex | Any) -> Any:
    """One transformation, read from the sentence and done in complex numbers."""

    def numbers(pattern: str) -> list[Any] | None:
        found = re.fullmatch(rf"\d+\. {pattern}", sentence)
        return None if found is None else [sympy.Rational(part) for part in found.groups()]

    i = sympy.I
    if (given := numbers(rf"It is moved by the vector \({NUMBER}, {NUMBER}\)\.")) is not None:
        return point + given[0] + i * given[1]
    if (given := numbers(rf"It is rotated by (\d+) degrees about \({NUMBER}, {NUMBER}\)\.")) is not None:
        centre = given[1] + i * given[2]
        return sympy.expand(centre + i ** (given[0] // 90) * (point - centre))
    if (
        given := numbers(rf"It is dilated by the factor {NUMBER} from the centre \({NUMBER}, {NUMBER}\)\.")
    ) is not None:
        centre = given[1] + i * given[2]
        return sympy.expand(centre + given[0] * (point - centre))
    found = re.fullmatch(
        r"\d+\. It is (reflected in|projected perpendicularly onto) the line (.+) = (-?\d+)\.", sentence
    )
    assert found is not None, sentence
    x, y = sympy.symbols("x y")
    left = sympy.sympify(re.sub(r"(\d)([xy])", r"\1*\2", found[2]))
    normal = left.coeff(x) + i * left.coeff(y)
    value = left.subs({x: sympy.re(point), y: sympy.im(point)}) - int(found[3])
    foot = point - value * normal / sympy.Abs(normal) ** 2
    return sympy.expand(foot if found[1].startswith("projected") else 2 * foot - point)


@LEVELS
def test_points_go_where_the_sentences_send_them(level: str) -> None:
    kinds = set()
    for task in tasks_of("TransformPoint", 25, difficulty=level):
        start = re.search(r"The point \((-?\d+), (-?\d+)\)", task.prompt)
        assert start is not None
        point = sympy.Integer(start[1]) + sympy.I * sympy.Integer(start[2])
        for sentence in task.prompt.splitlines():
            if re.match(r"\d+\. ", sentence):
                point = follow(sentence, point)
        assert task.secret["answer"] == f"({sympy.re(point)}, {sympy.im(point)})"
        kinds |= set(task.data["kinds"])
    assert len(kinds) == {"easy": 6, "medium": 9, "hard": 11}[level]


THEOREMS = [
    (r"measures ([\d.]+) degrees\.$", lambda v, g: g[0]),
    (r"lies on the line from . to ., between them;", lambda v, g: 180 - v),
    (r"the angle at . measures ([\d.]+) degrees; angle \d+ is the angle at .\.$", lambda v, g: 180 - v - g[0]),
    (r"the angle at . measures ([\d.]+) degrees; angle \d+ is the exterior angle at .\.$", lambda v, g: v + g[0]),
    (r"has a right angle at .", lambda v, g: 90 - v),
    (
        r"Triangle (?P<a>.)(?P<b>.). has (?P=a)(?P=b) = (?P=a). and its angle at (?P=a) equals",
        lambda v, g: (180 - v) / 2,
    ),
    (r"Triangle (?P<a>.)(?P<b>.). has (?P=a)(?P=b) = (?P=a). and its angle at (?P=b) equals", lambda v, g: 180 - 2 * v),
    (r"the ray .. bisects it", lambda v, g: v / 2),
    (r"convex quadrilateral .... lie on a circle", lambda v, g: 180 - v),
    (r"In the trapezium", lambda v, g: 180 - v),
    (r"the inscribed angle ... equals angle \d+, which is acute", lambda v, g: 2 * v),
    (r"the central angle ... equals", lambda v, g: v / 2),
    (r"and the tangent at", lambda v, g: 2 * v),
    (r"measures ([\d.]+) degrees and the angle at . ([\d.]+) degrees;", lambda v, g: 360 - v - g[0] - g[1]),
]


@LEVELS
def test_angles_follow_from_the_sentences(level: str) -> None:
    used = set()
    for task in tasks_of("AngleChase", 60, difficulty=level):
        text = task.prompt.partition(" How many degrees")[0]
        angle = Fraction(0)
        for place, sentence in enumerate(re.split(r"(?<=\.) (?=[A-Z])", text)):
            first = sentence.startswith("Angle 1 ")
            fitting = [
                (number, theorem, found)
                for number, (pattern, theorem) in enumerate(THEOREMS)
                if (number == 0) == first and (found := re.search(pattern, sentence))
            ]
            assert len(fitting) == 1, sentence
            number, theorem, found = fitting[0]
            assert first or f"equals angle {place}" in sentence
            angle = theorem(angle, [Fraction(part) for part in found.groups() if part[0].isdigit()])
            assert 0 < angle < 180
            used.add(number)
        assert angle == Fraction(task.secret["answer"])
    assert len(used) == (8 if level == "easy" else 14)


@pytest.mark.parametrize("name", ["TriangleArea", "SurdDistance"])
def test_a_surd_earns_in_simple_forms_and_a_computation_does_not(name: str) -> None:
    for task in tasks_of(name, 40):
        answer = task.secret["answer"]
        assert pay(task, name, f"1*{answer}") == 1.0
        assert pay(task, name, f"sqrt(({answer})^2)") == 0.0
        assert pay(task, name, str(sympy.sympify(answer).evalf(30))) == (
            1.0 if sympy.sympify(answer).is_integer else 0.0
        )
        square = sympy.sympify(answer) ** 2
        assert pay(task, name, f"sqrt({square})") == 1.0


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("TriangleArea", {"given": "circles"}, "given"),
        ("SurdDistance", {"between": "spheres"}, "between"),
        ("PolygonArea", {"corners": 3}, "corners"),
        ("CircleLine", {"surd": True}, "surds"),
    ],
)
def test_wrong_settings_are_refused_by_name(name: str, settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        textgym.make(f"textgym/{name}-v0", **settings)
