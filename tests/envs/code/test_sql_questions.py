"""Questions of SQL-v0: what they ask, what their SQL gives, and that databases tell the wrong queries from the right one."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import sql_meaning
from textgym.core import Random, RedrawError
from textgym.core.randomness import split_of
from textgym.envs.code.sql.answers import same_rows
from textgym.envs.code.sql.draw_questions import LEVELS, SHAPES, draw_question
from textgym.envs.code.sql.problem import Problem, draw_problem
from textgym.envs.code.sql.rows import database, draw_rows, load, rows_of
from textgym.envs.code.sql.themes import THEMES

THEME_NAMES = [theme.name for theme in THEMES]


def problems(difficulty: str, count: int) -> list[Problem]:
    found = []
    for number in range(count):
        rng = Random(f"problem {difficulty} {number}".encode())
        try:
            found.append(draw_problem(rng, rng.choice(THEMES), difficulty))
        except RedrawError:
            continue
    return found


@pytest.mark.parametrize("theme", THEMES, ids=THEME_NAMES)
def test_the_sql_of_a_question_gives_what_the_question_means(theme):
    rng = Random(f"meaning of {theme.name}".encode())
    for _ in range(3):
        rows = draw_rows(theme, rng)
        connection = load(theme, rows)
        for _ in range(50):
            question = draw_question(rng, theme, rows, rng.choice(tuple(LEVELS)))
            if question is not None:
                given_rows = connection.execute(question.sql()).fetchall()
                right = sql_meaning.answer(question, rows)
                assert (not right and not given_rows) or same_rows(right, given_rows, ordered=question.ordered), (
                    question.wording(),
                    question.sql(),
                )


@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_question_is_asked_somewhere(shape):
    asked = 0
    for theme in THEMES[::4]:
        for number in range(6):
            rng = Random(f"{shape} {number}".encode())
            try:
                problem = draw_problem(rng, theme, "hard", (shape,))
            except RedrawError:
                continue
            asked += 1
            assert problem.question.wording().ask
    assert asked >= 4


@pytest.mark.parametrize("difficulty", LEVELS)
def test_answers_are_there_differ_and_do_not_hang_on_the_order_of_storage(difficulty):
    for problem in problems(difficulty, 25):
        results = []
        for key in problem.keys:
            connection = sqlite3.connect(":memory:")
            connection.deserialize(database(problem.question.theme, key))
            result = connection.execute(problem.question.sql()).fetchall()
            connection.execute("PRAGMA reverse_unordered_selects = ON")
            again = connection.execute(problem.question.sql()).fetchall()
            assert same_rows(result, again, ordered=problem.question.ordered)
            assert 0 < len(result) <= 60
            results.append(result)
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert not same_rows(results[one], results[other], ordered=problem.question.ordered)


@pytest.mark.parametrize("difficulty", LEVELS)
def test_what_is_wrong_in_an_important_part_is_wrong_on_some_database(difficulty):
    for problem in problems(difficulty, 15):
        rows = [rows_of(problem.question.theme, key) for key in problem.keys]
        right = [sql_meaning.answer(problem.question, each) for each in rows]
        found = total = 0
        for name, vital, wrong in problem.question.mistakes():
            differs = False
            for each, expected in zip(rows, right, strict=True):
                given_rows = load(problem.question.theme, each).execute(wrong.sql()).fetchall()
                differs = differs or not same_rows(expected, given_rows, ordered=problem.question.ordered)
            assert differs or not vital, (name, problem.question.sql(), wrong.sql())
            found += differs
            total += 1
        assert total == 0 or found / total == pytest.approx(problem.strength)


def test_some_themes_are_there_for_every_split():
    splits = [split_of(f"SQL about {theme.name}") for theme in THEMES]
    assert len(THEMES) >= 12
    assert min(splits.count("train"), 8) == 8
    assert splits.count("validation") >= 3
    assert splits.count("test") >= 3


@pytest.mark.parametrize("theme", THEMES, ids=THEME_NAMES)
def test_databases_have_what_makes_queries_hard(theme):
    rows = [rows_of(theme, str(number)) for number in range(12)]
    columns = [(table, at, column) for table in theme.tables for at, column in enumerate(table.columns)]
    for table, at, column in columns:
        values = [row[at] for each in rows for row in each[table.name]]
        assert (None in values) == bool(column.null)
        if column.kind == "text" and table.rows >= 8:
            assert any(len({row[at] for row in each[table.name]}) < len(each[table.name]) for each in rows)
        if column.kind == "ref":
            for each in rows:
                keys = {row[0] for row in each[column.target]}
                assert {row[at] for row in each[table.name]} - {None} <= keys
    for connection in (load(theme, rows[0]),):
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_database_is_a_function_of_its_key():
    theme = THEMES[0]
    assert rows_of(theme, "a") == rows_of(theme, "a") != rows_of(theme, "b")


def test_the_wording_is_english_without_slips():
    for difficulty in LEVELS:
        for problem in problems(difficulty, 40):
            wording = problem.question.wording()
            text = " ".join([wording.ask, *wording.columns, wording.order or ""])
            assert "  " not in text
            assert " 1 rows" not in text
            assert not re.search(r"\b[Aa] [aeiou]", text), text
            assert wording.ask.endswith((".", "?"))
            assert (wording.order is not None) == problem.question.ordered
            assert "None" not in text


cells = st.one_of(st.none(), st.integers(-5, 5), st.floats(-9, 9, allow_nan=False), st.sampled_from("abc"))
tables = st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[cells] * width), max_size=6))


@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_matters_only_where_it_is_asked_for(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert same_rows(rows, rows, ordered=True)
    assert same_rows(rows, shuffled, ordered=False)
    if [tuple(map(repr, row)) for row in shuffled] != [tuple(map(repr, row)) for row in rows]:
        assert same_rows(rows, shuffled, ordered=True) == all(
            same_rows([one], [other], ordered=True) for one, other in zip(rows, shuffled, strict=True)
        )


@given(tables.filter(bool))
def test_a_row_more_or_less_is_another_result(rows):
    assert not same_rows(rows, rows[:-1], ordered=False)
    assert not same_rows(rows, [*rows, rows[0]], ordered=False)
    assert not same_rows(rows, [(*row, None) for row in rows], ordered=False)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (1, 2, False),
        (0.1 + 0.2, 0.3, True),
        (1_000_000, 1_000_001, False),
        (2 / 3, 0.6667, False),
        (1, "1", False),
        (None, 0, False),
        (None, "", False),
        (1.5, float("nan"), False),
        (1.5, float("inf"), False),
        ("a", "A", False),
    ],
)
def test_when_two_values_are_the_same(one, other, same):
    assert same_rows([(one,)], [(other,)], ordered=False) is same
    assert same_rows([(one, "x"), (None, None)], [(None, None), (other, "x")], ordered=False) is same


def test_numbers_that_are_nearly_equal_keep_their_rows():
    expected = [(0.1 + 0.2, "a"), (0.5, "b")]
    assert same_rows(expected, [(0.5, "b"), (0.3, "a")], ordered=False)
    assert not same_rows(expected, [(0.5, "a"), (0.3, "b")], ordered=False)
