"""What a generated database is made of: columns with their words and ranges, tables, and a theme that holds some tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal["id", "text", "category", "int", "real", "date", "flag", "ref"]
NUMBERS: frozenset[Kind] = frozenset({"int", "real"})

_SQL_TYPES: dict[Kind, str] = {
    "id": "INTEGER PRIMARY KEY", "text": "TEXT", "category": "TEXT", "int": "INTEGER", "real": "REAL", "date": "TEXT",
    "flag": "INTEGER", "ref": "INTEGER",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: in SQL.
        kind: what its values are. Reals are multiples of a quarter, so that sums of them are exact; flags are 0 or 1.
        phrase: in English, without an article. Of a flag, what the row is if it is 1 ("in stock"); of a reference, the
            role of the row it points to ("author").
        values: what a text or category may be.
        low, high, step: range and grain of numbers; of dates, the first and the last year.
        null: share of the rows in which it is missing.
        target: the table that a reference points to.
    """

    name: str
    kind: Kind
    phrase: str
    values: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    step: float = 1
    null: float = 0.0
    target: str = ""

    @property
    def number(self) -> bool:
        """Whether one can add its values up."""
        return self.kind in NUMBERS

    def note(self) -> str:
        """What a definition says about it beside its name: the words that questions use, and its values."""
        if self.kind == "flag":
            return f"1: {self.phrase}, 0: not"
        words = "" if self.kind in ("id", "ref") or self.phrase == self.name.replace("_", " ") else self.phrase
        values = {"category": ", ".join(self.values), "date": "YYYY-MM-DD"}.get(self.kind, "")
        return f"{words}: {values}" if words and values else words or values

    @property
    def timely(self) -> bool:
        """Whether its values are early or late, and not high or low."""
        return self.kind == "date" or "year" in self.phrase


@dataclass(frozen=True)
class Table:
    """A table: its name, what one of its rows and many of them are called, its columns, its usual number of rows."""

    name: str
    noun: str
    plural: str
    rows: int
    columns: tuple[Column, ...]
    later: tuple[tuple[str, str], ...] = ()
    """Pairs of columns that it makes sense to compare: dates in the order in which they are expected, like numbers."""

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """The columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def references(self) -> tuple[Column, ...]:
        """The columns that point to other tables."""
        return tuple(column for column in self.columns if column.kind == "ref")

    def of_kind(self, *kinds: Kind) -> tuple[Column, ...]:
        """The columns of these kinds."""
        return tuple(column for column in self.columns if column.kind in kinds)

    def ddl(self) -> str:
        """The statement that creates it."""
        lines = []
        for column in self.columns:
            line = f"{column.name} {_SQL_TYPES[column.kind]}"
            if column.kind != "id" and not column.null:
                line += " NOT NULL"
            if column.kind == "ref":
                line += f" REFERENCES {column.target}(id)"
            note = column.note()
            line += f"  -- {note}" if note else ""
            lines.append(line)
        return f"CREATE TABLE {self.name} (\n" + "\n".join(_with_commas(lines)) + "\n)"


def _with_commas(lines: list[str]) -> list[str]:
    """A comma behind all but the last definition, in front of its comment."""
    done = []
    for number, line in enumerate(lines, 1):
        code, dashes, comment = line.partition("  --")
        done.append(f"  {code}{',' if number < len(lines) else ''}{dashes}{comment}")
    return done


@dataclass(frozen=True, eq=False)
class Theme:
    """A database's subject. Tables that are pointed to come first. Each theme is one object, equal to itself alone."""

    name: str
    title: str
    tables: tuple[Table, ...]
    children: Mapping[str, tuple[tuple[Table, Column], ...]] = field(init=False, compare=False, repr=False)
    """Of each table, the tables that point to it and the columns by which they do."""

    def __post_init__(self) -> None:
        found: dict[str, list[tuple[Table, Column]]] = {table.name: [] for table in self.tables}
        for table in self.tables:
            for column in table.references:
                found[column.target].append((table, column))
        object.__setattr__(self, "children", {name: tuple(pairs) for name, pairs in found.items()})

    @cached_property
    def by_name(self) -> Mapping[str, Table]:
        """The tables by name."""
        return {table.name: table for table in self.tables}

    def ddl(self) -> str:
        """The statements that create all tables."""
        return ";\n".join(table.ddl() for table in self.tables) + ";"


# -- short forms, for the pages of themes ---------------------------------------------------------------------------------


def table(
    name: str, noun: str, rows: int, *columns: Column, plural: str = "", later: tuple[tuple[str, str], ...] = ()
) -> Table:
    """A table with an `id`; its rows are called as the table is unless `plural` says otherwise."""
    return Table(name, noun, plural or name.replace("_", " "), rows, (Column("id", "id", "id"), *columns), later)


def text(name: str, values: tuple[str, ...], phrase: str = "", null: float = 0.0) -> Column:
    """A name or title; rows may share one."""
    return Column(name, "text", phrase or name.replace("_", " "), values=values, null=null)


def category(name: str, values: str, phrase: str = "", null: float = 0.0) -> Column:
    """One of a few words, given with spaces between them."""
    return Column(name, "category", phrase or name.replace("_", " "), values=tuple(values.split()), null=null)


def whole(name: str, low: int, high: int, phrase: str = "", *, step: int = 1, null: float = 0.0) -> Column:
    """A whole number from `low` to `high` in steps."""
    return Column(name, "int", phrase or name.replace("_", " "), low=low, high=high, step=step, null=null)


def real(name: str, low: int, high: int, phrase: str = "", *, step: float = 0.5, null: float = 0.0) -> Column:
    """A number from `low` to `high` in steps that are multiples of a quarter."""
    return Column(name, "real", phrase or name.replace("_", " "), low=low, high=high, step=step, null=null)


def date(name: str, first: int, last: int, phrase: str, null: float = 0.0) -> Column:
    """A day between the beginning of one year and the end of another."""
    return Column(name, "date", phrase, low=first, high=last, null=null)


def flag(name: str, phrase: str) -> Column:
    """1 or 0: the rows that have 1 "are" what the phrase says."""
    return Column(name, "flag", phrase)


def ref(target: str, role: str, null: float = 0.0) -> Column:
    """A reference to a row of another table, named after the role of that row."""
    return Column(f"{role.replace(' ', '_')}_id", "ref", role, target=target, null=null)
