"""Words of the questions about counting and chance."""

from collections.abc import Sequence

COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "violet", "brown", "grey")


def listed(items: Sequence[object], last: str = "and") -> str:
    """The items with commas, and a word before the last."""
    texts = [str(item) for item in items]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def counted(count: int, noun: str) -> str:
    """A number with its noun, `1 ball` or `3 balls`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
