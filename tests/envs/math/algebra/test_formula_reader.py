"""The reader of formulas: precedence, what is refused, and that nothing else happens; polynomials, surds, quotients, sets."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.core import Random
from textgym.envs.math import polynomials
from textgym.envs.math.algebra.rational_functions import equal, lowest_terms, read_quotient
from textgym.envs.math.algebra.surds import ForeignRootError, Surd, read_surd, square_free
from textgym.envs.math.draws import nonzero, sign_pattern, signed, signed_sum, small_fraction
from textgym.envs.math.formulas import MAX_CHARS, FormulaError, Ring, formula_value
from textgym.envs.math.intervals import Interval, read_region, region, written_region
from textgym.envs.math.polynomials import (
    common_divisor,
    degree,
    divided,
    is_irreducible,
    plus,
    poly,
    primitive,
    product,
    rational_root,
    read_polynomial,
    scaled,
    times,
    value_at,
    written,
)


class Texts(Ring[str]):
    """Writes each formula with all its parentheses."""

    functions = ("sqrt",)

    def number(self, value: Fraction) -> str:
        return str(value)

    def name(self, name: str) -> str:
        return name

    def call(self, function: str, value: str) -> str:
        return f"{function}{value}"

    def add(self, left: str, right: str) -> str:
        return f"({left}+{right})"

    def negate(self, value: str) -> str:
        return f"(-{value})"

    def subtract(self, left: str, right: str) -> str:
        return f"({left}-{right})"

    def multiply(self, left: str, right: str) -> str:
        return f"({left}*{right})"

    def divide(self, left: str, right: str) -> str:
        return f"({left}/{right})"

    def power(self, base: str, exponent: str) -> str:
        return f"({base}^{exponent})"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1+2*x", "(1+(2*x))"),
        ("1-2-3", "((1-2)-3)"),
        ("8/4/2", "((8/4)/2)"),
        ("2^3^x", "(2^(3^x))"),
        ("-x^2", "(-(x^2))"),
        ("2^-x*3", "((2^(-x))*3)"),
        ("2*-x", "(2*(-x))"),
        ("--x", "(-(-x))"),
        ("+x", "x"),
        ("3x^2y", "((3*(x^2))*y)"),
        ("2(x+1)(x-1)", "((2*(x+1))*(x-1))"),
        ("x(x)", "(x*x)"),
        ("x**2", "(x^2)"),
        ("2·x − y", "((2*x)-y)"),
        ("x/2*y", "((x/2)*y)"),
        ("(x/2)y", "((x/2)*y)"),
        ("2sqrt(x+1)", "(2*sqrt(x+1))"),
        ("sqrt (4)x", "(sqrt4*x)"),
        ("0.50x", "(1/2*x)"),
        ("a b", "(a*b)"),
    ],
)
def test_shapes(text: str, shape: str) -> None:
    assert formula_value(text, Texts()) == shape


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "x+", "*x", "(x", "x)", "()", "x x )", "1/2x", "1/x(y)", "x 2", "2 3", "x2", "1..2", "1.", ".5", "sqrt", "sqrt4",
        "x=1", "x_1", "x'", "2,3", "²", "x²", "١", "é", "x\x00", "9" * 61, "(" * 61 + "1" + ")" * 61, "1" + "+1" * MAX_CHARS,
        "x!", "√2", "\\frac{1}{2}", "[x]", "|x|",
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        formula_value(text, Texts())


def test_an_operation_that_a_ring_lacks_is_refused() -> None:
    for text in ("1", "x", "-(x)", "x+x", "x*x", "x/x", "x^x"):
        with pytest.raises(FormulaError):
            formula_value(text, Ring[int]())


@given(st.text("0123456789xy+-*/^(). sqrt", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for ring in (Texts(), polynomials.PolynomialRing()):
        with contextlib.suppress(FormulaError):
            formula_value(text, ring)


# -- polynomials -------------------------------------------------------------------------------------------------------

POLYNOMIALS = st.lists(st.integers(-20, 20) | st.fractions(-5, 5, max_denominator=9), max_size=6).map(poly)


@given(POLYNOMIALS, POLYNOMIALS, st.integers(-9, 9))
def test_arithmetic_agrees_with_the_values(p: polynomials.Poly, q: polynomials.Poly, x: int) -> None:
    assert value_at(plus(p, q), x) == value_at(p, x) + value_at(q, x)
    assert value_at(times(p, q), x) == value_at(p, x) * value_at(q, x)
    assert value_at(scaled(p, 3), x) == 3 * value_at(p, x)
    if q:
        quotient, rest = divided(p, q)
        assert plus(times(quotient, q), rest) == p
        assert degree(rest) < degree(q)


@given(POLYNOMIALS)
def test_what_is_written_is_read_back(p: polynomials.Poly) -> None:
    assert read_polynomial(written(p)) == p


def test_how_polynomials_are_written() -> None:
    assert written((Fraction(1, 2), -1, 0, 3)) == "3x^3 - x + 1/2"
    assert written((0, Fraction(-1, 2)), "k") == "-(1/2)k"
    assert written(()) == "0"
    assert written((-7,)) == "-7"


@given(POLYNOMIALS, POLYNOMIALS, POLYNOMIALS)
def test_the_common_divisor_divides_both(p: polynomials.Poly, q: polynomials.Poly, r: polynomials.Poly) -> None:
    if not p or not q or not r:
        return
    common = common_divisor(times(p, r), times(q, r))
    assert divided(times(p, r), common)[1] == divided(times(q, r), common)[1] == ()
    assert divided(common, primitive(r))[1] == ()


def test_irreducible_and_roots() -> None:
    assert is_irreducible((1, 1, 1))
    assert is_irreducible((-2, 0, 1))
    assert not is_irreducible((-4, 0, 9))
    assert is_irreducible((-2, 0, 0, 1))
    assert not is_irreducible((-8, 0, 0, 27))
    assert rational_root(product([(-2, 3), (1, 1, 1)])) == Fraction(2, 3)
    assert rational_root((1, 1, 1)) is None
    assert rational_root((0, 5)) == 0
    assert primitive((Fraction(-1, 2), Fraction(-3, 4))) == (2, 3)


@pytest.mark.parametrize(
    "text", ["y", "1/x", "x^-1", "x^(1/2)", "x^25", "(x+1)^20*(x+1)^20", "2^x", "x/0", "9^24^24", "x/(x-x)"]
)
def test_what_is_no_bounded_polynomial_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        read_polynomial(text)


def test_numbers_of_a_polynomial_are_bounded() -> None:
    big = "9" * 60
    with pytest.raises(FormulaError):
        read_polynomial("*".join([f"({big}x + {big})"] * 12))
    with pytest.raises(ZeroDivisionError):
        divided((1, 2), ())


# -- surds -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rational", "multiple"),
    [
        ("sqrt(12)/2", "0", "1"),
        ("(1+sqrt(3))^2", "4", "2"),
        ("1/(2+sqrt(3))", "2", "-1"),
        ("3^(1/2) + sqrt(4)", "2", "1"),
        ("sqrt(1/3)", "0", "1/3"),
        ("-sqrt(0.75)*2", "0", "-1"),
        ("sqrt(27)sqrt(3)", "9", "0"),
    ],
)
def test_surds_are_exact(text: str, rational: str, multiple: str) -> None:
    assert read_surd(text, 3) == Surd(Fraction(rational), Fraction(multiple), 3)


def test_a_foreign_root_is_told_from_an_unreadable_one() -> None:
    with pytest.raises(ForeignRootError):
        read_surd("sqrt(2)", 3)
    for text in (
        "sqrt(-3)",
        "sqrt(sqrt(3))",
        "x",
        "1/(sqrt(3)*sqrt(3) - 3)",
        "2^(1/3)",
        "2^99",
        "9^16^16",
        "sqrt(3)^-1",
    ):
        with pytest.raises(FormulaError):
            read_surd(text, 3)


@given(st.integers(1, 100_000))
def test_the_square_is_taken_out(n: int) -> None:
    square, rest = square_free(n)
    assert square * square * rest == n
    assert all(rest % (k * k) for k in range(2, 320))


# -- quotients of polynomials ------------------------------------------------------------------------------------------


def test_quotients_keep_their_factors_until_they_are_cancelled() -> None:
    given_, right = read_quotient("(x^2 - 1)/(x^2 - 3x + 2)"), read_quotient("1 + 3/(x - 2)")
    assert equal(given_, right)
    assert degree(given_[0]) == 2
    assert tuple(map(degree, lowest_terms(given_))) == (1, 1)
    assert read_quotient("x^-2") == ((1,), (0, 0, 1))
    for text in ("1/0", "1/(x-x)", "0^-1", "x^x", "x^(1/x)", "x^(1/0)"):
        with pytest.raises(FormulaError):
            read_quotient(text)


# -- sets of numbers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("(-inf, 3) U (3, oo)", "(3, ∞) ∪ (-infinity, 3)"),
        ("[1, 2] U (2, 3]", "[1, 3]"),
        ("(1, 2) U {2} U (2, 3)", "(1, 3)"),
        ("{1, 1/2}", "{0.5} or [1, 1]"),
        ("[0,5) union [2;7]", "[0, 7]"),
        ("(-inf, inf)", "(-inf, 0] U [0, inf)"),
        ("{}", "empty"),
    ],
)
def test_sets_are_compared_as_sets(text: str, same: str) -> None:
    assert read_region(text) is not None
    assert read_region(text) == read_region(same)


@pytest.mark.parametrize("text", ["(1, 2) U (2, 3)", "[1, 3)", "(1, 3]", "(1, 4)", "{1}", "(-inf, 3)"])
def test_sets_that_differ_differ(text: str) -> None:
    assert read_region(text) != read_region("(1, 3)")


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "(1)", "(2, 1)", "(1, 1)", "[inf, 2)", "(inf, 2)", "(2, -inf)", "[-inf, 2)", "(1, inf]", "(1, 2) U", "x > 1",
        "(a, b)", "((1, 2))", "{1, }", "{x}", "(1, 2, 3)", "(1, 2)(3, 4)", "-inf, 2", "(--inf, 2)x",
    ],
)  # fmt: skip
def test_what_is_no_set_is_not_read(text: str) -> None:
    assert read_region(text) is None


ENDS = st.integers(-5, 5).map(Fraction)
INTERVALS = st.builds(Interval, st.none() | ENDS, st.none() | ENDS, st.booleans(), st.booleans()).map(
    lambda one: Interval(
        one.low, one.high, one.with_low and one.low is not None, one.with_high and one.high is not None
    )
)


def holds(one: Interval, x: Fraction) -> bool:
    above = one.low is None or x > one.low or (one.with_low and x == one.low)
    return above and (one.high is None or x < one.high or (one.with_high and x == one.high))


@given(st.lists(INTERVALS, max_size=6))
def test_a_union_holds_what_its_parts_hold_and_is_read_back(intervals: list[Interval]) -> None:
    union = region(intervals)
    for n in range(-13, 14):
        x = Fraction(n, 2)
        assert any(holds(one, x) for one in union) == any(holds(one, x) for one in intervals)
    assert read_region(written_region(union)) == union
    assert region(reversed(union)) == union


@given(st.text("0123456789infoU∪∞()[]{},;/- or", max_size=60))
def test_any_text_is_a_set_or_none(text: str) -> None:
    read_region(text)


# -- what generators draw ----------------------------------------------------------------------------------------------


def test_draws_and_sums() -> None:
    rng = Random(b"draws")
    assert {nonzero(rng, 2) for _ in range(100)} == {-2, -1, 1, 2}
    assert all(small_fraction(rng, 3, 4) for _ in range(100))
    assert signed_sum([(3, "x"), (-1, "y"), (0, "z"), (Fraction(1, 2), "w"), (-5, "")]) == "3x - y + (1/2)w - 5"
    assert signed_sum([(-1, "x")]) == "-x"
    assert signed_sum([]) == "0"
    assert (signed(3), signed(Fraction(-1, 2))) == ("+ 3", "- 1/2")
    assert sign_pattern([2, 0, Fraction(-1, 3)]) == "+0-"
