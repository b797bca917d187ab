"""LatticePoints: how many points with whole coordinates lie inside a polygon."""

from math import gcd
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.geometry.points import Point, draw_polygon, edges_of, moved, shape_of, twice_area
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_FEWEST = 15


class LatticePointsConfig(LevelledConfig):
    """Knobs of LatticePoints."""

    corners: int = Field(4, ge=3, le=12, description="how many corners the polygon has")
    size: int = Field(
        20, ge=6, le=1_000, description="how far the corners are from its middle, at most, in each direction"
    )
    offset: int = Field(
        20, ge=0, le=10_000, description="how far the middle is from the origin, at most, in each direction"
    )

    levels: ClassVar[Levels] = {
        "easy": {"corners": 3, "size": 12, "offset": 12},
        "hard": {"corners": 6, "size": 60, "offset": 60},
    }


class LatticePoints(WholeNumberAnswer[LatticePointsConfig]):
    """Count the points with whole coordinates strictly inside a polygon (Pick's theorem).

    Observation: the corners of the polygon in order, with whole coordinates.
    Action: the number of points inside, without those on the edges, inside one <answer></answer>, as a whole number. Text
        outside the tags is not read; anything else is invalid.
    Reward: 1 for that number, else 0.
    Ends: after the answer.
    Splits: by the squared lengths of the edges, so that no polygon is moved, turned or mirrored into another split.
    Oracle: gives the number.

    The edges do not cross, and there are at least 15 points inside. The difficulty of a task is the number of corners.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        polygon = draw_polygon(config.corners, config.size, rng)
        if polygon is None:
            raise RedrawError("no simple polygon around the middle")
        family = rng.claim(f"points {shape_of(polygon)}")
        inside = points_inside(polygon)
        if inside < _FEWEST:
            raise RedrawError("too few points inside")
        shown = moved(polygon, config.offset, rng)
        return Task(
            prompt=self.ask(
                "How many points with whole coordinates lie strictly inside (not on the edges of) the polygon with the "
                f"corners, in order, {', '.join(map(str, shown))}?"
            ),
            secret={"answer": inside},
            data={"corners": shown},
            family=family,
            difficulty=config.corners,
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(str(rng.randint(_FEWEST, 2 * self.config.size**2)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        border = sum(gcd(*edge) for edge in edges_of(task.data["corners"]))
        return super().cheats(task) | {"the edges counted too": [committed(str(task.secret["answer"] + border))]}


def points_inside(polygon: list[Point]) -> int:
    """The points with whole coordinates strictly inside, by Pick's theorem: A = inside + border/2 - 1."""
    border = sum(gcd(*edge) for edge in edges_of(polygon))
    return (abs(twice_area(polygon)) - border) // 2 + 1
