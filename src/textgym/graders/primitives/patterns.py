"""Regular expressions in linear time, on RE2.

Python's `re` backtracks: a harmless looking pattern takes years on a text made for it. A time limit would make the score
depend on how busy the machine is. RE2 matches in time linear in the text and in bounded memory; in exchange it has neither
look-around nor back-references.
"""

from functools import lru_cache
from typing import Any

import re2

LONGEST_PATTERN = 2000
_MEMORY = 8 << 20  # bytes a compiled pattern may use


@lru_cache(maxsize=512)
def compiled(pattern: str, ignore_case: bool = False) -> Any:
    """A pattern that is ready to search; give it texts from `searchable`.

    Raises:
        ValueError: RE2 does not take it; the message says why.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"a pattern of {len(pattern):,} characters; at most {LONGEST_PATTERN:,} are taken")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        why = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ValueError(
            f"RE2 does not take the pattern {pattern[:80]!r}: {why} (it has neither look-around nor back-references)"
        ) from None


def searchable(text: str) -> str:
    """The text as RE2 takes it: halves of surrogate pairs are replaced."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def found_in(pattern: str, text: str) -> bool:
    """Whether the pattern is somewhere in the text."""
    return compiled(pattern).search(searchable(text)) is not None
