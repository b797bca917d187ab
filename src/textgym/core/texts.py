"""Texts made fit to be shown and stored: cut to a length, and free of what UTF-8 cannot say."""


def elide(text: str, limit: int) -> str:
    """Cut the middle out of `text` so that at most `limit` characters stay, saying how many were left out.

    Where the limit leaves no room for saying so, the head alone stays.
    """
    if len(text) <= limit:
        return text
    room = limit - len(_elision(len(text)))
    if room < 0:
        return text[:limit]
    head, tail = room - room // 2, room // 2
    return text[:head] + _elision(len(text) - room) + text[len(text) - tail :]


def _elision(count: int) -> str:
    return f"\n[... {count:,} characters left out ...]\n"


def without_surrogates(text: str) -> str:
    """`text` with lone surrogates replaced, and of the plain type `str`."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return str(text)
