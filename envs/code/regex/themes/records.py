"""Lines of programs: logs, settings, queries, commands."""

from textgym.core import Random
from textgym.envs.code.regex.phrases import (
    ANY_OR_DIGIT,
    CAPITAL,
    CAPITAL_OR_DIGIT,
    DIGIT,
    LETTER,
    SMALL,
    SMALL_HEX,
    SMALL_OR_DIGIT,
    Phrase,
    among,
    either,
    everything_but,
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


def _quoted(rng: Random, most: int = 6) -> Phrase:
    mark = rng.choice("'\"")
    return sequence(text(mark), run(everything_but(mark), 0, most), text(mark))


def log_line(rng: Random) -> Subject:
    """A level, a time or a source, a message."""
    level = among(rng.sample(["DEBUG", "INFO", "WARN", "ERROR", "FATAL", "TRACE"], rng.randint(3, 5)))
    wrapped = sequence(text("["), level, text("]")) if rng.randrange(2) else sequence(level, text(":"))
    clock = sequence(number(0, 23, 2), text(":"), number(0, 59, 2))
    source = listed(run(SMALL, 1, 5), ".", 1, 2)
    middle = rng.choice([clock, source, sequence(text("pid="), number(1, 9999))])
    message = listed(run(SMALL, 1, 5), " ", 1, 3)
    return Subject(
        "lines of a log", sequence(wrapped, text(" "), middle, text(rng.choice([" ", " - ", ": "])), message)
    )


def access_line(rng: Random) -> Subject:
    """A method, a path, a status."""
    method = among(rng.sample(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"], rng.randint(2, 4)))
    path = repeated(sequence(text("/"), run(SMALL_OR_DIGIT, 1, 5)), 1, rng.randint(2, 3))
    status = sequence(run(of(rng.choice(["2345", "245", "12345"])), 1, 1), exactly(DIGIT, 2))
    size = either(run(DIGIT, 1, 4), text("-"))
    return Subject(
        "requests to a server",
        sequence(method, text(" "), path, text(rng.choice([" ", " -> "])), status, text(" "), size),
    )


def assignment(rng: Random) -> Subject:
    """A key and its value."""
    key = sequence(run(SMALL, 1, 1), run(joined(SMALL_OR_DIGIT, "_"), 0, rng.choice([5, None])))
    gap = text(" ") if rng.randrange(2) else run(of(" "), 0, 2)
    value = either(*rng.sample([run(DIGIT, 1, 4), among(["true", "false"]), _quoted(rng), among(["null", "none"])], 2))
    return Subject("settings", sequence(key, gap, text(rng.choice(["=", ":", ":="])), gap, value))


def environment_line(rng: Random) -> Subject:
    """A variable of a shell."""
    name = sequence(
        run(CAPITAL, 1, 1),
        run(joined(CAPITAL_OR_DIGIT, "_"), rng.randint(1, 2), rng.choice([6, None])),
    )
    value = either(run(joined(ANY_OR_DIGIT, "./"), 1, 7), _quoted(rng))
    return Subject("variables of an environment", sequence(maybe(text("export ")), name, text("="), value))


def query_string(rng: Random) -> Subject:
    """Parameters of a page's address."""
    key = run(rng.choice([SMALL, joined(SMALL, "_")]), 1, rng.choice([4, 6]))
    value = run(rng.choice([DIGIT, SMALL_OR_DIGIT, joined(SMALL_OR_DIGIT, "%")]), rng.randint(0, 1), 4)
    return Subject(
        "queries",
        sequence(text("?"), listed(sequence(key, text("="), value), rng.choice(["&", ";"]), rng.randint(1, 2), 3)),
    )


def csv_row(rng: Random) -> Subject:
    """Fields of fixed kinds."""
    between = rng.choice([",", ";", "|", ":"])
    fields = rng.sample(
        [
            run(DIGIT, 1, 5),
            run(LETTER, 2, 6),
            among(["yes", "no"]),
            sequence(run(DIGIT, 1, 2), text("."), exactly(DIGIT, 2)),
            run(LETTER, 0, 4),
            _quoted(rng, 5),
        ],
        rng.randint(3, 4),
    )
    parts = [fields[0]]
    for field in fields[1:]:
        parts += [text(between), field]
    return Subject("rows of a table", sequence(*parts))


def option(rng: Random) -> Subject:
    """Options of a command."""
    short = sequence(text("-"), run(rng.choice([SMALL, LETTER]), 1, rng.randint(1, 3)))
    name = listed(run(SMALL, rng.randint(1, 2), 6), "-", 1, 2)
    value = maybe(text(rng.choice(["=", " "])), run(rng.choice([DIGIT, SMALL_OR_DIGIT]), 1, 4))
    return Subject("options of a command", either(short, sequence(text("--"), name, value)))


def key_combination(rng: Random) -> Subject:
    """Keys pressed together."""
    between = rng.choice(["+", "-", " "])
    held = among(rng.sample(["Ctrl", "Alt", "Shift", "Cmd", "Super"], rng.randint(2, 4)))
    key = either(
        run(CAPITAL, 1, 1),
        sequence(text("F"), number(1, rng.choice([9, 12]))),
        among(["Enter", "Tab"]),
    )
    return Subject(
        "shortcuts", sequence(repeated(sequence(held, text(between)), rng.randint(0, 1), rng.randint(2, 3)), key)
    )


def commit_reference(rng: Random) -> Subject:
    """A commit, how far from it, on which branch."""
    digest = run(SMALL_HEX, rng.randint(6, 8), rng.choice([8, 10, 12]))
    steps = maybe(run(of("~^"), 1, 1), number(1, rng.choice([9, 20])))
    branch = maybe(text(" ("), among(rng.sample(["main", "dev", "next", "HEAD", "stable"], 3)), text(")"))
    return Subject("references to commits", sequence(digest, steps, branch))


def range_header(rng: Random) -> Subject:
    """Which part of a file is asked for."""
    span = either(sequence(run(DIGIT, 1, 4), text("-"), run(DIGIT, 0, 4)), sequence(text("-"), run(DIGIT, 1, 3)))
    return Subject(
        "ranges of bytes",
        sequence(
            among(rng.sample(["bytes", "lines", "items"], 2)),
            text(rng.choice(["=", " ", ": "])),
            listed(span, rng.choice([",", ", "]), 1, 2),
        ),
    )


def image_tag(rng: Random) -> Subject:
    """Images of containers."""
    name = listed(run(SMALL_OR_DIGIT, 1, 5), rng.choice(["-", "/", "."]), 1, 2)
    tag = either(text("latest"), listed(run(DIGIT, 1, 2), ".", 1, 3))
    return Subject(
        "images",
        sequence(
            maybe(run(SMALL, 2, 4), text("/")),
            name,
            text(":"),
            tag,
            maybe(text("-"), among(["slim", "alpine", "full"])),
        ),
    )


def timing_line(rng: Random) -> Subject:
    """How long something took."""
    took = sequence(
        run(DIGIT, 1, 3),
        maybe(text("."), run(DIGIT, 1, rng.randint(1, 3))),
        among(rng.sample(["ns", "us", "ms", "s", "min"], 3)),
    )
    return Subject(
        "measured times",
        sequence(
            run(SMALL, 1, 5),
            text(rng.choice([": ", " took ", "="])),
            took,
            maybe(text(" x"), number(2, rng.choice([9, 64, 100]))),
        ),
    )


def stack_frame(rng: Random) -> Subject:
    """Where a program was."""
    place = sequence(run(SMALL, 1, 6), text("."), among(rng.sample(["py", "js", "go", "rb", "c", "rs"], 3)))
    spot = sequence(text(":"), number(1, 9999), maybe(text(":"), number(1, rng.choice([99, 120]))))
    name = run(joined(SMALL, "_"), 1, 6)
    return Subject("frames of a trace", sequence(text("at "), name, text(" ("), place, spot, text(")")))


def permission_bits(rng: Random) -> Subject:
    """Who may do what with a file."""
    triple = sequence(run(of("r-"), 1, 1), run(of("w-"), 1, 1), run(of(rng.choice(["x-", "xs-", "xst-"])), 1, 1))
    letters = sequence(run(of(rng.choice(["-d", "-dl", "-dlp"])), 1, 1), repeated(triple, 3, 3))
    digits = sequence(maybe(text("0")), exactly(of("01234567"), 3))
    return Subject("rights of files", letters if rng.randrange(2) else either(letters, digits))


THEMES: tuple[Theme, ...] = (
    log_line, access_line, assignment, environment_line, query_string, csv_row, option, key_combination, commit_reference,
    range_header, image_tag, timing_line, stack_frame, permission_bits,
)  # fmt: skip
