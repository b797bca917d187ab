"""Making Zebra puzzles: a random arrangement, true clues until it is the only one, then all that can go is taken away."""

from textgym.core import Random
from textgym.envs.math.logic.zebra.clues import Clue, Kind
from textgym.envs.math.logic.zebra.solver import Orders, Street, apply, determined, street

_RELATIONS: tuple[Kind, ...] = ("same", "same", "next", "next", "left", "left", "before", "two_off", "apart")


def clues_for(solution: list[list[int]], positions: float, rng: Random) -> list[Clue]:
    """Clues of which the arrangement is the only solution, and none of which can be spared.

    A clue is taken only if it excludes something that those before it, applied one by one, left open; they end when that
    leaves one arrangement, which is the first proof of uniqueness. Then each clue is left out in turn, and stays out if an
    exact search still finds no second arrangement.

    Args:
        solution: `solution[attribute][value]` is the house of a value.
        positions: the share of clues drawn that name a house.
        rng: the generator.
    """
    houses, attributes = len(solution[0]), len(solution)
    where = street(houses)
    orders: Orders = [where.every] * attributes
    clues: list[Clue] = []
    while any(left & (left - 1) for left in orders):
        clue = _true_clue(solution, positions, rng)
        if _tells_something(where, clue, orders):
            clues.append(clue)
            _exhaust(where, clues, orders)
    for clue in rng.sample(clues, len(clues)):
        rest = [other for other in clues if other is not clue]
        if determined(where, rest, attributes):
            clues = rest
    return clues


def _true_clue(solution: list[list[int]], positions: float, rng: Random) -> Clue:
    houses, attributes = len(solution[0]), len(solution)
    while True:
        one = rng.randrange(attributes), rng.randrange(houses)
        if rng.random() < positions:
            place = solution[one[0]][one[1]]
            if rng.getrandbits(1):
                return Clue("at", one, one, place)
            return Clue("not_at", one, one, (place + rng.randint(1, houses - 1)) % houses)
        two = rng.randrange(attributes), rng.randrange(houses)
        kind = rng.choice(_RELATIONS)
        if one[0] == two[0] and (one[1] == two[1] or kind in ("same", "apart")):
            continue
        clue = Clue(kind, one, two)
        if clue.holds(solution[one[0]][one[1]], solution[two[0]][two[1]]):
            return clue


def _tells_something(where: Street, clue: Clue, orders: Orders) -> bool:
    trial = list(orders)
    apply(where, clue, trial)
    return trial != orders


def _exhaust(where: Street, clues: list[Clue], orders: Orders) -> None:
    before: Orders = []
    while before != orders:
        before = list(orders)
        for clue in clues:
            apply(where, clue, orders)


def shape_of(clues: list[Clue], solution: list[list[int]]) -> str:
    """What a puzzle keeps when values, attributes and clues are renamed or put in another order, or the street is mirrored.

    For each clue its kind and the houses that it is really about; the mirror image turns `left` and `before` around, so the
    lesser of the two is taken.
    """
    houses = len(solution[0])

    def facts(clue: Clue, mirrored: bool) -> tuple[str, int, int, int]:
        one, two = solution[clue.one[0]][clue.one[1]], solution[clue.two[0]][clue.two[1]]
        named = clue.house if clue.kind == "not_at" else 0
        if mirrored:
            one, two = houses - 1 - one, houses - 1 - two
            named = houses - 1 - named if clue.kind == "not_at" else 0
        return clue.kind, min(one, two), max(one, two), named

    plain, mirror = (sorted(facts(clue, mirrored) for clue in clues) for mirrored in (False, True))
    return f"{houses}x{len(solution)} {min(plain, mirror)}"
