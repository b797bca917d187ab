"""Numbers in the notations that people and programs use."""

from textgym.core import Random
from textgym.envs.code.regex.phrases import (
    CAPITAL_HEX,
    DIGIT,
    SMALL,
    SMALL_HEX,
    Kind,
    Phrase,
    among,
    either,
    exactly,
    listed,
    maybe,
    number,
    of,
    repeated,
    run,
    sequence,
    text,
)
from textgym.envs.code.regex.themes.subject import Subject, Theme

_NONZERO = Kind("123456789", "digit other than 0", "digits other than 0")


def _sign(rng: Random) -> Phrase:
    return maybe(run(of("+-"), 1, 1)) if rng.randrange(2) else maybe(text("-"))


def grouped_integer(rng: Random) -> Subject:
    """Thousands separated."""
    between = text(rng.choice([",", ".", " ", "'", "_"]))
    groups = repeated(sequence(between, exactly(DIGIT, 3)), rng.randint(0, 1), rng.randint(2, 3))
    parts = [_sign(rng)] if rng.randrange(2) else []
    return Subject("large whole numbers", sequence(*parts, run(_NONZERO, 1, 1), run(DIGIT, 0, 2), groups))


def decimal(rng: Random) -> Subject:
    """A decimal number with so many places."""
    places = run(DIGIT, rng.randint(1, 3), rng.choice([3, 4, None]))
    point = rng.choice([".", ","])
    head = either(text("0"), sequence(run(_NONZERO, 1, 1), run(DIGIT, 0, rng.choice([2, 3, 5, None]))))
    tail = maybe(text(point), places) if rng.randrange(2) else sequence(text(point), places)
    return Subject("decimal numbers", sequence(_sign(rng), head, tail))


def price(rng: Random) -> Subject:
    """An amount of money."""
    unit = among(rng.sample(["USD", "EUR", "GBP", "CHF", "SEK", "JPY", "CAD"], rng.randint(2, 5)))
    if rng.randrange(3) == 0:
        unit = run(of("".join(rng.sample("$#%&@", 2))), 1, 1)
    head = sequence(run(_NONZERO, 1, 1), run(DIGIT, 0, rng.randint(1, 5)))
    amount = sequence(head, text(rng.choice([".", ","])), either(exactly(DIGIT, 2), among(["-", "--"])))
    blank = text(" ") if rng.randrange(2) else maybe(text(" "))
    parts = (unit, blank, amount) if rng.randrange(2) else (amount, blank, unit)
    return Subject("prices", sequence(*parts))


def scientific(rng: Random) -> Subject:
    """A mantissa and an exponent."""
    mantissa = sequence(run(_NONZERO, 1, 1), maybe(text("."), run(DIGIT, 1, rng.choice([2, 4, None]))))
    mark = rng.choice(["e", "E", None])
    exponent = run(DIGIT, 1, rng.randint(1, 3)) if rng.randrange(2) else number(1, rng.choice([38, 99, 308]))
    parts = [_sign(rng), mantissa, text(mark) if mark else run(of("eE"), 1, 1), maybe(run(of("+-"), 1, 1)), exponent]
    return Subject("numbers in scientific notation", sequence(*parts))


def base_literal(rng: Random) -> Subject:
    """Hexadecimal, octal or binary literals of a programming language."""
    kinds = [
        sequence(text("0x"), run(rng.choice([SMALL_HEX, CAPITAL_HEX]), 1, rng.choice([4, 8]))),
        sequence(text("0o"), run(of("01234567"), 1, rng.choice([3, 6]))),
        sequence(text("0b"), run(of("01"), rng.choice([1, 4]), 8)),
        sequence(run(_NONZERO, 1, 1), run(DIGIT, 0, rng.choice([3, 6]))),
    ]
    return Subject("integer literals", either(*rng.sample(kinds, rng.randint(2, 3))))


def percentage(rng: Random) -> Subject:
    """0 to 100 percent."""
    places = rng.randint(1, 2)
    below = sequence(number(0, 99), maybe(text("."), run(DIGIT, 1, places)))
    whole = sequence(text("100"), maybe(text("." + "0" * places))) if rng.randrange(2) else text("100")
    return Subject("percentages", sequence(either(below, whole), text(rng.choice(["%", " %", " percent", "pct"]))))


def ipv4(rng: Random) -> Subject:
    """Four bytes, with a port or a mask."""
    octet = number(0, 255)
    first = rng.choice([octet, text("10"), number(1, 223), number(192, 223), among(["127", "169", "172", "192"])])
    tail = rng.choice(
        [[], [text(":"), number(1, 65535)], [text("/"), number(8, 32)], [maybe(text("/"), number(0, 32))]]
    )
    return Subject("addresses of hosts", sequence(first, text("."), octet, text("."), octet, text("."), octet, *tail))


def mac_address(rng: Random) -> Subject:
    """Bytes in hexadecimal."""
    kind = rng.choice([SMALL_HEX, CAPITAL_HEX])
    pairs = rng.choice([4, 6, 8])
    if rng.randrange(2):
        body = listed(exactly(kind, 2), rng.choice([":", "-", "."]), pairs, pairs)
    else:
        body = listed(exactly(kind, 4), rng.choice([":", "-", "."]), pairs // 2, pairs // 2)
    return Subject("hardware addresses", body)


def hex_colour(rng: Random) -> Subject:
    """Colours of style sheets."""
    kind = rng.choice([SMALL_HEX, CAPITAL_HEX])
    sizes = rng.sample([3, 4, 6, 8], 2)
    plain = sequence(text("#"), either(exactly(kind, sizes[0]), exactly(kind, sizes[1])))
    if rng.randrange(2):
        return Subject("colours", plain)
    byte = number(0, 255)
    gap = rng.choice([",", ", ", " "])
    return Subject("colours", either(plain, sequence(text("rgb("), listed(byte, gap, 3, 3), text(")"))))


def coordinates(rng: Random) -> Subject:
    """Latitude and longitude."""
    places = run(DIGIT, rng.randint(1, 2), rng.randint(3, 5))
    latitude = sequence(_sign(rng), number(0, 89), text("."), places)
    longitude = sequence(_sign(rng), number(0, 179), text("."), places)
    return Subject("places on a map", sequence(latitude, text(rng.choice([",", ", ", ";", " "])), longitude))


def roman_numeral(rng: Random) -> Subject:
    """Roman numerals in the subtractive notation."""
    small = rng.randrange(2) == 0

    def place(one: str, five: str, ten: str) -> Phrase:
        four, nine = text(one + ten), text(one + five)
        return either(four, nine, sequence(maybe(text(five)), repeated(text(one), 0, 3)))

    def cased(letters: str) -> str:
        return letters.lower() if small else letters

    tens = place(cased("X"), cased("L"), cased("C"))
    ones = place(cased("I"), cased("V"), cased("X"))
    hundreds = repeated(text(cased("C")), rng.randint(0, 1), rng.randint(2, 3))
    head = [text(rng.choice(["Chapter ", "Part ", "Vol. ", "Act ", "No. "]))] if rng.randrange(2) else []
    return Subject("Roman numerals", sequence(*head, hundreds, tens, ones))


def dimensions(rng: Random) -> Subject:
    """Two or three lengths and a unit."""
    side = number(1, rng.choice([99, 640, 999, 4096]))
    if rng.randrange(2):
        side = sequence(side, maybe(text("."), run(DIGIT, 1, rng.randint(1, 2))))
    body = listed(side, rng.choice(["x", " x ", "*", " by "]), 2, rng.choice([2, 3]))
    unit = among(rng.sample(["px", "mm", "cm", "in", "pt", "em", "m"], rng.randint(2, 4)))
    return Subject("dimensions", sequence(body, maybe(unit) if rng.randrange(2) else unit))


def temperature(rng: Random) -> Subject:
    """Degrees and a scale."""
    low = rng.choice([0, 1])
    degrees = sequence(
        _sign(rng), number(low, rng.choice([50, 99, 120])), maybe(text("."), exactly(DIGIT, rng.randint(1, 2)))
    )
    return Subject(
        "temperatures",
        sequence(degrees, text(rng.choice([" ", " deg ", "o"])), run(of(rng.choice(["CF", "CK", "CFK"])), 1, 1)),
    )


def page_ranges(rng: Random) -> Subject:
    """Numbers and ranges in a list."""
    page = sequence(run(_NONZERO, 1, 1), run(DIGIT, 0, rng.randint(1, 2)))
    item = sequence(page, maybe(text(rng.choice(["-", "..", ":"])), page))
    return Subject(
        "lists of pages", listed(item, rng.choice([",", ", ", ";", " "]), rng.randint(1, 2), rng.choice([3, 4, None]))
    )


def fraction(rng: Random) -> Subject:
    """A whole number and a fraction."""
    below = rng.choice([number(2, 16), among(["2", "4", "8", "16"]), among(["3", "5", "7", "10", "12"])])
    part = sequence(number(1, rng.choice([9, 15])), text("/"), below)
    unit = maybe(text(" "), among(rng.sample(["cup", "tsp", "tbsp", "in", "oz", "lb"], 3)))
    return Subject(
        "fractions", sequence(maybe(number(1, rng.choice([9, 20])), text(rng.choice([" ", "-"]))), part, unit)
    )


def checksum_line(rng: Random) -> Subject:
    """A digest and a file."""
    digest = exactly(rng.choice([SMALL_HEX, CAPITAL_HEX]), rng.choice([8, 12, 16]))
    name = sequence(run(SMALL, 1, 6), text("."), among(rng.sample(["zip", "tar", "gz", "iso", "bin", "deb"], 3)))
    return Subject("lines of a list of checksums", sequence(digest, text(rng.choice(["  ", " *", ": "])), name))


def binary_word(rng: Random) -> Subject:
    """Bits in groups."""
    size = rng.choice([3, 4, 8])
    body = listed(exactly(of("01"), size), rng.choice(["_", " ", "."]), rng.randint(1, 2), rng.randint(3, 4))
    tail = among(rng.choice([("b", "B"), ("2", "two"), ("l", "h")]))
    return Subject(
        "binary words",
        sequence(body, text(rng.choice(["/", " ", "'"])), tail),
        bans=("0" * size,) if rng.randrange(2) else (),
    )


THEMES: tuple[Theme, ...] = (
    grouped_integer, decimal, price, scientific, base_literal, percentage, ipv4, mac_address, hex_colour, coordinates,
    roman_numeral, dimensions, temperature, page_ranges, fraction, checksum_line, binary_word,
)  # fmt: skip
