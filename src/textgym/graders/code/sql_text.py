"""What can be told from the text of a query without a database."""

import re
from collections.abc import Iterator
from typing import Literal

_TOKEN = re.compile(
    r"--[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/)?|'[^']*+'?|\"[^\"]*+\"?|`[^`]*+`?|\[[^\]]*+\]?|[A-Za-z_][A-Za-z0-9_]*+|[()]"
)


def is_ordered(query: str) -> bool:
    """Whether the rows of a query have an order: an ORDER BY outside of all brackets, strings and comments."""
    return _order_by(query) is not None


def with_ties_broken(query: str, columns: int, direction: Literal["ASC", "DESC"]) -> str:
    """An ordered query whose rows that tie are ordered by all of their columns, ascending or descending."""
    start = _order_by(query)
    if start is None:
        return query
    end = next((at for at, word in _words(query) if at > start and word == "limit"), len(query))
    ties = ", ".join(f"{column} {direction}" for column in range(1, columns + 1))
    return f"{query[:end]}\n, {ties}\n{query[end:]}"


def _order_by(query: str) -> int | None:
    """Where the order of the whole query begins; None where it has none."""
    before = ""
    for at, word in _words(query):
        if before == "order" and word == "by":
            return at
        before = word
    return None


def _words(query: str) -> Iterator[tuple[int, str]]:
    """The words outside of all brackets, strings and comments, in lower case, with their places; `(` and `)` apart."""
    depth = 0
    for token in _TOKEN.finditer(query):
        word = token[0]
        if word in "()":
            depth += 1 if word == "(" else -1
        elif depth == 0 and not word.startswith(("--", "/*")):
            yield token.start(), word.lower()
