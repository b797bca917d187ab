"""Pairs of answers of which is known whether they are equal, because they were made so; and Math-Verify's word on them.

Each kind writes a value in two ways, or writes two values that differ. `EXPLAINED` says of every kind in which Math-Verify
and we differ why that is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec

from textgym.core import Random

MATH_VERIFY_MISSING = "left out: Math-Verify is not installed; `make bench` installs it"
_Made = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Pair:
    """A reference and an answer.

    Attributes:
        kind: what is written.
        reference: as LaTeX.
        answer: as LaTeX.
        equal: whether they say the same.
    """

    kind: str
    reference: str
    answer: str
    equal: bool


def _fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def _integer(rng: Random, equal: bool) -> _Made:
    value = rng.randint(1000, 10**7)
    return str(value), f"{value:,}" if equal else str(value + rng.choice([-10, 1, 100])), equal


def _decimal(rng: Random, equal: bool) -> _Made:
    top, power = rng.randint(1, 9999), rng.choice([10, 100, 1000])
    value = Fraction(top, power)
    shown = f"{top / power:.3f}" if equal else f"{(top + 1) / power:.3f}"
    return _fraction(value), shown, equal


def _rounded(rng: Random, equal: bool) -> _Made:
    bottom = rng.choice([3, 7, 9, 11, 13])
    value = Fraction(bottom * rng.randint(1, 20) + 1, bottom)
    if equal:
        return _fraction(value), rf"\frac{{{2 * value.numerator}}}{{{2 * value.denominator}}}", True
    return _fraction(value), f"{float(value):.{rng.choice([6, 8])}f}", False


def _tiny(rng: Random, equal: bool) -> _Made:
    power = rng.randint(15, 40)
    if equal:
        return rf"\frac{{1}}{{10^{{{power}}}}}", rf"10^{{-{power}}}", True
    return rf"10^{{-{power}}}", rf"10^{{-{power + 1}}}", False


def _scientific(rng: Random, equal: bool) -> _Made:
    digits, power = rng.randint(11, 99), rng.randint(3, 12)
    shift = 0 if equal else 1
    return rf"{digits / 10} \times 10^{{{power}}}", f"{digits / 10}e{power + shift}", equal


def _percent(rng: Random, equal: bool) -> _Made:
    value = rng.randint(2, 99)
    return rf"{value}\%", f"{value / 100}" if equal else str(value), equal


def _surd(rng: Random, equal: bool) -> _Made:
    inner, outer = rng.choice([2, 3, 5, 6, 7, 10]), rng.randint(2, 9)
    shift = 0 if equal else 1
    if rng.random() < 0.5:
        return rf"\sqrt{{{inner * outer * outer}}}", rf"{outer + shift}\sqrt{{{inner}}}", equal
    return rf"\frac{{{outer}}}{{\sqrt{{{inner}}}}}", rf"\frac{{{outer + shift}\sqrt{{{inner}}}}}{{{inner}}}", equal


def _polynomial(rng: Random, equal: bool) -> _Made:
    a, b, c = rng.randint(1, 4), rng.randint(-9, 9), rng.randint(-9, 9)
    shift = 0 if equal else 1
    factored = rf"({a}x{b:+d})(x{c:+d})"
    return factored, f"{a}x^2{a * c + b:+d}x{b * c + shift:+d}", equal


def _quotient(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(1, 9), rng.randint(1, 9)
    shift = 0 if equal else 1
    return rf"\frac{{1}}{{x+{a}}}+\frac{{1}}{{x+{b}}}", rf"\frac{{2x+{a + b + shift}}}{{(x+{a})(x+{b})}}", equal


def _trigonometry(rng: Random, equal: bool) -> _Made:
    left, right, wrong = rng.choice(
        [
            (r"\sin(2x)", r"2\sin x\cos x", r"\sin x\cos x"),
            (r"\cos(2x)", r"1-2\sin^2 x", r"1-\sin^2 x"),
            (r"1+\tan^2 x", r"\sec^2 x", r"\csc^2 x"),
            (r"\sin(x+y)", r"\sin x\cos y+\cos x\sin y", r"\sin x+\sin y"),
        ]
    )
    scale = rng.randint(2, 9)
    return f"{scale}({left})", f"{scale}({right if equal else wrong})", equal


def _degrees(rng: Random, equal: bool) -> _Made:
    degrees, value = rng.choice(
        [(30, r"\frac{1}{2}"), (90, "1"), (45, r"\frac{\sqrt{2}}{2}"), (60, r"\frac{\sqrt{3}}{2}")]
    )
    return value, rf"\sin {degrees if equal else degrees + 15}^\circ", equal


def _logarithm(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(2, 12), rng.randint(2, 12)
    return rf"\ln {a * b}", rf"\ln {a} + \ln {b if equal else b + 1}", equal


def _complex(rng: Random, equal: bool) -> _Made:
    n = rng.choice([3, 4, 6])
    shift = "" if equal else "-"
    return rf"\cos\frac{{\pi}}{{{n}}} + i\sin\frac{{\pi}}{{{n}}}", rf"e^{{{shift}i\pi/{n}}}", equal


def _tuple(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(-9, 0), rng.randint(1, 9)
    return f"({a},{b})", f"( {a}, {b}.0 )" if equal else f"({b},{a})", equal


def _set(rng: Random, equal: bool) -> _Made:
    values = [rng.randint(-9, 0), rng.randint(1, 5), rng.randint(6, 20)]
    shown = values[::-1] if equal else [*values[:2], values[2] + 1]
    return rf"\{{{values[0]},{values[1]},{values[2]}\}}", ",".join(map(str, shown)), equal


def _brackets(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(-9, 0), rng.randint(1, 9)
    return f"({a},{b})", f"({a}.0,{b})" if equal else rf"\{{{a},{b}\}}", equal


def _interval(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(-9, 0), rng.randint(1, 9)
    return f"[{a},{b})", f"{a} \\le x < {b}" if equal else f"[{a},{b}]", equal


def _union(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(-9, 0), rng.randint(1, 9)
    right = rf"({b},\infty)\cup(-\infty,{a})" if equal else rf"(-\infty,{a}]\cup[{b},\infty)"
    return rf"(-\infty,{a})\cup({b},\infty)", right, equal


def _matrix(rng: Random, equal: bool) -> _Made:
    a, b, c, d = (rng.randint(-9, 9) for _ in range(4))
    last = d if equal else d + 1
    return (
        rf"\begin{{pmatrix}}{a}&{b}\\{c}&{d}\end{{pmatrix}}",
        rf"\begin{{bmatrix}} {a} & {b} \\ {c} & {last} \end{{bmatrix}}",
        equal,
    )


def _unit(rng: Random, equal: bool) -> _Made:
    value = rng.randint(2, 99)
    return rf"{value}\text{{ m}}", rf"{value * 100}\text{{ cm}}" if equal else rf"{value}\text{{ cm}}", equal


def _word(rng: Random, equal: bool) -> _Made:
    left, right = rng.choice(
        [("listen", "silent"), ("stale", "least"), ("Monday", "Tuesday"), ("no", "on"), ("odd", "even")]
    )
    return rf"\text{{{left}}}", rf"\text{{{left.upper() if equal else right}}}", equal


def _line(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(2, 9), rng.randint(1, 9)
    return f"y={a}x+{b}", f"{2 * a}x-2y+{2 * b}=0" if equal else f"y={a}x-{b}", equal


def _curve(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(2, 9), rng.randint(2, 9)
    right = f"{b * b}x^2+{a * a}y^2={a * a * b * b}" if equal else f"{b * b}x^2-{a * a}y^2={a * a * b * b}"
    return rf"\frac{{x^2}}{{{a * a}}}+\frac{{y^2}}{{{b * b}}}=1", right, equal


def _inequality(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(2, 9), rng.randint(1, 9)
    return f"{a}x>{a * b}", f"x>{b}" if equal else rf"x\ge {b}", equal


def _both_signs(rng: Random, equal: bool) -> _Made:
    a, b = rng.randint(1, 9), rng.choice([2, 3, 5, 7])
    right = rf"{a}-\sqrt{{{b}}}, {a}+\sqrt{{{b}}}" if equal else rf"{a}+\sqrt{{{b}}}"
    return rf"{a}\pm\sqrt{{{b}}}", right, equal


def _sum(rng: Random, equal: bool) -> _Made:
    n = rng.randint(5, 60)
    return rf"\sum_{{k=1}}^{{{n}}} k", str(n * (n + 1) // 2 + (0 if equal else 1)), equal


KINDS: dict[str, Callable[[Random, bool], _Made]] = {
    "integers": _integer, "decimals": _decimal, "rounded decimals": _rounded, "tiny numbers": _tiny,
    "powers of ten": _scientific, "percent": _percent, "surds": _surd, "polynomials": _polynomial, "quotients": _quotient,
    "trigonometry": _trigonometry, "degrees": _degrees, "logarithms": _logarithm, "complex numbers": _complex,
    "tuples": _tuple, "sets": _set, "brackets": _brackets, "intervals": _interval, "unions": _union, "matrices": _matrix,
    "units": _unit, "words": _word, "lines": _line, "curves": _curve, "inequalities": _inequality,
    "plus-minus": _both_signs, "sums": _sum,
}  # fmt: skip

EXPLAINED: dict[str, str] = {
    "powers of ten": "Math-Verify does not read 1.8e7 between dollar signs: e is a factor there",
    "degrees": "Math-Verify drops the sign of degrees, so that the sine of 90 degrees is the sine of 90 radians",
    "complex numbers": "Math-Verify does not equate a complex exponential with its parts",
    "intervals": "Math-Verify takes an inequality for an interval only if asked, or if the inequality is the reference",
    "inequalities": "Math-Verify compares inequalities up to a sign, and not up to a factor",
    "units": "Math-Verify drops units: 41 m is 41 cm to it, and 49 m is not 4900 cm",
    "percent": "Math-Verify drops the percent sign, so that 66 % is 66",
    "rounded decimals": "Math-Verify rounds to six places, so that 12/11 is 1.090909",
    "tiny numbers": "Math-Verify rounds to a fixed number of places, so that all tiny numbers are one",
    "brackets": "Math-Verify takes an open interval or a tuple of two for a set",
}
"""Why Math-Verify and we differ, for each kind in which that happens."""


def pairs(count: int, seed: int = 0) -> Iterator[Pair]:
    """So many pairs, of all kinds in turn, equal and unequal ones in turn."""
    rng = Random(b"math pairs %d" % seed)
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        reference, answer, equal = KINDS[kind](rng, number // len(KINDS) % 2 == 0)
        yield Pair(kind, reference, answer, equal)


def has_math_verify() -> bool:
    """Whether Math-Verify can be imported."""
    return find_spec("math_verify") is not None


def by_math_verify(pair: Pair) -> bool:
    """Math-Verify's verdict."""
    from math_verify import parse, verify

    return bool(verify(parse(f"${pair.reference}$"), parse(f"${pair.answer}$")))
