"""Ways through graphs given as lists of edges."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import edges, whole
from textgym.envs.code.functions.family import Family


def _graph(rng: Random) -> list[Any]:
    """The number of nodes, and edges between different ones."""
    count = rng.randint(1, 7)
    return [count, edges(rng, count, 9)]


def _started(rng: Random) -> list[Any]:
    count, found = _graph(rng)
    return [count, found, rng.randrange(count)]


def _weighted(rng: Random) -> list[Any]:
    count = rng.randint(2, 6)
    return [count, [[*edge, rng.choice([1, 2, 2, 3, 5, 8])] for edge in edges(rng, count, 10)]]


def _forward(rng: Random) -> list[Any]:
    """A graph whose edges lead from smaller to larger numbers."""
    count = rng.randint(1, 7)
    every = [[one, two] for one in range(count) for two in range(one + 1, count)]
    near = [edge for edge in every if edge[1] - edge[0] <= 2]
    chosen = rng.choice([every, near])
    return [count, rng.sample(chosen, rng.randint(min(len(chosen), 2), min(len(chosen), 11)))]


def _links(rng: Random) -> list[Any]:
    count = rng.randint(1, 9)
    return [[whole(rng, -1, count - 1) for _ in range(count)], rng.randrange(count)]


FAMILIES = (
    Family(
        says=(
            "A graph has the nodes 0 to `count` - 1 and `edges`, each [one, other]; $way. Return for every node the smallest "
            "number of edges on a way from `start` to it, 0 for `start` itself, and $far for a node that $unreached.",
            "How many edges lie between `start` and each of the nodes 0 to `count` - 1, on a shortest way from `start`? Every one "
            "of `edges` is a pair [one, other], and $way. List the numbers by node; `start` has 0, and a node that $unreached "
            "has $far.",
        ),
        source="""
def hop_distances(count: int, edges: list[list[int]], start: int) -> list[int]:
    found = [-1] * count
    found[start] = 0
    queue = [start]
    for node in queue:
        if found[node] == $limit:
            continue
        for one, other in edges:
            $pick
                found[other] = found[node] + 1
                queue.append(other)
    return [distance if distance >= 0 else $far for distance in found]
""",
        variants=tuple(
            {"way": way, "pick": pick, "far": far, "unreached": unreached, "limit": limit}
            for way, pick in (
                ("it can be used from one to other only", "if one == node and found[other] < 0:"),
                (
                    "it can be used in both directions",
                    "if other == node:\n                one, other = other, one\n"
                    "            if one == node and found[other] < 0:",
                ),
            )
            for far, unreached, limit in (
                ("-1", "cannot be reached", "-2"),
                ("99", "cannot be reached with at most two edges", "2"),
                ("count", "cannot be reached", "-2"),
            )
        ),
        inputs=_started,
        examples=(([4, [[0, 1], [1, 2]], 0], [0, 1, 2, -1]), ([2, [[0, 1]], 1], [-1, 0]), ([1, [], 0], [0])),
        difficulty=3,
    ),
    Family(
        says=(
            "In a graph with nodes 0 to `count` - 1, `roads` are [one, other, length], with lengths above 0, and $way. The $name of "
            "a way is $measure. Return the smallest $name of a way from node 0 to node `count` - 1, which is another node, or -1 "
            "if there is none.",
            "Each of `roads` is [one, other, length] with a positive length and joins two of the nodes 0 to `count` - 1 (at least "
            "two); $way. Find the least $name, that is $measure, of all ways from node 0 to node `count` - 1. Without a way "
            "return -1.",
        ),
        source="""
def cheapest_way(count: int, roads: list[list[int]]) -> int:
    best = [-1] * count
    best[0] = 0
    for _ in range(count):
        for one, other, length in roads:
            for start, end in $directions:
                if best[start] < 0:
                    continue
                cost = $cost
                if best[end] < 0 or cost < best[end]:
                    best[end] = cost
    return best[count - 1]
""",
        variants=tuple(
            {"way": way, "directions": directions, "name": name, "measure": measure, "cost": cost}
            for way, directions in (
                ("one can drive on them from one to other only", "((one, other),)"),
                ("one can drive on them both ways", "((one, other), (other, one))"),
            )
            for name, measure, cost in (
                ("total", "the sum of its lengths", "best[start] + length"),
                ("peak", "the greatest of its lengths", "max(best[start], length)"),
                (
                    "effort",
                    "the sum of its lengths and of 2 more for each road on it",
                    "best[start] + length + 2",
                ),
            )
        ),
        inputs=_weighted,
        examples=(([3, [[0, 1, 2], [1, 2, 2], [0, 2, 5]]], 4), ([2, [[1, 0, 1]]], -1), ([2, [[0, 1, 8]]], 8)),
        difficulty=4,
    ),
    Family(
        says=(
            "Every one of `edges`, [one, other], leads from a smaller to a larger of the nodes 0 to `count` - 1. $What on ways along "
            "the edges from $from; a way of a single node has no edges. Return this.",
            "The graph with nodes 0 to `count` - 1 has `edges` [one, other], always with one below other. Looking at all ways that "
            "follow edges from $from, a single node being a way without an edge, return the answer: $what.",
        ),
        source="""
def forward_ways(count: int, edges: list[list[int]]) -> int:
    found = [$start] * count
    found[0] = $first
    for node in range(count):
        for one, other in edges:
            if other == node and found[one] > $none:
                found[node] = $step
    return $result
""",
        variants=(
            {
                "what": "how many different ways there are",
                "What": "Count the different ways that there are",
                "from": "node 0 to the last node",
                "start": "0",
                "first": "1",
                "none": "0",
                "step": "found[node] + found[one]",
                "result": "found[-1]",
            },
            {
                "what": "how many edges there are on the longest way",
                "What": "Find the greatest number of edges",
                "from": "any node to any node",
                "start": "0",
                "first": "0",
                "none": "-1",
                "step": "max(found[node], found[one] + 1)",
                "result": "max(found)",
            },
            {
                "what": "how many edges there are on the longest way, -1 if there is no way",
                "What": "Find the greatest number of edges, -1 if there is no way,",
                "from": "node 0 to the last node",
                "start": "-1",
                "first": "0",
                "none": "-1",
                "step": "max(found[node], found[one] + 1)",
                "result": "found[-1]",
            },
            {
                "what": "how many different ways there are",
                "What": "Count the different ways that there are",
                "from": "node 0 to any node, itself among them",
                "start": "0",
                "first": "1",
                "none": "0",
                "step": "found[node] + found[one]",
                "result": "sum(found)",
            },
        ),
        inputs=_forward,
        examples=(
            ([4, [[0, 1], [1, 3], [0, 2], [2, 3]]], 2),
            ([2, []], 0),
            ([1, []], 1),
        ),
        difficulty=3,
    ),
    Family(
        says=(
            "Build a net over the nodes 0 to `count` - 1: take `cables`, each [one, other, price], in the order of their prices, "
            "the $order first and equal ones in the order of the list, and lay a cable only if $rule. Return $what.",
            "Go through `cables`, triples [one, other, price] between the nodes 0 to `count` - 1, by price with the $order first "
            "(ties as in the list). A cable is laid if $rule, otherwise it is left out. Return $what.",
        ),
        source="""
def lay_cables(count: int, cables: list[list[int]]) -> $kind:
    group = list(range(count))
    used = [0] * count
    laid: list[list[int]] = []
    for one, other, price in sorted(cables, key=lambda cable: $sign cable[2]):
        if group[one] == group[other]$also:
            continue
        laid.append([one, other, price])
        used[one] += 1
        used[other] += 1
        old = group[other]
        for node in range(count):
            if group[node] == old:
                group[node] = group[one]
    return $result
""",
        variants=tuple(
            {"order": order, "sign": sign, "rule": rule, "also": also, "what": what, "kind": kind, "result": result}
            for order, sign in (("cheapest", "+"), ("dearest", "-"))
            for rule, also, what, kind, result in (
                (
                    "the cables laid so far do not connect its two nodes yet, directly or over others",
                    "",
                    "what the cables laid cost in all",
                    "int",
                    "sum(cable[2] for cable in laid)",
                ),
                (
                    "those laid so far do not connect its two nodes yet, directly or over others, and neither of the two has "
                    "three cables already",
                    " or max(used[one], used[other]) > 2",
                    "the cables laid as pairs of their nodes, in the order of laying",
                    "list[list[int]]",
                    "[cable[:2] for cable in laid]",
                ),
            )
        ),
        inputs=_weighted,
        examples=(([3, [[0, 1, 5], [1, 2, 1], [2, 0, 2]]], 3), ([2, []], 0), ([2, [[0, 1, 8], [1, 0, 2]]], 2)),
        difficulty=4,
    ),
    Family(
        says=(
            "Follow `links` from node `start`: node i leads to node links[i], or nowhere if that is -1. Go on until a node comes "
            "up $again or there is nowhere to go. Return $what.",
            "Walk from `start` along `links`, where links[i] is the node behind node i and -1 means that there is none. The walk "
            "ends where it leads nowhere, or as soon as it reaches a node $again. Return $what.",
        ),
        source="""
def follow_links(links: list[int], start: int) -> int:
    seen: list[int] = []
    node = start
    while node >= 0 and seen.count(node) < $times:
        seen.append(node)
        node = links[node]
    if node < 0:
        return $open
    return $closed
""",
        variants=(
            {
                "again": "again that it has been at",
                "times": "1",
                "what": "how many nodes the circle has that was found, 0 if it led nowhere in the end",
                "open": "0",
                "closed": "len(seen) - seen.index(node)",
            },
            {
                "again": "again that it has been at",
                "times": "1",
                "what": "the node at which the circle is entered, or -1 if it led nowhere in the end",
                "open": "-1",
                "closed": "node",
            },
            {
                "again": "for the third time",
                "times": "2",
                "what": "the sum of the numbers of the nodes it was at before that, each as often as it was there",
                "open": "sum(seen)",
                "closed": "sum(seen)",
            },
            {
                "again": "again that it has been at",
                "times": "1",
                "what": "how many nodes were left behind before the circle was entered, or minus the number of nodes seen "
                "if it led nowhere in the end",
                "open": "-len(seen)",
                "closed": "seen.index(node)",
            },
        ),
        inputs=_links,
        examples=(([[1, 2, 1], 0], 2), ([[-1], 0], 0), ([[0, 0], 1], 1)),
        difficulty=2,
    ),
)
