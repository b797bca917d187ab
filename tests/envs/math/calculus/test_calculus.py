"""The calculus families: every answer is checked against another library, from the text that the task shows."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy

import textgym
from support.families import tasks_of
from textgym.core import ConfigError

Task = textgym.Task
LEVELS = pytest.mark.parametrize("level", ["easy", "medium", "hard"])
X, N = sympy.Symbol("x"), sympy.Symbol("n")


def parsed(text: str) -> sympy.Expr:
    return sympy.sympify(text.replace("^", "**"), locals={"e": sympy.E, "ln": sympy.log, "x": X, "n": N})


def close(one: Any, other: Any, digits: int = 20) -> bool:
    return abs(mpmath.mpmathify(one) - mpmath.mpmathify(other)) <= mpmath.mpf(10) ** -digits * (
        1 + abs(mpmath.mpmathify(other))
    )


def at(expression: sympy.Expr, x: str) -> Any:
    return mpmath.mpmathify(str(expression.subs(X, sympy.Rational(x)).evalf(40)))


@LEVELS
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_are_those_of_another_library(level: str, order: int) -> None:
    with mpmath.workdps(50):
        for task in tasks_of("Derivative", 12, difficulty=level, order=order):
            assert f"f(x) = {task.data['function']}" in task.prompt
            expected = sympy.diff(parsed(task.data["function"]), X, order)
            for x in ("1/3", "7/5", "17/8"):
                assert close(at(parsed(task.secret["answer"]), x), at(expected, x))


@LEVELS
def test_antiderivatives_have_the_function_as_derivative(level: str) -> None:
    with mpmath.workdps(50):
        for task in tasks_of("Antiderivative", 25, difficulty=level):
            slope = sympy.diff(parsed(task.secret["answer"]), X)
            for x in ("1/3", "7/5", "17/8"):
                assert close(at(slope, x), at(parsed(task.data["function"]), x))


@LEVELS
def test_integrals_are_the_areas_that_quadrature_finds(level: str) -> None:
    with mpmath.workdps(30):
        for task in tasks_of("DefiniteIntegral", 15, difficulty=level):
            function = sympy.lambdify(X, parsed(task.data["function"]), "mpmath")
            low, high = (mpmath.mpmathify(str(parsed(task.data[end]).evalf(40))) for end in ("low", "high"))
            area = mpmath.quad(function, mpmath.linspace(low, high, 9))
            assert close(parsed(task.secret["answer"]).evalf(30), area, 10)


@LEVELS
def test_limits_are_approached(level: str) -> None:
    kinds = set()
    with mpmath.workdps(120):
        for task in tasks_of("Limit", 60, difficulty=level):
            function = sympy.lambdify(X, parsed(task.data["function"]), "mpmath")
            near = (
                mpmath.mpf(10) ** 25
                if task.data["target"] == "infinity"
                else int(task.data["target"]) + mpmath.mpf(10) ** -25
            )
            assert close(function(near), parsed(task.secret["answer"]).evalf(60), 12)
            kinds.add(task.data["target"] if task.data["target"] in ("0", "infinity") else "point")
    assert len(kinds) == 3


@LEVELS
def test_taylor_coefficients_are_those_of_another_library(level: str) -> None:
    with mpmath.workdps(60):
        for task in tasks_of("TaylorCoefficient", 20, difficulty=level):
            function, order = sympy.lambdify(X, parsed(task.data["function"]), "mpmath"), task.data["order"]
            coefficient = mpmath.taylor(function, 0, order)[order]
            right = Fraction(task.secret["answer"])
            assert close(mpmath.mpf(right.numerator) / right.denominator, coefficient, 15)


def series(task: Task) -> Callable[[int], Any]:
    """The terms of the series that a task shows."""
    text = task.data["terms"].replace("n!", "factorial(n)").replace("^", "**")
    terms = sympy.lambdify(N, sympy.sympify(text, locals={"n": N}), "mpmath")
    return lambda n: terms(mpmath.mpf(n))


@LEVELS
def test_sums_are_approached_by_partial_sums(level: str) -> None:
    """The terms of telescoping series fall as 1/n^2, so three partial sums are extrapolated (Richardson)."""
    with mpmath.workdps(30):
        for task in tasks_of("SeriesSum", 25, difficulty=level):
            if task.secret["answer"] == "diverges":
                continue
            terms, start = series(task), task.data["start"]
            sums, total = {}, mpmath.mpf(0)
            for n in range(start, 1_601):
                total += terms(n)
                sums[n] = total
            first = [2 * sums[800] - sums[400], 2 * sums[1_600] - sums[800]]
            assert close((4 * first[1] - first[0]) / 3, parsed(task.secret["answer"]).evalf(30), 5), task.data


def test_about_three_series_in_a_hundred_diverge_and_saying_so_is_right_only_there() -> None:
    env = textgym.make("textgym/SeriesSum-v0")
    drawn = [env.task("train", index) for index in range(1_500)]
    diverging = [task for task in drawn if task.secret["answer"] == "diverges"]
    assert 15 <= len(diverging) <= 70
    for task in drawn[:200] + diverging:
        right = float(task.secret["answer"] == "diverges")
        assert env.start(task).step("<answer>diverges</answer>")[1] == right
    for task in diverging:
        assert env.start(task).step("<answer>3/2</answer>")[1] == 0.0


def test_divergent_series_do_diverge() -> None:
    for task in tasks_of("SeriesSum", 700):
        if task.secret["answer"] == "diverges":
            terms = series(task)
            with mpmath.workdps(20):
                late = [abs(sum(terms(n) for n in range(2**k, 2 ** (k + 1)))) for k in (5, 6, 7)]
            assert min(late) > 0.01, task.data


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Derivative", ["{0}", "({0})*1", "{0} + sin(x)^2 + cos(x)^2 - 1", "(({0})*(x + 1))/(x + 1)", "exp(0)*({0})"]),
        ("Antiderivative", ["{0}", "{0} + 7", "{0} - ln(5) + C", "{0} + C", "({0})*2/2"]),
        ("DefiniteIntegral", ["{0}", "1*({0})", "{0} + sin(pi)", "({0})*e/exp(1)", "{0} + ln(4) - 2*ln(2)"]),
        ("Limit", ["{0}", "({0})/1", "{0} + cos(pi/2)"]),
    ],
)
def test_right_answers_earn_in_any_form_and_wrong_ones_in_none(name: str, forms: list[str]) -> None:
    env = textgym.make(f"textgym/{name}-v0")
    for index in range(15):
        task = env.task("test", index)
        for form in forms:
            assert env.start(task).step(f"So: <answer>{form.format(task.secret['answer'])}</answer>")[1] == 1.0, form
        for wrong in ("({0})*(1 + 1/10^20)", "-({0})", "2*({0})", "{0}, {0}", "{0} = {0}", "${0}"):
            assert env.start(task).step(f"<answer>{wrong.format(task.secret['answer'])}</answer>")[1] == 0.0, wrong


def test_a_numerical_value_is_not_the_closed_form() -> None:
    env = textgym.make("textgym/DefiniteIntegral-v0", difficulty="hard")
    with mpmath.workdps(60):
        for index in range(20):
            task = env.task("train", index)
            exact = parsed(task.secret["answer"])
            if not exact.is_rational:
                assert (
                    env.start(task).step(f"<answer>{mpmath.nstr(mpmath.mpmathify(str(exact.evalf(50))), 35)}</answer>")[
                        1
                    ]
                    == 0.0
                )


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("Derivative", {"operation": 2}, "operations"),
        ("Antiderivative", {"technique": "magic"}, "technique"),
        ("TaylorCoefficient", {"min_order": 8}, "min_order"),
        ("SeriesSum", {"kinds": 9}, "kinds"),
    ],
)
def test_wrong_settings_are_refused_by_name(name: str, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        textgym.make(f"textgym/{name}-v0", **wrong)


def test_settings_shape_the_tasks() -> None:
    assert all(task.data["order"] == 9 for task in tasks_of("TaylorCoefficient", 10, min_order=9, max_order=9))
    assert all(
        "third derivative" in task.prompt for task in tasks_of("Derivative", 10, operations=1, order=3, largest=5)
    )
    assert any(Fraction(task.secret["answer"]).denominator > 1 for task in tasks_of("TaylorCoefficient", 30))
