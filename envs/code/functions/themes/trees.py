"""Trees given as lists."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, wholes
from textgym.envs.code.functions.family import Family


def _parents(rng: Random) -> list[int]:
    """The parent of each node, -1 for node 0; parents have smaller numbers."""
    size = rng.choice([1, 2, *range(3, 11)])
    deep = rng.randrange(2)
    return [-1] + [max(0, node - rng.randint(1, 2)) if deep else rng.randrange(node) for node in range(1, size)]


def _two_nodes(rng: Random) -> list[Any]:
    parents = _parents(rng)
    return [parents, rng.randrange(len(parents)), rng.randrange(len(parents))]


def _nested(rng: Random, depth: int = 3) -> list[Any]:
    return many(rng, 4, lambda: _nested(rng, depth - 1) if depth and rng.randrange(5) < 2 else whole(rng, -4, 9))


def _binary(rng: Random) -> list[Any]:
    """Nodes [value, left, right] of a binary tree with node 0 as its root."""
    nodes = [[whole(rng, -5, 9), -1, -1]]
    for _ in range(rng.randint(0, 8)):
        free = [(node, side) for node in range(len(nodes)) for side in (1, 2) if nodes[node][side] < 0]
        node, side = rng.choice(free)
        nodes[node][side] = len(nodes)
        nodes.append([whole(rng, -5, 9), -1, -1])
    return [nodes]


FAMILIES = (
    Family(
        says=(
            "A tree with node 0 as its root is given by `parents`: parents[i] is the node above node i and smaller than i, for the "
            "root -1. Return for every node $what.",
            "In `parents`, place i holds the parent of node i, a smaller number, and place 0 holds -1 for the root. List, node by "
            "node, $what.",
        ),
        source="""
def number_nodes(parents: list[int]) -> list[int]:
    size = len(parents)
    found = [$start] * size
    for node in $order:
        above = parents[node]
        if above >= 0:
            $step
    return $result
""",
        variants=(
            {
                "what": "how many edges lie between it and the root",
                "start": "0",
                "order": "range(size)",
                "step": "found[node] = found[above] + 1",
                "result": "found",
            },
            {
                "what": "how many nodes the part of the tree has that begins with it and holds all below it",
                "start": "1",
                "order": "range(size - 1, -1, -1)",
                "step": "found[above] += found[node]",
                "result": "found",
            },
            {
                "what": "how many edges there are down to the deepest node below it, 0 if there is none",
                "start": "0",
                "order": "range(size - 1, -1, -1)",
                "step": "found[above] = max(found[above], found[node] + 1)",
                "result": "found",
            },
            {
                "what": "how many children it has, but -1 for a child of the root that has no children",
                "start": "0",
                "order": "range(size)",
                "step": "found[above] += 1",
                "result": "[-1 if parents[i] == 0 and found[i] == 0 else found[i] for i in range(size)]",
            },
            {
                "what": "the sum of the numbers of the nodes on the way from the root to it, both included",
                "start": "0",
                "order": "range(size)",
                "step": "found[node] = found[above] + node",
                "result": "found",
            },
        ),
        inputs=lambda rng: [_parents(rng)],
        examples=(([[-1, 0, 0, 2]], [0, 1, 1, 2]), ([[-1]], [0])),
        difficulty=2,
    ),
    Family(
        says=(
            "The tree `parents` has node 0 as its root: parents[i] is the node above node i, for the root -1. Look at the shortest "
            "way between the nodes `one` and `other`, which may be the same, and return $what.",
            "In a tree, parents[i] in `parents` is the parent of node i, and node 0, the root, has -1. Between `one` and `other` "
            "(possibly equal) there is exactly one way that visits no node twice. Return $what.",
        ),
        source="""
def way_between(parents: list[int], one: int, other: int) -> $kind:
    above: list[int] = []
    node = one
    while node >= 0:
        above.append(node)
        node = parents[node]
    down: list[int] = []
    node = other
    while node not in above:
        down.append(node)
        node = parents[node]
    up = above[: above.index(node)]
    return $result
""",
        variants=(
            {"what": "the node on it that is nearest to the root", "kind": "int", "result": "node"},
            {"what": "how many edges it has", "kind": "int", "result": "len(up) + len(down)"},
            {
                "what": "all its nodes, from the first to the last",
                "kind": "list[int]",
                "result": "[*up, node, *reversed(down)]",
            },
            {
                "what": "how many steps it goes up towards the root, minus how many it goes down",
                "kind": "int",
                "result": "len(up) - len(down)",
            },
            {
                "what": "the greatest number of a node on it, without the node that is nearest to the root, or -1 if there "
                "is no other node",
                "kind": "int",
                "result": "max([-1, *up, *down])",
            },
        ),
        inputs=_two_nodes,
        examples=(([[-1, 0, 0, 2, 2], 3, 4], 2), ([[-1, 0, 1], 2, 1], 1), ([[-1], 0, 0], 0)),
        difficulty=3,
    ),
    Family(
        says=(
            "Put `values` one after the other into a search tree that is empty at first: at each node go left with a smaller value "
            "and right with a larger one, and $equal; where there is no node, the value becomes one. Return $what.",
            "Grow a binary search tree from `values`, in their order. A value walks down from the root, to the left of larger values "
            "and to the right of smaller ones, until it finds an empty place; with an equal value, $equal. Return $what.",
        ),
        source="""
def search_tree(values: list[int]) -> $kind:
    held: list[int] = []
    left: list[int] = []
    right: list[int] = []
    depths: list[int] = []
    for value in values:
        node = 0 if len(held) > 0 else -1
        last = -1
        depth = 0
        while node >= 0:
            if held[node] == value$stop:
                break
            last = node
            depth += 1
            node = left[node] if value $sign held[node] else right[node]
        if node >= 0:
            continue
        if last >= 0:
            if value $sign held[last]:
                left[last] = len(held)
            else:
                right[last] = len(held)
        held.append(value)
        left.append(-1)
        right.append(-1)
        depths.append(depth)
    return $result
""",
        variants=tuple(
            {"equal": equal, "stop": stop, "sign": sign, "what": what, "kind": kind, "result": result}
            for equal, stop, sign in (
                ("drop a value that is in the tree already", "", "<"),
                ("go right if the values are equal", " and False", "<"),
                ("go left if the values are equal", " and False", "<="),
            )
            for what, kind, result in (
                (
                    "the depth of each node in the order in which they came, 0 for the root",
                    "list[int]",
                    "depths",
                ),
                (
                    "the values of the nodes without children, in the order in which they came",
                    "list[int]",
                    "[held[i] for i in range(len(held)) if left[i] < 0 and right[i] < 0]",
                ),
            )
        ),
        inputs=lambda rng: [wholes(rng, 9, -9, 9)],
        examples=(([[5, 2, 8, 5, 6]], [0, 1, 1, 2]), ([[]], []), ([[1, 2, 3]], [0, 1, 2])),
        difficulty=4,
    ),
    Family(
        says=(
            "Add up the numbers in `nested`, a list of numbers and of lists of the same kind. A number counts $weight; `nested` itself "
            "is level 1, a list in it level 2, and so on$rule.",
            "The list `nested` holds numbers and further such lists, at any depth. Return the sum of all numbers, each taken $weight, where the "
            "outermost list has level 1 and every list one level more than the one around it$rule.",
        ),
        source="""
def weigh_nested(nested: list, level: int) -> int:
    total = 0
    for item in nested:
        if isinstance(item, list):
            total += weigh_nested(item, level + 1)
        elif $test:
            total += $worth
    return total


def nested_sum(nested: list) -> int:
    return weigh_nested(nested, 1)
""",
        variants=tuple(
            {"weight": weight, "worth": worth, "rule": rule, "test": test}
            for weight, worth in (
                ("as often as the level of its list says", "item * level"),
                ("with its sign changed in lists of even level", "item if level % 2 == 1 else -item"),
            )
            for rule, test in (
                ("", "item != 0"),
                ("; negative numbers do not count", "item > 0"),
                ("; numbers above 5 do not count on level 1", "item <= 5 or level > 1"),
            )
        ),
        inputs=lambda rng: [_nested(rng)],
        examples=(([[1, [2, [3]], 4]], 18), ([[]], 0), ([[[-1]]], -2)),
        difficulty=2,
    ),
    Family(
        says=(
            "Binary tree: each of `nodes` is [value, left, right] with the places of its children in the list, -1 where there is "
            "none, and the first is the root. List the values in this order: $order.",
            "Return the values of a binary tree, $order. The tree is given by `nodes`, where each node is [value, left, right], left and "
            "right being positions of further nodes or -1, and position 0 is the root.",
        ),
        source="""
def visit_nodes(nodes: list[list[int]]) -> list[int]:
    found: list[int] = []
    waiting = [[0, 0]]
    while len(waiting) > 0:
        node, seen = waiting.pop($take)
        value, left, right = nodes[node]
        if seen == 1:
            found.append(value)
            continue
        $steps
    return found
""",
        variants=tuple(
            {"order": order, "take": take, "steps": "\n        ".join(lines)}
            for order, take, lines in (
                (
                    "a node before its left part, and that before its right part",
                    "",
                    (
                        "if right >= 0:\n            waiting.append([right, 0])",
                        "if left >= 0:\n            waiting.append([left, 0])",
                        "waiting.append([node, 1])",
                    ),
                ),
                (
                    "the left part of a node, then the node, then its right part",
                    "",
                    (
                        "if right >= 0:\n            waiting.append([right, 0])",
                        "waiting.append([node, 1])",
                        "if left >= 0:\n            waiting.append([left, 0])",
                    ),
                ),
                (
                    "the right part of a node, then its left part, then the node",
                    "",
                    (
                        "waiting.append([node, 1])",
                        "if left >= 0:\n            waiting.append([left, 0])",
                        "if right >= 0:\n            waiting.append([right, 0])",
                    ),
                ),
                (
                    "level by level from the root down, each from left to right",
                    "0",
                    (
                        "found.append(value)",
                        "if left >= 0:\n            waiting.append([left, 0])",
                        "if right >= 0:\n            waiting.append([right, 0])",
                    ),
                ),
                (
                    "level by level from the root down, each from right to left, and without negative values",
                    "0",
                    (
                        "if value >= 0:\n            found.append(value)",
                        "if right >= 0:\n            waiting.append([right, 0])",
                        "if left >= 0:\n            waiting.append([left, 0])",
                    ),
                ),
            )
        ),
        inputs=_binary,
        examples=(([[[1, 1, 2], [2, -1, -1], [3, -1, -1]]], [1, 2, 3]), ([[[7, -1, -1]]], [7])),
        difficulty=3,
    ),
    Family(
        says=(
            "Put `numbers` one after the other into a heap kept in a list: append a number, then, as long as it is $smaller than its "
            "parent, exchange the two (the parent of place i is place (i - 1) // $arms, rounded down). Return $what.",
            "Insert each of `numbers` into an empty heap. A new number goes to the end of the heap's list and is exchanged with its "
            "parent, at place (i - 1) // $arms (rounded down) for place i, while it is $smaller than that. Return $what.",
        ),
        source="""
def grow_heap(numbers: list[int]) -> $kind:
    heap: list[int] = []
    swaps = 0
    for number in numbers:
        heap.append(number)
        place = len(heap) - 1
        while place > 0 and heap[place] $sign heap[(place - 1) // $arms]:
            above = (place - 1) // $arms
            heap[place], heap[above] = heap[above], heap[place]
            place = above
            swaps += 1
    return $result
""",
        variants=tuple(
            {"smaller": smaller, "sign": sign, "arms": arms, "what": what, "kind": kind, "result": result}
            for smaller, sign in (("smaller", "<"), ("larger", ">"))
            for arms in ("2", "3")
            for what, kind, result in (
                ("the list of the heap at the end", "list[int]", "heap"),
                ("how many exchanges there were in all", "int", "swaps"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 11, -9, 20)],
        examples=(([[3, 1, 2, 0]], [0, 1, 2, 3]), ([[]], []), ([[2, 2, 1]], [1, 2, 2])),
        difficulty=3,
    ),
)
