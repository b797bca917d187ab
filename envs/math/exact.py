"""Exact arithmetic over text: a bounded reader of expressions that never executes anything.

An expression is made of numbers (`12`, `0.5`), `+ - * /`, parentheses and signs; `×`, `·`, `÷`, `−` are read as the
operators they stand for. It is evaluated with rational numbers, so that 1/3*3 is 1 and nothing overflows. The reader keeps
its own stacks instead of recursing, and the length of the text, the digits of a number and the size of every
intermediate value are bounded: hostile text costs microseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

MAX_CHARS = 1_000
MAX_NUMBER_CHARS = 60
MAX_DEPTH = 100
MAX_BITS = 4_096

_SPELLED = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-"})
_DIGITS = frozenset("0123456789")
_SPACES = frozenset(" \t\r\n\u00a0")
_NEGATE, _OPEN = "neg", "("
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, _NEGATE: 3}
_APPLY: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


class ExpressionError(ValueError):
    """The text is no expression that can be evaluated; the message says what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read and evaluated.

    Attributes:
        value: what it comes to.
        numbers: the numbers written in it, from left to right, without their signs.
        operators: the operators used, in the order in which they apply: `+ - * /`, and `neg` for a minus sign in front.
        whole: whether the numbers written and every value on the way are whole.
    """

    value: Fraction
    numbers: tuple[Fraction, ...]
    operators: tuple[str, ...]
    whole: bool


def evaluate(text: str) -> Fraction:
    """The exact value of an arithmetic expression.

    Raises:
        ExpressionError: see `read_expression`.
    """
    return read_expression(text).value


def read_expression(text: str) -> Expression:
    """Read and evaluate an arithmetic expression.

    Raises:
        ExpressionError: the text is empty, longer than `MAX_CHARS`, nested deeper than `MAX_DEPTH`, not an expression,
            divides by zero, or passes through a number of more than `MAX_BITS` bits.
    """
    if len(text) > MAX_CHARS:
        raise ExpressionError(f"the expression has {len(text)} characters; at most {MAX_CHARS} are read")
    return _Reader(text.translate(_SPELLED)).read()


def show_number(value: Fraction) -> str:
    """The exact value as text that `evaluate` reads back: `42`, or `22/7` where it is no whole number."""
    return str(value)


class _Reader:
    """Shunting-yard evaluation: operands on one stack, operators that still wait for theirs on another."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: list[Fraction] = []
        self.waiting: list[str] = []
        self.numbers: list[Fraction] = []
        self.applied: list[str] = []
        self.whole = True
        self.depth = 0

    def read(self) -> Expression:
        text, end = self.text, len(self.text)
        at = 0
        operand_next = True
        while at < end:
            char = text[at]
            if char in _SPACES:
                at += 1
            elif operand_next:
                if char in _DIGITS or char == ".":
                    at = self._number(at)
                    operand_next = False
                    continue
                if char == "(":
                    self.depth += 1
                    if self.depth > MAX_DEPTH:
                        raise ExpressionError(f"parentheses are nested deeper than {MAX_DEPTH}")
                    self.waiting.append(_OPEN)
                elif char == "-":
                    self.waiting.append(_NEGATE)
                elif char != "+":  # a plus sign in front changes nothing
                    raise ExpressionError(f"expected a number at {self._place(at)}")
                at += 1
            else:
                if char == ")":
                    self._close(at)
                elif char in _APPLY:
                    if text.startswith("**", at):
                        raise ExpressionError(f"powers are not available at {self._place(at)}; multiply instead")
                    self._apply_down_to(_BINDS[char])
                    self.waiting.append(char)
                    operand_next = True
                else:
                    raise ExpressionError(f"expected + - * / or ) at {self._place(at)}")
                at += 1
        if operand_next:
            raise ExpressionError("the expression is empty" if not self.numbers else "the expression ends too early")
        self._apply_down_to(0)
        if self.waiting:
            raise ExpressionError("a parenthesis is not closed")
        return Expression(self.values[0], tuple(self.numbers), tuple(self.applied), self.whole)

    def _place(self, at: int) -> str:
        return f"character {at + 1} ({self.text[at]!r})"

    def _number(self, start: int) -> int:
        text, end = self.text, len(self.text)
        at = start
        while at < end and (text[at] in _DIGITS or text[at] == "."):
            at += 1
        written = text[start:at]
        if len(written) > MAX_NUMBER_CHARS:
            raise ExpressionError(f"a number has more than {MAX_NUMBER_CHARS} digits")
        whole, point, decimals = written.partition(".")
        if (point and not decimals) or not whole or "." in decimals:
            raise ExpressionError(f"{written!r} is not a number")
        number = Fraction(int(whole + decimals), 10 ** len(decimals))
        self.values.append(number)
        self.numbers.append(number)
        self.whole = self.whole and number.denominator == 1
        return at

    def _close(self, at: int) -> None:
        if not self.depth:
            raise ExpressionError(f"nothing to close at {self._place(at)}")
        self._apply_down_to(0)
        self.waiting.pop()
        self.depth -= 1

    def _apply_down_to(self, binding: int) -> None:
        """Apply the waiting operators that bind at least as tightly, back to the innermost open parenthesis."""
        waiting, values = self.waiting, self.values
        while waiting and waiting[-1] != _OPEN and _BINDS[waiting[-1]] >= binding:
            operator = waiting.pop()
            right = values.pop()
            if operator == _NEGATE:
                value = -right
            elif operator == "/" and not right:
                raise ExpressionError("division by zero")
            else:
                value = _APPLY[operator](values.pop(), right)
            if max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS:
                raise ExpressionError("a number on the way is too large")
            values.append(value)
            self.applied.append(operator)
            self.whole = self.whole and value.denominator == 1
