"""What is said behind an answer and does not change it: for which numbers it holds, and that it is the only one."""

import re

from textgym.graders.math.vocabulary import FUNCTIONS, GREEK

_TEXT = r"\\(?:text|textrm|mathrm|mbox|textnormal) *\{"
_ONLY = re.compile(
    rf"(?P<before>.*?\S)[ ,(]*(?:{_TEXT}[ ,(]*)?(?<![A-Za-z])(?:only|is the only (?:solution|answer|value|one|root))[ .)]*\}}?[ .)]*"
)
_OPENING = re.compile(
    rf"[ ,;(]*(?:\\quad|\\qquad|{_TEXT})?[ ,;(]*(?:\\forall|(?<![A-Za-z])(?:for|where)(?![A-Za-z]))"
    r"|[ ,;]*\(? *(?=[a-z](?:_\d)? *\\in *\\mathbb *\{?[RC])"
)
_ALLOWED = re.compile(
    rf"(?:{_TEXT}|\\(?:in|forall|quad|qquad|ldots|dots)(?![a-z])|\\mathbb *\{{[RZNQC]\}}|\\mathbb *[RZNQC](?![a-z])|[ ,.()}}]"
    r"|(?<![A-Za-z])(?:for|where|all|every|any|each|some|with|is|are|an|a|the|real|complex|rational|integers?|numbers?|natural"
    r"|whole|constants?|arbitrary|fixed|values?|of|in|and|denotes?|being|[a-zA-Z](?:_\d)?)(?![A-Za-z]))+"
)
_WHOLE_IN_BRACKETS = re.compile(r"(?<=\S) *\(( *[a-z] *\\in *\\mathbb *\{?Z\}? *)\)$")
_FUNCTION = re.compile(r"([A-Za-z]|\\[A-Za-z]+|\\mathbf *\{[A-Za-z]\}) *\( *([a-z](?: *, *[a-z])*) *\) *= *([^=]+)")
_POINT = re.compile(r"(?<![A-Za-z\\_^{])([A-Z](?:'|_\d|_\{\d\})?) *\((?=[^()]*[,;])")
_LEIBNIZ = re.compile(r"(?<![A-Za-z\\])d([a-zA-Z]) ?/ ?d([a-z])(?![A-Za-z])")
_COMPOSED = re.compile(r"\( ?([fgh]) ?\\circ ?([fgh]) ?\) ?\(([^()]{1,80})\)")
_COUNTED = re.compile(r"[CP] *\( *(\d{1,5}) *, *(\d{1,5}) *\)", re.ASCII)
_LONGEST = 400
_APPLIED = frozenset("fghFGHPQW")


def without_clauses(text: str) -> str:
    """An answer without what only says where it holds; any other text as it is."""
    if len(text) > _LONGEST:
        return text
    only = _ONLY.fullmatch(text)
    if only:
        text = only["before"]
    text = _WHOLE_IN_BRACKETS.sub(r", \1", text)
    for opening in _OPENING.finditer(text):
        if (
            opening.start()
            and _ALLOWED.fullmatch(text, opening.start())
            and not text[: opening.start()].rstrip().endswith("(")
        ):
            return text[: opening.start()].rstrip(" ,;(")
    return text


def named_function(text: str) -> str:
    """`V = x(10-2x)` for `V(x) = x(10-2x)`: a letter before brackets is a function where its argument is worked with."""
    if "/" in text and "d" in text:
        text = _LEIBNIZ.sub(r"\\frac{d\1}{d\2}", text)
    if "\\circ" in text:
        text = _COMPOSED.sub(r"\1(\2(\3))", text)
    match = _FUNCTION.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return text
    name, arguments, value = match.groups()
    letters = re.split(" *, *", arguments)
    known = name in _APPLIED or (
        name[0] == "\\" and "{" not in name and (name[1:] in FUNCTIONS or name[1:] not in GREEK)
    )
    used = all(re.search(rf"(?<![A-Za-z\\]){letter}|(?<=[a-z0-9]){letter}(?![a-z])", value) for letter in letters)
    if known or not used or name in letters or re.search(rf"(?<![A-Za-z]){re.escape(name)} *\(", value):
        return text
    return f"{name} = {value}"


def named_points(text: str) -> str | None:
    """`A = (1, 2)` for the point `A(1, 2)`, and so for each of a list; None where an answer begins with no such point."""
    if len(text) > _LONGEST or not text.endswith(")") or not _POINT.match(text):
        return None
    counted = _COUNTED.fullmatch(text)
    if counted and int(counted[1]) >= int(counted[2]):
        return None  # C(5, 2)
    return _POINT.sub(r"\1 = (", text)
