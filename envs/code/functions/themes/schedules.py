"""Working days, timetables, tariffs and shares of time."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import distinct, many, whole, wholes
from textgym.envs.code.functions.family import Family


def _jobs(rng: Random) -> list[Any]:
    """Jobs [length, deadline]."""
    return [many(rng, 6, lambda: [rng.randint(1, 6), rng.randint(1, 16)])]


def _field(rng: Random) -> list[Any]:
    def part() -> str:
        low, high = rng.randint(0, 12), rng.randint(0, 20)
        return rng.choice(
            ["*", str(low), str(low), f"{low}-{high}", f"{min(low, high)}-{max(low, high)}"]
        ) + rng.choice(["", "", "", "/2", "/3", "/5"])

    return [",".join(part() for _ in range(rng.randint(1, 3))), rng.choice([6, 10, 12, 24])]


FAMILIES = (
    Family(
        says=(
            "A job begins on day `start` of a calendar in which day 0 is a Monday, and takes `days` days of work (0 or more). No work is done on "
            "$off, nor on the days in `holidays`. Return the day on which its last day of work is; with no work to do, `start`$back.",
            "Day 0 is a Monday, and days count on from there. From day `start` on (`start` included), find the day on which the work of `days` "
            "days is done if there is no work on $off and on `holidays`; if `days` is 0 that is `start`$back.",
        ),
        source="""
def last_work_day(start: int, days: int, holidays: list[int]) -> int:
    day = start
    left = days
    last = start
    while left > 0:
        if day % 7 $free and day not in holidays:
            left -= 1
            last = day
        elif $shift:
            left -= 1
        day += 1
    return last
""",
        variants=tuple(
            {"off": off, "free": free, "back": back, "shift": shift}
            for off, free in (
                ("Saturdays and Sundays", "< 5"),
                ("Sundays", "!= 6"),
                ("Fridays", "!= 4"),
            )
            for back, shift in (
                ("", "left < 0"),
                (
                    ". Each day without work that comes while 4 or more days of work are left takes one day off the work",
                    "left > 3",
                ),
            )
        ),
        inputs=lambda rng: [rng.randint(0, 9), whole(rng, 0, 9), sorted(distinct(rng, 5, 0, 16))],
        examples=(([4, 2, []], 7), ([0, 0, []], 0), ([0, 1, [0, 1]], 2)),
        difficulty=2,
    ),
    Family(
        says=(
            "A machine does `jobs`, each [length, deadline], one after the other from time 0 on without a pause, $order. Return $what.",
            "Each of `jobs` is [length, deadline]. They are done one at a time and without gaps, the first starting at time 0, $order. "
            "Return $what.",
        ),
        source="""
def run_jobs(jobs: list[list[int]]) -> $kind:
    time = 0
    late: list[int] = []
    ends: list[int] = [0] * len(jobs)
    for i in sorted(range(len(jobs)), key=lambda i: $key):
        length, deadline = jobs[i]
        time += length
        ends[i] = time
        late.append(max(0, time - deadline))
    return $result
""",
        variants=tuple(
            {"order": order, "key": key, "what": what, "kind": kind, "result": result}
            for order, key in (
                ("the one with the earliest deadline first, equal ones as in the list", "jobs[i][1]"),
                ("the shortest first, equal ones as in the list", "jobs[i][0]"),
                (
                    "the one with the smallest difference of deadline and length first, of equal ones the last in the list",
                    "(jobs[i][1] - jobs[i][0], -i)",
                ),
            )
            for what, kind, result in (
                ("the greatest time by which a job ends after its deadline, 0 if none does", "int", "max([0, *late])"),
                ("when each job ends, in the order of the list", "list[int]", "ends"),
            )
        ),
        inputs=_jobs,
        examples=(([[[3, 2], [2, 2]]], 3), ([[]], 0), ([[[1, 5], [2, 3]]], 0)),
        difficulty=3,
    ),
    Family(
        says=(
            "Processes need `needs` units of time each (0 or more) and share one processor. By turns, in the order of the list, each that is not "
            "done gets up to `turn` units (at least 1)$pause. Return $what.",
            "One processor serves processes that need `needs` units of time. It goes round the list again and again; a process that still needs "
            "time runs for `turn` units (1 or more), or less if it is done before$pause. Return $what.",
        ),
        source="""
def share_processor(needs: list[int], turn: int) -> list[int]:
    left = list(needs)
    ends = [0] * len(needs)
    turns = [0] * len(needs)
    time = 0
    while sum(left) > 0:
        for i in range(len(left)):
            if left[i] > 0:
                used = min(left[i], turn)
                left[i] -= used
                time += used
                turns[i] += 1
                ends[i] = time
                time += $extra
    return $result
""",
        variants=tuple(
            {"pause": pause, "extra": extra, "what": what, "result": result}
            for pause, extra in (
                ("", "0"),
                ("; after every run one more unit passes for the change", "1"),
                ("; after a run that does not end its process, 2 units pass for the change", "2 if left[i] > 0 else 0"),
            )
            for what, result in (
                ("when each process is done, counting from 0 (a process without need is done at 0)", "ends"),
                (
                    "how long each process has waited until it was done, that is, when it was done minus its need",
                    "[ends[i] - needs[i] for i in range(len(needs))]",
                ),
            )
        ),
        inputs=lambda rng: [wholes(rng, 6, 0, 9), rng.randint(1, 5)],
        examples=(([[3, 1], 2], [4, 3]), ([[], 1], []), ([[0, 5], 3], [0, 5])),
        difficulty=3,
    ),
    Family(
        says=(
            "Read `field`, parts joined by ',': a part is '*' (all), a number, or 'low-high' (both included; none if low is above high), and a "
            "'/n' behind it leaves $thin. Return the numbers from $first to `size`$end that any part names, sorted, without repetitions.",
            "Which numbers from $first to `size`$end does `field` name? Its parts, divided by ',', are '*' for all of them, 'low-high' for "
            "those between two numbers (these included, nothing if the first is larger) or a single number; with '/n' behind, a part "
            "keeps $thin. Return them in ascending order, each once.",
        ),
        source="""
def read_field(field: str, size: int) -> list[int]:
    named: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        low, high = $first, size - $cut
        if "-" in span:
            low, high = int(span.split("-")[0]), int(span.split("-")[1])
        elif span != "*":
            low = high = int(span)
        for number in range(low, high + 1):
            if number < $first or number > size - $cut:
                continue
            if step == "" or $test:
                named.add(number)
    return sorted(named)
""",
        variants=tuple(
            {"thin": thin, "test": test, "first": first, "end": end, "cut": cut}
            for thin, test in (
                (
                    "only every n-th of the part's numbers, beginning with its smallest (even where that is not asked for)",
                    "(number - low) % int(step) == 0",
                ),
                ("only those of its numbers that n divides", "number % int(step) == 0"),
            )
            for first, end, cut in (("0", " - 1", "1"), ("1", "", "0"))
        ),
        inputs=_field,
        examples=((["1-4/2,9", 10], [1, 3, 9]), (["*/5", 12], [0, 5, 10]), (["7-3", 24], []), (["6", 6], [])),
        difficulty=4,
    ),
    Family(
        says=(
            "What does it cost to park for `minutes` minutes? Up to $free minutes are free; $rule. Each whole day of 1440 minutes costs $most, "
            "and the rest of the time, priced as said, costs $most at most.",
            "Return the fee for parking `minutes` minutes. Take out the whole days (1440 minutes), at $most each. The rest is priced by itself, but "
            "at no more than $most: nothing up to $free minutes; $rule.",
        ),
        source="""
def parking_fee(minutes: int) -> int:
    days = minutes // 1440
    rest = minutes % 1440
    fee = 0
    if rest > $free:
        $price
    return days * $most + min(fee, $most)
""",
        variants=(
            {
                "free": "15",
                "most": "20",
                "rule": "beyond, each hour begun, from the first minute on, costs 3",
                "price": "fee = (rest + 59) // 60 * 3",
            },
            {
                "free": "30",
                "most": "24",
                "rule": "beyond, the first hour costs 4 and each further half hour begun 1",
                "price": "fee = 4\n        if rest > 60:\n            fee += (rest - 60 + 29) // 30",
            },
            {
                "free": "20",
                "most": "18",
                "rule": "beyond, only the time after the free minutes costs: 1 for every quarter of an hour that is full",
                "price": "fee = (rest - 20) // 15",
            },
            {
                "free": "60",
                "most": "25",
                "rule": "beyond, each full hour from the first minute on costs 2, and what is left over 1 if it is more than 20 "
                "minutes",
                "price": "fee = rest // 60 * 2\n        if rest % 60 > 20:\n            fee += 1",
            },
        ),
        inputs=lambda rng: [
            rng.choice(
                [
                    0,
                    15,
                    16,
                    60,
                    61,
                    1440,
                    rng.randint(0, 90),
                    rng.randint(0, 500),
                    rng.randint(0, 1500),
                    rng.randint(0, 5000),
                ]
            )
        ],
        examples=(([15], 0), ([61], 6), ([1440], 20), ([1000], 20)),
        difficulty=2,
    ),
    Family(
        says=(
            "A bus leaves at the times `first`, `first` + `every`, ... up to and including `last` (`every` is above 0). People come to the stop at "
            "`arrivals`, and each takes the next bus that leaves $when$room. Return how long each of them waits, in the order of the "
            "list, -1 if there is none.",
            "Buses go from `first` to `last` (both included) whenever another `every` units of time, more than 0, have passed. For each of "
            "`arrivals`, in order, return the waiting time until the first bus that leaves $when$room, -1 if there is none.",
        ),
        source="""
def bus_waits(arrivals: list[int], first: int, every: int, last: int) -> list[int]:
    waits: list[int] = []
    taken: list[int] = []
    for arrival in arrivals:
        bus = first
        while bus $sign arrival or taken.count(bus) >= $seats:
            bus += every
        if bus > last:
            waits.append(-1)
        else:
            taken.append(bus)
            waits.append(bus - arrival)
    return waits
""",
        variants=tuple(
            {"when": when, "sign": sign, "room": room, "seats": seats}
            for when, sign in (("at that time or later", "<"), ("later than that", "<="))
            for room, seats in (("", "99"), (" and has not been taken by two people before in the list", "2"))
        ),
        inputs=lambda rng: [wholes(rng, 7, 0, 40), rng.randint(0, 15), rng.randint(1, 12), rng.randint(5, 45)],
        examples=(([[0, 5, 6], 5, 10, 30], [5, 0, 9]), ([[], 1, 1, 5], []), ([[9], 2, 3, 7], [-1])),
        difficulty=3,
    ),
)
