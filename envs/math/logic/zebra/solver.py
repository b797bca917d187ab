"""An exact solver whose unknowns are whole attributes: for each, the set of orders in which its values may stand.

An order is a permutation of the values over the houses, a set of orders one integer with a bit an order. That no two houses
share a value thus holds by itself, and what a clue leaves of an attribute takes a few operations on integers.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, permutations

from textgym.envs.math.logic.zebra.clues import Clue, Kind

Orders = list[int]
"""For each attribute the set of orders that are still possible."""


class Street:
    """The orders of a number of houses.

    Attributes:
        houses: how many.
        every: the set of all orders.
        with_value: `[value][house]`, the set of orders that have the value in the house.
    """

    def __init__(self, houses: int) -> None:
        self.houses = houses
        orders = list(permutations(range(houses)))
        self.every = (1 << len(orders)) - 1
        self.with_value = [
            [sum(1 << at for at, order in enumerate(orders) if order[house] == value) for house in range(houses)]
            for value in range(houses)
        ]
        # For each value and each set of houses: the orders that have the value in one of them.
        self.within = [
            [sum(row[house] for house in range(houses) if places >> house & 1) for places in range(1 << houses)]
            for row in self.with_value
        ]
        self._reaches: dict[tuple[Kind, int], tuple[list[int], list[int]]] = {}

    def houses_of(self, orders: int, value: int) -> int:
        """The set of houses in which the value may be."""
        places = 0
        for house, having in enumerate(self.with_value[value]):
            if orders & having:
                places |= 1 << house
        return places

    def reach(self, kind: Kind, house: int) -> tuple[list[int], list[int]]:
        """For each set of houses of a clue's `one`, the houses that its `two` may be in; and the other way round."""
        known = self._reaches.get((kind, house))
        if known is None:
            clue, houses = Clue(kind, (0, 0), (0, 0), house), range(self.houses)
            known = self._reaches[kind, house] = (
                self._reach([[clue.holds(one, two) for two in houses] for one in houses]),
                self._reach([[clue.holds(one, two) for one in houses] for two in houses]),
            )
        return known

    def _reach(self, allowed: list[list[bool]]) -> list[int]:
        rows = [sum(1 << house for house, yes in enumerate(row) if yes) for row in allowed]
        reached = [0] * (1 << self.houses)
        for places in range(1, 1 << self.houses):
            low = (places & -places).bit_length() - 1
            reached[places] = reached[places & (places - 1)] | rows[low]
        return reached


@cache
def street(houses: int) -> Street:
    """The street of so many houses; built once."""
    return Street(houses)


def deduce(where: Street, clues: Sequence[Clue], orders: Orders) -> bool:
    """Take away, in place, what the clues exclude one by one, until nothing more goes; False where nothing is left."""
    changed = True
    while changed:
        changed = False
        for clue in clues:
            before = orders[clue.one[0]], orders[clue.two[0]]
            if not apply(where, clue, orders):
                return False
            changed = changed or before != (orders[clue.one[0]], orders[clue.two[0]])
    return True


def apply(where: Street, clue: Clue, orders: Orders) -> bool:
    """Take away, in place, what one clue excludes; False where nothing is left."""
    (first, one), (second, two) = clue.one, clue.two
    forth, back = where.reach(clue.kind, clue.house)
    at_one = where.houses_of(orders[first], one)
    at_two = where.houses_of(orders[second], two)
    left_one, left_two = at_one & back[at_two], at_two & forth[at_one]
    if left_one != at_one:
        orders[first] &= where.within[one][left_one]
    if left_two != at_two:
        orders[second] &= where.within[two][left_two]
    return bool(orders[first] and orders[second])


def solutions(where: Street, clues: Sequence[Clue], orders: Orders) -> Iterator[Orders]:
    """All ways to satisfy the clues, each attribute down to one order; `orders` is used up."""
    if not deduce(where, clues, orders):
        return
    open_ones = [(left.bit_count(), at) for at, left in enumerate(orders) if left & (left - 1)]
    if not open_ones:
        yield orders
        return
    attribute = min(open_ones)[1]
    left = orders[attribute]
    value = next(v for v in range(where.houses) if where.houses_of(left, v).bit_count() > 1)
    for having in where.with_value[value]:
        if left & having:
            branch = list(orders)
            branch[attribute] = left & having
            yield from solutions(where, clues, branch)


def determined(where: Street, clues: Sequence[Clue], attributes: int) -> bool:
    """Whether the clues, which are known to be true of some arrangement, are true of no other."""
    return len(list(islice(solutions(where, clues, [where.every] * attributes), 2))) == 1
