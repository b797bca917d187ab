"""Graphs given as lists of edges between nodes that are numbered from 0."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import edges
from textgym.envs.code.functions.family import Family


def _graph(rng: Random) -> list[Any]:
    """The number of nodes, and edges between different ones."""
    count = rng.randint(1, 7)
    return [count, edges(rng, count, 9)]


def _forward(rng: Random) -> list[Any]:
    """A graph whose edges lead from smaller to larger numbers."""
    count = rng.randint(1, 7)
    every = [[one, two] for one in range(count) for two in range(one + 1, count)]
    near = [edge for edge in every if edge[1] - edge[0] <= 2]
    chosen = rng.choice([every, near])
    return [count, rng.sample(chosen, rng.randint(min(len(chosen), 2), min(len(chosen), 11)))]


def _relabelled(rng: Random) -> list[Any]:
    """A graph without circles under other numbers, now and then with an edge turned round."""
    count, found = _forward(rng)
    names = rng.sample(range(count), count)
    renamed = [[names[one], names[two]] for one, two in found]
    if renamed and rng.randrange(3) == 0:
        renamed.append(renamed[0][::-1])
    return [count, renamed]


def _crowd(rng: Random) -> list[Any]:
    count = rng.randint(3, 7)
    every = [[one, other] for one in range(count) for other in range(count) if one != other]
    return [count, rng.sample(every, rng.randint(0, min(len(every), 2 * count)))]


FAMILIES = (
    Family(
        says=(
            "Nodes 0 to `count` - 1 that `edges` (pairs [one, other], without a direction) connect, directly or over other nodes, "
            "form a part; a node without edges is a part of its own. Return $what.",
            "Split the graph with the nodes 0 to `count` - 1 and the undirected `edges` (pairs of nodes) into its connected "
            "parts, lone nodes among them, and return $what.",
        ),
        source="""
def connected_parts(count: int, edges: list[list[int]]) -> $kind:
    label = list(range(count))
    for one, other in edges:
        low = min(label[one], label[other])
        high = max(label[one], label[other])
        for node in range(count):
            if label[node] == high:
                label[node] = low
    sizes = [label.count(node) for node in label]
    return $result
""",
        variants=(
            {"what": "for each node the smallest node of its part", "kind": "list[int]", "result": "label"},
            {"what": "for each node how many nodes its part has", "kind": "list[int]", "result": "sizes"},
            {
                "what": "how many parts there are that have at least two nodes",
                "kind": "int",
                "result": "len(set(label[node] for node in range(count) if sizes[node] > 1))",
            },
            {
                "what": "the nodes of the largest part in ascending order, of equally large ones the part with the smallest "
                "node",
                "kind": "list[int]",
                "result": "[node for node in range(count) if label[node] == label[sizes.index(max(sizes))]]",
            },
        ),
        inputs=_graph,
        examples=(([4, [[3, 1]]], [0, 1, 2, 1]), ([3, [[1, 2], [2, 0]]], [0, 0, 0]), ([1, []], [0])),
        difficulty=3,
    ),
    Family(
        says=(
            "Tasks 0 to `count` - 1 are to be done one after the other; each of `rules`, [before, after], says that one task comes "
            "before another. Always take next the task with the $which number among those whose predecessors are all done. "
            "Return the order$stuck.",
            "Order the tasks 0 to `count` - 1 so that for each pair [before, after] in `rules` the first comes earlier: of the "
            "tasks that nothing holds up any more, the $which-numbered is next. Return the tasks in that order$stuck.",
        ),
        source="""
def order_tasks(count: int, rules: list[list[int]]) -> list[int]:
    order: list[int] = []
    while len(order) < count:
        ready: list[int] = []
        for task in range(count):
            held = [one for one, other in rules if other == task and one not in order]
            if task not in order and len(held) == 0:
                ready.append(task)
        if len(ready) == 0:
            return $result
        order.append($pick(ready))
    return order
""",
        variants=tuple(
            {"which": which, "pick": pick, "stuck": stuck, "result": result}
            for which, pick in (("lowest", "min"), ("highest", "max"))
            for stuck, result in (
                (", an empty list if some of the tasks hold each other up for ever", "[]"),
                ("; if in the end the remaining ones hold each other up, without these", "order"),
            )
        ),
        inputs=lambda rng: _forward(rng) if rng.randrange(3) == 0 else _relabelled(rng),
        examples=(([3, [[2, 0]]], [1, 2, 0]), ([2, [[0, 1], [1, 0]]], []), ([1, []], [0])),
        difficulty=3,
    ),
    Family(
        says=(
            "Colour the nodes 0 to `count` - 1 one by one, in $order order, each with the smallest number from $first on that no "
            "coloured neighbour has; `edges` are pairs of neighbours. Return $what.",
            "Nodes 0 to `count` - 1 get colours $first, $second, ...: go through them in $order order and give each the first "
            "colour that none of its neighbours (two nodes of a pair in `edges`) has got so far. Return $what.",
        ),
        source="""
def colour_nodes(count: int, edges: list[list[int]]) -> list[int]:
    colours = [-1] * count
    for node in $nodes:
        taken: list[int] = []
        for one, other in edges:
            if one == node:
                taken.append(colours[other])
            if other == node:
                taken.append(colours[one])
        colour = $first
        while colour in taken:
            colour += 1
        colours[node] = colour
    return $result
""",
        variants=tuple(
            {"order": order, "nodes": nodes, "first": first, "second": second, "what": what, "result": result}
            for order, nodes in (("ascending", "range(count)"), ("descending", "reversed(range(count))"))
            for first, second, what, result in (
                ("1", "2", "the colour of each node", "colours"),
                (
                    "0",
                    "1",
                    "how many nodes have each of the colours that are used, from colour 0 on",
                    "[colours.count(colour) for colour in range(max(colours) + 1)]",
                ),
            )
        ),
        inputs=_graph,
        examples=(([3, [[0, 1], [1, 2]]], [1, 2, 1]), ([2, []], [1, 1]), ([3, [[2, 1], [0, 2]]], [1, 1, 2])),
        difficulty=3,
    ),
    Family(
        says=(
            "The nodes 0 to `count` - 1 are to be split into two sides so that each of `edges` (pairs of nodes) joins nodes of "
            "$both; node 0 is on side 0, and so is the smallest node of every connected part. Return the side of each node, or "
            "an empty list if that cannot be done.",
            "Give each of the nodes 0 to `count` - 1 the side 0 or 1 in such a way that each of `edges` connects nodes of $both, where "
            "the lowest node of each connected part has 0. Return the sides by node; if there is no such way, an empty list.",
        ),
        source="""
def split_sides(count: int, edges: list[list[int]]) -> list[int]:
    sides = [-1] * count
    for first in range(count):
        if sides[first] >= 0:
            continue
        sides[first] = 0
        queue = [first]
        for node in queue:
            for one, other in edges:
                flip = $flip
                if other == node:
                    one, other = other, one
                if one != node:
                    continue
                if sides[other] < 0:
                    sides[other] = (sides[node] + flip) % 2
                    queue.append(other)
                elif sides[other] != (sides[node] + flip) % 2:
                    return []
    return sides
""",
        variants=tuple(
            {"both": both, "flip": flip}
            for both, flip in (
                ("different sides", "1"),
                (
                    "different sides if the sum of its two numbers is odd, and of one side if it is even",
                    "(one + other) % 2",
                ),
                ("different sides, or of one side if one of the two is node 0", "1 if one * other != 0 else 0"),
                ("different sides, or of one side if its first node is the larger one", "1 if one < other else 0"),
            )
        ),
        inputs=_graph,
        examples=(([3, [[0, 1], [2, 1]]], [0, 1, 0]), ([3, [[0, 1], [1, 2], [2, 0]]], []), ([2, []], [0, 0])),
        difficulty=4,
    ),
    Family(
        says=(
            "People 0 to `count` - 1 are friends as the pairs in `edges` say, in both directions; a pair may stand there twice, "
            "with its two turned round. Return all [one, other] with one < other, sorted, of people who $rule and have at least "
            "$least friends in common.",
            "List, in ascending order, the pairs [one, other] of people from 0 to `count` - 1, one below other, with $least or more "
            "common friends who $rule. Each of `edges` is a pair of mutual friends, maybe named a second time the other way "
            "round.",
        ),
        source="""
def common_friends(count: int, edges: list[list[int]]) -> list[list[int]]:
    friends: list[set[int]] = [set() for _ in range(count)]
    for one, other in edges:
        friends[one].add(other)
        friends[other].add(one)
    found: list[list[int]] = []
    for one in range(count):
        for other in range(one + 1, count):
            shared = len(friends[one] & friends[other])
            if other $relation friends[one] and shared >= $least:
                found.append([one, other])
    return found
""",
        variants=tuple(
            {"rule": rule, "relation": relation, "least": least}
            for rule, relation in (("are not friends themselves", "not in"), ("are friends themselves", "in"))
            for least in ("1", "2")
        ),
        inputs=_crowd,
        examples=(([3, [[0, 1], [2, 1]]], [[0, 2]]), ([3, [[0, 1], [1, 2], [2, 0]]], []), ([2, []], [])),
        difficulty=3,
    ),
)
