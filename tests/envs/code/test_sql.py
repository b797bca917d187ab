"""SQL-v0: what is paid, what is refused, and what a query cannot do. Queries run in a real sandbox."""

import asyncio
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textgym import make
from textgym.core import ConfigError, InfraError
from textgym.diagnostics import EnvironmentSuite
from textgym.envs.code.sql.answers import same_rows
from textgym.envs.code.sql.env import answers
from textgym.envs.code.sql.execution import LONGEST_QUERY, MOST_ROWS, TOO_MUCH, read_results, refusal, run_query
from textgym.envs.code.sql.rows import database
from textgym.envs.code.sql.themes import THEMES
from textgym.graders.code.box import close_box, open_box
from textgym.sandbox import RunResult

ENV_ID = "textgym/SQL-v0"


def forged(inner):
    """JSON that looks like results in some places."""
    names = st.sampled_from(["columns", "rows", "more", "error", "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)


SHOP = THEMES[0]


@pytest.fixture(scope="module", autouse=True)
def sandbox():
    try:
        open_box()
    except InfraError as error:
        if os.environ.get("CI"):
            pytest.fail(f"in CI a sandbox must be there: {error}", pytrace=False)
        pytest.skip(str(error))
    yield
    close_box()


def ask(sql, key="a"):
    (result,) = asyncio.run(run_query(sql, [database(SHOP, key)]))
    return result


def played(env, index, *actions, split="train"):
    env.reset(options={"split": split, "index": index})
    for action in actions:
        step = env.step(action)
        if step[2] or step[3]:
            break
    return step


@pytest.fixture(scope="module")
def env():
    return make(ENV_ID)


# -- what is paid ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_the_right_query_is_paid_in_one_turn_too(difficulty):
    env = make(ENV_ID, difficulty=difficulty, max_turns=1)
    for index in range(4):
        env.reset(options={"index": index})
        assert env.step(env.oracle(env.episode.task, env.episode.state))[1] == 1.0


def test_another_way_to_write_the_right_query_is_paid(env):
    task = env.task("train", 1)
    other = f"/* as asked */ WITH found AS ({task.secret['query']}) SELECT * FROM found -- all of them"
    if task.data["ordered"]:
        other = f"{task.secret['query']};"
    assert played(env, 1, env.call("submit", sql=other))[1] == 1.0


def test_names_of_columns_do_not_matter_and_their_order_does():
    env = make(ENV_ID, shapes=("groups",))
    task = next(task for task in (env.task("train", index) for index in range(20)) if not task.data["ordered"])
    query = task.secret["query"]
    width = len(answers_of(task)[0][0])
    names = [f"z{number}" for number in range(width)]
    renamed = f"WITH found({', '.join(names)}) AS ({query}) SELECT {{}} FROM found"
    assert played(env, task.index, env.call("submit", sql=renamed.format(", ".join(names))))[1] == 1.0
    turned = env.call("submit", sql=renamed.format(", ".join(reversed(names))))
    assert played(env, task.index, turned)[1] == 0.0


def answers_of(task):
    return answers(
        next(theme for theme in THEMES if theme.name == task.data["theme"]),
        tuple(task.secret["keys"]),
        task.secret["query"],
    )


def test_where_an_order_is_asked_for_another_one_is_wrong():
    env = make(ENV_ID, shapes=("listing",))
    tasks = (env.task("train", index) for index in range(80))
    task = next(task for task in tasks if task.data["ordered"] and len(answers_of(task)[0]) > 2)
    backwards = (
        f"WITH found AS (SELECT ROW_NUMBER() OVER () AS nth_row, * FROM ({task.secret['query']})) "
        "SELECT * FROM found ORDER BY nth_row DESC"
    )
    columns = ", ".join(ask_columns(task))
    submitted = env.call("submit", sql=backwards.replace("SELECT * FROM found", f"SELECT {columns} FROM found"))
    observation, reward, *_ = played(env, task.index, submitted)
    assert (reward, "right on 0 of 2" in observation) == (0.0, True)


def ask_columns(task):
    theme = next(theme for theme in THEMES if theme.name == task.data["theme"])
    files = [database(theme, task.secret["keys"][0])]
    (result,) = asyncio.run(run_query(task.secret["query"], files))
    return result.columns


def test_constants_that_are_right_on_the_visible_database_are_not_paid(env):
    for index in range(6):
        task = env.task("train", index)
        rows = answers_of(task)[0]
        values = ", ".join("(" + ", ".join(map(written, row)) + ")" for row in rows)
        observation, reward, _, _, info = played(env, index, env.call("submit", sql=f"VALUES {values}"))
        assert reward == 0.0
        assert (info["right_visible"], info["right_hidden"]) == (True, 0)
        assert observation.startswith("Wrong: right on the visible database")


def written(value):
    return "NULL" if value is None else repr(value).replace('"', "'") if not isinstance(value, str) else f"'{value}'"


def test_only_the_first_submission_counts(env):
    right = env.call("submit", sql=env.task("train", 0).secret["query"])
    wrong = env.call("submit", sql="SELECT 1")
    assert played(env, 0, f"{wrong}\n{right}")[1] == 0.0


def test_a_text_that_is_no_query_submits_nothing(env):
    right = env.call("submit", sql=env.task("train", 0).secret["query"])
    empty = env.call("submit", sql=" ;; ")
    long = env.call("submit", sql="SELECT 1 --" + "x" * LONGEST_QUERY)
    assert played(env, 0, empty, long, right)[1] == 1.0


# -- what a policy sees ---------------------------------------------------------------------------------------------------


def test_a_query_shows_rows_and_a_wrong_one_says_why(env):
    table = next(theme for theme in THEMES if theme.name == env.task("train", 0).data["theme"]).tables[0].name
    shown = played(env, 0, env.call("query", sql=f"SELECT id, NULL AS empty FROM {table} WHERE id < 3"))[0]
    assert shown == "2 rows:\nid | empty\n1 | NULL\n2 | NULL\n(7 turns left)"
    wrong = played(env, 0, env.call("query", sql="SELECT nobody FROM nowhere"))[0]
    assert wrong == "Error: no such table: nowhere.\n(7 turns left)"


def test_a_large_result_is_cut(env):
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i, 'xyz' FROM n"
    shown = played(env, 0, env.call("query", sql=many))[0]
    assert shown.startswith(f"more than {MOST_ROWS} rows, the first 30 of them:")
    assert len(shown) < 2_000


def test_the_schema_can_be_left_to_the_policy_and_rows_can_be_shown():
    bare = make(ENV_ID, schema_shown=False).reset(seed=1)[0]
    assert "CREATE TABLE" not in bare
    assert "Its tables: " in bare
    rich = make(ENV_ID, sample_rows=2).reset(seed=1)[0]
    assert "rows:\nid | " in rich


def test_settings_choose_what_is_asked():
    env = make(ENV_ID, difficulty="hard", shapes=("pairs", "window"))
    assert {env.task("train", index).data["kind"] for index in range(8)} == {"pairs", "beside"}
    with pytest.raises(ConfigError, match="there is no kind 'riddle'"):
        make(ENV_ID, shapes=("riddle",))


def test_tests_ask_about_tables_that_training_never_shows():
    env = make(ENV_ID)
    seen = {
        split: {env.task(split, index).data["theme"] for index in range(30)}
        for split in ("train", "validation", "test")
    }
    assert not seen["train"] & seen["validation"]
    assert not seen["train"] & seen["test"]
    assert not seen["validation"] & seen["test"]


# -- what a query cannot do -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM books", "not authorized"),
        ("INSERT INTO authors VALUES (99, 'a', 'b', 1)", "not authorized"),
        ("UPDATE books SET price = 1", "not authorized"),
        ("CREATE TABLE answer (x)", "not authorized"),
        ("CREATE TEMP TABLE answer (x)", "not authorized"),
        ("CREATE TEMP VIEW answer AS SELECT 1", "not authorized"),
        ("DROP TABLE books", "not authorized"),
        ("PRAGMA table_info(books)", "not authorized"),
        ("SELECT * FROM pragma_table_info('books')", "not authorized"),
        ("ATTACH ':memory:' AS other", "not authorized"),
        ("VACUUM INTO 'copy.db'", "authorization denied"),
        ("BEGIN", "not authorized"),
        ("ANALYZE", "not authorized"),
        ("SELECT load_extension('x')", "not authorized to use function: load_extension"),
        ("SELECT random()", "not authorized to use function: random"),
        ("SELECT sqlite_version()", "not authorized to use function: sqlite_version"),
        ("SELECT CURRENT_DATE", "not authorized to use function"),
        ("SELECT date('now')", "there is no current time here: date needs a date"),
        ("SELECT date(' NOW ')", "there is no current time here"),
        ("SELECT datetime()", "there is no current time here"),
        ("SELECT strftime('%Y')", "there is no current time here"),
        ("SELECT date(x'6e6f77')", "there is no current time here"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("-- nothing", "only a SELECT"),
        ("SELECT x'00'", "BLOB"),
        ("SELECT zeroblob(1000000000)", "not authorized to use function"),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n", "too many steps"),
        ("WITH RECURSIVE n(t) AS (SELECT 'ab' UNION ALL SELECT t || t FROM n) SELECT MAX(LENGTH(t)) FROM n", "out of memory"),
        (f"SELECT {'(' * 3000}1{')' * 3000}", ""),
        (f"SELECT group_concat(a.title || '{'x' * 900}') FROM books a, books b", "the result is too large"),
    ],
)  # fmt: skip
def test_what_is_refused(sql, why):
    result = ask(sql)
    assert result.rows == ()
    assert why in result.error


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT date('2024-02-28', '+2 days'), strftime('%Y', '2024-01-31')", ((("2024-03-01"), "2024"),)),
        ("SELECT julianday('2024-03-01') - julianday('2024-02-28')", ((2.0,),)),
        ("VALUES (1, 'a'), (NULL, 2.5)", ((1, "a"), (None, 2.5))),
        ("SELECT printf('%05d', 42), upper('a'), round(2.345, 2), 7 / 2, 7 % 4", (("00042", "A", 2.35, 3, 3),)),
        ("WITH one AS (SELECT 1 AS x) SELECT COUNT(*) FROM one", ((1,),)),
        ("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'", ((4,),)),
    ],
)
def test_what_is_allowed(sql, rows):
    result = ask(sql)
    assert result.error is None
    assert result.rows == rows


def test_a_query_that_fails_on_one_database_leaves_no_trace_in_the_next_call():
    assert ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n").error
    assert ask("SELECT COUNT(*) FROM authors").error is None


@pytest.mark.slow
def test_work_that_no_step_interrupts_ends_with_its_process():
    assert ask("SELECT instr(printf('%8000000s', 'b'), printf('%4000000s', 'c'))").error == TOO_MUCH
    assert ask("SELECT COUNT(*) FROM authors").error is None


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), forged), st.integers(1, 3))
def test_whatever_comes_out_of_the_sandbox_is_results_or_none(told, count):
    for data in (json.dumps(told).encode(), json.dumps([told] * count).encode()):
        results = read_results(RunResult("exit", exit_code=0, result=data), count)
        assert len(results) == count
        assert all(result.error is not None or isinstance(result.rows, tuple) for result in results)
        same_rows([(1,)], results[0].rows, ordered=False)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[" * 100_000, b"[]", b"[1, 2]", b'[{"rows": [[1' + b"0" * 5000 + b']], "columns": ["a"], "more": false}]',
             b'[{"rows": [[1, 2]], "columns": ["a"], "more": false}]', b'[{"rows": [[[]]], "columns": ["a"], "more": false}]',
             b'[{"rows": [[1' + b"0" * 400 + b']], "columns": ["a"], "more": false}]', b"\xff\xfe"],
)  # fmt: skip
def test_a_forged_result_is_none(data):
    assert read_results(RunResult("exit", exit_code=0, result=data), 1)[0].error == TOO_MUCH


@pytest.mark.parametrize("status", ["signal", "cpu", "memory", "output_limit", "malformed_result"])
def test_a_process_that_was_ended_has_failed(status):
    assert [result.error for result in read_results(RunResult(status, cpu_s=4.0), 3)] == [TOO_MUCH] * 3
    assert read_results(RunResult("timeout", cpu_s=3.9), 1)[0].error == TOO_MUCH


@pytest.mark.parametrize(
    "ended",
    [
        RunResult("lost"),
        RunResult("setup_error", detail="no space"),
        RunResult("timeout", cpu_s=0.1),
        RunResult("exit", exit_code=0, result=b'{"fault": "no sqlite3"}'),
    ],
)
def test_what_says_nothing_about_the_query_is_no_verdict(ended):
    with pytest.raises(InfraError):
        read_results(ended, 3)


def test_results_come_back_database_by_database():
    files = [database(SHOP, key) for key in "abc"]
    results = asyncio.run(run_query("SELECT COUNT(*), SUM(quantity) FROM sales", files))
    assert [result.rows for result in results] == list(
        answers(SHOP, ("a", "b", "c"), "SELECT COUNT(*), SUM(quantity) FROM sales")
    )
    assert len({result.rows for result in results}) == 3


@pytest.mark.parametrize("sql", ["", " ;\n", "SELECT 1\0", "x" * (LONGEST_QUERY + 1)])
def test_what_is_no_query_at_all(sql):
    assert refusal(sql)


def test_expected_results_stay_in_the_host(env, monkeypatch):
    """What goes into a sandbox is the query and the files of the databases, and nothing that is expected."""
    sent = []
    box = open_box()
    run = box.acall

    async def watched(call):
        sent.append(call)
        return await run(call)

    monkeypatch.setattr(box, "acall", watched)
    task = env.task("train", 2)
    played(env, 2, env.call("submit", sql="SELECT 1"))
    (call,) = sent
    assert task.secret["query"].encode() not in call.source + call.stdin + b"".join(call.files.values())
    theme = next(theme for theme in THEMES if theme.name == task.data["theme"])
    assert call.files == {f"{n}.db": database(theme, key) for n, key in enumerate(task.secret["keys"])}


@pytest.mark.slow
def test_two_thousand_tasks_ask_for_nearly_as_many_queries():
    env = make(ENV_ID)
    queries = {env.task("train", index).secret["query"] for index in range(2_000)}
    assert len(queries) > 1_940


@pytest.mark.slow
class TestSQL(EnvironmentSuite):
    env_id = ENV_ID
    tasks = 20
