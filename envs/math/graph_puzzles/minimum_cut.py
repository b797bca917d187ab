"""The MinimumCut environment: part source and sink at the least capacity."""

from collections.abc import Iterable
from itertools import pairwise
from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import MOST_VERTICES, Weights, draw_names, more_edges, read_vertices, shape, source_side
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_TRIES = 20


class MinimumCutConfig(LevelledConfig):
    """Knobs of MinimumCut."""

    levels: ClassVar[Levels] = {
        "easy": {"vertices": 8, "edges": 16},
        "medium": {"vertices": 10, "edges": 24},
        "hard": {"vertices": 15, "edges": 45},
    }

    vertices: int = Field(
        10, ge=8, le=MOST_VERTICES, description="stations, with source and sink; 8, 10 or 15 by difficulty"
    )
    edges: int = Field(24, ge=10, le=150, description="pipes; 16, 24 or 45 by difficulty")
    largest: int = Field(20, ge=5, le=1000, description="largest capacity of a pipe; the smallest is 1")


class MinimumCut(SingleAnswer[MinimumCutConfig]):
    """Find a cut of least capacity between the source and the sink of a network: the proof that no flow is larger.

    Observation: the pipes, one-way, with their capacities, and which station is the source and which the sink.
    Action: the stations on the source's side of the cut, the source included, separated by spaces or commas, in one
        <answer></answer>. Text outside the tags is not read; an action without exactly one such pair, or with something else
        than names of stations in it, is invalid.
    Reward: 1 if the pipes that leave this side have together the least capacity of all cuts, else 0. Where several cuts have
        it, each is right.
    Ends: after the answer.
    Splits: by the network without names and capacities: the pipes into and out of each station and its neighbours.
    Oracle: gives a cut of least capacity.

    That it is the least is proven by a flow of the same size. Neither the source alone nor everything but the sink is such a
    cut. The difficulty of a task is its number of stations.
    """

    answer_form = "the stations on the source's side, separated by spaces"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.vertices
        source, sink = 0, 1  # names are drawn, so numbers tell nothing
        order = [source, *rng.sample(range(2, count), count - 2), sink]
        possible = [
            (one, two) for one in range(count) for two in range(count) if one not in (two, sink) and two != source
        ]
        edges = more_edges(pairwise(order), possible, config.edges, rng)
        family = rng.claim(f"cut {shape(count, edges, directed=True)}")
        for _ in range(_TRIES):
            capacities = {edge: rng.randint(1, config.largest) for edge in edges}
            flow, side = source_side(count, capacities, source, sink)
            if flow not in (capacity_of([source], capacities), capacity_of([source, *range(2, count)], capacities)):
                break
        else:
            raise RedrawError("the cut is at the source or at the sink")
        names = draw_names(count, rng)
        rng.shuffle(edges)
        pipes = "\n".join(f"{names[one]} to {names[two]}: {capacities[one, two]}" for one, two in edges)
        return Task(
            prompt=self.ask(
                f"Water flows through one-way pipes between stations. Behind each pipe is its capacity.\n\n{pipes}\n\nThe "
                f"source is {names[source]}, the sink is {names[sink]}. Split the stations into two sides, the source on one "
                "and the sink on the other, such that the pipes leading from the source's side to the sink's side have the "
                "least possible total capacity. Which stations are on the source's side, the source included?"
            ),
            secret={"answer": " ".join(sorted(names[vertex] for vertex in side)), "flow": flow},
            data={"names": names, "pipes": [[*edge, capacity] for edge, capacity in sorted(capacities.items())]},
            family=family,
            difficulty=count,
        )

    def judge(self, task: Task, answer: str) -> bool:
        side = read_vertices(answer, task.data["names"])
        if side is None:
            raise Unreadable("That is not a list of stations.")
        capacities = {(one, two): capacity for one, two, capacity in task.data["pipes"]}
        return (
            0 in side
            and 1 not in side
            and len(set(side)) == len(side)
            and capacity_of(side, capacities) == task.secret["flow"]
        )

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names: str = task.data["names"]
        return committed(" ".join([names[0], *(name for name in names[2:] if rng.getrandbits(1))]))

    def candidates(self, task: Task) -> list[str]:
        names: str = task.data["names"]
        return [committed(names[0]), committed(" ".join(names[0] + names[2:]))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names: str = task.data["names"]
        return super().cheats(task) | {
            "the source alone": [committed(names[0])],
            "all but the sink": [committed(" ".join(names[0] + names[2:]))],
            "everything, so that no pipe leaves": [committed(" ".join(names))],
            "the sink alone": [committed(names[1])],
        }


def capacity_of(side: Iterable[int], capacities: Weights) -> int:
    """The total capacity of the edges that leave a set of vertices."""
    inside = set(side)
    return sum(capacity for (one, two), capacity in capacities.items() if one in inside and two not in inside)
