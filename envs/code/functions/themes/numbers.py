"""Whole numbers: digits, divisors, bases, sequences, fractions by hand."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import whole, wholes
from textgym.envs.code.functions.family import Family


def _near_multiples(rng: Random) -> list[Any]:
    """A number and a unit, often half way between two multiples."""
    unit = rng.randint(1, 12)
    return [rng.choice([whole(rng, -60, 60), unit * rng.randint(-9, 9) // 2]), unit]


FAMILIES = (
    Family(
        says=(
            "Write `number` in base $base with the digits $digits, a minus sign in front of a negative one, and at least "
            "`width` digits: zeros fill up from the left.",
            "Return the base-$base notation of `number` ($digits are the digits). Pad it with leading zeros to `width` "
            "digits; a minus sign comes before all of them and is not counted.",
        ),
        source="""
def to_base(number: int, width: int) -> str:
    digits = ""
    rest = abs(number)
    while rest > 0:
        rest, digit = divmod(rest, $base)
        digits = "$alphabet"[digit] + digits
    if digits == "":
        digits = "$zero"
    while len(digits) < width:
        digits = "$zero" + digits
    return "-" + digits if number < 0 else digits
""",
        variants=(
            {"base": "2", "digits": "0 and 1", "alphabet": "01", "zero": "0"},
            {"base": "3", "digits": "0, 1 and 2", "alphabet": "012", "zero": "0"},
            {"base": "16", "digits": "0 to 9 and a to f", "alphabet": "0123456789abcdef", "zero": "0"},
            {"base": "4", "digits": "A (zero) to D (three)", "alphabet": "ABCD", "zero": "A"},
        ),
        inputs=lambda rng: [whole(rng, -40, 700), whole(rng, 0, 7)],
        examples=(([5, 0], "101"), ([-2, 4], "-0010"), ([0, 0], "0")),
        difficulty=2,
    ),
    Family(
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
        inputs=lambda rng: [
            whole(rng, -2, 400) if rng.randrange(3) else rng.choice([2, 3, 4, 6, 9]) * whole(rng, 1, 40)
        ],
        examples=(([12], [1, 2, 3, 4, 6, 12]), ([1], [1]), ([0], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Combine the decimal digits of `number` (its sign does not matter) into one by $how, again and again until "
            "a single digit is left, and return $what.",
            "Replace `number`, taken without its sign, by $how of its decimal digits as long as it has more than one. "
            "Return $what.",
        ),
        source="""
def digit_root(number: int) -> int:
    value = abs(number)
    rounds = 0
    while value >= 10:
        total = $start
        while value > 0:
            value, digit = divmod(value, 10)
            total = $step
        value = total
        rounds += 1
    return $result
""",
        variants=tuple(
            {"how": how, "start": start, "step": step, "what": what, "result": result}
            for how, start, step in (("the sum", "0", "total + digit"), ("the product", "1", "total * digit"))
            for what, result in (("that digit", "value"), ("how many times this was done", "rounds"))
        ),
        inputs=lambda rng: [rng.choice([whole(rng, -50, 99), whole(rng, 0, 999), whole(rng, 0, 10**9)])],
        examples=(([987], 6), ([-38], 2), ([0], 0)),
        difficulty=2,
    ),
    Family(
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
                ("the highest number met, `start` included,", "highest"),
                ("the number arrived at", "value"),
            )
        ),
        inputs=lambda rng: [whole(rng, -3, 90)],
        examples=(([6], 8), ([1], 0), ([-2], 0)),
        difficulty=2,
    ),
    Family(
        says=(
            "Write `number`, from 1 to 3999, in Roman numerals, $rule. Other numbers give an empty text.",
            "Return the Roman numeral of `number`, $rule; an empty text outside of 1 to 3999.",
        ),
        source="""
def roman_numeral(number: int) -> str:
    if number < 1 or number > 3999:
        return ""
    signs = $signs
    text = ""
    for value, sign in signs:
        while number >= value:
            text += sign
            number -= value
    return text$case
""",
        variants=tuple(
            {"rule": rule, "signs": signs, "case": case}
            for rule, signs, case in (
                (
                    "with subtraction, as IX for 9 and XC for 90",
                    '[(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),\n'
                    '             (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]',
                    "",
                ),
                (
                    "by addition alone, as VIIII for 9 and LXXXX for 90",
                    '[(1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (5, "V"), (1, "I")]',
                    "",
                ),
                (
                    "with subtraction of ones alone, as IX for 9, but LXXXX for 90 and CCCC for 400",
                    '[(1000, "M"), (500, "D"), (100, "C"), (50, "L"), (10, "X"), (9, "IX"), (5, "V"),\n'
                    '             (4, "IV"), (1, "I")]',
                    "",
                ),
                (
                    "in small letters and with subtraction, as ix for 9 and xc for 90",
                    '[(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),\n'
                    '             (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]',
                    ".lower()",
                ),
            )
        ),
        inputs=lambda rng: [
            rng.choice([whole(rng, -1, 120), whole(rng, 1, 4001), rng.choice([4, 9, 40, 90, 400, 900, 3999])])
        ],
        examples=(([1994], "MCMXCIV"), ([4], "IV"), ([0], "")),
        difficulty=2,
    ),
    Family(
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
    ),
    Family(
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
    ),
    Family(
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
    ),
    Family(
        says=(
            "Return the check digit of `digits`, a number as text: from the $side, every second digit, beginning with the "
            "$start, is doubled, and 9 is taken off what exceeds 9; the result is the sum of all digits modulo $modulus. An "
            "empty text gives -1.",
            "Weigh the digits in the text `digits`: counting from the $side, each second one beginning with the $start counts "
            "double, less 9 if that is more than 9. Return the rest of the sum when divided by $modulus, or -1 for an empty "
            "text.",
        ),
        source="""
def weighted_checksum(digits: str) -> int:
    if digits == "":
        return -1
    total = 0
    for place, char in enumerate($walk):
        value = int(char)
        if place % 2 == $odd:
            value *= 2
            if value > 9:
                value -= 9
        total += value
    return total % $modulus
""",
        variants=tuple(
            {"side": side, "walk": walk, "start": start, "odd": odd, "modulus": modulus}
            for side, walk in (("right", "reversed(digits)"), ("left", "digits"))
            for start, odd in (("second", "1"), ("first", "0"))
            for modulus in ("10", "7")
        ),
        inputs=lambda rng: ["".join(str(rng.randrange(10)) for _ in range(whole(rng, 0, 9)))],
        examples=((["59"], 0), (["18"], 0), ([""], -1), (["12"], 4)),
        difficulty=2,
    ),
    Family(
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
    ),
    Family(
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
    ),
    Family(
        says=(
            "How long is the longest run of $bit in the binary notation of `number`, without its sign and leading zeros? If "
            "`ring` is true, the last digit counts as the neighbour of the first. Zero is written as 0.",
            "Return the length of the longest unbroken row of $bit among the binary digits of the absolute value of "
            "`number` (0 has the single digit 0); with `ring` true the digits form a ring.",
        ),
        source="""
def longest_bit_run(number: int, ring: bool) -> int:
    digits = bin(abs(number))[2:]
    rounds = 2 if ring else 1
    longest = 0
    current = 0
    for digit in digits * rounds:
        current = current + 1 if $test else 0
        longest = max(longest, current)
    return min(longest, $most)
""",
        variants=(
            {"bit": "ones", "test": 'digit == "1"', "most": "len(digits)"},
            {"bit": "zeros", "test": 'digit == "0"', "most": "len(digits)"},
            {"bit": "ones (runs of more than three count as three)", "test": 'digit == "1"', "most": "3"},
            {"bit": "zeros (runs of more than two count as two)", "test": 'digit == "0"', "most": "2"},
        ),
        inputs=lambda rng: [rng.choice([whole(rng, -30, 300), whole(rng, 0, 70_000)]), rng.random() < 0.5],
        examples=(([55, False], 3), ([55, True], 5), ([0, True], 0)),
        difficulty=3,
    ),
    Family(
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
    ),
)
