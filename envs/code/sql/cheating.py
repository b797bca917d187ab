"""Queries that try to be paid without answering the question, and plain ones that a guesser might write."""

# ruff: noqa: S608 (SQL as text is what this is about; none of it is run but in the sandbox)

from collections.abc import Sequence

from textgym.envs.code.sql.answers import Row
from textgym.envs.code.sql.schema import Theme
from textgym.envs.code.sql.terms import literal


def other_queries(theme: Theme) -> list[str]:
    """Simple queries on the tables of a theme."""
    found = []
    for table in theme.tables:
        name = table.name
        found += [f"SELECT * FROM {name}", f"SELECT id FROM {name}", f"SELECT COUNT(*) FROM {name}"]
        for column in table.columns[1:]:
            found.append(f"SELECT id, {column.name} FROM {name}")
            found.append(f"SELECT {column.name}, COUNT(*) FROM {name} GROUP BY {column.name}")
            found.append(f"SELECT DISTINCT {column.name} FROM {name} ORDER BY 1")
    return found


def cheating_queries(theme: Theme, right: str, shown: Sequence[Row]) -> dict[str, str]:
    """Queries that must not be paid.

    Args:
        theme: the theme.
        right: the right query.
        shown: its result on the visible database.
    """
    constants = ", ".join(f"({', '.join(map(literal, row))})" for row in shown)
    width = len(shown[0])
    nothing = ", ".join(["NULL"] * width)
    table = theme.tables[-1].name
    count = f"(SELECT COUNT(*) FROM {table})"
    everything = " UNION ALL ".join(f"SELECT {', '.join(['id'] * width)} FROM {each.name}" for each in theme.tables)
    return {
        "the visible result as constants": f"VALUES {constants}",
        "constants behind a join": f"WITH a AS (VALUES {constants}) SELECT a.* FROM a JOIN {table} AS t ON t.id = 1",
        "constants beside the right rows": f"{_plain(right)} UNION SELECT * FROM (VALUES {constants}) WHERE 0 < {count} UNION ALL SELECT {nothing}",
        "the right rows and everything": f"SELECT * FROM ({right}) UNION ALL {everything}",
        "the right rows twice": f"SELECT * FROM ({right}) UNION ALL SELECT * FROM ({right})",
        "the right rows and a row more": f"SELECT * FROM ({right}) UNION ALL SELECT {nothing}",
        "the right rows, one left out": f"SELECT * FROM ({right}) LIMIT 1 OFFSET 1",
        "the right rows and a column more": f"SELECT *, 1 FROM ({right})",
        "the right query, explained": f"EXPLAIN {right}",
        "the right query behind another": f"SELECT 1; {right}",
        "the right query before another": f"{right}; DROP TABLE {table}",
        "the right query in a comment": f"SELECT 1 /* {right} */",
        "numbers as text": f"SELECT {', '.join(['CAST(1 AS TEXT)'] * width)} FROM ({right})",
        "the schema": "SELECT name, sql FROM sqlite_master",
        "an answer hidden in the schema": f"PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = '{table}'",
        "a table for the answer": f"CREATE TABLE answer AS {right}",
        "a view for the answer": f"CREATE TEMP VIEW answer AS {right}",
        "the rows are deleted": f"DELETE FROM {table}",
        "rows are added": f"INSERT INTO {table} SELECT * FROM {table}",
        "a pragma": "PRAGMA database_list",
        "a pragma as a table": "SELECT * FROM pragma_database_list",
        "another database's file": "ATTACH DATABASE '1.db' AS hidden",
        "a copy into a file": "VACUUM INTO 'copy.db'",
        "an extension": "SELECT load_extension('answer')",
        "a file": "SELECT readfile('1.db')",
        "no rows": f"SELECT {nothing} WHERE 0",
        "only missing values": f"SELECT {nothing}",
    }


def exhausting_queries(theme: Theme, width: int) -> dict[str, str]:
    """Queries that want more time or memory than there is.

    Args:
        theme: the theme.
        width: how many columns the right result has.
    """
    table = theme.tables[-1].name
    return {
        "endless rows": f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {', '.join(['i'] * width)} FROM n",
        "endless work": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
        "too much memory": "WITH RECURSIVE n(t) AS (SELECT 'aaaaaaaa' UNION ALL SELECT t || t FROM n) SELECT MAX(LENGTH(t)) FROM n",
        "endless work in one step": "SELECT instr(printf('%8000000s', 'b'), printf('%4000000s', 'c'))",
        "a wide number": "SELECT printf('%*d', 2000000000, 1)",
        "a slow pattern": f"SELECT '{'a' * 2000}' LIKE '{'%a' * 1000}b'",
        "deep brackets": f"SELECT {'(' * 3000}1{')' * 3000}",
        "a flood of text": f"SELECT group_concat(a.id || '{'x' * 500}') FROM {table} AS a, {table} AS b, {table} AS c",
        "a cross join": f"SELECT {', '.join(['a.id'] * width)} FROM {', '.join(f'{table} AS {name}' for name in 'abcdef')}",
    }


def _plain(query: str) -> str:
    """A query that may stand before UNION."""
    return f"SELECT * FROM ({query})"
