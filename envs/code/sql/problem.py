"""Sound problems: a question, and three databases on which its answers differ and its near misses are found out."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from textgym.core import Random, RedrawError
from textgym.envs.code.sql.answers import Row
from textgym.envs.code.sql.draw_questions import draw_question
from textgym.envs.code.sql.question import Question
from textgym.envs.code.sql.rows import database, opened, rows_of
from textgym.envs.code.sql.schema import Theme

_QUESTIONS = 60
_HIDDEN = 5
_MOST_ROWS = 60
_LEAST_STRENGTH = 0.8


@dataclass(frozen=True)
class Problem:
    """A question with its databases.

    Attributes:
        question: the question.
        keys: keys of the visible database and of the two hidden ones.
        strength: share of the near misses of the right query that at least one database tells from it.
    """

    question: Question
    keys: tuple[str, str, str]
    strength: float


@dataclass
class _Tried:
    """A candidate for a hidden database: the right answer, and which mistakes it finds out."""

    key: str
    answer: object
    found: set[int]


def draw_problem(rng: Random, theme: Theme, difficulty: str, shapes: tuple[str, ...] = ()) -> Problem:
    """A sound problem about a theme.

    Raises:
        RedrawError: the visible database gave none.
    """
    keys = [f"{rng.getrandbits(48):012x}" for _ in range(1 + _HIDDEN)]
    visible = rows_of(theme, keys[0])
    databases = _Databases(theme, keys)
    try:
        for _ in range(_QUESTIONS):
            question = draw_question(rng, theme, visible, difficulty, shapes)
            if question is None:
                continue
            try:
                # Tests ask for forms of questions, too, that training never showed.
                rng.claim(f"SQL form {question.skeleton()}")
            except RedrawError:
                continue
            problem = _proved(question, databases)
            if problem is not None:
                return problem
    finally:
        databases.close()
    raise RedrawError("the database gave no sound question")


class _Databases:
    """The visible database and the candidates for the hidden ones, loaded when first asked."""

    def __init__(self, theme: Theme, keys: list[str]) -> None:
        self.theme = theme
        self.keys = keys
        self._open: dict[int, sqlite3.Connection] = {}

    def ask(self, number: int, sql: str) -> list[Row]:
        connection = self._open.get(number)
        if connection is None:
            connection = self._open[number] = opened(database(self.theme, self.keys[number]))
        return connection.execute(sql).fetchall()

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()


def _proved(question: Question, databases: _Databases) -> Problem | None:
    """The problem that this question makes; None if it makes none."""
    sql = question.sql()
    answer = databases.ask(0, sql)
    if not _worth_asking(answer):
        return None
    mistakes = [(vital, other.sql()) for _, vital, other in question.mistakes()]
    tried = [_try(question, databases, 0, sql, mistakes)]
    everything = set(range(len(mistakes)))
    vital = {number for number, mistake in enumerate(mistakes) if mistake[0]}
    best: tuple[int, _Tried, _Tried] | None = None
    for number in range(1, 1 + _HIDDEN):
        if not _worth_asking(databases.ask(number, sql)):
            continue
        newest = _try(question, databases, number, sql, mistakes)
        if any(newest.answer == other.answer for other in tried):
            continue
        tried.append(newest)
        for one, other in combinations(tried[1:], 2):
            found = tried[0].found | one.found | other.found
            if vital <= found and (best is None or len(found) > best[0]):
                best = len(found), one, other
        if best is not None and best[0] == len(everything):
            break
    if best is None or best[0] < _LEAST_STRENGTH * len(everything):
        return None
    strength = best[0] / len(everything) if everything else 1.0
    return Problem(question, (databases.keys[0], best[1].key, best[2].key), strength)


def _worth_asking(answer: list[Row]) -> bool:
    """Whether an answer says anything, and not too much."""
    return 0 < len(answer) <= _MOST_ROWS and any(value not in (None, 0) for row in answer for value in row)


def _try(question: Question, databases: _Databases, number: int, sql: str, mistakes: list[tuple[bool, str]]) -> _Tried:
    answer = databases.ask(number, sql)
    right = _comparable(answer, question.ordered)
    found = {
        at
        for at, (_, wrong) in enumerate(mistakes)
        if _comparable(databases.ask(number, wrong), question.ordered) != right
    }
    return _Tried(databases.keys[number], right, found)


def _comparable(answer: list[Row], ordered: bool) -> object:
    return answer if ordered else Counter(answer)
