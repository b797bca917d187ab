"""The conventions, the steps that decide, and what is given up."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from textgym.graders import MathOptions, compare_math, math_equal


@pytest.mark.parametrize(
    ("reference", "answer", "options", "equal"),
    [
        ("5 cm", "5", {}, True),
        ("5 cm", "0.05 m", {}, True),
        ("5 cm", "5", {"unit": "convert"}, False),
        ("5", "5 cm", {"unit": "convert"}, False),
        ("5 cm", "0.05 m", {"unit": "convert"}, True),
        ("5 cm", "0.05 m", {"unit": "required"}, False),
        ("5 cm", r"5\text{ centimeters}", {"unit": "required"}, True),
        ("50%", "0.5", {}, True),
        ("50%", "50", {}, False),
        ("50%", "50", {"percent": "number"}, True),
        (r"50\%", "0.5", {"percent": "number"}, False),
        (r"x+50\%", "x+50", {"percent": "number"}, True),
        ("1/3", "0.333", {}, False),
        ("1/3", "0.333", {"decimals": "rounded"}, True),
        ("1/3", "0.334", {"decimals": "rounded"}, False),
        (r"\sqrt{2}", "1.41", {"decimals": "rounded"}, True),
        (r"\sqrt{2}", "1.42", {"decimals": "rounded"}, False),
        (r"(\frac13, 1)", "(0.33, 1)", {"decimals": "rounded"}, True),
        ("3.14159", "3.14", {"decimals": "rounded"}, True),
        ("3", "3.4", {"decimals": "rounded"}, False),
        ("1.5", "1,5", {}, False),
        ("1.5", "1,5", {"decimal_comma": True}, True),
        ("1,5", "5,1", {"decimal_comma": True}, True),
        (r"\log 100", "2", {}, True),
        (r"\log 100", "2", {"log": "e"}, False),
        (r"\log x", r"\ln x", {"log": "e"}, True),
        (r"x^2+C", "x^2", {}, False),
        (r"x^2+C", "x^2", {"constant": True}, True),
        (r"x^2+C", "x^2+c", {"constant": True}, True),
        (r"x^2+C", "x^3+C", {"constant": True}, False),
        ("f(x)", "f(y)", {}, False),
        ("f(x)", "f(y)", {"rename": True}, True),
        ("x^2+y", "a^2+b", {"rename": True}, True),
        ("x^2+y", "a^3+b", {"rename": True}, False),
        ("[1,2]", r"1\le x\le 2", {}, True),
        ("[1,2]", r"1\le x\le 2", {"inequality_for_set": False}, False),
        (r"1\le x\le 2", "[1,2]", {"inequality_for_set": False}, True),
        (r"\int_0^1 x dx", r"\frac12", {"symbolic": False}, False),
    ],
)
def test_an_option_decides_what_people_differ_about(reference, answer, options, equal):
    assert math_equal(reference, answer, MathOptions(**options)) is equal


def test_an_unknown_option_is_refused():
    with pytest.raises(ValidationError, match="units"):
        MathOptions(units="convert")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("reference", "answer", "step"),
    [
        ("x+1", "x+1", "text"),
        ("x+1", r"\boxed{x+1}", "text"),
        ("1/2", "0.5", "number"),
        ("Monday", "monday", "words"),
        ("(1,2)", r"\langle 1, 2\rangle", "structure"),
        ("5 cm", "5 kg", "units"),
        ("x^2-1", "(x-1)(x+1)", "rational"),
        (r"\sin 2x", r"2\sin x\cos x", "points"),
        (r"\sum_{n=1}^\infty \frac{1}{n^2}", r"\frac{\pi^2}{6}", "symbolic"),
    ],
)
def test_a_verdict_names_the_step_that_decided(reference, answer, step):
    for _ in range(20):
        verdict = compare_math(reference, answer)
        if not verdict.timed_out:
            break
    assert verdict.decided
    assert verdict.step == step


def test_a_verdict_is_true_or_false_as_it_says():
    assert compare_math("1", "1.0")
    assert not compare_math("1", "2")


def test_what_is_beyond_the_limits_is_not_equal_and_says_so():
    verdict = compare_math("9^{9^{9^{9}}}", "9^{9^{9^{8}}}")
    assert not verdict.equal
    assert not verdict.decided
    assert not verdict.timed_out
    assert verdict.reason


def test_texts_that_are_too_long_are_compared_as_texts():
    long = "x+" * 3000 + "x"
    assert math_equal(long, long + " ")
    assert not compare_math(long, "x").decided


@pytest.mark.parametrize("nothing", ["", " ", "\n"])
def test_nothing_equals_nothing(nothing):
    assert not math_equal(nothing, nothing)
    assert not math_equal("0", nothing)
    assert not math_equal(nothing, "0")


def test_numbers_need_neither_sympy_nor_mpmath_and_points_not_sympy():
    program = (
        "import sys; from textgym.graders import math_equal\n"
        "assert math_equal('1/2', '0.5') and math_equal('x^2-1', '(x-1)(x+1)')\n"
        "assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules), sorted(sys.modules)\n"
        r"assert math_equal(r'\sqrt8', r'2\sqrt2') and 'mpmath' in sys.modules and 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_verdicts_do_not_depend_on_the_hash_seed():
    program = (
        "from textgym.graders import compare_math as c\n"
        r"print(c(r'\sin 2x+z', r'z+2\sin x\cos x'), c(r'\{x,y\}', r'\{y,z\}'), c('x<1 or x>2', 'x>2 or x<1'))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(seen) == 1
