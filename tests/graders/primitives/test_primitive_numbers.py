"""Leaves on numbers and quantities, and the table of units."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym.graders import load
from textgym.graders.primitives.numerals import leading_number, read_number
from textgym.graders.units import UNITS, find_unit


def value(kind, output, gold=None, **settings):
    given_gold = {} if gold is None else {"reference": gold}
    score = load({"type": kind, **given_gold, **settings}).grade({}, output)
    assert score.status == "ok", score
    return score.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", 42),
        (" -0.50 ", Fraction(-1, 2)),
        ("−3", -3),
        ("1,234,567.5", Fraction(2469135, 2)),
        ("6.02e2", 602),
        ("6.02 × 10^{2}", 602),
        ("3/4", Fraction(3, 4)),
        ("-6/8", Fraction(-3, 4)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        (0.1, Fraction(1, 10)),
        (7, 7),
    ],
)
def test_numbers_are_read_exactly(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1 2",
        "3 or 4",
        "1,23",
        "1/0",
        "0x10",
        "1e9999",
        "1e99999999999",
        "nan",
        "inf",
        "5%",
        "3 km",
        "1_000",
        "٣",
        "+-3",
        "--3",
        "1/2/3",
        "9" * 500,
        True,
        None,
        float("inf"),
        [1],
    ],
)
def test_what_is_not_one_number_is_none(text):
    assert read_number(text) is None


@given(st.fractions(max_denominator=10**6), st.sampled_from(["{n}/{d}", "  {n}/{d}\n"]))
def test_every_fraction_comes_back(number, form):
    assert read_number(form.format(n=number.numerator, d=number.denominator)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_comes_back(number):
    assert read_number(number) == Fraction(repr(number))


@given(st.text(alphabet="0123456789.,-+eE/×^{} \x00½", max_size=60))
def test_reading_never_fails(text):
    number, end = leading_number(text)
    assert 0 <= end <= len(text)
    assert (number is None) == (end == 0)


def test_number_equal_is_exact_unless_told_otherwise():
    assert value("number_equal", "0.3333333333333333", "1/3") == 0
    assert value("number_equal", "0.3333", "1/3", atol=1e-4) == 1
    assert value("number_equal", "101", 100, rtol=0.01) == 1
    assert value("number_equal", "101.0001", 100, rtol=0.01) == 0
    assert value("number_equal", "2", [1, 2]) == 1
    assert value("number_equal", "3 or maybe 4", 3) == 0
    assert load({"type": "number_equal", "reference": "four"}).grade({}, "4").status == "error"


def test_number_equal_reads_json_numbers():
    grader = load({"type": "number_equal", "input": "{{ sample.output_json.x }}", "reference": 2})
    assert grader.grade({}, '{"x": 2.0}').value == 1


def test_number_score_falls_linearly():
    assert value("number_score", "15", 10) == 0.5
    assert value("number_score", "15", 10, tolerance=0.5) == 0
    assert value("number_score", "0", 0) == 1
    assert value("number_score", "1e300", "1e-300") == 0


def test_in_range():
    assert value("in_range", "5", low=5, high=7) == 1
    assert value("in_range", "5", low=5, high=7, inclusive=False) == 0
    assert value("in_range", "1e9", low=5) == 1
    assert value("in_range", "five", low=5) == 0


@pytest.mark.parametrize(
    ("output", "gold", "worth"),
    [
        ("36 km/h", "10 m/s", 1),
        ("3.6e4 m per hour", "10 m/s", 1),
        ("10", "10 m/s", 0),
        ("10 m", "10 m/s", 0),
        ("10 cm", "10 m", 0),
        ("$5", "5 dollars", 1),
        ("5 €", "$5", 0),
        ("-$5", "-5 USD", 1),
        ("50%", "50 percent", 1),
        ("68 °F", "20 °C", 1),
        ("293.15 K", "20 degrees Celsius", 1),
        ("12 inches", "1 ft", 1),
        ("2 kWh", "7.2 MJ", 1),
        (r"9.8 \text{ m}/\text{s}^2", "9.8 m/s^2", 1),
        ("1 dog", "1 m", 0),
        ("10 m/s or 20 m/s", "10 m/s", 0),
    ],
)
def test_quantities(output, gold, worth):
    assert value("quantity_equal", output, gold) == worth


def test_quantity_settings():
    assert value("quantity_equal", "10", "10 m", unit="optional") == 1
    assert value("quantity_equal", "1000 cm", "10 m", convert=False) == 0
    assert value("quantity_equal", "1.61 km", "1 mile", rtol=0.001) == 1
    assert load({"type": "quantity_equal", "reference": "10"}).grade({}, "10").status == "error"


def test_units_have_their_defined_size():
    exact = {"mile": "1609.344", "lb": "0.45359237", "h": "3600", "L": "0.001", "atm": "101325", "kn": "463/900"}
    assert {name: find_unit(name).factor for name in exact} == {name: Fraction(size) for name, size in exact.items()}
    assert find_unit("rad").factor == pytest.approx(57.29577951308232)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("m/s^2", "metres per second squared"),
        ("m²", "square metres"),
        ("N m", "J"),
        ("J/kg K", "J/(kg·K)"),
        ("µm", "micrometers"),
        ("kg*m^2*s^-2", "joules"),
        ("sq ft", "square feet"),
        (r"^\circ", "degrees"),
        (r"\mathrm{cm}^{3}", "ml"),
        ("KiB", "kibibytes"),
    ],
)
def test_units_that_are_the_same(left, right):
    assert find_unit(left) == find_unit(right) is not None


@pytest.mark.parametrize(
    "text", ["", "dog", "m/", "m^99", "((m))", "m)", "(m", "m//s", "x" * 1000, "\x00", "\ud800", "m^0"]
)
def test_what_is_no_unit(text):
    assert find_unit(text) is None


def test_case_tells_symbols_apart():
    assert find_unit("mm").factor == Fraction(1, 1000)
    assert find_unit("Mm").factor == 10**6
    assert find_unit("min").dimension == (("time", 1),)


@given(
    st.lists(
        st.sampled_from([*sorted(UNITS), "k", "m", "/", "*", "^2", "(", ")", "per", "square", "-3", " ", "\\text{"]),
        max_size=12,
    )
)
def test_reading_units_never_fails(pieces):
    unit = find_unit(" ".join(pieces))
    assert unit is None or unit.factor > 0


ONE_WORD = sorted(name for name in UNITS if " " not in name and "-" not in name)


@given(st.sampled_from(ONE_WORD), st.sampled_from(ONE_WORD))
def test_products_of_units_multiply(left, right):
    product = find_unit(f"({left})·({right})")
    assert product == find_unit(left) * find_unit(right)


def test_every_unit_of_the_table_is_found():
    assert [name for name in UNITS if find_unit(name) != UNITS[name]] == []
