"""Patterns that somebody writes who looks at the examples and not at what they have in common.

No task can be solved by one of these, so that whoever is paid has understood more. Each is made of escaped text, sets and
plain repetition, so that all of them match in linear time.
"""

import re
from collections.abc import Sequence

from textgym.core import Random


def naive_patterns(match: Sequence[str], reject: Sequence[str]) -> list[str]:
    """The patterns for some examples; both sequences hold one string at least."""
    listed = "|".join(map(re.escape, match))
    refused = f"(?!(?:{'|'.join(map(re.escape, reject))})\\Z)"
    sizes = sorted(map(len, match))
    length = f"{{{sizes[0]},{sizes[-1]}}}"
    letters = f"[{''.join(re.escape(char) for char in sorted(set(''.join(match))))}]"
    prefix = re.escape(_common(match))
    suffix = re.escape(_common([text[::-1] for text in match])[::-1])
    whole = [
        ".*",
        f".{length}",
        f"{letters}*",
        f"{letters}{length}",
        f"[{_kinds(match)}]*",
        f"[{_kinds(match)}]{length}",
    ]
    whole += [f"(?={prefix}).*(?<={suffix})", f"(?={prefix}){letters}{length}(?<={suffix})"]
    return [listed, *whole, *(refused + pattern for pattern in whole)]


def shape_patterns(match: Sequence[str]) -> list[str]:
    """Three guesses that keep the punctuation of the examples: runs of a kind with any length, or with those seen."""
    shapes = [re.findall(r"[0-9]+|[a-z]+|[A-Z]+|[^0-9a-zA-Z]", text) for text in match]
    loose = sorted({"".join(_run(piece, "+") for piece in shape) for shape in shapes})
    exact = sorted({"".join(_run(piece, f"{{{len(piece)}}}") for piece in shape) for shape in shapes})
    return ["|".join(loose), "|".join(exact), loose[0]]


def guess(match: Sequence[str], reject: Sequence[str], rng: Random) -> str:
    """One of all these."""
    return rng.choice(naive_patterns(match, reject) + shape_patterns(match))


def _run(piece: str, times: str) -> str:
    first = piece[0]
    kind = "0-9" if first in "0123456789" else "a-z" if first.islower() else "A-Z" if first.isupper() else ""
    return f"[{kind}]{times}" if kind else re.escape(first)


def _kinds(match: Sequence[str]) -> str:
    text = "".join(match)
    kinds = [kind for kind in ("0-9", "a-z", "A-Z") if re.search(f"[{kind}]", text)]
    return "".join(kinds) + "".join(re.escape(char) for char in sorted(set(text)) if not char.isalnum())


def _common(texts: Sequence[str]) -> str:
    first = min(texts)
    last = max(texts)
    end = 0
    while end < min(len(first), len(last)) and first[end] == last[end]:
        end += 1
    return first[:end]


def hostile_patterns(match: Sequence[str], reject: Sequence[str]) -> dict[str, list[str]]:
    """Patterns, by what they are after, that want to be paid for something else than telling the strings apart."""
    first = re.escape(match[0])
    listed = "|".join(map(re.escape, match))
    return {
        "everything": [".*", "(?s:.*)", r"[\s\S]*", ".*|", "(?:.*)+?"],
        "nothing": ["(?!)", "[^\\s\\S]", "", "a^", "(?:)"],
        "what is shown": [listed, f"^(?:{listed})$", f"(?:{listed})\\Z"],
        "all but what is shown": [f"(?!(?:{'|'.join(map(re.escape, reject))})$).*"],
        "a search instead of a match": [f".*{first}.*", f"(?={first}).*", ".*(?:.*).*"],
        "a huge repetition": [".{0,4294967294}", "(?:a{65535}){65535}", ".{99999999999999999999}"],
        "deep nesting": ["(" * 900 + ".*" + ")" * 900, "(?:" * 400 + ".*" + ")?" * 400],
        "many groups": ["(.?)" * 400, "".join(f"(?P<g{i}>.?)" for i in range(150))],
        "look-arounds around all": ["(?<=).*(?=)", "(?<!x{100}).*", "(?=(.*))\\1"],
        "flags": ["(?s).*", "(?ix).* # anything", "(?L).*", "(?x) .*"],
        "a condition that always holds": ["(.)?(?(1).*|.*)", "()(?(1).*|a)"],
        "code": ["(?{True}).*", "(??{True})", "__import__('os')._exit(0)", "re.compile('.*')", "lambda text: True"],
        "a result in its place": ["c" + "1" * len(match) + "0" * len(reject), "\x00", "1|0|c"],
        "notation of other places": ["/.*/", "r'.*'", "`.*`", "s/.*/1/", "\\p{Any}*", "[[:print:]]*"],
    }


def endless_patterns() -> dict[str, list[str]]:
    """Patterns that take exponential time, or a high power of the length."""
    return {
        "exponential repetition": ["(?:(?:.|.)*)*\\x00", "(.*)*(.*)*(.*)*\\1\\2\\3\\x00"],
        "polynomial repetition": [".*" * 12 + "\\x00"],
        "repetition without end": ["(?:(?:(?:.{1,9999}){1,9999}){1,9999}){1,9999}\\x00"],
    }
