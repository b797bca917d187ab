"""The HamiltonPath environment: a path through every vertex once."""

from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import (
    MOST_VERTICES,
    all_pairs,
    draw_names,
    more_edges,
    neighbours,
    read_vertices,
    shape,
    show_edges,
    undirected,
)
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class HamiltonPathConfig(LevelledConfig):
    """Knobs of HamiltonPath."""

    levels: ClassVar[Levels] = {
        "easy": {"vertices": 8, "edges": 12},
        "medium": {"vertices": 12, "edges": 20},
        "hard": {"vertices": 18, "edges": 32},
    }

    vertices: int = Field(12, ge=6, le=MOST_VERTICES, description="vertices; 8, 12 or 18 by difficulty")
    edges: int = Field(20, ge=8, le=100, description="edges; 12, 20 or 32 by difficulty")


class HamiltonPath(SingleAnswer[HamiltonPathConfig]):
    """Find a path that visits every vertex of a graph once.

    Observation: the edges of the graph.
    Action: the vertices in the order of the path, separated by spaces, commas or arrows, in one <answer></answer>. Text
        outside the tags is not read; an action without exactly one such pair, or with something else than names of vertices
        in it, is invalid.
    Reward: 1 if each step follows an edge and every vertex is visited once, else 0. Any such path is right.
    Ends: after the answer.
    Splits: by the graph without names: the degrees of each vertex and of its neighbours.
    Oracle: gives a path.

    Going from any vertex always to the unvisited neighbour that comes first in the alphabet gets stuck. The difficulty of a
    task is its number of vertices.
    """

    answer_form = "all vertices in the order of the path, separated by spaces"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.vertices
        path = rng.sample(range(count), count)
        edges = more_edges([undirected(step) for step in pairwise(path)], all_pairs(count), config.edges, rng)
        family = rng.claim(f"hamilton path {shape(count, edges)}")
        names = draw_names(count, rng)
        near = [sorted(others, key=lambda vertex: names[vertex]) for others in neighbours(count, edges)]
        if any(len(_walk(start, near)) == count for start in range(count)):
            raise RedrawError("walking on by the alphabet is enough")
        rng.shuffle(edges)
        written = [edge if rng.getrandbits(1) else edge[::-1] for edge in edges]
        return Task(
            prompt=self.ask(
                f"A graph has {count} vertices and the edges\n\n{show_edges(written, names)}\n\nEach edge can be used in both "
                "directions. Find a path that follows edges and visits every vertex exactly once."
            ),
            secret={"answer": " ".join(names[vertex] for vertex in path)},
            data={"names": names, "edges": [list(edge) for edge in edges]},
            family=family,
            difficulty=count,
        )

    def judge(self, task: Task, answer: str) -> bool:
        names: str = task.data["names"]
        path = read_vertices(answer, names)
        if path is None:
            raise Unreadable("That is not a list of vertices.")
        edges = {(one, two) for one, two in task.data["edges"]}
        return sorted(path) == list(range(len(names))) and all(undirected(step) in edges for step in pairwise(path))

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names = task.data["names"]
        return committed(" ".join(rng.sample(names, len(names))))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names: str = task.data["names"]
        one, two = task.data["edges"][0]
        to_and_fro = " ".join([names[one], names[two]] * (len(names) // 2 + 1))
        return super().cheats(task) | {
            "the alphabet": [committed(" ".join(sorted(names)))],
            "one edge to and fro": [committed(to_and_fro)],
            "one vertex": [committed(names[0])],
        }


def _walk(start: int, near: list[list[int]]) -> list[int]:
    walk = [start]
    while True:
        onward = next((vertex for vertex in near[walk[-1]] if vertex not in walk), None)
        if onward is None:
            return walk
        walk.append(onward)
