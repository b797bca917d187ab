"""Conditions made of conditions, and how a question speaks of the rows that meet one."""

from dataclasses import dataclass, replace

from textgym.envs.code.sql.conditions import Condition, Mistakes
from textgym.envs.code.sql.terms import Place, Scope


@dataclass(frozen=True)
class Both(Condition):
    """Two or more conditions, all of which must hold."""

    parts: tuple[Condition, ...]

    def sql(self, scope: Scope) -> str:
        return " AND ".join(_bracketed(part, scope) for part in self.parts)

    def relative(self, place: Place) -> str:
        if all(not isinstance(part, Both | Either | Not) for part in self.parts):
            return " and ".join(part.relative(place) for part in self.parts)
        return f"for which all of these hold: {_numbered(self.parts, place)}"

    def rule(self, place: Place) -> str:
        if all(not isinstance(part, Both | Either | Not) for part in self.parts):
            return ""
        return f"if all of these hold: {_numbered(self.parts, place)}"

    def statement(self, place: Place) -> str:
        return "both " + " and ".join(part.statement(place) for part in self.parts)

    def skeleton(self, place: Place) -> str:
        return f"({' & '.join(sorted(part.skeleton(place) for part in self.parts))})"

    def variants(self) -> Mistakes:
        yield from _inside(self.parts, Both)
        yield "and becomes or", True, Either(self.parts)


@dataclass(frozen=True)
class Either(Condition):
    """Two conditions, at least one of which must hold."""

    parts: tuple[Condition, ...]

    def sql(self, scope: Scope) -> str:
        return " OR ".join(_bracketed(part, scope) for part in self.parts)

    def relative(self, place: Place) -> str:
        return f"for which at least one of these holds: {_numbered(self.parts, place)}"

    def rule(self, place: Place) -> str:
        return f"if at least one of these holds: {_numbered(self.parts, place)}"

    def statement(self, place: Place) -> str:
        return " or ".join(part.statement(place) for part in self.parts) + " (or both)"

    def skeleton(self, place: Place) -> str:
        return f"({' | '.join(sorted(part.skeleton(place) for part in self.parts))})"

    def variants(self) -> Mistakes:
        yield from _inside(self.parts, Either)
        yield "or becomes and", True, Both(self.parts)


@dataclass(frozen=True)
class Not(Condition):
    """A condition must be false. `lax` is a mistake: neither true nor false is enough."""

    part: Condition
    lax: bool = False

    def sql(self, scope: Scope) -> str:
        inner = self.part.sql(scope)
        return f"({inner}) IS NOT TRUE" if self.lax else f"NOT ({inner})"

    def relative(self, place: Place) -> str:
        return f"for which this is false: {self.part.statement(place)}"

    def rule(self, place: Place) -> str:
        return f"if this is false: {self.part.statement(place)}"

    def statement(self, place: Place) -> str:
        return f"it is false that {self.part.statement(place)}"

    def skeleton(self, place: Place) -> str:
        return f"not({self.part.skeleton(place)})"

    def variants(self) -> Mistakes:
        yield from super().variants()
        yield "not is forgotten", True, self.part
        yield "neither true nor false passes for false", False, replace(self, lax=True)
        for name, vital, other in self.part.variants():
            if other is not None:
                yield f"under not: {name}", vital, replace(self, part=other)


def _numbered(parts: tuple[Condition, ...], place: Place) -> str:
    return "; ".join(f"({number}) {part.statement(place)}" for number, part in enumerate(parts, 1))


def _bracketed(part: Condition, scope: Scope) -> str:
    return f"({part.sql(scope)})" if isinstance(part, Both | Either) else part.sql(scope)


def _inside(parts: tuple[Condition, ...], kind: type[Both] | type[Either]) -> Mistakes:
    """The mistakes about one of several parts."""
    for i, part in enumerate(parts):
        for name, vital, other in part.variants():
            left = (*parts[:i], *(() if other is None else (other,)), *parts[i + 1 :])
            yield f"part {i + 1}: {name}", vital, left[0] if len(left) == 1 else kind(left)


def where_clause(condition: Condition | None, scope: Scope) -> str:
    """The WHERE clause with a space in front, or nothing. Write it before the scope's source: it may need joins."""
    return "" if condition is None else f" WHERE {condition.sql(scope)}"


class Said:
    """The rows that meet a condition, in English.

    Attributes:
        rows: "all books", "the books whose price is above 20", "the books that qualify".
        each: the same, one by one: "each book", "each of the books whose price is above 20".
        rule: a sentence with a space in front that says which rows qualify; mostly empty.
        count: a sentence with a space in front that says which rows count, and the rule; empty where all do.
    """

    def __init__(self, condition: Condition | None, place: Place) -> None:
        noun, plural = place.table.noun, place.table.plural
        rule = "" if condition is None else condition.rule(place)
        self.rule = f" {'An' if noun[0] in 'aeiou' else 'A'} {noun} qualifies {rule}." if rule else ""
        self.count = ""
        if condition is None:
            self.rows, self.each = f"all {plural}", f"each {noun}"
            return
        which = f"{plural} that qualify" if rule else f"{plural} {condition.relative(place)}"
        self.rows, self.each = f"the {which}", f"each of the {which}"
        self.count = f" Only {which} count.{self.rule}"


def shape_of(condition: Condition | None, place: Place) -> str:
    """A condition's skeleton, or nothing."""
    return "" if condition is None else condition.skeleton(place)
