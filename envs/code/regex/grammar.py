"""Random languages: a skeleton of pieces, which is the family, and what fills each piece."""

from collections.abc import Sequence

from textgym.core import Random
from textgym.envs.code.regex.phrases import (
    KINDS,
    LOWER,
    UPPER,
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
from textgym.envs.code.regex.themes.subject import Subject

_PLAIN = ("run", "set", "number", "words", "text", "but")
_WRAPPED = ("maybe", "list", "times", "either")
_MARKS = ".-_/:,;+*=#@!?~|&%$^<>()[]{} "


def skeleton(rng: Random, pieces: int) -> tuple[str, ...]:
    """The kinds of so many pieces, each such as `run` or `maybe(number)`; a fixed text between some."""
    found: list[str] = []
    for _ in range(pieces):
        if rng.randrange(3) == 0:
            found.append(f"{rng.choice(_WRAPPED)}({rng.choice(_PLAIN)})")
        else:
            found.append(rng.choice([kind for kind in _PLAIN if not found or found[-1] != kind or kind == "run"]))
    if rng.randrange(4) == 0:
        found.append(rng.choice(["needs", "bans"]))
    return tuple(found)


def fill(pieces: Sequence[str], rng: Random) -> Subject:
    """A language with this skeleton."""
    bodies = [one for one in pieces if one not in ("needs", "bans")]
    phrase = sequence(*(_piece(one, rng) for one in bodies))
    needs: tuple[Kind, ...] = (
        (rng.choice([*KINDS[:3], of("".join(rng.sample(LOWER, 3)))]),) if "needs" in pieces else ()
    )
    bans = (rng.choice(LOWER + UPPER + "0123456789") * rng.randint(1, 2),) if "bans" in pieces else ()
    return Subject("strings of an invented format", phrase, needs, bans)


def _piece(kind: str, rng: Random) -> Phrase:
    if "(" not in kind:
        return _plain(kind, rng)
    wrapper, _, inner = kind.rstrip(")").partition("(")
    part = _plain(inner, rng)
    if wrapper == "maybe":
        return maybe(text(rng.choice(_MARKS)), part) if rng.randrange(2) else maybe(part)
    if wrapper == "list":
        low = rng.randint(1, 2)
        return listed(part, rng.choice(_MARKS), low, low + rng.randint(1, 2))
    if wrapper == "times":
        low = rng.randint(0, 2)
        return repeated(sequence(text(rng.choice(_MARKS)), part), low, low + rng.randint(1, 2))
    return either(part, _plain(rng.choice(_PLAIN[:5]), rng))


def _plain(kind: str, rng: Random) -> Phrase:
    low = rng.randint(0, 3)
    high = rng.choice([low + 1, low + 2, low + 4, max(low, 1), None])
    if kind == "run":
        chosen = rng.choice(KINDS)
        return run(joined(chosen, rng.choice("_-.")) if rng.randrange(4) == 0 else chosen, low, high)
    if kind == "set":
        alphabet = rng.choice([LOWER, UPPER, LOWER + UPPER, "0123456789" + LOWER])
        return run(of("".join(rng.sample(alphabet, rng.randint(2, 5)))), low, high)
    if kind == "number":
        least = rng.choice([0, 1, rng.randint(0, 99)])
        most = least + rng.choice([rng.randint(3, 60), rng.randint(60, 400)])
        return number(least, most, rng.choice([0, len(str(most))]))
    if kind == "words":
        return among(rng.sample(_WORDS, rng.randint(2, 4)))
    if kind == "but":
        return run(
            everything_but("".join(rng.sample(_MARKS, rng.randint(1, 3)))), max(low, 1), max(low, 1) + rng.randint(1, 3)
        )
    return text("".join(rng.choice(_MARKS + LOWER) for _ in range(rng.randint(1, 3))))


_WORDS = (
    "red", "blue", "left", "right", "on", "off", "North", "South", "cat", "catalog", "in", "out", "up", "down", "one", "ten",
    "A1", "B2", "end", "begin", "Yes", "No", "kg", "lb", "max", "min", "Top", "base",
)  # fmt: skip
