"""A bounded reader of formulas over any kind of value: polynomials, surds, monomials, whatever a `Ring` makes of them.

A formula is made of numbers (`12`, `0.5`), names of one letter, functions (`sqrt(2)`), `+ - * / ^`, parentheses and signs.
`**` is read as `^`; `×`, `·`, `÷`, `−` as the operators they stand for. A product may go without its sign: `3x^2(x + 1)`. Only
behind a division it may not, since `1/2x` means two things. Powers bind tighter than signs, and from right to left.

The reader builds no tree: it hands each operation to the ring as soon as its operands are known, keeps its own stacks
instead of recursing, and bounds the length of the text. How large a value may grow is the ring's to bound.
"""

from fractions import Fraction
from typing import Generic, TypeVar

MAX_CHARS = 2_000
MAX_DEPTH = 60
MAX_NUMBER_CHARS = 60

T = TypeVar("T")

_SPELLED = str.maketrans({"×": "*", "·": "*", "⋅": "*", "÷": "/", "−": "-"})
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SPACES = frozenset(" \t\r\n\u00a0")
_NEGATE, _OPEN, _CALL = "neg", "(", "call "
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, _NEGATE: 3, "^": 4}


class FormulaError(ValueError):
    """The text is no formula of this kind; the message says what is wrong, for the one who wrote it."""


class Ring(Generic[T]):
    """What the parts of a formula mean. An operation that is left out is refused; each may refuse with `FormulaError`."""

    functions: tuple[str, ...] = ()
    """Names of more than one letter that may stand in front of a parenthesis."""

    def number(self, value: Fraction) -> T:
        """The meaning of a number."""
        raise FormulaError("numbers have no place here")

    def name(self, name: str) -> T:
        """The meaning of a letter."""
        raise FormulaError(f"{name!r} has no meaning here")

    def call(self, function: str, value: T) -> T:
        """The value of one of `functions`."""
        raise FormulaError(f"{function} has no meaning here")

    def add(self, left: T, right: T) -> T:
        """A sum."""
        raise FormulaError("+ and - have no place here")

    def negate(self, value: T) -> T:
        """A value with its sign changed."""
        raise FormulaError("a sign has no place here")

    def subtract(self, left: T, right: T) -> T:
        """A difference."""
        return self.add(left, self.negate(right))

    def multiply(self, left: T, right: T) -> T:
        """A product."""
        raise FormulaError("* has no place here")

    def divide(self, left: T, right: T) -> T:
        """A quotient; refuses a division by zero."""
        raise FormulaError("/ has no place here")

    def power(self, base: T, exponent: T) -> T:
        """A power."""
        raise FormulaError("^ has no place here")


def formula_value(text: str, ring: Ring[T]) -> T:
    """The value of a formula in a ring.

    Raises:
        FormulaError: the text is empty, longer than `MAX_CHARS`, nested deeper than `MAX_DEPTH`, no formula, or the ring
            refuses a part of it.
    """
    if len(text) > MAX_CHARS:
        raise FormulaError(f"the formula has {len(text)} characters; at most {MAX_CHARS} are read")
    return _Reader(text.translate(_SPELLED).replace("**", "^"), ring).read()


class _Reader(Generic[T]):
    """Shunting-yard evaluation: operands on one stack, operators that still wait for theirs on another."""

    def __init__(self, text: str, ring: Ring[T]) -> None:
        self.text = text
        self.ring = ring
        self.values: list[T] = []
        self.waiting: list[str] = []
        self.depth = 0

    def read(self) -> T:
        text = self.text
        at = 0
        operand_next = True
        while at < len(text):
            char = text[at]
            if char in _SPACES:
                at += 1
            elif operand_next:
                at, operand_next = self._operand(char, at)
            elif char == ")":
                self._close()
                at += 1
            elif char in _BINDS:
                self._operator(char)
                operand_next = True
                at += 1
            elif char in _LETTERS or char == "(":
                # Nothing is written between two factors.
                if self._divides():
                    raise FormulaError(f"after a division, write * or parentheses, at {self._place(at)}")
                self._operator("*")
                operand_next = True
            else:
                raise FormulaError(f"expected an operator at {self._place(at)}")
        if operand_next:
            raise FormulaError("the formula ends too early" if self.values else "there is no formula")
        self._apply_down_to(0)
        if self.waiting:
            raise FormulaError("a parenthesis is not closed")
        return self.values[0]

    def _operand(self, char: str, at: int) -> tuple[int, bool]:
        """Read what may stand where an operand is due; where it ends, and whether the operand is still due."""
        if char in _DIGITS:
            return self._number(at), False
        if char in _LETTERS:
            return self._name(at)
        if char == "(":
            self._open(_OPEN)
        elif char == "-":
            self.waiting.append(_NEGATE)
        elif char != "+":  # a plus sign in front changes nothing
            raise FormulaError(f"expected a number, a name or ( at {self._place(at)}")
        return at + 1, True

    def _place(self, at: int) -> str:
        return f"character {at + 1} ({self.text[at]!r})"

    def _number(self, start: int) -> int:
        text = self.text
        at = start
        while at < len(text) and (text[at] in _DIGITS or text[at] == "."):
            at += 1
        written = text[start:at]
        whole, point, decimals = written.partition(".")
        if len(written) > MAX_NUMBER_CHARS or (point and not decimals) or "." in decimals:
            raise FormulaError(f"{written[:MAX_NUMBER_CHARS]!r} is no number of at most {MAX_NUMBER_CHARS} digits")
        self.values.append(self.ring.number(Fraction(int(whole + decimals), 10 ** len(decimals))))
        return at

    def _name(self, start: int) -> tuple[int, bool]:
        text = self.text
        for function in self.ring.functions:
            if text.startswith(function, start):
                at = start + len(function)
                while at < len(text) and text[at] in _SPACES:
                    at += 1
                if text[at : at + 1] != "(":
                    raise FormulaError(f"write {function}( ) with parentheses")
                self._open(_CALL + function)
                return at + 1, True
        self.values.append(self.ring.name(text[start]))
        return start + 1, False

    def _open(self, mark: str) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaError(f"parentheses are nested deeper than {MAX_DEPTH}")
        self.waiting.append(mark)

    def _close(self) -> None:
        if not self.depth:
            raise FormulaError("a parenthesis closes that was not opened")
        self._apply_down_to(0)
        mark = self.waiting.pop()
        self.depth -= 1
        if mark != _OPEN:
            self.values.append(self.ring.call(mark.removeprefix(_CALL), self.values.pop()))

    def _divides(self) -> bool:
        """Whether the operand just read, with its powers, stands right of a division."""
        for operator in reversed(self.waiting):
            if operator not in ("^", _NEGATE):
                return operator == "/"
        return False

    def _operator(self, operator: str) -> None:
        # A power waits for the power to its right.
        self._apply_down_to(_BINDS[operator] + (operator == "^"))
        self.waiting.append(operator)

    def _apply_down_to(self, binding: int) -> None:
        """Apply the waiting operators that bind at least as tightly, back to the innermost open parenthesis."""
        waiting, values, ring = self.waiting, self.values, self.ring
        while waiting and _BINDS.get(waiting[-1], -1) >= binding:
            operator = waiting.pop()
            right = values.pop()
            if operator == _NEGATE:
                values.append(ring.negate(right))
                continue
            left = values.pop()
            if operator == "+":
                values.append(ring.add(left, right))
            elif operator == "-":
                values.append(ring.subtract(left, right))
            elif operator == "*":
                values.append(ring.multiply(left, right))
            elif operator == "/":
                values.append(ring.divide(left, right))
            else:
                values.append(ring.power(left, right))
