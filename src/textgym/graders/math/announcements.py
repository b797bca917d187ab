"""Sentences that announce an answer: what they announce, and the name that they give it.

"Therefore, x = 5", "The correct answer is D", "The area of the triangle is 12". A sentence that takes something back or leaves
it open announces nothing.
"""

import re

from textgym.graders.math.qualifiers import doubtful

_FONT = re.compile(r"\\(?:text|textbf|textrm|textnormal|mathrm|mbox) *\{([^{}]*)\}")
_IN_FONT = re.compile(r"\\(?:text|textbf|textrm|textnormal|mathrm|mbox) *\{ *[A-Za-z]")
_LEAD = re.compile(
    r"(?:and +)?(?:so|thus|hence|therefore|then|finally|consequently|in conclusion|as a result)(?: *[,:] *| +)(?:we +(?:get|have"
    r"|find|obtain|conclude|see) +)?(?:that +)?|we +(?:get|have|find|obtain|conclude) +(?:that +)?"
    r"|(?:there +(?:are|is)|it +is) +(?:exactly +)?(?=[-\d\\$(])",
    re.IGNORECASE,
)
_SET_OFF = re.compile(r"[,:]|\b(?:we|there|it)\b", re.IGNORECASE)
_VERB = (
    r"(?:(?:(?: *= *| +(?:is|are|equals) +)(?:then +|thus +|therefore +|simply +)?|(?: +is| +are)? *: *)"
    r"(?:equal +to +|given +by +)?[:=]? *)"
)
_ANSWER = (
    r"(?:(?:the|our|my|your) +)?(?:(?:final|correct|right|required|desired|best|exact|numerical|numeric) +)*"
    r"(?:answers?|results?|solutions?|solution +set|option|choice|value)"
)
_OF_WHAT = r"(?: +(?:to|of|for) +(?:the|this|that) +(?:given +)?(?:problem|question|equation|system|inequality|integral|expression|limit))?"
_NEUTRAL = re.compile(rf"{_ANSWER}{_OF_WHAT}{_VERB}(?=\S)", re.IGNORECASE)
_LETTER = re.compile(rf"(?:[Tt]he +(?:exact +)?value +of +)?([A-Za-z])(?:{_VERB}| +must +be +)(?=\S)")
_ANOTHER = re.compile(r"(?<![A-Za-z\\])([A-Za-z]) +(?:is|equals) +(?=[-\d\\($])")
_LETTER_ALONE = re.compile(r"[A-Za-z] *[=:]")
_NAMED = re.compile(r"[Tt]he +((?:[^=<>~:]){2,120}) +(?:is|are|equals)(?: +equal +to)? *[:=]? +(?=\S)")
_CORRECT = re.compile(
    r"(?:the +)?(?:(?:option|choice|answer) +)?\(?([A-H])\)? +is +(?:the +)?(?:correct|right)(?: +(?:answer|option|choice))?",
    re.IGNORECASE,
)
_RELATION = re.compile(r"[=<>]|\\(?:le|ge|ne|in|approx|equiv)(?![A-Za-z])")
_MATHEMATICAL = re.compile(r"[\d\\$()\[\]{}^_+*/=<>|]")
_TYPESETTING = re.compile(r"[\\{}$]")
_LONGEST = 400
_MOST_WORDS = 16


def announced(text: str) -> str:
    """What a text announces, as `name = value` where the sentence names it; any other text as it is.

    Args:
        text: a cleaned text.
    """
    if len(text) > _LONGEST or not (text[:1].isalpha() or _IN_FONT.match(text)):
        return text
    plain = _FONT.sub(r"\1", text) if text[0] == "\\" else text
    lead = _LEAD.match(plain)
    said = plain[lead.end() :] if lead else plain
    for sentence in (_correct, _neutral, _of_letter, _of_thing):
        found = sentence(said)
        if found is not None:
            return found
    if lead is None or not said or doubtful(said):
        return text
    return said if _SET_OFF.search(lead[0]) or _RELATION.search(said) else text  # "so 5" is half a sentence


def _correct(text: str) -> str | None:
    match = _CORRECT.fullmatch(text)
    return match[1].upper() if match else None


def _neutral(text: str) -> str | None:
    match = _NEUTRAL.match(text)
    return text[match.end() :] if match else None


def _of_letter(text: str) -> str | None:
    match = None if _LETTER_ALONE.match(text) else _LETTER.match(text)
    if match is None:
        return None
    value = _ANOTHER.sub(r"\1 = ", text[match.end() :])
    return f"{match[1]} = {value}"


def _of_thing(text: str) -> str | None:
    match = _NAMED.match(text)
    if match is None or doubtful(match[1]) or len(match[1].split()) > _MOST_WORDS:
        return None
    value = text[match.end() :]
    if len(value) > 1 and not _MATHEMATICAL.search(value):
        return None  # the function is increasing
    if _RELATION.search(value):
        return value
    name = _TYPESETTING.sub(" ", match[1])
    return rf"\text{{{name}}} = {value}"
