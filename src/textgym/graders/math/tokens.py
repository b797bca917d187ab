"""The tokens of a cleaned answer. Linear in its length; whatever is no token is refused."""

import re
from dataclasses import dataclass
from typing import Literal

from textgym.graders.math.options import MAX_DIGITS
from textgym.graders.math.tree import NotMath

Kind = Literal["num", "word", "text", "cmd", "op", "end"]


@dataclass(slots=True)
class Token:
    """One token.

    Attributes:
        kind: `num` digits, `word` a run of letters, `text` what stood in a text command, `cmd` a command's name, `op` a
            sign, `end` after the last.
        text: what was written.
        spaced: whether white space stands before it.
        at: where it began.
    """

    kind: Kind
    text: str
    spaced: bool
    at: int


_TEXTS = frozenset(
    [
        "text",
        "textrm",
        "textbf",
        "textit",
        "textnormal",
        "textsf",
        "texttt",
        "mbox",
        "hbox",
        "mathrm",
        "mathit",
        "mathbf",
        "mathsf",
        "mathtt",
        "operatorname",
        "bm",
        "boldsymbol",
        "mathcal",
        "emph",
        "pmb",
        "mathop",
    ]
)
CAPITAL_GAMMA = "capitalGamma"
"""What the letter is called where it names no function: where no bracket follows it."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:\.(?!\d|\.))?|\.\d+", re.ASCII)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?", re.ASCII)
_COMMA = re.compile(r"\d+,\d+(?![\d,])", re.ASCII)
_POWER_OF_TEN = re.compile(r"[eE](?:\+?\d{1,4}|-\d{1,4})(?![\d.A-Za-z])", re.ASCII)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]{2,})*")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_OPERATOR = re.compile(r"<=|>=|!=|==|=>|\*\*|<>|->|[-+*/^_=<>(){}\[\],;:|!%'&~?@\"#$€£¥₹¢.`]")
_OPENED = re.compile(r" *\(")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


def tokenize(text: str, *, decimal_comma: bool = False, powers_of_ten: bool = True) -> list[Token]:
    """The tokens of a cleaned text, the last of which is the end.

    Args:
        text: the text.
        decimal_comma: whether 1,5 is a decimal outside brackets. There 1,234 is a number; within them it is so only where a
            group begins with a zero, as no member of a list does.
        powers_of_ten: whether 2e-1 is a decimal; else it is twice Euler's number less one.

    Raises:
        NotMath: it holds what is no token.
    """
    tokens: list[Token] = []
    at = depth = 0
    spaced = False
    while at < len(text):
        sign = text[at]
        if sign.isspace():
            at, spaced = at + 1, True
            continue
        if sign.isdigit() or (sign == "." and text[at + 1 : at + 2].isdigit()):
            token, at = _number(text, at, depth, decimal_comma, powers_of_ten)
        elif sign == "\\":
            token, at = _command(text, at)
            depth += (token.text in ("{", "langle")) - (token.text in ("}", "rangle")) if token.kind == "cmd" else 0
        elif match := _WORD.match(text, at):
            token, at = Token("word", match[0], False, at), match.end()
        elif match := _OPERATOR.match(text, at):
            token, at = Token("op", match[0], False, at), match.end()
            depth += (sign in _OPENING) - (sign in _CLOSING)
        else:
            raise NotMath(f"{sign!r} means nothing here")
        token.spaced, spaced = spaced, False
        tokens.append(token)
        if token.kind == "text" and token.text.endswith(" and") and token.text != "and":
            token.text = token.text[:-4].rstrip()  # 2 \text{ hours and } 15
            tokens.append(Token("text", "and", True, token.at))
    tokens.append(Token("end", "", spaced, at))
    return tokens


def _number(text: str, at: int, depth: int, decimal_comma: bool, powers_of_ten: bool) -> tuple[Token, int]:
    match = _THOUSANDS.match(text, at)
    if match and depth > 0 and ",0" in match[0] and text[at - 1] == "(" and text[match.end() : match.end() + 1] == ")":
        raise NotMath("a number in brackets, or two of them")
    if match and not match[0].startswith("0") and (depth <= 0 or ",0" in match[0]):
        return Token("num", match[0].replace(",", ""), False, at), match.end()
    match = _COMMA.match(text, at) if decimal_comma and depth <= 0 else None
    if match:
        return Token("num", match[0].replace(",", "."), False, at), match.end()
    match = _NUMBER.match(text, at)
    if match is None or len(match[0]) > MAX_DIGITS:
        raise NotMath("a number is too long, or of digits that are not read")
    written, end = match[0].rstrip("."), match.end()
    power = _POWER_OF_TEN.match(text, end) if powers_of_ten else None
    if power:
        return Token("num", written + power[0], False, at), power.end()
    return Token("num", written, False, at), end


def _command(text: str, at: int) -> tuple[Token, int]:
    match = _COMMAND.match(text, at)
    if match is None:
        raise NotMath("a backslash stands alone")
    name, end = match[0][1:], match.end()
    if name == "Gamma" and not _OPENED.match(text, end):
        name = CAPITAL_GAMMA
    if name not in _TEXTS:
        return Token("cmd", name, False, at), end
    while text[end : end + 1] in (" ", "*"):
        end += 1
    if text[end : end + 1] != "{":
        return Token("text", "", False, at), end
    depth, start = 0, end + 1
    while end < len(text):
        depth += (text[end] == "{") - (text[end] == "}")
        end += 1
        if depth == 0:
            return Token("text", text[start : end - 1].strip(), False, at), end
    raise NotMath("a brace is not closed")
