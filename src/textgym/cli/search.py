"""`textgym search`: environments by words."""

import difflib
import re
from typing import TYPE_CHECKING, Annotated

import typer

from textgym.cli.listing import show_entries
from textgym.cli.options import AsJson
from textgym.cli.screen import note, print_json

if TYPE_CHECKING:
    from textgym.registry import Entry

_WORD = re.compile(r"[a-z0-9]+")


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Words to look for.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Find environments whose id, summary, domain or tags hold all the words, best first."""
    from textgym.registry import entries

    wanted = [word.lower() for text in words for word in text.split()]
    ranked = sorted(((_rank(entry, wanted), entry) for entry in entries().values()), key=lambda pair: -pair[0])
    shown = [entry for rank, entry in ranked if rank > 0]
    if as_json:
        print_json([entry.as_json() for entry in shown])
    elif shown:
        show_entries(shown)
    else:
        known = {word for entry in entries().values() for word in _WORD.findall(_text(entry))}
        close = [match for word in wanted for match in difflib.get_close_matches(word, sorted(known), n=2)]
        hint = f" Close words: {', '.join(dict.fromkeys(close))}." if close else ""
        note(f"nothing found for {' '.join(words)!r}.{hint} `textgym list` shows all.")


def _text(entry: "Entry") -> str:
    return " ".join((entry.id, entry.domain, entry.summary, *entry.tags)).lower()


def _rank(entry: "Entry", wanted: list[str]) -> int:
    """0 unless all words occur; more for words in the id, then for whole tags, than for words in the summary."""
    text = _text(entry)
    if not all(word in text for word in wanted):
        return 0
    tags = {entry.domain, *entry.tags}
    return 1 + sum(4 * (word in entry.id.lower()) + 2 * (word in tags) for word in wanted)
