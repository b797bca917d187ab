"""An answer's text in one spelling: one set of symbols, no typesetting, no delimiters around it.

Everything here is linear in the length of the text, and the text is short: see `options.MAX_CHARS`.
"""

import re
import unicodedata

from textgym.graders.math.announcements import announced

_SIGNS = {
    "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ", "∙": r"\cdot ", "•": r"\cdot ", "∗": "*", "÷": "/", "∕": "/", "⁄": "/",
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "±": r"\pm ", "∓": r"\mp ", "√": r"\sqrt ", "∛": r"\sqrt[3] ",
    "∞": r"\infty ", "∪": r"\cup ", "∩": r"\cap ", "∖": r"\setminus ", "∅": r"\emptyset ", "Ø": r"\emptyset ",
    "≤": r"\le ", "≥": r"\ge ", "⩽": r"\le ", "⩾": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≡": r"\equiv ",
    "∈": r"\in ", "∉": r"\notin ", "⊂": r"\subset ", "⊆": r"\subset ", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ",
    "°": r"\degree ", "º": r"\degree ", "′": "'", "’": "'", "‘": "'", "″": "''", "∣": "|", "｜": "|", "∠": r"\angle ",
    "△": r"\triangle ", "∧": r"\land ", "∨": r"\lor ", "⟨": r"\langle ", "⟩": r"\rangle ", "〈": r"\langle ",
    "〉": r"\rangle ", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "→": r"\to ", "…": r"\ldots ",
    "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}", "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}", "ⅇ": "e",
    "π": r"\pi ", "∂": r"\partial ", "∶": ":", "：": ":", "，": ", ", "。": ".", "（": "(", "）": ")", "［": "[", "］": "]",
    "％": "%", "＝": "=", "＋": "+", "－": "-", "＜": "<", "＞": ">", "∥": r"\|", "“": '"', "”": '"', "\u00a0": " ",
}  # fmt: skip
_GREEK = dict(zip("αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΠΣΦΨΩϕϵ", ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega", "phi", "epsilon"], strict=True))  # fmt: skip
_UNICODE = {ord(sign): text for sign, text in _SIGNS.items()} | {
    ord(sign): rf"\{name} " for sign, name in _GREEK.items()
}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ", "0123456789+-()ni")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED_RUN, _LOWERED_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱ]+"), re.compile("[₀-₉]+")
_ACCENTED = re.compile("([A-Za-z0-9])([\u0302\u0304\u0305])")
_ACCENTS = {"\u0302": "hat", "\u0304": "bar", "\u0305": "bar"}
"""Signs that combine with the letter before them."""
_VULGAR = re.compile("[¼-¾⅐-⅞]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")
_THIN = {0x2009: r"\,", 0x202F: r"\,", 0x2002: " ", 0x2003: " "}

_SPELLINGS = {
    "dfrac": r"\frac", "tfrac": r"\frac", "cfrac": r"\frac", "dbinom": r"\binom", "tbinom": r"\binom",
    "leq": r"\le ", "leqslant": r"\le ", "geq": r"\ge ", "geqslant": r"\ge ", "neq": r"\ne ", "lt": "<", "gt": ">",
    "lbrace": r"\{", "rbrace": r"\}", "lbrack": "[", "rbrack": "]", "lvert": "|", "rvert": "|", "vert": "|", "mid": r"\mid ",
    "lVert": r"\|", "rVert": r"\|", "Vert": r"\|", "colon": ":", "varnothing": r"\emptyset ", "ast": "*", "div": "/",
    "times": r"\times ", "varphi": r"\phi ", "varepsilon": r"\epsilon ", "vartheta": r"\theta ", "degree": r"\degree ",
    "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ", "displaystyle": " ", "textstyle": " ", "limits": "",
    "nolimits": "", "dotsc": r"\ldots ", "dots": r"\ldots ", "cdots": r"\ldots ", "bigcup": r"\cup ", "bigcap": r"\cap ",
    "subseteq": r"\subset ", "wedge": r"\land ", "vee": r"\lor ", "backslash": r"\setminus ", "cdotp": r"\cdot ",
    "euro": "€", "pounds": "£", "textdollar": r"\$", "centerdot": r"\cdot ", "rm": "", "bf": "", "it": "", "boldmath": "",
    "nobreak": "", "notag": "", "nonumber": "", "lparen": "(", "rparen": ")", "ldotp": ".", "percent": "%",
    "textdegree": r"\degree ", "textpercent": "%", "simeq": r"\approx ", "cong": r"\approx ",
}  # fmt: skip
_FONTS = frozenset(
    [
        "text",
        "textbf",
        "textit",
        "textrm",
        "textsf",
        "texttt",
        "textnormal",
        "mathrm",
        "mathbf",
        "mathit",
        "mbox",
        "hbox",
        "operatorname",
        "emph",
    ]
)
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_SIZED = re.compile(r"\\(?:left|right|middle|[bB]igg?[lrm]?)(?![A-Za-z])(?: *\.)?")
_DEGREE = re.compile(r"\^ *\{ *(?:\\circ|\\degree|\{\\circ\}) *\}|\^ *(?:\\circ|\\degree)(?![A-Za-z])")
_PRIME = re.compile(r"\^ *\{ *\\prime *\}|\^ *\\prime(?![A-Za-z])")
_JOINED = re.compile(r"(?<=\d)(?: *\{ *, *\}|\\,|, *\\! *|\\!)(?= *\d{3}(?!\d))")
_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:(?: |\\ |~)\d{3})+(?![\d.,]*\d)")
_SPACE = re.compile(r"\\[,;:> ]|~|\s+")
_DOUBLED = re.compile(r"\\\\(?=[A-Za-z({\[\])}!,;%$])")
_SIGN_AS_TEXT = re.compile(r"\\(?:text|mathrm) *\{ *(\\degree|\\\$|\\?%) *\}")
_NEW_ROW = re.compile(r"\\\\(?: *\[[^\]\\]{0,12}\])?")
_WRAPPED = re.compile(r"\\(?:boxed|fbox|ensuremath|emph|underline) *\{")
_DELIMITED = re.compile(r"\\[()\[\]]")
_BY_TEN = re.compile(r"(?<=\d) *[xX] *(?=10 *\^)")
_REPEATING = re.compile(r"(\d*)\.(\d*)\\(?:overline|bar|dot) *(?:\{ *(\d{1,40}) *\}|(\d))")
_DOTTED = re.compile(r"(\.\d{0,40})\\dot *\{? *(\d) *\}?(\d{0,38})\\dot *\{? *(\d) *\}?")
"""The first and the last of the digits that repeat."""
_STYLED = re.compile(rf"\\(?:{'|'.join(sorted(_FONTS))}) *\{{([^{{}}]*)\}}")
_COLOR = re.compile(r"\\(?:text)?color *\{[A-Za-z0-9!]{1,32}\} *")
_NOT_EQUAL = re.compile(r"\\not *=")
_NAME_ALONE = re.compile(r"(?<![\w}])\{ *(\\(?:sin|cos|tan|cot|sec|csc|sinh|cosh|tanh|log|ln)) *\}(?= *[\^_({\\])")
_RAISED_WORD = r"\\(?:text|textrm|mathrm) *\{ *(st|nd|rd|th) *\}"
_ORDINAL = re.compile(
    rf"(?<=\d) *(?:{_RAISED_WORD}|\^ *(?:\{{ *{_RAISED_WORD} *\}}|{_RAISED_WORD}|\{{ *(st|nd|rd|th) *\}}))"
)
_JOINER = re.compile(r"\\(?:text|textrm|mathrm|mbox) *\{ *(and|or) *\}")
_LOOSE = re.compile(r" (?!\w)|(?<!\w) ")  # spaces, but those between two words
_CHOICE = re.compile(r"(?:(?i:option|choice|answer) *:? *)?\(? *([A-Z]) *[.)]?")


def clean(text: str) -> tuple[str, bool]:
    """The text in one spelling, and whether it stood between dollar signs, where bare braces only group."""
    text = _in_ascii(text).strip()
    if text.endswith("\\"):
        text = text.rstrip("\\ \n\t") or text
    if text.startswith("**") and text.endswith("**"):
        text = text[2:-2].strip()
    if r"\\" in text and r"\begin" not in text:
        text = _DOUBLED.sub(r"\\", text)
    text, delimited = _undelimited(text)
    if "\\" in text or "{" in text or "~" in text:
        text = _typeset(text)
    text = _SPACED.sub(lambda match: re.sub(r"\D", "", match[0]), text)
    text = _SPACE.sub(" ", text).strip()
    text = _bare(text)
    if (" " in text or ":" in text) and (said := announced(text)) != text:
        text = _bare(said)
    choice = _CHOICE.fullmatch(text)
    return (choice[1] if choice else text), delimited


def _in_ascii(text: str) -> str:
    if text.isascii():
        return text
    text = _ACCENTED.sub(lambda match: rf"\{_ACCENTS[match[2]]}{{{match[1]}}}", _INVISIBLE.sub("", text))
    text = _RAISED_RUN.sub(lambda match: f"^{{{match[0].translate(_RAISED)}}}", text)
    text = _LOWERED_RUN.sub(lambda match: f"_{{{match[0].translate(_LOWERED)}}}", text)
    text = _VULGAR.sub(lambda match: _vulgar(match[0]), text)
    text = text.translate(_THIN).translate(_UNICODE)
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _vulgar(sign: str) -> str:
    top, _, bottom = unicodedata.normalize("NFKC", sign).partition("⁄")
    return rf"\frac{{{top}}}{{{bottom}}}" if bottom else sign


def _undelimited(text: str) -> tuple[str, bool]:
    """The text without signs that switch to mathematics; a dollar sign that is left is money, written with a backslash."""
    bare = _DELIMITED.sub(" ", text)
    delimited = bare != text
    marks = bare.replace(r"\$", "").count("$")
    if marks and marks % 2 == 0:
        return re.sub(r"(?<!\\)\$", " ", bare), True
    return re.sub(r"(?<!\\)\$", r"\\$", bare), delimited


def _typeset(text: str) -> str:
    text = _SIGN_AS_TEXT.sub(r"\1", text)
    text = _NOT_EQUAL.sub(r"\\ne ", text).replace("{:}", ":")
    text = _NAME_ALONE.sub(r"\1 ", _COLOR.sub("", text))
    if "{" in text and ("^" in text or r"\text" in text or r"\math" in text or r"\mbox" in text):
        text = _JOINER.sub(r" \1 ", text)
        text = _ORDINAL.sub(lambda match: next(filter(None, match.groups())), text)
    text = _NEW_ROW.sub(r"\\newrow ", text)
    text = _JOINED.sub("", text)
    text = text.replace(r"\!", "")
    text = _SIZED.sub("", text)
    text = _DEGREE.sub(r"\\degree ", text)
    text = _PRIME.sub("'", text)
    text = re.sub(r"\bm *\\angle", r"\\angle", text)
    if "." in text:
        text = _REPEATING.sub(_repeating, _DOTTED.sub(r"\1\\overline{\2\3\4}", text))
    text = text.replace(r"\%", "%").replace(r"\#", "#").replace(r"\&", "and").replace(r"\ ", " ")
    return _COMMAND.sub(lambda match: _SPELLINGS.get(match[1], match[0]), text)


def _repeating(match: re.Match[str]) -> str:
    """A decimal whose last digits repeat for ever, as a fraction."""
    return repeating(match[1] or "0", match[2], match[3] or match[4])


def repeating(whole: str, fixed: str, again: str) -> str:
    """The fraction that a decimal is, of its digits before the point, those after it, and those that repeat for ever."""
    top = int(whole + fixed + again) - int(whole + fixed)
    return rf"\frac{{{top}}}{{{'9' * len(again) + '0' * len(fixed)}}}"


def _bare(text: str) -> str:
    """Without boxes and fonts around the whole, a sign of equality before it, and a full stop after it."""
    for _ in range(8):
        before = text
        text = text.rstrip(" \n\t,;")
        if text.endswith(".") and not text.endswith(".."):
            text = text[:-1].rstrip()
        text = text.removeprefix("=").lstrip()
        if len(text) > 1 and text[0] == text[-1] == '"':
            text = text[1:-1]
        wrapped = _WRAPPED.match(text)
        if wrapped and _closing(text, wrapped.end() - 1) == len(text) - 1:
            text = text[wrapped.end() : -1].strip()
        if text == before:
            break
    return _BY_TEN.sub(r" \\cdot ", text)


def _closing(text: str, at: int) -> int:
    """Where the brace at `at` is closed; -1 where it is not."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] == "{" and text[place - 1 : place] != "\\":
            depth += 1
        elif text[place] == "}" and text[place - 1 : place] != "\\":
            depth -= 1
            if depth == 0:
                return place
    return -1


def folded(text: str) -> str:
    """Words for comparison: lower case, without fonts, articles and punctuation, single spaces.

    A question mark stays, for it leaves open what is said; so does it that a Greek letter is a capital.
    """
    text = _COMMAND.sub(lambda match: " " if match[1] in _FONTS else f" {_command(match[1])} ", text)
    text = re.sub(r"[{}$\"`*_()\[\]]", " ", text)
    text = re.sub(r"[\s~]+", " ", unicodedata.normalize("NFKC", text)).strip(" .,;:!").casefold()
    for article in ("the ", "a ", "an "):
        text = text.removeprefix(article)
    return text


def literal(text: str) -> str:
    """A text that is no mathematics for comparison: without fonts, spaces and what ends a sentence, words in lower case.

    Brackets, signs and the case of commands stay.
    """
    text = _STYLED.sub(r" \1 ", unicodedata.normalize("NFKC", text))
    text = _COMMAND.sub(lambda match: " " if match[1] in _FONTS else f"\\{_command(match[1])} ", text)
    text = re.sub(r"\s+", " ", text).strip(" .,;:").casefold()
    return _LOOSE.sub("", text)


def _command(name: str) -> str:
    return f"capital {name}" if name[0].isupper() else name
