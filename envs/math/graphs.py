"""Graphs for puzzles: random ones, their text, their families, and the classical algorithms that answers are held against.

Vertices are numbers from 0; an edge is a pair of them. In a text they have names, single capital letters.
"""

import heapq
from collections.abc import Iterable, Sequence

from textgym.core import Random

Edge = tuple[int, int]
Weights = dict[Edge, int]
"""Weight or capacity of each edge; an undirected edge is there once, the smaller vertex first."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_VERTICES = len(LETTERS)
_LONGEST = 2_000
_BETWEEN_VERTICES = str.maketrans(dict.fromkeys(",;>→-", " "))
_BETWEEN_EDGES = str.maketrans(dict.fromkeys(",;", " "))


# -- text --------------------------------------------------------------------------------------------------------------


def draw_names(count: int, rng: Random) -> str:
    """Different letters for so many vertices."""
    return "".join(rng.sample(LETTERS, count))


def read_vertices(text: str, names: str) -> list[int] | None:
    """The vertices that `text` lists, separated by white space, commas, dashes or arrows; None where it is no such list.

    A text of more than 2000 characters is not read.
    """
    if len(text) > _LONGEST:
        return None
    parts = text.translate(_BETWEEN_VERTICES).split()
    if not parts or any(len(part) != 1 or part not in names for part in parts):
        return None
    return [names.index(part) for part in parts]


def read_edges(text: str, names: str) -> list[Edge] | None:
    """The edges that `text` lists as `A-B`, separated by white space, commas or semicolons; None where it is no such list.

    A text of more than 2000 characters is not read.
    """
    if len(text) > _LONGEST:
        return None
    edges = []
    for part in text.translate(_BETWEEN_EDGES).split():
        if len(part) != 3 or part[1] != "-" or part[0] not in names or part[2] not in names:
            return None
        edges.append((names.index(part[0]), names.index(part[2])))
    return edges or None


def show_edges(edges: Iterable[Edge], names: str) -> str:
    """Edges as text that `read_edges` reads back."""
    return ", ".join(f"{names[one]}-{names[two]}" for one, two in edges)


def undirected(edge: Edge) -> Edge:
    """The edge with its smaller vertex first."""
    one, two = edge
    return (one, two) if one < two else (two, one)


# -- random graphs and their families ----------------------------------------------------------------------------------


def random_tree(count: int, rng: Random) -> list[Edge]:
    """The edges of a random tree over all vertices: each vertex hangs on one of those before it, in random order."""
    order = rng.sample(range(count), count)
    return [undirected((vertex, order[rng.randrange(at)])) for at, vertex in enumerate(order) if at]


def more_edges(edges: Iterable[Edge], possible: Sequence[Edge], number: int, rng: Random) -> list[Edge]:
    """These edges, and random ones of those possible until there are `number`, or no more."""
    chosen = dict.fromkeys(edges)
    for edge in rng.sample(possible, len(possible)):
        if len(chosen) >= number:
            break
        chosen[edge] = None
    return list(chosen)


def all_pairs(count: int) -> list[Edge]:
    """All undirected edges between so many vertices."""
    return [(one, two) for one in range(count) for two in range(one + 1, count)]


def shape(count: int, edges: Iterable[Edge], *, directed: bool = False) -> str:
    """What a graph keeps when its vertices change names: for each vertex its degree and those of its neighbours, sorted.

    Graphs that are the same up to names have the same shape; a few that are not have it, too.
    """
    out: list[list[int]] = [[] for _ in range(count)]
    into: list[list[int]] = [[] for _ in range(count)]
    for one, two in edges:
        out[one].append(two)
        (into if directed else out)[two].append(one)
    degree = [
        f"{len(out[vertex])}.{len(into[vertex])}" if directed else str(len(out[vertex])) for vertex in range(count)
    ]
    return " ".join(
        sorted(f"{degree[v]}:{','.join(sorted(degree[near] for near in (*out[v], *into[v])))}" for v in range(count))
    )


# -- algorithms --------------------------------------------------------------------------------------------------------


def neighbours(count: int, edges: Iterable[Edge], *, directed: bool = False) -> list[list[int]]:
    """For each vertex those that an edge leads to, in the order of the edges."""
    near: list[list[int]] = [[] for _ in range(count)]
    for one, two in edges:
        near[one].append(two)
        if not directed:
            near[two].append(one)
    return near


def distances(count: int, weights: Weights, start: int) -> list[tuple[int, int]]:
    """For each vertex its distance from `start` and the vertex before it on a shortest path (Dijkstra); -1 for none.

    Weights are undirected and positive, and every vertex can be reached.
    """
    near = neighbours(count, weights)
    found: dict[int, tuple[int, int]] = {}
    waiting = [(0, start, -1)]
    while waiting:
        distance, vertex, before = heapq.heappop(waiting)
        if vertex in found:
            continue
        found[vertex] = distance, before
        for other in near[vertex]:
            if other not in found:
                heapq.heappush(waiting, (distance + weights[undirected((vertex, other))], other, vertex))
    return [found[vertex] for vertex in range(count)]


def path_to(vertex: int, found: Sequence[tuple[int, int]]) -> list[int]:
    """The vertices from the start of `distances` to this one."""
    path = []
    while vertex >= 0:
        path.append(vertex)
        vertex = found[vertex][1]
    return path[::-1]


def lightest_tree(count: int, weights: Weights) -> list[Edge]:
    """The edges of a spanning tree of the least weight (Kruskal); fewer than `count - 1` where the graph falls apart."""
    root = list(range(count))

    def find(vertex: int) -> int:
        while root[vertex] != vertex:
            root[vertex] = vertex = root[root[vertex]]
        return vertex

    tree = []
    for edge in sorted(weights, key=lambda edge: (weights[edge], edge)):
        one, two = find(edge[0]), find(edge[1])
        if one != two:
            root[one] = two
            tree.append(edge)
    return tree


def source_side(count: int, capacities: Weights, source: int, sink: int) -> tuple[int, list[int]]:
    """The largest flow from source to sink through directed edges, and the source's side of a cut of that capacity.

    Augmenting along shortest paths (Edmonds and Karp). Flow and cut prove each other: no flow is larger than any cut.
    """
    left = dict(capacities)
    for one, two in capacities:
        left.setdefault((two, one), 0)
    near = neighbours(count, left, directed=True)
    flow = 0
    while True:
        before = {source: source}
        queue = [source]
        for vertex in queue:
            for other in near[vertex]:
                if other not in before and left[vertex, other]:
                    before[other] = vertex
                    queue.append(other)
        if sink not in before:
            return flow, sorted(before)
        path = [sink]
        while path[-1] != source:
            path.append(before[path[-1]])
        steps = list(zip(path[1:], path, strict=False))
        most = min(left[step] for step in steps)
        for one, two in steps:
            left[one, two] -= most
            left[two, one] += most
        flow += most


def cheapest_assignment(costs: Sequence[Sequence[int]]) -> tuple[int, list[int]]:
    """The least total cost of giving each row a column of its own, and the column of each row.

    Dynamic programming over the sets of columns that the first rows have taken; for up to about ten rows.
    """
    layers: list[dict[int, tuple[int, int]]] = [{0: (0, -1)}]
    for row in costs:
        layer: dict[int, tuple[int, int]] = {}
        for taken, (total, _) in layers[-1].items():
            for column, cost in enumerate(row):
                key = taken | 1 << column
                if key != taken and (key not in layer or total + cost < layer[key][0]):
                    layer[key] = total + cost, column
        layers.append(layer)
    taken = (1 << len(costs)) - 1
    least = layers[-1][taken][0]
    chosen = []
    for layer in layers[:0:-1]:
        column = layer[taken][1]
        chosen.append(column)
        taken ^= 1 << column
    return least, chosen[::-1]
