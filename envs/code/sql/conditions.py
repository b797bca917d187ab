"""Conditions on the rows of a table: in SQL, in English, and with the mistakes that one can make about them.

`relative` follows the rows in the plural ("books whose price is above 20"), `statement` stands alone ("the price is above
20"). `variants` yields mistakes: a name, whether the question is pointless if nobody can tell the mistake, and the wrong
condition (None where the mistake is to forget it). `compound` joins conditions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from textgym.envs.code.sql.rows import Value
from textgym.envs.code.sql.terms import Path, Place, Scope, compared, counted, literal, said

Operator = Literal["=", "<>", "<", "<=", ">", ">="]
Mistakes = Iterator[tuple[str, bool, "Condition | None"]]

_NEXT: dict[Operator, tuple[Operator, ...]] = {
    "=": ("<>",), "<>": ("=",), "<": ("<=", ">"), "<=": ("<", ">="), ">": (">=", "<"), ">=": (">", "<="),
}  # fmt: skip


class Condition:
    """A condition on one row."""

    def sql(self, scope: Scope) -> str:
        """The condition in SQL."""
        raise NotImplementedError

    def predicate(self, place: Place) -> tuple[Path, str]:
        """What it is about, and what it says about that."""
        raise NotImplementedError

    def relative(self, place: Place) -> str:
        """A clause behind a noun in the plural."""
        path, predicate = self.predicate(place)
        return f"whose {place.phrase(path)} {predicate}"

    def statement(self, place: Place) -> str:
        """A sentence of its own, without a capital or a full stop."""
        path, predicate = self.predicate(place)
        return f"the {place.phrase(path)} {predicate}"

    def rule(self, place: Place) -> str:
        """What follows "a row qualifies", for conditions that make too long a clause; empty for the others."""
        return ""

    def skeleton(self, place: Place) -> str:
        """Its form, without names and constants."""
        raise NotImplementedError

    def variants(self) -> Mistakes:
        """Mistakes."""
        yield "a condition is forgotten", True, None


@dataclass(frozen=True)
class Compare(Condition):
    """A column against a constant. `lax` is a mistake: a missing value passes."""

    path: Path
    op: Operator
    value: Value
    lax: bool = False

    def sql(self, scope: Scope) -> str:
        column = scope.column(self.path)
        test = f"{column} {self.op} {literal(self.value)}"
        return f"({test} OR {column} IS NULL)" if self.lax else test

    def predicate(self, place: Place) -> tuple[Path, str]:
        return self.path, compared(place.column(self.path), self.op, self.value)

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}{self.op}"

    def variants(self) -> Mistakes:
        yield from super().variants()
        for op in _NEXT[self.op]:
            yield f"{self.op} becomes {op}", False, replace(self, op=op)
        if self.op == "<>":
            yield "a missing value passes for another one", False, replace(self, lax=True)


@dataclass(frozen=True)
class Is(Condition):
    """A flag is set, or not."""

    path: Path
    yes: bool

    def sql(self, scope: Scope) -> str:
        return f"{scope.column(self.path)} = {int(self.yes)}"

    def relative(self, place: Place) -> str:
        what = f"{'' if self.yes else 'not '}{place.column(self.path).phrase}"
        roles = "'s ".join(role.phrase for role in place.roles(self.path))
        return f"whose {roles} is {what}" if roles else f"that are {what}"

    def statement(self, place: Place) -> str:
        roles = "'s ".join(role.phrase for role in place.roles(self.path))
        subject = roles or place.table.noun
        return f"the {subject} is {'' if self.yes else 'not '}{place.column(self.path).phrase}"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}{self.yes}"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "a flag is turned", True, replace(self, yes=not self.yes)


@dataclass(frozen=True)
class OneOf(Condition):
    """A column is one of some values, or none of them."""

    path: Path
    values: tuple[Value, ...]
    negated: bool = False

    def sql(self, scope: Scope) -> str:
        values = ", ".join(map(literal, self.values))
        return f"{scope.column(self.path)} {'NOT ' if self.negated else ''}IN ({values})"

    def predicate(self, place: Place) -> tuple[Path, str]:
        column = place.column(self.path)
        *first, last = (said(value, column) for value in self.values)
        listed = f"{', '.join(first)} {'nor' if self.negated else 'or'} {last}"
        return self.path, f"is {'neither ' if self.negated else 'either '}{listed}"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}{'!' * self.negated}in"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "a list is turned", True, replace(self, negated=not self.negated)
        if len(self.values) > 1:
            yield "a value of a list is forgotten", True, replace(self, values=self.values[1:])
            yield "the last of a list is forgotten", True, replace(self, values=self.values[:-1])


@dataclass(frozen=True)
class Between(Condition):
    """A column lies between two constants, both included."""

    path: Path
    low: Value
    high: Value
    strict: bool = False

    def sql(self, scope: Scope) -> str:
        column = scope.column(self.path)
        if self.strict:
            return f"({column} > {literal(self.low)} AND {column} < {literal(self.high)})"
        return f"{column} BETWEEN {literal(self.low)} AND {literal(self.high)}"

    def predicate(self, place: Place) -> tuple[Path, str]:
        column = place.column(self.path)
        return self.path, f"is between {said(self.low, column)} and {said(self.high, column)} (both included)"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}between"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "the ends of a range are left out", False, replace(self, strict=True)
        yield "the lower end of a range is forgotten", True, Compare(self.path, "<=", self.high)
        yield "the upper end of a range is forgotten", True, Compare(self.path, ">=", self.low)


@dataclass(frozen=True)
class InYear(Condition):
    """A date falls into a year."""

    path: Path
    year: int

    def sql(self, scope: Scope) -> str:
        return f"strftime('%Y', {scope.column(self.path)}) = '{self.year}'"

    def predicate(self, place: Place) -> tuple[Path, str]:
        return self.path, f"is in {self.year}"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}year"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "the next year", True, replace(self, year=self.year + 1)


@dataclass(frozen=True)
class Missing(Condition):
    """A value is missing, or is not."""

    path: Path
    negated: bool = False

    def sql(self, scope: Scope) -> str:
        return f"{scope.column(self.path)} IS {'NOT ' if self.negated else ''}NULL"

    def relative(self, place: Place) -> str:
        column = place.column(self.path)
        if column.kind == "ref" and not self.path.hops:
            article = "an" if column.phrase[0] in "aeiou" else "a"
            return f"that have {article if self.negated else 'no'} {column.phrase} (the {column.phrase} id is {'not ' * self.negated}missing)"
        return super().relative(place)

    def predicate(self, place: Place) -> tuple[Path, str]:
        return self.path, f"is {'not ' if self.negated else ''}missing"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}{'!' * self.negated}null"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "missing becomes known", True, replace(self, negated=not self.negated)


@dataclass(frozen=True)
class Begins(Condition):
    """A text begins with some letters; upper and lower case matter, and the data begin with capitals."""

    path: Path
    start: str

    def sql(self, scope: Scope) -> str:
        return f"{scope.column(self.path)} LIKE {literal(self.start + '%')}"

    def predicate(self, place: Place) -> tuple[Path, str]:
        return self.path, f"begins with '{self.start}'"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(self.path)}like"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "another letter", True, replace(self, start=chr(ord(self.start[0]) + 1))


@dataclass(frozen=True)
class Follows(Condition):
    """One column of a row against another of the same kind."""

    first: str
    op: Operator
    second: str

    def sql(self, scope: Scope) -> str:
        return f"{scope.column(Path(self.second))} {self.op} {scope.column(Path(self.first))}"

    def predicate(self, place: Place) -> tuple[Path, str]:
        column = place.column(Path(self.first))
        words = {"=": "is the same as", ">": "is later than" if column.kind == "date" else "is higher than"}
        if self.op == "<":
            words["<"] = "is earlier than" if column.kind == "date" else "is lower than"
        return Path(self.second), f"{words[self.op]} the {column.phrase}"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(Path(self.second))}{self.op}own"

    def variants(self) -> Mistakes:
        yield from super().variants()
        if self.op == ">":
            yield "later becomes not earlier", False, replace(self, op=">=")


@dataclass(frozen=True)
class Unusual(Condition):
    """A number against the average of all rows, or of the rows that share a value."""

    column: str
    op: Literal["<", ">"]
    within: str | None = None

    def sql(self, scope: Scope) -> str:
        inner = scope.beside(scope.place)
        shared = ""
        if self.within is not None:
            shared = f" WHERE {inner.alias}.{self.within} = {scope.column(Path(self.within))}"
        average = f"(SELECT AVG({inner.alias}.{self.column}) {inner.source}{shared})"
        return f"{scope.column(Path(self.column))} {self.op} {average}"

    def predicate(self, place: Place) -> tuple[Path, str]:
        column = place.column(Path(self.column))
        of = f"all {place.table.plural}"
        if self.within is not None:
            role = place.column(Path(self.within)).phrase
            of = f"all {place.table.plural} with the same {role}"
        return Path(self.column), f"is {'above' if self.op == '>' else 'below'} the average {column.phrase} of {of}"

    def skeleton(self, place: Place) -> str:
        return f"{place.sort(Path(self.column))}{self.op}avg{'' if self.within is None else ' within'}"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "above becomes below", True, replace(self, op="<" if self.op == ">" else ">")
        if self.within is not None:
            yield "the average of all", True, replace(self, within=None)


@dataclass(frozen=True)
class Having(Condition):
    """So many rows of another table point to this one; only those that meet `where` are counted."""

    table: str
    by: str
    op: Literal["=", ">=", "<="]
    number: int
    where: Condition | None = None

    def sql(self, scope: Scope) -> str:
        inner = scope.beside(scope.place.at(self.table))
        tests = [f"{inner.column(Path(self.by))} = {scope.alias}.id"]
        if self.where is not None:
            tests.append(self.where.sql(inner))
        rest = f"{inner.source} WHERE {' AND '.join(tests)}"
        if self.number == 0 and self.op == "=":
            return f"NOT EXISTS (SELECT 1 {rest})"
        if self.number == 1 and self.op == ">=":
            return f"EXISTS (SELECT 1 {rest})"
        return f"(SELECT COUNT(*) {rest}) {self.op} {self.number}"

    def _object(self, place: Place) -> str:
        child = place.at(self.table)
        words = counted(self.number, child.table.noun, child.table.plural)
        if self.op == ">=":
            words = f"at least {words}"
        elif self.op == "<=":
            words = f"at most {words}" + (" (or none)" if self.where is None else "")
        elif self.number:
            words = f"exactly {words}"
        if self.where is not None:
            words += f" (counting only {child.table.plural} {self.where.relative(child)})"
        return words

    def relative(self, place: Place) -> str:
        return f"that have {self._object(place)}"

    def statement(self, place: Place) -> str:
        return f"the {place.table.noun} has {self._object(place)}"

    def skeleton(self, place: Place) -> str:
        number = "01"[self.number] if self.number < 2 else "n"
        inner = "" if self.where is None else self.where.skeleton(place.at(self.table))
        return f"has{self.op}{number}({inner})"

    def variants(self) -> Mistakes:
        yield from super().variants()
        if self.op == "=" and self.number == 0:
            yield "none becomes some", True, replace(self, op=">=", number=1)
        else:
            yield "one more is asked for", False, replace(self, number=self.number + 1)
        if self.op == ">=" and self.number > 1:
            yield "one fewer is asked for", True, replace(self, number=self.number - 1)
        if self.where is not None:
            for name, vital, other in self.where.variants():
                yield f"among those counted: {name}", vital, replace(self, where=other)
