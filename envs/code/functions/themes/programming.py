"""Dynamic programming: best ways, numbers of ways."""

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole, wholes, word
from textgym.envs.code.functions.family import Family


def _two_words(rng: Random) -> list[str]:
    """A word and a variation of it."""
    first = word(rng, "abcd", 7)
    second = "".join(char for char in first if rng.randrange(4)) + word(rng, "abcd", 2)
    return [first, second if rng.randrange(3) else word(rng, "abcd", 7)]


FAMILIES = (
    Family(
        says=(
            "What does it cost at least to turn `first` into `second`, character by character? Inserting or deleting a "
            "character costs $indel, replacing one by another $replace.",
            "Return the least total cost of edits that make `second` of `first`: an insertion or a deletion of one "
            "character costs $indel each, a replacement of a character by a different one costs $replace.",
        ),
        source="""
def edit_cost(first: str, second: str) -> int:
    costs = [$indel * j for j in range(len(second) + 1)]
    for i in range(1, len(first) + 1):
        before = costs[0]
        costs[0] = $indel * i
        for j in range(1, len(second) + 1):
            change = 0 if first[i - 1] == second[j - 1] else $replace
            best = min(before + change, costs[j] + $indel, costs[j - 1] + $indel)
            before = costs[j]
            costs[j] = best
    return costs[-1]
""",
        variants=tuple({"indel": a, "replace": b} for a, b in (("1", "1"), ("2", "3"), ("3", "1"), ("1", "2"))),
        inputs=_two_words,
        examples=((["abc", "adc"], 1), (["", "ab"], 2), (["abcd", "bcd"], 1)),
        difficulty=4,
    ),
    Family(
        says=(
            "Return $what of `first` and `second`: characters that stand in this order in both, $gaps.",
            "$Ask of the two texts `first` and `second`, that is, characters that both contain in the same order, $gaps.",
        ),
        source="""
def shared_length(first: str, second: str) -> int:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    best = 0
    for i in range(len(first)):
        for j in range(len(second)):
            if first[i] == second[j]:
                table[i + 1][j + 1] = table[i][j] + 1
            elif $skips:
                table[i + 1][j + 1] = max(table[i][j + 1], table[i + 1][j])
            best = max(best, table[i + 1][j + 1])
    return $result
""",
        variants=tuple(
            {"what": what, "Ask": ask, "gaps": gaps, "skips": skips, "result": result}
            for gaps, skips in (("not necessarily next to each other", "True"), ("next to each other", "False"))
            for what, ask, result in (
                ("the length of the longest common sequence", "Find the length of the longest common sequence", "best"),
                (
                    "how many characters have to be deleted from both texts together to leave the longest common sequence",
                    "Count the characters in both texts together that are not part of the longest common sequence",
                    "len(first) + len(second) - 2 * best",
                ),
            )
        ),
        inputs=_two_words,
        examples=((["abcd", "acbd"], 3), (["", "a"], 0), (["dab", "abc"], 2)),
        difficulty=4,
    ),
    Family(
        says=(
            "Things are given as `items`, each [weight, value]. Which is the greatest total value of things whose weights "
            "sum up to $limit? Every thing may be taken $often; taking nothing has the value 0$fail.",
            "Fill a bag that holds a weight of `capacity`: from `items`, pairs [weight, value], choose things, each $often, "
            "with a total weight of $limit and the greatest total value, and return that value. An empty choice is worth 0"
            "$fail.",
        ),
        source="""
def pack_bag(items: list[list[int]], capacity: int) -> int:
    best = [$start] * (capacity + 1)
    best[0] = 0
    for weight, value in items:
        for room in $rooms:
            if best[room - weight] >= 0:
                best[room] = max(best[room], best[room - weight] + value)
    return best[capacity]
""",
        variants=tuple(
            {"often": often, "rooms": rooms, "limit": limit, "start": start, "fail": fail}
            for often, rooms in (
                ("once", "range(capacity, weight - 1, -1)"),
                ("any number of times", "range(weight, capacity + 1)"),
            )
            for limit, start, fail in (
                ("at most `capacity`", "0", ""),
                ("exactly `capacity`", "-1", ", and where no choice fits the result is -1"),
            )
        ),
        inputs=lambda rng: [
            many(rng, 5, lambda: [rng.randint(1, 6), rng.randint(0, 9)], 1),
            whole(rng, 0, 14),
        ],
        examples=(([[[2, 3], [3, 4]], 4], 4), ([[[2, 3], [3, 4]], 5], 7), ([[], 3], 0)),
        difficulty=4,
    ),
    Family(
        says=(
            "Choose $what of `numbers` with the $best sum, and return that sum. $empty.",
            "Return the $best sum that $what of `numbers` can have. $empty.",
        ),
        source="""
def best_sum(numbers: list[int]) -> int:
    if len(numbers) == 0:
        return 0
    $first
    best = ending
    for number in numbers[1:]:
        $step
        best = $pick(best, ending)
    return best
""",
        variants=tuple(
            {"what": what, "best": best, "empty": empty, "first": first, "step": step, "pick": pick}
            for what, empty, first, step in (
                (
                    "one or more neighbours",
                    "Of an empty list it is 0",
                    "ending = numbers[0]",
                    "ending = PICK(number, ending + number)",
                ),
                (
                    "no, one or more neighbours",
                    "No elements have the sum 0",
                    "ending = PICK(0, numbers[0])",
                    "ending = PICK(0, ending + number)",
                ),
            )
            for best, pick in (("greatest", "max"), ("least", "min"))
            for step, first in ((step.replace("PICK", pick), first.replace("PICK", pick)),)
        ),
        inputs=lambda rng: [wholes(rng, 10, -9, 9)],
        examples=(([[1, -2, 3, 4, -1]], 7), ([[-3, -1]], -1), ([[]], 0)),
        difficulty=3,
    ),
    Family(
        says=(
            "In how many ways can one climb `steps` steps (at least 0) with strides of $strides steps, if the order of the "
            "strides matters$ban? There is one way to climb no step at all.",
            "Count the sequences of strides, each of $strides steps, that add up to exactly `steps` (not negative)$ban. "
            "The empty sequence counts for 0.",
        ),
        source="""
def count_climbs(steps: int) -> int:
    ways = [1] + [0] * steps
    for height in range(1, steps + 1):
        for stride in $table:
            if stride <= height$test:
                ways[height] += ways[height - stride]
    return ways[steps]
""",
        variants=tuple(
            {"strides": strides, "table": table, "ban": ban, "test": test}
            for strides, table in (("1 or 2", "(1, 2)"), ("1, 2 or 3", "(1, 2, 3)"), ("1 or 3", "(1, 3)"))
            for ban, test in (
                ("", ""),
                (", and no stride may end on a step whose number is divisible by 4", " and height % 4 != 0"),
            )
        ),
        inputs=lambda rng: [whole(rng, 0, 45)],
        examples=(([4], 5), ([0], 1), ([1], 1)),
        difficulty=3,
    ),
    Family(
        says=(
            "Take elements of `numbers` so that between two that are taken at least $gap $lie left out, and the sum is "
            "as large as possible; taking none gives 0. Return that sum$ring.",
            "What is the greatest sum of elements of `numbers` of which any two are separated by $gap or more others? No "
            "elements at all have the sum 0$ring.",
        ),
        source="""
def spaced_sum(numbers: list[int]) -> int:
    best: list[int] = []
    for i, number in enumerate(numbers):
        without = best[i - 1] if i > 0 else 0
        earlier = i - $gap - 1
        taken = number + (best[earlier] if earlier >= 0 else 0)
        best.append(max(without, taken$floor))
    return best[-1] if len(best) > 0 else 0
""",
        variants=(
            {"gap": "1", "lie": "lies", "floor": "", "ring": ""},
            {"gap": "2", "lie": "lie", "floor": "", "ring": ""},
            {"gap": "3", "lie": "lie", "floor": "", "ring": ""},
            {"gap": "0", "lie": "lie", "floor": "", "ring": ""},
        ),
        inputs=lambda rng: [wholes(rng, 10, -6, 12)],
        examples=(([[2, 7, 9, 3, 1]], 12), ([[-1]], 0), ([[]], 0)),
        difficulty=3,
    ),
    Family(
        says=(
            "How long is the longest sequence of elements of `numbers`, in their order but not necessarily next to each "
            "other, in which each is $relation the one before? Of an empty list it is 0.",
            "Leave out elements of `numbers` until each that is left is $relation the one before it. Return how many can "
            "be left at most.",
        ),
        source="""
def longest_chain(numbers: list[int]) -> int:
    lengths: list[int] = []
    for i, number in enumerate(numbers):
        longest = 0
        for j in range(i):
            if $test and lengths[j] > longest:
                longest = lengths[j]
        lengths.append(longest + 1)
    return max(lengths) if len(lengths) > 0 else 0
""",
        variants=(
            {"relation": "greater than", "test": "number > numbers[j]"},
            {"relation": "not greater than", "test": "number <= numbers[j]"},
            {"relation": "exactly one more or one less than", "test": "abs(number - numbers[j]) == 1"},
            {"relation": "at least three away from", "test": "abs(number - numbers[j]) >= 3"},
        ),
        inputs=lambda rng: [wholes(rng, 11, -4, 9)],
        examples=(([[3, 1, 2, 5]], 3), ([[2, 2]], 1), ([[]], 0)),
        difficulty=3,
    ),
    Family(
        says=(
            "Can $what of `numbers`, all of them at least 0, be chosen so that they sum up to `target`? $ask.",
            "Look at the choices of $what of `numbers` (none negative) that have the sum `target`. $ask.",
        ),
        source="""
def reach_sum(numbers: list[int], target: int) -> int:
    ways = {(0, 0): 1}
    for number in numbers:
        grown = dict(ways)
        for (total, size), count in ways.items():
            if total + number <= target:
                key = (total + number, size + 1)
                grown[key] = grown.get(key, 0) + count
        ways = grown
    sizes = {size: count for (total, size), count in ways.items() if total == target and size >= $least}
    if len(sizes) == 0:
        return $none
    return $result
""",
        variants=tuple(
            {"what": what, "least": least, "ask": ask, "none": none, "result": result}
            for what, least in (("some, perhaps none,", "0"), ("two or more", "2"))
            for ask, none, result in (
                (
                    "Return the number of such choices, where elements at different positions are different",
                    "0",
                    "sum(sizes.values())",
                ),
                ("Return the least number of elements of such a choice, or -1 if there is none", "-1", "min(sizes)"),
                ("Return the greatest number of elements of such a choice, or -1 if there is none", "-1", "max(sizes)"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 7, 0, 4, 3), whole(rng, 1, 8)],
        examples=(([[1, 2, 3], 3], 2), ([[1], 5], 0), ([[], 0], 1)),
        difficulty=4,
    ),
)
