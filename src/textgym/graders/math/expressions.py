"""Sums, products and powers: a recursive descent over bounded tokens."""

from textgym.graders.math.build import double_factorial, in_base, is_cases, quotient
from textgym.graders.math.notation import Notation
from textgym.graders.math.residues import MODULO
from textgym.graders.math.tree import (
    ZERO,
    Add,
    Call,
    Const,
    Matrix,
    Neg,
    Node,
    NotMath,
    Num,
    PlusMinus,
    Pow,
    Quantity,
    Sym,
    number,
)
from textgym.graders.math.units import AMBIGUOUS, DEGREE, KNOWN, PERCENT, SCALES, named, read_compound
from textgym.graders.math.vectors import joined
from textgym.graders.math.vocabulary import (
    CALLED,
    CONSTANTS,
    FUNCTIONS,
    GREEK,
    JOINERS,
    RELATIONS,
    is_word,
)

_OF_NUMBERS = frozenset(["frac", "sqrt", "cdot", "times", "pi", "pm", "mp"])
"""Commands in a value without letters."""
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")


class Expressions(Notation):
    """Reads expressions; what stands in brackets is left to the class that knows structures."""

    money = False
    """Whether what is read stands after the sign of a currency."""

    # -- sums and products ---------------------------------------------------------------------------------------------

    def sum(self) -> Node:
        """Terms with signs between them."""
        self.enter()
        terms: list[Node] = []
        while True:
            sign = self._sign()
            term = self.product()
            if sign in ("+-", "-+"):
                left = _total(terms) if terms else None
                if sum(isinstance(one, PlusMinus) for one in terms) > 4:
                    raise NotMath("more signs of plus-minus than are read")
                terms = [PlusMinus(left, term, "+" if sign == "+-" else "-")]
            else:
                terms.append(Neg(term) if sign == "-" else term)
            if not (self.at("+", "-") or self.at_command("pm", "mp")):
                break
        self.leave()
        return _total(terms)

    def _sign(self) -> str:
        """The signs that are next as one of `+`, `-`, `+-`, `-+`."""
        sign = "+"
        while True:
            if self.at_command("pm", "mp"):
                sign = "+-" if (self.take().text == "pm") == (sign != "-") else "-+"
            elif self.at("+") and self.peek().text == "/" and self.peek(2).text == "-":
                self.place += 3  # +/-
                sign = "+-"
            elif self.at("-"):
                self.place += 1
                sign = {"+": "-", "-": "+", "+-": "-+", "-+": "+-"}[sign]
            elif self.at("+"):
                self.place += 1
            else:
                return sign

    def product(self) -> Node:
        """Factors, written with or without a sign between them; fractions in one line are read from left to right."""
        groups, signs, below = [[self.power()]], list[str](), list[Node]()
        while True:
            if self.at("*") or self.at_command("cdot", "times"):
                signs.append(self.take().text)
                groups.append([self._signed_power()])
            elif self.at("/"):
                if self.money and self._for_each_next():
                    return quotient(joined(groups, signs, self.bold), below)  # $15/hour, $15/person
                self.place += 1
                below.append(self._signed_power())
            elif self.token.kind in ("cmd", "word", "text") and self.token.text in ("bmod", "mod"):
                self.place += 1
                above = joined(groups, signs, self.bold)
                groups, signs, below = [[Call("mod", (quotient(above, below), self.power()))]], [], []
            elif self._scale() is not None:
                groups[-1].append(number(SCALES[self.take().text]))
            elif self.continues() or self._factorial_next():
                groups[-1].append(self.power())
            else:
                return quotient(joined(groups, signs, self.bold), below)

    def _for_each_next(self) -> bool:
        word = self.peek()
        return word.kind in ("word", "text") and (
            named(word.text) is not None or (len(word.text) > 2 and word.text.islower())
        )

    def _factorial_next(self) -> bool:
        """Whether a factorial is right after another one, or a power is."""
        if self.token.kind != "num" or not self.place or self.tokens[self.place - 1].text != "!":
            return False
        return self.peek().kind == "op" and self.peek().text in ("!", "^")

    def _signed_power(self) -> Node:
        negative = False
        while self.at("-", "+"):
            negative ^= self.take().text == "-"
        power = self.power()
        return Neg(power) if negative else power

    def _scale(self) -> str | None:
        token = self.token
        return token.text if token.kind in ("word", "text") and token.text in SCALES else None

    def continues(self) -> bool:
        """Whether the next token goes on with a product that has no sign before it."""
        token = self.token
        if self.ends():
            return False
        if token.kind == "num":
            return False
        if token.kind in ("word", "text"):
            return not self.starts_unit()
        if token.kind == "op":
            if token.text == "(" and self.peek().text in MODULO and not self.opens(self.peek(2)):
                return False
            return token.text in ("(", "[", "{") or (token.text == "|" and not self.bars)
        if self.units_over_units():
            return False
        return token.text not in ("choose", "over", "degree", "pm", "mp", "$", "cdot", "times", "bmod", "pmod", "circ")

    def units_over_units(self) -> bool:
        """Whether a fraction of two units is next, both in text commands."""
        texts = [self.peek(2), self.peek(5)]
        if not self.at_command("frac") or any(one.kind != "text" for one in texts):
            return False
        return self.peek(4).text == "{" and all(read_compound(one.text) is not None for one in texts)

    def starts_unit(self) -> bool:
        """Whether the next word, after a value, is its unit or what it counts."""
        token, after = self.token, self.peek()
        name = token.text
        if token.kind == "text":
            if self.bold_next() or self.indices_next():
                return False
            if (name in FUNCTIONS and name != "min") or name in CONSTANTS or any(sign.isdigit() for sign in name):
                return False
            return len(name) != 1 or name in AMBIGUOUS
        if token.kind != "word" or name in JOINERS:
            return False
        if (
            name in FUNCTIONS
            and not (name in CALLED and not self.opens(after))
            and not (name == "min" and not self.opens(after))
        ):
            return False
        if name in CONSTANTS or name in GREEK:
            return False
        if name in ("a", "an") and token.spaced and after.kind == "word" and after.spaced and len(after.text) > 1:
            return named(after.text) is not None  # $15 an hour
        if name == "of" and self.tokens[self.place - 1].text == "%":
            return True
        if len(name) == 1:
            return self.letter_units and name in AMBIGUOUS and self._after_number()
        half_of_day = token.spaced and name.lower() in ("am", "pm") and self.tokens[self.place - 1].kind == "num"
        if half_of_day or named(name) is not None or not name.isascii():
            return True
        return name in ("per", "square", "sq", "cubic") or (token.spaced and len(name) > 2) or is_word(name)

    def _after_number(self) -> bool:
        """Whether a value without letters ends here with a numeral: 3 * 10^8 m, and neither x^2 m nor 2x + 3 m."""
        if self.tokens[self.place - 1].kind != "num":
            return False
        depth = 0
        for at in range(self.place - 1, -1, -1):
            token = self.tokens[at]
            if token.kind in ("word", "text"):
                return not depth and self.tokens[at + 1].kind == "num" and at + 2 == self.place  # 2 h 30 m
            if token.kind == "cmd" and token.text in RELATIONS:
                return True
            if token.kind == "cmd" and token.text not in _OF_NUMBERS:
                return token.text in ("{", "langle")
            if token.kind == "op":
                if token.text in RELATIONS or (not depth and token.text in (",", ";")):
                    return True
                depth += (token.text in _CLOSING) - (token.text in _OPENING)
                if depth < 0:
                    return True
        return True

    # -- powers and what goes after a value ----------------------------------------------------------------------------

    def power(self) -> Node:
        """A value with its exponents, factorials, degrees and percent signs."""
        base = self.atom()
        for _ in range(8):
            if self.at("^", "**"):
                self.place += 1
                base = self._raised(base)
            elif self.at("_"):
                base = self._lowered(base)
            elif self.at("!"):
                self.place += 1
                double = self.at("!") and not self.token.spaced
                self.place += double
                base = double_factorial(base) if double else Call("factorial", (base,))
            elif self.at("%"):
                self.place += 1
                base = Quantity(base, PERCENT)
            elif self.at_command("degree"):
                self.place += 1
                scale = KNOWN.get("deg" + self.token.text) if self.token.kind in ("word", "text") else None
                self.place += scale is not None
                base = Quantity(base, scale or DEGREE)
            elif self.at("'") and isinstance(base, Sym):
                self.place += 1
                base = Sym(base.name + "'")
            else:
                return base
        raise NotMath("more signs after a value than are read")

    def _raised(self, base: Node) -> Node:
        if is_cases(base):
            raise NotMath("rows after a brace are raised")
        if self.token.kind == "word" and self.token.text == "T" and isinstance(base, Matrix):
            self.place += 1
            return Call("transpose", (base,))
        exponent = self.exponent()
        if isinstance(base, Matrix) and exponent == Sym("T"):
            return Call("transpose", (base,))
        return Pow(base, exponent)

    def exponent(self) -> Node:
        """What is right after a sign of power: a group, or one thing, perhaps raised itself."""
        self.enter()
        negative = False
        while self.at("-", "+"):
            negative ^= self.take().text == "-"
        if self.token.kind == "word" and self.token.text not in CONSTANTS:
            self.split_word(1)
        exponent = self.atom()
        if self.at("^", "**"):
            self.place += 1
            exponent = Pow(exponent, self.exponent())
        self.leave()
        return Neg(exponent) if negative else exponent

    def _lowered(self, base: Node) -> Node:
        self.place += 1
        start = self.token.at
        if self.at("{"):
            depth = 0
            while self.token.kind != "end":
                depth += self.at("{") - self.at("}")
                self.place += 1
                if not depth:
                    break
            inner = self.text[start + 1 : self.tokens[self.place - 1].at].replace(" ", "")
        else:
            if self.token.kind == "word":
                self.split_word(1)
            inner = self.take().text
        if isinstance(base, Num):
            return in_base(base, inner)
        if isinstance(base, Sym):
            return Sym(f"{base.name}_{inner}")
        if isinstance(base, Const) and base.name in ("e", "i"):
            return Sym(f"{base.name}_{inner}")
        raise NotMath("a subscript stands where nothing is read")


def _total(terms: list[Node]) -> Node:
    if len(terms) > 1 and any(map(is_cases, terms)):
        raise NotMath("rows after a brace are added")
    return terms[0] if len(terms) == 1 else Add(tuple(terms)) if terms else ZERO
