"""Random conditions, with constants that occur in the visible database."""

from collections.abc import Sequence
from typing import Literal, TypeVar

from textgym.core import Random
from textgym.envs.code.sql.compound import Both, Either, Not
from textgym.envs.code.sql.conditions import (
    Begins,
    Between,
    Compare,
    Condition,
    Follows,
    Having,
    InYear,
    Is,
    Missing,
    OneOf,
    Operator,
    Unusual,
)
from textgym.envs.code.sql.rows import Rows, Value
from textgym.envs.code.sql.terms import Path, Place

T = TypeVar("T")


class UnfitError(Exception):
    """This draw makes no sense; the next one may."""


_ORDERED: tuple[Operator, ...] = ("<", "<=", ">", ">=")


class Draw:
    """Draws conditions and paths for one database. Whatever does not fit raises `UnfitError`.

    Args:
        rng: private generator.
        rows: the visible database.
        level: 0 (own columns, simple tests), 1 (references, other tables, or and not) or 2 (all of it, and more at once).
    """

    def __init__(self, rng: Random, rows: Rows, level: int) -> None:
        self.rng = rng
        self.rows = rows
        self.level = level

    def paths(self, place: Place, hops: int) -> list[Path]:
        """All columns that can be reached over at most so many references, without ids."""
        found = [Path(column.name) for column in place.table.columns if column.kind not in ("id", "ref")]
        if hops:
            for role in place.table.references:
                for path in self.paths(place.at(role.target), hops - 1):
                    found.append(Path(path.column, (role.name, *path.hops)))
        return found

    def path(self, place: Place, *kinds: str, hops: int | None = None, known: bool = False) -> Path:
        """A random column of these kinds; own ones come up more often. `known`: its values are never missing."""
        found = [
            path
            for path in self.paths(place, min(self.level, 2) if hops is None else hops)
            if (not kinds or place.column(path).kind in kinds) and not (known and place.nullable(path))
        ]
        own = [path for path in found if not path.hops]
        if own and (len(own) == len(found) or self.rng.random() < 0.6):
            return self.rng.choice(own)
        return self.choice(found)

    def choice(self, options: Sequence[T]) -> T:
        """One of them; there may be none."""
        if not options:
            raise UnfitError
        return self.rng.choice(options)

    def _known(self, place: Place, path: Path) -> list[Value]:
        values = {value for value in place.values(self.rows, path) if value is not None}
        return sorted(values, key=lambda value: (isinstance(value, str), value))

    def atom(self, place: Place, hops: int | None = None) -> Condition:
        """One test of a column."""
        rng = self.rng
        hops = min(self.level, 2) if hops is None else hops
        nullable = [path for path in self.paths(place, min(hops, 1)) if place.column(path).null]
        nullable += [Path(role.name) for role in place.table.references if role.null]
        if nullable and rng.random() < 0.1:
            return Missing(rng.choice(nullable), rng.random() < 0.5)
        if place.table.later and rng.random() < 0.1:
            first, second = rng.choice(place.table.later)
            return Follows(first, "=" if rng.random() < 0.5 else ">", second)
        return self._test(place, self.path(place, hops=hops))

    def _test(self, place: Place, path: Path) -> Condition:
        rng = self.rng
        column = place.column(path)
        if column.kind == "flag":
            return Is(path, rng.random() < 0.6)
        values = self._known(place, path)
        if len(values) < 3:
            raise UnfitError
        if column.kind == "category":
            if rng.random() < 0.35:
                return OneOf(path, tuple(rng.sample(values, 2)), rng.random() < 0.3)
            return Compare(path, "<>" if rng.random() < 0.35 else "=", rng.choice(values))
        if column.kind == "text":
            return Begins(path, str(rng.choice(values))[0])
        low, high = len(values) // 5, len(values) - 1 - len(values) // 5
        value = values[rng.randint(low, high)]
        if column.kind == "date" and rng.random() < 0.4:
            return InYear(path, int(str(value)[:4]))
        if rng.random() < 0.25:
            ends = sorted((values[rng.randint(0, high)], value), key=lambda end: (isinstance(end, str), end))
            if ends[0] == ends[1]:
                raise UnfitError
            return Between(path, ends[0], ends[1])
        return Compare(path, rng.choice(_ORDERED), value)

    def children(self, place: Place) -> Condition:
        """A test of how many rows of another table point here."""
        rng = self.rng
        child, by = self.choice(place.theme.children[place.table.name])
        where = self.atom(place.at(child.name), hops=0) if rng.random() < 0.25 + 0.25 * self.level else None
        kind = rng.random()
        if kind < 0.3:
            return Having(child.name, by.name, "=", 0, where)
        if kind < 0.55:
            return Having(child.name, by.name, ">=", 1, where)
        ops: tuple[Literal[">=", "<=", "="], ...] = (">=", ">=", "<=", "=")
        op = rng.choice(ops)
        return Having(child.name, by.name, op, rng.randint(2, 4) if op == ">=" else rng.randint(1, 3), where)

    def unusual(self, place: Place) -> Condition:
        """A number against an average."""
        number = self.choice(place.table.of_kind("int", "real"))
        groups = [column.name for column in place.table.of_kind("category", "ref") if not column.null]
        within = self.rng.choice(groups) if groups and self.level > 1 and self.rng.random() < 0.6 else None
        return Unusual(number.name, ">" if self.rng.random() < 0.5 else "<", within)

    def single(self, place: Place) -> Condition:
        """One test of any kind that the level admits."""
        kind = self.rng.random()
        if self.level and kind < 0.2:
            return self.children(place)
        if self.level and kind < 0.3:
            return self.unusual(place)
        return self.atom(place)

    def condition(self, place: Place) -> Condition:
        """A whole condition."""
        rng = self.rng
        wanted = rng.choice(((1, 1, 2), (1, 1, 2, 2), (1, 2, 2, 3))[self.level])
        parts: list[Condition] = []
        for _ in range(4 * wanted):
            try:
                part = self.single(place)
            except UnfitError:
                continue
            if all(about(part) != about(other) for other in parts):
                parts.append(part)
            if len(parts) == wanted:
                break
        else:
            raise UnfitError
        if wanted == 1:
            return (
                Not(parts[0]) if self.level and rng.random() < 0.12 and not isinstance(parts[0], Missing) else parts[0]
            )
        # What is counted stands last, so that no clause can be taken for a part of its own.
        parts.sort(key=lambda part: isinstance(part, Having))
        form = rng.random()
        if self.level == 0 or form < 0.5:
            return Both(tuple(parts)) if self.level or form < 0.7 else Either(tuple(parts))
        if wanted == 2:
            pair = Either(tuple(parts))
            return Not(pair) if rng.random() < 0.2 else pair if form < 0.85 else Not(Both(tuple(parts)))
        return Both((Either(tuple(parts[:2])), parts[2]))


def about(part: Condition) -> object:
    """What a test is about: mostly a path. Two tests of one thing are not combined."""
    if isinstance(part, Unusual):
        return Path(part.column)
    if isinstance(part, Follows):
        return Path(part.second)
    if isinstance(part, Having):
        return (part.table, part.by)
    return getattr(part, "path", part)
