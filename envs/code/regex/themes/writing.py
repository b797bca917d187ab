"""Text and small languages: markup, code, notations of games and music."""

import string

from textgym.core import Random
from textgym.envs.code.regex.phrases import (
    ANY_OR_DIGIT,
    CAPITAL,
    DIGIT,
    LETTER,
    SMALL,
    SMALL_OR_DIGIT,
    Kind,
    Phrase,
    among,
    either,
    everything_but,
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


def quoted_string(rng: Random) -> Subject:
    """Literals with escapes."""
    mark = rng.choice("'\"")
    escaped = sequence(text("\\"), run(of(mark + "\\" + "".join(rng.sample("ntrb0", 2))), 1, 1))
    plain = run(everything_but(mark + "\\"), 1, 1)
    body = repeated(either(plain, escaped), rng.randint(0, 1), rng.choice([None, 8, 10]))
    return Subject("string literals", sequence(text(mark), body, text(mark)))


def doubled_quotes(rng: Random) -> Subject:
    """Literals in which the mark is doubled."""
    mark = rng.choice("'\"|")
    body = repeated(either(run(everything_but(mark), 1, 1), text(mark * 2)), 0, rng.choice([6, 8, None]))
    prefix = (
        maybe(run(of(rng.choice(["NX", "Bb", "rf"])), 1, 1)) if rng.randrange(2) else text(rng.choice(["=", "@", "$"]))
    )
    return Subject("string literals", sequence(prefix, text(mark), body, text(mark)))


def tag(rng: Random) -> Subject:
    """Tags of markup."""
    name = sequence(run(SMALL, 1, 1), run(SMALL_OR_DIGIT, 0, rng.choice([3, 5])))
    attribute = sequence(
        text(" "), run(SMALL, 1, 5), text("="), text('"'), run(joined(SMALL_OR_DIGIT, " "), 0, 5), text('"')
    )
    opening = sequence(
        text("<"),
        name,
        repeated(attribute, 0, rng.randint(1, 2)),
        maybe(text("/") if rng.randrange(2) else text(" /")),
        text(">"),
    )
    return Subject("tags", either(opening, sequence(text("</"), name, text(">"))) if rng.randrange(2) else opening)


def heading(rng: Random) -> Subject:
    """Headings and items of plain-text markup."""
    title = listed(sequence(run(CAPITAL, 1, 1), run(SMALL, 0, 5)), " ", 1, rng.randint(2, 3))
    mark = repeated(text(rng.choice("#=*")), 1, rng.choice([3, 4, 6]))
    digits = sequence(listed(number(1, rng.choice([9, 20])), ".", 1, 3), maybe(text(".")))
    return Subject("headings", sequence(rng.choice([mark, digits]), text(" "), title))


def hashtag_list(rng: Random) -> Subject:
    """Words with a mark."""
    word = sequence(
        text(rng.choice("#@+")), run(LETTER, 1, 1), run(joined(ANY_OR_DIGIT, "_"), 1, rng.choice([6, None]))
    )
    return Subject("lists of tags", listed(word, rng.choice([" ", ", ", ","]), 1, rng.randint(2, 3)))


def function_call(rng: Random) -> Subject:
    """A name and its arguments."""
    name = sequence(run(joined(SMALL, "_"), 1, 1), run(joined(SMALL_OR_DIGIT, "_"), 0, 5))
    argument = rng.choice(
        [run(SMALL, 1, 3), either(run(DIGIT, 1, 3), run(SMALL, 1, 3)), sequence(maybe(text("-")), run(DIGIT, 1, 3))]
    )
    inner = listed(argument, rng.choice([",", ", "]), 1, rng.randint(2, 3))
    return Subject(
        "calls", sequence(name, text("("), maybe(inner) if rng.randrange(2) else inner, text(")"), maybe(text(";")))
    )


def arithmetic(rng: Random) -> Subject:
    """Sums without brackets."""
    term = rng.choice(
        [run(DIGIT, 1, 3), either(number(0, 99), run(SMALL, 1, 1)), sequence(maybe(text("-")), number(0, 99))]
    )
    gap = text(" ") if rng.randrange(2) else maybe(text(" "))
    sign = run(of("".join(rng.sample("+-*/%^", rng.randint(2, 4)))), 1, 1)
    return Subject(
        "expressions", sequence(term, repeated(sequence(gap, sign, gap, term), rng.randint(0, 1), rng.randint(2, 3)))
    )


def set_literal(rng: Random) -> Subject:
    """Brackets around a list."""
    left, right = rng.choice([("{", "}"), ("[", "]"), ("(", ")"), ("<", ">")])
    item = rng.choice(
        [
            run(DIGIT, 1, 3),
            run(SMALL, 1, 3),
            sequence(text("'"), run(SMALL, 0, 3), text("'")),
            either(run(DIGIT, 1, 2), among(["nil", "T"])),
        ]
    )
    inner = listed(item, rng.choice([",", ", ", ";", " "]), 1, rng.randint(2, 4))
    return Subject("lists in brackets", sequence(text(left), maybe(inner) if rng.randrange(2) else inner, text(right)))


def comment(rng: Random) -> Subject:
    """Comments with a mark and a person."""
    mark = among(rng.sample(["TODO", "FIXME", "NOTE", "HACK", "XXX"], rng.randint(2, 4)))
    who = sequence(text("("), run(SMALL, 2, 6), text(")"))
    words = listed(run(SMALL, 1, 5), " ", 1, 3)
    return Subject(
        "comments",
        sequence(text(rng.choice(["# ", "// ", "-- ", "; "])), mark, maybe(who), text(rng.choice([": ", " "])), words),
    )


def chess_move(rng: Random) -> Subject:
    """Moves of chess."""
    square = sequence(run(of("abcdefgh"), 1, 1), run(of("12345678"), 1, 1))
    piece = sequence(run(of("KQRBN"), 1, 1), maybe(text("x")), square)
    pawn = sequence(
        maybe(run(of("abcdefgh"), 1, 1), text("x")), square, maybe(text("="), run(of(rng.choice(["QRBN", "QN"])), 1, 1))
    )
    castling = among(["O-O", "O-O-O"])
    kinds = [piece, pawn, castling][: rng.randint(2, 3)]
    tail = maybe(run(of(rng.choice(["+", "+#", "!?"])), 1, 1))
    head = [sequence(number(1, rng.choice([49, 99])), text(". "))] if rng.randrange(2) else []
    return Subject("moves of chess", sequence(*head, either(*kinds), tail))


def playing_cards(rng: Random) -> Subject:
    """Cards of a hand."""
    rank = either(run(of("".join(str(one) for one in range(rng.randint(2, 6), 10)) + "JQKA"), 1, 1), text("10"))
    card = sequence(rank, run(of(rng.choice(["CDHS", "cdhs", "+-*o"])), 1, 1))
    return Subject("hands of cards", listed(card, rng.choice([" ", ",", "-"]), rng.randint(1, 2), rng.randint(3, 5)))


def musical_notes(rng: Random) -> Subject:
    """Notes and chords."""
    note = sequence(run(of("ABCDEFG"), 1, 1), maybe(run(of("#b"), 1, 1)))
    pitched = sequence(note, run(of("".join(map(str, range(rng.randint(0, 2), rng.randint(6, 9))))), 1, 1))
    chord = sequence(note, maybe(among(rng.sample(["m", "7", "maj7", "m7", "sus4", "dim"], 3))), maybe(text("/"), note))
    return Subject(
        "music",
        listed(rng.choice([pitched, chord]), rng.choice([" ", "-", " | "]), rng.randint(1, 2), rng.randint(2, 4)),
    )


def dna(rng: Random) -> Subject:
    """Codons between a start and a stop."""
    letters = of(rng.choice(["ACGT", "ACGU"]))
    last = letters.chars[-1]
    codon = Phrase(run(letters, 3, 3).node, run(letters, 3, 3).says)
    stops = rng.sample([f"{last}AA", f"{last}AG", f"{last}GA"], rng.randint(2, 3))
    return Subject(
        "genes", sequence(text(f"A{last}G"), repeated(codon, rng.randint(0, 2), rng.choice([None, 4, 5])), among(stops))
    )


def molecule(rng: Random) -> Subject:
    """Sum formulas."""
    elements = rng.sample(["H", "C", "N", "O", "Na", "Cl", "Fe", "S", "Ca", "K", "Mg"], rng.randint(4, 6))
    item = sequence(among(elements), maybe(number(2, rng.choice([9, 12, 20]))))
    charge = maybe(text("^"), maybe(run(of("23"), 1, 1)), run(of("+-"), 1, 1))
    return Subject("formulas of molecules", sequence(repeated(item, rng.randint(1, 2), rng.randint(3, 4)), charge))


def sentence_line(rng: Random) -> Subject:
    """A sentence with a capital and a stop."""
    words = repeated(
        sequence(text(",") if rng.randrange(4) == 0 else maybe(text(",")), text(" "), run(SMALL, 1, 5)),
        rng.randint(1, 2),
        rng.randint(3, 4),
    )
    return Subject(
        "sentences",
        sequence(run(CAPITAL, 1, 1), run(SMALL, 0, 5), words, run(of(rng.choice([".!?", ".!", ".?", ".;"])), 1, 1)),
    )


def person_name(rng: Random) -> Subject:
    """Names of people."""
    name = sequence(run(CAPITAL, 1, 1), run(SMALL, 1, rng.choice([5, 7])))
    title = maybe(among(rng.sample(["Dr. ", "Mr. ", "Ms. ", "Prof. "], rng.randint(2, 3))))
    middle = repeated(sequence(run(CAPITAL, 1, 1), text(". ")), 0, rng.randint(1, 2))
    double = maybe(text("-"), name) if rng.randrange(2) else maybe(text(", "), among(["Jr.", "Sr.", "PhD"]))
    return Subject("names of people", sequence(title, name, text(" "), middle, name, double))


def template_slot(rng: Random) -> Subject:
    """Places to fill in a template."""
    left, right = rng.choice([("{{", "}}"), ("${", "}"), ("%(", ")s"), ("<%", "%>")])
    name = listed(sequence(run(SMALL, 1, 1), run(SMALL_OR_DIGIT, 0, 4)), ".", 1, rng.randint(2, 3))
    word = Kind(string.ascii_lowercase, "lower-case letter", "lower-case letters")
    filters = repeated(sequence(text(rng.choice(["|", ":", " | "])), run(word, 2, 5)), 0, rng.randint(1, 2))
    gap = [text(" ")] if rng.randrange(2) else []
    return Subject("places in a template", sequence(text(left), *gap, name, filters, *gap, text(right)))


def markdown_link(rng: Random) -> Subject:
    """Links with a title."""
    title = listed(run(LETTER, 1, 5), " ", 1, 2)
    target = sequence(
        maybe(text("/")), listed(run(SMALL_OR_DIGIT, 1, 4), "/", 1, 2), maybe(text("#"), run(SMALL, 1, 4))
    )
    return Subject("links", sequence(maybe(text("!")), text("["), title, text("]("), target, text(")")))


THEMES: tuple[Theme, ...] = (
    quoted_string, doubled_quotes, tag, heading, hashtag_list, function_call, arithmetic, set_literal, comment, chess_move,
    playing_cards, musical_notes, dna, molecule, sentence_line, person_name, template_slot, markdown_link,
)  # fmt: skip
