"""`sql_result` on real sandboxes: what gives the right rows by right passes, what does so by chance does not."""

import pytest

from textgym.graders import SqlResult, load

DATABASE = """
CREATE TABLE country(code TEXT PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE city(
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL REFERENCES country(code), people INT CHECK (people > 0)
);
INSERT INTO country VALUES ('FR', 'France'), ('DE', 'Germany'), ('IT', 'Italy'), ('LI', 'Liechtenstein');
INSERT INTO city(name, country, people) VALUES
    ('Paris', 'FR', 2100), ('Lyon', 'FR', 500), ('Lille', 'FR', 230), ('Berlin', 'DE', 3700), ('Bonn', 'DE', 300),
    ('Kiel', 'DE', 250), ('Rome', 'IT', 2800), ('Milan', 'IT', 1400), ('Turin', 'IT', 1400), ('Bari', 'IT', 300);
"""
LARGE = "SELECT name FROM city WHERE people > 1000"
BY_SIZE = "SELECT name FROM city ORDER BY people DESC"

pytestmark = pytest.mark.sandbox


def graded(query, reference=LARGE, **settings):
    return SqlResult(reference=reference, database=DATABASE, **settings).grade({}, query)


@pytest.mark.parametrize(
    "query",
    [
        LARGE,
        f"{LARGE};",
        f"```sql\n{LARGE}\n```",
        f"-- the large ones\n{LARGE} -- done",
        "SELECT name AS n FROM city WHERE NOT people <= 1000 ORDER BY name",
        "SELECT city.name FROM city JOIN country ON code = country WHERE people > 1000",
        "WITH big AS (SELECT * FROM city WHERE people >= 1001) SELECT name FROM big",
    ],
)
def test_queries_that_mean_the_same_pass(query):
    assert graded(query).value == 1.0


@pytest.mark.parametrize(
    "query",
    [
        "VALUES ('Paris'), ('Berlin'), ('Rome'), ('Milan'), ('Turin')",
        "SELECT name FROM city WHERE id IN (1, 4, 7, 8, 9)",
        "SELECT name FROM city WHERE name IN ('Paris', 'Berlin', 'Rome', 'Milan', 'Turin')",
        "SELECT DISTINCT name FROM city ORDER BY people DESC LIMIT 5",
    ],
)
def test_queries_that_are_right_on_this_data_only_do_not(query):
    score = graded(query)
    assert (score.status, score.value) == ("ok", 0.0)
    assert "perturbed copy" in score.reason


@pytest.mark.parametrize(
    "query",
    [
        "",
        "I do not know",
        "SELECT 1; SELECT name FROM city",
        "DELETE FROM city",
        "DROP TABLE city",
        "INSERT INTO city(name, country, people) VALUES ('x', 'FR', 1) RETURNING name",
        "ATTACH 'other.db' AS other",
        "PRAGMA table_info(city)",
        "SELECT load_extension('x')",
        "SELECT randomblob(10)",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
        "SELECT name, people FROM city WHERE people > 1000",
        "SELECT zeroblob(1000000000)",
        "SELECT \x00",
        "SELECT '\ud800'",
        "(" * 15_000,
    ],
)
def test_what_is_wrong_hostile_or_no_query_is_worth_nothing(query):
    score = graded(query)
    assert (score.status, score.value) == ("ok", 0.0), score.reason


def test_order_counts_where_the_reference_has_one_and_ties_may_fall_either_way():
    assert graded(BY_SIZE, BY_SIZE).value == 1.0
    assert graded(f"{BY_SIZE}, name", BY_SIZE).value == 1.0
    assert graded(f"{BY_SIZE}, name DESC", BY_SIZE).value == 1.0
    assert graded("SELECT name FROM city ORDER BY people", BY_SIZE).value == 0.0
    assert graded("SELECT name FROM city", BY_SIZE).value == 0.0
    assert graded("SELECT name FROM city", BY_SIZE, order="no").value == 1.0


def test_rows_are_counted_and_numbers_are_compared_by_value():
    assert graded("SELECT DISTINCT country FROM city", "SELECT country FROM city").value == 0.0
    assert graded("SELECT sum(people) * 1.0 FROM city", "SELECT sum(people) FROM city").value == 1.0
    assert graded("SELECT avg(people) FROM city", "SELECT sum(people) * 1.0 / count(*) FROM city").value == 1.0
    assert graded("SELECT '3' FROM city", "SELECT 3 FROM city").value == 0.0
    assert graded("SELECT NULL FROM city", "SELECT '' FROM city").value == 0.0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"reference": "SELECT name FROM town"}, "reference query fails: no such table"),
        ({"reference": "SELECT name FROM city WHERE people < 0"}, "no row on any copy"),
        ({"reference": "SELECT name FROM city LIMIT 1"}, "happen to lie"),
        ({"reference": "SELECT name FROM city ORDER BY 1 = 1 LIMIT 1"}, "happen to lie"),
        ({"database": "CREATE TABLE city("}, "makes no database"),
        ({"database": "{{ item.missing }}"}, "item.missing"),
    ],
)
def test_a_reference_or_a_database_that_will_not_do_is_no_value(settings, says):
    score = SqlResult(**{"reference": LARGE, "database": DATABASE, **settings}).grade({}, LARGE)
    assert (score.status, score.value) == ("error", None)
    assert says in score.reason


def test_the_schema_still_holds_on_every_copy():
    broken = (
        "SELECT (SELECT count(*) FROM city WHERE country NOT IN (SELECT code FROM country)) "
        "+ (SELECT count(*) FROM city WHERE people <= 0) + (SELECT count(*) - count(DISTINCT id) FROM city)"
    )
    assert graded(broken, "SELECT 0", copies=16).value == 1.0


def test_tables_without_rowid_and_keys_that_lead_nowhere():
    database = """
        CREATE TABLE a(x INTEGER PRIMARY KEY, v INT);
        CREATE TABLE b(x INT REFERENCES a(x), y INT, PRIMARY KEY (x, y)) WITHOUT ROWID;
        CREATE TABLE c(z INT REFERENCES a(missing), t TEXT UNIQUE);
        INSERT INTO a VALUES (1, 10), (2, 20), (3, 30), (4, 40);
        INSERT INTO b VALUES (1, 1), (2, 2), (3, 1), (4, 4);
        INSERT INTO c VALUES (7, 'p'), (8, 'q'), (9, 'r');
    """
    orphans = "SELECT count(*) FROM b LEFT JOIN a USING (x) WHERE a.x IS NULL"
    assert SqlResult(reference="SELECT 0", database=database, copies=8).grade({}, orphans).value == 1.0
    assert SqlResult(reference="SELECT count(*) FROM c", database=database, copies=8).grade({}, "SELECT 3").value == 0.0


def test_without_shuffle_what_rows_hold_together_stays_together():
    database = "CREATE TABLE t(a INT, b INT);" + "".join(f"INSERT INTO t VALUES ({n}, {n * n});" for n in range(9))
    grader = SqlResult(reference="SELECT a FROM t WHERE a > 3", database=database, copies=4, shuffle=False)
    assert grader.grade({}, "SELECT a FROM t WHERE b > 9").value == 1.0
    assert grader.model_copy(update={"shuffle": True}).grade({}, "SELECT a FROM t WHERE b > 9").value == 0.0


def test_the_reference_is_secret():
    score = graded("SELECT 1")
    assert LARGE in score.model_dump_json()
    assert LARGE not in score.redacted().model_dump_json()


def test_json_and_back():
    grader = SqlResult(reference="{{ item.gold }}", database="{{ item.db }}", order="no")
    assert load(grader.model_dump_json()) == grader
