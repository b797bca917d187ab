"""The program of the computer algebra process: it reads trees as JSON, one pair a line, and answers with one word.

It is started as a file and imports nothing of textgym, so that it starts fast and holds nothing of the caller's. What it
gets are trees of known nodes; names and numbers in them are made into sympy's objects here and are never parsed as code.
"""

import json
import resource
import sys
from typing import Any

_FUNCTIONS = {
    "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc", "sinh": "sinh", "cosh": "cosh",
    "tanh": "tanh", "coth": "coth", "sech": "sech", "csch": "csch", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "arccot": "acot", "arcsec": "asec", "arccsc": "acsc", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh",
    "abs": "Abs", "ln": "log", "floor": "floor", "ceil": "ceiling", "factorial": "factorial", "gamma": "gamma",
    "binom": "binomial", "erf": "erf", "sgn": "sign", "max": "Max", "min": "Min", "re": "re", "im": "im", "arg": "arg",
    "conj": "conjugate", "sinc": "sinc",
}  # fmt: skip
_DIGITS, _POINTS = 30, 8


class _Unknown(Exception):  # noqa: N818 (it never leaves this program)
    """A node that has no counterpart."""


def main() -> None:
    """Answer pairs until the input ends."""
    import sympy

    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _warm_up(sympy)
    _say("ready")
    for line in sys.stdin:
        try:
            given = json.loads(line)
            word = _compare(sympy, given["left"], given["right"], given["log"])
        except (Exception, RecursionError):  # whatever sympy raises: it did not decide
            word = "undecided"
        _say(word)


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def _warm_up(sympy: Any) -> None:
    """Load what is loaded at the first use, so that no question waits for it."""
    x, n = sympy.Symbol("x", real=True), sympy.Symbol("n", integer=True)
    sympy.integrate(x * sympy.exp(x) + sympy.sin(x), (x, 0, 1))
    sympy.limit(sympy.sin(x) / x, x, 0)
    sympy.Sum(1 / 2**n, (n, 0, sympy.oo)).doit()


def _compare(sympy: Any, left: Any, right: Any, log: str) -> str:
    builder = _Builder(sympy, log)
    a, b = builder.build(left).doit(), builder.build(right).doit()
    if a.has(sympy.nan) or b.has(sympy.nan):
        return "undecided"
    if a.has(sympy.oo, sympy.zoo) or b.has(sympy.oo, sympy.zoo):
        if a.free_symbols or b.free_symbols:
            return "undecided"  # whatever is added up without end comes to the same infinity
        return "equal" if a == b else "unequal"
    if a == b:
        return "equal"
    names = sorted(a.free_symbols | b.free_symbols, key=str)
    counted = 0
    for attempt in range(_POINTS if names else 1):
        point = {name: sympy.Rational(7 * (attempt + 3) ** 2 + 13 * place + 5, 31) for place, name in enumerate(names)}
        x, y = sympy.N(a.subs(point), _DIGITS), sympy.N(b.subs(point), _DIGITS)
        if not (x.is_number and y.is_number and x.is_finite and y.is_finite):
            continue
        if abs(x - y) > sympy.Float(10) ** (5 - _DIGITS) * max(abs(x), abs(y), sympy.Float(10) ** -_DIGITS):
            return "unequal"
        counted += 1
    return "equal" if counted >= (_POINTS // 2 if names else 1) else "undecided"


class _Builder:
    def __init__(self, sympy: Any, log: str) -> None:
        self.sympy = sympy
        self.log = log

    def build(self, node: Any) -> Any:
        """The sympy object of a node."""
        sympy = self.sympy
        kind, *rest = node
        if kind == "num":
            return sympy.Rational(int(rest[0]), int(rest[1]))
        if kind == "sym":
            return sympy.Symbol(rest[0], real=True)
        if kind == "const":
            return {"pi": sympy.pi, "e": sympy.E, "i": sympy.I, "oo": sympy.oo}[rest[0]]
        if kind == "call":
            return self._call(rest[0], [self.build(arg) for arg in rest[1]])
        if kind == "big":
            return self._big(*rest)
        args = [self.build(arg) for arg in rest[0]]
        if kind == "add":
            return sympy.Add(*args)
        if kind == "mul":
            return sympy.Mul(*args)
        if kind == "div":
            return args[0] / args[1]
        if kind == "neg":
            return -args[0]
        if kind == "pow":
            return sympy.Pow(*args)
        raise _Unknown(kind)

    def _call(self, name: str, args: list[Any]) -> Any:
        if name == "root":
            return self.sympy.real_root(args[1], args[0]) if args[0] % 2 == 1 else args[1] ** (1 / args[0])
        if name == "log":
            base = args[0] if len(args) == 2 else self.sympy.Integer(10) if self.log == "10" else self.sympy.E
            return self.sympy.log(args[-1], base)
        if name not in _FUNCTIONS:
            raise _Unknown(name)
        return getattr(self.sympy, _FUNCTIONS[name])(*args)

    def _big(self, kind: str, variable: str, lower: Any, upper: Any, body: Any) -> Any:
        sympy = self.sympy
        name = sympy.Symbol(variable, real=True) if kind in ("int", "lim") else sympy.Symbol(variable, integer=True)
        inner = self.build(body).subs(sympy.Symbol(variable, real=True), name)
        if kind == "lim":
            return sympy.limit(inner, name, self.build(lower))
        if lower is None or upper is None:
            return sympy.integrate(inner, name)
        limits = (name, self.build(lower), self.build(upper))
        return {"int": sympy.Integral, "sum": sympy.Sum, "prod": sympy.Product}[kind](inner, limits)


if __name__ == "__main__":
    main()
