"""Graph algorithms against plain ones; texts of vertices and edges; families that no renaming changes."""

from itertools import combinations, pairwise, permutations

from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Random
from textgym.envs.math.graphs import (
    LETTERS,
    Weights,
    all_pairs,
    cheapest_assignment,
    distances,
    draw_names,
    lightest_tree,
    more_edges,
    path_to,
    random_tree,
    read_edges,
    read_vertices,
    shape,
    show_edges,
    source_side,
    undirected,
)

SEEDS = st.binary(max_size=8)


def random_graph(seed: bytes, count: int, edges: int) -> tuple[Random, list[tuple[int, int]]]:
    rng = Random(seed)
    return rng, more_edges(random_tree(count, rng), all_pairs(count), edges, rng)


@given(SEEDS, st.integers(2, 8), st.integers(1, 28))
def test_distances_are_those_of_floyd_and_warshall(seed: bytes, count: int, edges: int) -> None:
    rng, pairs = random_graph(seed, count, edges)
    weights = {edge: rng.randint(1, 9) for edge in pairs}
    table = [[0 if one == two else 10**6 for two in range(count)] for one in range(count)]
    for (one, two), weight in weights.items():
        table[one][two] = table[two][one] = weight
    for middle in range(count):
        for one in range(count):
            for two in range(count):
                table[one][two] = min(table[one][two], table[one][middle] + table[middle][two])
    found = distances(count, weights, 0)
    assert [distance for distance, _ in found] == table[0]
    for vertex in range(count):
        path = path_to(vertex, found)
        assert (path[0], path[-1]) == (0, vertex)
        assert sum(weights[undirected(step)] for step in pairwise(path)) == table[0][vertex]


@given(SEEDS, st.integers(2, 5), st.integers(1, 8))
def test_no_spanning_tree_is_lighter(seed: bytes, count: int, edges: int) -> None:
    rng, pairs = random_graph(seed, count, edges)
    weights = {edge: rng.randint(1, 9) for edge in pairs}
    tree = lightest_tree(count, weights)
    assert len(tree) == count - 1
    spanning = [
        sum(weights[edge] for edge in some)
        for some in combinations(weights, count - 1)
        if len(lightest_tree(count, dict.fromkeys(some, 1))) == count - 1
    ]
    assert sum(weights[edge] for edge in tree) == min(spanning)


@given(SEEDS, st.integers(2, 6), st.integers(1, 20))
def test_flow_and_cut_prove_each_other(seed: bytes, count: int, edges: int) -> None:
    rng = Random(seed)
    possible = [(one, two) for one in range(count) for two in range(count) if one != two]
    capacities: Weights = {edge: rng.randint(1, 9) for edge in more_edges([], possible, edges, rng)}
    flow, side = source_side(count, capacities, 0, 1)

    def leaving(inside: set[int]) -> int:
        return sum(capacity for (one, two), capacity in capacities.items() if one in inside and two not in inside)

    assert 0 in side
    assert 1 not in side
    assert leaving(set(side)) == flow
    others = range(2, count)
    sides = [{0, *some} for number in range(count - 1) for some in combinations(others, number)]
    assert min(map(leaving, sides)) == flow


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_no_assignment_is_cheaper(costs: list[list[int]]) -> None:
    least, chosen = cheapest_assignment(costs)
    assert sorted(chosen) == list(range(len(costs)))
    assert sum(row[job] for row, job in zip(costs, chosen, strict=True)) == least
    every = [sum(row[job] for row, job in zip(costs, order, strict=True)) for order in permutations(range(len(costs)))]
    assert min(every) == least


@given(SEEDS, st.integers(2, 10), st.integers(1, 30), st.booleans())
def test_renaming_vertices_keeps_the_shape(seed: bytes, count: int, edges: int, directed: bool) -> None:
    rng, pairs = random_graph(seed, count, edges)
    names = rng.sample(range(count), count)
    renamed = [(names[one], names[two]) for one, two in pairs]
    rng.shuffle(renamed)
    assert shape(count, renamed, directed=directed) == shape(count, pairs, directed=directed)


def test_different_graphs_have_different_shapes() -> None:
    path, star = [(0, 1), (1, 2), (2, 3)], [(0, 1), (0, 2), (0, 3)]
    assert shape(4, path) != shape(4, star)
    assert shape(3, [(0, 1), (0, 2)], directed=True) != shape(3, [(1, 0), (2, 0)], directed=True)


@given(SEEDS, st.integers(2, 26), st.integers(1, 60))
def test_edges_and_vertices_are_read_back(seed: bytes, count: int, edges: int) -> None:
    rng, pairs = random_graph(seed, count, edges)
    names = draw_names(count, rng)
    assert read_edges(show_edges(pairs, names), names) == pairs
    assert read_vertices(" -> ".join(names), names) == list(range(count))
    assert read_vertices(",".join(names), names) == list(range(count))


@given(st.text() | st.text("ABC-,;> ", max_size=40))
def test_reading_edges_and_vertices_never_raises(text: str) -> None:
    for found in (read_edges(text, "ABC"), read_vertices(text, "ABC")):
        assert found is None or found
    assert read_vertices(text * 3000, LETTERS) is None or len(text * 3000) <= 2000
