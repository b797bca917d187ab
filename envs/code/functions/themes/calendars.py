"""Dates and durations that are counted, compared and laid out."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole
from textgym.envs.code.functions.family import Family


def _date(rng: Random) -> list[int]:
    year = rng.choice([1999, 2000, 2001, 2004, rng.randint(1996, 2008)])
    month, day = rng.choice([[2, 28], [2, 29], [3, 1], [12, 31], [1, 1], [rng.randint(1, 12), rng.randint(1, 28)]])
    return [year, month, 28 if [month, day] == [2, 29] and year % 4 else day]


def _two_dates(rng: Random) -> list[Any]:
    first, second = sorted([_date(rng), _date(rng)])
    return [first, [second[0], *first[1:]] if rng.randrange(4) == 0 and first[1:] != [2, 29] else second]


def _duration(rng: Random) -> list[Any]:
    parts = [str(rng.choice([0, 1, 90, rng.randint(2, 200)])) + rng.choice("hmsx") for _ in range(rng.randint(0, 4))]
    return ["".join(parts) + rng.choice(["", "", str(rng.randint(0, 99)), "m"])]


def _years(rng: Random) -> list[Any]:
    low = rng.choice([1900, 2000, rng.randint(1880, 2120)])
    return [low, low + whole(rng, -2, 120)]


FAMILIES = (
    Family(
        says=(
            "How many of the years from `low` to `high`, both included, are leap years if $rule? With `low` above `high` there are none. "
            "Return $what.",
            "In a calendar in which $rule, look for the leap years between `low` and `high` (both included; none if `low` is the larger). "
            "Return $what.",
        ),
        source="""
def count_leaps(low: int, high: int) -> int:
    found = 0
    total = 0
    for year in range(low, high + 1):
        total += 1
        if $test:
            found += 1
    return $result
""",
        variants=tuple(
            {"rule": rule, "test": test, "what": what, "result": result}
            for rule, test in (
                (
                    "every fourth year is one (those that 4 divides), without those that 100 but not 400 divides",
                    "year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)",
                ),
                ("all years that 3 or 7 divides are, but none that both divide", "(year % 3 == 0) != (year % 7 == 0)"),
                (
                    "those years are that 4 divides, and those that leave 2 when divided by 25",
                    "year % 4 == 0 or year % 25 == 2",
                ),
            )
            for what, result in (
                ("their number", "found"),
                ("how many days all these years have, leap years 366 and others 365", "total * 365 + found"),
            )
        ),
        inputs=_years,
        examples=(([2000, 2004], 2), ([1900, 1900], 0), ([5, 4], 0)),
        difficulty=2,
    ),
    Family(
        says=(
            "Somebody is born on `birth` and today is `today`, dates [year, month, day], `today` no earlier than `birth`. Return $what. Who is born on 29 "
            "February has the birthday on $leap in years without this day (a leap year is one that 4 divides; the years are 1996 to 2008).",
            "Given the dates `birth` and, on the same day or later, `today`, both [year, month, day] with years from 1996 to 2008 (of which those "
            "divisible by 4 are leap years), return $what. In a year that lacks 29 February, a birthday on that day is on $leap.",
        ),
        source="""
def full_years(birth: list[int], today: list[int]) -> int:
    month, day = birth[1], birth[2]
    if month == 2 and day == 29 and today[0] % 4 != 0:
        month, day = $moved
    years = today[0] - birth[0]
    passed = today[1] > month or (today[1] == month and today[2] >= day)
    if not passed:
        years -= 1
    return $result
""",
        variants=tuple(
            {"leap": leap, "moved": moved, "what": what, "result": result}
            for leap, moved in (("1 March", "3, 1"), ("28 February", "2, 28"))
            for what, result in (
                ("the age in full years", "years"),
                ("the number of the birthday that comes next, counting one that is today as past", "years + 1"),
                (
                    "the age in full years, or 100 more if there is a birthday in this month",
                    "years + 100 * (today[1] == month)",
                ),
            )
        ),
        inputs=_two_dates,
        examples=(
            ([[2000, 2, 29], [2001, 2, 28]], 0),
            ([[1999, 5, 7], [2004, 5, 7]], 5),
            ([[2000, 1, 1], [2000, 1, 1]], 0),
        ),
        difficulty=3,
    ),
    Family(
        says=(
            "Read the duration `text`: numbers, each with a unit behind it, h (3600 seconds), m (60) or s (1), in any order. $twice. A number "
            "with another letter behind it counts nothing, a number at the end without a letter $bare, and a letter without a number in "
            "front counts as one unit. Return the seconds.",
            "How many seconds does `text` stand for? It consists of digits and letters: a run of digits and the letter behind it are so many hours "
            "(h), minutes (m) or seconds (s), and nothing for other letters; a letter without digits before it stands for 1 of its kind; digits at "
            "the very end $bare. $twice.",
        ),
        source="""
def read_duration(text: str) -> int:
    sizes = {"h": 3600, "m": 60, "s": 1}
    found: dict[str, int] = {}
    digits = ""
    for char in text + "$end":
        if char.isdigit():
            digits += char
            continue
        count = int(digits) if digits != "" else 1
        if char == "." and digits == "":
            break
        unit = "s" if char == "." else char
        if unit in sizes:
            found[unit] = $collect
        digits = ""
    return sum(sizes[unit] * count for unit, count in found.items())
""",
        variants=tuple(
            {"twice": twice, "collect": collect, "bare": bare, "end": end}
            for twice, collect in (
                ("All that have the same unit are added up", "found.get(unit, 0) + count"),
                ("Of several with the same unit only the last counts", "count"),
                ("Of several with the same unit only the largest counts", "max(found.get(unit, 0), count)"),
            )
            for bare, end in (("counts nothing", ""), ("counts as seconds", "."))
        ),
        inputs=_duration,
        examples=((["1h2m"], 3720), ([""], 0), (["5s7"], 5), (["3xm"], 60)),
        difficulty=3,
    ),
    Family(
        says=(
            "Lay out a month of `length` days that begins on week day `first` (0 is Monday, 6 Sunday) as a list of weeks, each a list of days of the "
            "month. Weeks begin with $begin$pad.",
            "Return the weeks of a month as lists of its days, 1 to `length`. Day 1 falls on week day `first`, with Monday as 0 and Sunday as 6, and every "
            "week starts with $begin$pad.",
        ),
        source="""
def month_weeks(first: int, length: int) -> list[list[int]]:
    weeks: list[list[int]] = []
    week = [0] * ((first - $begin_day) % 7)
    for day in range(1, length + 1):
        week.append(day)
        if len(week) == 7:
            weeks.append(week)
            week = []
    if len(week) > 0:
        weeks.append(week$fill)
    return $result
""",
        variants=tuple(
            {"begin": begin, "begin_day": day, "pad": pad, "fill": fill, "result": result}
            for begin, day in (("Monday", "0"), ("Sunday", "6"), ("Saturday", "5"))
            for pad, fill, result in (
                ("; places of a week that lie outside of the month are 0", " + [0] * (7 - len(week))", "weeks"),
                (
                    "; weeks at the beginning or end that lie only partly in the month have just the days that do",
                    "",
                    "[[day for day in week if day > 0] for week in weeks]",
                ),
            )
        ),
        inputs=lambda rng: [rng.randrange(7), rng.choice([0, 1, 7, 8, rng.randint(1, 20), 28, 30, 31])],
        examples=(([5, 3], [[0, 0, 0, 0, 0, 1, 2], [3, 0, 0, 0, 0, 0, 0]]), ([0, 7], [[1, 2, 3, 4, 5, 6, 7]])),
        difficulty=2,
    ),
    Family(
        says=(
            "A year has months with as many days as `lengths` says (at least one month, each of at least one day). Which date lies `days` days "
            "after day 1 of month 1 of year 1 (before it if `days` is negative)? $leap. Return [year, month, day]; before year 1 comes "
            "year 0, then -1.",
            "In an invented calendar, `lengths` holds the number of days of every month of a year, one or more months of one or more days. $leap. "
            "Return the date [year, month, day] that comes `days` days after [1, 1, 1], or before it for a negative number; years go on "
            "below 1 with 0, -1 and so on.",
        ),
        source="""
def invented_date(lengths: list[int], days: int) -> list[int]:
    year = 1
    left = days
    while left < 0:
        year -= 1
        left += sum(lengths) + ($extra if year % $every == 0 else 0)
    month = 0
    while True:
        size = lengths[month]
        if month == $where and year % $every == 0:
            size += $extra
        if left < size:
            return [year, month + 1, left + 1]
        left -= size
        month += 1
        if month == len(lengths):
            month = 0
            year += 1
""",
        variants=(
            {"leap": "All years are alike", "extra": "0", "every": "1", "where": "0"},
            {
                "leap": "In years that 3 divides the last month has one more day",
                "extra": "1",
                "every": "3",
                "where": "len(lengths) - 1",
            },
            {
                "leap": "In years that 2 divides the first month has two more days",
                "extra": "2",
                "every": "2",
                "where": "0",
            },
            {
                "leap": "In years that 5 divides the last month has three more days",
                "extra": "3",
                "every": "5",
                "where": "len(lengths) - 1",
            },
        ),
        inputs=lambda rng: [many(rng, 5, lambda: rng.randint(1, 9), 1), whole(rng, -40, 90)],
        examples=(([[3, 2], 4], [1, 2, 2]), ([[3, 2], -1], [0, 2, 2]), ([[1], 7], [8, 1, 1])),
        difficulty=3,
    ),
)
