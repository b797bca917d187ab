"""Questions about the rows of one table and those of another that point to them."""

# ruff: noqa: S608 (the SQL is made of names and constants of ours)

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from textgym.envs.code.sql.compound import Said, shape_of, where_clause
from textgym.envs.code.sql.conditions import Condition
from textgym.envs.code.sql.group_questions import Threshold, about_groups
from textgym.envs.code.sql.question import Aggregate, Question, Wording, aggregate_mistakes, joined_words
from textgym.envs.code.sql.terms import Path


@dataclass(frozen=True, kw_only=True)
class Each(Question):
    """For each row of a table, aggregates over the rows of another that point to it.

    Attributes:
        child, by: the other table, and its column that points here.
        outputs: columns of the row.
        counted: which of the other rows count.
        empty: whether rows that none points to are listed, with a count of 0.
        late: a mistake: the condition on the other rows is asked after the join, and empty rows are lost.
    """

    child: str
    by: str
    outputs: tuple[Path, ...]
    aggregates: tuple[Aggregate, ...]
    counted: Condition | None = None
    empty: bool = True
    having: Threshold | None = None
    falling: bool | None = None
    limit: int | None = None
    merged: bool = False

    @property
    def ordered(self) -> bool:
        return self.falling is not None

    def sql(self) -> str:
        scope = self.scope()
        inner = scope.beside(self.place.at(self.child))
        names = [f"v{number}" for number in range(1, len(self.aggregates) + 1)]
        values = ", ".join(
            f"{aggregate.sql(inner)} AS {name}" for aggregate, name in zip(self.aggregates, names, strict=True)
        )
        by = inner.column(Path(self.by))
        counted = where_clause(self.counted, inner)
        having = "" if self.having is None else f" HAVING {self.having.sql(inner)}"
        derived = f"(SELECT {by} AS parent, {values} {inner.source}{counted} GROUP BY {by}{having}) AS x"
        outputs = [scope.column(path) for path in self.outputs]
        results = [
            f"COALESCE(x.{name}, 0)" if self.empty and aggregate.kind in ("count", "distinct") else f"x.{name}"
            for aggregate, name in zip(self.aggregates, names, strict=True)
        ]
        # As GROUP BY a name would do, a merged answer takes rows that look alike for one.
        text = ", ".join(f"SUM({result})" if self.merged else result for result in results)
        scope.joined(f"{'LEFT ' * self.empty}JOIN {derived} ON x.parent = {scope.alias}.id")
        where = where_clause(self.where, scope)
        group = f" GROUP BY {', '.join(outputs)}" if self.merged else ""
        order = ""
        if self.falling is not None:
            order = f" ORDER BY {len(outputs) + 1}{' DESC' * self.falling}, {scope.alias}.id"
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        return f"SELECT {', '.join(outputs)}, {text} {scope.source}{where}{group}{order}{limit}"

    def wording(self) -> Wording:
        place = self.place
        child = place.at(self.child)
        noun = place.table.noun
        rows = f"{child.table.plural} of that {noun}"
        told = tuple(
            f"{place.shown(path)} of the {noun}" if path.column == "id" else place.shown(path) for path in self.outputs
        )
        phrases = tuple(aggregate.over(child, rows) for aggregate in self.aggregates)
        said = Said(self.where, place)
        ask = f"For {said.each}, give {joined_words((*told, *phrases))}: one row for each {noun}, even where two look alike.{said.rule}"
        if self.counted is not None:
            ask += f" Only {child.table.plural} {self.counted.relative(child)} count."
        if self.empty:
            rest = (
                ""
                if all(aggregate.kind in ("count", "distinct") for aggregate in self.aggregates)
                else "; other values are then missing (NULL)"
            )
            zero = (
                ""
                if not any(aggregate.kind in ("count", "distinct") for aggregate in self.aggregates)
                else " with a number of 0"
            )
            rest = rest if zero else " with missing values (NULL)"
            ask += f" List every {place.table.noun} without any such {child.table.plural} as well,{zero}{rest}."
        else:
            ask += f" Leave out every {place.table.noun} without any such {child.table.plural}."
        if self.having is not None:
            ask += f" List only those for which the number of these {child.table.plural} {self.having.phrase()}."
        order = None
        if self.falling is not None:
            order = f"by {phrases[0]} from {'high to low' if self.falling else 'low to high'}; where that is equal, by the {place.table.noun}'s id from low to high"
        if self.limit is not None:
            ask += (
                f" In the order given below, list only the first {'row' if self.limit == 1 else f'{self.limit} rows'}."
            )
        return Wording(ask, (*told, *phrases), order)

    def skeleton(self) -> str:
        place = self.place
        child = place.at(self.child)
        aggregates = ",".join(aggregate.skeleton(child) for aggregate in self.aggregates)
        shown = ",".join(place.sort(path) for path in self.outputs)
        having = "" if self.having is None else f"having {self.having.aggregate.skeleton(child)}{self.having.op}"
        order = "" if self.falling is None else f"order{'-' * self.falling}{'limit' * bool(self.limit)}"
        return (
            f"each{'?' * self.empty} [{shown}] [{aggregates}] [{shape_of(self.where, place)}] "
            f"[{shape_of(self.counted, child)}] {having} {order}"
        )

    def mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        if self.where is not None:
            for name, vital, other in self.where.variants():
                yield name, vital, self.with_(where=other)
        if self.counted is not None:
            for name, vital, other in self.counted.variants():
                yield f"among those counted: {name}", vital, self.with_(counted=other)
        for name, vital, others in aggregate_mistakes(self.aggregates, self.place.at(self.child)):
            yield name, vital, self.with_(aggregates=others)
        if self.having is None:
            yield "rows without others are treated wrongly", True, self.with_(empty=not self.empty)
        if Path("id") not in self.outputs and self.limit is None and self.falling is None:
            yield "equal names are taken for one", False, self.with_(merged=True)
        yield from about_groups(self, self.having, self.falling, self.limit)


@dataclass(frozen=True, kw_only=True)
class OverGroups(Question):
    """An aggregate over the rows of a table of an aggregate over those that point to each: a single number."""

    child: str
    by: str
    inside: Aggregate
    outside: Literal["avg", "max", "min"]
    counted: Condition | None = None
    empty: bool = True

    def sql(self) -> str:
        scope = self.scope()
        inner = scope.beside(self.place.at(self.child))
        value = self.inside.sql(inner)
        tests = [f"{inner.column(Path(self.by))} = {scope.alias}.id"]
        if self.counted is not None:
            tests.append(f"({self.counted.sql(inner)})")
        each = f"(SELECT {value} {inner.source} WHERE {' AND '.join(tests)})"
        where = where_clause(self.where, scope)
        keep = " WHERE n > 0" if self.inside.path is None and not self.empty else ""
        return f"SELECT {self.outside.upper()}(n) FROM (SELECT {each} AS n {scope.source}{where}){keep}"

    def wording(self) -> Wording:
        place = self.place
        child = place.at(self.child)
        noun = place.table.noun
        word = {"avg": "average", "max": "highest", "min": "lowest"}[self.outside]
        inside = self.inside.over(child, f"{child.table.plural} of that {noun}")
        without = f"{noun} without any such {child.table.plural}"
        if self.inside.path is None:
            zero = f"Every {without} counts as 0." if self.empty else f"Leave out every {without}."
        else:
            zero = f"Leave out every {without}."
        only = "" if self.counted is None else f" Only {child.table.plural} {self.counted.relative(child)} count."
        said = Said(self.where, place)
        ask = f"For {said.each}, take {inside}.{said.rule}{only} {zero} What is the {word} of these values?"
        return Wording(ask, (f"the {word} of these values",))

    def skeleton(self) -> str:
        place = self.place
        child = place.at(self.child)
        return (
            f"over groups {self.outside} {self.inside.skeleton(child)}{'?' * self.empty} [{shape_of(self.where, place)}] "
            f"[{shape_of(self.counted, child)}]"
        )

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        if self.counted is not None:
            for name, vital, other in self.counted.variants():
                yield f"among those counted: {name}", vital, self.with_(counted=other)
        if self.inside.path is None and self.outside != "max":
            yield "those without any are treated wrongly", True, self.with_(empty=not self.empty)
        others: dict[str, str] = {"avg": "max", "max": "avg", "min": "max"}
        yield "another aggregate over the values", True, self.with_(outside=others[self.outside])


@dataclass(frozen=True, kw_only=True)
class AboveOthers(Question):
    """The rows of a table to which more (or larger) rows point than to the average one."""

    child: str
    by: str
    inside: Aggregate
    empty: bool = True
    below: bool = False

    def sql(self) -> str:
        scope = self.scope()
        inner = scope.beside(self.place.at(self.child))
        value = self.inside.sql(inner)
        zero = "COALESCE(x.n, 0)"
        derived = f"SELECT {inner.column(Path(self.by))} AS parent, {value} AS n {inner.source} GROUP BY 1"
        where = where_clause(self.where, scope)
        join = "LEFT JOIN" if self.empty else "JOIN"
        each = f"SELECT {scope.alias}.id AS id, {zero} AS n {scope.source} {join} ({derived}) AS x ON x.parent = {scope.alias}.id{where}"
        return f"WITH each_one AS ({each}) SELECT id, n FROM each_one WHERE n {'<' if self.below else '>'} (SELECT AVG(n) FROM each_one)"

    def wording(self) -> Wording:
        place = self.place
        child = place.at(self.child)
        noun, plural = place.table.noun, place.table.plural
        inside = self.inside.over(child, f"{child.table.plural} of that {noun}")
        said = Said(self.where, place)
        ask = (
            f"For {said.each}, take {inside} (0 where there are none).{said.rule} "
            f"For which of them is this value {'below' if self.below else 'above'} the average of these values (the zeros included) over {'all ' if self.where is None else 'those '}{plural}?"
        )
        return Wording(ask, (f"the {noun}'s id", inside))

    def skeleton(self) -> str:
        place = self.place
        child = place.at(self.child)
        return f"above others{'<>'[not self.below]} {self.inside.skeleton(child)} [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        yield "zeros are left out", False, self.with_(empty=False)
        yield "above becomes below", True, self.with_(below=not self.below)


@dataclass(frozen=True, kw_only=True)
class Complete(Question):
    """The rows of a table to which rows with every value of a column point."""

    child: str
    by: str
    column: Path
    missing: int = 0

    def sql(self) -> str:
        scope = self.scope()
        child = self.place.at(self.child)
        inner, every = scope.beside(child), scope.beside(child)
        have = f"SELECT COUNT(DISTINCT {inner.column(self.column)}) {inner.source} WHERE {inner.column(Path(self.by))} = {scope.alias}.id"
        need = f"SELECT COUNT(DISTINCT {every.column(self.column)}) {every.source}"
        where = f" WHERE ({self.where.sql(scope)}) AND" if self.where is not None else " WHERE"
        return f"SELECT {scope.alias}.id {scope.source}{where} ({have}) >= ({need}) - {self.missing}"

    def wording(self) -> Wording:
        place = self.place
        child = place.at(self.child)
        what = child.phrase(self.column)
        said = Said(self.where, place)
        which = place.table.plural if self.where is None else f"of {said.rows}"
        missing = " (a missing one does not count)" if child.nullable(self.column) else ""
        most = f", or with all but at most {self.missing} of them" if self.missing else ""
        ask = (
            f"Collect every {what} that occurs among all {child.table.plural}{missing}. Which {which} have "
            f"{child.table.plural} with each of these values{most}?{said.rule}"
        )
        return Wording(ask, (f"the {place.table.noun}'s id",))

    def skeleton(self) -> str:
        place = self.place
        return f"complete{self.missing} {place.at(self.child).sort(self.column)} [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        yield "one more may be missing", True, self.with_(missing=self.missing + 1)
