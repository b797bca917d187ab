"""The TopologicalOrder environment: put tasks in an order that obeys "before"."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import (
    MOST_VERTICES,
    Edge,
    draw_names,
    more_edges,
    neighbours,
    read_vertices,
    shape,
)
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable


class TopologicalOrderConfig(LevelledConfig):
    """Knobs of TopologicalOrder."""

    levels: ClassVar[Levels] = {
        "easy": {"vertices": 8, "edges": 12},
        "medium": {"vertices": 12, "edges": 22},
        "hard": {"vertices": 20, "edges": 45},
    }

    vertices: int = Field(12, ge=6, le=MOST_VERTICES, description="jobs; 8, 12 or 20 by difficulty")
    edges: int = Field(
        22, ge=6, le=120, description="rules, at least as many as jobs count; 12, 22 or 45 by difficulty"
    )


class TopologicalOrder(SingleAnswer[TopologicalOrderConfig]):
    """Put jobs in an order that keeps to rules of the form "A before B".

    Observation: the jobs and the rules.
    Action: all jobs in order, separated by spaces or commas, in one <answer></answer>. Text outside the tags is not read; an
        action without exactly one such pair, or that does not name every job once, is invalid.
    Reward: 1 if the order keeps to every rule, else 0. Any such order is right.
    Ends: after the answer.
    Splits: by the rules without names: how many rules each job has before and after it, and its neighbours.
    Oracle: gives an order.

    Neither the order in which the jobs are listed, nor that in which the rules first name them, nor the alphabet is right.
    The difficulty of a task is its number of rules.
    """

    answer_form = "all jobs in order, separated by spaces"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.vertices
        order = rng.sample(range(count), count)
        chain = [(order[at], order[rng.randrange(at + 1, min(at + 4, count))]) for at in range(count - 1)]
        possible = [(order[one], order[two]) for one in range(count) for two in range(one + 1, count)]
        edges = more_edges(chain, possible, config.edges, rng)
        family = rng.claim(f"topological order {shape(count, edges, directed=True)}")
        rng.shuffle(edges)
        names = draw_names(count, rng)
        first = list(dict.fromkeys(vertex for edge in edges for vertex in edge))
        listed = rng.sample(range(count), count)
        alphabet = sorted(range(count), key=lambda vertex: names[vertex])
        if any(keeps(naive, edges) for naive in (first, listed, alphabet, first[::-1], listed[::-1], alphabet[::-1])):
            raise RedrawError("an order that looks at nothing is right")
        rules = "\n".join(f"{names[one]} before {names[two]}" for one, two in edges)
        return Task(
            prompt=self.ask(
                f"There are {count} jobs: {', '.join(names[vertex] for vertex in listed)}. They are done one after the other, "
                f"and these rules hold:\n\n{rules}\n\nGive an order of all jobs that keeps to every rule."
            ),
            secret={"answer": " ".join(names[vertex] for vertex in order)},
            data={"names": names, "rules": [list(edge) for edge in edges]},
            family=family,
            difficulty=len(edges),
        )

    def judge(self, task: Task, answer: str) -> bool:
        names: str = task.data["names"]
        order = read_vertices(answer, names)
        if order is None or sorted(order) != list(range(len(names))):
            raise Unreadable("Every job must be named once.")
        return keeps(order, [(one, two) for one, two in task.data["rules"]])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names = task.data["names"]
        return committed(" ".join(rng.sample(names, len(names))))

    def candidates(self, task: Task) -> list[str]:
        names: str = task.data["names"]
        return [committed(" ".join(sorted(names))), committed(" ".join(sorted(names, reverse=True)))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names: str = task.data["names"]
        near = neighbours(len(names), [(one, two) for one, two in task.data["rules"]], directed=True)
        by_rules = sorted(range(len(names)), key=lambda vertex: -len(near[vertex]))
        doubled = " ".join(names) + " " + " ".join(names)
        return super().cheats(task) | {
            "every job twice": [committed(doubled)],
            "the first job alone": [committed(names[0])],
            "one job over and over": [committed(" ".join([names[by_rules[0]]] * len(names)))],
            "the alphabet": [committed(" ".join(sorted(names)))],
        }


def keeps(order: list[int], rules: list[Edge]) -> bool:
    """Whether the order has the first vertex of every edge before the second."""
    place = {vertex: at for at, vertex in enumerate(order)}
    return all(place[one] < place[two] for one, two in rules)
