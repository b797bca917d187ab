"""TransformPoint: where a point goes under a chain of transformations of the plane."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.answer_parts import pairs
from textgym.envs.math.geometry.points import draw_point, draw_vector, equation
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Plane = tuple[Fraction, Fraction]

_LARGEST_RESULT = 10_000
_PLAIN = ("translate", "rotate 90", "rotate 180", "rotate 270", "reflect x", "reflect y")
_FURTHER = (*_PLAIN, "reflect rising", "reflect falling", "dilate")
_ALL = (*_FURTHER, "reflect line", "project")


class TransformPointConfig(LevelledConfig):
    """Knobs of TransformPoint."""

    steps: int = Field(4, ge=1, le=12, description="how many transformations follow each other")
    kinds: int = Field(9, ge=6, le=11, description="how many kinds occur: the first so many of the list")
    largest: int = Field(9, ge=2, le=100, description="largest absolute value of a given coordinate")

    levels: ClassVar[Levels] = {
        "easy": {"steps": 3, "kinds": 6, "largest": 12},
        "hard": {"steps": 6, "kinds": 11, "largest": 9},
    }


class TransformPoint(SingleAnswer[TransformPointConfig]):
    """Follow a point through transformations of the plane.

    Observation: a point with whole coordinates and a list of transformations. The kinds, by `kinds`: 1 translations, 2-4
        rotations by 90, 180 and 270 degrees about a point, 5-6 reflections in a vertical and a horizontal line, 7-8 in a
        line of slope 1 and -1, 9 dilations, 10 reflections in any line, 11 projections onto a line.
    Action: where the point is in the end inside one <answer></answer>, as (x, y) with whole numbers, fractions or exact
        decimals. Text outside the tags is not read; anything else is invalid.
    Reward: 1 if both coordinates are exact, else 0.
    Ends: after the answer.
    Splits: by the sequence of kinds, whatever the numbers.
    Oracle: gives the point.

    The difficulty of a task is the number of transformations.
    """

    answer_form = "one point with exact coordinates, such as (3, -1/2)"

    def generate(self, rng: Random) -> Task:
        config = self.config
        kinds = [rng.choice(_ALL[: config.kinds]) for _ in range(config.steps)]
        family = rng.claim(f"transform {kinds}")
        start = draw_point(2, config.largest, rng)
        point: Plane = (Fraction(start[0]), Fraction(start[1]))
        texts = []
        for number, kind in enumerate(kinds, 1):
            text, point = _step(kind, point, config.largest, rng)
            texts.append(f"{number}. {text}")
        if max(abs(entry.numerator) + entry.denominator for entry in point) > _LARGEST_RESULT:
            raise RedrawError("the coordinates are too large")
        if point == (Fraction(start[0]), Fraction(start[1])):
            raise RedrawError("the point comes back")
        return Task(
            prompt=self.ask(
                f"The point {start} is transformed, step by step:\n\n{chr(10).join(texts)}\n\nWhere is it in the end? Rotations "
                "are counterclockwise."
            ),
            secret={"answer": _shown(point)},
            data={"start": start, "kinds": kinds},
            family=family,
            difficulty=config.steps,
        )

    def judge(self, task: Task, answer: str) -> bool:
        points = pairs(answer)
        if points is None or len(points) != 1:
            raise Unreadable("That is not one point.")
        return points == pairs(task.secret["answer"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(draw_point(2, 3 * self.config.largest, rng)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        ((x, y),) = pairs(task.secret["answer"]) or []
        wrong = {_shown(point) for point in ((y, x), (-x, y), (x, -y), (x + 1, y))} - {task.secret["answer"]}
        return super().cheats(task) | {
            "where it started": [committed(str(tuple(task.data["start"])))],
            "coordinates exchanged or negated": [committed(text) for text in sorted(wrong)],
            "two points": [committed(f"{task.secret['answer']}, {task.secret['answer']}")],
        }


def _shown(point: Plane) -> str:
    return f"({point[0]}, {point[1]})"


def _step(kind: str, point: Plane, largest: int, rng: Random) -> tuple[str, Plane]:
    """A transformation in words, and where it takes the point."""
    x, y = point
    a, b = draw_point(2, largest, rng)
    match kind:
        case "translate":
            return f"It is moved by the vector ({a}, {b}).", (x + a, y + b)
        case "rotate 90":
            return f"It is rotated by 90 degrees about ({a}, {b}).", (a - (y - b), b + (x - a))
        case "rotate 180":
            return f"It is rotated by 180 degrees about ({a}, {b}).", (2 * a - x, 2 * b - y)
        case "rotate 270":
            return f"It is rotated by 270 degrees about ({a}, {b}).", (a + (y - b), b - (x - a))
        case "reflect x":
            return f"It is reflected in the line x = {a}.", (2 * a - x, y)
        case "reflect y":
            return f"It is reflected in the line y = {b}.", (x, 2 * b - y)
        case "reflect rising":
            return f"It is reflected in the line x - y = {a}.", (y + a, x - a)
        case "reflect falling":
            return f"It is reflected in the line x + y = {a}.", (a - y, a - x)
        case "dilate":
            factor = rng.choice([Fraction(-2), Fraction(-1, 2), Fraction(1, 2), Fraction(2), Fraction(3)])
            text = f"It is dilated by the factor {factor} from the centre ({a}, {b})."
            return text, (a + factor * (x - a), b + factor * (y - b))
    p, q = draw_vector(2, 3, rng)
    line = equation((p, q), a)
    missed = Fraction(p * x + q * y - a) / (p * p + q * q)
    if kind == "project":
        return f"It is projected perpendicularly onto the line {line}.", (x - missed * p, y - missed * q)
    return f"It is reflected in the line {line}.", (x - 2 * missed * p, y - 2 * missed * q)
