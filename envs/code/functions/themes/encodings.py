"""Codes of numbers: packing, checksums, notations."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, wholes, word
from textgym.envs.code.functions.family import Family


def _numeral(rng: Random) -> list[Any]:
    """A Roman numeral, or letters of one in any order."""
    if rng.randrange(3) == 0:
        return [word(rng, "IVXLCDM", 6)]
    parts = [rng.choice(["", "M", "MM"]), rng.choice(["", "CM", "CD", "D", "DCC", "CC"])]
    parts += [rng.choice(["", "XC", "XL", "L", "LX", "XX"]), rng.choice(["", "IX", "IV", "V", "VI", "III"])]
    return ["".join(parts)]


def _copies(rng: Random) -> list[Any]:
    return [many(rng, 7, lambda: [rng.choice([0, 1, 1, 1, 2, 3, 4]), rng.randint(0, 4), rng.choice("xyz")])]


def _lengths(rng: Random) -> list[Any]:
    """Small blocks, each a length and as many values; often cut off or with something behind them."""
    values: list[int] = []
    for _ in range(rng.randint(0, 4)):
        block = wholes(rng, 4, 0, 9)
        values += [len(block), *block]
    return [values[: len(values) - rng.randint(0, 2)] if rng.randrange(3) == 0 else [*values, *wholes(rng, 2, 0, 3)]]


FAMILIES = (
    Family(
        says=(
            "Read `numeral`, Roman digits (I 1, V 5, X 10, L 50, C 100, D 500, M 1000) in any order: add up the values, but subtract the "
            "value of a digit that $rule. An empty text gives 0. Return $what.",
            "The Roman digits in `numeral` need not be well formed: I, V, X, L, C, D, M are 1, 5, 10, 50, "
            "100, 500, 1000; a digit that $rule is subtracted from the total, which begins at 0, and every other one added. Return $what.",
        ),
        source="""
def read_numeral(numeral: str) -> int:
    values = [[1, 5, 10, 50, 100, 500, 1000]["IVXLCDM".index(digit)] for digit in numeral]
    total = 0
    negative = 0
    for i, value in enumerate(values):
        behind = values[i + 1 :]
        if $test:
            total -= value
            negative += 1
        else:
            total += value
    return $result
""",
        variants=tuple(
            {"rule": rule, "test": test, "what": what, "result": result}
            for rule, test in (
                ("stands directly before a larger one", "len(behind) > 0 and behind[0] > value"),
                ("has a larger one anywhere behind it", "len(behind) > 0 and max(behind) > value"),
                (
                    "stands directly before one that is five or ten times as large",
                    "len(behind) > 0 and behind[0] in (5 * value, 10 * value)",
                ),
            )
            for what, result in (("the total", "total"), ("how many digits were subtracted", "negative"))
        ),
        inputs=_numeral,
        examples=((["XIV"], 14), ([""], 0), (["IIX"], 10), (["IC"], 99)),
        difficulty=2,
    ),
    Family(
        says=(
            "Write each of `numbers`, all at least 0, in groups of $bits bits (each group as a number below $base), $end group first. "
            "Every group of a number except its last one is increased by $base to show that the number goes on. 0 is one "
            "group. Return all groups in one list.",
            "Pack `numbers` (none negative) one after the other: cut each into its digits in base $base, at least one, the $end first, "
            "and add $base to all digits of a number but the last of them. Return the list of what comes out.",
        ),
        source="""
def pack_numbers(numbers: list[int]) -> list[int]:
    packed: list[int] = []
    for number in numbers:
        groups = [number % $base]
        rest = number // $base
        while rest > 0:
            groups.append(rest % $base)
            rest //= $base
        $turn
        for i, group in enumerate(groups):
            packed.append(group + $base if i < len(groups) - 1 else group)
    return packed
""",
        variants=tuple(
            {"bits": bits, "base": base, "end": end, "turn": turn}
            for bits, base in (("3", "8"), ("4", "16"), ("7", "128"))
            for end, turn in (("lowest", "rest = 0"), ("highest", "groups.reverse()"))
        ),
        inputs=lambda rng: [
            many(rng, 5, lambda: rng.choice([0, 7, 8, 127, 128, whole(rng, 0, 300), rng.randint(0, 20000)]))
        ],
        examples=(([[9, 0]], [9, 1, 0]), ([[]], []), ([[64]], [8, 8, 1])),
        difficulty=3,
    ),
    Family(
        says=(
            "Write `number`, which may be negative, in base minus $size with the digits 0 to $top: the digits, multiplied by 1, "
            "-$size, $size * $size and so on from the right, add up to it. No leading zeros, but 0 is '0'. Return $what.",
            "Find the notation of `number`, positive or not, in the negative base -$size: digits from 0 to $top, whose place values "
            "are the powers of -$size, without zeros in front (and '0' for 0). Return $what.",
        ),
        source="""
def negative_base(number: int) -> $kind:
    digits = ""
    rest = number
    while rest != 0 or digits == "":
        digit = rest % $size
        digits = str(digit) + digits
        rest = (digit - rest) // $size
    return $result
""",
        variants=tuple(
            {"size": size, "top": top, "what": what, "kind": kind, "result": result}
            for size, top in (("2", "1"), ("3", "2"), ("10", "9"))
            for what, kind, result in (
                ("the notation", "str", "digits"),
                ("the sum of its digits", "int", "sum(int(digit) for digit in digits)"),
            )
        ),
        inputs=lambda rng: [whole(rng, -300, 300)],
        examples=(([2], "110"), ([0], "0"), ([-1], "11")),
        difficulty=3,
    ),
    Family(
        says=(
            "Unpack `steps`: each is [back, size, letter]. Beginning with the text 'w', append `size` characters, one after the other, "
            "each a copy of the one `back` places before the end of the text as it is then, and after that the letter. If `back` is 0 "
            "or more than the text's length, $bad. Return the text.",
            "Each triple [back, size, letter] of `steps` makes a text longer that is 'w' at first: repeat `size` times to append the "
            "character that is `back` characters before the end (1 is the last one), then append the letter. With a `back` of 0, or "
            "above the length of the text before the triple, $bad. Return the text at the end.",
        ),
        source="""
def unpack_copies(steps: list[list[int | str]]) -> str:
    text = "w"
    for back, size, letter in steps:
        if back == 0 or back > len(text):
            $otherwise
        for _ in range(size):
            text += text[$place]
        text += letter
    return text
""",
        variants=(
            {
                "bad": "only the letter of the triple is appended",
                "otherwise": "size = 0",
                "place": "-back",
            },
            {"bad": "the triple is left out altogether", "otherwise": "continue", "place": "-back"},
            {"bad": "the unpacking ends", "otherwise": "break", "place": "-back"},
            {
                "bad": "its letter is appended `size` times and once more",
                "otherwise": "text += letter\n            back = 1",
                "place": "-back",
            },
        ),
        inputs=_copies,
        examples=(([[[0, 0, "x"], [1, 2, "y"]]], "wxxxy"), ([[[2, 3, "z"]]], "wz"), ([[]], "w")),
        difficulty=3,
    ),
    Family(
        says=(
            "Two sums run over `values`, numbers from 0 to 255, modulo $modulus: the first begins at $start and adds each value, the "
            "second begins at 0 and adds the first sum after each value. Return $what.",
            "Compute a checksum of `values` (0 to 255). Keep a, at first $start, and b, at first 0; for every value add it to a and then "
            "a to b, both modulo $modulus. Return $tell.",
        ),
        source="""
def running_checksum(values: list[int]) -> int:
    first, second = $start, 0
    for value in values:
        first = (first + value) % $modulus
        second = (second + first) % $modulus
    return $result
""",
        variants=tuple(
            {"modulus": modulus, "start": start, "what": what, "tell": tell, "result": result}
            for modulus in ("97", "255")
            for start, what, tell, result in (
                ("1", "the second sum times 1000 plus the first", "1000 b + a", "second * 1000 + first"),
                ("0", "the second sum minus the first", "b - a", "second - first"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 10, 0, 255)],
        examples=(([[1, 2]], 6004), ([[]], 1), ([[100]], 4004)),
        difficulty=1,
    ),
    Family(
        says=(
            "Columns of a sheet are named with the letters $letters like numbers without a zero: after the last letter alone come the "
            "names of two letters, in the order of the alphabet, and so on. Return $what. A `number` below 1 gives $none.",
            "Count through names: first the single letters $letters, then all names of two of these letters, then of three, each "
            "length in the order of the alphabet. Return $what, and for a `number` of less than 1 $none.",
        ),
        source="""
def column_name(number: int) -> str:
    name = ""
    rest = number
    while rest > 0:
        rest, place = divmod(rest - 1, $size)
        name = "$alphabet"[place] + name
    return $result
""",
        variants=tuple(
            {"letters": letters, "size": size, "alphabet": alphabet, "what": what, "none": none, "result": result}
            for letters, size, alphabet in (
                ("A to Z", "26", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                ("A to E", "5", "ABCDE"),
            )
            for what, none, result in (
                ("the name with the number `number`, counting from 1", "an empty text", "name"),
                (
                    "the name with the number `number`, counting from 1, backwards, and with '.' behind it",
                    "'.'",
                    'name[::-1] + "."',
                ),
            )
        ),
        inputs=lambda rng: [rng.choice([0, -1, 1, 5, 26, 27, 702, 703, rng.randint(1, 160), rng.randint(1, 20000)])],
        examples=(([1], "A"), ([28], "AB"), ([702], "ZZ"), ([0], "")),
        difficulty=3,
    ),
    Family(
        says=(
            "Cut `values` (none negative) into blocks: a value says how many values its block has, and these follow; then comes the next "
            "such value. If there are fewer values left than announced, $short. Return $what for each block, in order.",
            "The list `values`, without negative ones, consists of blocks, each a length followed by that many values. When the list ends "
            "inside a block, $short. List $what of every block.",
        ),
        source="""
def read_blocks(values: list[int]) -> $kind:
    found: $kind = []
    place = 0
    while place < len(values):
        size = values[place]
        block = values[place + 1 : place + 1 + size]
        if len(block) < size and $strict:
            break
        found.append($result)
        place += size + 1
    return found
""",
        variants=tuple(
            {"short": short, "strict": strict, "what": what, "kind": kind, "result": result}
            for short, strict in (("that block is dropped", "True"), ("the block has what there is", "False"))
            for what, kind, result in (
                ("the values", "list[list[int]]", "block"),
                ("the sum of the values", "list[int]", "sum(block)"),
                ("the number of values above 4", "list[int]", "len([one for one in block if one > 4])"),
            )
        ),
        inputs=_lengths,
        examples=(([[2, 7, 8, 0, 1]], [[7, 8], []]), ([[]], []), ([[1, 5, 1, 6]], [[5], [6]])),
        difficulty=2,
    ),
    Family(
        says=(
            "The bits in `bits` ('0' and '1') carry marks: $rule. Return $what.",
            "Check the text `bits` of '0' and '1': $rule. Return $what.",
        ),
        source="""
def check_parity(bits: str) -> $kind:
    kept = ""
    good = ""
    wrong: list[int] = []
    for start in range(0, len(bits), $size):
        part = bits[start : start + $size]
        if len(part) < $size:
            break
        if part.count("1") % 2 != $odd:
            wrong.append(start // $size)
        else:
            good += $data
        kept += $data
    return $result
""",
        variants=tuple(
            {
                "rule": f"they are cut into groups of {size}, an incomplete last one is ignored, and the {place} bit of a group is "
                f"set so that the group has an {name} number of ones, unless there was an error",
                "size": size,
                "odd": odd,
                "data": data,
                "what": what,
                "kind": kind,
                "result": result,
            }
            for size, place, name, odd, data in (
                ("3", "last", "even", "0", "part[:-1]"),
                ("4", "first", "odd", "1", "part[1:]"),
            )
            for what, kind, result in (
                ("the numbers, from 0, of the groups with an error", "list[int]", "wrong"),
                ("the bits of all complete groups without those marks, errors or not, as one text", "str", "kept"),
                (
                    "the bits of the complete groups without an error, without those marks, as one text",
                    "str",
                    "good",
                ),
            )
        ),
        inputs=lambda rng: [word(rng, "01", 15)],
        examples=((["011010"], [1]), ([""], []), (["10"], [])),
        difficulty=2,
    ),
)
