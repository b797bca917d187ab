"""The value of an expression at a point, to many digits, with every step bounded."""

import hashlib
import os
import threading
from fractions import Fraction
from typing import Any

from textgym.graders.math.budget import Budget, TooHard
from textgym.graders.math.options import MAX_FACTORIAL
from textgym.graders.math.rational import constant
from textgym.graders.math.tree import (
    Add,
    Apply,
    Big,
    Call,
    Const,
    Div,
    Mul,
    Neg,
    Node,
    Num,
    Pow,
    Quantity,
    Sym,
)

_LARGEST_EXPONENT = 1 << 50  # bits of a value that is written with an exponent
_MOST_TERMS = 2000
_contexts: dict[int, Any] = {}
_lock = threading.RLock()

_NAMES = {
    "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "coth": "coth", "sech": "sech", "csch": "csch", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arccot": "acot", "arcsec": "asec", "arccsc": "acsc", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh",
    "arg": "arg", "re": "re", "im": "im", "erf": "erf", "conj": "conj", "sinc": "sinc", "sgn": "sign",
}  # fmt: skip


class Undefined(Exception):  # noqa: N818 (a verdict about a point, never shown to a user)
    """An expression has no value at a point."""


def arithmetic() -> "threading.RLock":
    """What a thread holds while it evaluates: mpmath keeps constants that threads must not work out side by side."""
    return _lock


def _renew_lock() -> None:
    """After a fork no thread is left that could give the lock back."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


def context(digits: int) -> Any:
    """An arithmetic of that many decimal digits, apart from mpmath's global one."""
    if digits not in _contexts:
        from mpmath.ctx_mp import MPContext

        made = MPContext()
        made.dps = digits
        _contexts[digits] = made
    return _contexts[digits]


class Evaluator:
    """Values at one point.

    Args:
        digits: decimal digits of the arithmetic.
        point: the values of the variables.
        budget: bounds the work.
        log: the base of a logarithm without one, `10` or `e`.

    Attributes:
        scale: the largest term of a sum on the way: what is far below it may be nothing but rounding.
        real: whether all values on the way were real numbers.
    """

    def __init__(self, digits: int, point: dict[str, Any], budget: Budget, log: str = "10") -> None:
        self.ctx = context(digits)
        self.digits = digits
        self.point = dict(point)
        self.budget = budget
        self.log = log
        self.scale = self.ctx.mpf(0)
        self.real = True

    def value(self, node: Node) -> Any:
        """The value: a number of the arithmetic, real where it can be.

        Raises:
            Undefined: there is none.
            TooHard: it is beyond the limits, or of a kind that is not worked out here.
        """
        try:
            found = self._of(node)
        except (ZeroDivisionError, ValueError, OverflowError, self.ctx.NoConvergence):
            raise Undefined from None
        if self.ctx.isnan(found):
            raise Undefined
        if isinstance(found, self.ctx.mpc) and abs(found.imag) <= abs(found.real) * self.ctx.mpf(10) ** (
            10 - self.digits
        ):
            return found.real
        return found

    def _of(self, node: Node) -> Any:
        found = self._worked_out(node)
        if isinstance(found, self.ctx.mpc):
            if not found.imag:
                return found.real
            self.real = False
        return found

    def _worked_out(self, node: Node) -> Any:
        self.budget.spend(3)
        ctx = self.ctx
        if isinstance(node, Num):
            return self._exact(node.value)
        if isinstance(node, Sym):
            if node.name not in self.point:
                raise TooHard(f"{node.name} has no value")
            return self.point[node.name]
        if isinstance(node, Const):
            return {"pi": ctx.pi, "e": ctx.e, "i": ctx.j, "oo": ctx.inf}[node.name] * 1
        if isinstance(node, Add):
            terms = [self._of(term) for term in node.terms]
            self.scale = max(self.scale, *(abs(term) for term in terms))
            return ctx.fsum(terms)
        if isinstance(node, Mul):
            return ctx.fprod([self._of(factor) for factor in node.factors])
        if isinstance(node, Neg):
            return -self._of(node.of)
        if isinstance(node, Div):
            return self._of(node.top) / self._of(node.bottom)
        if isinstance(node, Pow):
            return self._power(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Apply):
            return self._unknown(node)
        if isinstance(node, Quantity) and (node.unit.angle or not node.unit.dims):
            return self._of(node.value) * self._exact(node.unit.factor) * (ctx.pi if node.unit.angle else 1)
        if isinstance(node, Big) and node.kind in ("sum", "prod"):
            return self._big(node)
        raise TooHard(f"{type(node).__name__} is not worked out at points")

    def _exact(self, value: Fraction) -> Any:
        return (
            self.ctx.mpf(value.numerator) / value.denominator
            if value.denominator > 1
            else self.ctx.mpf(value.numerator)
        )

    def _power(self, node: Pow) -> Any:
        ctx = self.ctx
        base = self._of(node.base)
        exact = constant(node.exponent, self.budget)
        exponent = self._exact(exact) if exact is not None else self._of(node.exponent)
        if not base:
            if not exponent:
                return ctx.mpf(1)
            if ctx.re(exponent) < 0:
                raise ZeroDivisionError
            return ctx.mpf(0)
        if not (ctx.isfinite(base) and ctx.isfinite(exponent)):
            raise Undefined
        if abs(exponent) * (abs(ctx.mag(base)) + 1) > _LARGEST_EXPONENT:
            raise TooHard("a power is too large")
        if (
            exact is not None
            and exact.denominator % 2
            and exact.denominator > 1
            and not _complex(ctx, base)
            and base < 0
        ):
            root = ctx.power(-base, exponent)  # odd roots of negative numbers are negative
            return -root if exact.numerator % 2 else root
        return ctx.power(base, exponent)

    def _root(self, degree: Any, value: Any) -> Any:
        if not _complex(self.ctx, value) and value < 0 and self.ctx.isint(degree) and int(degree) % 2:
            return -self.ctx.power(-value, 1 / degree)
        if not degree:
            raise ZeroDivisionError
        return self.ctx.sqrt(value) if degree == 2 else self.ctx.power(value, 1 / degree)

    def _call(self, node: Call) -> Any:
        ctx, name = self.ctx, node.name
        args = [self._of(arg) for arg in node.args]
        if any(not ctx.isfinite(arg) for arg in args):
            raise Undefined
        if any(ctx.mag(arg) > 400 for arg in args if arg) and name not in ("root", "abs", "ln", "log", "max", "min"):
            raise TooHard(f"{name} of so large a number is not worked out")
        if name in _NAMES and len(args) == 1:
            return getattr(ctx, _NAMES[name])(args[0])
        if name == "root":
            return self._root(*args)
        if name in ("abs", "norm"):
            return abs(args[0])
        if name == "ln":
            return ctx.ln(args[0])
        if name == "log":
            base = args[0] if len(args) == 2 else ctx.mpf(10) if self.log == "10" else ctx.e * 1
            return ctx.ln(args[-1]) / ctx.ln(base)
        if name in ("floor", "ceil"):
            near = ctx.nint(args[0])
            if abs(args[0] - near) < ctx.mpf(10) ** (10 - self.digits) * max(1, abs(near)):
                return near
            return getattr(ctx, name)(args[0])
        if name in ("factorial", "gamma", "binom"):
            if any(abs(arg) > MAX_FACTORIAL for arg in args):
                raise TooHard("a factorial is too large")
            return {"factorial": ctx.factorial, "gamma": ctx.gamma, "binom": ctx.binomial}[name](*args)
        if name in ("max", "min") and not any(_complex(ctx, arg) for arg in args):
            return max(args) if name == "max" else min(args)
        if name == "mod" and args[1]:
            return args[0] - args[1] * ctx.floor(args[0] / args[1])
        raise TooHard(f"{name} is not worked out at points")

    def _unknown(self, node: Apply) -> Any:
        """A function that is not known has some value for each argument, and always the same."""
        args = [self.ctx.nstr(self._of(arg), 25) for arg in node.args]
        digest = hashlib.sha256(repr((node.name, args)).encode()).digest()
        return self.ctx.mpf(int.from_bytes(digest[:16], "big")) / (1 << 128) + self.ctx.mpf(1) / 2

    def _big(self, node: Big) -> Any:
        if node.lower is None or node.upper is None:
            raise TooHard("a sum without limits")
        low, high = self._of(node.lower), self._of(node.upper)
        if not (self.ctx.isfinite(low) and self.ctx.isfinite(high)):
            raise TooHard("an infinite sum is not worked out at points")
        if not (self.ctx.isint(low) and self.ctx.isint(high)):
            raise Undefined
        if high - low > _MOST_TERMS:
            raise TooHard("a sum has too many terms")
        hidden = self.point.get(node.variable)
        total = self.ctx.mpf(0 if node.kind == "sum" else 1)
        for index in range(int(low), int(high) + 1):
            self.point[node.variable] = self.ctx.mpf(index)
            term = self._of(node.body)
            self.scale = max(self.scale, abs(term)) if node.kind == "sum" else self.scale
            total = total + term if node.kind == "sum" else total * term
        if hidden is None:
            self.point.pop(node.variable, None)
        else:
            self.point[node.variable] = hidden
        return total


def _complex(ctx: Any, value: Any) -> bool:
    return isinstance(value, ctx.mpc) and bool(value.imag)
