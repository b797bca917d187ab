"""What all questions have in common: the words they are asked in, the mistakes that can be made about them, aggregates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from textgym.envs.code.sql.conditions import Condition
from textgym.envs.code.sql.schema import Theme
from textgym.envs.code.sql.terms import Path, Place, Scope

Kind = Literal["count", "distinct", "sum", "avg", "min", "max"]


@dataclass(frozen=True)
class Wording:
    """A question in English.

    Attributes:
        ask: what is wanted; whole sentences.
        columns: what stands in each column of the result.
        order: how its rows are ordered; None where any order will do.
    """

    ask: str
    columns: tuple[str, ...]
    order: str | None = None


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question about a database of a theme.

    Attributes:
        theme: the theme.
        table: the table whose rows it is about.
        where: which rows of it count.
        inner: a mistake: rows without the row that they might point to are lost.
    """

    theme: Theme
    table: str
    where: Condition | None = None
    inner: bool = False

    @property
    def place(self) -> Place:
        """Where the condition stands."""
        return Place(self.theme, self.theme.by_name[self.table])

    def scope(self) -> Scope:
        """A scope over the rows that it is about."""
        return Scope(self.place, inner=self.inner)

    def sql(self) -> str:
        """The question as one SELECT."""
        raise NotImplementedError

    def wording(self) -> Wording:
        """The question in English."""
        raise NotImplementedError

    def skeleton(self) -> str:
        """Its form without names and constants."""
        raise NotImplementedError

    @property
    def ordered(self) -> bool:
        """Whether the order of the result's rows is part of the question."""
        return False

    def own_mistakes(self) -> Iterator[tuple[str, bool, "Question"]]:
        """The mistakes of this kind of question, beside those about its condition: name, vital, the wrong question."""
        yield from ()

    def mistakes(self) -> Iterator[tuple[str, bool, "Question"]]:
        """Wrong questions that are close to this one. Where nobody can tell a vital one, the question is pointless."""
        if self.where is not None:
            for name, vital, other in self.where.variants():
                yield name, vital, self.with_(where=other)
        if "LEFT JOIN" in self.sql():
            yield "an inner join", False, self.with_(inner=True)
        yield from self.own_mistakes()

    def with_(self, **changes: Any) -> Self:
        """The question with some things changed."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Aggregate:
    """A number made of many rows. Without a path it counts the rows."""

    kind: Kind
    path: Path | None = None

    def sql(self, scope: Scope) -> str:
        """The aggregate in SQL."""
        if self.path is None:
            return "COUNT(*)"
        column = scope.column(self.path)
        return f"COUNT(DISTINCT {column})" if self.kind == "distinct" else f"{self.kind.upper()}({column})"

    def over(self, place: Place, rows: str) -> str:
        """The aggregate of certain rows: "the number of sales of that book", "the average price of the books of ..."."""
        return f"the number of {rows}" if self.path is None else f"{self.phrase(place)} of the {rows}"

    def phrase(self, place: Place) -> str:
        """The aggregate in English: "the number of sales", "the average price"."""
        if self.path is None:
            return f"the number of {place.table.plural}"
        words = place.phrase(self.path)
        if self.kind == "distinct":
            return f"the number of different values of the {words}"
        if self.kind == "sum":
            return f"the sum of the {words}"
        if self.kind == "avg":
            return f"the average {words}"
        column = place.column(self.path)
        low, high = ("earliest", "latest") if column.timely else ("lowest", "highest")
        return f"the {low if self.kind == 'min' else high} {words}"

    def skeleton(self, place: Place) -> str:
        """Its form."""
        return self.kind if self.path is None else f"{self.kind} {place.sort(self.path)}"

    def variants(self, place: Place) -> Iterator[tuple[str, bool, "Aggregate"]]:
        """Other aggregates that one might take for it."""
        if self.path is None:
            nullable = [column for column in place.table.columns if column.null]
            if nullable:
                yield "only known values are counted", False, Aggregate("count", Path(nullable[0].name))
            return
        others: dict[Kind, Kind] = {
            "distinct": "count", "sum": "avg", "avg": "max", "min": "max", "max": "min", "count": "distinct",
        }  # fmt: skip
        yield f"{self.kind} becomes {others[self.kind]}", True, replace(self, kind=others[self.kind])


def joined_words(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def aggregate_mistakes(
    aggregates: tuple[Aggregate, ...], place: Place
) -> Iterator[tuple[str, bool, tuple[Aggregate, ...]]]:
    """Mistakes about one of several aggregates."""
    for i, aggregate in enumerate(aggregates):
        for name, vital, other in aggregate.variants(place):
            yield name, vital, (*aggregates[:i], other, *aggregates[i + 1 :])
