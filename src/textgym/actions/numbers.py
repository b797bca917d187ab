"""Numbers in a model's text, read strictly and in bounded time."""

import re

_WHOLE = re.compile(r"\s*([+-]?[0-9]{1,40})\s*\.?\s*", re.ASCII)
_LONGEST = 200


def whole_number(text: str) -> int | None:
    """The whole number that `text` consists of, or None.

    Surrounding white space and one final full stop are allowed; anything else beside the number, more than 40 digits, or
    a text of more than 200 characters is not a whole number. There is no search for a number inside a sentence: an answer
    that names several would be paid for hedging.
    """
    if len(text) > _LONGEST:
        return None
    match = _WHOLE.fullmatch(text)
    return int(match[1]) if match else None
