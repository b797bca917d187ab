"""Intervals and schedules: union, gaps, overlap, rooms."""

from textgym.envs.code.functions.draws import ascending, many, pairs, whole
from textgym.envs.code.functions.family import Family

FAMILIES = (
    Family(
        says=(
            "Unite the intervals `[start, end]` in `spans` wherever two of them $touch, and return what comes of it, sorted "
            "by start$drop.",
            "Return the union of `spans`, a list of intervals `[start, end]`, as intervals sorted by their start. Those that "
            "$touch become one$drop.",
        ),
        source="""
def unite_spans(spans: list[list[int]]) -> list[list[int]]:
    united: list[list[int]] = []
    for start, end in sorted(spans):
        if united and start $reach:
            united[-1][1] = max(united[-1][1], end)
        else:
            united.append([start, end])
    return [span for span in united if $keep]
""",
        variants=tuple(
            {"touch": touch, "reach": reach, "drop": drop, "keep": keep}
            for touch, reach in (
                ("share at least one point (their ends included)", "<= united[-1][1]"),
                ("overlap in more than one point", "< united[-1][1]"),
                ("share a point or are no more than 2 apart", "<= united[-1][1] + 2"),
            )
            for drop, keep in (("", "len(span) == 2"), (", without those of length 0", "span[0] < span[1]"))
        ),
        inputs=lambda rng: [pairs(rng, 7, 0, 24)],
        examples=(([[[5, 7], [1, 3], [3, 4]]], [[1, 4], [5, 7]]), ([[]], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Which parts of the interval from 0 to `length` do `spans` leave free? They are intervals `[start, end]`; those "
            "that stick out are cut. Return the free parts, each longer than $least, from left to right.",
            "Return the gaps of at least $size between 0 and `length` that no interval `[start, end]` of `spans` covers, as "
            "intervals in ascending order. What lies outside of 0 to `length` does not matter.",
        ),
        source="""
def free_parts(spans: list[list[int]], length: int) -> list[list[int]]:
    free: list[list[int]] = []
    reached = 0
    for start, end in sorted(spans):
        if min(start, length) - reached > $least:
            free.append([reached, min(start, length)])
        reached = max(reached, end)
    if length - reached > $least:
        free.append([reached, length])
    return free
""",
        variants=tuple({"least": str(least), "size": str(least + 1)} for least in (0, 1, 2, 3)),
        inputs=lambda rng: [pairs(rng, 5, -3, 26), whole(rng, 0, 24)],
        examples=(([[[2, 3], [5, 9]], 10], [[0, 2], [3, 5], [9, 10]]), ([[], 4], [[0, 4]]), ([[], 0], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Return the $what at which $most of the intervals `[start, end]` in `spans` are open at once, of several such "
            "points in time the smallest. An interval is open from its start up to, but without, its end. Without an open "
            "one the result is -1.",
            "Intervals `[start, end]` in `spans` run from start to just before end. Find the smallest whole-number time at "
            "which $most of them run, and return $tell; -1 if none ever runs.",
        ),
        source="""
def busiest_time(spans: list[list[int]]) -> int:
    best = -1
    highest = 0
    for time in range($low, $high):
        running = 0
        for start, end in spans:
            if start <= time < end:
                running += 1
        if running > highest and running <= $cap:
            best = $result
            highest = running
    return best
""",
        variants=tuple(
            {
                "what": what,
                "tell": tell,
                "result": result,
                "most": most,
                "cap": cap,
                "low": "0",
                "high": "31",
            }
            for what, tell, result in (
                ("time between 0 and 30", "it (only times from 0 to 30 are looked at)", "time"),
                (
                    "number of minutes after the earliest start, at the time between 0 and 30",
                    "how much later it is than the earliest start (only times from 0 to 30 are looked at)",
                    "time - min(span[0] for span in spans)",
                ),
            )
            for most, cap in (
                ("as many as possible", "len(spans)"),
                ("as many as possible, but no more than two,", "2"),
            )
        ),
        inputs=lambda rng: [pairs(rng, 7, 0, 30)],
        examples=(([[[1, 5], [3, 8], [4, 4]]], 3), ([[]], -1), ([[[2, 2]]], -1)),
        difficulty=3,
    ),
    Family(
        says=(
            "Put the meetings `[start, end]` into rooms: in the order of their starts, then ends, each takes the "
            "free room with the $which number. A room is free again $pause. Return each meeting's room, numbered from 0, in "
            "the order of the list `meetings`; the number of rooms is not limited, and a new one is opened if none is free.",
            "Assign a room to each of `meetings`, intervals `[start, end]`, and return the rooms' numbers in the list's own "
            "order. Go by start, then by end, and use the $which-numbered room that is free, or open the next one (the first "
            "is 0). After a meeting its room can be used $again.",
        ),
        source="""
def assign_rooms(meetings: list[list[int]]) -> list[int]:
    order = sorted(range(len(meetings)), key=lambda number: (meetings[number], number))
    rooms: list[int] = []
    assigned = [0] * len(meetings)
    for number in order:
        start, end = meetings[number]
        free = [room for room, until in enumerate(rooms) if until $sign start]
        if len(free) == 0:
            free = [len(rooms)]
            rooms.append(0)
        room = free[$pick]
        rooms[room] = end
        assigned[number] = room
    return assigned
""",
        variants=tuple(
            {"which": which, "pick": pick, "pause": pause, "again": again, "sign": sign}
            for which, pick in (("lowest", "0"), ("highest", "-1"))
            for pause, again, sign in (
                ("from the end of its meeting on", "at once, by one that starts when it ends", "<="),
                ("only after the end of its meeting", "by those that start later than it ends", "<"),
            )
        ),
        inputs=lambda rng: [pairs(rng, 7, 0, 14)],
        examples=(([[[0, 5], [1, 3], [3, 4], [5, 6]]], [0, 1, 1, 0]), ([[]], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Choose as many of the intervals `[start, end]` in `spans` as possible so that no two chosen ones $clash, by "
            "always taking next the one with the $first among those that fit, of equals the first in the list. Return their "
            "positions in the list, in the order in which they are chosen.",
            "Pick intervals of `spans` greedily: of those that do not $clash with one picked before, take the one with the "
            "$first (a tie goes to the earlier in the list), until none is left. Return the indices as picked.",
        ),
        source="""
def choose_spans(spans: list[list[int]]) -> list[int]:
    order = sorted(range(len(spans)), key=lambda number: $key)
    chosen: list[int] = []
    for number in order:
        start, end = spans[number]
        fits = True
        for other in chosen:
            if start $sign spans[other][1] and spans[other][0] $sign end:
                fits = False
        if fits:
            chosen.append(number)
    return chosen
""",
        variants=tuple(
            {"clash": clash, "sign": sign, "first": first, "key": key}
            for clash, sign in (
                ("have a point in common (be it an end)", "<="),
                ("overlap by more than a point", "<"),
            )
            for first, key in (
                ("earliest end", "spans[number][1]"),
                ("latest start", "-spans[number][0]"),
                ("shortest length", "spans[number][1] - spans[number][0]"),
            )
        ),
        inputs=lambda rng: [pairs(rng, 7, 0, 15)],
        examples=(([[[0, 6], [1, 2], [3, 4], [2, 3]]], [1, 2]), ([[]], [])),
        difficulty=3,
    ),
    Family(
        says=(
            "Cut the interval `span`, `[start, end]`, at each of `cuts` that lies $inside it, and return the pieces as "
            "intervals in $order order. Cuts come in any order, and equal ones count once.",
            "Split `span` = `[start, end]` at the places in `cuts` that are $inside it (in any order, repetitions do not "
            "matter). List the pieces, each as `[start, end]`, in $order order.",
        ),
        source="""
def cut_span(span: list[int], cuts: list[int]) -> list[list[int]]:
    start, end = span
    places = sorted({cut for cut in cuts if start $left cut $right end})
    bounds = [start] + places + [end]
    pieces: list[list[int]] = []
    for i in range(len(bounds) - 1):
        pieces.append([bounds[i], bounds[i + 1]])
    return pieces$turn
""",
        variants=tuple(
            {"inside": inside, "left": left, "right": right, "order": order, "turn": turn}
            for inside, left, right in (
                ("strictly inside", "<", "<"),
                ("inside or at the end (not the start) of", "<", "<="),
            )
            for order, turn in (("ascending", ""), ("descending", "[::-1]"))
        ),
        inputs=lambda rng: [sorted((whole(rng, 0, 12), whole(rng, 5, 25))), many(rng, 6, lambda: whole(rng, 0, 25))],
        examples=(([[2, 9], [5, 9, 1, 5]], [[2, 5], [5, 9]]), ([[3, 3], [3]], [[3, 3]])),
        difficulty=2,
    ),
    Family(
        says=(
            "Times in `clicks` are sorted. Group them: a click belongs to the current group if it comes at most `pause` after "
            "$anchor of the group, else it begins a new one. Return $what for each group.",
            "Split the ascending `clicks` into sessions. A click continues the session if no more than `pause` has passed "
            "since $anchor of it. The result has $what for every session.",
        ),
        source="""
def group_clicks(clicks: list[int], pause: int) -> list[int]:
    groups: list[list[int]] = []
    for click in clicks:
        if groups and click - groups[-1][$place] <= pause:
            groups[-1].append(click)
        else:
            groups.append([click])
    return [$result for group in groups]
""",
        variants=tuple(
            {"anchor": anchor, "place": place, "what": what, "result": result}
            for anchor, place in (("the last click", "-1"), ("the first click", "0"))
            for what, result in (
                ("the number of clicks", "len(group)"),
                ("the time between its first and its last click", "group[-1] - group[0]"),
            )
        ),
        inputs=lambda rng: [ascending(rng, 10, 0, 40), whole(rng, 0, 9)],
        examples=(([[1, 3, 9, 10, 20], 3], [2, 2, 1]), ([[], 5], [])),
        difficulty=2,
    ),
    Family(
        says=(
            "Is each whole number from `low` to `high`, both included, in $how of the intervals `[start, end]` in `spans` "
            "(ends included)? Return the first one that is not, or None if all are; with `low` above `high`, None.",
            "Return the smallest whole number between `low` and `high` (both included) that is not covered by $how of the "
            "intervals `[start, end]` in `spans`, whose ends belong to them. If there is no such number the result is None.",
        ),
        source="""
def first_uncovered(spans: list[list[int]], low: int, high: int) -> int | None:
    for number in range(low, high + 1):
        count = 0
        for start, end in spans:
            if start <= number <= end:
                count += 1
        if not (count $test):
            return number
    return None
""",
        variants=(
            {"how": "at least one", "test": ">= 1"},
            {"how": "at least two", "test": ">= 2"},
            {"how": "exactly one", "test": "== 1"},
            {"how": "at most one", "test": "<= 1"},
        ),
        inputs=lambda rng: [pairs(rng, 6, 0, 14), whole(rng, 0, 8), whole(rng, 4, 14)],
        examples=(([[[0, 3], [2, 5]], 1, 7], 6), ([[[0, 9]], 2, 4], None), ([[], 3, 1], None)),
        difficulty=2,
    ),
)
