"""The GraphColouring environment: colours, different on the two sides of every edge."""

from typing import ClassVar

from pydantic import Field

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.graphs import MOST_VERTICES, draw_names, neighbours, shape, show_edges
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

_LONGEST = 500
_MOST_ORDERS = 8
_BETWEEN = str.maketrans(dict.fromkeys(",;", " "))


class GraphColouringConfig(LevelledConfig):
    """Knobs of GraphColouring."""

    levels: ClassVar[Levels] = {
        "easy": {"vertices": 8, "edges": 13},
        "medium": {"vertices": 12, "edges": 24},
        "hard": {"vertices": 20, "edges": 45},
    }

    vertices: int = Field(12, ge=6, le=MOST_VERTICES, description="vertices; 8, 12 or 20 by difficulty")
    edges: int = Field(24, ge=8, le=150, description="edges, as far as there is room; 13, 24 or 45 by difficulty")
    colours: int = Field(3, ge=3, le=5, description="colours that may be used")


class GraphColouring(SingleAnswer[GraphColouringConfig]):
    """Colour the vertices of a graph so that no edge joins two of one colour.

    Observation: the vertices and the edges, and how many colours there are.
    Action: a colour for each vertex, as `A=1` separated by white space or commas, in one <answer></answer>. Text outside the
        tags is not read; an action without exactly one such pair, that leaves a vertex out or names it twice, or with a
        colour that is not there, is invalid.
    Reward: 1 if every edge joins two colours, else 0. Any such colouring is right.
    Ends: after the answer.
    Splits: by the graph without names: the degrees of each vertex and of its neighbours.
    Oracle: gives a colouring.

    Giving each vertex in turn the first colour that is free gets stuck, both in the order listed and in that of the alphabet.
    The difficulty of a task is its number of edges.
    """

    answer_form = "a colour for each vertex, such as A=1, B=2"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.vertices
        hidden = [vertex % config.colours for vertex in rng.sample(range(count), count)]
        possible = [(one, two) for two in range(count) for one in range(two) if hidden[one] != hidden[two]]
        edges = rng.sample(possible, min(config.edges, len(possible)))
        near = neighbours(count, edges)
        listed, alphabet = (self._hard_order(near, rng) for _ in range(2))
        letters = iter(sorted(draw_names(count, rng)))
        names = "".join(letter for _, letter in sorted(zip(alphabet, letters, strict=True)))
        family = rng.claim(f"colouring {config.colours} {shape(count, edges)}")
        written = [edge if rng.getrandbits(1) else edge[::-1] for edge in edges]
        return Task(
            prompt=self.ask(
                f"A graph has the vertices {', '.join(names[vertex] for vertex in listed)} and the edges\n\n"
                f"{show_edges(written, names)}\n\nGive every vertex one of {config.colours} colours, numbered from 1 to "
                f"{config.colours}, so that no edge joins two vertices of the same colour."
            ),
            secret={"answer": _listed(names, [colour + 1 for colour in hidden])},
            data={"names": names, "edges": [list(edge) for edge in edges]},
            family=family,
            difficulty=len(edges),
        )

    def _hard_order(self, near: list[list[int]], rng: Random) -> list[int]:
        """An order of the vertices in which taking the first free colour gets stuck."""
        for _ in range(_MOST_ORDERS):
            order = rng.sample(range(len(near)), len(near))
            if not first_free(order, near, self.config.colours):
                return order
        raise RedrawError("taking the first free colour is enough")

    def judge(self, task: Task, answer: str) -> bool:
        colours = _read(answer, task.data["names"], self.config.colours)
        return all(colours[one] != colours[two] for one, two in task.data["edges"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        names = task.data["names"]
        return committed(_listed(names, [rng.randint(1, self.config.colours) for _ in names]))

    def candidates(self, task: Task) -> list[str]:
        names, colours = task.data["names"], self.config.colours
        return [
            committed(_listed(names, [1 + (at + by) % colours for at in range(len(names))])) for by in range(colours)
        ]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        names: str = task.data["names"]
        return super().cheats(task) | {
            "a colour of its own for each": [committed(_listed(names, list(range(1, len(names) + 1))))],
            "one colour": [committed(_listed(names, [1] * len(names)))],
            "no vertex": [committed("=1")],
            "one vertex": [committed(f"{names[0]}=1")],
            "all colours for each": [committed(", ".join(f"{name}=1, {name}=2, {name}=3" for name in names))],
        }


def first_free(order: list[int], near: list[list[int]], colours: int) -> bool:
    """Whether it works to give each vertex in turn the first colour that none of its neighbours has.

    Args:
        order: the vertices.
        near: the neighbours of each.
        colours: how many there are.
    """
    given = [-1] * len(order)
    for vertex in order:
        taken = [given[other] for other in near[vertex]]
        for colour in range(colours):
            if colour not in taken:
                given[vertex] = colour
                break
        else:
            return False
    return True


def _listed(names: str, colours: list[int]) -> str:
    return ", ".join(f"{name}={colour}" for name, colour in zip(names, colours, strict=True))


def _read(text: str, names: str, colours: int) -> list[int]:
    given: dict[str, int] = {}
    for part in text.translate(_BETWEEN).split() if len(text) <= _LONGEST else []:
        if len(part) != 3 or part[1] != "=" or part[0] not in names or part[2] not in "12345"[:colours]:
            raise Unreadable("Only names of vertices with one of the colours are read.")
        if part[0] in given:
            raise Unreadable("A vertex has two colours.")
        given[part[0]] = int(part[2])
    if len(given) != len(names):
        raise Unreadable("Every vertex needs a colour.")
    return [given[name] for name in names]
