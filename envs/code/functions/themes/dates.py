"""Days, months and clocks, reckoned by hand."""

from typing import Any

from textgym.core import Random
from textgym.envs.code.functions.draws import many, whole
from textgym.envs.code.functions.family import Family

_LEAP = """
def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31

"""


def _date(rng: Random) -> list[int]:
    """A valid date, often the end of February or of a year."""
    year = rng.choice([1900, 1999, 2000, 2023, 2024, 2100, rng.randint(1890, 2110)])
    month = rng.choice([1, 2, 2, 3, 12, rng.randint(1, 12)])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = (29 if leap else 28) if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return [year, month, rng.choice([1, length, rng.randint(1, length)])]


def _clock(rng: Random) -> str:
    return f"{rng.choice([0, 11, 12, 23, rng.randrange(24)]):02}:{rng.choice([0, 59, rng.randrange(60)]):02}"


def _shifts(rng: Random) -> list[Any]:
    begin = rng.choice([0, 300, 1200, whole(rng, 0, 1300)])
    finish = min(1440, begin + rng.choice([60, 480, whole(rng, 10, 700)]))

    def shift() -> list[int]:
        start = rng.choice([begin, rng.randrange(1440), max(0, begin - rng.randint(0, 90))])
        return [start, (start + rng.choice([15, 60, 480, rng.randint(1, 900)])) % 1440]

    return [many(rng, 5, shift), begin, finish]


FAMILIES = (
    Family(
        says=(
            "Which day of its year is `date`, given as [year, month, day] of the Gregorian calendar? $first is number $base, "
            "and the numbers grow by one with each day $later.",
            "Number the days of a year of the Gregorian calendar so that $first has the number $base and each day $later "
            "has one more. Return the number of `date`, which is [year, month, day].",
        ),
        source=_LEAP
        + """
def day_number(date: list[int]) -> int:
    year, month, day = date
    passed = day
    for earlier in range(1, month):
        passed += month_length(year, earlier)
    total = 366 if is_leap(year) else 365
    return $result
""",
        variants=(
            {"first": "1 January", "base": "1", "later": "after it", "result": "passed"},
            {"first": "1 January", "base": "0", "later": "after it", "result": "passed - 1"},
            {"first": "31 December", "base": "1", "later": "before it", "result": "total - passed + 1"},
            {"first": "31 December", "base": "0", "later": "before it", "result": "total - passed"},
        ),
        inputs=lambda rng: [_date(rng)],
        examples=(([[2024, 3, 1]], 61), ([[1900, 3, 1]], 60), ([[2023, 12, 31]], 365)),
        difficulty=2,
    ),
    Family(
        says=(
            "Return the date [year, month, day] that lies `months` calendar months $way `date`, another such date; `months` "
            "is not negative. If the month there is too short for the day, $rule.",
            "Move `date`, given as [year, month, day] of the Gregorian calendar, by `months` (at least 0) months: the result "
            "lies $way it. Where the day does not exist in the new month, $rule.",
        ),
        source=_LEAP
        + """
def shift_months(date: list[int], months: int) -> list[int]:
    count = date[0] * 12 + date[1] - 1 $sign months
    year, month = count // 12, count % 12 + 1
    day = date[2]
    longest = month_length(year, month)
    if day > longest:
        $mend
    return [year, month, day]
""",
        variants=tuple(
            {"way": way, "sign": sign, "rule": rule, "mend": mend}
            for way, sign in (("after", "+"), ("before", "-"))
            for rule, mend in (
                ("the last day of the month is taken", "day = longest"),
                (
                    "the first day of the month after is taken",
                    "return [year + month // 12, month % 12 + 1, 1]",
                ),
                (
                    "it goes on into the month after by as many days as are missing",
                    "return [year + month // 12, month % 12 + 1, day - longest]",
                ),
            )
        ),
        inputs=lambda rng: [
            [
                rng.choice([1999, 2000, 2023, 2024, 2100]),
                rng.choice([1, 3, 5, 10, 12, 12]),
                rng.choice([1, 15, 29, 30, 31]),
            ],
            rng.choice([0, 1, 2, 4, 11, 12, 13, rng.randint(0, 60)]),
        ],
        examples=(
            ([[2023, 1, 31], 1], [2023, 2, 28]),
            ([[2023, 12, 15], 1], [2024, 1, 15]),
            ([[2024, 5, 1], 0], [2024, 5, 1]),
        ),
        difficulty=3,
    ),
    Family(
        says=(
            "Which day of the week is `date`, [year, month, day] of the Gregorian calendar? Return $what; 1 January 2001 was "
            "a Monday.",
            "Work out the week day of `date`, a Gregorian [year, month, day], knowing that 1 January 2001 was a Monday, and "
            "return $what.",
        ),
        source=_LEAP
        + """
def week_day(date: list[int]) -> $kind:
    year, month, day = date
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    for earlier in range(1, month):
        days += month_length(year, earlier)
    place = (days + day - 1) % 7
    return $result
""",
        variants=(
            {"what": "its number, Monday being 0 and Sunday 6", "kind": "int", "result": "place"},
            {"what": "its number, Monday being 1 and Sunday 7", "kind": "int", "result": "place + 1"},
            {"what": "its number, Sunday being 0 and Saturday 6", "kind": "int", "result": "(place + 1) % 7"},
            {
                "what": "the first three letters of its English name, such as 'Mon'",
                "kind": "str",
                "result": '"MonTueWedThuFriSatSun"[3 * place : 3 * place + 3]',
            },
            {
                "what": "how many days later the next Saturday comes, 0 if it is one",
                "kind": "int",
                "result": "(5 - place) % 7",
            },
        ),
        inputs=lambda rng: [_date(rng)],
        examples=(([[2001, 1, 1]], 0), ([[2000, 2, 29]], 1), ([[2001, 1, 7]], 6)),
        difficulty=3,
    ),
    Family(
        says=(
            "Add `minutes`, which may be negative, to the time of day `clock`, written 'HH:MM' with 24 hours, and return the "
            "time that a clock shows then, $format.",
            "A clock shows `clock` ('HH:MM', 00:00 to 23:59). What does it show `minutes` minutes later, or earlier if that "
            "is negative? Answer $format.",
        ),
        source="""
def wind_clock(clock: str, minutes: int) -> str:
    total = int(clock[:2]) * 60 + int(clock[3:]) + minutes
    days = total // 1440
    hour = total // 60 % 24
    minute = total % 60
    $extra
    return $result
""",
        variants=(
            {
                "format": "in the same notation",
                "extra": "shown = str(hour).zfill(2)",
                "result": 'shown + ":" + str(minute).zfill(2)',
            },
            {
                "format": "with 12 hours, without a leading zero, and 'am' or 'pm' behind it, such as '12:05am' for "
                "five past midnight",
                "extra": "shown = str(12 if hour % 12 == 0 else hour % 12)",
                "result": 'shown + ":" + str(minute).zfill(2) + ("am" if hour < 12 else "pm")',
            },
            {
                "format": "in the same notation, followed by a sign and the number of days it lies away where that is "
                "not zero, such as '00:10+1' or '23:50-1'",
                "extra": 'shown = "" if days == 0 else "+" + str(days) if days > 0 else str(days)',
                "result": 'str(hour).zfill(2) + ":" + str(minute).zfill(2) + shown',
            },
            {
                "format": "rounded down to a quarter of an hour, in the same notation",
                "extra": "minute -= minute % 15",
                "result": 'str(hour).zfill(2) + ":" + str(minute).zfill(2)',
            },
        ),
        inputs=lambda rng: [_clock(rng), rng.choice([0, 1, -1, 60, -60, rng.randint(-1500, 3000)])],
        examples=((["23:50", 20], "00:10"), (["00:05", -10], "23:55"), (["12:00", 0], "12:00")),
        difficulty=2,
    ),
    Family(
        says=(
            "Write the span of `seconds`, at least 0, with the units $units, from the largest unit to the smallest: each as "
            "a whole number directly followed by the unit, with a blank between two. Units with the number 0 are "
            "left out, $zero.",
            "Break `seconds` (not negative) into $units, as much as possible into the larger unit first. Join the numbers "
            "with their unit behind each, such as '3m', by blanks, without those that are 0; $zero.",
        ),
        source="""
def write_span(seconds: int) -> str:
    parts: list[str] = []
    left = seconds
    for name, size in $table:
        count = left // size
        left -= count * size
        if count > 0:
            parts.append(str(count) + name)
    if len(parts) == 0:
        return "$nothing"
    return " ".join(parts$cut)
""",
        variants=tuple(
            {"units": units, "table": table, "zero": zero, "nothing": nothing, "cut": cut}
            for units, table in (
                ("h (3600 seconds), m (60 seconds) and s", '(("h", 3600), ("m", 60), ("s", 1))'),
                (
                    "w (7 days), d (24 hours), h, m and s",
                    '(("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))',
                ),
            )
            for zero, nothing, cut in (
                ("and a span of 0 is '0s'", "0s", ""),
                (
                    "a span of 0 is 'now', and of more than two numbers only the two of the largest units are written",
                    "now",
                    "[:2]",
                ),
            )
        ),
        inputs=lambda rng: [
            rng.choice(
                [0, 1, 59, 60, 3600, 3661, rng.randint(0, 200), rng.randint(0, 20_000), rng.randint(0, 2_000_000)]
            )
        ],
        examples=(([3661], "1h 1m 1s"), ([7200], "2h"), ([0], "0s")),
        difficulty=2,
    ),
    Family(
        says=(
            "Find the $words `weekday` (0 is Monday, 6 is Sunday) of the month that has `length` days and begins on the week "
            "day `first`, numbered alike, and return the day of the month$else.",
            "A month of `length` days begins on week day `first`, where 0 is Monday and 6 is Sunday. On which day of the "
            "month does the $words `weekday` fall? Return that day$else.",
        ),
        source="""
def nth_week_day(first: int, length: int, weekday: int) -> int:
    found: list[int] = []
    for day in range(1, length + 1):
        if (first + day - 1) % 7 == weekday:
            found.append(day)
    if len(found) < $count:
        return 0
    return found[$index]
""",
        variants=(
            {"words": "first", "count": "1", "index": "0", "else": ""},
            {"words": "second", "count": "2", "index": "1", "else": ""},
            {"words": "last", "count": "1", "index": "-1", "else": ""},
            {"words": "fifth", "count": "5", "index": "4", "else": ", or 0 if that never happens"},
            {"words": "last but one", "count": "2", "index": "-2", "else": ""},
        ),
        inputs=lambda rng: [rng.randrange(7), rng.choice([31, 31, 30, 31, 29, 28]), rng.randrange(7)],
        examples=(([0, 31, 0], 1), ([2, 30, 1], 7), ([6, 28, 6], 1)),
        difficulty=2,
    ),
    Family(
        says=(
            "Every clock hand moves evenly over a dial with 12 hours. How far apart are the hour hand and the minute hand at "
            "`hour` (0 to 23) and `minute` (0 to 59)? Return $what, in half degrees, so that a full turn is 720.",
            "At `hour`:`minute` (0 to 23, 0 to 59), look at the hour hand and the minute hand of a dial with 12 hours, both "
            "of which move continuously. In units of half a degree (720 to a full turn) return $what.",
        ),
        source="""
def hands_angle(hour: int, minute: int) -> int:
    short = (hour % 12) * 60 + minute
    long = minute * 12
    gap = $gap
    return $result
""",
        variants=(
            {
                "what": "the smaller of the two angles between them",
                "gap": "abs(short - long)",
                "result": "min(gap, 720 - gap)",
            },
            {
                "what": "the larger of the two angles between them, 720 where they lie on each other",
                "gap": "abs(short - long)",
                "result": "max(gap, 720 - gap)",
            },
            {
                "what": "the angle by which the hour hand must turn clockwise to lie on the minute hand, below 720",
                "gap": "long - short",
                "result": "gap % 720",
            },
            {
                "what": "the angle by which the minute hand must turn clockwise to lie on the hour hand, below 720",
                "gap": "short - long",
                "result": "gap % 720",
            },
        ),
        inputs=lambda rng: [rng.randrange(24), rng.choice([0, 30, 59, rng.randrange(60)])],
        examples=(([3, 0], 180), ([12, 0], 0), ([9, 30], 210)),
        difficulty=2,
    ),
    Family(
        says=(
            "Each of `shifts` is [start, end] in minutes after midnight; a shift whose end is not after its start runs into "
            "the next day (1440 minutes long). How many minutes of all shifts together lie from `begin` to `finish`, two "
            "times of one day with `begin` before `finish`? $rule.",
            "Add up, over `shifts`, the minutes that fall into the hours from `begin` to `finish` (minutes after midnight, "
            "`begin` below `finish`). A shift [start, end] with an end that is no later than its start ends on the following "
            "day, a day having 1440 minutes. $rule.",
        ),
        source="""
def paid_minutes(shifts: list[list[int]], begin: int, finish: int) -> int:
    total = 0
    for start, end in shifts:
        if end <= start:
            end += 1440
        inside = 0
        for day in $days:
            opens, closes = begin + day, finish + day
            inside += max(0, min(end, closes) - max(start, opens))
        $count
    return total
""",
        variants=tuple(
            {"rule": f"{one}. {two}", "days": days, "count": count}
            for one, days in (
                ("These hours come every day", "(0, 1440)"),
                ("These hours count on the first day only, not on the next", "(0,)"),
            )
            for two, count in (
                ("Every minute counts", "total += inside"),
                ("Of a shift with less than 30 such minutes none count", "total += inside if inside >= 30 else 0"),
                ("Of each shift 240 minutes count at most", "total += min(inside, 240)"),
            )
        ),
        inputs=_shifts,
        examples=(([[[1380, 60]], 0, 120], 60), ([[], 0, 10], 0), ([[[480, 600]], 540, 1000], 60)),
        difficulty=4,
    ),
)
