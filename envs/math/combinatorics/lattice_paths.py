"""LatticePaths: how many shortest paths cross a grid under rules."""

from math import comb
from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.combinatorics.phrases import listed
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.number_answer import WholeNumberAnswer

_SMALLEST = 20

Point = tuple[int, int]


class LatticePathsConfig(LevelledConfig):
    """Knobs of LatticePaths."""

    smallest: int = Field(5, ge=3, le=30, description="smallest width or height of the grid, in steps")
    largest: int = Field(10, ge=3, le=30, description="largest width or height of the grid, in steps")
    blocked: int = Field(5, ge=0, le=20, description="points that no path may touch")
    diagonal: bool = Field(False, description="whether diagonal steps may be allowed as well")

    levels: ClassVar[Levels] = {
        "easy": {"smallest": 5, "largest": 10, "blocked": 4},
        "hard": {"smallest": 7, "largest": 12, "blocked": 6, "diagonal": True},
    }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.smallest > self.largest:
            raise ValueError(f"smallest ({self.smallest}) must not be above largest ({self.largest})")
        return self


class LatticePaths(WholeNumberAnswer[LatticePathsConfig]):
    """Count the paths from one corner of a grid to the other that keep clear of some points.

    Observation: where the path ends, the steps it may take (right and up; with `diagonal` in half of the tasks also
        diagonally), the points it must not touch, and in some tasks a point that it must touch or a line that it must not
        cross.
    Action: the number of paths, inside one <answer></answer>, as a whole number. Text outside the tags is not read;
        anything else is invalid.
    Reward: 1 for that number, else 0.
    Ends: after the answer.
    Splits: by width, height, steps, further rule and number of blocked points, whatever the points.
    Oracle: gives the number.

    At least 20 paths are left, and each blocked point is on some path. The difficulty of a task is width plus height plus
    the number of blocked points.
    """

    def generate(self, rng: Random) -> Task:
        config = self.config
        width, height = (rng.randint(config.smallest, config.largest) for _ in range(2))
        diagonal = config.diagonal and bool(rng.getrandbits(1))
        rule = rng.choice(["", "through", "below"])
        if rule == "below" and height > width:
            rule = ""
        family = rng.claim(f"paths {width} {height} {diagonal} {rule} {config.blocked}")
        inner = [(x, y) for x in range(width + 1) for y in range(height + 1) if (x, y) not in ((0, 0), (width, height))]
        if rule == "below":
            inner = [(x, y) for x, y in inner if y <= x]
        if len(inner) <= config.blocked + 1:
            raise RedrawError("too few points")
        *blocked, through = rng.sample(inner, config.blocked + 1)
        blocked.sort()
        needed = through if rule == "through" else None
        below = rule == "below"
        answer = count_paths(width, height, blocked, through=needed, below=below, diagonal=diagonal)
        if answer < _SMALLEST:
            raise RedrawError("too few paths")
        steps = "one to the right (x grows by 1), one up (y grows by 1)"
        if diagonal:
            steps += ", or one diagonally (both grow by 1)"
        clauses = [f"It must not touch {listed(blocked, 'or')}."] if blocked else []
        if rule == "through":
            clauses.append(f"It must touch {through}.")
        elif rule == "below":
            clauses.append("It must never go above the line y = x; touching the line is allowed.")
        return Task(
            prompt=self.ask(
                f"A path leads on the whole-numbered points of the plane from (0, 0) to ({width}, {height}). Its steps are: "
                f"{steps}. {' '.join(clauses)} How many such paths are there?"
            ),
            secret={"answer": answer},
            data={
                "width": width,
                "height": height,
                "blocked": blocked,
                "through": needed,
                "below": below,
                "diagonal": diagonal,
            },
            family=family,
            difficulty=width + height + len(blocked),
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        every = comb(task.data["width"] + task.data["height"], task.data["width"])
        return committed(str(rng.randint(1, every)))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        every = comb(task.data["width"] + task.data["height"], task.data["width"])
        return super().cheats(task) | {
            "the rules forgotten": [committed(str(every))] if every != task.secret["answer"] else []
        }


def count_paths(
    width: int, height: int, blocked: list[Point], *, through: Point | None, below: bool, diagonal: bool
) -> int:
    """How many paths lead from (0, 0) to (width, height) and keep the rules."""
    shut = set(blocked)

    def ways(start: Point, end: Point) -> int:
        (left, bottom), (right, top) = start, end
        row: dict[int, int] = {}
        for y in range(bottom, top + 1):
            new: dict[int, int] = {}
            for x in range(left, right + 1):
                if (x, y) in shut or (below and y > x):
                    continue
                count = new.get(x - 1, 0) + row.get(x, 0) + (row.get(x - 1, 0) if diagonal else 0)
                new[x] = 1 if (x, y) == start else count
            row = new
        return row.get(right, 0)

    if through is None:
        return ways((0, 0), (width, height))
    return ways((0, 0), through) * ways(through, (width, height))
