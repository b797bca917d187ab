"""Names, codes and addresses."""

from textgym.core import Random
from textgym.envs.code.regex.phrases import (
    ANY_OR_DIGIT,
    CAPITAL,
    CAPITAL_OR_DIGIT,
    DIGIT,
    LETTER,
    SMALL,
    SMALL_OR_DIGIT,
    Kind,
    among,
    either,
    exactly,
    joined,
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

_SUFFIXES = ("alpha", "beta", "rc", "dev", "post", "pre", "snapshot")
_ENDINGS = ("txt", "csv", "json", "md", "py", "log", "html", "xml", "yaml", "png", "jpg", "svg", "gz", "bak")


def version(rng: Random) -> Subject:
    """Numbers with dots and a stage of development."""
    part = number(0, rng.choice([9, 19, 99])) if rng.randrange(2) else run(DIGIT, 1, rng.randint(1, 3))
    stage = among(rng.sample(_SUFFIXES, rng.randint(2, 4)))
    tail = maybe(
        text(rng.choice(["-", "+", "."])),
        stage,
        maybe(text(rng.choice(".-")), number(1, rng.choice([9, 20]))),
    )
    head = (
        [text(rng.choice(["v", "V", "release-"]))]
        if rng.randrange(3) == 0
        else [maybe(text("v"))]
        if rng.randrange(2)
        else []
    )
    return Subject("versions of software", sequence(*head, listed(part, ".", 2, rng.choice([2, 3, 4])), tail))


def version_constraint(rng: Random) -> Subject:
    """Which versions will do."""
    signs = among(rng.sample([">=", "<=", "==", "~=", "!=", "<", ">"], rng.randint(2, 5)))
    ask = sequence(
        signs, text(" ") if rng.randrange(2) else maybe(text(" ")), listed(number(0, rng.choice([9, 99])), ".", 1, 3)
    )
    return Subject("requirements of versions", listed(ask, rng.choice([",", ", "]), 1, 2))


def identifier(rng: Random) -> Subject:
    """Variables of a programming language."""
    first = rng.choice([joined(LETTER, "_"), SMALL, joined(SMALL, "_"), LETTER, joined(CAPITAL, "$")])
    rest = rng.choice([joined(ANY_OR_DIGIT, "_"), SMALL_OR_DIGIT, joined(SMALL_OR_DIGIT, "_")])
    most = rng.choice([None, 7, 11])
    body = sequence(run(first, 1, 1), run(rest, rng.randint(2, 4), most))
    return Subject("identifiers", body, bans=("__",) if "_" in rest.chars and rng.randrange(2) else ())


def constant_name(rng: Random) -> Subject:
    """Words in capitals."""
    low = rng.randint(1, 2)
    piece = sequence(
        run(CAPITAL, 1, 1), run(rng.choice([CAPITAL, CAPITAL_OR_DIGIT]), rng.randint(0, 2), rng.choice([None, 5]))
    )
    return Subject("names of constants", listed(piece, rng.choice(["_", "__", "."]), low, rng.choice([None, low + 2])))


def slug(rng: Random) -> Subject:
    """Words in the address of a page."""
    piece = run(rng.choice([SMALL, SMALL_OR_DIGIT]), rng.randint(1, 3), rng.choice([None, 6, 8]))
    tail = maybe(text("-"), exactly(DIGIT, rng.randint(1, 4)))
    return Subject(
        "slugs", sequence(listed(piece, rng.choice(["-", "_", "."]), rng.randint(1, 2), rng.randint(3, 4)), tail)
    )


def camel_case(rng: Random) -> Subject:
    """Words run together."""
    hump = sequence(
        run(CAPITAL, 1, 1), run(rng.choice([SMALL, SMALL_OR_DIGIT]), rng.randint(1, 2), rng.choice([None, 5]))
    )
    head = [run(SMALL, rng.randint(1, 3), rng.choice([None, 6]))] if rng.randrange(2) else []
    tail = [among(rng.sample(["Error", "Test", "Impl", "Base", "Factory"], 2))] if rng.randrange(2) else []
    return Subject("names in camel case", sequence(*head, repeated(hump, rng.randint(1, 2), rng.randint(2, 3)), *tail))


def unix_path(rng: Random) -> Subject:
    """Paths below a root."""
    piece = run(
        rng.choice([SMALL, SMALL_OR_DIGIT, joined(SMALL_OR_DIGIT, "_"), joined(SMALL, "-")]), 1, rng.choice([None, 6])
    )
    root = among(rng.sample(["/", "~/", "./", "../"], rng.randint(2, 3))) if rng.randrange(2) else text("/")
    tail = maybe(text("/")) if rng.randrange(2) else sequence(text("."), among(rng.sample(_ENDINGS, 3)))
    return Subject("paths", sequence(root, listed(piece, "/", rng.randint(1, 2), rng.randint(3, 4)), tail))


def drive_path(rng: Random) -> Subject:
    """Paths with a drive and backslashes."""
    piece = run(rng.choice([LETTER, ANY_OR_DIGIT, joined(LETTER, " ")]), 1, rng.choice([6, 8]))
    drive = run(of("".join(rng.sample("CDEFXYZ", 3))), 1, 1)
    return Subject(
        "paths",
        sequence(drive, text(":\\"), listed(piece, "\\", 1, rng.randint(2, 3)), maybe(text("."), exactly(SMALL, 3))),
    )


def file_name(rng: Random) -> Subject:
    """Files of some types."""
    stem = sequence(
        run(LETTER, 1, 1),
        run(joined(ANY_OR_DIGIT, rng.choice(["_", "-", "_-"])), rng.randint(0, 2), rng.choice([None, 9])),
    )
    copy = maybe(text("("), number(1, rng.choice([9, 20])), text(")"))
    return Subject("names of files", sequence(stem, copy, text("."), among(rng.sample(_ENDINGS, rng.randint(3, 5)))))


def dated_file(rng: Random) -> Subject:
    """Files with a day in their names."""
    stem = among(rng.sample(["backup", "report", "dump", "export", "sales", "photo", "scan"], rng.randint(2, 4)))
    day = sequence(number(2000, rng.choice([2029, 2049, 2099])), number(1, 12, 2), number(1, 31, 2))
    return Subject(
        "names of files",
        sequence(
            stem,
            text(rng.choice("_-.")),
            day,
            maybe(text("-"), exactly(DIGIT, 2)),
            text("."),
            among(rng.sample(_ENDINGS, 2)),
        ),
    )


def email(rng: Random) -> Subject:
    """Simple mail addresses."""
    local = listed(run(SMALL_OR_DIGIT, 1, rng.choice([None, 6])), rng.choice([".", "_", "-"]), 1, rng.randint(2, 3))
    plus = [maybe(text("+"), run(SMALL, 1, 5))] if rng.randrange(2) else []
    host = listed(run(rng.choice([SMALL, joined(SMALL_OR_DIGIT, "-")]), 1, 6), ".", 1, 2)
    top = (
        among(rng.sample(["com", "org", "net", "io", "edu", "dev"], 3))
        if rng.randrange(2)
        else run(SMALL, 2, rng.randint(3, 6))
    )
    return Subject("mail addresses", sequence(local, *plus, text("@"), host, text("."), top))


def hostname(rng: Random) -> Subject:
    """Hosts with a number or a port."""
    label = sequence(run(SMALL, 1, 1), run(SMALL_OR_DIGIT, 0, rng.choice([5, 7])))
    numbered = sequence(
        among(rng.sample(["web", "db", "cache", "node", "app", "gw"], 3)),
        text("-"),
        number(1, rng.choice([9, 20, 64]), rng.choice([0, 2])),
    )
    head = rng.choice([label, numbered])
    return Subject(
        "names of hosts",
        sequence(
            head,
            text("."),
            label,
            text("."),
            among(["net", "local", "lan"]),
            maybe(text(":"), number(1024, rng.choice([9999, 65535]))),
        ),
    )


def url(rng: Random) -> Subject:
    """Addresses of pages."""
    scheme = among(rng.sample(["http", "https", "ftp", "ws", "wss"], rng.randint(2, 3)))
    host = listed(run(SMALL, 2, 5), ".", 2, 3)
    path = repeated(sequence(text("/"), run(rng.choice([SMALL, SMALL_OR_DIGIT]), 1, 4)), 0, 2)
    tail = maybe(text(rng.choice("?#")), run(SMALL, 1, 4)) if rng.randrange(2) else maybe(text("/"))
    return Subject("addresses of pages", sequence(scheme, text("://"), host, path, tail))


def phone(rng: Random) -> Subject:
    """Telephone numbers in the fashion of one place."""
    between = rng.choice(["-", " ", ".", "/"])
    sizes = rng.choice([(3, 3, 4), (3, 4, 4), (4, 3, 3), (2, 4, 4)])
    area = exactly(DIGIT, sizes[0])
    if rng.randrange(2):
        area = either(sequence(text("("), area, text(")")), sequence(text("+"), number(1, 99)))
    parts = [area, text(between), exactly(DIGIT, sizes[1]), text(between), exactly(DIGIT, sizes[2])]
    if rng.randrange(2):
        parts.append(maybe(text(rng.choice([" x", " ext ", "#"])), run(DIGIT, rng.randint(1, 2), rng.randint(3, 4))))
    return Subject("telephone numbers", sequence(*parts))


def postal_code(rng: Random) -> Subject:
    """Codes of letters and digits, or of digits alone."""
    letters = Kind("ABCEGHJKLMNPRSTVXY", "character out of ABCEGHJKLMNPRSTVXY", "characters out of ABCEGHJKLMNPRSTVXY")
    mixed = sequence(run(letters, 1, 1), run(DIGIT, 1, 2), text(" "), run(DIGIT, 1, 1), exactly(letters, 2))
    digits = sequence(exactly(DIGIT, 5), maybe(text("-"), exactly(DIGIT, 4)))
    land = sequence(
        among(rng.sample(["D", "A", "CH", "NL", "SE", "FR"], 3)), text("-"), number(1000, rng.choice([9999, 98999]))
    )
    return Subject("postal codes", either(*rng.sample([mixed, digits, land], 2)))


def product_code(rng: Random) -> Subject:
    """Letters, digits, and what tells them apart."""
    kinds = [of("".join(rng.sample("ABCDEFGHKMNPRSTXZ", 4))), CAPITAL, CAPITAL_OR_DIGIT]
    middle = number(rng.choice([0, 1, 100]), rng.choice([499, 750, 999]), 3)
    between = text(rng.choice(["-", "/", "."]))
    tail = maybe(between, run(rng.choice(kinds), 1, rng.randint(1, 3)))
    return Subject(
        "codes of products",
        sequence(run(rng.choice(kinds), rng.randint(1, 2), rng.randint(2, 4)), between, middle, tail),
    )


def licence_plate(rng: Random) -> Subject:
    """Plates of cars."""
    place = (
        run(CAPITAL, 1, rng.randint(2, 3))
        if rng.randrange(2)
        else among(rng.sample(["B", "M", "HH", "K", "DD", "LE", "KA"], 4))
    )
    figures = sequence(run(of("123456789"), 1, 1), run(DIGIT, 0, rng.randint(2, 3)))
    return Subject(
        "licence plates",
        sequence(
            place,
            text(rng.choice("- ")),
            run(CAPITAL, 1, 2),
            text(" "),
            figures,
            maybe(run(of(rng.choice(["EH", "E", "ST"])), 1, 1)),
        ),
    )


def book_number(rng: Random) -> Subject:
    """Numbers of books in groups."""
    prefix = maybe(among(["978", "979"]), text("-")) if rng.randrange(2) else sequence(among(["978", "979"]), text("-"))
    last = run(Kind(DIGIT.chars + "X", 'digit or "X"', 'digits or "X"'), 1, 1)
    return Subject(
        "numbers of books",
        sequence(
            prefix,
            run(DIGIT, 1, rng.randint(1, 3)),
            text("-"),
            run(DIGIT, 2, rng.randint(3, 5)),
            text("-"),
            exactly(DIGIT, rng.randint(2, 4)),
            text("-"),
            last,
        ),
    )


def ticket(rng: Random) -> Subject:
    """Issues of a tracker."""
    project = sequence(run(CAPITAL, 1, 1), run(CAPITAL_OR_DIGIT, rng.randint(1, 2), rng.choice([3, 5])))
    figures = sequence(run(of("123456789"), 1, 1), run(DIGIT, 0, rng.randint(2, 4)))
    return Subject(
        "tickets",
        sequence(
            project, text(rng.choice("-#")), figures, maybe(text(rng.choice("./")), number(1, rng.choice([9, 12])))
        ),
    )


def user_name(rng: Random) -> Subject:
    """Names of accounts with conditions."""
    kind = joined(rng.choice([SMALL_OR_DIGIT, ANY_OR_DIGIT]), rng.choice(["_", ".", "-"]))
    mark = kind.chars[-1]
    low = rng.randint(2, 5)
    needs = (DIGIT,) if rng.randrange(2) else ()
    return Subject(
        "names of users",
        sequence(run(SMALL, 1, 1), run(kind, low, low + rng.randint(2, 6))),
        needs=needs,
        bans=(mark * 2,),
    )


def password(rng: Random) -> Subject:
    """Passwords that keep to a policy."""
    marks = of("".join(rng.sample("!#%&*+=?@", 3)))
    pool = Kind(
        ANY_OR_DIGIT.chars + marks.chars, f"letter, digit or {marks.one}", f"letters, digits or {marks.several}"
    )
    low = rng.randint(5, 8)
    needs = tuple(rng.sample([DIGIT, CAPITAL, SMALL, marks], rng.randint(2, 3)))
    return Subject("passwords", run(pool, low, low + rng.randint(2, 5)), needs=needs)


THEMES: tuple[Theme, ...] = (
    version, version_constraint, identifier, constant_name, slug, camel_case, unix_path, drive_path, file_name, dated_file,
    email, hostname, url, phone, postal_code, product_code, licence_plate, book_number, ticket, user_name, password,
)  # fmt: skip
