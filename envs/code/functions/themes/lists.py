"""Lists of whole numbers: windows, ranks, rotations, groups."""

from textgym.envs.code.functions.draws import ascending, distinct, many, whole, wholes
from textgym.envs.code.functions.family import Family

FAMILIES = (
    Family(
        says=(
            "For every window of `size` neighbours in `numbers`, from left to right, return its $what. Without a whole "
            "window, or with a `size` below 1, the result is empty.",
            "Slide a window of `size` elements over `numbers` and list the $what of each. There are no windows if `size` "
            "is less than 1 or more than there are numbers.",
        ),
        source="""
def window_values(numbers: list[int], size: int) -> list[int]:
    if size < 1 or size > len(numbers):
        return []
    values: list[int] = []
    for start in range(len(numbers) - size + 1):
        window = numbers[start : start + size]
        values.append($value)
    return values
""",
        variants=(
            {"what": "sum", "value": "sum(window)"},
            {"what": "largest element", "value": "max(window)"},
            {"what": "smallest element", "value": "min(window)"},
            {"what": "largest minus smallest element", "value": "max(window) - min(window)"},
            {"what": "last minus first element", "value": "window[-1] - window[0]"},
        ),
        inputs=lambda rng: [wholes(rng, 9, -20, 30), whole(rng, 0, 5)],
        examples=(([[1, 2, 3, 4], 2], [3, 5, 7]), ([[1], 2], []), ([[5], 1], [5])),
        difficulty=1,
    ),
    Family(
        says=(
            "Rotate `items` by `steps` places to the $way, as often around as it takes; a negative `steps` rotates the "
            "other way. $hold",
            "Return `items` moved `steps` places to the $way in a ring (to the other side for a negative number). $hold",
        ),
        source="""
def rotate_items(items: list[int], steps: int) -> list[int]:
    $split
    if len(moving) == 0:
        return list(items)
    shift = ($sign steps) % len(moving)
    return $joined
""",
        variants=(
            {
                "way": "left",
                "sign": "+",
                "hold": "All of them move.",
                "split": "moving = items",
                "joined": "moving[shift:] + moving[:shift]",
            },
            {
                "way": "right",
                "sign": "-",
                "hold": "All of them move.",
                "split": "moving = items",
                "joined": "moving[shift:] + moving[:shift]",
            },
            {
                "way": "left",
                "sign": "+",
                "hold": "The first element keeps its place, and the others form the ring.",
                "split": "moving = items[1:]",
                "joined": "items[:1] + moving[shift:] + moving[:shift]",
            },
            {
                "way": "right",
                "sign": "-",
                "hold": "The last element keeps its place, and the others form the ring.",
                "split": "moving = items[:-1]",
                "joined": "moving[shift:] + moving[:shift] + items[-1:]",
            },
        ),
        inputs=lambda rng: [wholes(rng, 8, 0, 9), whole(rng, -9, 12)],
        examples=(([[1, 2, 3], 1], [2, 3, 1]), ([[], 4], []), ([[1, 2], -3], [2, 1])),
        difficulty=2,
    ),
    Family(
        says=(
            "How many elements does the longest stretch of neighbours in `numbers` have in which each is $relation the one "
            "before? A single element is such a stretch; without elements the answer is 0.",
            "Return the length of the longest contiguous part of `numbers` where every element but its first is $relation "
            "its predecessor; 0 for an empty list.",
        ),
        source="""
def longest_stretch(numbers: list[int]) -> int:
    best = 0
    current = 0
    for i in range(len(numbers)):
        if i > 0 and $condition:
            current += 1
        else:
            current = 1
        best = max(best, current)
    return best
""",
        variants=(
            {"relation": "greater than", "condition": "numbers[i] > numbers[i - 1]"},
            {"relation": "at most as large as", "condition": "numbers[i] <= numbers[i - 1]"},
            {"relation": "equal to", "condition": "numbers[i] == numbers[i - 1]"},
            {"relation": "at most 2 away from", "condition": "abs(numbers[i] - numbers[i - 1]) <= 2"},
            {"relation": "of other parity than", "condition": "(numbers[i] - numbers[i - 1]) % 2 != 0"},
        ),
        inputs=lambda rng: [wholes(rng, 12, 0, 9)],
        examples=(([[1, 2, 2, 3, 5]], 3), ([[]], 0)),
        difficulty=2,
    ),
    Family(
        says=(
            "Give each of `scores` its rank: 1 for the $best score, and so on. Equal scores share a rank, and the next "
            "score behind them gets $next.",
            "Return the ranks of `scores` in their order, where the $best one has rank 1, equal ones have equal ranks, and "
            "what follows a tie gets $next.",
        ),
        source="""
def rank_scores(scores: list[int]) -> list[int]:
    ordered = sorted($pool, reverse=$reverse)
    first_place: dict[int, int] = {}
    for place, score in enumerate(ordered):
        if score not in first_place:
            first_place[score] = place + 1
    return [first_place[score] for score in scores]
""",
        variants=tuple(
            {"best": best, "reverse": reverse, "next": after, "pool": pool}
            for best, reverse in (("highest", "True"), ("lowest", "False"))
            for after, pool in (
                ("the rank that counts all the better scores plus one", "scores"),
                ("the very next rank, so that none is left out", "set(scores)"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 9, 0, 12)],
        examples=(([[50, 80, 80, 10]], [3, 1, 1, 4]), ([[]], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Merge the ascending lists `first` and `second` into one ascending list. A number that is in both lists "
            "$common.",
            "Both `first` and `second` are sorted. Return the numbers of both, sorted; what occurs in both $common.",
        ),
        source="""
def merge_sorted(first: list[int], second: list[int]) -> list[int]:
    merged: list[int] = []
    i, j = 0, 0
    while i < len(first) and j < len(second):
        if first[i] < second[j]:
            merged.append(first[i])
            i += 1
        elif first[i] > second[j]:
            merged.append(second[j])
            j += 1
        else:
            merged += [first[i]] * $copies
            i += 1
            j += 1
    return merged + first[i:] + second[j:]
""",
        variants=(
            {
                "common": "is paired off, each occurrence here with one there, and each pair gives one number",
                "copies": "1",
            },
            {
                "common": "is paired off, each occurrence here with one there, and the pairs are left out",
                "copies": "0",
            },
            {"common": "is there as often as in both together", "copies": "2"},
            {
                "common": "is paired off, each occurrence here with one there, and each pair gives three numbers",
                "copies": "3",
            },
        ),
        inputs=lambda rng: [ascending(rng, 7, 0, 9), ascending(rng, 7, 0, 9)],
        examples=(([[1, 3, 3], [2, 3]], [1, 2, 3, 3]), ([[], [4]], [4]), ([[2], [2]], [2])),
        difficulty=2,
    ),
    Family(
        says=(
            "Sum up neighbours in `numbers`: cut it into parts of `size` elements from the left, the last of which may be "
            "shorter and is $rest, and return $what of each part. A `size` below 1 gives no parts.",
            "Divide `numbers` into consecutive parts of `size` elements each; a shorter rest at the end is $rest. List "
            "$what of every part. With `size` under 1 the list is empty.",
        ),
        source="""
def chunk_totals(numbers: list[int], size: int) -> list[int]:
    totals: list[int] = []
    if size < 1:
        return totals
    for start in range(0, len(numbers), size):
        part = numbers[start : start + size]
        if len(part) < size and $drop:
            break
        totals.append($value)
    return totals
""",
        variants=tuple(
            {"rest": rest, "drop": drop, "what": what, "value": value}
            for rest, drop in (("kept", "False"), ("dropped", "True"))
            for what, value in (
                ("the sum", "sum(part)"),
                ("the largest", "max(part)"),
                ("the first element minus the last", "part[0] - part[-1]"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 10, -9, 20), whole(rng, 0, 4)],
        examples=(([[1, 2, 3, 4, 5], 2], [3, 7, 5]), ([[1], 0], []), ([[], 3], [])),
        difficulty=1,
    ),
    Family(
        says=(
            "Return `items` without repetitions, in their order: of equal ones the $which is kept. Two are equal if $rule.",
            "Drop from `items` what is there already, keeping the $which one of each group of equals and the order of what "
            "is kept. Equal are those of which it holds that $rule.",
        ),
        source="""
def drop_repeats(items: list[int]) -> list[int]:
    seen: set[int] = set()
    kept: list[int] = []
    for item in $walk:
        key = $key
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return $result
""",
        variants=tuple(
            {"which": which, "walk": walk, "result": result, "rule": rule, "key": key}
            for which, walk, result in (("first", "items", "kept"), ("last", "reversed(items)", "kept[::-1]"))
            for rule, key in (
                ("they are the same number", "item"),
                ("they differ in their sign at most", "abs(item)"),
                ("they leave the same rest when divided by 5", "item % 5"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 10, -7, 12)],
        examples=(([[3, 1, 3, 2, 1]], [3, 1, 2]), ([[]], [])),
        difficulty=1,
    ),
    Family(
        says=(
            "Move all $what of `numbers` to the $end and keep both them and the others in their order.",
            "Return `numbers` with its $what at the $end, where neither they nor the others change their order among "
            "themselves.",
        ),
        source="""
def move_aside(numbers: list[int]) -> list[int]:
    chosen: list[int] = []
    others: list[int] = []
    for number in numbers:
        if $test:
            chosen.append(number)
        else:
            others.append(number)
    return $result
""",
        variants=tuple(
            {"what": what, "test": test, "end": end, "result": result}
            for what, test in (
                ("zeros", "number == 0"),
                ("odd numbers", "number % 2 == 1"),
                ("numbers with two digits", "10 <= abs(number) <= 99"),
                ("numbers above the first one", "number > numbers[0]"),
            )
            for end, result in (("end", "others + chosen"), ("beginning", "chosen + others"))
        ),
        inputs=lambda rng: [many(rng, 10, lambda: rng.choice([0, 0, whole(rng, -120, 120), whole(rng, 0, 15)]))],
        examples=(([[0, 5, 0, 7]], [5, 7, 0, 0]), ([[]], [])),
        difficulty=1,
    ),
    Family(
        says=(
            "At which positions does `numbers` have a $what, an element that is $relation each of its neighbours? The two "
            "at the ends have one neighbour; an element without neighbours $alone.",
            "List the indices of every $what of `numbers`: elements $relation both neighbours, or $relation the only one at "
            "an end. A lone element $alone.",
        ),
        source="""
def find_peaks(numbers: list[int]) -> list[int]:
    if len(numbers) == 1:
        return $single
    places: list[int] = []
    last = len(numbers) - 1
    for i, number in enumerate(numbers):
        left = i == 0 or number $sign numbers[i - 1]
        right = i == last or number $sign numbers[i + 1]
        if left and right:
            places.append(i)
    return places
""",
        variants=tuple(
            {"what": what, "relation": relation, "sign": sign, "alone": alone, "single": single}
            for what, relation, sign in (
                ("peak", "greater than", ">"),
                ("valley", "less than", "<"),
                ("plateau", "at least as great as", ">="),
            )
            for alone, single in (("counts", "[0]"), ("does not count", "[]"))
        ),
        inputs=lambda rng: [wholes(rng, 10, 0, 9)],
        examples=(([[1, 3, 2, 4]], [1, 3]), ([[7]], [0]), ([[]], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Find two different positions in `numbers` whose elements $aim `target`: return `[i, j]` with i < j, of several "
            "such pairs the one with the smallest j, then the $which i. Without any the result is empty.",
            "Return the positions `[i, j]`, i < j, of two elements of `numbers` that $aim `target`, or an empty list if no "
            "two do. Prefer a small j, and for the same j a $size i.",
        ),
        source="""
def pair_for_target(numbers: list[int], target: int) -> list[int]:
    place: dict[int, int] = {}
    for j, number in enumerate(numbers):
        wanted = $wanted
        if wanted in place:
            return [place[wanted], j]
        if $update:
            place[number] = j
    return []
""",
        variants=tuple(
            {"aim": aim, "wanted": wanted, "which": which, "size": size, "update": update}
            for aim, wanted in (
                ("add up to", "target - number"),
                ("have as their difference, the one at i minus the one at j,", "target + number"),
            )
            for which, size, update in (
                ("smallest", "small", "number not in place"),
                ("largest", "large", "True"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 10, -2, 6, 1), whole(rng, -3, 8)],
        examples=(([[2, 7, 2, 9], 9], [0, 1]), ([[1, 2], 8], []), ([[4], 8], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Return the element of `numbers` at which the sums of what is to its left and of what is to its right differ "
            "least, as its position; $tie. The element itself belongs to $side, and without elements the answer is -1.",
            "Where can `numbers` be balanced? Answer with the index for which the sum before it and the sum behind it are "
            "closest, with the element counted $counted; $tie. An empty list gives -1.",
        ),
        source="""
def balance_point(numbers: list[int]) -> int:
    best = -1
    smallest = 0
    for i in range(len(numbers)):
        left = sum(numbers[:$left])
        right = sum(numbers[i + 1 :])
        difference = abs(left - right)
        if best < 0 or difference $sign smallest:
            best = i
            smallest = difference
    return best
""",
        variants=tuple(
            {"tie": tie, "sign": sign, "side": side, "counted": counted, "left": left}
            for tie, sign in (
                ("of several such positions take the first", "<"),
                ("of several such positions take the last", "<="),
            )
            for side, counted, left in (
                ("neither side", "nowhere", "i"),
                ("the left side", "among those before it", "i + 1"),
            )
        ),
        inputs=lambda rng: [wholes(rng, 9, -6, 12)],
        examples=(([[1, 7, 3, 6, 5, 6]], 3), ([[]], -1), ([[4]], 0)),
        difficulty=2,
    ),
    Family(
        says=(
            "Deal `cards` one after the other to `players` players, round by round$turn, and return the hands, each with "
            "the cards in the order $order. With fewer than one player there are no hands.",
            "Distribute `cards` among `players` players, a card at a time$turn. The result lists each player's cards in "
            "the order $order; for `players` below 1 it is empty.",
        ),
        source="""
def deal_cards(cards: list[int], players: int) -> list[list[int]]:
    if players < 1:
        return []
    hands: list[list[int]] = [[] for _ in range(players)]
    for number, card in enumerate(cards):
        place = number % players
        if $back and number // players % 2 == 1:
            place = players - 1 - place
        hands[place].append(card)
    return $result
""",
        variants=tuple(
            {"turn": turn, "back": back, "order": order, "result": result}
            for turn, back in (
                ("", "False"),
                (" and every second round in the opposite direction, from the last player to the first", "True"),
            )
            for order, result in (
                ("in which they were dealt", "hands"),
                ("of their values, ascending", "[sorted(hand) for hand in hands]"),
            )
        ),
        inputs=lambda rng: [distinct(rng, 12, 1, 40), whole(rng, 0, 4)],
        examples=(([[5, 1, 4, 2, 3], 2], [[5, 4, 3], [1, 2]]), ([[1], 0], []), ([[], 2], [[], []])),
        difficulty=2,
    ),
)
