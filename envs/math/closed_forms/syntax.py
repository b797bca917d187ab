"""Formulas as trees, how they are written, and the strict reader of what a policy writes.

Plain notation: whole numbers and decimals (read exactly), `x`, `pi`, `e`, `+ - * / ^`, parentheses, and the functions
`sin cos tan exp ln sqrt`. Every function has its parentheses; `^` binds tightest and to the right, and `-x^2` is
`-(x^2)`. A product may go without its `*`, except behind a division or a power, where `1/2x` and `e^2x` mean two things.
Length, depth and digits are bounded, so hostile text costs microseconds; nothing is executed.
"""

from dataclasses import dataclass
from fractions import Fraction

from textgym.envs.math.formulas import FormulaError

MAX_CHARS = 600
MAX_DEPTH = 30
MAX_DIGITS = 40

FUNCTIONS = ("sin", "cos", "tan", "exp", "ln", "sqrt")
SYMBOLS = ("x", "pi", "e")

_SPELLED = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "π": "pi"})
_SPACES = frozenset(" \t\r\n\u00a0")
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SIGNS = frozenset("+-*/^()")


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number. The reader makes none below 0; a fraction is written as a quotient."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Symbol:
    """`x`, `pi` or `e`."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign in front of a formula."""

    of: "Formula"


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added; a difference has a `Negative` term."""

    terms: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied, and factors divided by."""

    above: tuple["Formula", ...]
    below: tuple["Formula", ...] = ()


@dataclass(frozen=True, slots=True)
class Power:
    """A base to an exponent."""

    base: "Formula"
    exponent: "Formula"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of a formula."""

    function: str
    of: "Formula"


Formula = Number | Symbol | Negative | Sum | Product | Power | Call

X, PI, E = Symbol("x"), Symbol("pi"), Symbol("e")


def read_formula(text: str, *, symbols: tuple[str, ...] = SYMBOLS, functions: tuple[str, ...] = FUNCTIONS) -> Formula:
    """The formula that `text` consists of.

    Args:
        text: what a policy wrote.
        symbols: the symbols that may occur.
        functions: the functions that may occur.

    Raises:
        FormulaError: it is empty, longer than `MAX_CHARS`, nested deeper than `MAX_DEPTH`, or not in the notation.
    """
    if len(text) > MAX_CHARS:
        raise FormulaError(f"The formula has {len(text)} characters; at most {MAX_CHARS} are read.")
    return _Reader(_tokens(text.translate(_SPELLED)), symbols, functions).read()


def notation(symbols: tuple[str, ...] = SYMBOLS, functions: tuple[str, ...] = FUNCTIONS) -> str:
    """A sentence for a prompt that says how to write formulas."""
    parts = ["numbers", *symbols, "+ - * / ^", "parentheses", *(f"{name}()" for name in functions)]
    return f"Use only {', '.join(parts)}; write * for every product and ^ for powers."


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at, end = 0, len(text)
    while at < end:
        char = text[at]
        start = at
        if char in _SPACES:
            at += 1
            continue
        if char in _DIGITS or char == ".":
            while at < end and (text[at] in _DIGITS or text[at] == "."):
                at += 1
        elif char in _LETTERS:
            while at < end and text[at] in _LETTERS:
                at += 1
        elif text.startswith("**", at):
            at += 2
            tokens.append("^")
            continue
        elif char in _SIGNS:
            at += 1
        else:
            raise FormulaError(f"{char!r} cannot stand in a formula.")
        tokens.append(text[start:at])
    return tokens


class _Reader:
    """Recursive descent; the depth is counted, so the interpreter's stack is safe."""

    def __init__(self, tokens: list[str], symbols: tuple[str, ...], functions: tuple[str, ...]) -> None:
        self.tokens = tokens
        self.symbols = symbols
        self.functions = functions
        self.at = 0
        self.depth = 0

    def read(self) -> Formula:
        formula = self._sum()
        if self.at < len(self.tokens):
            raise FormulaError(f"Expected an operator before {self.tokens[self.at][:20]!r}.")
        return formula

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(f"The formula is nested deeper than {MAX_DEPTH}.")

    def _sum(self) -> Formula:
        self._deeper()
        terms = [self._product()]
        while (sign := self._next()) in ("+", "-"):
            self.at += 1
            term = self._product()
            terms.append(Negative(term) if sign == "-" else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Sum(tuple(terms))

    def _product(self) -> Formula:
        factor = self._signed()
        above, below = [factor], list[Formula]()
        divided = False
        while word := self._next():
            if word in ("*", "/"):
                self.at += 1
                divided = word == "/"
                factor = self._signed()
            elif word == "(" or word[0] in _LETTERS:  # nothing is written between two factors
                if divided or (isinstance(factor, Power) and self.tokens[self.at - 1] != ")"):
                    raise FormulaError("After a division or a power, write * before the next factor.")
                factor = self._power()
            else:
                break
            (below if divided else above).append(factor)
        return above[0] if len(above) == 1 and not below else Product(tuple(above), tuple(below))

    def _signed(self) -> Formula:
        sign = self._next()
        if sign not in ("+", "-"):
            return self._power()
        self.at += 1
        self._deeper()
        of = self._signed()
        self.depth -= 1
        return Negative(of) if sign == "-" else of

    def _power(self) -> Formula:
        base = self._atom()
        if self._next() != "^":
            return base
        self.at += 1
        self._deeper()
        exponent = self._signed()
        self.depth -= 1
        return Power(base, exponent)

    def _atom(self) -> Formula:
        word = self._next()
        self.at += 1
        if not word:
            raise FormulaError("The formula ends too early.")
        if word[0] in _DIGITS or word[0] == ".":
            return _number(word)
        if word == "(":
            inner = self._sum()
            self._close()
            return inner
        if word in self.functions:
            if self._next() != "(":
                raise FormulaError(f"Expected a parenthesis after {word}.")
            self.at += 1
            inner = self._sum()
            self._close()
            return Call(word, inner)
        if word in self.symbols:
            return Symbol(word)
        raise FormulaError(f"Expected a number, a symbol or a function, not {word[:20]!r}.")

    def _close(self) -> None:
        if self._next() != ")":
            raise FormulaError("A parenthesis is not closed, or a * is missing.")
        self.at += 1


def _number(token: str) -> Formula:
    whole, point, part = token.partition(".")
    if "." in part or not (whole or part) or len(token) > MAX_DIGITS:
        raise FormulaError(f"{token[:20]!r} is not a number of at most {MAX_DIGITS} digits.")
    if not point:
        return Number(Fraction(int(whole)))
    return Number(Fraction(int((whole or "0") + part), 10 ** len(part)))


_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)


def written(formula: Formula) -> str:
    """The formula as text that `read_formula` reads back, with the parentheses it needs."""
    return _write(formula)[0]


def _write(formula: Formula) -> tuple[str, int]:
    match formula:
        case Number(value):
            if value < 0:
                return f"-{_write(Number(-value))[0]}", _SIGN if value.denominator == 1 else _PRODUCT
            return str(value), _ATOM if value.denominator == 1 else _PRODUCT
        case Symbol(name):
            return name, _ATOM
        case Call(function, of):
            return f"{function}({written(of)})", _ATOM
        case Negative(of):
            return f"-{_inside(of, _PRODUCT)}", _SIGN
        case Power(base, exponent):
            return f"{_inside(base, _ATOM)}^{_inside(exponent, _ATOM)}", _POWER
        case Product(above, below):
            text = "*".join(_inside(factor, _PRODUCT if number == 0 else _POWER) for number, factor in enumerate(above))
            return "".join([text or "1", *(f"/{_inside(factor, _POWER)}" for factor in below)]), _PRODUCT
        case Sum(terms):
            parts = [_inside(terms[0], _PRODUCT)]
            for term in terms[1:]:
                text = _inside(term, _PRODUCT)
                parts.append(f" - {text[1:]}" if text.startswith("-") else f" + {text}")
            return "".join(parts), _SUM


def _inside(formula: Formula, at_least: int) -> str:
    """The text, in parentheses where it binds less tightly than its place asks for."""
    text, binds = _write(formula)
    return text if binds >= at_least else f"({text})"
