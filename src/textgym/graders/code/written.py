"""The program that an output commits to."""

from typing import Any

from textgym.graders.errors import Invalid

_FENCE = "```"


def written_code(text: str, languages: tuple[str, ...]) -> str | None:
    """The code in a model's output: its one fenced block, or all of it where there is no fence.

    Two blocks commit to neither, and a fence that is not closed, or of another language, to nothing. Time is linear in the
    length of the text.

    Args:
        text: the output.
        languages: the words that may follow the opening fence, in lower case.

    Returns:
        The code; None where the output commits to none.
    """
    lines = text.split("\n")
    fences = [at for at, line in enumerate(lines) if line.strip().startswith(_FENCE)]
    if not fences:
        return text if text.strip() else None
    if len(fences) != 2 or lines[fences[1]].strip() != _FENCE:
        return None
    language = lines[fences[0]].strip()[len(_FENCE) :].strip().lower()
    if language and language not in languages:
        return None
    code = "\n".join(lines[fences[0] + 1 : fences[1]])
    return code + "\n" if code.strip() else None


def filled_text(value: Any, field: str) -> str:
    """A filled-in setting that has to be a text.

    Raises:
        Invalid: it is none.
    """
    if isinstance(value, str):
        return value
    reason = f"{field} is a text, and the item gives {type(value).__name__}"
    raise Invalid("error", reason, code="invalid_variable_error")
