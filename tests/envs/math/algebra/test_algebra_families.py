"""Algebra: answers hold by substitution into what the prompt shows, equal forms are paid, and near misses are not."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest

from support.families import made, pay, tasks
from textgym.envs.math.algebra.linear_system import determinant
from textgym.envs.math.answer_parts import pairs
from textgym.envs.math.formulas import FormulaError, Ring, formula_value
from textgym.envs.math.intervals import Region, read_region
from textgym.envs.math.polynomials import is_irreducible, plus, product, read_polynomial, times, value_at


class Values(Ring[Fraction]):
    """The value of a formula, letters given."""

    def __init__(self, letters: dict[str, Fraction]) -> None:
        self.letters = letters

    def number(self, value: Fraction) -> Fraction:
        return value

    def name(self, name: str) -> Fraction:
        return self.letters[name]

    def add(self, left: Fraction, right: Fraction) -> Fraction:
        return left + right

    def negate(self, value: Fraction) -> Fraction:
        return -value

    def multiply(self, left: Fraction, right: Fraction) -> Fraction:
        return left * right

    def divide(self, left: Fraction, right: Fraction) -> Fraction:
        if not right:
            raise FormulaError("a pole")
        return left / right

    def power(self, base: Fraction, exponent: Fraction) -> Fraction:
        return base ** int(exponent)


def value(text: str, **letters: Fraction | int) -> Fraction:
    return formula_value(text, Values({name: Fraction(number) for name, number in letters.items()}))


LEVELS = pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])


@LEVELS
def test_a_linear_equation_holds_at_its_solution_and_nowhere_else(difficulty: str) -> None:
    env = made("LinearEquation", difficulty=difficulty)
    for task in tasks(env):
        left, right = task.data["equation"].split(" = ")
        letter, answer = task.data["letter"], Fraction(task.secret["answer"])
        assert value(left, **{letter: answer}) == value(right, **{letter: answer})
        assert value(left, **{letter: answer + 1}) != value(right, **{letter: answer + 1})
        assert pay(env, task, f"{3 * answer.numerator}/{3 * answer.denominator}") == 1.0
        if difficulty == "easy":
            assert answer.denominator == 1


@LEVELS
def test_a_linear_system_holds_at_its_solution(difficulty: str) -> None:
    env = made("LinearSystem", difficulty=difficulty)
    for task in tasks(env, 30):
        found = {name: Fraction(number) for name, number in re.findall(r"(\w) = (-?[\d/]+)", task.secret["answer"])}
        lines = [line.split(" = ") for line in task.prompt.split("\n") if " = " in line]
        lines = [line for line in lines if re.fullmatch(r"-?\d+", line[1])]
        assert len(lines) == len(found)
        for left, right in lines:
            assert value(left, **found) == int(right)
        assert determinant([row[:-1] for row in task.data["equations"]])
        backwards = "; ".join(f"{name} = {2 * x.numerator}/{2 * x.denominator}" for name, x in reversed(found.items()))
        assert pay(env, task, backwards) == 1.0
        name = next(iter(found))
        wrong = found | {name: found[name] + 1}
        assert pay(env, task, ", ".join(f"{name} = {x}" for name, x in wrong.items())) == 0.0


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_determinants_by_numpy(size: int) -> None:
    generator = np.random.default_rng(size)
    for _ in range(30):
        rows = generator.integers(-3, 4, (size, size)).tolist()
        assert determinant(rows) == round(float(np.linalg.det(np.array(rows, dtype=float))))


@pytest.mark.parametrize("roots", ["rational", "surd"])
def test_both_roots_of_a_quadratic_solve_the_equation_that_is_shown(roots: str) -> None:
    env = made("QuadraticRoots", roots=roots)
    for task in tasks(env):
        left, right = task.prompt.split("\n\n")[1].split(" = ")
        answers = task.secret["answer"].split(", ")
        assert ("sqrt" in answers[0]) == (roots == "surd")
        for answer in answers:
            x = eval(answer, {"sqrt": math.sqrt})
            difference = plus(read_polynomial(left), tuple(-a for a in read_polynomial(right)))
            size = sum(abs(float(a)) * abs(x) ** k for k, a in enumerate(difference))
            assert abs(sum(float(a) * x**k for k, a in enumerate(difference))) < 1e-9 * size
        assert pay(env, task, f"x = {answers[1]}; x={answers[0]}") == 1.0
        assert pay(env, task, f"({answers[0]})*2/2, 0 + {answers[1]}") == 1.0
        assert pay(env, task, f"{answers[0]}, 3") == 0.0
        assert pay(env, task, f"{answers[0]}, sqrt(1234577)") == 0.0


def test_a_root_may_be_written_with_another_number_under_the_root() -> None:
    env = made("QuadraticRoots", roots="surd")
    for task in tasks(env, 20):
        bigger = re.sub(r"sqrt\((\d+)\)", lambda found: f"sqrt({4 * int(found[1])})/2", task.secret["answer"])
        assert pay(env, task, bigger) == 1.0


def test_division_with_remainder_multiplies_back() -> None:
    env = made("PolynomialDivision")
    for task in tasks(env):
        dividend, divisor = map(read_polynomial, task.prompt.split("\n\n")[1:4:2])
        found = re.fullmatch(r"q = (.+), r = (.+)", task.secret["answer"])
        assert found is not None
        quotient, rest = map(read_polynomial, found.groups())
        assert plus(times(quotient, divisor), rest) == dividend
        assert len(rest) < len(divisor)
        assert pay(env, task, f"r = {found[2]} + x - x; q = ({found[1]})*(1)") == 1.0
        assert pay(env, task, f"q = {found[1]} + 1, r = {found[2]}") == 0.0


@LEVELS
def test_a_factorisation_is_complete_and_every_form_of_it_counts(difficulty: str) -> None:
    env = made("PolynomialFactor", difficulty=difficulty)
    for task in tasks(env, 30):
        answer = task.secret["answer"]
        assert read_polynomial(answer) == read_polynomial(task.prompt.split("\n\n")[1])
        factors = [read_polynomial(text) for text in re.findall(r"\(([^()]+)\)", answer)]
        assert all(map(is_irreducible, factors))
        for same in (f"({answer})", f"2*({answer})/2", f"-1*({answer})*(-1)", f"({answer})^1*1"):
            assert pay(env, task, same) == 1.0
        constant, rest = answer.split("(", 1)
        if len(factors) > 1 and ")^" not in answer:
            merged = product(factors[:2])
            shown = " + ".join(f"({a})*x^{k}" for k, a in enumerate(merged))
            others = "".join(f"({text})" for text in re.findall(r"\(([^()]+)\)", answer)[2:])
            assert read_polynomial(f"{constant}({shown}){others}") == read_polynomial(answer)
            assert pay(env, task, f"{constant}({shown}){others}") == 0.0
        assert pay(env, task, f"{constant}({rest} + 0") == 0.0


def test_a_simplified_quotient_agrees_at_points_and_must_be_in_lowest_terms() -> None:
    env = made("RationalSimplify")
    for task in tasks(env):
        answer, expression = task.secret["answer"], task.data["expression"]
        compared = 0
        for x in range(31, 60):
            assert value(expression, x=x) == value(answer, x=x)
            compared += 1
        assert compared > 20
        above, below = (
            answer.split("/", 1) if answer[0] != "(" else (answer.split(")/")[0] + ")", answer.split(")/")[1])
        )
        assert pay(env, task, f"2*{above}/(2*{below})") == 1.0
        assert pay(env, task, f"{above}*(x - 77)/({below}*(x - 77))") == 0.0
        assert pay(env, task, expression) == 0.0


def holds_in(found: Region, x: Fraction) -> bool:
    return any(
        (one.low is None or x > one.low or (one.with_low and x == one.low))
        and (one.high is None or x < one.high or (one.with_high and x == one.high))
        for one in found
    )


@LEVELS
def test_an_inequality_holds_exactly_in_its_set(difficulty: str) -> None:
    env = made("Inequality", difficulty=difficulty)
    for task in tasks(env, 80):
        left, relation, right = re.split(r" (<=|>=|<|>) ", task.data["inequality"])
        found = read_region(task.secret["answer"])
        assert found is not None
        ends = [end for one in found for end in (one.low, one.high) if end is not None]
        points = {Fraction(n, 6) for n in range(-40, 41)} | {
            end + d for end in ends for d in (-Fraction(1, 999), 0, Fraction(1, 999))
        }
        for x in points:
            try:
                a, b = (value(_without_bars(side, x), x=x) for side in (left, right))
            except FormulaError:
                assert not holds_in(found, x)
                continue
            right_one = {"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[relation]
            assert holds_in(found, x) == right_one, (task.prompt, x)


def _without_bars(side: str, x: Fraction) -> str:
    found = re.search(r"\|(.+)\|", side)
    return side if found is None else side.replace(found[0], str(abs(value(found[1], x=x))))


def test_a_monomial_agrees_with_the_expression_and_must_be_simplified() -> None:
    env = made("ExponentLaws")
    letters = {letter: Fraction(k + 2, 7) for k, letter in enumerate("abcdkmnpqrstuvwxyz")}
    for task in tasks(env):
        answer, expression = task.secret["answer"], task.data["expression"]
        assert value(expression, **letters) == value(answer, **letters)
        assert pay(env, task, expression) == 0.0
        assert pay(env, task, f"1*{answer}") in (0.0, 1.0)
        assert pay(env, task, f"2*{answer}/2") == 0.0 or not answer.lstrip("-")[0].isdigit()


def test_a_monomial_may_have_its_negative_powers_below_the_line() -> None:
    env = made("ExponentLaws", letters=1, negative=True)
    seen = 0
    for task in tasks(env, 80):
        found = re.fullmatch(r"(-?\d*)([a-z])\^-(\d+)", task.secret["answer"])
        if found:
            number = {"": "1", "-": "-1"}.get(found[1], found[1])
            assert pay(env, task, f"{number}/{found[2]}^{found[3]}") == 1.0
            assert pay(env, task, f"{number}/{found[2]}^(-{found[3]})") == 0.0
            seen += 1
    assert seen > 5


def test_points_of_a_line_and_a_conic_lie_on_both() -> None:
    env = made("PolynomialSystem", largest_denominator=3)
    for task in tasks(env):
        first, second = task.prompt.split("\n\n")[1].split("\n")
        found = pairs(task.secret["answer"])
        assert found is not None
        for x, y in found:
            for equation in (first, second):
                left, right = equation.split(" = ")
                assert value(left, x=x, y=y) == int(right)
        one, two = found
        assert pay(env, task, f"({two[0]}, {two[1]}); ({one[0]}, {one[1]})") == 1.0
        assert pay(env, task, f"({one[0]}, {one[1]})") == 0.0


def test_symmetric_expressions_by_finding_the_roots() -> None:
    for task in tasks(made("SymmetricRoots"), 120):
        coefficients, asked, shift = task.data["coefficients"], task.data["asked"], task.data["shift"]
        roots = np.roots(list(map(float, reversed(coefficients))))
        right = {
            "sum of squares": (roots**2).sum(),
            "sum of cubes": (roots**3).sum(),
            "sum of fourth powers": (roots**4).sum(),
            "sum of inverses": (1 / roots).sum(),
            "sum of inverse squares": (1 / roots**2).sum(),
            "shifted product": (roots + shift).prod(),
            "sum of shifted inverses": (1 / (roots + shift)).sum(),
        }[asked]
        answer = float(Fraction(task.secret["answer"]))
        assert abs(right - answer) < 1e-6 * max(1.0, abs(answer), float(np.abs(roots).max()) ** 4)
        assert all(value_at(tuple(coefficients), Fraction(n)) for n in range(-9, 10))
