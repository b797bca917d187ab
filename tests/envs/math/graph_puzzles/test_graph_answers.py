"""Right answers are those that a plain look at everything finds right; the tasks are read from their prompts."""

import re
from collections import deque
from collections.abc import Iterator
from itertools import combinations, pairwise, permutations, product

import pytest

import textgym
from textgym.core import Task


def tasks(name: str, count: int = 6, **knobs: object) -> Iterator[tuple[textgym.TextEnv, Task]]:
    env = textgym.make(f"textgym/{name}-v0", **knobs)
    for index in range(count):
        yield env, env.task("train", index)


def earns(env: textgym.TextEnv, task: Task, answer: str) -> float:
    live = env.start(task)
    live.step(f"<think>Is it <answer>A</answer>?</think> <answer>{answer}</answer>")
    return live.total


def weighted(task: Task, pattern: str) -> dict[tuple[str, str], int]:
    return {(one, two): int(number) for one, two, number in re.findall(pattern, task.prompt)}


def simple_paths(near: dict[str, list[str]], path: list[str]) -> Iterator[list[str]]:
    yield path
    for vertex in near[path[-1]]:
        if vertex not in path:
            yield from simple_paths(near, [*path, vertex])


def neighbours(edges: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = {}
    for one, two in edges:
        near.setdefault(one, []).append(two)
        near.setdefault(two, []).append(one)
    return near


def test_every_shortest_path_is_right_and_no_other_path() -> None:
    for env, task in tasks("ShortestPath", difficulty="easy", heaviest=8):
        roads = weighted(task, r"([A-Z]) - ([A-Z]): (\d+)")
        roads |= {(two, one): length for (one, two), length in roads.items()}
        start, end = re.search(r"path from ([A-Z]) to ([A-Z])", task.prompt).groups()  # type: ignore[union-attr]
        near = {one: [two for two in task.data["names"] if (one, two) in roads] for one in task.data["names"]}
        paths = {
            " ".join(path): sum(roads[step] for step in pairwise(path))
            for path in simple_paths(near, [start])
            if path[-1] == end
        }
        least = min(paths.values())
        fewest = min(len(path) for path in paths)
        assert all(length > least for path, length in paths.items() if len(path) == fewest)
        for path, length in paths.items():
            assert earns(env, task, path) == float(length == least)
        best = next(path for path, length in paths.items() if length == least)
        assert earns(env, task, best.replace(" ", " -> ")) == 1.0
        assert earns(env, task, best[::-1]) == 0.0
        assert earns(env, task, best + " " + best) == 0.0


def test_every_lightest_tree_is_right_and_nothing_heavier() -> None:
    for env, task in tasks("MinimumSpanningTree", vertices=6, edges=10, heaviest=6):
        cables = weighted(task, r"([A-Z])-([A-Z]): (\d+)")
        trees = {}
        for chosen in combinations(cables, 5):
            near = neighbours(list(chosen))
            reached = {path[-1] for path in simple_paths(near, [chosen[0][0]])}
            if len(reached) == 6:
                trees[chosen] = sum(cables[cable] for cable in chosen)
        least = min(trees.values())
        assert sum(sorted(cables.values())[:5]) < least
        for chosen, cost in trees.items():
            assert earns(env, task, ", ".join(f"{two}-{one}" for one, two in chosen)) == float(cost == least)
        best = ", ".join(f"{one}-{two}" for one, two in min(trees, key=trees.__getitem__))
        assert earns(env, task, f"{best}, {best}") == 0.0
        assert earns(env, task, best.rpartition(",")[0]) == 0.0


def test_every_order_that_keeps_to_the_rules_is_right() -> None:
    for env, task in tasks("TopologicalOrder", count=3, vertices=6, edges=8):
        rules = re.findall(r"([A-Z]) before ([A-Z])", task.prompt)
        listed = re.search(r"jobs: ([A-Z, ]+)\.", task.prompt)[1].split(", ")  # type: ignore[index]
        right = 0
        for order in permutations(task.data["names"]):
            lawful = all(order.index(one) < order.index(two) for one, two in rules)
            right += lawful
            assert earns(env, task, " ".join(order)) == float(lawful)
        assert right >= 1
        for naive in (listed, listed[::-1], sorted(listed), sorted(listed)[::-1]):
            assert earns(env, task, " ".join(naive)) == 0.0


@pytest.mark.parametrize("colours", [3, 4])
def test_every_colouring_without_a_clash_is_right(colours: int) -> None:
    for env, task in tasks("GraphColouring", count=3, vertices=6, edges=11, colours=colours):
        edges = re.findall(r"([A-Z])-([A-Z])", task.prompt.partition("Give every")[0])
        names = sorted(task.data["names"])
        right = 0
        for given in product("1234"[:colours], repeat=6):
            colour = dict(zip(names, given, strict=True))
            lawful = all(colour[one] != colour[two] for one, two in edges)
            right += lawful
            if lawful or given[0] == "1":
                assert earns(env, task, " ".join(f"{name}={sign}" for name, sign in colour.items())) == float(lawful)
        assert right >= 1


def test_every_path_through_all_vertices_is_right() -> None:
    for env, task in tasks("HamiltonPath", vertices=6, edges=8):
        edges = re.findall(r"([A-Z])-([A-Z])", task.prompt.partition("Each edge")[0])
        near = neighbours(edges)
        right = 0
        for order in permutations(sorted(near)):
            lawful = all(two in near[one] for one, two in pairwise(order))
            right += lawful
            assert earns(env, task, " ".join(order)) == float(lawful)
        assert right >= 2
        assert earns(env, task, " ".join([*task.secret["answer"].split(), task.secret["answer"][0]])) == 0.0


def test_every_cut_of_least_capacity_is_right() -> None:
    for env, task in tasks("MinimumCut", difficulty="easy", largest=6):
        pipes = weighted(task, r"([A-Z]) to ([A-Z]): (\d+)")
        source, sink = re.search(r"source is ([A-Z]), the sink is ([A-Z])", task.prompt).groups()  # type: ignore[union-attr]
        others = sorted(set(task.data["names"]) - {source, sink})
        cuts = {}
        for number in range(len(others) + 1):
            for some in combinations(others, number):
                side = {source, *some}
                cuts[source, *some] = sum(c for (one, two), c in pipes.items() if one in side and two not in side)
        least = min(cuts.values())
        assert cuts[source,] > least
        assert cuts[source, *others] > least
        for side, capacity in cuts.items():
            assert earns(env, task, ", ".join(side)) == float(capacity == least)
        best = min(cuts, key=cuts.__getitem__)
        assert earns(env, task, " ".join([*best, sink])) == 0.0
        assert earns(env, task, " ".join([*best, source])) == 0.0
        assert earns(env, task, " ".join(best[1:]) or sink) == 0.0


def test_every_cheapest_assignment_is_right() -> None:
    for env, task in tasks("Assignment", count=4, size=5, largest=8):
        table = task.prompt.split("\n\n")[1].split("\n")
        jobs = table[0].split()
        costs = [[int(cell) for cell in line.split()[1:]] for line in table[1:]]
        totals = {
            " ".join(jobs[job] for job in order): sum(row[job] for row, job in zip(costs, order, strict=True))
            for order in permutations(range(5))
        }
        least = min(totals.values())
        for answer, total in totals.items():
            assert earns(env, task, answer) == float(total == least)


# -- boards ------------------------------------------------------------------------------------------------------------


def tile_moves(board: str, columns: int) -> Iterator[tuple[str, str]]:
    gap = board.index("_")
    rows = len(board) // columns
    row, column = divmod(gap, columns)
    for move, (down, right) in {"U": (1, 0), "D": (-1, 0), "L": (0, 1), "R": (0, -1)}.items():
        if 0 <= row + down < rows and 0 <= column + right < columns:
            tile = (row + down) * columns + column + right
            cells = list(board)
            cells[gap], cells[tile] = cells[tile], cells[gap]
            yield move, "".join(cells)


def test_tiles_allow_the_fewest_moves_and_some_to_spare() -> None:
    for env, task in tasks("SlidingTiles", difficulty="easy", spare=2):
        blocks = task.prompt.split("\n\n")
        start, wanted = "".join(blocks[1].split()), "".join(blocks[3].split())
        most = int(re.search(r"at most (\d+) moves", task.prompt)[1])  # type: ignore[index]
        ways = {start: ""}
        queue = deque([start])
        while wanted not in ways:
            board = queue.popleft()
            for move, after in tile_moves(board, 3):
                if after not in ways:
                    ways[after] = ways[board] + move
                    queue.append(after)
        found = ways[wanted]
        assert len(found) == task.difficulty == most - 2
        assert earns(env, task, found) == 1.0
        assert earns(env, task, ", ".join(found.lower())) == 1.0
        assert earns(env, task, found[:-1]) == 0.0
        back = {"U": "D", "D": "U", "L": "R", "R": "L"}
        detour = next(move for move, _ in tile_moves(start, 3))
        assert earns(env, task, detour + back[detour] + found) == 1.0
        assert earns(env, task, (detour + back[detour]) * 2 + found) == 0.0
        for impossible in set("UDLR") - set(dict(tile_moves(start, 3))):
            assert earns(env, task, impossible + found) == 0.0


def sokoban(room: list[str], moves: str) -> bool:
    """Whether all boxes are on goals after the moves, by a simulation of the test's own on a dictionary of signs."""
    walls = {(r, c) for r, line in enumerate(room) for c, sign in enumerate(line) if sign == "#"}
    boxes = {(r, c) for r, line in enumerate(room) for c, sign in enumerate(line) if sign in "$*"}
    goals = {(r, c) for r, line in enumerate(room) for c, sign in enumerate(line) if sign in ".*+"}
    row, column = next((r, c) for r, line in enumerate(room) for c, sign in enumerate(line) if sign in "@+")
    for move in moves:
        down, right = {"U": (-1, 0), "D": (1, 0), "L": (0, -1), "R": (0, 1)}[move]
        ahead, beyond = (row + down, column + right), (row + 2 * down, column + 2 * right)
        if ahead in walls or (ahead in boxes and (beyond in walls or beyond in boxes)):
            continue
        if ahead in boxes:
            boxes = boxes - {ahead} | {beyond}
        row, column = ahead
    return boxes == goals


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_a_sokoban_room_is_well_formed_and_its_solution_solves_it(difficulty: str) -> None:
    for env, task in tasks("Sokoban", count=10, difficulty=difficulty):
        room = task.prompt.split("\n\n")[1].split("\n")
        config = env.config
        assert {len(line) for line in room} == {config.columns + 2}
        assert len(room) == config.rows + 2
        assert set(room[0]) | set(room[-1]) == {"#"}
        signs = "".join(room)
        assert len(re.findall(r"[$*]", signs)) == len(re.findall(r"[.*+]", signs)) == config.boxes
        assert len(re.findall(r"[@+]", signs)) == 1
        moves = task.secret["answer"]
        assert sokoban(room, moves)
        assert not sokoban(room, "")
        assert earns(env, task, moves.lower()) == 1.0
        half = moves[: len(moves) // 2]
        assert earns(env, task, half) == float(sokoban(room, half))
        assert task.difficulty >= config.pushes  # type: ignore[operator]


def test_another_solution_of_a_room_is_right_too() -> None:
    back = {"U": "D", "D": "U", "L": "R", "R": "L"}
    for env, task in tasks("Sokoban", count=10, difficulty="easy"):
        room = task.prompt.split("\n\n")[1].split("\n")
        moves = task.secret["answer"]
        other = next(m + back[m] + moves for m in "UDLR" if sokoban(room, m + back[m] + moves))
        assert earns(env, task, other) == 1.0


def test_no_room_needs_fewer_pushes_than_promised() -> None:
    """Search over where the player and two boxes can be, those with fewer pushes first."""
    for _, task in tasks("Sokoban", count=10, rows=4, columns=4, boxes=2, pushes=4):
        room = task.prompt.split("\n\n")[1].split("\n")
        width = len(room[0])
        signs = "".join(room)
        steps = (1, -1, width, -width)
        boxes = frozenset(match.start() for match in re.finditer(r"[$*]", signs))
        goals = {match.start() for match in re.finditer(r"[.*+]", signs)}
        player = re.search(r"[@+]", signs).start()  # type: ignore[union-attr]
        pushes = {(player, boxes): 0}
        queue = deque([(player, boxes)])
        best = None
        while queue:
            at, here = queue.popleft()
            if here == goals:
                best = pushes[at, here]
                break
            for step in steps:
                ahead = at + step
                if signs[ahead] == "#":
                    continue
                pushed = ahead in here
                if pushed and (signs[ahead + step] == "#" or ahead + step in here):
                    continue
                after = ahead, here - {ahead} | {ahead + step} if pushed else here
                if after not in pushes or pushes[at, here] + pushed < pushes[after]:
                    pushes[after] = pushes[at, here] + pushed
                    (queue.append if pushed else queue.appendleft)(after)
        assert best is not None
        assert 4 <= best <= task.difficulty  # type: ignore[operator]
