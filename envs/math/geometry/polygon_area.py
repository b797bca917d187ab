"""PolygonArea: the exact area of a polygon from its corners."""

from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.geometry.points import draw_polygon, moved, shape_of, twice_area
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import RationalAnswer


class PolygonAreaConfig(LevelledConfig):
    """Knobs of PolygonArea."""

    corners: int = Field(6, ge=4, le=14, description="how many corners the polygon has")
    size: int = Field(
        15, ge=5, le=1_000, description="how far the corners are from its middle, at most, in each direction"
    )
    offset: int = Field(
        30, ge=0, le=10_000, description="how far the middle is from the origin, at most, in each direction"
    )

    levels: ClassVar[Levels] = {
        "easy": {"corners": 4, "size": 12, "offset": 10},
        "hard": {"corners": 9, "size": 40, "offset": 60},
    }


class PolygonArea(RationalAnswer[PolygonAreaConfig]):
    """Find the exact area of a polygon, which need not be convex.

    Observation: its corners in order, with whole coordinates.
    Action: the area inside one <answer></answer>, as a whole number, a fraction p/q or a decimal. Text outside the tags
        is not read; anything else is invalid.
    Reward: 1 for the exact area, else 0.
    Ends: after the answer.
    Splits: by the squared lengths of the edges, so that no polygon is moved, turned or mirrored into another split.
    Oracle: gives the area.

    The edges do not cross. The difficulty of a task is the number of corners.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        polygon = draw_polygon(config.corners, config.size, rng)
        if polygon is None:
            raise RedrawError("no simple polygon around the middle")
        family = rng.claim(f"polygon {shape_of(polygon)}")
        shown = moved(polygon, config.offset, rng)
        return Task(
            prompt=self.ask(
                f"What is the area of the polygon with the corners, in order, {', '.join(map(str, shown))}?"
            ),
            secret={"answer": str(Fraction(twice_area(polygon), 2))},
            data={"corners": shown},
            family=family,
            difficulty=config.corners,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(Fraction(rng.randint(1, 8 * self.config.size**2), 2)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        area = Fraction(task.secret["answer"])
        xs, ys = zip(*task.data["corners"], strict=True)
        box = (max(xs) - min(xs)) * (max(ys) - min(ys))
        return super().cheats(task) | {
            "twice the area": [committed(str(2 * area))],
            "the box around it": [committed(str(box))] if box != area else [],
        }
