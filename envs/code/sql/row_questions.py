"""Questions whose answer lists rows: as they are, the best of each group, pairs, and rows beside what surrounds them."""

# ruff: noqa: S608 (the SQL is made of names and constants of ours)

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from textgym.envs.code.sql.compound import Said, shape_of, where_clause
from textgym.envs.code.sql.question import Question, Wording, joined_words
from textgym.envs.code.sql.terms import Path

_ID = Path("id")
_WORST = {True: "from high to low", False: "from low to high"}
_TIMES = {True: "from late to early", False: "from early to late"}
_TEXTS = {True: "in descending alphabetical order", False: "in alphabetical order"}


def _rows(number: int) -> str:
    return "row" if number == 1 else f"{number} rows"


@dataclass(frozen=True, kw_only=True)
class RowQuestion(Question):
    """A question whose answer has columns of the rows that it is about."""

    outputs: tuple[Path, ...] = (_ID,)

    def told(self) -> tuple[str, ...]:
        """The columns in English."""
        return tuple(self.place.shown(path) for path in self.outputs)

    def shown(self) -> str:
        """The forms of the columns."""
        return ",".join(self.place.sort(path) for path in self.outputs)

    def no_value(self) -> str:
        """A sentence on rows that stay though the row that they might point to is missing; else nothing."""
        place = self.place
        roles = {
            role.phrase: None
            for path in self.outputs
            for role in place.roles(path)
            if any(reference.null for reference in place.roles(path))
        }
        if not roles:
            return ""
        return f" Where there is no {' or '.join(roles)}, the row stays, and the value is missing (NULL)."


@dataclass(frozen=True, kw_only=True)
class Listing(RowQuestion):
    """Rows that meet a condition, perhaps without duplicates, in an order, and only the first of them."""

    distinct: bool = False
    by: Path | None = None
    falling: bool = False
    limit: int | None = None
    skipped: int = 0

    @property
    def ordered(self) -> bool:
        return self.by is not None

    def sql(self) -> str:
        scope = self.scope()
        columns = ", ".join(scope.column(path) for path in self.outputs)
        where = where_clause(self.where, scope)
        order = ""
        if self.by is not None:
            down = " DESC" if self.falling else ""
            last = " NULLS LAST" if self.place.nullable(self.by) else ""
            order = f" ORDER BY {scope.column(self.by)}{down}{last}"
            if not self.distinct and self.by != _ID:
                order += f", {scope.alias}.id"
        limit = "" if self.limit is None else f" LIMIT {self.limit}"
        limit += f" OFFSET {self.skipped}" if self.skipped else ""
        return f"SELECT {'DISTINCT ' if self.distinct else ''}{columns} {scope.source}{where}{order}{limit}"

    def wording(self) -> Wording:
        place, said = self.place, Said(self.where, self.place)
        if self.distinct:
            what = joined_words(self.told())
            kind = "value" if len(self.outputs) == 1 else "combination"
            ask = f"Which different {kind}s of {what} occur among {said.rows}? List each {kind} once; a missing value (NULL) counts as a value.{said.rule}"
        else:
            ask = f"List {said.rows}, one row for each.{said.rule}{self.no_value()}"
        if self.by is None:
            return Wording(ask, self.told())
        column = place.column(self.by)
        ways = _TIMES if column.timely else _TEXTS if column.kind in ("text", "category") else _WORST
        order = f"by the {place.phrase(self.by)} {ways[self.falling]}"
        if place.nullable(self.by):
            order += ", missing values last"
        if not self.distinct and self.by != _ID:
            order += "; where that is equal, by the id from low to high"
        if self.limit is not None:
            if self.skipped:
                ask += f" In the order given below, leave out the first {_rows(self.skipped)}, and list only the {_rows(self.limit)} after that."
            else:
                ask += f" In the order given below, list only the first {_rows(self.limit)}."
        return Wording(ask, self.told(), order)

    def skeleton(self) -> str:
        by = "" if self.by is None else self.place.sort(self.by)
        cut = f"limit{'+' * bool(self.skipped)}" if self.limit else ""
        return f"list{'!' * self.distinct} [{self.shown()}] [{shape_of(self.where, self.place)}] {by}{'-' * self.falling} {cut}"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        if self.distinct:
            yield "duplicates stay", True, self.with_(distinct=False, by=None, limit=None)
        if self.by is not None:
            yield "the order is turned", True, self.with_(falling=not self.falling)
        if self.limit is not None:
            yield "one row more", True, self.with_(limit=self.limit + 1)
            yield "all rows", True, self.with_(limit=None, skipped=0)
        if self.skipped:
            yield "no row is left out first", True, self.with_(skipped=0)


@dataclass(frozen=True, kw_only=True)
class Best(RowQuestion):
    """The rows with the highest or lowest value among those that share something; all of them where they tie."""

    group: Path
    measure: Path
    highest: bool
    overall: bool = False

    def sql(self) -> str:
        scope = self.scope()
        columns = ", ".join(scope.column(path) for path in self.outputs)
        function = "MAX" if self.highest else "MIN"
        share = "" if self.overall else f"PARTITION BY {scope.column(self.group)}"
        measure = scope.column(self.measure)
        names = [f"out_{number}" for number in range(1, len(self.outputs) + 1)]
        listed = ", ".join(f"{scope.column(path)} AS {name}" for path, name in zip(self.outputs, names, strict=True))
        where = where_clause(self.where, scope)
        columns = ", ".join(names)
        return (
            f"SELECT {columns} FROM (SELECT {listed}, {measure} AS own, {function}({measure}) OVER ({share}) AS best "
            f"{scope.source}{where}) WHERE own = best"
        )

    def wording(self) -> Wording:
        place = self.place
        word = "highest" if self.highest else "lowest"
        if place.column(self.measure).timely:
            word = "latest" if self.highest else "earliest"
        ask = (
            f"For each value of the {place.phrase(self.group)}, find the {place.table.plural} with the {word} "
            f"{place.phrase(self.measure)} among those with that value.{Said(self.where, place).count} If several share the {word} "
            f"{place.phrase(self.measure)}, list them all."
        )
        return Wording(ask, self.told())

    def skeleton(self) -> str:
        place = self.place
        sorts = f"{place.sort(self.group)} {place.sort(self.measure)}{'+-'[self.highest]}"
        return f"best {sorts} [{self.shown()}] [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        yield "the best of all", True, self.with_(overall=True)
        yield "best becomes worst", True, self.with_(highest=not self.highest)
        yield (
            "one of each group",
            False,
            Tops(theme=self.theme, table=self.table, where=self.where, outputs=self.outputs, group=self.group,
                 by=self.measure, falling=self.highest, number=1),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Tops(RowQuestion):
    """The first few rows of each group in some order."""

    group: Path
    by: Path
    falling: bool
    number: int
    rank: Literal["ROW_NUMBER", "RANK", "DENSE_RANK"] = "ROW_NUMBER"
    overall: bool = False

    def sql(self) -> str:
        scope = self.scope()
        names = [f"out_{number}" for number in range(1, len(self.outputs) + 1)]
        listed = ", ".join(f"{scope.column(path)} AS {name}" for path, name in zip(self.outputs, names, strict=True))
        share = "" if self.overall else f"PARTITION BY {scope.column(self.group)} "
        last = " NULLS LAST" if self.place.nullable(self.by) else ""
        order = f"ORDER BY {scope.column(self.by)}{' DESC' * self.falling}{last}"
        order += f", {scope.alias}.id" if self.rank == "ROW_NUMBER" else ""
        where = where_clause(self.where, scope)
        return (
            f"SELECT {', '.join(names)} FROM (SELECT {listed}, {self.rank}() OVER ({share}{order}) AS place "
            f"{scope.source}{where}) WHERE place <= {self.number}"
        )

    def wording(self) -> Wording:
        place = self.place
        timely = place.column(self.by).timely
        word = {True: "latest" if timely else "highest", False: "earliest" if timely else "lowest"}[self.falling]
        count = Said(self.where, place).count
        missing = " A missing value comes after all others." if place.nullable(self.by) else ""
        which = f"the {self.number} {place.table.plural}" if self.number > 1 else f"the {place.table.noun}"
        fewer = " (fewer where there are fewer)" if self.number > 1 else ""
        ask = (
            f"For each value of the {place.phrase(self.group)}, list {which} with the {word} {place.phrase(self.by)}"
            f"{fewer}. Of {place.table.plural} with equal {place.phrase(self.by)}, the one with the lower id comes first."
            f"{missing}{count}"
        )
        return Wording(ask, self.told())

    def skeleton(self) -> str:
        place = self.place
        sorts = f"{place.sort(self.group)} {place.sort(self.by)}{'-' * self.falling}"
        return f"tops {sorts} [{self.shown()}] [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        yield "ties are kept", False, self.with_(rank="RANK")
        yield "values are counted instead of rows", False, self.with_(rank="DENSE_RANK")
        yield "the first of all", True, self.with_(overall=True)
        yield "the order is turned", True, self.with_(falling=not self.falling)
        yield "one more", True, self.with_(number=self.number + 1)


@dataclass(frozen=True, kw_only=True)
class Beside(RowQuestion):
    """Rows, each beside something about the rows around it: a running sum, the row before, the group's average, a rank."""

    what: Literal["running", "previous", "average", "rank"]
    group: Path | None
    measure: Path
    by: Path = _ID
    dense: bool = False

    def sql(self) -> str:
        scope = self.scope()
        columns = ", ".join(scope.column(path) for path in self.outputs)
        measure = scope.column(self.measure)
        share = "" if self.group is None else f"PARTITION BY {scope.column(self.group)}"
        order = f"ORDER BY {scope.column(self.by)}, {scope.alias}.id"
        if self.what == "running":
            value = f"SUM({measure}) OVER ({share} {order} ROWS UNBOUNDED PRECEDING)"
        elif self.what == "previous":
            value = f"LAG({measure}) OVER ({share} {order})"
        elif self.what == "average":
            value = f"{measure} - AVG({measure}) OVER ({share})"
        else:
            value = f"{'DENSE_' * self.dense}RANK() OVER ({share} ORDER BY {measure} DESC)"
        where = where_clause(self.where, scope)
        return f"SELECT {columns}, {value} {scope.source}{where}"

    def wording(self) -> Wording:
        place = self.place
        measure = place.phrase(self.measure)
        rows = place.table.plural
        same = "" if self.group is None else f" with the same {place.phrase(self.group)}"
        said = Said(self.where, place)
        only = "" if self.where is None else f" No other {rows} count for anything."
        order = f"in the order of their {place.phrase(self.by)} (where that is equal, of their id)"
        if self.what == "running":
            value = f"the running sum of the {measure}"
            how = f"The running sum of a row adds up the {measure} of that row and of all {rows}{same} that come before it, {order}."
        elif self.what == "previous":
            value = f"the previous {measure}"
            how = (
                f"The previous {measure} of a row is the {measure} of the row right before it among the {rows}{same}, {order}; "
                "of the first it is missing (NULL)."
            )
        elif self.what == "average":
            value = f"the {measure} minus the average {measure} of all {rows}{same} (the row itself included)"
            how = ""
        else:
            value = f"the rank by {measure} among the {rows}{same}"
            how = (
                "The rank is 1 for the highest value; rows with equal values have the same rank, and the next rank "
                f"{'is one more' if self.dense else 'counts all the rows before it (1, 2, 2, 4)'}."
            )
        ask = f"List {said.rows}, one row for each, together with {value}.{said.rule}{only} {how}".rstrip()
        return Wording(ask, (*self.told(), value))

    def skeleton(self) -> str:
        place = self.place
        group = "" if self.group is None else place.sort(self.group)
        sorts = f"{group} {place.sort(self.measure)} {place.sort(self.by)}{'d' * self.dense}"
        return f"{self.what} {sorts} [{self.shown()}] [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        if self.group is not None:
            yield "groups are forgotten", True, self.with_(group=None)
        if self.what in ("running", "previous") and self.by != _ID:
            yield "rows in the order of their ids", True, self.with_(by=_ID)
        if self.what == "rank":
            yield "another kind of rank", True, self.with_(dense=not self.dense)


@dataclass(frozen=True, kw_only=True)
class Pairs(Question):
    """Pairs of different rows that share something, the first of which is ahead of the second."""

    same: Path
    measure: Path
    equal: bool = False
    unrelated: bool = False

    def sql(self) -> str:
        first = self.scope()
        second = first.beside(self.place)
        same = "" if self.unrelated else f"{first.column(self.same)} = {second.column(self.same)} AND "
        ahead = f"{first.column(self.measure)} {'=' if self.equal else '>'} {second.column(self.measure)}"
        apart = f" AND {first.alias}.id < {second.alias}.id" if self.equal else ""
        tests = [] if self.where is None else [f"({self.where.sql(scope)})" for scope in (first, second)]
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        return (
            f"SELECT {first.alias}.id, {second.alias}.id {first.source} JOIN {self.table} AS {second.alias} "
            f"ON {same}{ahead}{apart}{where}"
        )

    def wording(self) -> Wording:
        place = self.place
        noun = place.table.noun
        said = Said(self.where, place)
        among = "" if self.where is None else f" Both must be among {said.rows}.{said.rule}"
        pairs = f"Find all pairs of two different {place.table.plural} with the same {place.phrase(self.same)}"
        measure = place.phrase(self.measure)
        if self.equal:
            ask = f"{pairs} and the same {measure}. List each pair once, with the lower id first.{among}"
        else:
            more = "later" if place.column(self.measure).timely else "higher"
            ask = f"{pairs} where the {measure} of the first is {more} than that of the second.{among}"
        return Wording(ask, (f"the id of the first {noun}", f"the id of the second {noun}"))

    def skeleton(self) -> str:
        place = self.place
        sorts = f"{place.sort(self.same)} {place.sort(self.measure)}{'=' if self.equal else '>'}"
        return f"pairs {sorts} [{shape_of(self.where, place)}]"

    def own_mistakes(self) -> Iterator[tuple[str, bool, Question]]:
        yield "what they share is forgotten", True, self.with_(unrelated=True)
        yield "equal becomes ahead", True, self.with_(equal=not self.equal)
