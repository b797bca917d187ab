"""Formulas: what they mean, what is refused, and where their values lie."""

import contextlib
import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_graders import Given, Judge

from textgym.core import Random, derive_key
from textgym.graders import FormulaError, FormulaGrader, Invalid, load, parse_formula

VALUES = {
    "1": 1.0,
    " .5 + 2. ": 2.5,
    "1e3 - 1E-1": 999.9,
    "2 + 3 * 4": 14.0,
    "(2 + 3) * 4": 20.0,
    "8 / 4 / 2": 1.0,
    "8 - 4 - 2": 2.0,
    "2 ^ 3 ^ 2": 512.0,
    "2 ** 3 ** 2": 512.0,
    "-2 ^ 2": -4.0,
    "(-2) ^ 2": 4.0,
    "2 ^ -1": 0.5,
    "--3 + +2": 5.0,
    "2 * -3": -6.0,
    "min(3, 1, 2) + max(3)": 4.0,
    "abs(-3) + floor(-1.5) + ceil(1.2)": 3.0,
    "exp(0) + sqrt(16) + log(1)": 5.0,
    "a": 0.25,
    "a_1 * B2": 6.0,
    "(((((a)))))": 0.25,
    "a\n+\ta": 0.5,
    "0 ^ 0": 1.0,
}


@pytest.mark.parametrize("text", VALUES)
def test_meaning(text: str) -> None:
    assert parse_formula(text).value({"a": 0.25, "a_1": 2.0, "B2": 3.0}) == pytest.approx(VALUES[text])


def test_names_come_once_in_their_order() -> None:
    assert parse_formula("b + a * b - max(c, a)").names == ("b", "a", "c")


MALFORMED = [
    "",
    " ",
    "1 +",
    "* 1",
    "1 2",
    "a b",
    "(1",
    "1)",
    "0.5*a + 0.5*b)",
    "min()",
    "min",
    "sqrt(1, 2)",
    "eval(1)",
    "__import__('os')",
    "a.b",
    "a[0]",
    "a if b else c",
    "lambda: 1",
    "1 // 2",
    "1 % 2",
    "a == b",
    "a; b",
    "'text'",
    "1_000",
    "0x10",
    "1j",
    "1e999",
    "²",
    "٣",
    "a − b",
    "min(1,)",
    "\x00",
    "{a}",
    "(" * 60 + "1" + ")" * 60,
    "2" + " ^ 2" * 60,
    "1 + " * 5000 + "1",
]


@pytest.mark.parametrize("text", MALFORMED, ids=range(len(MALFORMED)))
def test_what_is_no_formula_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(FormulaError, match="formula") as refusal:
        parse_formula(text)
    assert refusal.value.code == "formula_parse_error"
    assert len(str(refusal.value)) < 300


def test_long_flat_formulas_are_read() -> None:
    assert parse_formula(" + ".join(["a"] * 2500)).value({"a": 1.0}) == 2500.0
    assert parse_formula("-" * 5000 + "a").value({"a": 1.0}) == 1.0


@pytest.mark.parametrize(
    "text", ["1 / a", "log(a)", "sqrt(a - 1)", "(a - 1) ^ 0.5", "a ^ -1", "exp(1000)", "9 ^ 9 ^ 9 ^ 9", "1e308 * 10"]
)
def test_what_has_no_finite_value_is_a_failure(text: str) -> None:
    with pytest.raises(Invalid, match="no finite number"):
        parse_formula(text).value({"a": 0.0})


def test_a_name_without_a_value_has_its_own_code() -> None:
    with pytest.raises(Invalid) as failure:
        parse_formula("a + b").value({"a": 1.0})
    assert (failure.value.code, failure.value.reason) == ("invalid_variable_error", "b has no value")


@given(st.text(max_size=80) | st.text(alphabet=string.digits + "ab+-*/^(),. mexpsqrtlogin", max_size=80))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FormulaError:
        return
    with contextlib.suppress(Invalid):
        assert math.isfinite(formula.value(dict.fromkeys(formula.names, 0.5)))
    formula.extent(dict.fromkeys(formula.names, (-1.0, 1.0)))


def random_formula(rng: Random, depth: int) -> str:
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(["a", "b", "c", str(rng.randint(0, 4)), repr(rng.uniform(0, 3))])
    one, two = random_formula(rng, depth - 1), random_formula(rng, depth - 1)
    return rng.choice(
        [f"({one}) {sign} ({two})" for sign in "+-*/^"]
        + [f"({one}) ^ {rng.randint(-3, 4)}", f"-({one})", f"min({one}, {two})", f"max({one}, {two})"]
        + [f"{function}({one})" for function in ("abs", "floor", "ceil", "exp", "sqrt", "log")]
    )


def inside(rng: Random, low: float, high: float) -> float:
    return rng.choice([low, high, rng.uniform(low, high)])


def check_extents(start: int, count: int) -> int:
    finite = 0
    for seed in range(start, start + count):
        rng = Random(derive_key("formulas", seed))
        formula = parse_formula(random_formula(rng, rng.randint(1, 4)))
        bounds = {}
        for name in "abc":
            low, high = sorted(rng.choice([rng.uniform(-3, 3), float(rng.randint(-2, 2))]) for _ in range(2))
            bounds[name] = (low, high)
        low, high = formula.extent(bounds)
        assert low <= high
        finite += math.isfinite(low) and math.isfinite(high)
        for _ in range(12):
            values = {name: inside(rng, *ends) for name, ends in bounds.items()}
            try:
                value = formula.value(values)
            except Invalid:
                continue
            slack = 1e-9 * max(1.0, abs(value))
            assert low - slack <= value <= high + slack, (formula.text, bounds, values)
    return finite


def test_values_lie_within_the_proven_extent() -> None:
    assert check_extents(0, 1500) > 700


@pytest.mark.slow
def test_values_of_many_formulas_lie_within_the_proven_extent() -> None:
    check_extents(10_000, 40_000)


EXTENTS = {
    "x ^ 2": (0, 4),
    "x ^ 3": (-1, 8),
    "x * x": (-2, 4),
    "abs(x)": (0, 2),
    "1 / (x + 2)": (0.25, 1),
    "1 / p": (1, math.inf),
    "-1 / p": (-math.inf, -1),
    "min(1, 1 / p)": (1, 1),
    "p / p": (0, math.inf),
    "1 / x": (-math.inf, math.inf),
    "sqrt(x)": (0, math.sqrt(2)),
    "log(p)": (-math.inf, 0),
    "max(log(p), -5)": (-5, 0),
    "exp(x)": (math.exp(-1), math.exp(2)),
    "floor(x * 1.5) + ceil(x)": (-3, 5),
    "p ^ x": (0, math.inf),
    "(p + 1) ^ x": (0.5, 4),
    "x ^ p": (-math.inf, math.inf),
    "x ^ -2": (-math.inf, math.inf),
    "(x + 2) ^ -2": (1 / 16, 1),
    "x ^ 0": (1, 1),
}


@pytest.mark.parametrize("text", EXTENTS)
def test_extent(text: str) -> None:
    assert parse_formula(text).extent({"x": (-1, 2), "p": (0, 1)}) == pytest.approx(EXTENTS[text])


def test_a_formula_grader_proves_its_bounds_or_has_them_declared() -> None:
    x, p = Given(key="a", low=-1, high=2), Given(key="b")
    assert FormulaGrader(formula="x ^ 2 - p", graders={"x": x, "p": p}).bounds == (-1, 4)
    with pytest.raises(ValueError, match="declare finite bounds as `within`"):
        FormulaGrader(formula="p / x", graders={"x": x, "p": p})
    declared = FormulaGrader(formula="p / x", graders={"x": x, "p": p}, within=(-10, 10))
    assert declared.bounds == (-10, 10)
    assert declared.grade({"a": 0.5, "b": 1.0}, "").value == 2.0
    assert declared.grade({"a": 0.01, "b": 1.0}, "").status == "error"
    assert declared.grade({"a": 0.0, "b": 1.0}, "").status == "error"
    assert load(declared.model_dump_json()) == declared


@pytest.mark.parametrize("formula", ["p / x", "log(x) + p", "sqrt(x - p)", "p + 9 ^ 9 ^ 9 ^ 9 ^ x"])
def test_a_formula_without_a_value_keeps_what_its_parts_said(formula: str) -> None:
    tree = FormulaGrader(formula=formula, graders={"p": Judge(key="b"), "x": Given(key="a")}, within=(-100, 100))
    item = {"a": 1.0 if "9" in formula else 0.0, "b": 0.75}
    score = tree.grade(item, "")
    assert (score.status, score.value, score.code, score.op) == ("error", None, "unresponsive_reward_error", formula)
    assert "no finite number" in score.reason
    assert [(child.name, child.value) for child in score.children] == [("p", 0.75), ("x", item["a"])]
    assert (score.cost, score.tokens) == (0.01, 10)


def test_a_formula_grader_names_its_parts() -> None:
    tree = FormulaGrader(formula="max(x, y)", graders={"x": Given(key="a"), "y": Given(key="b")})
    score = tree.grade({"a": 0.25, "b": 0.5}, "")
    assert (score.value, score.op, [child.name for child in score.children]) == (0.5, "max(x, y)", ["x", "y"])
    with pytest.raises(ValueError, match="no grader is called 'exakt': did you mean 'exact'"):
        FormulaGrader(formula="exakt", graders={"exact": Given(key="a")})
    with pytest.raises(ValueError, match="at the end: expected a number"):
        FormulaGrader(formula="x +", graders={"x": Given(key="a")})
