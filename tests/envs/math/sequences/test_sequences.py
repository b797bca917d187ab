"""Sequences: uniqueness of the next term is proven anew, terms are computed from the text, formulas are checked term by term."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.families import made, pay, tasks
from textgym.core import ConfigError
from textgym.envs.math.exact import evaluate
from textgym.envs.math.formulas import FormulaError
from textgym.envs.math.sequences.closed_form import written_sum
from textgym.envs.math.sequences.exponential import exponential, read_exponential, value_at
from textgym.envs.math.sequences.laws import CLASSES, predicted

# -- the proof of uniqueness, once more with fractions -----------------------------------------------------------------


def equations(terms: list[int], name: str) -> tuple[list[list[Fraction]], list[Fraction]]:
    """The rows of a class for the terms given, with all unknowns of the class; and the row of the term after them."""

    def row(n: int) -> list[int] | None:
        a = [0, *terms]
        if name == "polynomial":
            return [1, n, n**2, n**3]
        if name == "drifting":
            return [a[n - 1], n, 1] if n > 1 else None
        if name == "recurrence":
            return [a[n - 1], a[n - 2], 1] if n > 2 else None
        if n < 3:
            return None
        return [a[n - 2], 1, 0, 0] if n % 2 else [0, 0, a[n - 2], 1]

    rows = [[*found, terms[n - 1]] for n in range(1, len(terms) + 1) if (found := row(n)) is not None]
    last = row(len(terms) + 1)
    assert last is not None
    return [[Fraction(x) for x in one] for one in rows], [Fraction(x) for x in last]


def all_continuations(terms: list[int], name: str) -> Fraction | str:
    rows, last = equations(terms, name)
    reduced: list[tuple[int, list[Fraction]]] = []
    for row in rows:
        for pivot, known in reduced:
            row = [x - row[pivot] * y for x, y in zip(row, known, strict=True)]
        pivot_of_row = next((k for k, x in enumerate(row) if x), None)
        if pivot_of_row is None:
            continue
        if pivot_of_row == len(row) - 1:
            return "none"
        reduced.append((pivot_of_row, [x / row[pivot_of_row] for x in row]))
    wanted = [*last, Fraction(0)]
    for pivot, known in reduced:
        wanted = [x - wanted[pivot] * y for x, y in zip(wanted, known, strict=True)]
    return "many" if any(wanted[:-1]) else -wanted[-1]


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_every_law_that_fits_gives_the_same_next_term(difficulty: str) -> None:
    env = made("NextTerm", difficulty=difficulty)
    for task in tasks(env, 100):
        terms = task.data["terms"]
        assert ", ".join(map(str, terms)) in task.prompt
        classes = [name for name, said in CLASSES.items() if said in task.prompt]
        assert set(classes) == set(env.config.laws)
        found = {all_continuations(terms, name) for name in classes} - {"none"}
        assert found == {Fraction(task.secret["answer"])}


@given(st.lists(st.integers(-9, 9), min_size=8, max_size=10), st.sampled_from(list(CLASSES)))
def test_predictions_of_any_terms_agree_with_elimination_by_fractions(terms: list[int], name: str) -> None:
    assert predicted(terms, name) == all_continuations(terms, name)


@given(st.integers(-4, 4), st.integers(-4, 4), st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_a_recurrence_is_found(p: int, q: int, r: int, first: int, second: int) -> None:
    terms = [first, second]
    while len(terms) < 9:
        terms.append(p * terms[-1] + q * terms[-2] + r)
    assert predicted(terms[:-1], "recurrence") in (Fraction(terms[-1]), "many")


def test_what_is_constant_on_one_side_may_go_on_in_many_ways() -> None:
    assert predicted([1, 1, 1, 1, 1, 1, 1, 1], "polynomial") == 1
    assert predicted([1, 2, 3, 4, 5, 6, 7, 8], "recurrence") == 9
    assert predicted([1, 2, 4, 8, 16, 32, 64, 128], "polynomial") == "none"


def test_laws_are_refused_by_name() -> None:
    for laws in ((), ("polynomial", "polynomial"), ("primes",)):
        with pytest.raises(ConfigError, match="laws"):
            made("NextTerm", laws=laws)


# -- recurrences -------------------------------------------------------------------------------------------------------


def followed(laws: list[str], start: dict[str, int], last: int) -> dict[str, int]:
    """All terms up to an index, by putting the terms before into the text of the laws."""
    terms = dict(start)
    for n in range(2, last + 1):
        for law in laws:
            name, right = re.fullmatch(r"(\w)\(n\) = (.+)", law).groups()  # type: ignore[union-attr]
            if f"{name}({n})" in terms:
                continue
            right, _, modulus = right.partition(" mod ")
            right = re.sub(
                r"(\w)\(n-(\d)\)", lambda found, n=n: f"({terms[f'{found[1]}({n - int(found[2])})']})", right
            )
            right = re.sub(r"(\(-?\d+\))\^2", r"\1*\1", right)
            right = re.sub(r"\bn\b", str(n), right)
            value = evaluate(right)
            assert value.denominator == 1
            terms[f"{name}({n})"] = int(value) % int(modulus) if modulus else int(value)
    return terms


def test_later_terms_follow_from_the_text() -> None:
    laws_seen = set()
    for task in tasks(made("RecurrenceTerm"), 150):
        start = {f"{name}({n})": int(x) for name, n, x in re.findall(r"(\w)\((\d+)\) = (-?\d+)", task.prompt)}
        laws = [line for line in task.prompt.split("\n") if re.match(r"\w\(n\) = ", line)]
        asked = re.search(r"What is a\((\d+)\)", task.prompt)
        assert asked is not None
        assert followed(laws, start, int(asked[1]))[f"a({asked[1]})"] == task.secret["answer"]
        laws_seen.add(task.data["law"])
    assert len(laws_seen) == 6


def test_a_formula_gives_the_terms_of_its_recurrence() -> None:
    env = made("ClosedForm")
    for task in tasks(env, 100):
        found = read_exponential(task.secret["answer"])
        if "the sum of" in task.prompt:
            term = read_exponential(task.data["law"].replace("k", "n"))
            total = Fraction(0)
            for n in range(1, 15):
                total += value_at(term, n)
                assert value_at(found, n) == total
            continue
        start = {f"{name}({n})": int(x) for name, n, x in re.findall(r"(\w)\((\d+)\) = (-?\d+)", task.prompt)}
        terms = followed([f"a(n) = {task.data['law']}"], start, 14)
        for n in range(1, 15):
            assert value_at(found, n) == terms[f"a({n})"]


def test_formulas_count_in_every_form_and_nothing_else_does() -> None:
    env = made("ClosedForm")
    for task in tasks(env, 30):
        answer = task.secret["answer"]
        assert pay(env, task, f"a(n) = {answer}") == 1.0
        assert pay(env, task, f"2*({answer})/2 + 3^(n+1) - 3*3^n") == 1.0
        assert pay(env, task, f"{answer} + 1") == 0.0
        assert pay(env, task, f"{answer} + 1 + (-1)^(n+1)") == 0.0


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("2^(n+1)", "2*2^n"),
        ("4^n", "2^(2n)"),
        ("2^(-n)", "(1/2)^n"),
        ("1/3^n", "(1/3)^n"),
        ("(n+1)^2", "n^2 + 2n + 1"),
        ("(2^n + 1)^2", "4^n + 2*2^n + 1"),
        ("(-1)^(2n)", "1"),
        ("2^n*3^n", "6^n"),
        ("n*2^n - 2^n*n", "0"),
        ("2^(-3)", "1/8"),
    ],
)
def test_formulas_that_agree_everywhere_are_equal(one: str, same: str) -> None:
    assert read_exponential(one) == read_exponential(same)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "n^n",
        "2^n^2",
        "2^(n/2)",
        "0^n",
        "1/n",
        "1/(2^n + 1)",
        "n^-1",
        "2^(65n)",
        "2^66",
        "(n+1)^25",
        "99999^n",
        "n/0",
        "n!",
    ],
)
def test_formulas_of_another_kind_are_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        read_exponential(text)


COEFFICIENTS = st.lists(st.integers(-9, 9), max_size=3).map(tuple)


@given(st.dictionaries(st.sampled_from([-3, -2, -1, 1, 2, 3, 5]), COEFFICIENTS, max_size=4), st.integers(1, 9))
def test_sums_of_powers_are_written_and_read_back(terms: dict[int, tuple[int, ...]], n: int) -> None:
    found = exponential(*terms.items())
    assert value_at(found, n) == sum(a * n**k * b**n for b, p in terms.items() for k, a in enumerate(p))
    assert read_exponential(written_sum(found) or "0") == found


# -- sums --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_finite_sums_by_adding_up_what_the_text_says(difficulty: str) -> None:
    kinds = set()
    for task in tasks(made("FiniteSum", difficulty=difficulty), 60):
        term = task.data["term"]
        found = re.search(r"from (\d+) to (\d+)\?", task.prompt)
        assert found is not None
        assert term in task.prompt
        total = sum((_at(term, k) for k in range(int(found[1]), int(found[2]) + 1)), Fraction(0))
        assert total == Fraction(task.secret["answer"])
        kinds.add("^k" in term)
    assert kinds == {True, False}


def _at(term: str, k: int) -> Fraction:
    """The term at k, in Python's own notation and exact."""
    text = re.sub(r"(\d)(?=k)", r"\1*", term).replace("^", "**")
    text = re.sub(r"\d+", lambda found: f"F({found[0]})", text).replace(")k", ")*k")
    return Fraction(eval(text, {"F": Fraction, "k": k}))
