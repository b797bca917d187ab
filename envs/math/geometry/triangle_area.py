"""TriangleArea: the exact area of a triangle from corners or from lines."""

from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, Task
from textgym.envs.math.closed_forms import surd, written
from textgym.envs.math.closed_forms.answers import SurdAnswer
from textgym.envs.math.geometry.points import cross, dot, draw_point, draw_vector, equation, minus, turn
from textgym.envs.math.levels import LevelledConfig, Levels


class TriangleAreaConfig(LevelledConfig):
    """Knobs of TriangleArea."""

    given: Literal["plane", "space", "lines"] = Field(
        "space", description="corners in the plane, corners in space, or three lines of the plane"
    )
    largest: int = Field(12, ge=4, le=1_000, description="largest absolute value of a coordinate or coefficient")

    levels: ClassVar[Levels] = {
        "easy": {"given": "plane", "largest": 60},
        "hard": {"given": "lines", "largest": 12},
    }


class TriangleArea(SurdAnswer[TriangleAreaConfig]):
    """Find the exact area of a triangle.

    Observation: its corners in the plane or in space, with whole coordinates, or the three lines on which its sides lie.
    Action: the area inside one <answer></answer>, as an exact number of the form 3/4 or 5*sqrt(2)/3: at most one square
        root, with one number inside. Text outside the tags is not read; anything else, such as a computation that is not
        carried out, is invalid.
    Reward: 1 for the exact area, else 0.
    Ends: after the answer.
    Splits: by the squared lengths of the sides (of lines: by the coefficients), so that no triangle is moved or turned
        into another split.
    Oracle: gives the area.

    The area is not 0. The difficulty of a task is 1 for the plane, 2 for space and 3 for lines.
    """

    def generate(self, rng: Random) -> Task:
        if self.config.given == "lines":
            return self._lines(rng)
        dimension = 2 if self.config.given == "plane" else 3
        corners = [draw_point(dimension, self.config.largest, rng) for _ in range(3)]
        one, other, third = minus(corners[1], corners[0]), minus(corners[2], corners[0]), minus(corners[2], corners[1])
        family = rng.claim(f"triangle {sorted(dot(side, side) for side in (one, other, third))}")
        normal = cross(one, other) if dimension == 3 else (turn(one, other),)
        answer = written(surd(Fraction(0), Fraction(1, 2), dot(normal, normal)))
        if answer == "0":
            raise RedrawError("the corners are in line")
        listed = ", ".join(f"{name}{corner}" for name, corner in zip("ABC", corners, strict=True))
        return Task(
            prompt=self.ask(f"What is the area of the triangle with the corners {listed}?"),
            secret={"answer": answer},
            data={"corners": corners},
            family=family,
            difficulty=dimension - 1,
        )

    def _lines(self, rng: Random) -> Task:
        largest = self.config.largest
        lines = [(draw_vector(2, min(largest, 9), rng), rng.randint(-largest, largest)) for _ in range(3)]
        family = rng.claim(f"lines {sorted((sorted(map(abs, normal)), abs(constant)) for normal, constant in lines)}")
        turns = [turn(lines[n][0], lines[n - 1][0]) for n in range(3)]
        if not all(turns):
            raise RedrawError("two lines are parallel")
        rows = [(*normal, constant) for normal, constant in lines]
        whole = dot(cross(rows[0], rows[1]), rows[2])
        # The area of the triangle of three lines is det^2 / (2 |C1 C2 C3|), with the cofactors of the constants.
        area = Fraction(whole**2, 2 * abs(turns[0] * turns[1] * turns[2]))
        if not area:
            raise RedrawError("the lines meet in a point")
        listed = "\n".join(equation(normal, constant) for normal, constant in lines)
        return Task(
            prompt=self.ask(f"What is the area of the triangle whose sides lie on these three lines?\n\n{listed}"),
            secret={"answer": str(area)},
            data={"lines": [[*normal, constant] for normal, constant in lines]},
            family=family,
            difficulty=3,
        )

    def cheats(self, task: Task) -> dict[str, list[str]]:
        answer = task.secret["answer"]
        return super().cheats(task) | {
            "twice the area": [committed(f"2*({answer})")],
            "a computation": [
                committed(f"sqrt(({answer})^2)"),
                committed(f"({answer})*(3 - 2)*(7 - 6)*(9 - 8)*(5 - 4)"),
            ],
        }
