"""The linear algebra families, checked against another library from the matrices that the tasks show."""

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import textgym
from support.families import tasks_of
from textgym.core import ConfigError, Random
from textgym.envs.math.matrices import (
    applied,
    determinant,
    draw_unimodular,
    exact,
    identity,
    inverse,
    null_space,
    product,
    rank,
    read_matrix,
    read_vector,
    shown,
    shown_vector,
    solution,
)

Task = textgym.Task
LEVELS = pytest.mark.parametrize("level", ["easy", "medium", "hard"])


def rationals(text: str) -> sympy.Matrix:
    return sympy.Matrix([[sympy.Rational(str(entry)) for entry in row] for row in read_matrix(text) or []])


def pay(name: str, task: Task, answer: str) -> float:
    return textgym.make(f"textgym/{name}-v0").start(task).step(f"<answer>{answer}</answer>")[1]


@LEVELS
def test_determinants_are_those_of_another_library(level: str) -> None:
    for task in tasks_of("Determinant", 40, difficulty=level):
        assert str(task.data["matrix"]) in task.prompt
        assert sympy.Matrix(task.data["matrix"]).det() == task.secret["answer"]


@LEVELS
def test_products_are_those_of_another_library(level: str) -> None:
    for task in tasks_of("MatrixProduct", 30, difficulty=level):
        whole = sympy.Matrix(task.data["matrices"][0])
        for factor in task.data["matrices"][1:]:
            whole = whole * sympy.Matrix(factor)
        assert whole == rationals(task.secret["answer"])


@LEVELS
def test_inverses_multiply_to_the_identity(level: str) -> None:
    for task in tasks_of("MatrixInverse", 30, difficulty=level):
        matrix = sympy.Matrix(task.data["matrix"])
        assert matrix * rationals(task.secret["answer"]) == sympy.eye(matrix.rows)


@LEVELS
def test_systems_have_the_solution_or_the_proof_that_is_stored(level: str) -> None:
    kinds = {"x": 0, "y": 0}
    for task in tasks_of("LinearSolve", 60, difficulty=level):
        matrix, right = sympy.Matrix(task.data["matrix"]), sympy.Matrix(task.data["right"])
        name, _, text = task.secret["answer"].partition(" = ")
        vector = sympy.Matrix([sympy.Rational(str(entry)) for entry in read_vector(text) or []])
        solvable = matrix.rank() == matrix.row_join(right).rank()
        assert solvable == (name == "x")
        if solvable:
            assert matrix * vector == right
        else:
            assert not any(vector.T * matrix)
            assert (vector.T * right)[0] != 0
        kinds[name] += 1
    assert min(kinds.values()) >= 3


def test_every_solution_and_every_proof_is_paid_and_none_that_fails() -> None:
    several = proofs = 0
    for task in tasks_of("LinearSolve", 120):
        matrix = exact(task.data["matrix"])
        name, _, text = task.secret["answer"].partition(" = ")
        vector = read_vector(text) or []
        free = null_space(matrix)
        if name == "x" and free:
            moved = [a + 3 * b for a, b in zip(vector, free[0], strict=True)]
            assert pay("LinearSolve", task, f"x = {shown_vector(moved)}") == 1.0
            several += 1
        if name == "y":
            assert pay("LinearSolve", task, f"y=({', '.join(str(entry * -7) for entry in vector)})") == 1.0
            assert pay("LinearSolve", task, f"y = {shown_vector([0] * len(vector))}") == 0.0
            proofs += 1
        wrong = [*vector[:-1], vector[-1] + Fraction(1, 10**9)]
        assert pay("LinearSolve", task, f"{name} = {shown_vector(wrong)}") == 0.0
    assert several > 5
    assert proofs > 5


@LEVELS
def test_eigenvalues_are_the_roots_of_the_characteristic_polynomial(level: str) -> None:
    surds = 0
    z = sympy.Symbol("z")
    for task in tasks_of("Eigenvalues", 25, difficulty=level):
        values = [sympy.sympify(value) for value in task.secret["answer"].split(", ")]
        expected = sympy.Matrix(task.data["matrix"]).charpoly(z).as_expr()
        assert sympy.expand(sympy.prod([z - value for value in values]) - expected) == 0
        surds += "sqrt" in task.secret["answer"]
    assert surds


def test_eigenvalues_earn_in_any_order_and_form_with_their_multiplicities() -> None:
    for task in tasks_of("Eigenvalues", 60):
        values = task.secret["answer"].split(", ")
        assert pay("Eigenvalues", task, ", ".join(reversed(values))) == 1.0
        assert pay("Eigenvalues", task, ", ".join(f"({value})*1" for value in values)) == 1.0
        assert pay("Eigenvalues", task, ", ".join(values[:-1])) == 0.0
        assert pay("Eigenvalues", task, ", ".join([*values, values[0]])) == 0.0
        if len(set(values)) > 1:
            other = next(value for value in values if value != values[-1])
            assert pay("Eigenvalues", task, ", ".join([*values[:-1], other])) == 0.0


@LEVELS
def test_ranks_and_null_spaces_are_those_of_another_library(level: str) -> None:
    ranks = set()
    for task in tasks_of("RankNullity", 25, difficulty=level):
        matrix = sympy.Matrix(task.data["matrix"])
        first, _, text = task.secret["answer"].partition("; ")
        basis = rationals(text)
        assert int(first) == matrix.rank()
        assert basis.rows == basis.rank() == matrix.cols - matrix.rank()
        assert (matrix * basis.T).is_zero_matrix
        ranks.add(int(first))
    assert len(ranks) >= 2


def test_any_basis_is_paid_and_vectors_that_depend_on_each_other_are_not() -> None:
    wide = 0
    for task in tasks_of("RankNullity", 40):
        first, _, text = task.secret["answer"].partition("; ")
        basis = read_matrix(text) or []
        mixed = [[a * 5 for a in basis[0]]]
        mixed += [[a + 2 * b for a, b in zip(vector, basis[0], strict=True)] for vector in basis[1:]]
        assert pay("RankNullity", task, f"{first}; {shown(mixed)}") == 1.0
        assert pay("RankNullity", task, f"{int(first) + 1}; {text}") == 0.0
        if len(basis) > 1:
            wide += 1
            assert pay("RankNullity", task, f"{first}; {shown([basis[0]] * len(basis))}") == 0.0
            assert pay("RankNullity", task, f"{first}; {shown(basis[:-1])}") == 0.0
    assert wide > 5


@LEVELS
def test_fits_have_the_smallest_sum_of_squares(level: str) -> None:
    for task in tasks_of("LeastSquares", 20, difficulty=level):
        coefficients = sympy.symbols(f"c0:{task.data['degree'] + 1}")
        error = sum((sum(c * x**n for n, c in enumerate(coefficients)) - y) ** 2 for x, y in task.data["points"])
        best = sympy.solve([sympy.diff(error, c) for c in coefficients], coefficients, dict=True)[0]
        assert [str(best[c]) for c in coefficients] == [
            str(entry) for entry in read_vector(task.secret["answer"]) or []
        ]
        for x, y in task.data["points"]:
            assert f"({x}, {y})" in task.prompt


def test_matrices_are_read_in_fractions_and_exact_decimals_only() -> None:
    task = tasks_of("MatrixInverse", 1)[0]
    right = read_matrix(task.secret["answer"]) or []
    doubled = [[f"{entry.numerator * 2}/{entry.denominator * 2}" for entry in row] for row in right]
    assert pay("MatrixInverse", task, str(doubled).replace("'", "")) == 1.0
    assert pay("MatrixInverse", task, shown(right).replace(" ", "")) == 1.0
    assert pay("MatrixInverse", task, str([[float(entry) for entry in row] for row in right])) == 0.0


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        (" [ [1/2,-3] , [0.5 , +4] ] ", [["1/2", -3], ["1/2", 4]]),
        ("[[7]]", [[7]]),
        ("[[1, 2], [3]]", None),
        ("[1, 2]", None),
        ("[[1, 2] [3, 4]]", None),
        ("[[1, 2],, [3, 4]]", None),
        ("[[1, 2], [3, 4]", None),
        ("[[1, 2], [3, 4]]]", None),
        ("[[1, [2], [3, 4]]", None),
        ("[[]]", None),
        ("[[1, ], [3, 4]]", None),
        ("[[1; 2]; [3; 4]]", None),
        ("[[1+1, 2], [3, 4]]", None),
        ("[[" + "1, " * 2_000 + "1]]", None),
    ],
)
def test_only_rectangles_of_exact_numbers_are_matrices(text: str, rows: list[list[Any]] | None) -> None:
    expected = None if rows is None else [[Fraction(entry) for entry in row] for row in rows]
    assert read_matrix(text) == expected


ENTRIES = st.fractions(min_value=-50, max_value=50, max_denominator=9)
MATRICES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(st.lists(ENTRIES, min_size=columns, max_size=columns), min_size=1, max_size=4)
)


@given(MATRICES)
def test_what_is_shown_reads_back(matrix: list[list[Fraction]]) -> None:
    assert read_matrix(shown(matrix)) == matrix
    assert read_vector(shown_vector(matrix[0])) == matrix[0]


@given(st.text("[](),; 0123456789/.-", max_size=80))
def test_readers_of_matrices_never_raise(text: str) -> None:
    for found in (read_matrix(text), [read_vector(text)]):
        assert found is None or isinstance(found, list)


@given(MATRICES)
def test_elimination_agrees_with_another_library(matrix: list[list[Fraction]]) -> None:
    other = sympy.Matrix([[sympy.Rational(str(entry)) for entry in row] for row in matrix])
    assert rank(matrix) == other.rank()
    assert len(null_space(matrix)) == len(matrix[0]) - other.rank()
    assert all(not any(applied(matrix, vector)) for vector in null_space(matrix))
    right = [row[0] for row in matrix]
    found = solution(matrix, right)
    assert found is not None
    assert applied(matrix, found) == right


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_determinants_and_inverses_agree_with_another_library(rows: list[list[int]]) -> None:
    whole = sympy.Matrix(rows).det()
    assert determinant(rows) == whole
    found = inverse(exact(rows))
    assert (found is None) == (whole == 0)
    if found is not None:
        assert product(found, exact(rows)) == identity(len(rows))


@pytest.mark.parametrize("size", [2, 3, 5])
def test_unimodular_matrices_come_with_their_inverse(size: int) -> None:
    for seed in range(30):
        forth, back = draw_unimodular(size, size + 2, Random(bytes([seed])))
        assert product(exact(forth), exact(back)) == identity(size)
        assert abs(determinant(forth)) == 1


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("RankNullity", {"rows": 5, "columns": 4}, "rows"),
        ("Determinant", {"sizes": 3}, "size"),
        ("Eigenvalues", {"surds": 2}, "surds"),
    ],
)
def test_wrong_settings_are_refused_by_name(name: str, settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        textgym.make(f"textgym/{name}-v0", **settings)
