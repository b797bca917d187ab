"""What conditions and questions speak of: a column reached over references, in SQL and in English."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from textgym.envs.code.sql.rows import Rows, Value
from textgym.envs.code.sql.schema import Column, Table, Theme


@dataclass(frozen=True)
class Path:
    """A column, `hops` references away from the row at hand."""

    column: str
    hops: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a condition stands: at the rows of a table."""

    theme: Theme
    table: Table

    def at(self, table: str) -> "Place":
        """The same theme, at another table."""
        return Place(self.theme, self.theme.by_name[table])

    def roles(self, path: Path) -> list[Column]:
        """The references that a path follows."""
        place, found = self, []
        for hop in path.hops:
            column = place.table.by_name[hop]
            found.append(column)
            place = place.at(column.target)
        return found

    def column(self, path: Path) -> Column:
        """The column at the end of a path."""
        roles = self.roles(path)
        table = self.theme.by_name[roles[-1].target] if roles else self.table
        return table.by_name[path.column]

    def nullable(self, path: Path) -> bool:
        """Whether a value may be missing at the end of a path, or a row on the way."""
        return self.column(path).null > 0 or any(role.null > 0 for role in self.roles(path))

    def phrase(self, path: Path) -> str:
        """The path in English, without an article: "price", "author's country"."""
        column = self.column(path)
        words = f"{column.phrase} id" if column.kind == "ref" else column.phrase
        return "".join(f"{role.phrase}'s " for role in self.roles(path)) + words

    def shown(self, path: Path) -> str:
        """The path as a column of an answer: "the price", "whether the book is in stock (1 or 0)"."""
        column = self.column(path)
        if column.kind != "flag":
            return f"the {self.phrase(path)}"
        subject = "'s ".join(role.phrase for role in self.roles(path)) or self.table.noun
        return f"whether the {subject} is {column.phrase} (1 or 0)"

    def sort(self, path: Path) -> str:
        """What kind of value a path leads to, for the skeleton of a question."""
        return f"{'>' * len(path.hops)}{self.column(path).kind}{'?' if self.nullable(path) else ''}"

    def values(self, rows: Rows, path: Path) -> list[Value]:
        """The values at the end of a path, of all rows of the table; None where there is none."""
        place, found = self, list(rows[self.table.name])
        kept: list[tuple[Value, ...] | None] = list(found)
        for hop in path.hops:
            column = place.table.by_name[hop]
            at = place.table.columns.index(column)
            targets = rows[column.target]
            kept = [
                None if row is None or not isinstance(row[at], int) else targets[int(row[at] or 0) - 1] for row in kept
            ]
            place = place.at(column.target)
        at = place.table.columns.index(place.table.by_name[path.column])
        return [None if row is None else row[at] for row in kept]


class Scope:
    """The FROM clause of one SELECT while it is written: it joins what the paths need.

    Args:
        place: theme and table of the rows that are looked at.
        inner: join so that rows without the row that they might point to are lost; a mistake, for mutants.
        numbers: gives aliases that no other scope of the query has.
    """

    def __init__(self, place: Place, *, inner: bool = False, numbers: Iterator[int] | None = None) -> None:
        self.place = place
        self._inner = inner
        self._numbers = count(1) if numbers is None else numbers
        self.alias = self._fresh(place.table)
        self._joined: dict[tuple[str, ...], str] = {(): self.alias}
        self._lines = [f"FROM {place.table.name} AS {self.alias}"]

    def _fresh(self, table: Table) -> str:
        return f"{table.name[0]}{next(self._numbers)}"

    def beside(self, place: Place) -> "Scope":
        """A scope for a subquery."""
        return Scope(place, inner=self._inner, numbers=self._numbers)

    def column(self, path: Path) -> str:
        """The path in SQL; joins what is missing."""
        alias = self._joined.get(path.hops)
        if alias is None:
            before = self.column(Path(path.hops[-1], path.hops[:-1]))
            role = self.place.column(Path(path.hops[-1], path.hops[:-1]))
            table = self.place.theme.by_name[role.target]
            alias = self._joined[path.hops] = self._fresh(table)
            lost = any(reference.null for reference in self.place.roles(path))
            join = "LEFT JOIN" if lost and not self._inner else "JOIN"
            self._lines.append(f"{join} {table.name} AS {alias} ON {alias}.id = {before}")
        return f"{alias}.{path.column}"

    def joined(self, line: str) -> None:
        """Add a join of the caller's."""
        self._lines.append(line)

    @property
    def source(self) -> str:
        """The FROM clause, with all joins that were needed so far."""
        return " ".join(self._lines)


def literal(value: Value) -> str:
    """A value in SQL."""
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else f"{value:g}"


def said(value: Value, column: Column) -> str:
    """A value in English: words in quotes, dates and numbers bare."""
    if isinstance(value, str):
        return value if column.kind == "date" else f"'{value}'"
    return "missing" if value is None else f"{value:g}"


_NUMBERS = {
    "=": "is {}",
    "<>": "is not {}",
    "<": "is below {}",
    "<=": "is at most {}",
    ">": "is above {}",
    ">=": "is at least {}",
}
_TIMES = {
    "=": "is {}",
    "<>": "is not {}",
    "<": "is before {}",
    "<=": "is {} or earlier",
    ">": "is after {}",
    ">=": "is {} or later",
}


def compared(column: Column, op: str, value: Value) -> str:
    """A comparison as a predicate: "is at least 20", "is before 2023-05-01"."""
    return (_TIMES if column.timely else _NUMBERS)[op].format(said(value, column))


def counted(number: int, singular: str, plural: str) -> str:
    """A number with its noun: "no sales", "1 sale", "3 sales"."""
    return f"no {plural}" if number == 0 else f"{number} {singular if number == 1 else plural}"
