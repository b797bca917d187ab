"""Dates, times and what is built of them."""

from textgym.core import Random
from textgym.envs.code.regex.phrases import (
    CAPITAL,
    DIGIT,
    SMALL,
    Phrase,
    among,
    either,
    exactly,
    maybe,
    number,
    of,
    run,
    sequence,
    text,
)
from textgym.envs.code.regex.themes.subject import Subject, Theme

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _year(rng: Random) -> Phrase:
    low = rng.choice([1800, 1900, 1950, 1970, 1990, 2000, 2010])
    return number(low, low + rng.choice([49, 99, 149, 199, 299]))


def _clock(rng: Random, seconds: bool | None = None) -> Phrase:
    parts = [number(0, 23, 2), text(":"), number(0, 59, 2)]
    if seconds is None:
        parts.append(maybe(text(":"), number(0, 59, 2)))
    elif seconds:
        parts += [text(":"), number(0, 59, 2)]
    return sequence(*parts)


def date(rng: Random) -> Subject:
    """Year, month and day in one of three orders."""
    between = text(rng.choice(["-", "/", ".", " ", "_"]))
    width = rng.choice([0, 2])
    year, month, day = _year(rng), number(1, 12, width), number(1, 31, width)
    order = rng.choice([(year, month, day), (day, month, year), (month, day, year)])
    return Subject("dates", sequence(order[0], between, order[1], between, order[2]))


def date_with_month_name(rng: Random) -> Subject:
    """A day, the short name of a month, a year."""
    months = rng.sample(_MONTHS, rng.randint(4, 12))
    day = number(1, rng.choice([28, 30, 31]), rng.choice([0, 2]))
    between = text(rng.choice([" ", "-", "."]))
    week = [among(rng.sample(_DAYS, rng.randint(3, 7))), text(rng.choice([", ", " "]))] if rng.randrange(2) else []
    return Subject("dates", sequence(*week, day, between, among(months), between, _year(rng)))


def time_of_day(rng: Random) -> Subject:
    """A clock of 24 or of 12 hours."""
    if rng.randrange(2):
        return Subject("times of day", _clock(rng, rng.choice([None, True, False])))
    between = text(rng.choice([":", "."]))
    half = among(rng.choice([("AM", "PM"), ("am", "pm"), ("a.m.", "p.m.")]))
    blank = text(" ") if rng.randrange(2) else maybe(text(" "))
    hour = number(1, 12, rng.choice([0, 2]))
    return Subject("times of day", sequence(hour, between, number(0, 59, 2), blank, half))


def timestamp(rng: Random) -> Subject:
    """A date and a time in one, with fractions of a second or a zone."""
    between = text(rng.choice(["T", " ", "_"]))
    day = sequence(_year(rng), text("-"), number(1, 12, 2), text("-"), number(1, 31, 2))
    parts = [day, between, _clock(rng, rng.choice([None, True]))]
    if rng.randrange(2):
        parts.append(maybe(text(rng.choice(".,")), run(DIGIT, rng.randint(1, 3), rng.choice([3, 6]))))
    if rng.randrange(3):
        offset = sequence(run(of("+-"), 1, 1), number(0, rng.choice([12, 14]), 2), text(":"), among(["00", "30", "45"]))
        parts.append(either(text("Z"), offset))
    return Subject("timestamps", sequence(*parts))


def time_span(rng: Random) -> Subject:
    """Hours, minutes and seconds, each with its unit."""
    units = rng.choice([("h", "m", "s"), ("hr", "min", "sec"), ("H", "M", "S")])
    gap = [text(" ")] if rng.randrange(2) else []
    hours = sequence(number(0, rng.choice([23, 99])), text(units[0]))
    minutes = sequence(*gap, number(0, 59, rng.choice([0, 2])), text(units[1]))
    seconds = maybe(*gap, number(0, 59, rng.choice([0, 2])), text(units[2]))
    return Subject("spans of time", sequence(hours, minutes, seconds))


def duration_code(rng: Random) -> Subject:
    """A period with letters for its units, as in standards for data exchange."""
    days = sequence(run(DIGIT, 1, rng.randint(1, 4)), text(rng.choice("DW")))
    clock = [maybe(run(DIGIT, 1, 2), text(unit)) for unit in ["M", "S"][: rng.randint(1, 2)]]
    last = sequence(text("T"), run(DIGIT, 1, rng.randint(1, 3)), text("H"), *clock)
    return Subject("codes of durations", sequence(text(rng.choice(["P", "+P"])), days, maybe(last)))


def opening_hours(rng: Random) -> Subject:
    """One or two week days and two times."""
    days = rng.sample(_DAYS, rng.randint(4, 7))
    hour = number(rng.randint(0, 7), rng.randint(18, 23), 2)
    minute = among(rng.choice([("00", "30"), ("00", "15", "30", "45"), ("00", "20", "40")]))
    clock = sequence(hour, text(":"), minute)
    span = sequence(among(days), maybe(text("-"), among(days)), text(" "))
    return Subject("opening hours", sequence(span, clock, text(rng.choice(["-", " - ", " to "])), clock))


def school_term(rng: Random) -> Subject:
    """A season and a year, as terms are named."""
    seasons = rng.sample(["Spring", "Summer", "Fall", "Winter", "Autumn"], rng.randint(2, 4))
    year = sequence(maybe(text("20")), run(DIGIT, 2, 2)) if rng.randrange(2) else _year(rng)
    week = maybe(text(rng.choice([" wk ", "/week ", " W"])), number(1, rng.choice([12, 16, 20])))
    return Subject("terms of a school year", sequence(among(seasons), text(rng.choice([" ", "-", "'"])), year, week))


def iso_week(rng: Random) -> Subject:
    """A year, a week, and perhaps a day of it."""
    between = rng.choice(["-", "", "/"])
    day = maybe(text(between or "-"), number(1, rng.choice([5, 6, 7])))
    week = number(1, rng.choice([52, 53]), 2)
    return Subject("calendar weeks", sequence(_year(rng), text(f"{between}{rng.choice('Ww')}"), week, day))


def cron_field(rng: Random) -> Subject:
    """A minute field of a schedule."""
    top = rng.choice([12, 23, 31, 59])
    star = sequence(text("*"), maybe(text("/"), number(2, rng.choice([9, 15, 30]))))
    span = sequence(number(0, top), maybe(text("-"), number(0, top)))
    return Subject("fields of a schedule", either(star, sequence(span, maybe(text(","), span))))


def flight_slot(rng: Random) -> Subject:
    """An airline's code, a number, and a day of departure."""
    code = exactly(CAPITAL, 2) if rng.randrange(2) else among(rng.sample(["LH", "BA", "AF", "KL", "SK", "AY", "TP"], 4))
    flight = number(1, rng.choice([999, 4999, 9999]), rng.choice([0, 4]))
    suffix = maybe(run(rng.choice([SMALL, CAPITAL, of("ABCD")]), 1, 1))
    day = sequence(
        text(rng.choice(["/", " ", "-"])), number(1, 31, 2), among([one.upper() for one in rng.sample(_MONTHS, 6)])
    )
    return Subject(
        "flights with their day",
        sequence(code, text(" ") if rng.randrange(2) else maybe(text(" ")), flight, suffix, day),
    )


THEMES: tuple[Theme, ...] = (
    date, date_with_month_name, time_of_day, timestamp, time_span, duration_code, opening_hours, school_term, iso_week,
    cron_field, flight_slot,
)  # fmt: skip
