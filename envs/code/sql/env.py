"""The SQL environment: answer a question about a database with a query that is right on other databases, too."""

from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from textgym.actions import ToolConfig, ToolEnv, tool
from textgym.core import Random, Reply, State, Task
from textgym.envs.code.sql.answers import Row, same_rows
from textgym.envs.code.sql.cheating import cheating_queries, exhausting_queries, other_queries
from textgym.envs.code.sql.draw_questions import LEVELS, SHAPES
from textgym.envs.code.sql.execution import refusal, run_query
from textgym.envs.code.sql.problem import Problem, draw_problem
from textgym.envs.code.sql.rows import database, opened, rows_of
from textgym.envs.code.sql.schema import Theme
from textgym.envs.code.sql.showing import shown_error, shown_result, shown_rows
from textgym.envs.code.sql.themes import THEMES

_CHEATS = 3
_EXHAUSTING = 50
_THEMES = {theme.name: theme for theme in THEMES}

_RULES = """\
Write one SQLite query (SELECT, WITH or VALUES) that answers the question on this database and on any other with these \
tables, whatever rows it holds: the submitted query is also run on two databases that are not shown.
- "Missing" means NULL. Where a row refers to no other, all that would be found there is missing, too. A condition about a missing value is neither true nor false; rows count where it is true.
- Counts of different values, sums, averages, lowest and highest values leave missing values out; of no values at all, \
a count is 0 and the others are NULL.
- The result must have the columns in the order given. Their names do not matter. Each row must be there as often as asked \
for; the order of rows matters only where the question gives one. Do not round.
- Databases can only be read: one statement, no PRAGMA or ATTACH, no random numbers, no current time."""


class SQLConfig(ToolConfig):
    """Knobs of SQL."""

    difficulty: Literal["easy", "medium", "hard", "mixed"] = Field(
        "mixed",
        description="easy: one table; medium: joins, groups, sets; hard: windows, subqueries, nested conditions",
    )
    shapes: tuple[str, ...] = Field(
        (), description=f"kinds of questions to ask, instead of the usual: {', '.join(SHAPES)}"
    )
    schema_shown: bool = Field(True, description="the tables' definitions stand in the prompt, instead of their names")
    sample_rows: int = Field(0, ge=0, le=10, description="rows of each table that the prompt shows")
    max_turns: int = Field(8, ge=1, description="answers after which the episode is truncated")

    @field_validator("shapes")
    @classmethod
    def _known(cls, shapes: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [shape for shape in shapes if shape not in SHAPES]
        if unknown:
            raise ValueError(f"there is no kind {unknown[0]!r}; there are {', '.join(SHAPES)}")
        return shapes


class SQLState(State):
    """How many queries were tried."""

    queries: int = 0


class SQL(ToolEnv[SQLConfig, SQLState]):
    """Answer a question about a database with one query, which must be right on two hidden databases as well.

    Observation: the tables, the question, what each column of the answer holds, and how its rows are ordered; then the
        results of queries (30 rows of them, at most).
    Action: calls of `query` (run a SELECT on the visible database) and `submit`, in the configured protocol.
    Reward: 1 if the submitted query gives the right result on the visible database and on both hidden ones, else 0.
        Results are compared in the host. The order of columns counts, their names do not. Rows are compared as a multiset,
        or in their order where the question gives one. Whole numbers must be equal; where either number is a fraction, they
        may differ by a billionth of the larger one. Text is compared exactly, NULL equals NULL alone, and text is never
        a number. A query that fails, takes too many steps, or gives more than 1,000 rows on any database is wrong.
    Ends: terminated by the first `submit`; truncated after `max_turns` actions. A text that is no query (empty, too long)
        is invalid, and submits nothing.
    Splits: by the subject of the database (21 of them, each with tables of its own), and by the form of the question:
        tests ask for forms, on tables, neither of which training shows.
    Tasks: a database is drawn, then a question with constants from it, until the question is sound: its answers on the
        three databases are not empty and differ from each other, and queries that are wrong by one detail (a condition
        forgotten, a boundary moved, an inner join for an outer one, a missing value taken for a known one, ...) give other
        results on at least one of them. `data["strength"]` is the share of those that are found out; forgotten or turned
        parts always are. Under an order no two rows tie.
    Oracle: tries the right query once where there is a turn for it, and submits it.
    Safety: queries run in the sandbox, one process for each call, on files that can only be read; an authorizer admits
        SELECT and plain functions; steps, time, memory and results are bounded. Right answers never enter it.
    """

    sandbox = "step"
    random_ceiling = 0.02
    noop_action: ClassVar[str] = ""

    # -- tasks ---------------------------------------------------------------------------------------------------------

    def generate(self, rng: Random) -> Task:
        theme = rng.choice(THEMES)
        family = rng.claim(f"SQL about {theme.name}")
        difficulty = rng.choice(tuple(LEVELS)) if self.config.difficulty == "mixed" else self.config.difficulty
        problem = draw_problem(rng, theme, difficulty, self.config.shapes)
        return Task(
            prompt=self._prompt(theme, problem),
            secret={"query": problem.question.sql(), "keys": list(problem.keys)},
            data={
                "theme": theme.name,
                "kind": type(problem.question).__name__.lower(),
                "ordered": problem.question.ordered,
                "strength": round(problem.strength, 3),
            },
            family=family,
            difficulty=difficulty,
        )

    def _prompt(self, theme: Theme, problem: Problem) -> str:
        wording = problem.question.wording()
        parts = [f"A SQLite database of {theme.title}."]
        if self.config.schema_shown:
            parts.append(theme.ddl())
        else:
            parts[0] += f" Its tables: {', '.join(table.name for table in theme.tables)}."
        if self.config.sample_rows:
            parts.append(shown_rows(theme, rows_of(theme, problem.keys[0]), self.config.sample_rows))
        parts.append(f"Question: {wording.ask}")
        if len(wording.columns) == 1:
            parts[-1] += f"\nColumn of the result: {wording.columns[0]}."
        else:
            numbered = "; ".join(f"({number}) {column}" for number, column in enumerate(wording.columns, 1))
            parts[-1] += f"\nColumns of the result: {numbered}."
        parts[-1] += f"\nOrder of the rows: {wording.order or 'any'}."
        parts.append(_RULES)
        return "\n\n".join(parts)

    def opening(self, task: Task, state: SQLState) -> str:
        turns = self.config.max_turns
        return f"{super().opening(task, state)}\n\nTurn limit: {turns}. Only the first submission counts."

    # -- tools ---------------------------------------------------------------------------------------------------------

    @tool
    async def query(self, task: Task, state: SQLState, sql: str) -> Reply:
        """Run a query on the visible database and see its result.

        Args:
            sql: one SELECT statement.
        """
        wrong = refusal(sql)
        if wrong is not None:
            return Reply.malformed(f"{wrong[0].upper()}{wrong[1:]}.")
        state.queries += 1
        (result,) = await run_query(sql, self._databases(task)[:1])
        text = shown_error(result) if result.error is not None else shown_result(result)
        left = self.config.max_turns - state.turn - 1
        return Reply(f"{text}\n({left} turn{'' if left == 1 else 's'} left)", info={"queries": state.queries})

    @tool
    async def submit(self, task: Task, state: SQLState, sql: str) -> Reply:
        """Submit your query. This ends the task; only the first submission counts.

        Args:
            sql: one SELECT statement that answers the question on any database with these tables.
        """
        wrong = refusal(sql)
        if wrong is not None:
            return Reply.malformed(f"{wrong[0].upper()}{wrong[1:]}. Nothing was submitted.")
        results = await run_query(sql, self._databases(task))
        expected = answers(_THEMES[task.data["theme"]], tuple(task.secret["keys"]), task.secret["query"])
        right = [
            result.error is None and not result.more and same_rows(rows, result.rows, ordered=task.data["ordered"])
            for rows, result in zip(expected, results, strict=True)
        ]
        visible = "right" if right[0] else "wrong" if results[0].error is None else "an error"
        hidden = sum(right[1:])
        return Reply(
            "Right."
            if all(right)
            else f"Wrong: {visible} on the visible database, right on {hidden} of 2 hidden ones.",
            score=1.0 if all(right) else 0.0,
            info={"queries": state.queries, "right_visible": right[0], "right_hidden": hidden},
        )

    def _databases(self, task: Task) -> list[bytes]:
        theme = _THEMES[task.data["theme"]]
        return [database(theme, key) for key in task.secret["keys"]]

    # -- reference policies --------------------------------------------------------------------------------------------

    def oracle(self, task: Task, state: SQLState) -> str:
        tries = state.queries == 0 and state.turn < self.config.max_turns - 1
        return self.call("query" if tries else "submit", sql=task.secret["query"])

    def random_action(self, task: Task, state: SQLState, rng: Random) -> str:
        return self.call("submit", sql=rng.choice(other_queries(_THEMES[task.data["theme"]])))

    def candidates(self, task: Task) -> list[str]:
        guesses = other_queries(_THEMES[task.data["theme"]])[:12]
        return [self.call("submit", sql=sql) for sql in (*guesses, task.secret["query"])]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        theme = _THEMES[task.data["theme"]]
        right = task.secret["query"]
        shown = answers(theme, tuple(task.secret["keys"][:1]), right)[0]
        submitted, wrong = self.call("submit", sql=right), self.call("submit", sql="SELECT 'no'")
        scripts = {name: [self.call("submit", sql=sql)] for name, sql in cheating_queries(theme, right, shown).items()}
        scripts |= {
            "a second submission": [f"{wrong}\n{submitted}"],
            "the query without a call": [right, f"```sql\n{right}\n```", f"<answer>{right}</answer>"],
            "the query while thinking": [f"<think>{submitted}</think>"],
            "queries, but no submission": [self.call("query", sql=right)] * 3,
            "more calls than are allowed": ["\n".join([submitted] * (self.config.max_calls_per_turn + 1))],
        }
        # Each task is tried with some of them, in turn: a sandbox is opened for every single one.
        names = [*scripts]
        mine = [names[(task.index * _CHEATS + offset) % len(names)] for offset in range(_CHEATS)]
        chosen = {name: scripts[name] for name in mine}
        if task.index % _EXHAUSTING == 0:
            for name, sql in exhausting_queries(theme, len(shown[0])).items():
                chosen[name] = [self.call("submit", sql=sql)]
        return chosen


@lru_cache(maxsize=512)
def answers(theme: Theme, keys: tuple[str, ...], query: str) -> tuple[tuple[Row, ...], ...]:
    """The rows that a query of our own gives on the databases with these keys."""
    found = []
    for key in keys:
        connection = opened(database(theme, key))
        try:
            found.append(tuple(connection.execute(query).fetchall()))
        finally:
            connection.close()
    return tuple(found)
