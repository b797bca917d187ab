"""The ShortestPath environment: the shortest way through a weighted graph."""

from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import (
    MOST_VERTICES,
    all_pairs,
    distances,
    draw_names,
    more_edges,
    path_to,
    random_tree,
    read_vertices,
    shape,
    undirected,
)
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_TRIES = 30


class ShortestPathConfig(LevelledConfig):
    """Knobs of ShortestPath."""

    levels: ClassVar[Levels] = {
        "easy": {"vertices": 8, "edges": 13, "steps": 3},
        "medium": {"vertices": 12, "edges": 22, "steps": 4},
        "hard": {"vertices": 18, "edges": 40, "steps": 5},
    }

    vertices: int = Field(12, ge=5, le=MOST_VERTICES, description="towns; 8, 12 or 18 by difficulty")
    edges: int = Field(22, ge=6, le=120, description="roads; 13, 22 or 40 by difficulty")
    steps: int = Field(4, ge=2, le=8, description="fewest roads on a shortest path; 3, 4 or 5 by difficulty")
    heaviest: int = Field(30, ge=5, le=1000, description="longest road; the shortest is 1")


class ShortestPath(SingleAnswer[ShortestPathConfig]):
    """Find a shortest path between two vertices of a weighted graph.

    Observation: the roads with their lengths, and two towns.
    Action: the towns of a path from the first to the second, separated by spaces, commas or arrows, in one <answer></answer>.
        Text outside the tags is not read; an action without exactly one such pair, or with something else than names of
        towns in it, is invalid.
    Reward: 1 if the path follows roads and no other is shorter, else 0. Where several are the shortest, each is right.
    Ends: after the answer.
    Splits: by the graph without names and lengths: the degrees of each vertex and of its neighbours.
    Oracle: gives a shortest path.

    No path with the fewest roads is a shortest one. The difficulty of a task is the number of roads on a shortest path.
    """

    answer_form = "the names of the towns on the path, in order, separated by spaces"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.vertices
        edges = more_edges(random_tree(count, rng), all_pairs(count), config.edges, rng)
        family = rng.claim(f"shortest path {shape(count, edges)}")
        for _ in range(_TRIES):
            weights = {edge: rng.randint(1, config.heaviest) for edge in edges}
            start, end = rng.sample(range(count), 2)
            path = path_to(end, found := distances(count, weights, start))
            if len(path) > config.steps and not _naive(count, weights, start, end, found[end][0]):
                break
        else:
            raise RedrawError("the shortest paths are too short or too easy")
        names = draw_names(count, rng)
        rng.shuffle(edges)
        roads = []
        for edge in edges:
            one, two = rng.sample(edge, 2)
            roads.append(f"{names[one]} - {names[two]}: {weights[undirected(edge)]}")
        return Task(
            prompt=self.ask(
                "These roads join towns. Each can be used in both directions; behind it is its length.\n\n"
                + "\n".join(roads)
                + f"\n\nFind a shortest path from {names[start]} to {names[end]}, both included."
            ),
            secret={"answer": " ".join(names[vertex] for vertex in path), "length": found[end][0]},
            data={
                "names": names,
                "weights": [[*edge, weight] for edge, weight in sorted(weights.items())],
                "ends": [start, end],
            },
            family=family,
            difficulty=len(path) - 1,
        )

    def judge(self, task: Task, answer: str) -> bool:
        path = read_vertices(answer, task.data["names"])
        if path is None:
            raise Unreadable("That is not a list of towns.")
        weights = {(one, two): weight for one, two, weight in task.data["weights"]}
        if [path[0], path[-1]] != task.data["ends"]:
            return False
        steps = [undirected(step) for step in pairwise(path)]
        return all(step in weights for step in steps) and sum(weights[step] for step in steps) == task.secret["length"]

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names: str = task.data["names"]
        start, end = task.data["ends"]
        between = [name for at, name in enumerate(names) if at not in (start, end)]
        some = rng.sample(between, rng.randint(1, min(6, len(between))))
        return committed(" ".join([names[start], *some, names[end]]))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names: str = task.data["names"]
        start, end = task.data["ends"]
        return super().cheats(task) | {
            "straight there, road or no road": [committed(f"{names[start]} {names[end]}")],
            "the length alone": [committed(str(number)) for number in range(1, 60)],
            "all towns": [committed(" ".join(names))],
            "from the start to the start": [committed(names[start])],
        }


def _naive(count: int, weights: dict[tuple[int, int], int], start: int, end: int, length: int) -> bool:
    """Whether a path with the fewest roads is a shortest one."""
    scale = 1 + sum(weights.values())
    # Each road counts `scale` and its own length: the fewest roads come first, then the least length.
    fewest = distances(count, {edge: scale + weight for edge, weight in weights.items()}, start)[end][0]
    return fewest % scale == length
