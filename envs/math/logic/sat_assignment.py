"""The SatAssignment environment: make all clauses true."""

import re
from collections import Counter
from typing import ClassVar, Self

from pydantic import Field, model_validator

from textgym.actions.answers import committed
from textgym.core import Random, RedrawError, State, Task
from textgym.envs.math.levels import LevelledConfig, Levels
from textgym.envs.math.logic.truth import everything, models, variables
from textgym.envs.math.single_answer import SingleAnswer, Unreadable

Clause = tuple[int, ...]
"""Literals: variable `v`, counted from 1, as `v`, its negation as `-v`."""

_LITERAL = re.compile(r"[+-]?[0-9]{1,3}", re.ASCII)
_LONGEST = 500


class SatAssignmentConfig(LevelledConfig):
    """Knobs of SatAssignment."""

    levels: ClassVar[Levels] = {
        "easy": {"variables": 7, "clauses": 26},
        "medium": {"variables": 10, "clauses": 42},
        "hard": {"variables": 15, "clauses": 63},
    }

    variables: int = Field(10, ge=6, le=16, description="variables; 7, 10 or 15 by difficulty")
    clauses: int = Field(42, ge=4, le=120, description="clauses; 26, 42 or 63 by difficulty")
    width: int = Field(3, ge=2, le=4, description="literals in a clause")
    most_models: float = Field(0.03, gt=0, le=0.05, description="largest share of all assignments that may be right")

    @model_validator(mode="after")
    def _clauses_fit(self) -> Self:
        if self.width > self.variables:
            raise ValueError(f"width ({self.width}) must not be above variables ({self.variables})")
        return self


class SatAssignment(SingleAnswer[SatAssignmentConfig]):
    """Find values for the variables that make every clause true.

    Observation: the clauses, a line each.
    Action: every variable once, as its number where it is true and with a minus sign where it is false, separated by white
        space or commas, in one <answer></answer>. Text outside the tags is not read; an action without exactly one such
        pair, or that names a variable twice, not at all, or one that does not exist, is invalid.
    Reward: 1 if every clause holds, else 0. Where several assignments do it, each is right.
    Ends: after the answer.
    Splits: by how often each variable occurs plainly and negated, whatever its number.
    Oracle: gives an assignment.

    At most `most_models` of all assignments are right, which is counted, and neither "all true" nor "all false" is. The
    difficulty of a task is its number of variables.
    """

    answer_form = "every variable once, as 3 where it is true and as -3 where it is false, such as 1 -2 3"

    def generate(self, rng: Random) -> Task:
        config, count = self.config, self.config.variables
        hidden = rng.getrandbits(count)
        clauses = _clauses(hidden, count, config.clauses, config.width, rng)
        family = rng.claim(f"sat {_shape(clauses, count)}")
        right = table_of(clauses, count)
        if right.bit_count() > config.most_models * 2**count:
            raise RedrawError("too many assignments are right")
        found = models(right)
        if 0 in found or 2**count - 1 in found:
            raise RedrawError("giving all variables one value is right")
        lines = "\n".join(" or ".join(_say(literal) for literal in clause) for clause in clauses)
        return Task(
            prompt=self.ask(
                f"Find values, true or false, for the variables x1 to x{count} such that every line below is true. A line "
                f"is true if at least one of its parts is.\n\n{lines}"
            ),
            secret={"answer": _listed(hidden, count)},
            data={"clauses": [list(clause) for clause in clauses]},
            family=family,
            difficulty=count,
        )

    def judge(self, task: Task, answer: str) -> bool:
        chosen = _read(answer, self.config.variables)
        return all(any(literal in chosen for literal in clause) for clause in task.data["clauses"])

    def random_action(self, task: Task, state: State, rng: Random) -> str:
        return committed(_listed(rng.getrandbits(self.config.variables), self.config.variables))

    def candidates(self, task: Task) -> list[str]:
        count = self.config.variables
        return [committed(_listed(2**count - 1, count)), committed(_listed(0, count))]

    def cheats(self, task: Task) -> dict[str, list[str]]:
        count = self.config.variables
        both = " ".join(f"{variable} -{variable}" for variable in range(1, count + 1))
        return super().cheats(task) | {
            "every variable true and false": [committed(both)],
            "all true": [committed(_listed(2**count - 1, count))],
            "all false": [committed(_listed(0, count))],
            "the first clause alone": [committed(" ".join(map(str, task.data["clauses"][0])))],
        }


def _clauses(hidden: int, count: int, number: int, width: int, rng: Random) -> list[Clause]:
    """Distinct random clauses, each of which the hidden assignment makes true."""
    clauses: dict[Clause, None] = {}
    tries = 0
    while len(clauses) < number:
        tries += 1
        if tries > 20 * number:
            raise RedrawError("there are not so many clauses")
        clause = tuple(variable if rng.getrandbits(1) else -variable for variable in _some(count, width, rng))
        if any((hidden >> abs(literal) - 1 & 1) == (literal > 0) for literal in clause):
            clauses[clause] = None
    return list(clauses)


def _some(count: int, width: int, rng: Random) -> list[int]:
    return sorted(rng.sample(range(1, count + 1), width))


def table_of(clauses: list[Clause], count: int) -> int:
    """The truth table of a conjunction of clauses, see `truth`."""
    tables, whole = variables(count), everything(count)
    left = whole
    for clause in clauses:
        some = 0
        for literal in clause:
            table = tables[abs(literal) - 1]
            some |= table if literal > 0 else whole & ~table
        left &= some
    return left


def _shape(clauses: list[Clause], count: int) -> str:
    often = Counter(literal for clause in clauses for literal in clause)
    pairs = sorted(tuple(sorted((often[variable], often[-variable]))) for variable in range(1, count + 1))
    return " ".join(f"{low}/{high}" for low, high in pairs)


def _say(literal: int) -> str:
    return f"x{literal}" if literal > 0 else f"not x{-literal}"


def _listed(assignment: int, count: int) -> str:
    return " ".join(str(v if assignment >> v - 1 & 1 else -v) for v in range(1, count + 1))


def _read(text: str, count: int) -> set[int]:
    problem = f"Name each of the variables 1 to {count} once."
    parts = text.replace(",", " ").split() if len(text) <= _LONGEST else []
    if len(parts) != count or not all(_LITERAL.fullmatch(part) for part in parts):
        raise Unreadable(problem)
    chosen = {int(part) for part in parts}
    if sorted(map(abs, chosen)) != list(range(1, count + 1)):
        raise Unreadable(problem)
    return chosen
