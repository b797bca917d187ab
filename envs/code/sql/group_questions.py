"""Questions about groups of the rows of a table: their size, sums and averages, and the values that they share."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from textgym.envs.code.sql.compound import Both, Not, Said, shape_of, where_clause
from textgym.envs.code.sql.conditions import Condition
from textgym.envs.code.sql.question import Aggregate, Question, Wording, aggregate_mistakes, joined_words
from textgym.envs.code.sql.row_questions import Listing
from textgym.envs.code.sql.terms import Path, Scope


@dataclass(frozen=True)
class Key:
    """What rows are grouped by: a column, or the year or month of a date."""

    path: Path
    part: Literal["", "year", "month"] = ""

    def sql(self, scope: Scope) -> str:
        """The key in SQL."""
        column = scope.column(self.path)
        return column if not self.part else f"strftime('{'%Y' if self.part == 'year' else '%Y-%m'}', {column})"


@dataclass(frozen=True)
class Threshold:
    """A condition on an aggregate."""

    aggregate: Aggregate
    op: Literal[">=", "<="]
    value: float

    def sql(self, scope: Scope) -> str:
        """The condition in SQL."""
        return f"{self.aggregate.sql(scope)} {self.op} {self.value:g}"

    def phrase(self) -> str:
        """What must hold of the aggregate, in English."""
        return f"is {'at least' if self.op == '>=' else 'at most'} {self.value:g}"


@dataclass(frozen=True, kw_only=True)
class Totals(Question):
    """Aggregates over all rows that meet a condition: a single row."""

    aggregates: tuple[Aggregate, ...]

    def sql(self) -> str:
        scope = self.scope()
        columns = ", ".join(aggregate.sql(scope) for aggregate in self.aggregates)
        where = where_clause(self.where, scope)
        return f"SELECT {columns} {scope.source}{where}"

    def wording(self) -> Wording:
        place, said = self.place, Said(self.where, self.place)
        phrases = tuple(aggregate.phrase(place) for aggregate in self.aggregates)
        return Wording(f"Of {said.rows}, give {joined_words(phrases)}, in one row.{said.rule}", phrases)

    def skeleton(self) -> str:
        place = self.place
        aggregates = ",".join(aggregate.skeleton(place) for aggregate in self.aggregates)
        return f"totals [{aggregates}] [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        for name, vital, others in aggregate_mistakes(self.aggregates, self.place):
            yield name, vital, self.with_(aggregates=others)


@dataclass(frozen=True, kw_only=True)
class Groups(Question):
    """Aggregates for each value of a key, perhaps only of large enough groups, perhaps the first few of them."""

    key: Key
    aggregates: tuple[Aggregate, ...]
    having: Threshold | None = None
    falling: bool | None = None
    limit: int | None = None

    @property
    def ordered(self) -> bool:
        return self.falling is not None

    def sql(self) -> str:
        scope = self.scope()
        key = self.key.sql(scope)
        columns = ", ".join([key, *(aggregate.sql(scope) for aggregate in self.aggregates)])
        where = where_clause(self.where, scope)
        having = "" if self.having is None else f" HAVING {self.having.sql(scope)}"
        order = ""
        if self.falling is not None:
            last = " NULLS LAST" if self._may_be_missing() else ""
            order = f" ORDER BY {len(self.aggregates) + 1}{' DESC' * self.falling}{last}, 1"
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        return f"SELECT {columns} {scope.source}{where} GROUP BY {key}{having}{order}{limit}"

    def wording(self) -> Wording:
        place = self.place
        what = place.phrase(self.key.path)
        if self.key.part:
            named = f"{self.key.part} of the {what}"
            form = "with four digits, such as '2023'" if self.key.part == "year" else "written like '2023-05'"
            column = f"the {named} as text ({form})"
        else:
            named = what
            column = f"the {what}"
        phrases = tuple(aggregate.phrase(place) for aggregate in self.aggregates)
        said = Said(self.where, place)
        given = joined_words((f"the {named}", *phrases))
        ask = f"Group {said.rows} by the {named}.{said.rule} For each group, give {given}."
        if place.nullable(self.key.path):
            ask += f" Where the {what} is missing (NULL), that is a group of its own."
        if self.having is not None:
            ask += f" Leave out every group unless {self.having.aggregate.phrase(place)} in it {self.having.phrase()}."
        order = None
        if self.falling is not None:
            last = ", missing values last" if self._may_be_missing() else ""
            way = f"{'high to low' if self.falling else 'low to high'}{last}"
            order = f"by {phrases[-1]} from {way}; where that is equal, by the {named} in ascending order"
        if self.limit is not None:
            ask += (
                f" In the order given below, list only the first {'row' if self.limit == 1 else f'{self.limit} rows'}."
            )
        return Wording(ask, (column, *phrases), order)

    def _may_be_missing(self) -> bool:
        """Whether the last aggregate may be NULL, as a sum of nothing is."""
        path = self.aggregates[-1].path
        return path is not None and self.aggregates[-1].kind == "sum" and self.place.nullable(path)

    def skeleton(self) -> str:
        place = self.place
        aggregates = ",".join(aggregate.skeleton(place) for aggregate in self.aggregates)
        having = "" if self.having is None else f"having {self.having.aggregate.skeleton(place)}{self.having.op}"
        order = "" if self.falling is None else f"order{'-' * self.falling}{'limit' * bool(self.limit)}"
        key = f"{place.sort(self.key.path)}{self.key.part}"
        return f"groups {key} [{aggregates}] [{shape_of(self.where, place)}] {having} {order}"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        for name, vital, others in aggregate_mistakes(self.aggregates, self.place):
            yield name, vital, self.with_(aggregates=others)
        yield from about_groups(self, self.having, self.falling, self.limit)


def about_groups(
    question: Question, having: Threshold | None, falling: bool | None, limit: int | None
) -> Iterator[tuple[str, bool, Question]]:
    """Mistakes about which groups are listed, and in which order."""
    if having is not None:
        yield "all groups are listed", True, question.with_(having=None)
        shifted = Threshold(having.aggregate, having.op, having.value + (1 if having.op == ">=" else -1))
        yield "the threshold is strict", False, question.with_(having=shifted)
    if falling is not None:
        yield "the order is turned", True, question.with_(falling=not falling)
    if limit is not None:
        yield "one row more", True, question.with_(limit=limit + 1)


@dataclass(frozen=True, kw_only=True)
class Split(Question):
    """For each value of a column, how many rows there are of two kinds."""

    key: Path
    first: Condition
    second: Condition

    def sql(self) -> str:
        scope = self.scope()
        key = scope.column(self.key)
        sums = ", ".join(
            f"COUNT(CASE WHEN {condition.sql(scope)} THEN 1 END)" for condition in (self.first, self.second)
        )
        where = where_clause(self.where, scope)
        return f"SELECT {key}, {sums} {scope.source}{where} GROUP BY {key}"

    def wording(self) -> Wording:
        place = self.place
        what = place.phrase(self.key)
        kinds = tuple(
            f"the number of {place.table.plural} {condition.relative(place)}" for condition in (self.first, self.second)
        )
        said = Said(self.where, place)
        missing = (
            f" Where the {what} is missing (NULL), that is a group of its own." if place.nullable(self.key) else ""
        )
        ask = (
            f"Group {said.rows} by the {what}.{said.rule} For each group, give the {what}; then {kinds[0]}; then "
            f"{kinds[1]}. A number may be 0: no group is left out.{missing}"
        )
        return Wording(ask, (f"the {what}", *kinds))

    def skeleton(self) -> str:
        place = self.place
        kinds = " / ".join(sorted((self.first.skeleton(place), self.second.skeleton(place))))
        return f"split {place.sort(self.key)} {kinds} [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        for name, vital, other in self.first.variants():
            if other is not None:
                yield f"first kind: {name}", vital, self.with_(first=other)
        for name, vital, other in self.second.variants():
            if other is not None:
                yield f"second kind: {name}", vital, self.with_(second=other)
        yield "the two are swapped", True, self.with_(first=self.second, second=self.first)
        yield "groups without the first kind are lost", False, self.with_(where=self.first)


@dataclass(frozen=True, kw_only=True)
class SetOf(Question):
    """The values of a column among some rows, together with, or shared with, or without those among others."""

    column: Path
    op: Literal["UNION", "INTERSECT", "EXCEPT", "UNION ALL"]
    first: Condition
    second: Condition

    def sql(self) -> str:
        halves = []
        for condition in (self.first, self.second):
            scope = self.scope()
            column = scope.column(self.column)
            where = where_clause(condition, scope)
            halves.append(f"SELECT {column} {scope.source}{where}")
        return f" {self.op} ".join(halves)

    def wording(self) -> Wording:
        place = self.place
        what = place.phrase(self.column)
        first, second = (f"{place.table.plural} {condition.relative(place)}" for condition in (self.first, self.second))
        how = {
            "UNION": f"among the {first}, or among the {second}, or among both",
            "INTERSECT": f"both among the {first} and among the {second}",
            "EXCEPT": f"among the {first}, but not among the {second}",
            "UNION ALL": "",
        }[self.op]
        missing = " Missing (NULL) counts as a value." if place.nullable(self.column) else ""
        apart = f" (They may occur in different {place.table.plural}.)" if self.op == "INTERSECT" else ""
        ask = f"Which different values of the {what} occur {how}?{apart} List each value once.{missing}"
        return Wording(ask, (f"the {what}",))

    def skeleton(self) -> str:
        place = self.place
        kinds = [self.first.skeleton(place), self.second.skeleton(place)]
        if self.op != "EXCEPT":
            kinds.sort()
        return f"set {self.op} {place.sort(self.column)} {' / '.join(kinds)}"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        for name, vital, other in self.first.variants():
            if other is not None:
                yield f"first rows: {name}", vital, self.with_(first=other)
        for name, _, other in self.second.variants():
            if other is not None:
                yield f"second rows: {name}", False, self.with_(second=other)
        others: tuple[Literal["UNION", "INTERSECT", "EXCEPT"], ...] = ("UNION", "INTERSECT", "EXCEPT")
        for op in others:
            if op != self.op:
                yield f"{self.op.lower()} becomes {op.lower()}", True, self.with_(op=op)
        if self.op == "UNION":
            yield "duplicates stay", True, self.with_(op="UNION ALL")
        else:
            yield "one condition on the same row", False, _same_row(self)


def _same_row(question: SetOf) -> Question:
    """The question as if both conditions were about one row."""

    second = question.second if question.op == "INTERSECT" else Not(question.second)
    return Listing(
        theme=question.theme,
        table=question.table,
        where=Both((question.first, second)),
        outputs=(question.column,),
        distinct=True,
    )
