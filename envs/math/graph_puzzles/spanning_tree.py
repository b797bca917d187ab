"""The MinimumSpanningTree environment: join all vertices at the least cost."""

from collections.abc import Collection
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import (
    MOST_VERTICES,
    Edge,
    Weights,
    all_pairs,
    draw_names,
    lightest_tree,
    more_edges,
    random_tree,
    read_edges,
    shape,
    show_edges,
    undirected,
)
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_TRIES = 30


class MinimumSpanningTreeConfig(LevelledConfig):
    """Knobs of MinimumSpanningTree."""

    levels: ClassVar[Levels] = {
        "easy": {"vertices": 7, "edges": 12},
        "medium": {"vertices": 9, "edges": 18},
        "hard": {"vertices": 14, "edges": 34},
    }

    vertices: int = Field(9, ge=5, le=MOST_VERTICES, description="houses; 7, 9 or 14 by difficulty")
    edges: int = Field(18, ge=8, le=120, description="possible cables; 12, 18 or 34 by difficulty")
    heaviest: int = Field(20, ge=5, le=1000, description="highest cost of a cable; the lowest is 1")


class MinimumSpanningTree(SingleAnswer[MinimumSpanningTreeConfig]):
    """Choose edges that join all vertices at the least total weight.

    Observation: the possible cables between houses with their costs.
    Action: the cables chosen, as `A-B` separated by commas or white space, in one <answer></answer>. Text outside the tags is
        not read; an action without exactly one such pair, or with something else than such pairs of names, is invalid.
    Reward: 1 if the cables exist, join all houses, and no choice that does costs less, else 0. Where several cost the least,
        each is right.
    Ends: after the answer.
    Splits: by the graph without names and weights: the degrees of each vertex and of its neighbours.
    Oracle: gives a tree of the least weight.

    The lightest edges by themselves never make the tree. The difficulty of a task is its number of vertices.
    """

    answer_form = "the cables chosen, such as A-B, C-D"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.vertices
        edges = more_edges(random_tree(count, rng), all_pairs(count), config.edges, rng)
        family = rng.claim(f"spanning tree {shape(count, edges)}")
        for _ in range(_TRIES):
            weights = {edge: rng.randint(1, config.heaviest) for edge in edges}
            tree = lightest_tree(count, weights)
            cheapest = sum(sorted(weights.values())[: count - 1])
            if sum(weights[edge] for edge in tree) > cheapest:
                break
        else:
            raise RedrawError("the lightest edges make the tree")
        names = draw_names(count, rng)
        rng.shuffle(edges)
        turned = [edge if rng.getrandbits(1) else edge[::-1] for edge in edges]
        lines = "\n".join(f"{show_edges([edge], names)}: {weights[undirected(edge)]}" for edge in turned)
        return Task(
            prompt=self.ask(
                f"{count} houses are to be joined by cables, so that current from any of them reaches all others. These "
                f"cables can be laid, at these costs:\n\n{lines}\n\nWhich cables do it at the least total cost?"
            ),
            secret={"answer": show_edges(tree, names), "cost": sum(weights[edge] for edge in tree)},
            data={"names": names, "weights": [[*edge, weight] for edge, weight in sorted(weights.items())]},
            family=family,
            difficulty=count,
        )

    def judge(self, task: Task, answer: str) -> bool:
        chosen = read_edges(answer, task.data["names"])
        if chosen is None:
            raise Unreadable("That is not a list of cables.")
        weights = {(one, two): weight for one, two, weight in task.data["weights"]}
        edges = [undirected(edge) for edge in chosen]
        return (
            len(set(edges)) == len(edges)
            and all(edge in weights for edge in edges)
            and sum(weights[edge] for edge in edges) == task.secret["cost"]
            and joins_all(len(task.data["names"]), edges)
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names = task.data["names"]
        edges = [(one, two) for one, two, _ in task.data["weights"]]
        return committed(show_edges(rng.sample(edges, min(len(names) - 1, len(edges))), names))

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names = task.data["names"]
        weights = sorted(task.data["weights"], key=lambda row: row[2])
        edges = [(one, two) for one, two, _ in weights]
        return super().cheats(task) | {
            "the lightest edges": [committed(show_edges(edges[: len(names) - 1], names))],
            "all edges": [committed(show_edges(edges, names))],
            "the lightest edge again and again": [committed(show_edges(edges[:1] * (len(names) - 1), names))],
            "edges from a house to itself": [committed(", ".join(f"{name}-{name}" for name in names))],
        }


def joins_all(count: int, edges: Collection[Edge]) -> bool:
    """Whether the edges join all vertices."""
    same: Weights = dict.fromkeys(edges, 1)
    return len(lightest_tree(count, same)) == count - 1
