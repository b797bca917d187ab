"""Single values of an answer: numbers, letters, words, commands and functions with their arguments."""

from fractions import Fraction

from textgym.graders.math.build import called, quotient, written
from textgym.graders.math.cursor import Cursor
from textgym.graders.math.qualifiers import names_nothing
from textgym.graders.math.text import folded
from textgym.graders.math.tokens import CAPITAL_GAMMA, Token, tokenize
from textgym.graders.math.tree import (
    ONE,
    Apply,
    Big,
    Call,
    Const,
    Div,
    Neg,
    Node,
    NotMath,
    Pow,
    Relation,
    Sequence,
    Sym,
    Word,
    number,
)
from textgym.graders.math.vocabulary import (
    APPLIED,
    CALLED,
    CONSTANTS,
    FUNCTIONS,
    GREEK,
    INVERSES,
    RELATIONS,
    SOMETIMES_APPLIED,
    is_product,
    is_word,
)

_ACCENTS = frozenset(["overline", "bar", "vec", "hat", "widehat", "tilde", "dot", "ddot", "underline", "overrightarrow", "mathbb", "mathcal", "mathscr", "mathfrak"])  # fmt: skip
_NAMED_FIGURES = frozenset(["angle", "triangle", "square", "odot", "measuredangle"])
_UNREAD = frozenset(["prec", "succ", "preceq", "succeq", "mapsto", "supset", "supseteq", "subsetneq", "ll", "gg", "vdash", "models", "star", "bullet", "oplus", "otimes", "ominus", "nmid", "leftarrow", "Leftarrow", "longleftarrow", "triangleleft", "times", "cdot"])  # fmt: skip
"""Signs between two things in an order that counts; a product of the three would forget it."""

_OF_EVENTS = frozenset(["cap", "cup", "mid", "|", "'", "bar", "overline", "lor", "land", "neg"])
"""Signs that stand in the argument of a probability, and of no polynomial."""
_AFTER_EXTREMES = frozenset(["(", "{", "[", "_", "^"])
"""What goes on with a greatest or a least value; of one number it would be that number."""


class Values(Cursor):
    """Reads single values; sums, products and brackets are left to the classes that know them.

    Args:
        text: the cleaned text.
        tokens: its tokens.
        letter_units: whether a single letter after a number may be a unit, as in 5 m.
    """

    def __init__(self, text: str, tokens: list[Token], letter_units: bool = False) -> None:
        super().__init__(text, tokens)
        self.letter_units = letter_units
        self.bound: list[str] = []

    def bracketed(self) -> Node:
        """What stands in the brackets that are next."""
        raise NotImplementedError

    def arguments(self) -> tuple[Node, ...]:
        """What stands in the round brackets that are next, as the arguments of a function."""
        raise NotImplementedError

    def environment(self) -> Node:
        """A matrix or the like, after its `begin`."""
        raise NotImplementedError

    def sum(self) -> Node:
        """Terms with signs between them."""
        raise NotImplementedError

    def product(self) -> Node:
        """Factors, with signs between them or without."""
        raise NotImplementedError

    def power(self) -> Node:
        """A value with what goes after it."""
        raise NotImplementedError

    def exponent(self) -> Node:
        """What is right after a sign of power."""
        raise NotImplementedError

    def accented(self, name: str) -> Node:
        """What stands under the sign of this name."""
        raise NotImplementedError

    def continues(self) -> bool:
        """Whether the next token goes on with a product that has no sign before it."""
        raise NotImplementedError

    # -- values --------------------------------------------------------------------------------------------------------

    def atom(self) -> Node:
        """One value without anything after it."""
        token = self.token
        if token.kind == "num":
            return self._number()
        if token.kind == "op":
            if token.text == "|":
                return self._between_bars()
            if token.text in ("(", "[", "{", "]"):
                return self.bracketed()
            raise NotMath(f"no value begins with {token.text!r}")
        if token.kind == "word":
            return self._word()
        if token.kind == "text":
            return self._text()
        if token.kind == "cmd":
            return self._command()
        raise NotMath("a value is missing")

    def _number(self) -> Node:
        token = self.take()
        value = written(token.text)
        if token.text.isdigit():
            mixed = self._fraction_of_mixed()
            if mixed is not None:
                return number(value.value + mixed)
        return value

    def _fraction_of_mixed(self) -> Fraction | None:
        """The proper fraction that is next after a whole number, in one of its two spellings."""
        tokens = self.tokens[self.place : self.place + 7]
        shape = " ".join(one.text if one.kind != "num" else "0" for one in tokens)
        if self.at_command("frac"):
            if shape == "frac { 0 } { 0 }":
                top, bottom, length = tokens[2].text, tokens[5].text, 7
            elif shape.startswith("frac 0") and len(tokens[1].text) == 2:
                top, bottom, length = tokens[1].text[0], tokens[1].text[1], 2
            else:
                return None
        elif shape.startswith("0 / 0") and tokens[0].spaced:
            top, bottom, length = tokens[0].text, tokens[2].text, 3
        else:
            return None
        if not (top.isdigit() and bottom.isdigit() and 0 < int(top) < int(bottom)):
            return None
        self.place += length
        return Fraction(int(top), int(bottom))

    def _between_bars(self) -> Node:
        self.place += 1
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        self.expect("|")
        return Call("abs", (inner,))

    def _word(self) -> Node:
        name = self.token.text
        if name in FUNCTIONS and (name not in CALLED or self.opens(self.peek())):
            self.place += 1
            return self._function(FUNCTIONS[name])
        if name in CONSTANTS and name not in self.bound:
            self.place += 1
            return Const(CONSTANTS[name])
        if name == "gamma" and self.opens(self.peek()):
            self.place += 1
            return self._function(name)
        if name in GREEK:
            self.place += 1
            return Sym(f"\\{CAPITAL_GAMMA}" if name == "Gamma" else name)
        if len(name) == 1:
            return self._letter()
        alone = self._alone()
        if not name.isascii() or (not is_product(name) if alone else is_word(name)):
            for function in sorted(FUNCTIONS, key=len, reverse=True):
                if not alone and name.startswith(function) and len(name) <= len(function) + 1:
                    self.split_word(len(function))
                    return self._word()
            return self.phrase()
        for known in ("sin", "cos", "tan", "ln", "log", "pi"):
            if name.startswith(known):
                self.split_word(len(known))
                return self._word()
        self.split_word(1)
        return self._letter()

    def _alone(self) -> bool:
        """Whether the next word is a whole answer, or a whole member of a list or a set."""
        before, after = self.tokens[self.place - 1] if self.place else None, self.peek()
        ended = after.kind == "end" or after.text in (")", "]", "}", ",", ";", "or", "and")
        if before is None or before.text in (",", ";", "or", "and") or (before.text == "{" and before.kind == "cmd"):
            return ended
        return before.text in ("(", "[", "{") and after.text in (",", ";")

    def _letter(self) -> Node:
        name = self.take().text
        if name in CONSTANTS and name not in self.bound:
            return Const(CONSTANTS[name])
        while self.at("'"):
            name += self.take().text
        inverse = ""
        if name in APPLIED and self.at("^") and [one.text for one in self.tokens[self.place + 1 : self.place + 5]] == [
            "{", "-", "1", "}"
        ]:  # fmt: skip
            self.place += 5
            inverse = "^-1"
        letter = name.rstrip("'")
        if name == "P" and self.at("(") and (event := self._event()) is not None:
            return Apply(name, (event,))
        if self.at("(") and (letter in APPLIED or (letter in SOMETIMES_APPLIED and self._simple_argument())):
            return Apply(name + inverse, self.arguments())
        return Pow(Sym(name), Neg(ONE)) if inverse else Sym(name)

    def _event(self) -> Node | None:
        """What stands in the brackets after the P of a probability, as a name; None where it may be an argument."""
        depth, found = 0, False
        for place in range(self.place, len(self.tokens) - 1):
            token = self.tokens[place]
            depth += (token.text == "(") - (token.text == ")") if token.kind == "op" else 0
            found |= token.kind in ("op", "cmd") and (token.text in _OF_EVENTS or token.text in RELATIONS)
            found |= token.kind == "text" or (token.kind == "word" and is_word(token.text))
            if not depth:
                written = self.text[self.token.at : token.at + 1]
                self.place += (place + 1 - self.place) * found
                return Sym(f"Event {_spaceless(written)}") if found else None
        return None

    def _simple_argument(self) -> bool:
        sign = self.peek().kind == "op" and self.peek().text == "-"
        inner, after = self.peek(1 + sign), self.peek(2 + sign)
        single = inner.kind == "num" or (inner.kind == "word" and len(inner.text) == 1)
        return single and after.kind == "op" and after.text in (")", "=", "<", ">")

    def _text(self) -> Node:
        token = self.token
        name = token.text
        if name in FUNCTIONS and not (name in ("max", "min", "Gamma") and self.peek().text not in _AFTER_EXTREMES):
            self.place += 1
            return self._function(FUNCTIONS[name])
        if not name:
            self.place += 1
            return self.atom()
        if len(name) == 1 or not name[0].isalpha() or any(sign.isdigit() for sign in name):
            self.enter()
            self.tokens[self.place : self.place + 1] = [
                Token(one.kind, one.text, one.spaced, token.at) for one in tokenize(name)[:-1]
            ]
            value = self.atom()
            self.leave()
            return value
        return self.phrase()

    def phrase(self) -> Node:
        """Words up to where a structure goes on."""
        start = self.token.at
        related = self.place > 0 and self.tokens[self.place - 1].text in RELATIONS
        while not self.ends() and not (self.token.kind == "op" and self.token.text in "({["):
            self.place += 1
        words = self.text[start : self.token.at]
        if (related or self.relation() is not None) and names_nothing(words):
            raise NotMath("words that name nothing stand beside a sign of relation")
        return Word(folded(words))

    # -- commands and functions ----------------------------------------------------------------------------------------

    def _command(self) -> Node:
        name = self.take().text
        if name in ("frac", "binom"):
            top, bottom = self.small(), self.small()
            return Div(top, bottom) if name == "frac" else Call("binom", (top, bottom))
        if name in FUNCTIONS:
            return self._function(FUNCTIONS[name])
        if name in CONSTANTS:
            return Const(CONSTANTS[name])
        if name in ("{", "langle"):
            self.place -= 1
            return self.bracketed()
        if name in ("lfloor", "lceil", "|"):
            inner = self.sum()
            if self.take().text not in ("rfloor", "rceil", "|"):
                raise NotMath("a bracket is not closed")
            return Call({"lfloor": "floor", "lceil": "ceil", "|": "norm"}[name], (inner,))
        if name == "begin":
            return self.environment()
        if name in ("sum", "prod", "int", "lim"):
            return self._big(name)
        if name == "emptyset":
            return Sequence("set", ())
        if name in _ACCENTS:
            return self.accented(name)
        if name in _NAMED_FIGURES and self.token.kind == "word":
            return Sym(f"{name} {self.take().text}")
        if name == "boxed":
            return self.small()
        if name == "ldots":
            return Sym("...")
        if name in GREEK:
            return Sym(name)
        if (
            name.isalpha()
            and name not in _UNREAD
            and name not in ("end", "right", "left", "over", "choose", "rangle", "degree", "circ")
        ):
            return Sym("\\" + name)
        raise NotMath(f"the command {name!r} begins no value")

    def _function(self, name: str) -> Node:
        self.enter()
        if name in ("sqrt", "cbrt"):
            degree: Node = number(3 if name == "cbrt" else 2)
            if self.at("[") and name == "sqrt":
                self.place += 1
                degree = self.sum()
                self.expect("]")
            self.leave()
            return Call("root", (degree, self.atom()))
        power = base = None
        for _ in range(2):
            if self.at("^", "**") and power is None:
                self.place += 1
                power = self.exponent()
            elif self.at("_") and base is None:
                self.place += 1
                if self.token.kind == "word":
                    self.split_word(1)
                base = self.small()
        if name in ("max", "min", "gcd", "lcm") and self.at_command("{"):
            members = self.bracketed()
            args = members.items if isinstance(members, Sequence) else (members,)
        else:
            args = self.arguments() if self.at("(") else (self._argument(),)
        self.leave()
        if power in (Neg(ONE), number(-1)) and name in INVERSES:
            name, power = INVERSES[name], None
        value = called(name, base, args)
        return Pow(value, power) if power is not None else value

    def _argument(self) -> Node:
        """What a function without brackets is applied to: the factors up to the next function or sign."""
        negative = self.accept("-")
        factors = [self.power()]
        while self.continues() and not self.at("(", "[") and self.token.text not in FUNCTIONS:
            factors.append(self.power())
        inner = quotient(factors, [])
        return Neg(inner) if negative else inner

    def small(self) -> Node:
        """A group in braces, or one thing: of a number without braces one digit."""
        if self.token.kind == "num":
            self.split_word(1)
            return written(self.take().text)
        if self.token.kind == "word":
            self.split_word(1)
        return self.atom()

    def _big(self, kind: str) -> Node:
        lower = upper = None
        variable = ""
        for _ in range(2):
            if self.at("_") and lower is None:
                self.place += 1
                lower = self.small()
            elif self.at("^") and upper is None:
                self.place += 1
                upper = self.exponent() if not self.at("{") else self.small()
        if kind == "int":
            return self._integral(lower, upper)
        if not isinstance(lower, Relation) or lower.ops not in (("=",), ("to",)):
            raise NotMath("the limits of a sum are not given")
        start = lower.sides[0]
        variable = "i" if start == Const("i") else start.name if isinstance(start, Sym) else ""
        if not variable or (kind == "lim") != (lower.ops == ("to",)) or (kind != "lim" and upper is None):
            raise NotMath("the limits of a sum are not given")
        self.bound.append(variable)
        body = self.product()
        self.bound.pop()
        return Big(
            "sum" if kind == "sum" else "prod" if kind == "prod" else "lim", variable, lower.sides[1], upper, body
        )

    def _integral(self, lower: Node | None, upper: Node | None) -> Node:
        """The integrand ends with the differential of the variable."""
        for place in range(self.place, len(self.tokens)):
            token = self.tokens[place]
            if token.kind == "word" and len(token.text) > 1 and token.text[-2] == "d" and token.text.isascii():
                variable, rest = token.text[-1], token.text[:-2]
                ending = [Token("word", rest, token.spaced, token.at)] if rest else []
                self.tokens[place : place + 1] = [*ending, Token("op", ")", False, token.at)]
                body: Node = ONE if place == self.place and not rest else self.sum()
                self.expect(")")
                return Big("int", variable, lower, upper, body)
        raise NotMath("an integral without its variable")


def _spaceless(text: str) -> str:
    return " ".join(text.split()).replace(" ", "")
