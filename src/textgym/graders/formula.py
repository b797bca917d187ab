"""Formulas such as `0.5 * format + max(exact, fuzzy) ^ 2`: a small language with a parser and evaluators of its own.

Numbers, names, `+ - * / ^` (`**` is `^`), parentheses, and the functions of `FUNCTIONS`. `^` binds tighter than a minus
sign in front of it, and to the right. A text is compiled into steps for a machine with a stack: nothing is evaluated as
Python, evaluation takes one step a symbol, and no number grows beyond a float.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from textgym.graders.errors import GraderSpecError, Invalid
from textgym.graders.interval import EVERYWHERE, EXTENTS, Interval

LONGEST = 10_000
"""Most characters of a formula."""
_DEEPEST = 50
_TOKEN = re.compile(
    r"[ \t\r\n]*+(?:(?P<number>(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*+)|(?P<sign>\*\*|[-+*/^(),])|(?P<end>\Z))",
    re.ASCII,
)
_SUMS, _PRODUCTS = ("+", "-"), ("*", "/")


class FormulaError(GraderSpecError):
    """A formula cannot be read; `code` is the failure's name in the vocabulary of OpenAI's `graders.run`."""

    code = "formula_parse_error"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a compiled formula: push a number or a name's value, or apply an operation to the top of the stack."""

    operation: str
    arity: int = 0
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read.

    Attributes:
        text: as it was written.
        names: the names in it, each once, in the order in which they are met.
        steps: the compiled form.
    """

    text: str
    names: tuple[str, ...]
    steps: tuple[Step, ...]

    def value(self, values: Mapping[str, float]) -> float:
        """The value for these values of the names.

        Raises:
            Invalid: a name has no value (`invalid_variable_error`), or the result is no finite number: a division by
                zero, a root or logarithm that does not exist, an overflow (`unresponsive_reward_error`).
        """
        stack: list[float] = []
        for step in self.steps:
            if step.operation == "number":
                stack.append(step.number)
            elif step.arity == 0:
                if step.operation not in values:
                    raise Invalid("error", f"{step.operation} has no value", code="invalid_variable_error")
                stack.append(float(values[step.operation]))
            else:
                arguments = stack[-step.arity :]
                del stack[-step.arity :]
                stack.append(_applied(step.operation, arguments))
        return stack[0]

    def extent(self, bounds: Mapping[str, Interval]) -> Interval:
        """An interval that holds the value wherever it exists, for values within `bounds`; ends may be infinite."""
        stack: list[Interval] = []
        for step in self.steps:
            if step.operation == "number":
                stack.append((step.number, step.number))
            elif step.arity == 0:
                stack.append(bounds[step.operation])
            else:
                arguments = stack[-step.arity :]
                del stack[-step.arity :]
                low, high = EXTENTS[step.operation](arguments)
                # What is never finite has no value, and every interval holds it.
                stack.append((low, high) if low < math.inf and high > -math.inf else EVERYWHERE)
        return stack[0]


FUNCTIONS: dict[str, tuple[int, int]] = {
    "min": (1, 1000),
    "max": (1, 1000),
    "abs": (1, 1),
    "floor": (1, 1),
    "ceil": (1, 1),
    "exp": (1, 1),
    "sqrt": (1, 1),
    "log": (1, 1),
}
"""The functions of formulas, with the fewest and most arguments; `log` is the natural logarithm."""

_OPERATIONS: dict[str, Callable[..., float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": math.pow,
    "negate": lambda a: -a,
    "min": lambda *arguments: min(arguments),
    "max": lambda *arguments: max(arguments),
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "log": math.log,
}


def _applied(operation: str, arguments: Sequence[float]) -> float:
    try:
        value = float(_OPERATIONS[operation](*arguments))
    except (ArithmeticError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        shown = ", ".join(f"{argument:g}" for argument in arguments)
        raise Invalid("error", f"{operation} of {shown} is no finite number", code="unresponsive_reward_error")
    return value


@lru_cache(maxsize=1024)
def parse_formula(text: str) -> Formula:
    """Read a formula.

    Raises:
        FormulaError: it is none; the message says what is wrong, and where.
    """
    if len(text) > LONGEST:
        raise FormulaError(f"the formula has {len(text):,} characters; at most {LONGEST:,} are read")
    return _Parser(text).formula()


class _Parser:
    """Recursive descent over the text, which writes the steps as it goes; one level of recursion a parenthesis."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.steps: list[Step] = []
        self.names: dict[str, None] = {}
        self.kind, self.symbol, self.place = "", "", 0
        self.advance()

    def formula(self) -> Formula:
        self.sum()
        if self.kind != "end":
            self.refuse("expected an operator or the end")
        return Formula(self.text, tuple(self.names), tuple(self.steps))

    def sum(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            self.refuse(f"it is nested deeper than {_DEEPEST}")
        self.product()
        while self.kind == "sign" and self.symbol in _SUMS:
            self.operate(self.product)
        self.depth -= 1

    def product(self) -> None:
        self.signed()
        while self.kind == "sign" and self.symbol in _PRODUCTS:
            self.operate(self.signed)

    def operate(self, operand: Callable[[], None]) -> None:
        operation = self.symbol
        self.advance()
        operand()
        self.steps.append(Step(operation, 2))

    def signed(self) -> None:
        """A power with any number of signs in front."""
        negative = False
        while self.kind == "sign" and self.symbol in _SUMS:
            negative ^= self.symbol == "-"
            self.advance()
        self.power()
        if negative:
            self.steps.append(Step("negate", 1))

    def power(self) -> None:
        self.atom()
        if self.kind == "sign" and self.symbol in ("^", "**"):
            self.depth += 1
            if self.depth > _DEEPEST:
                self.refuse(f"it is nested deeper than {_DEEPEST}")
            self.advance()
            self.signed()
            self.steps.append(Step("^", 2))
            self.depth -= 1

    def atom(self) -> None:
        kind, symbol = self.kind, self.symbol
        if kind == "number":
            number = float(symbol)
            if not math.isfinite(number):
                self.refuse("the number is too large")
            self.advance()
            self.steps.append(Step("number", number=number))
        elif kind == "name":
            self.advance()
            if self.symbol == "(":
                self.call(symbol)
            elif symbol in FUNCTIONS:
                self.refuse(f"{symbol} is a function: write {symbol}(...)")
            else:
                self.names[symbol] = None
                self.steps.append(Step(symbol))
        elif symbol == "(":
            self.advance()
            self.sum()
            self.close()
        else:
            self.refuse("expected a number, a name or a parenthesis")

    def call(self, function: str) -> None:
        if function not in FUNCTIONS:
            self.refuse(f"there is no function {function!r}; there are {', '.join(sorted(FUNCTIONS))}")
        self.advance()
        arity = 1
        self.sum()
        while self.symbol == ",":
            self.advance()
            self.sum()
            arity += 1
        self.close()
        fewest, most = FUNCTIONS[function]
        if not fewest <= arity <= most:
            self.refuse(f"{function} takes {fewest} argument{'s' * (fewest > 1)}, and not {arity}")
        self.steps.append(Step(function, arity))

    def close(self) -> None:
        if self.symbol != ")":
            self.refuse("expected a closing parenthesis")
        self.advance()

    def advance(self) -> None:
        found = _TOKEN.match(self.text, self.at)
        if found is None or found.lastgroup is None:
            self.place = self.at + len(self.text[self.at :]) - len(self.text[self.at :].lstrip())
            self.refuse("this is no part of a formula")
        self.kind, self.symbol = found.lastgroup, found[found.lastgroup]
        self.place = found.start(found.lastgroup)
        self.at = found.end()

    def refuse(self, why: str) -> NoReturn:
        near = self.text[self.place : self.place + 20]
        where = f"at character {self.place + 1}, {near!r}" if near else "at the end"
        raise FormulaError(f"the formula cannot be read {where}: {why}")
