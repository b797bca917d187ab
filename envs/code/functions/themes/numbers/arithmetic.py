"""Arithmetic on whole numbers: divisors, fractions by hand, sequences, rounding."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import whole, wholes
from textgym.envs.code.functions.family import Family


def _near_multiples(rng: Random) -> list[Any]:
    """A number and a unit, often half way between two multiples."""
    unit = rng.randint(1, 12)
    return [rng.choice([whole(rng, -60, 60), unit * rng.randint(-9, 9) // 2]), unit]


LIST_DIVISORS = Family(
    says=(
        "List the divisors of `number`, $which, in $order order. A number below 1 has none.",
        "Return all positive whole numbers that divide `number` evenly, $which, sorted in $order order; for `number` "
        "less than 1 an empty list.",
    ),
    source="""
def list_divisors(number: int) -> list[int]:
    found: list[int] = []
    candidate = 1
    while candidate * candidate <= number:
        if number % candidate == 0:
            found.append(candidate)
            if candidate != number // candidate:
                found.append(number // candidate)
        candidate += 1
    return sorted([one for one in found if $keep], reverse=$reverse)
""",
    variants=tuple(
        {"which": which, "keep": keep, "order": order, "reverse": reverse}
        for which, keep in (
            ("1 and the number itself included", "one > 0"),
            ("but neither 1 nor the number itself", "1 < one < number"),
            ("the odd ones alone", "one % 2 == 1"),
        )
        for order, reverse in (("ascending", "False"), ("descending", "True"))
    ),
    inputs=lambda rng: [whole(rng, -2, 400) if rng.randrange(3) else rng.choice([2, 3, 4, 6, 9]) * whole(rng, 1, 40)],
    examples=(([12], [1, 2, 3, 4, 6, 12]), ([1], [1]), ([0], [])),
    difficulty=2,
)

FOLLOW_RULE = Family(
    says=(
        "Follow the rule from `start`: an even number is halved, an odd one becomes $words. Return $what when 1 is "
        "reached, after $limit steps, or at once for a `start` below 2.",
        "Repeat: halve an even number, turn an odd one into $words. Beginning with `start`, stop at a number below 2 or "
        "after $limit steps, and return $what.",
    ),
    source="""
def follow_rule(start: int) -> int:
    value = start
    highest = start
    steps = 0
    while value > 1 and steps < $limit:
        if value % 2 == 0:
            value //= 2
        else:
            value = $odd
        highest = max(highest, value)
        steps += 1
    return $result
""",
    variants=tuple(
        {"words": words, "odd": odd, "limit": limit, "what": what, "result": result}
        for words, odd, limit in (
            ("three times itself plus one", "3 * value + 1", "40"),
            ("five less than three times itself", "3 * value - 5", "12"),
        )
        for what, result in (
            ("the number of steps taken", "steps"),
            ("the highest number met (`start` included)", "highest"),
            ("the number arrived at", "value"),
        )
    ),
    inputs=lambda rng: [whole(rng, -3, 90)],
    examples=(([6], 8), ([1], 0), ([-2], 0)),
    difficulty=2,
)

COMBINE_FRACTIONS = Family(
    says=(
        "Add the fractions `first` and `second`, each given as `[numerator, denominator]` with a denominator above 0$op, "
        "and return the result in lowest terms in the same form$form.",
        "Return $name of the fractions `first` and `second` (pairs `[numerator, denominator]`, denominators positive) "
        "as such a pair in lowest terms$form.",
    ),
    source="""
import math


def combine_fractions(first: list[int], second: list[int]) -> list[int]:
    top = $top
    bottom = first[1] * second[1]
    shared = math.gcd(top, bottom)
    top //= shared
    bottom //= shared
    $whole
    return [top, bottom]
""",
    variants=tuple(
        {"op": op, "name": name, "top": top, "form": form, "whole": code}
        for op, name, top in (
            ("", "the sum", "first[0] * second[1] + second[0] * first[1]"),
            (
                ", the second one with its sign changed",
                "the difference",
                "first[0] * second[1] - second[0] * first[1]",
            ),
        )
        for form, code in (
            ("", "bottom = max(bottom, 1)"),
            (
                ", but with the numerator reduced to its rest modulo the denominator, which is not negative",
                "top %= bottom",
            ),
        )
    ),
    inputs=lambda rng: [[whole(rng, -12, 12), rng.randint(1, 12)], [whole(rng, -12, 12), rng.randint(1, 12)]],
    examples=(([[1, 2], [1, 3]], [5, 6]), ([[1, 4], [-1, 4]], [0, 1])),
    difficulty=2,
)

PRIME_POWERS = Family(
    says=(
        "Return the prime factors of `number` as pairs `[prime, exponent]`, $order prime first$skip. Numbers below 2 have "
        "none.",
        "Factorise `number`: list `[prime, exponent]` for each prime that divides it, beginning with the $order$skip. "
        "For `number` under 2 the list is empty.",
    ),
    source="""
def prime_powers(number: int) -> list[list[int]]:
    powers: list[list[int]] = []
    rest = number
    prime = 2
    while rest > 1:
        exponent = 0
        while rest % prime == 0:
            rest //= prime
            exponent += 1
        if exponent $least:
            powers.append([prime, exponent])
        prime += 1
        if prime * prime > rest > 1:
            prime = rest
    return powers$turn
""",
    variants=tuple(
        {"order": order, "turn": turn, "skip": skip, "least": least}
        for order, turn in (("smallest", ""), ("largest", "[::-1]"))
        for skip, least in (
            ("", "> 0"),
            (", leaving out those with exponent 1", "> 1"),
            (", leaving out those with an even exponent", "% 2 == 1"),
        )
    ),
    inputs=lambda rng: [
        rng.choice([whole(rng, -2, 60), whole(rng, 2, 900), 4 * whole(rng, 1, 99), 18 * whole(rng, 1, 30)])
    ],
    examples=(([60], [[2, 2], [3, 1], [5, 1]]), ([1], []), ([49], [[7, 2]])),
    difficulty=3,
)

COUNT_COINS = Family(
    says=(
        "Pay `amount` with coins worth $coins, always taking the largest that fits, and return how many of each are "
        "used, in the order named. What cannot be paid is $rest. A negative `amount` is treated as 0.",
        "Change `amount` (0 if it is negative) greedily into coins of $coins, larger ones first. Return the count of "
        "each coin in that order; an amount that is left over is $rest.",
    ),
    source="""
def count_coins(amount: int) -> list[int]:
    counts: list[int] = []
    left = max(amount, 0)
    for coin in ($values):
        counts.append(left // coin)
        left -= counts[-1] * coin
    $finish
    return counts
""",
    variants=tuple(
        {"coins": coins, "values": coins, "rest": rest, "finish": finish}
        for coins in ("50, 20, 10, 5", "25, 10, 4", "60, 24, 6", "100, 30, 12, 3")
        for rest, finish in (
            ("added at the end of the list", "counts.append(left)"),
            ("paid with one more of the smallest coin", "counts[-1] += 1 if left > 0 else 0"),
        )
    ),
    inputs=lambda rng: [whole(rng, -5, 260)],
    examples=(([87], [1, 1, 1, 1, 2]), ([0], [0, 0, 0, 0, 0]), ([-3], [0, 0, 0, 0, 0])),
    difficulty=1,
)

SEQUENCE_START = Family(
    says=(
        "Start with $first and go on so that each number is $rule, and return the first `count` numbers, each increased "
        "by `shift`; none if "
        "`count` is not positive.",
        "List `count` numbers of the sequence that begins $first and in which every later number is $rule, adding "
        "`shift` to each. A `count` of 0 or less gives an empty list.",
    ),
    source="""
def sequence_start(count: int, shift: int) -> list[int]:
    values = [$values]
    while len(values) < count:
        values.append($next)
    return [value + shift for value in values[: max(count, 0)]]
""",
    variants=(
        {
            "first": "0, 1",
            "values": "0, 1",
            "rule": "the sum of the two before it",
            "next": "values[-1] + values[-2]",
        },
        {
            "first": "2, 1",
            "values": "2, 1",
            "rule": "the sum of the two before it",
            "next": "values[-1] + values[-2]",
        },
        {
            "first": "1, 1, 1",
            "values": "1, 1, 1",
            "rule": "the sum of the second and the third before it",
            "next": "values[-2] + values[-3]",
        },
        {
            "first": "0, 1",
            "values": "0, 1",
            "rule": "twice the one before it plus the one before that",
            "next": "2 * values[-1] + values[-2]",
        },
    ),
    inputs=lambda rng: [whole(rng, -1, 14), whole(rng, -20, 20)],
    examples=(([5, 0], [0, 1, 1, 2, 3]), ([1, 3], [3]), ([0, 9], [])),
    difficulty=1,
)

ROUND_TO_UNIT = Family(
    says=(
        "Round `number` to a multiple of `unit`, which is above 0: to the nearest one, and one that lies exactly in the "
        "middle $tie.",
        "Return the multiple of the positive `unit` that is closest to `number`; if two are equally close, round $tie.",
    ),
    source="""
def round_to_unit(number: int, unit: int) -> int:
    lower = number // unit * unit
    upper = lower + unit
    if number - lower < upper - number:
        return lower
    if number - lower > upper - number:
        return upper
    return $tied
""",
    variants=(
        {"tie": "up, to the greater one", "tied": "upper"},
        {"tie": "down, to the smaller one", "tied": "lower"},
        {"tie": "to the one that is an even multiple", "tied": "lower if number // unit % 2 == 0 else upper"},
        {"tie": "away from zero", "tied": "upper if number > 0 else lower"},
        {"tie": "towards zero", "tied": "lower if number > 0 else upper"},
    ),
    inputs=_near_multiples,
    examples=(([7, 5], 5), ([5, 10], 10), ([-5, 10], 0)),
    difficulty=2,
)

COUNT_PAIRS = Family(
    says=(
        "Return the number of pairs of positions i < j in `values` for which values[i] is $relation values[j]$also.",
        "Count in `values` the pairs of an earlier and a later element in which the earlier is $relation the later$also.",
    ),
    source="""
def count_pairs(values: list[int]) -> int:
    count = 0
    for j in range(len(values)):
        for i in range(j):
            if values[i] $sign values[j] and $more:
                count += 1
    return count
""",
    variants=tuple(
        {"relation": relation, "sign": sign, "also": also, "more": more}
        for relation, sign in (("greater than", ">"), ("at most as great as", "<="))
        for also, more in (
            ("", "i != j"),
            (" and at most 3 positions apart", "j - i <= 3"),
            (" and both odd or both even", "(values[i] - values[j]) % 2 == 0"),
        )
    ),
    inputs=lambda rng: [wholes(rng, 10, -5, 12)],
    examples=(([[3, 1, 2]], 2), ([[]], 0), ([[4, 4]], 0)),
    difficulty=1,
)
