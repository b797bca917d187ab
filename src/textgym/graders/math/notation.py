"""Signs whose meaning depends on what stands beside them: combinations, vectors in bold, quantifiers, derivatives, bars."""

import re

from textgym.graders.math.build import arrangements, conjugate, quotient
from textgym.graders.math.derivative import derivative
from textgym.graders.math.logic import NOT, QUANTIFIERS
from textgym.graders.math.text import folded
from textgym.graders.math.tokens import Token
from textgym.graders.math.tree import Call, Node, NotMath, Sym, Word, number
from textgym.graders.math.values import Values
from textgym.graders.math.vocabulary import CONSTANTS, GREEK, RELATIONS

_BOLD = ("\\mathbf", "\\boldsymbol", "\\bm", "\\pmb")
_COUNTS = frozenset("CPA")
"""Letters of combinations and permutations; A is so only upright."""
_DOTLESS = {"imath": "i", "jmath": "j"}
_OPERATOR = re.compile(r"(d|partial)(?: \^ ([1-4]))?")
_VARIABLE = re.compile(r"(?:d ?|partial )([a-zA-Z]|[a-z]{2,7})(?: \^ ([1-4]))?")


class Notation(Values):
    """Reads values that are more than one sign."""

    bold: set[str]
    """Capitals that are written in bold somewhere in the answer."""

    def atom(self) -> Node:
        """One value without anything after it."""
        token = self.token
        if token.kind == "cmd":
            if token.text in NOT or token.text in QUANTIFIERS:
                return self._logical(self.take().text)
            found = self._derivative(self._group(self.place + 1)) if token.text == "frac" else None
        elif token.kind == "op":
            found = self._with_index_before() if token.text in ("{", "_", "^") else None
        elif token.kind == "num":
            found = self._digits_around() if self.peek().text in ("C", "P") else None
        elif token.kind == "text":
            found = self._combinations() or self._in_bold()
        else:
            found = self._combinations() if token.text in _COUNTS else self._leibniz() if token.text == "d" else None
        return found or super().atom()

    def _logical(self, name: str) -> Node:
        self.enter()
        if name in NOT:
            node = Call("not", (self.power(),))
        else:
            if self.token.kind == "word":
                self.split_word(1)
            variable = self.atom()
            node = Call(name, (variable, self.product()) if self.continues() else (variable,))
        self.leave()
        return node

    # -- combinations and permutations ---------------------------------------------------------------------------------

    def _with_index_before(self) -> Node | None:
        """An index before its letter, as in the two spellings of "5 choose 2", with an empty group before it or without."""
        start = self.place
        if self.at("{") and self.peek().kind == "op" and self.peek().text == "}":
            self.place += 2
        if not self.at("_", "^"):
            self.place = start
            return None
        self.place += 1
        above = self.small()
        if self.token.kind == "word":
            self.split_word(1)
        letter = self.take().text
        if letter not in ("C", "P") or not self.accept("_"):
            raise NotMath("an index stands before nothing")
        return _counted(letter, above, self.small())

    def _combinations(self) -> Node | None:
        """C(5,2), and letters with both indices, as in the Russian and the Chinese notation."""
        token = self.token
        if token.text not in _COUNTS or self.peek().kind != "op":
            return None
        if self._shape(1, 6) == "( 0 , 0 )" and token.text != "A":
            letter, above, below = token.text, self.peek(2).text, self.peek(4).text
            self.place += 6
            return _counted_digits(letter, above, below)
        return self._with_both_indices() if self.indices_next() else None

    def _digits_around(self) -> Node | None:
        """5C2."""
        if self._shape(0, 3) not in ("0 C 0", "0 P 0") or self.peek().spaced or self.peek(2).spaced:
            return None
        above, letter, below = self.take().text, self.take().text, self.take().text
        return _counted_digits(letter, above, below)

    def _with_both_indices(self) -> Node:
        letter = self.take().text
        indices: dict[str, Node] = {}
        for _ in range(2):
            if not self.at("_", "^"):
                raise NotMath("an index of more than one digit has no braces")
            sign = self.take().text
            indices[sign] = self.small()
        return _counted(letter, indices["_"], indices["^"])

    def indices_next(self) -> bool:
        """Whether the next letter is that of combinations, upright and with an index below and one above."""
        token = self.token
        if token.text not in _COUNTS or not (token.kind == "text" or (token.kind == "word" and token.text == "C")):
            return False
        first = self._group(self.place + 2)
        second = self.tokens[min(first[1], len(self.tokens) - 1)]
        if self.peek().kind != "op" or second.kind != "op" or {self.peek().text, second.text} != {"_", "^"}:
            return False
        return token.kind == "text" or (first[0].isdigit() and self._group(first[1] + 1)[0].isdigit())

    def _shape(self, start: int, end: int) -> str:
        tokens = self.tokens[self.place + start : self.place + end]
        return " ".join("0" if token.kind == "num" and token.text.isdigit() else token.text for token in tokens)

    def _group(self, place: int) -> tuple[str, int]:
        """What stands in the braces at a place, or the one token there, and the place after it."""
        if place >= len(self.tokens):
            return "", place
        if self.tokens[place].text != "{" or self.tokens[place].kind != "op":
            return self.tokens[place].text, place + 1
        texts, depth = list[str](), 0
        for at in range(place, min(place + 24, len(self.tokens))):
            token = self.tokens[at]
            if token.kind == "op" and token.text in ("{", "}"):
                depth += 1 if token.text == "{" else -1
                if not depth:
                    return " ".join(texts), at + 1
            else:
                texts.append(token.text)
        return "", place

    # -- vectors -------------------------------------------------------------------------------------------------------

    def bold_next(self) -> str:
        """The letter in bold that is next; empty where there is none. Capitals may as well be labels or matrices."""
        token = self.token
        if token.kind != "text" or not self.text.startswith(_BOLD, token.at):
            return ""
        name = token.text
        if not name and self.peek().kind == "word":
            name = self.peek().text[0]
        return name if len(name) == 1 and name.isascii() and name.isalpha() and name != "e" else ""

    def _in_bold(self) -> Node | None:
        letter = self.bold_next()
        if not letter:
            return None
        if not self.take().text:
            self.split_word(1)
            self.place += 1
        if letter.isupper():
            self.bold.add(letter)
            return Sym(letter)
        return Sym(f"vec {letter}")

    def accented(self, name: str) -> Node:
        """A letter or letters with a sign over them are a name; a bar over an expression with i is its conjugate."""
        before = self.tokens[self.place - 2] if self.place > 1 else None
        braced = self.accept("{")
        if self.token.kind == "text" and not self.token.text:
            self.place += 1
        if braced and name in ("overline", "bar") and not (self.peek().kind == "op" and self.peek().text == "}"):
            inner = self.sum()
            self.expect("}")
            return Sym(f"bar {inner.name}") if isinstance(inner, Sym) else conjugate(inner)
        if self.token.kind not in ("word", "text", "num", "cmd"):
            raise NotMath("an accent stands over nothing")
        if not braced and name in ("vec", "hat") and self.token.kind == "word":
            self.split_word(1)
        letters = self.take().text
        if braced:
            self.expect("}")
        if name == "overline" and len(letters) == 2 and letters.isascii() and letters.isupper():
            return self._segment(letters, before)
        if name == "overline" and (len(letters) == 1 or letters in GREEK):
            name = "bar"
        return Sym(f"{name} {_DOTLESS.get(letters, letters)}")

    def _segment(self, ends: str, before: Token | None) -> Node:
        """A segment is written with a bar or without: alone it is a word, and beside a sign of relation a product."""
        if (before is None or before.text in (",", ";")) and (self.token.kind == "end" or self.at(",", ";")):
            return Word(folded(ends))
        beside = [one for one in (before, self.token) if one is not None and one.kind in ("op", "cmd")]
        if any(one.text in RELATIONS for one in beside):
            return quotient([Sym(ends[0]), Sym(ends[1])], [])
        return Sym(f"overline {ends}")

    # -- derivatives ---------------------------------------------------------------------------------------------------

    def _derivative(self, group: tuple[str, int]) -> Node | None:
        """The operator d/dx with what it is applied to: the factors up to the next sign."""
        above, place = group
        below, after = self._group(place)
        operator, variable = _OPERATOR.fullmatch(above), _VARIABLE.fullmatch(below)
        if operator is None or variable is None or operator[2] != variable[2]:
            return None
        if variable[1] in CONSTANTS or (len(variable[1]) > 1 and variable[1] not in GREEK):
            return None
        self.place = after
        return self._applied(variable[1], int(operator[2] or 1), partial=operator[1] == "partial")

    def _leibniz(self) -> Node | None:
        """The operator in one line, as in d/dx (x^2)."""
        below = self.peek(2)
        if self.peek().text != "/" or below.kind != "word" or len(below.text) != 2 or below.text[0] != "d":
            return None
        self.place += 3
        return self._applied(below.text[1], 1, partial=False)

    def _applied(self, variable: str, times: int, *, partial: bool) -> Node:
        if not self.continues() and self.token.kind != "num":
            raise NotMath("a derivative of nothing")
        self.enter()
        body = self.product()
        self.leave()
        for _ in range(times):
            body = derivative(body, variable, partial=partial)
        return body


def _counted(letter: str, above: Node, below: Node) -> Node:
    return Call("binom", (above, below)) if letter == "C" else arrangements(above, below)


def _counted_digits(letter: str, above: str, below: str) -> Node:
    if int(below) > int(above) or len(above) > 5:
        raise NotMath("more things are chosen than there are")
    return _counted(letter, number(int(above)), number(int(below)))
