"""Digits: how a number is written, and what its digits say."""

from textgym.envs.code.functions.draws import whole
from textgym.envs.code.functions.family import Family

TO_BASE = Family(
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
)

DIGIT_ROOT = Family(
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
)

ROMAN_NUMERAL = Family(
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
)

WEIGHTED_CHECKSUM = Family(
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
)

LONGEST_BIT_RUN = Family(
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
)
