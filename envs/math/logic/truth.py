"""Truth tables as integers: one bit for each assignment of values to a number of variables.

Assignment number `a` makes variable `i` true if bit `i` of `a` is set. With this, a conjunction is one operation, all models
of a formula come out at once, and how many there are is a count of bits.
"""

from functools import cache

MOST_VARIABLES = 16


@cache
def everything(count: int) -> int:
    """The table of what is always true, over `count` variables."""
    return (1 << (1 << count)) - 1


@cache
def variables(count: int) -> tuple[int, ...]:
    """The table of each variable."""
    tables = []
    for variable in range(count):
        block = 1 << variable
        table, length = ((1 << block) - 1) << block, 2 * block
        while length < 1 << count:
            table |= table << length
            length *= 2
        tables.append(table)
    return tuple(tables)


def models(table: int) -> list[int]:
    """The assignments in a table, by number."""
    found = []
    while table:
        bit = table & -table
        found.append(bit.bit_length() - 1)
        table ^= bit
    return found
